"""Sources: where a video comes from."""
