"""A stand-in for rupload.facebook.com: the bytes of Instagram containers and Page reels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from aiohttp import web

from utils.sandbox import facebook, instagram_publishing
from utils.sandbox.meta import JSON, VERSION, GraphError, MetaState, unsigned
from utils.sandbox.meta_fetch import FetchError, fetch
from utils.sandbox.meta_seeds import seed
from utils.sandbox.server import Blob, ClientDisconnected, Collection, Sandbox, Service
from utils.sandbox.transfers import Transfers


class UploadError(Exception):
    """A refusal in the shape of the upload host, which is not that of the Graph API."""

    def __init__(
        self, kind: str, message: str, *, status: int = 400, retriable: bool = False
    ) -> None:
        super().__init__(message)
        self.status = status
        self.info = {"retriable": retriable, "type": kind, "message": message}

    def response(self) -> web.Response:
        return web.json_response({"debug_info": self.info}, status=self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """The upload that an address stands for."""

    rows: Collection
    row: JSON
    blob: Blob

    @property
    def key(self) -> str:
        return str(self.row["id"])

    def save(self, **changes: Any) -> None:
        """Change fields of the row as it is now."""
        current = self.rows.get(self.key)
        if current is not None:
            self.rows.put(self.key, {**current, **changes})


class GraphUpload(Service):
    """Takes bytes from an offset on and keeps all that came, also of a broken request."""

    name: ClassVar[str] = "graph_upload"

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self._state = MetaState(sandbox)
        self._transfers = Transfers(sandbox)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"/ig-api-upload/{VERSION}/{{key}}", self.upload),
            web.post(f"/video-upload/{VERSION}/{{key}}", self.upload),
        ]

    def step(self, request: web.Request) -> str:
        return "part" if request.method == "POST" else "unknown"

    def seed(self) -> None:
        seed(self._state)

    def error(self, status: int, message: str) -> web.Response:
        kind = "ServiceError" if status >= 500 else "ParameterValidationError"
        return UploadError(kind, message, status=status, retriable=status >= 500).response()

    async def upload(self, request: web.Request) -> web.Response:
        try:
            await self._upload(request)
        except UploadError as refusal:
            return refusal.response()
        answer: JSON = {"success": True}
        if request.path.startswith("/ig-api-upload"):
            answer["message"] = "Upload successful."
        return web.json_response(answer)

    async def _upload(self, request: web.Request) -> None:
        target = self._target(request)
        self._authorize(request, target)
        if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
            raise UploadError("ProcessingFailedError", "Request processing failed")
        if "file_url" in request.headers:
            await self._fetch(request, target)
        else:
            await self._receive(request, target)
        if self.sandbox.faults.take(self.name, "part", "spurious_failure"):
            raise UploadError("ProcessingFailedError", "Request processing failed")

    def _target(self, request: web.Request) -> _Target:
        node, _, suffix = request.match_info["key"].partition("-")
        instagram = request.path.startswith("/ig-api-upload")
        rows = self._state.containers if instagram else self._state.videos
        row = rows.get(node)
        if row is None or suffix != row.get("suffix", ""):
            raise UploadError("ParameterValidationError", "Unknown upload", status=404)
        key = instagram_publishing.blob_key(row) if instagram else facebook.blob_key(row)
        return _Target(rows=rows, row=row, blob=self.sandbox.blob(key))

    def _authorize(self, request: web.Request, target: _Target) -> None:
        scheme, _, access = request.headers.get("Authorization", "").partition(" ")
        if scheme != "OAuth":
            message = "The Authorization header must be of the form OAuth <token>"
            raise UploadError("NotAuthorizedError", message, status=401)
        if self.sandbox.faults.take(self.name, "part", "expire_token"):
            row = self._state.tokens.get(access)
            if row is not None:
                self._state.tokens.put(access, {**row, "dead_subcode": 463})
        try:
            token = self._state.token_of(access)
        except GraphError as error:
            raise UploadError("NotAuthorizedError", str(error), status=401) from error
        owner = target.row.get("ig_id")
        mine = owner in token["ig_ids"] if owner else target.row["page_id"] == token["page_id"]
        if not mine or token["kind"] == "instagram":
            raise UploadError("NotAuthorizedError", "The upload is not yours", status=403)

    async def _receive(self, request: web.Request, target: _Target) -> None:
        offset, size = _placement(request)
        # Whoever sent before is gone or hangs: its last bytes must not come in between.
        self._transfers.take_over(target.key)
        stored = target.blob.size
        if offset != stored:
            message = "Request starting offset is invalid"
            raise UploadError("OffsetInvalidError", message, status=412, retriable=True)
        room = size - offset
        if room < 0 or (request.content_length or 0) > room:
            raise UploadError("ProcessingFailedError", "The body is longer than file_size says")
        self._note_size(target, size)
        try:
            received = await self._transfers.receive(request, target.key, target.blob, room)
        except ClientDisconnected:
            self._note_end(target, size)
            raise
        if received > room:
            target.blob.truncate(stored)
            raise UploadError("ProcessingFailedError", "The body is longer than file_size says")
        if not self._note_end(target, size):
            message = f"Partial request: {target.blob.size} of {size} bytes are stored"
            raise UploadError("PartialRequestError", message, retriable=True)

    def _note_size(self, target: _Target, size: int) -> None:
        declared = target.row["file_size"]
        conflict = target.row["size_conflict"] or declared not in (None, size)
        target.save(file_size=size, size_conflict=conflict)

    def _note_end(self, target: _Target, size: int) -> bool:
        if target.blob.size < size:
            return False
        if target.row["uploaded_at"] is None:
            target.save(uploaded_at=self._state.now())
        return True

    async def _fetch(self, request: web.Request, target: _Target) -> None:
        if self._state.switch(self.name, "strict_file_url", False):
            _placement(request)
        try:
            await fetch(self.sandbox, self.name, request.headers["file_url"], target.blob)
        except FetchError as error:
            raise UploadError("FileUrlProcessingError", str(error), status=422) from error
        target.save(file_size=target.blob.size, uploaded_at=self._state.now())


def _placement(request: web.Request) -> tuple[int, int]:
    """Return the offset and the size of the whole file, as the headers tell them."""
    values: list[int] = []
    for name in ("Offset", "File_Size"):
        value = unsigned(request.headers.get(name))
        if value is None:
            message = f"HeaderValuePredicate: Header {name} not convertable to unsigned long"
            raise UploadError("ParameterValidationError", message)
        values.append(value)
    return values[0], values[1]
