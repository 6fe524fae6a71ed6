"""The domain: posts, platforms, accounts, sources, media and their store."""
