"""Files as messages show them: their ids, their facts, and a look at pictures."""

from __future__ import annotations

import base64
import mimetypes
import struct
from pathlib import Path
from typing import Any
from uuid import uuid4

JSON = dict[str, Any]

KINDS = ("video", "document", "video_note", "animation", "photo", "audio")
PLAYABLE = frozenset({"video/mp4"})
THUMBNAIL_LIMIT_BYTES = 200_000
THUMBNAIL_LIMIT_PIXELS = 320
FOLDERS = {"video": "videos", "photo": "photos", "audio": "music", "video_note": "video_notes"}


def new_file(
    *,
    bot_id: int,
    kind: str,
    path: Path | None,
    size: int,
    sha256: str,
    name: str = "",
    mime_type: str = "",
    **facts: Any,
) -> JSON:
    """Return the document of a new file; only the bot of `bot_id` may use its id."""
    unique = uuid4().hex
    return {
        "file_id": _encoded(f"{bot_id}|{kind}|{unique}"),
        "file_unique_id": "Ag" + _encoded(unique[:20])[:16],
        "bot_id": bot_id,
        "kind": kind,
        "path": None if path is None else str(path.absolute()),
        "size": size,
        "sha256": sha256,
        "name": name,
        "mime_type": mime_type or guess_mime_type(name),
        **facts,
    }


def guess_mime_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def media_fields(file: JSON, *, with_size: bool = True) -> JSON:
    """Return the fields of a message that show a file."""
    kind = str(file["kind"])
    shown = _shown(file, with_size=with_size)
    if kind == "photo":
        return {"photo": [shown]}
    if kind == "animation":
        # Older programs look for animations among the documents.
        return {"animation": shown, "document": _shown({**file, "kind": "document"})}
    return {kind: shown}


_FACTS = {
    "video": ("width", "height", "duration"),
    "animation": ("width", "height", "duration"),
    "photo": ("width", "height"),
    "audio": ("duration",),
    "document": (),
    "video_note": ("duration",),
}


def _shown(file: JSON, *, with_size: bool = True) -> JSON:
    kind = str(file["kind"])
    shown: JSON = {"file_id": file["file_id"], "file_unique_id": file["file_unique_id"]}
    for fact in _FACTS[kind]:
        shown[fact] = int(file.get(fact) or 0)
    if kind == "video_note":
        shown["length"] = int(file.get("width") or 0)
    for name, value in _optional(file, kind).items():
        if value:
            shown[name] = value
    if with_size:
        shown["file_size"] = int(file["size"])
    return shown


def _optional(file: JSON, kind: str) -> JSON:
    fields = {}
    if kind not in {"photo", "video_note"}:
        fields = {"file_name": file.get("name"), "mime_type": file.get("mime_type")}
    if kind != "photo":
        fields["thumbnail"] = file.get("thumbnail")
    if kind == "video":
        fields["cover"] = file.get("cover")
        fields["start_timestamp"] = file.get("start_timestamp")
    return fields


def is_playable(name: str, mime_type: str) -> bool:
    """Tell whether a file sent as video stays one; other formats become documents."""
    return mime_type in PLAYABLE or guess_mime_type(name) in PLAYABLE


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a JPEG or PNG from its first bytes, None for others."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    return None


def is_thumbnail(data: bytes, size: int) -> bool:
    """Tell whether a picture is small enough; the server ignores others in silence."""
    found = picture_size(data) if data.startswith(b"\xff\xd8") else None
    return found is not None and size <= THUMBNAIL_LIMIT_BYTES and max(found) <= 320


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 < len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        (length,) = struct.unpack(">H", data[position + 2 : position + 4])
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return None


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
