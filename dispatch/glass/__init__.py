"""Break-glass: a closed family is opened in need, by one person, for half an hour, before eyes."""
