"""Schema changes, one file a step, from the first table on."""
