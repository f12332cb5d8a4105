"""Groups, accounts, roles, invitations, signing in."""
