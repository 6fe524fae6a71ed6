"""Chaos: kills Karvon again and again while remotes fail, and judges from outside what became."""
