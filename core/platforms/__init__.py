"""Platforms: what each remote wants, as values without I/O."""
