"""A stand-in for Telegram: the Bot API, and a chat page for the person on the other side."""

from __future__ import annotations

from utils.sandbox.telegram.service import Telegram

__all__ = ["Telegram"]
