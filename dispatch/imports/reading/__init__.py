"""Reading a group's sheets as a person would: text in, rows or sentences out, nothing kept."""
