"""The arguments of a call: from the address, a form, JSON or a multipart body that streams in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from aiohttp import web

from utils.sandbox.server import Blob, Sandbox
from utils.sandbox.telegram.errors import bad_request, too_large
from utils.sandbox.telegram.multipart import MultipartError, MultipartParser, PartHead, Sink

HEAD_BYTES = 512 * 1024
"""How much of each file stays in memory, enough to look at a picture."""

FIELD_LIMIT_BYTES = 4 * 1024 * 1024


@dataclass(slots=True, kw_only=True)
class Received:
    """One file that came with a call; whoever keeps it sets ``is_kept``."""

    filename: str
    content_type: str
    blob: Blob
    head: bytearray = field(default_factory=bytearray)
    is_kept: bool = False

    def append(self, data: bytes) -> None:
        self.blob.append(data)
        if len(self.head) < HEAD_BYTES:
            self.head += data[: HEAD_BYTES - len(self.head)]


@dataclass(slots=True, kw_only=True)
class Arguments:
    """What a call came with: values as sent, files by field name, in the order of the form."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, list[Received]] = field(default_factory=dict)

    def all_files(self) -> list[Received]:
        return [file for files in self.files.values() for file in files]

    def discard(self) -> None:
        """Delete the files that nobody kept."""
        for file in self.all_files():
            if not file.is_kept:
                file.blob.delete()

    def note(self) -> dict[str, Any]:
        """Return what the journal shows: values, and facts instead of files."""
        noted = dict(self.values)
        for name, files in self.files.items():
            facts = [
                {
                    "filename": file.filename,
                    "content_type": file.content_type,
                    "size": file.blob.size,
                    "sha256": file.blob.sha256(),
                }
                for file in files
            ]
            noted[name] = facts[0] if len(facts) == 1 else facts
        return noted


class BodyReader:
    """Reads the arguments of one call into the sandbox."""

    def __init__(self, sandbox: Sandbox, *, file_limit: int) -> None:
        self._sandbox = sandbox
        self._file_limit = file_limit
        self.arguments = Arguments()

    async def read(self, request: web.Request, pieces: AsyncIterator[bytes]) -> Arguments:
        """Take the whole body from `pieces` and return what was in it.

        Raises:
            TelegramError: when the body is malformed, or a file is above the limit.
        """
        self.arguments.values.update(request.query)
        try:
            if request.content_type.startswith("multipart/"):
                await self._read_multipart(request, pieces)
            else:
                await self._read_whole(request.content_type, pieces)
        except BaseException:
            self.arguments.discard()
            raise
        return self.arguments

    async def _read_multipart(self, request: web.Request, pieces: AsyncIterator[bytes]) -> None:
        boundary = request.headers.get("Content-Type", "").partition("boundary=")[2]
        fields: dict[str, bytearray] = {}

        def begin(head: PartHead) -> Sink:
            if head.filename is not None:
                return self._begin_file(head)
            return _limited(fields.setdefault(head.name, bytearray()))

        parser = MultipartParser(boundary.partition(";")[0].strip('"'), begin)
        try:
            async for piece in pieces:
                parser.feed(piece)
            parser.close()
        except MultipartError as error:
            raise bad_request(f"can't parse the multipart form: {error}") from error
        finally:
            for file in self.arguments.all_files():
                file.blob.close()
        for name, value in fields.items():
            self.arguments.values[name] = value.decode(errors="replace")

    def _begin_file(self, head: PartHead) -> Sink:
        file = Received(
            filename=head.filename or "",
            content_type=head.content_type,
            blob=self._sandbox.blob(f"telegram-{uuid4().hex}{_suffix(head.filename or '')}"),
        )
        self.arguments.files.setdefault(head.name, []).append(file)

        def sink(data: bytes) -> None:
            if file.blob.size + len(data) > self._file_limit:
                raise too_large()
            file.append(data)

        return sink

    async def _read_whole(self, content_type: str, pieces: AsyncIterator[bytes]) -> None:
        body = bytearray()
        write = _limited(body)
        async for piece in pieces:
            write(piece)
        if content_type == "application/json":
            self.arguments.values.update(_json_object(bytes(body)))
        elif body:
            form = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
            self.arguments.values.update(form)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except ValueError as error:
        raise bad_request(f"can't parse JSON object: {error}") from error
    if not isinstance(document, dict):
        raise bad_request("object expected as the request body")
    return document


def _limited(target: bytearray) -> Sink:
    def write(data: bytes) -> None:
        if len(target) + len(data) > FIELD_LIMIT_BYTES:
            raise too_large()
        target.extend(data)

    return write


def _suffix(filename: str) -> str:
    _, dot, suffix = filename.rpartition(".")
    return f".{suffix.lower()}" if dot and suffix.isalnum() and len(suffix) <= 8 else ""
