"""Taking a multipart form apart while it arrives, so that a video is never whole in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from enum import StrEnum
from urllib.parse import unquote

HEADER_LIMIT_BYTES = 16 * 1024


class MultipartError(ValueError):
    """The body is no well-formed multipart form."""


class _Place(StrEnum):
    BODY = "body"
    BORDER = "border"
    HEADERS = "headers"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHead:
    """What stands above the bytes of one part."""

    name: str
    filename: str | None
    content_type: str


Sink = Callable[[bytes], None]


class MultipartParser:
    """Fed with bytes; asks ``begin`` for the sink of each part and fills it piece by piece."""

    def __init__(self, boundary: str, begin: Callable[[PartHead], Sink]) -> None:
        self._border = b"\r\n--" + boundary.encode()
        self._begin = begin
        # The first border has no line end before it unless we put one there.
        self._buffer = bytearray(b"\r\n")
        self._place = _Place.BODY
        self._sink: Sink = _ignore

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body.

        Raises:
            MultipartError: when the form is malformed.
        """
        self._buffer += data
        steps = {
            _Place.BODY: self._read_body,
            _Place.BORDER: self._read_border,
            _Place.HEADERS: self._read_headers,
        }
        while self._place is not _Place.END and steps[self._place]():
            pass

    def close(self) -> None:
        """Say that the body is over.

        Raises:
            MultipartError: when the last border has not been seen.
        """
        if self._place is not _Place.END:
            raise MultipartError("the form ends in the middle of a part")

    def _read_body(self) -> bool:
        found = self._buffer.find(self._border)
        ready = found if found >= 0 else len(self._buffer) - len(self._border) + 1
        if ready > 0:
            self._sink(bytes(memoryview(self._buffer)[:ready]))
            del self._buffer[:ready]
        if found < 0:
            return False
        del self._buffer[: len(self._border)]
        self._place = _Place.BORDER
        return True

    def _read_border(self) -> bool:
        if len(self._buffer) < 2:
            return False
        mark = bytes(self._buffer[:2])
        del self._buffer[:2]
        if mark not in {b"--", b"\r\n"}:
            raise MultipartError("a border is followed by neither a line end nor two dashes")
        self._place = _Place.END if mark == b"--" else _Place.HEADERS
        return True

    def _read_headers(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > HEADER_LIMIT_BYTES:
                raise MultipartError("the headers of a part are too long")
            return False
        self._sink = self._begin(read_head(bytes(self._buffer[: end + 4])))
        del self._buffer[: end + 4]
        self._place = _Place.BODY
        return True


def read_head(raw: bytes) -> PartHead:
    """Parse the headers of a part.

    Raises:
        MultipartError: when the part has no name.
    """
    headers = BytesHeaderParser().parsebytes(raw)
    name = headers.get_param("name", header="content-disposition")
    if not isinstance(name, str):
        raise MultipartError("a part has no name")
    filename = headers.get_filename()
    return PartHead(
        name=unquote(name),
        filename=None if filename is None else unquote(filename),
        content_type=headers.get_content_type(),
    )


def _ignore(_: bytes) -> None:
    """Drop what stands before the first border."""
