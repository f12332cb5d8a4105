"""What every page shares: the request's transaction, who is asking, headers, errors, forms."""
