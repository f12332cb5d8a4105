"""What the project promises about addresses and accounts, shown in figures: one table, one row
for each promise, each with a detector that first finds a planted fault."""
