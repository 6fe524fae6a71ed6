"""What is asked of a platform for one upload: the caption's wish over the account's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.platforms.base import Capabilities
from core.posts.caption import unique
from core.posts.models import PostText, Privacy, Wish

NO_OPTIONS = frozenset({"privacy", "tags"})
"""Defaults of an account that are no options of ``core/posts/options.py``."""


def wanted_privacy(wish: Wish, defaults: Mapping[str, Any], capabilities: Capabilities) -> Privacy:
    """Return who may see it: the caption's wish, the account's default, the platform's first."""
    if wish.privacy is not None:
        return wish.privacy
    chosen = defaults.get("privacy")
    return Privacy(chosen) if chosen else capabilities.privacy[0]


def wanted_options(wish: Wish, defaults: Mapping[str, Any]) -> dict[str, str]:
    """Return the options of a caption over those that an account always has."""
    own = {
        key: value
        for key, value in defaults.items()
        if key not in NO_OPTIONS and isinstance(value, str)
    }
    return {**own, **wish.options}


def with_tags(text: PostText, defaults: Mapping[str, Any]) -> PostText:
    """Return the words with the tags that an account always has."""
    own = [str(tag) for tag in defaults.get("tags", ())]
    return replace(text, tags=unique([*text.tags, *own])) if own else text
