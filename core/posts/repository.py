"""The repository of posts: all reads and transitions together."""

from __future__ import annotations

from core.posts.accepting import Accepting
from core.posts.delivering import Delivering
from core.posts.fetching import Fetching
from core.posts.making import Making
from core.posts.replaying import Replaying


class Posts(Accepting, Fetching, Delivering, Replaying, Making):
    """Reads and transitions; the engine's tasks are submitted in the same commits."""
