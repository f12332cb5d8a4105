"""The bridge to the matcher: runs, proposals, approvals, assignments."""
