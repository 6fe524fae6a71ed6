"""The upload host of the TikTok stand-in."""

from __future__ import annotations

from typing import ClassVar

from aiohttp import web

from utils.sandbox.server import ClientDisconnected, Sandbox, Service
from utils.sandbox.tiktok_rules import MEDIA_TYPES, read_range
from utils.sandbox.tiktok_state import JSON, TikTokError, TikTokState, blob_key, envelope
from utils.sandbox.transfers import Transfers


class TikTokUpload(Service):
    """The upload host: one chunk after the other, in order, each whole or not at all."""

    name: ClassVar[str] = "tiktok_upload"

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self._state = TikTokState(sandbox)
        self._transfers = Transfers(sandbox)

    def routes(self) -> list[web.RouteDef]:
        return [web.put("/video/", self.put)]

    def step(self, request: web.Request) -> str:
        return "part" if request.path == "/video/" else "unknown"

    def error(self, status: int, message: str) -> web.Response:
        return envelope({}, "upload_error", message, status)

    async def put(self, request: web.Request) -> web.Response:
        try:
            return await self._put(request)
        except TikTokError as refusal:
            return refusal.response()

    async def _put(self, request: web.Request) -> web.Response:
        query = request.query
        upload_id, upload_token = query.get("upload_id", ""), query.get("upload_token", "")
        task = self._state.task_of_upload(upload_id, upload_token)
        if task is None:
            raise TikTokError(404, "upload_not_found", "no such upload task")
        self._require_time(task)
        plan = self._state.plan(task)
        part = read_range(request.headers.get("Content-Range", ""))
        if part is None or part.total != plan.size:
            raise TikTokError(400, "invalid_range", "Content-Range is missing or wrong")
        if request.content_type not in MEDIA_TYPES or "Content-Type" not in request.headers:
            raise TikTokError(400, "invalid_content_type", "Content-Type is no video type")
        if request.content_length != part.length:
            raise TikTokError(400, "invalid_length", "Content-Length is not the range")
        received = task["received"]
        if self._is_accepted_repeat(part.last, received):
            await self.sandbox.read_body(request, bytearray(), 0)
            return _progress(task, plan.size)
        if self._transfers.is_busy(task["publish_id"]) or part.first != received:
            return _progress(task, plan.size, 416)
        if part.length != plan.length_at(received):
            raise TikTokError(400, "invalid_length", "the chunk is not as long as planned")
        return _progress(await self._store(request, task), plan.size)

    def _is_accepted_repeat(self, last: int, received: int) -> bool:
        accepts = self._state.switch("repeated_chunk", "refuse") == "accept"
        return bool(accepts and last < received)

    def _require_time(self, task: JSON) -> None:
        if self._state.now() >= task["expires_at"]:
            raise TikTokError(403, "upload_url_expired", "the upload address has expired")

    async def _store(self, request: web.Request, task: JSON) -> JSON:
        """Receive one chunk; a chunk that was cut short leaves nothing behind."""
        key, start = task["publish_id"], int(task["received"])
        blob = self.sandbox.blob(blob_key(task))
        if blob.size > start:
            blob.truncate(start)
        length = self._state.plan(task).length_at(start)
        try:
            await self._transfers.receive(request, key, blob, length)
            self._require_time(task)
        except (ClientDisconnected, TikTokError):
            self._drop_rest(key, start)
            raise
        task["received"] = start + length
        if task["received"] == self._state.plan(task).size:
            task["complete_at"] = self._state.now()
        self._state.tasks.put(key, task)
        return task

    def _drop_rest(self, key: str, start: int) -> None:
        """Forget a part of a chunk, unless another request has gone on from there."""
        task = self._state.tasks.get(key)
        if task is None or task["received"] != start or self._transfers.is_busy(key):
            return
        blob = self.sandbox.blob(blob_key(task))
        if blob.size > start:
            blob.truncate(start)


def _progress(task: JSON, size: int, status: int | None = None) -> web.Response:
    received = int(task["received"])
    headers = {"Content-Range": f"bytes 0-{received - 1}/{size}"} if received else {}
    if status is None:
        status = 201 if received == size else 206
    return web.Response(status=status, headers=headers)
