"""The store: the one truth."""
