"""Batches: many videos from one list."""
