"""Media at Cloudinary: signed uploads in chunks, reads by range from the address of delivery.

::

    POST /v1_1/<cloud>/<type>/upload    each chunk with Content-Range and the same upload id
    GET  <delivery>/<cloud>/<key>       bytes, by range
    POST /v1_1/<cloud>/<type>/destroy   "not found" is an answer too, with HTTP 200

Source: services.md section 1 of the fact sheets (Upload API reference, docs of 2026-08-22; support
article 208263735; Python SDK 1.46.3), read 2026-11-21.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from core.media.storage.base import (
    BLOCK,
    Digested,
    OnBytes,
    Stored,
    disk_errors,
    refused,
    require_key,
    unreachable,
)
from core.media.storage.cloudinary_faults import LATER, explain, wait_of
from core.media.storage.cloudinary_signing import resource_of, sign
from core.media.storage.delivery import Delivery
from core.media.storage.waits import Waits
from core.ports import Transport
from core.studio.errors import StudioError
from utils.clock import Clock
from utils.http import (
    FilePart,
    LostAnswerError,
    NotSentError,
    Request,
    Response,
    Span,
    content_range,
    redact,
)

CHUNK_BYTES = 20_000_000
"""Every chunk but the last has more than 5 MB; the SDK cuts here too. Source: sheet, 1.2."""
RESTARTS = 3
"""So often an upload begins anew when nobody knows what the server has of it."""
DELIVERY = "https://res.cloudinary.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Which cloud, and who asks."""

    storage: str
    cloud: str
    folder: str
    key_id: str
    secret: str = field(repr=False)
    api: str
    delivery: str

    def build_chunk(self, key: str, upload_id: str, span: Span, size: int, now: float) -> Request:
        """Build the sending of one chunk; each is signed for itself, as an hour may pass."""
        found = resource_of(key, self.folder)
        # Source: sheet, 1.2: each chunk repeats all signed parameters.
        form = self._signed({"public_id": found.public_id, "overwrite": "true"}, now)
        return Request(
            method="POST",
            url=f"{self.api}/v1_1/{self.cloud}/{found.kind}/upload",
            headers={
                "X-Unique-Upload-Id": upload_id,
                "Content-Range": content_range(span, size),
            },
            form=form,
            span=span,
            file=FilePart(
                name="file",
                filename=PurePosixPath(key).name,
                content_type="application/octet-stream",
            ),
            timeout_seconds=300.0,
        )

    def build_destroy(self, key: str, now: float) -> Request:
        found = resource_of(key, self.folder)
        form = self._signed({"public_id": found.public_id, "invalidate": "true"}, now)
        return Request(
            method="POST",
            url=f"{self.api}/v1_1/{self.cloud}/{found.kind}/destroy",
            form=form,
        )

    def read_destroy(self, response: Response) -> None:
        """Accept both results. Source: sheet, 1.4: "not found" is HTTP 200 and no error."""
        result = response.json().get("result")
        if result not in {"ok", "not found"}:
            raise refused(self.storage, redact(f"destroy: {result}")[:100])

    def read_last(self, response: Response, size: int) -> Stored:
        """Read the answer to the last chunk. Source: sheet, 1.2: it has the ``secure_url``."""
        answer = response.json()
        url = answer.get("secure_url")
        if not isinstance(url, str) or not url:
            raise unreachable(self.storage, "no secure_url in the answer")
        if answer.get("bytes") != size:
            raise unreachable(self.storage, f"{answer.get('bytes')} of {size} bytes arrived")
        base = f"{self.delivery}/{self.cloud}/"
        if not url.startswith(base):
            host = url.partition("://")[2].partition("/")[0]
            raise StudioError("storage_address", {"storage": self.storage, "host": host[:100]})
        return Stored(key=require_key(url.removeprefix(base)), size_bytes=size)

    def address(self, key: str) -> str:
        path = resource_of(require_key(key), self.folder).path
        return f"{self.delivery}/{self.cloud}/{path}"

    def _signed(self, params: Mapping[str, str], now: float) -> dict[str, str]:
        told = {**params, "timestamp": str(int(now))}
        return {**told, "api_key": self.key_id, "signature": sign(told, self.secret)}


