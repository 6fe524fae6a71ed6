"""Google's resumable uploads: sessions, chunks, the question how far it is, and the end."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from utils.sandbox.google_accounts import Caller
from utils.sandbox.google_errors import ApiError, generic
from utils.sandbox.server import Blob, ClientDisconnected, Sandbox

CHUNK = 256 * 1024
WEEK = 7 * 86_400

RANGE = re.compile(r"bytes (?:(?P<first>\d+)-(?P<last>\d+)|\*)/(?:(?P<total>\d+)|\*)")

Finish = Callable[[dict[str, Any], Blob], dict[str, Any]]
"""Takes a session and its bytes, makes the resource and returns the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a PUT says about itself: the bytes `[start, end)` of `total`."""

    start: int
    end: int | None
    """None when the length is not announced (chunked transfer coding)."""
    total: int | None
    """None when the client does not know it yet."""
    is_query: bool = False

    @property
    def is_last(self) -> bool:
        return self.end is None or self.end == self.total


def read_span(request: web.Request) -> Span:
    """Read Content-Range and Content-Length.

    Raises:
        ApiError: when they are malformed or do not fit each other.
    """
    header = request.headers.get("Content-Range")
    length = request.content_length
    if header is None:
        return Span(start=0, end=length, total=length)
    match = RANGE.fullmatch(header.strip())
    if match is None:
        raise generic(400, f"Invalid Content-Range: {header}")
    total = int(match["total"]) if match["total"] else None
    if match["first"] is None:
        if length:
            raise generic(400, "a question about the state has no body")
        return Span(start=0, end=0, total=total, is_query=True)
    start, end = int(match["first"]), int(match["last"]) + 1
    if end <= start or (total is not None and end > total):
        raise generic(400, f"Invalid Content-Range: {header}")
    if length is not None and length != end - start:
        raise generic(400, "Content-Length is not the length of Content-Range")
    return Span(start=start, end=end, total=total)


class ResumableUploads:
    """All sessions of one API; whoever knows the address of one can send to it."""

    def __init__(self, sandbox: Sandbox, service: str) -> None:
        self._sandbox = sandbox
        self._service = service
        self._sessions = sandbox.collection(f"{service}.sessions")
        self._finishers: dict[str, Finish] = {}
        self._active: dict[str, tuple[web.Request, int]] = {}

    def on_finish(self, kind: str, finish: Finish) -> None:
        """Say what becomes of the bytes of a kind of session."""
        self._finishers[kind] = finish

    def forget_active(self) -> None:
        self._active.clear()

    def begin(
        self, request: web.Request, kind: str, caller: Caller, details: dict[str, Any], most: int
    ) -> web.Response:
        """Open a session and answer with its address.

        Raises:
            ApiError: when the announced size is malformed or above `most`.
        """
        total = _announced_size(request, most)
        upload_id = secrets.token_urlsafe(48)
        session = {
            "kind": kind,
            "user": caller.user,
            "project": caller.project,
            "channel": caller.channel,
            "total": total,
            "most": most,
            "media_type": request.headers.get("X-Upload-Content-Type"),
            "created_at": self._sandbox.clock.now(),
            "details": details,
            "result": None,
        }
        self._sessions.put(upload_id, session)
        address = request.url.with_query(
            {**request.query, "uploadType": "resumable", "upload_id": upload_id}
        )
        headers = {"Location": str(address), "X-GUploader-UploadID": upload_id}
        return web.Response(status=200, headers=headers)

    async def put(self, request: web.Request) -> web.Response:
        """Take bytes, or say how far it is.

        Raises:
            ApiError: when a rule of the protocol is broken; then none of these bytes are kept.
        """
        upload_id = request.query.get("upload_id", "")
        session = self._require(upload_id)
        span = read_span(request)
        if span.total is not None and session["total"] not in {None, span.total}:
            raise generic(400, "the total differs from X-Upload-Content-Length")
        if (span.total or 0) > session["most"]:
            raise too_large(session["most"])
        blob = self._sandbox.blob(f"{self._service}/{upload_id}")
        self._take_over(upload_id, session, blob)
        if session["total"] is None and span.total is not None:
            session["total"] = span.total
            self._sessions.put(upload_id, session)
        if span.is_query:
            return self._state(upload_id, session, blob)
        refusal = self._refusal(session, span, blob)
        if refusal is not None:
            return refusal
        await self._receive(request, upload_id, span, blob, session)
        return self._state(upload_id, session, blob)

    def lose(self, upload_id: str) -> None:
        """Forget a session, as the remote does after its lifetime."""
        self._sessions.delete(upload_id)

    def _require(self, upload_id: str) -> dict[str, Any]:
        session = self._sessions.get(upload_id)
        lifetime = self._sandbox.options.switch(
            self._service, "session_lifetime_seconds", float(WEEK)
        )
        if session is None:
            raise generic(404, "Upload session not found")
        if self._sandbox.clock.now() - session["created_at"] >= lifetime:
            self._sessions.delete(upload_id)
            raise generic(404, "Upload session not found")
        return session

    def _take_over(self, upload_id: str, session: dict[str, Any], blob: Blob) -> None:
        """Cut off an earlier request to this session; what it has brought is settled first."""
        earlier = self._active.pop(upload_id, None)
        if earlier is not None:
            self._sandbox.disconnect(earlier[0])
            self._cut_back(blob, earlier[1])
        elif session["total"] is None or blob.size < session["total"]:
            # A process that was killed in the middle of a chunk leaves an uneven end.
            blob.truncate(blob.size - blob.size % CHUNK)

    def _cut_back(self, blob: Blob, start: int) -> None:
        """Keep of an interrupted request what ends at a border, or nothing of it."""
        keep = self._sandbox.options.switch(self._service, "keep_partial", default=True)
        blob.truncate(max(start, blob.size - blob.size % CHUNK) if keep else start)

    def _refusal(self, session: dict[str, Any], span: Span, blob: Blob) -> web.Response | None:
        """Answer a request whose bytes do not belong here, without keeping any of them."""
        if not span.is_last and span.end is not None and (span.end - span.start) % CHUNK:
            raise generic(400, f"a chunk that is not the last is a multiple of {CHUNK} bytes")
        total = session["total"]
        if span.is_last and span.end is not None and total not in {None, span.end}:
            raise generic(400, "the total differs from X-Upload-Content-Length")
        if span.start == blob.size and session["result"] is None:
            return None
        if self._sandbox.options.switch(self._service, "lenient_ranges", default=False):
            return self._progress(session, blob)
        raise generic(400, f"the next byte is {blob.size}, not {span.start}")

    async def _receive(
        self, request: web.Request, upload_id: str, span: Span, blob: Blob, session: dict[str, Any]
    ) -> None:
        self._active[upload_id] = (request, span.start)
        try:
            received = await self._sandbox.read_body(request, blob)
        except ClientDisconnected:
            if self._active.get(upload_id, (None,))[0] is request:
                del self._active[upload_id]
                self._settle(session, blob, span.start)
            raise
        del self._active[upload_id]
        expected = None if span.end is None else span.end - span.start
        if expected is None and session["total"] is None:
            session["total"] = blob.size
            self._sessions.put(upload_id, session)
        if expected not in {None, received} or blob.size > (session["total"] or blob.size):
            blob.truncate(span.start)
            raise generic(400, "the body is not as long as announced")

    def _settle(self, session: dict[str, Any], blob: Blob, start: int) -> None:
        if session["total"] is None or blob.size != session["total"]:
            self._cut_back(blob, start)

    def _state(self, upload_id: str, session: dict[str, Any], blob: Blob) -> web.Response:
        if session["result"] is None and blob.size == session["total"]:
            session["result"] = self._finishers[session["kind"]](session, blob)
            self._sessions.put(upload_id, session)
        return self._progress(session, blob)

    def _progress(self, session: dict[str, Any], blob: Blob) -> web.Response:
        if session["result"] is not None:
            status = self._sandbox.options.switch(self._service, "final_status", 200)
            return web.json_response(session["result"], status=status)
        headers = {"Range": f"bytes=0-{blob.size - 1}"} if blob.size else {}
        return web.Response(status=308, reason="Resume Incomplete", headers=headers)


def _announced_size(request: web.Request, most: int) -> int | None:
    header = request.headers.get("X-Upload-Content-Length")
    if header is None:
        return None
    if not header.isdecimal():
        raise generic(400, f"Invalid X-Upload-Content-Length: {header}")
    if int(header) > most:
        raise too_large(most)
    return int(header)


def too_large(most: int) -> ApiError:
    return ApiError(413, "uploadTooLarge", f"at most {most} bytes")
