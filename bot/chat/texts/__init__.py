"""Every sentence of the chat, by key and language."""
