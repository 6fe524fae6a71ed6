"""Whose work is in a mashup: what is own, who is to be named, and what of that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.studio.assets import Asset
from core.studio.mashup import AssetKind

BETWEEN = " · "
MOST = 500
"""Characters of the line, as `core.studio.mashup.Mashup.attribution` takes."""
FOREIGN = frozenset({AssetKind.TEMPLATE, AssetKind.HOT})
"""Kinds that are somebody else's work unless their rights say otherwise."""

_UNASKED = re.compile(
    r"\b(cc[ -]?0|cc zero|public[ -]domain|pdm|unlicense|no attribution|own work)\b", re.IGNORECASE
)
"""Licences that want nobody named. Source: Creative Commons, "About CC Licenses", 2026: CC0 and
the public domain mark ask for no attribution, every other one of theirs does."""


def credit_line(assets: Iterable[Asset]) -> str:
    """Return the line that names everybody who wants it, each once.

    A name is never cut: what has no room is left out, and `is_credited` tells so.
    """
    line = ""
    for asset in assets:
        wanted = _plain(asset.attribution)
        if not wanted or is_credited(line, wanted):
            continue
        longer = f"{line}{BETWEEN}{wanted}" if line else wanted
        line = longer if len(longer) <= MOST else line
    return line


def is_credited(line: str, wanted: str) -> bool:
    """Return whether a line names somebody; spaces and capitals do not matter."""
    words = re.escape(_plain(wanted).casefold())
    return re.search(rf"(?<!\w){words}(?!\w)", _plain(line).casefold()) is not None


def is_own(asset: Asset) -> bool:
    """Return whether an asset is the person's own content, by its rights, else by its kind."""
    return asset.rights == "mine" or (asset.rights == "" and asset.kind not in FOREIGN)


def has_licence(asset: Asset) -> bool:
    """Return whether it is known by what right the asset is used."""
    return asset.rights == "mine" or bool(asset.licence.strip())


def lacks_credit(asset: Asset) -> bool:
    """Return whether a licence that wants somebody named does not say whom."""
    if asset.rights == "mine" or asset.attribution.strip() or not asset.licence.strip():
        return False
    return wants_credit(asset.licence)


def wants_credit(licence: str) -> bool:
    """Return whether somebody has to be named for what is under a licence."""
    return _UNASKED.search(licence) is None


def _plain(text: str) -> str:
    return " ".join(text.split())
