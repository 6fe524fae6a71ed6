"""The chat: parse, call, render."""
