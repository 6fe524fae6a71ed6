"""How a request to Cloudinary is signed, and what a key means there.

Source: services.md section 1.1 of the fact sheets (Generating authentication signatures, docs of
2026-08-22; Python SDK 1.46.3), read 2026-11-21.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

UNSIGNED = frozenset({"file", "api_key", "cloud_name", "resource_type", "signature"})
VIDEO = frozenset({".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v", ".mpg", ".ts", ".flv", ".3gp"})
AUDIO = frozenset({".mp3", ".m4a", ".aac", ".wav", ".ogg", ".opus", ".flac", ".aiff"})
IMAGE = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tiff", ".heic", ".avif"})

_FULL = re.compile(r"(video|image|raw)/upload/(v\d+)/(.+)", re.ASCII)


def sign(
    params: Mapping[str, str],
    secret: str,
    *,
    version: Literal[1, 2] = 2,
    algorithm: Literal["sha1", "sha256"] = "sha1",
) -> str:
    """Return the signature of all parameters that take part in it."""
    told = sorted(
        (name, value) for name, value in params.items() if value and name not in UNSIGNED
    )
    if version == 2:
        told = [(name, value.replace("&", "%26")) for name, value in told]
    text = "&".join(f"{name}={value}" for name, value in told)
    return hashlib.new(algorithm, f"{text}{secret}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What a key names in a cloud."""

    kind: str
    """``video`` (sound too), ``image`` or ``raw``: part of every address."""
    public_id: str
    path: str
    """Below the cloud's address of delivery."""


def resource_of(key: str, folder: str) -> Resource:
    """Return what a key means: one that a put was asked with, or one that it answered.

    The latter is the path of delivery, which names kind, version and format.
    """
    found = _FULL.fullmatch(key)
    if found is not None:
        kind, rest = found[1], found[3]
        return Resource(kind=kind, public_id=_id_of(kind, rest), path=key)
    kind = kind_of(key)
    whole = f"{folder}/{key}" if folder else key
    # Source: the SDK writes v1 where a public id has folders and no version is known.
    return Resource(kind=kind, public_id=_id_of(kind, whole), path=f"{kind}/upload/v1/{whole}")


def kind_of(key: str) -> str:
    """Return the resource type of a file. Source: sheet, 1.1: sound is of type video."""
    suffix = PurePosixPath(key).suffix.lower()
    if suffix in VIDEO | AUDIO:
        return "video"
    return "image" if suffix in IMAGE else "raw"


def _id_of(kind: str, path: str) -> str:
    """Return the public id: without the format, which raw files do not have."""
    return path if kind == "raw" else path.removesuffix(PurePosixPath(path).suffix)
