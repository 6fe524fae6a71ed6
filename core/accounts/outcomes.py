"""What a sign-in says to who began it: its links, where it leads, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.errors import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A new sign-in; its links are said to one person and never kept."""

    id: int
    login: str
    platform: str
    link: str = field(repr=False)
    """For a browser that reaches our server; empty where none does."""
    paste_link: str = field(repr=False)
    """Right to the platform, for another device; the page it ends on is copied and sent to us.

    Empty where `link` does for every device.
    """
    expires_at: datetime
    again: str = ""
    """Name of the account that is connected again; empty for a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Where a browser goes that opened a link, and what it is known by from then on."""

    sign_in_id: int
    url: str = field(repr=False)
    browser: str = field(repr=False)
    expires_at: datetime
    is_secure: bool
    """It comes back over https: the browser shall bring what it is known by over that only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """An account is connected."""

    account_id: int
    platform: str
    name: str
    cannot: tuple[str, ...] = ()
    """Values of `Operation` that what was granted does not allow."""
    left: int = 0
    """How many more may be connected from the same sign-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several that may be connected."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """A person chooses, in chat or in the terminal."""

    sign_in_id: int
    platform: str
    choices: tuple[Choice, ...]
    is_later: bool = False
    """There is but one; the platform did not answer its last question and is asked again."""


Outcome = Finished | Choose | RefusedError