class CloudinaryStorage:
    """The files of one cloud below a folder of it."""

    def __init__(
        self,
        name: str,
        *,
        cloud: str,
        folder: str,
        key_id: str,
        secret: str,
        api: str,
        delivery: str,
        transport: Transport,
        clock: Clock,
        chunk_bytes: int = CHUNK_BYTES,
    ) -> None:
        self._name = name
        self._cloud = Cloud(
            storage=name,
            cloud=cloud,
            folder=folder,
            key_id=key_id,
            secret=secret,
            api=api.rstrip("/"),
            delivery=(delivery or DELIVERY).rstrip("/"),
        )
        self._transport = transport
        self._clock = clock
        self._chunk_bytes = chunk_bytes
        self._delivery = Delivery(name, self._cloud.delivery, clock)

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
        for _ in range(RESTARTS):
            with disk_errors(self._name), Digested(path) as file:
                if not file.size:
                    raise refused(self._name, "the file is empty")
                stored = await self._upload(key, file, sha256, on_bytes)
            if stored is not None:
                return stored
        raise unreachable(self._name, "the upload was lost again and again")

    async def _upload(
        self, key: str, file: Digested, sha256: str, on_bytes: OnBytes | None
    ) -> Stored | None:
        """Send all chunks in order; None when it has to begin anew."""
        upload_id, start = secrets.token_hex(16), 0
        while True:
            span = Span(start=start, end=min(file.size, start + self._chunk_bytes))
            chunk = _Chunk(file=file, span=span, on_bytes=on_bytes)
            if span.end == file.size:
                # The last one makes a file of it: what does not belong must be known before.
                await file.require_whole(sha256)
            answer = await self._send_chunk(key, upload_id, chunk)
            if answer is None:
                return None
            if span.end == file.size:
                return self._cloud.read_last(answer, file.size)
            start = span.end

    async def _send_chunk(self, key: str, upload_id: str, chunk: _Chunk) -> Response | None:
        async def attempt() -> Response:
            now = self._clock.now().timestamp()
            size = chunk.file.size
            request = self._cloud.build_chunk(key, upload_id, chunk.span, size, now)
            return await self._transport.send(request, chunk.blocks())

        return await self._until_taken(attempt)

    async def _until_taken(self, attempt: Callable[[], Awaitable[Response]]) -> Response | None:
        """Ask until it is taken; None when nobody knows whether it was taken before."""
        is_lost = is_stale = False
        waits = Waits(self._clock)
        while True:
            try:
                response = await attempt()
            except (NotSentError, LostAnswerError) as error:
                is_lost = is_lost or isinstance(error, LostAnswerError)
                await waits.wait(unreachable(self._name, redact(str(error))[:100]))
                continue
            if response.status == 200:
                return response
            if is_lost and response.status == 400:
                # What arrived the first time is an overlap the second time.
                return None
            failure = explain(self._name, response)
            if failure.key == "storage_clock" and not is_stale:
                # The request stood in a queue for long: it is signed anew.
                is_stale = True
                continue
            if response.status not in LATER:
                raise failure
            await waits.wait(failure, wait_of(response, self._clock))

    async def open(
        self, key: str, start: int = 0, length: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        pieces = self._delivery.read(self._cloud.address(key), key, start, length)
        try:
            async for piece in pieces:
                yield piece
        finally:
            await pieces.aclose()

    async def size(self, key: str) -> int | None:
        return await self._delivery.size(self._cloud.address(key))

    async def delete(self, key: str) -> None:
        require_key(key)

        async def attempt() -> Response:
            now = self._clock.now().timestamp()
            return await self._transport.send(self._cloud.build_destroy(key, now))

        answer = await self._until_taken(attempt)
        if answer is None:
            raise unreachable(self._name, "the answer was lost")
        self._cloud.read_destroy(answer)

    def local(self, key: str) -> None:
        require_key(key)

    async def close(self) -> None:
        await self._delivery.close()


@dataclass(slots=True, kw_only=True)
class _Chunk:
    """The bytes of one chunk, which can be sent again."""

    file: Digested
    span: Span
    on_bytes: OnBytes | None

    async def blocks(self) -> AsyncIterator[bytes]:
        done = self.span.start
        while done < self.span.end:
            block = await self.file.read_at(done, min(BLOCK, self.span.end - done))
            if not block:
                raise StudioError("storage_changed", {"file": ""})
            yield block
            done += len(block)
            if self.on_bytes is not None:
                self.on_bytes(done)
