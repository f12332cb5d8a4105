"""The rows of the table, one module each: `ROW` says what must hold, `prove` looks."""
