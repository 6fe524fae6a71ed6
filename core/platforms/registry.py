"""Which platforms there are; each is imported only when it is used."""

from __future__ import annotations

import functools
import importlib
from importlib.metadata import EntryPoint, entry_points

from core.errors import SettingsError
from core.platforms.base import Platform

GROUP = "karvon.platforms"
"""Entry-point group of third parties; an entry is ``NAME = "package.module:PLATFORM"``."""

BUILT_IN = {
    "youtube": "core.platforms.youtube",
    "tiktok": "core.platforms.tiktok",
    "instagram": "core.platforms.instagram",
    "facebook": "core.platforms.facebook",
    "telegram": "core.platforms.telegram",
}
"""Name → module with a ``PLATFORM``; the order is that of lists and cards."""


def platform_names() -> tuple[str, ...]:
    """Return our own names, then those of third parties by alphabet."""
    return (*BUILT_IN, *sorted(name for name in _foreign() if name not in BUILT_IN))


@functools.cache
def get_platform(name: str) -> Platform | None:
    """Return the platform of this name; ours cannot be replaced by a third party's."""
    module = BUILT_IN.get(name)
    if module is not None:
        return _checked(name, importlib.import_module(module).PLATFORM)
    entry = _foreign().get(name)
    return _checked(name, entry.load()) if entry is not None else None


def require_platform(name: str) -> Platform:
    """Return the platform of this name.

    Raises:
        SettingsError: there is none; the message names those there are.
    """
    platform = get_platform(name)
    if platform is None:
        known = ", ".join(platform_names())
        raise SettingsError(f"unknown platform {name!r}; known are: {known}")
    return platform


@functools.cache
def _foreign() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _checked(name: str, found: object) -> Platform:
    if not isinstance(found, Platform):
        raise SettingsError(f"entry point {GROUP}:{name} does not name a Platform")
    if found.name != name:
        raise SettingsError(f"entry point {GROUP}:{name} names the platform {found.name!r}")
    return found
