"""Downloads: ``getFile``, the links it gives, and their end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from utils.sandbox.telegram.call import Call, Method
from utils.sandbox.telegram.errors import TelegramError, bad_request
from utils.sandbox.telegram.media import FOLDERS
from utils.sandbox.telegram.methods_media import WRONG_FILE

if TYPE_CHECKING:
    from utils.sandbox.telegram.service import Telegram

JSON = dict[str, Any]

DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024
LINK_SECONDS = 3600.0


async def get_file(call: Call) -> JSON:
    """Give a path to download, in local mode the absolute one on this machine's disk."""
    file = call.service.state.files.get(call.text("file_id"))
    if file is None or file["bot_id"] != call.bot["id"]:
        raise bad_request(WRONG_FILE)
    limit = int(call.switch("download_limit", DOWNLOAD_LIMIT_BYTES))
    if not call.is_local and file["size"] > limit:
        raise bad_request("file is too big")
    result: JSON = {"file_id": file["file_id"], "file_unique_id": file["file_unique_id"]}
    if not call.switch("omit_file_size", default=False):
        result["file_size"] = file["size"]
    if file["path"] is not None:
        result["file_path"] = file["path"] if call.is_local else _new_link(call, file)
    return result


def _new_link(call: Call, file: JSON) -> str:
    links = call.service.state.links
    folder = FOLDERS.get(file["kind"], "documents")
    suffix = Path(file["name"] or file["path"]).suffix
    path = f"{folder}/file_{links.next_id()}{suffix}"
    lifetime = float(call.switch("link_seconds", LINK_SECONDS))
    links.put(path, {"file_id": file["file_id"], "expires_at": call.now + lifetime})
    return path


async def download(service: Telegram, request: web.Request) -> web.StreamResponse:
    """Send the bytes of a file, a part of it when asked for one (switch ``ranges``)."""
    service.require_bot(request.match_info["token"])
    file = _linked(service, request.match_info["path"])
    path = Path(file["path"])
    if not service.switch("ranges", default=True):
        return await service.sandbox.send_file(
            request,
            path,
            content_type="application/octet-stream",
            headers={"Accept-Ranges": "none"},
        )
    start, end = _wanted(request, file["size"])
    return await service.sandbox.send_file(
        request,
        path,
        content_type="application/octet-stream",
        start=start,
        end=end,
        headers={"ETag": f'"{file["sha256"][:32]}"'},
    )


def _linked(service: Telegram, path: str) -> JSON:
    link = service.state.links.get(path)
    is_local = service.switch("local", default=False)
    if link is None or is_local or link["expires_at"] < service.sandbox.clock.now():
        raise TelegramError(404, "Not Found")
    file = service.state.files.get(link["file_id"])
    if file is None:
        raise TelegramError(404, "Not Found")
    return file


def _wanted(request: web.Request, size: int) -> tuple[int, int]:
    """Return the half-open range that was asked for, within the file."""
    try:
        wanted = request.http_range
    except ValueError:
        return 0, size
    start, end, _ = slice(wanted.start, wanted.stop).indices(size)
    if start >= end:
        raise TelegramError(416, "Requested Range Not Satisfiable")
    return start, end


METHODS: dict[str, Method] = {"getFile": get_file}
