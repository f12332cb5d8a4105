"""Taking in what a group already has: the spreadsheets it worked with before."""
