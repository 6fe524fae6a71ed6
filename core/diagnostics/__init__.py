"""How it went: figures of a time or of a post, and what follows from them."""
