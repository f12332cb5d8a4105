"""Who saw what: the audit as a page, for a family, a person, a day."""
