"""Which storage a setting means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from core.media.storage.base import Storage
from core.media.storage.cloudinary import CloudinaryStorage
from core.media.storage.folder import FolderStorage
from core.ports import Transport
from core.settings import MIB, Settings, StorageSettings
from core.studio.errors import StudioError
from utils.clock import Clock

FOLDER = "media"
"""Folder in data_dir where media lies when the settings name no place."""

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}", re.ASCII)
_CLOUD = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
_PREFIX = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/|\Z))*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the storages work with; it outlives them."""

    transport: Transport
    clock: Clock
    cloudinary: str = "https://api.cloudinary.com"
    """Base address of Cloudinary's API."""
    part_bytes: int = 16 * MIB
    """Size of the parts sent to S3."""
    min_free_bytes: int = 0
    """What stays free on the disk of a folder."""


def configured_place(settings: Settings) -> StorageSettings:
    """Return where the settings keep media; the folder is named also where they leave it open."""
    place = settings.storage
    if place.url:
        return place
    return place.model_copy(update={"url": (settings.data_dir / FOLDER).as_uri()})


def folders_of(settings: Settings) -> list[Path]:
    """Return the folder in which the settings keep media, if they keep it in one."""
    try:
        parts = _split(configured_place(settings))
        return [_folder(parts)] if parts.scheme == "file" else []
    except StudioError:  # told where it is opened
        return []


def name_of(place: StorageSettings) -> str:
    """Return what tells a storage from every other one; without secrets.

    Raises:
        StudioError: ``storage_url``.
    """
    parts = _split(place)
    if parts.scheme == "file":
        return _folder(parts).as_uri()
    where = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    if parts.scheme == "s3" and place.endpoint:
        return f"{where}?endpoint={_endpoint(place)}"
    return where


def open_storage(place: StorageSettings, tools: Tools) -> Storage:
    """Open a storage; the caller closes it. Nothing is asked of a remote yet.

    Raises:
        StudioError: ``storage_url``, ``storage_keys``.
    """
    parts, name = _split(place), name_of(place)
    if parts.scheme == "file":
        return FolderStorage(_folder(parts), name, min_free_bytes=tools.min_free_bytes)
    if parts.scheme == "cloudinary":
        return _cloudinary(place, parts, name, tools)
    # Who keeps media in a folder does not wait for the client of the others.
    from core.media.storage.s3 import S3Storage

    return S3Storage(
        name,
        bucket=parts.netloc,
        prefix=parts.path.strip("/"),
        endpoint=_endpoint(place),
        region=place.region,
        key_id=place.key_id,
        secret=place.secret.get_secret_value(),
        part_bytes=tools.part_bytes,
    )


def _cloudinary(
    place: StorageSettings, parts: SplitResult, name: str, tools: Tools
) -> CloudinaryStorage:
    if not place.key_id or not place.secret.get_secret_value():
        raise StudioError("storage_keys", {"storage": name})
    return CloudinaryStorage(
        name,
        cloud=parts.netloc,
        folder=parts.path.strip("/"),
        key_id=place.key_id,
        secret=place.secret.get_secret_value(),
        api=tools.cloudinary,
        delivery=place.public_url,
        transport=tools.transport,
        clock=tools.clock,
    )


def _split(place: StorageSettings) -> SplitResult:
    try:
        parts = urlsplit(place.url)
    except ValueError as error:
        raise _bad(place.url) from error
    # A name and a password in the address would stand in the database and in logs.
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise _bad(place.url)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"} and len(parts.path) > 1:
        return parts
    known = {"s3": _BUCKET, "cloudinary": _CLOUD}.get(parts.scheme)
    if known is None or not known.fullmatch(parts.netloc):
        raise _bad(place.url)
    if not _PREFIX.fullmatch(parts.path.strip("/")):
        raise _bad(place.url)
    return parts


def _folder(parts: SplitResult) -> Path:
    path = unquote(parts.path)
    if path.startswith("/~"):
        path = str(Path(path[1:]).expanduser())
    if "\0" in path or ".." in Path(path).parts:
        raise _bad(parts.geturl())
    return Path(path)


def _endpoint(place: StorageSettings) -> str:
    if not place.endpoint:
        return ""
    text = place.endpoint if "://" in place.endpoint else f"https://{place.endpoint}"
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise _bad(place.endpoint)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _bad(url: str) -> StudioError:
    scheme, mark, rest = url.partition("://")
    return StudioError("storage_url", {"url": f"{scheme}{mark}{rest.rpartition('@')[2]}"[:200]})
