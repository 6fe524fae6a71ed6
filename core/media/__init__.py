"""Media: what a file is, what a platform takes, and the growing spool."""
