"""What Cloudinary checks before it takes anything: signatures, ranges, sizes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

REQUEST_LIMIT_BYTES = 100 * 1000 * 1000
"""Most bytes of one request."""
LEAST_CHUNK_BYTES = 5 * 1024 * 1024
"""Every chunk but the last has more."""
SIGNATURE_SECONDS = 3600
NOT_SIGNED = {"file", "api_key", "cloud_name", "resource_type", "signature"}
FORMATS = {
    "video": {
        *("mp4", "mov", "m4v", "webm", "mkv", "avi", "flv", "mpg", "mpeg", "ts", "wmv", "3gp"),
        *("mp3", "m4a", "wav", "aac", "ogg", "opus", "flac", "aiff"),
    },
    "image": {
        *("jpg", "jpeg", "png", "webp", "gif", "bmp", "tiff", "avif", "heic"),
    },
}
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class CloudinaryError(Exception):
    """A refusal in Cloudinary's own words."""

    def __init__(
        self, status: int, message: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})

    def response(self, request_id: str) -> web.Response:
        headers = {"x-request-id": request_id, "X-Cld-Error": self.message, **self.headers}
        return web.json_response(
            {"error": {"message": self.message}}, status=self.status, headers=headers
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Which bytes of which whole a chunk holds; the end is exclusive."""

    start: int
    end: int
    total: int

    @property
    def is_last(self) -> bool:
        return self.end == self.total


def strings_to_sign(fields: Mapping[str, str]) -> tuple[str, str]:
    """Return what version 1 and version 2 of a signature cover, without the secret."""
    told = [(name, fields[name]) for name in sorted(fields) if name not in NOT_SIGNED]
    kept = [(name, value) for name, value in told if value]
    first = "&".join(f"{name}={value}" for name, value in kept)
    second = "&".join(name + "=" + value.replace("&", "%26") for name, value in kept)
    return first, second


def check_signature(fields: Mapping[str, str], secret: str, now: float) -> None:
    """Check a signed form.

    Raises:
        CloudinaryError: something is missing, too old or not signed with the secret.
    """
    for name in ("timestamp", "signature"):
        if not fields.get(name):
            raise CloudinaryError(400, f"Missing required parameter - {name}")
    if not fields["timestamp"].isdigit():
        raise CloudinaryError(400, "Invalid timestamp")
    accepted = {
        hashlib.new(algorithm, (text + secret).encode()).hexdigest()
        for text in strings_to_sign(fields)
        for algorithm in ("sha1", "sha256")
    }
    if fields["signature"] not in accepted:
        text = strings_to_sign(fields)[1]
        message = f"Invalid Signature {fields['signature']}. String to sign - '{text}'."
        raise CloudinaryError(401, message)
    if now - int(fields["timestamp"]) > SIGNATURE_SECONDS:
        raise CloudinaryError(401, f"Stale request - reported time is {fields['timestamp']}")


def read_range(headers: Mapping[str, str], size: int) -> Range:
    """Read ``Content-Range``; without one the request holds everything.

    Raises:
        CloudinaryError: it is malformed, or does not describe the bytes that came.
    """
    text = headers.get("Content-Range")
    if text is None:
        return Range(start=0, end=size, total=size)
    found = _RANGE.fullmatch(text)
    if found is None:
        raise CloudinaryError(400, "Invalid Content-Range header format")
    chunk = Range(start=int(found[1]), end=int(found[2]) + 1, total=int(found[3]))
    if chunk.end - chunk.start != size or chunk.end > chunk.total:
        raise CloudinaryError(400, "Content-Range does not match the size of the chunk")
    if not chunk.is_last and size <= LEAST_CHUNK_BYTES:
        raise CloudinaryError(400, "All parts except EOF-chunk must be larger than 5mb")
    return chunk


def kind_of(kind: str, filename: str) -> str:
    """Return the resource type; ``auto`` goes by the file."""
    if kind != "auto":
        return kind
    ending = ending_of(filename)
    return next((name for name, endings in FORMATS.items() if ending in endings), "raw")


def format_of(kind: str, filename: str) -> str:
    """Return the format in which a file is kept.

    Raises:
        CloudinaryError: no file of this type has it.
    """
    ending = ending_of(filename)
    if kind == "raw":
        return ending
    if ending not in FORMATS[kind]:
        raise CloudinaryError(400, f"Unsupported {kind} format or file")
    return "jpg" if ending == "jpeg" else ending


def ending_of(filename: str) -> str:
    name, _, ending = filename.rpartition(".")
    return ending.lower() if name else ""


def byte_range(text: str | None, size: int) -> tuple[int, int] | None:
    """Return the bytes that a ``Range`` asks for, None for all.

    Raises:
        CloudinaryError: 416, there are none.
    """
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", text or "")
    if found is None:
        return None
    start, end = int(found[1]), int(found[2]) + 1 if found[2] else size
    if start >= size or end <= start:
        headers = {"Content-Range": f"bytes */{size}"}
        raise CloudinaryError(416, "Requested range not satisfiable", headers=headers)
    return start, min(end, size)


def final_answer(asset: Mapping[str, Any], url: str) -> dict[str, Any]:
    """Return what is told of an asset that is whole."""
    hidden = {"blob", "sha256"}
    told = {name: value for name, value in asset.items() if name not in hidden}
    return {**told, "url": url, "secure_url": url, "done": True}


def pieces(read: Any, size: int) -> Iterator[bytes]:  # noqa: ANN401 - `Blob.read`
    """Yield the bytes of a blob in blocks."""
    block = 1024 * 1024
    for start in range(0, size, block):
        yield read(start, min(size, start + block))
