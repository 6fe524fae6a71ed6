"""A stand-in for Cloudinary: signed uploads in chunks, delivery by range, destroy."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from aiohttp import web

from utils.sandbox.cloudinary_rules import (
    NOT_SIGNED,
    REQUEST_LIMIT_BYTES,
    CloudinaryError,
    Range,
    byte_range,
    check_signature,
    final_answer,
    format_of,
    kind_of,
    pieces,
    read_range,
)
from utils.sandbox.server import Blob, Sandbox, Service
from utils.sandbox.telegram.multipart import MultipartError, MultipartParser, PartHead

CLOUD = "karvon"
API_KEY = "382469273615417"
API_SECRET = "sandboxCloudinarySecret0000"
UNREADY_REQUESTS = 3
"""So often a transformation that nobody asked for before is not ready yet."""

_DELIVERY = re.compile(r"(?:(?P<how>[a-z]{1,3}_[^/]+)/)?(?:v\d+/)?(?P<id>.+)")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True, kw_only=True)
class _Form:
    """What a form carried."""

    blob: Blob
    """The bytes of its file."""
    fields: dict[str, str] = field(default_factory=dict)
    filename: str | None = None
    """None when no file was attached."""


class Cloudinary(Service):
    """Upload API and delivery of one cloud on one port."""

    name: ClassVar[str] = "cloudinary"

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self._clouds = sandbox.collection("cloudinary.clouds")
        self._uploads = sandbox.collection("cloudinary.uploads")
        self._assets = sandbox.collection("cloudinary.assets")
        self._asked = sandbox.collection("cloudinary.transformations")

    def routes(self) -> list[web.RouteDef]:
        api = "/v1_1/{cloud}/{kind:image|video|raw|auto}"
        deliver = self._guarded(self._deliver)
        return [
            web.post(f"{api}/upload", self._guarded(self._upload)),
            web.post(f"{api}/destroy", self._guarded(self._destroy)),
            web.get("/{cloud}/{kind:image|video|raw}/upload/{tail:.+}", deliver),
            web.route("*", "/{tail:.*}", self._unknown),
        ]

    def step(self, request: web.Request) -> str:
        if request.path.startswith("/v1_1/"):
            name = request.path.rpartition("/")[2]
            return name if name in {"upload", "destroy"} else "unknown"
        return "deliver"

    def error(self, status: int, message: str) -> web.Response:
        return CloudinaryError(status, message).response(uuid.uuid4().hex)

    def seed(self) -> None:
        if self._clouds.get(CLOUD) is None:
            self._clouds.put(CLOUD, {"api_key": API_KEY, "secret": API_SECRET})

    async def _unknown(self, request: web.Request) -> web.Response:
        return self.error(404, f"Resource not found - {request.path}")

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except CloudinaryError as refusal:
                return refusal.response(uuid.uuid4().hex)

        return guarded

    # Upload

    async def _upload(self, request: web.Request) -> web.Response:
        if not request.content_type.startswith("multipart/"):
            raise CloudinaryError(415, "The upload is no multipart form")
        form = await self._read_form(request)
        try:
            return await self._take(request, form)
        finally:
            form.blob.delete()

    async def _take(self, request: web.Request, form: _Form) -> web.Response:
        cloud = self._authorize(request, form)
        if form.filename is None:
            if form.fields.get("file"):
                raise CloudinaryError(400, "Remote addresses are not fetched here")
            raise CloudinaryError(400, "Missing required parameter - file")
        chunk = read_range(request.headers, form.blob.size)
        kind = kind_of(request.match_info["kind"], form.filename)
        upload_id = request.headers.get("X-Unique-Upload-Id") or uuid.uuid4().hex
        # Chunks belong together by cloud and upload id; another id is another upload.
        key = f"{cloud}/{upload_id}"
        signed = {
            name: value
            for name, value in form.fields.items()
            if name not in NOT_SIGNED | {"timestamp"}
        }
        upload = self._uploads.get(key)
        if upload is None:
            upload = {
                "received": 0,
                "total": chunk.total,
                "kind": kind,
                "format": format_of(kind, form.filename),
                "public_id": form.fields.get("public_id") or uuid.uuid4().hex[:20],
                "signed": signed,
            }
        _check_order(upload, chunk)
        # The client repeats what it signed; the public id may be the one it was given.
        if {**upload["signed"], "public_id": ""} != {**signed, "public_id": ""}:
            raise CloudinaryError(400, "The parameters differ from those of the first chunk")
        whole = self.sandbox.blob(f"cloudinary/{key}")
        for piece in pieces(form.blob.read, form.blob.size):
            whole.append(piece)
        whole.close()
        upload["received"] = chunk.end
        self._uploads.put(key, upload)
        if not chunk.is_last:
            return web.json_response({"done": False, "public_id": upload["public_id"]})
        self._uploads.delete(key)
        return self._finish(cloud, upload, whole)

    def _finish(self, cloud: str, upload: dict[str, Any], whole: Blob) -> web.Response:
        number = self._assets.next_id()
        now = self.sandbox.clock.now()
        md5 = hashlib.md5(usedforsecurity=False)
        for piece in pieces(whole.read, whole.size):
            md5.update(piece)
        asset = {
            "asset_id": uuid.uuid4().hex,
            "public_id": upload["public_id"],
            "version": int(now) + number,
            "version_id": uuid.uuid4().hex,
            "signature": uuid.uuid4().hex,
            "resource_type": upload["kind"],
            "type": "upload",
            "format": upload["format"],
            "bytes": whole.size,
            "created_at": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "etag": md5.hexdigest(),
            "blob": whole.key,
            "sha256": whole.sha256(),
        }
        self._assets.put(f"{cloud}/{upload['kind']}/{upload['public_id']}", asset)
        return web.json_response(final_answer(asset, self._url(cloud, asset)))

    def _url(self, cloud: str, asset: dict[str, Any]) -> str:
        kind, version = asset["resource_type"], asset["version"]
        ending = f".{asset['format']}" if kind != "raw" else ""
        path = f"{cloud}/{kind}/upload/v{version}/{asset['public_id']}{ending}"
        return f"{self.sandbox.address(self.name)}/{path}"

    # Destroy

    async def _destroy(self, request: web.Request) -> web.Response:
        form = await self._read_form(request)
        form.blob.delete()
        cloud = self._authorize(request, form)
        if not form.fields.get("public_id"):
            raise CloudinaryError(400, "Missing required parameter - public_id")
        key = f"{cloud}/{request.match_info['kind']}/{form.fields['public_id']}"
        asset = self._assets.get(key)
        if asset is None:
            return web.json_response({"result": "not found"})
        self._assets.delete(key)
        self.sandbox.blob(asset["blob"]).delete()
        return web.json_response({"result": "ok"})

    # Delivery

    async def _deliver(self, request: web.Request) -> web.StreamResponse:
        found = _DELIVERY.fullmatch(request.match_info["tail"])
        kind, tail = request.match_info["kind"], found["id"] if found else ""
        public_id = tail if kind == "raw" else tail.rpartition(".")[0] or tail
        asset = self._assets.get(f"{request.match_info['cloud']}/{kind}/{public_id}")
        if asset is None:
            raise CloudinaryError(404, f"Resource not found - {public_id}")
        if found is not None and found["how"]:
            self._prepare(request.path)
        elif kind != "raw" and not tail.endswith(f".{asset['format']}"):
            raise CloudinaryError(404, f"Resource not found - {tail}")
        blob = self.sandbox.blob(asset["blob"])
        if blob.path is None:
            raise CloudinaryError(404, f"Resource not found - {public_id}")
        wanted = byte_range(request.headers.get("Range"), blob.size)
        start, end = wanted or (0, blob.size)
        return await self.sandbox.send_file(
            request,
            blob.path,
            content_type=f"{kind}/{asset['format']}"
            if kind != "raw"
            else "application/octet-stream",
            start=start,
            end=end,
        )

    def _prepare(self, path: str) -> None:
        """Make a transformation ready, which takes a few requests when that is switched on."""
        if not self.sandbox.options.switch(self.name, "slow_transformations", False):
            return
        asked = (self._asked.get(path) or {"times": 0})["times"] + 1
        self._asked.put(path, {"times": asked})
        if asked <= UNREADY_REQUESTS:
            raise CloudinaryError(423, "The resource is still being processed")

    # Forms

    def _authorize(self, request: web.Request, form: _Form) -> str:
        """Check key and signature, and return the cloud."""
        cloud = request.match_info["cloud"]
        if not form.fields.get("api_key"):
            raise CloudinaryError(400, "Missing required parameter - api_key")
        known = self._clouds.get(cloud)
        if known is None or known["api_key"] != form.fields["api_key"]:
            raise CloudinaryError(401, "Unknown API key or cloud")
        check_signature(form.fields, known["secret"], self.sandbox.clock.now())
        return cloud

    async def _read_form(self, request: web.Request) -> _Form:
        number = self.sandbox.collection("cloudinary.forms").next_id()
        form = _Form(blob=self.sandbox.blob(f"cloudinary-form-{number}"))
        if request.content_type == "application/x-www-form-urlencoded":
            form.fields = {name: str(value) for name, value in (await request.post()).items()}
            return form
        values: dict[str, bytearray] = {}

        def begin(head: PartHead) -> Callable[[bytes], None]:
            if head.filename is not None and head.name == "file":
                form.filename = head.filename
                return form.blob.append
            return values.setdefault(head.name, bytearray()).extend

        try:
            await self._feed(request, MultipartParser(_boundary(request), begin))
        except MultipartError as error:
            form.blob.delete()
            raise CloudinaryError(400, "The form is malformed") from error
        except BaseException:
            form.blob.delete()
            raise
        form.blob.close()
        form.fields = {name: value.decode(errors="replace") for name, value in values.items()}
        return form

    async def _feed(self, request: web.Request, parser: MultipartParser) -> None:
        received = 0
        async for piece in self.sandbox.stream_body(request):
            received += len(piece)
            if received <= REQUEST_LIMIT_BYTES:
                parser.feed(piece)
        if received > REQUEST_LIMIT_BYTES:
            message = f"File size too large. Got {received}. Maximum is {REQUEST_LIMIT_BYTES}."
            raise CloudinaryError(400, message)
        parser.close()


def _check_order(upload: dict[str, Any], chunk: Range) -> None:
    if chunk.total != upload["total"]:
        raise CloudinaryError(400, "The total differs from that of the chunks before")
    if chunk.start != upload["received"]:
        raise CloudinaryError(400, f"The chunk begins at {chunk.start}, not where it should")


def _boundary(request: web.Request) -> str:
    text = request.headers.get("Content-Type", "").partition("boundary=")[2]
    return text.partition(";")[0].strip('"')
