"""Media on an S3-compatible server, through obstore.

Parts, the order of complete, and 503 ``SlowDown``: services.md section 6 of the fact sheets
(Amazon S3 multipart upload limits, API reference CompleteMultipartUpload), read 2026-11-21.
obstore repeats what the server asks to repeat, a complete that fails within a 200 among it, and
aborts an upload whose bytes end in a failure. What a killed process left unfinished, a lifecycle
rule AbortIncompleteMultipartUpload of the bucket takes away.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from core.media.storage.base import (
    BLOCK,
    Digested,
    OnBytes,
    Stored,
    disk_errors,
    gone,
    refused,
    require_key,
    unreachable,
)
from core.settings import MIB
from core.studio.errors import StudioError

PARTS_MAX = 10_000
"""Most parts of one upload. Source: Amazon S3 multipart upload limits, 2026 copy."""
WHOLE_MAX = 5 * MIB
"""Up to here a file goes in one request: a part that is not the last has at least 5 MiB."""
IN_FLIGHT = 64 * MIB
"""About so many bytes are under way at once."""
READ_BYTES = 8 * MIB
"""Asked for at once, at most: each piece is repeated alone when it fails."""
SLOWEST = 64 * 1024
"""Bytes a second below which a request counts as stalled."""
PATIENCE = timedelta(minutes=4)
"""So long one request is repeated."""
STOP_SECONDS = 20.0
"""So long a cancelled upload may take to be aborted on the server."""

_TYPES = {
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
_CODE = re.compile(r"<Code>([A-Za-z0-9.]{1,60})</Code>")
_STATUS = re.compile(r"\bstatus(?: code)?: (\d{3})\b")
_CAUSE = re.compile(r'\bmessage: "([A-Za-z ]{1,60})"|\bkind: ([A-Za-z]{1,30})')
_FULL = {"QuotaExceeded", "QuotaExceededException", "XMinioStorageFull", "InsufficientStorage"}
_LATER = {"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "Throttling"}


class S3Storage:
    """Objects of one bucket, below a prefix."""

    def __init__(
        self,
        name: str,
        *,
        bucket: str,
        prefix: str,
        endpoint: str,
        region: str,
        key_id: str,
        secret: str,
        part_bytes: int,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._name = name
        self._part_bytes = part_bytes
        config: Any = {"region": region, "virtual_hosted_style_request": not endpoint}
        if endpoint:
            config["endpoint"] = endpoint
        if key_id:
            # Without a key the machine's own sign-in counts, such as that of a role.
            config |= {"access_key_id": key_id, "secret_access_key": secret}
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=config,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=10),
                # It covers all of a request: the sending of a part, the reading of a piece.
                "timeout": timedelta(seconds=60 + max(part_bytes, READ_BYTES) // SLOWEST),
            },
            retry_config={
                "max_retries": 10,
                "retry_timeout": patience,
                "backoff": {
                    "init_backoff": timedelta(milliseconds=200),
                    "max_backoff": timedelta(seconds=15),
                    "base": 2,
                },
            },
        )

    @property
    def name(self) -> str:
        return self._name

    async def put(
        self,
        key: str,
        path: Path,
        *,
        on_bytes: OnBytes | None = None,
        sha256: str = "",
        given: bool = False,
    ) -> Stored:
        del given
        require_key(key)
        with disk_errors(self._name), Digested(path) as file:
            size = file.size
            if size <= WHOLE_MAX:
                await self._put_whole(key, file, sha256)
            else:
                await self._put_parts(key, file, sha256, on_bytes)
        # Some servers answer a complete that failed with 200: ask what is there.
        found = await self.size(key)
        if found != size:
            raise unreachable(self._name, f"{found} of {size} bytes arrived")
        if on_bytes is not None:
            on_bytes(size)
        return Stored(key=key, size_bytes=size)

    async def _put_whole(self, key: str, file: Digested, sha256: str) -> None:
        content = await file.read(WHOLE_MAX + 1)
        file.require(sha256)
        try:
            await obstore.put_async(
                self._store, key, content, attributes=_attributes(key), use_multipart=False
            )
        except (BaseError, OSError) as error:
            raise self._explain(error) from None

    async def _put_parts(
        self, key: str, file: Digested, sha256: str, on_bytes: OnBytes | None
    ) -> None:
        part = part_size(file.size, self._part_bytes)
        feed = _Feed(file, sha256, on_bytes)
        sending = asyncio.ensure_future(  # noqa: TID251 - obstore gives a future, no coroutine
            obstore.put_async(
                self._store,
                key,
                feed.blocks(),
                attributes=_attributes(key),
                chunk_size=part,
                max_concurrency=max(1, min(4, IN_FLIGHT // part)),
            )
        )
        try:
            await asyncio.shield(sending)
        except asyncio.CancelledError:
            # Only when the bytes end in a failure does it abort the upload on the server.
            feed.is_stopped = True
            await asyncio.wait([sending], timeout=STOP_SECONDS)
            sending.cancel()
            with suppress(asyncio.CancelledError, BaseError, OSError, StoppedError, StudioError):
                await sending
            raise
        except (BaseError, OSError) as error:
            raise self._explain(error) from None

    async def open(
        self, key: str, start: int = 0, length: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        size = await self.size(key)
        if size is None:
            raise gone(self._name, key)
        end = size if length is None else min(size, start + length)
        wanted = BLOCK
        while start < end:
            piece = await self._piece(key, start, min(end, start + wanted))
            start += len(piece)
            yield piece
            # Who waits for the first bytes gets them soon, who takes many asks seldom.
            wanted = min(READ_BYTES, 2 * wanted)

    async def _piece(self, key: str, start: int, end: int) -> bytes:
        try:
            found = await obstore.get_range_async(self._store, key, start=start, end=end)
        except FileNotFoundError:
            raise gone(self._name, key) from None
        except (BaseError, OSError) as error:
            raise self._explain(error) from None
        if not len(found):
            raise unreachable(self._name, "an empty answer")
        return bytes(found)

    async def size(self, key: str) -> int | None:
        require_key(key)
        try:
            found = await obstore.head_async(self._store, key)
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise self._explain(error) from None
        return found["size"]

    async def delete(self, key: str) -> None:
        require_key(key)
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise self._explain(error) from None

    def local(self, key: str) -> None:
        require_key(key)

    async def close(self) -> None:
        """Connections end with the object."""

    def _explain(self, error: Exception) -> StudioError:
        """Return what an error means; of its text only the server's code is told.

        The text itself holds addresses and, for a bad signature, what was signed.
        """
        text = str(error)
        code, status = _first(_CODE, text), _first(_STATUS, text)
        reason = code or (f"HTTP {status}" if status else _first(_CAUSE, text))
        if code in _FULL or status == "507":
            return StudioError("storage_full", {"storage": self._name}, retry=True)
        if code == "RequestTimeTooSkewed":
            return StudioError("storage_clock", {"storage": self._name})
        if isinstance(error, (PermissionDeniedError, UnauthenticatedError)):
            return StudioError("storage_sign_in", {"storage": self._name, "reason": reason})
        if isinstance(error, FileNotFoundError):
            return refused(self._name, code or "NoSuchBucket")
        if status.startswith("4") and status not in {"408", "429"} and code not in _LATER:
            return refused(self._name, reason)
        return unreachable(self._name, reason)


class _Feed:
    """The bytes of a file on their way, in blocks; ends in a failure when it is stopped."""

    def __init__(self, file: Digested, sha256: str, on_bytes: OnBytes | None) -> None:
        self._file = file
        self._sha256 = sha256
        self._on_bytes = on_bytes
        self.is_stopped = False

    async def blocks(self) -> AsyncGenerator[bytes, None]:
        done = 0
        while (block := await self._file.read()) and not self.is_stopped:
            done += len(block)
            if done >= self._file.size:
                # After the last block there is no way back.
                self._file.require(self._sha256)
            yield block
            if self._on_bytes is not None:
                self._on_bytes(done)
        if self.is_stopped:
            raise StoppedError


class StoppedError(Exception):
    """Nobody wants the upload any more."""


def part_size(size: int, wanted: int) -> int:
    """Return the size of the parts with which a file fits into the most parts there may be."""
    least = -(-size // PARTS_MAX)
    return max(wanted, -(-least // MIB) * MIB)


def _attributes(key: str) -> dict[str, str]:
    # Source: services.md section 6: set the content type at upload.
    known = _TYPES.get(Path(key).suffix.lower())
    return {"Content-Type": known or "application/octet-stream"}


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[found.lastindex or 0] if found else ""
