"""Making a file fit: what is wrong, what can be done about it, and the doing."""
