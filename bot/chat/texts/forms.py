"""What a language is made of: sentences by key, with forms by number where they need them."""

from __future__ import annotations

Forms = dict[str, str]
"""A sentence by form of number, such as ``one`` and ``other``."""
Sentences = dict[str, str | Forms]
