"""Handlers, one file per subject."""
