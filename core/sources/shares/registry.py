"""Which share pages are known; third parties add theirs.

An entry of the group ``karvon.links`` names a function from the parts of a link
(`urllib.parse.SplitResult`) to the address of the file behind it, or to None when the link is not
its concern. It asks no network. What it returns is checked like every other link.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from importlib.metadata import entry_points
from urllib.parse import SplitResult, urlsplit

from core.errors import SettingsError
from core.sources.shares.dropbox import dropbox
from core.sources.shares.google_drive import google_drive

GROUP = "karvon.links"

Share = Callable[[SplitResult], str | None]

BUILT_IN: tuple[Share, ...] = (google_drive, dropbox)

_LOG = logging.getLogger(__name__)


def direct_address(url: str, shares: tuple[Share, ...] | None = None) -> str | None:
    """Return the address of the file behind a share page, None when it is no such page.

    Raises:
        SourceError: it is one, but not of a single file.
    """
    parts = urlsplit(url)
    for share in known_shares() if shares is None else shares:
        found = _ask(share, parts)
        if found is not None:
            return found
    return None


@functools.cache
def known_shares() -> tuple[Share, ...]:
    """Return ours first, then those of third parties by the alphabet of their names."""
    foreign = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    return (*BUILT_IN, *(_checked(entry.name, entry.load()) for entry in foreign))


def _checked(name: str, found: object) -> Share:
    if not callable(found):
        raise SettingsError(f"entry point {GROUP}:{name} does not name a function")
    share: Share = found
    return share


def _ask(share: Share, parts: SplitResult) -> str | None:
    """Ask one of them; a third party's mistake is logged and leaves the link as it is."""
    try:
        found = share(parts)
    except (ValueError, TypeError, LookupError, AttributeError):
        _LOG.exception("a reader of share pages failed: %s", share)
        return None
    return found if isinstance(found, str) and found else None
