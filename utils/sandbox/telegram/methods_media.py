"""Methods that send files: by upload, by id, by address, and as albums."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from utils.sandbox.telegram.body import Received
from utils.sandbox.telegram.call import CAPTION_LIMIT, Call, Method, caption_fields, format_text
from utils.sandbox.telegram.errors import bad_request, too_large
from utils.sandbox.telegram.fetch import fetch
from utils.sandbox.telegram.keyboards import read_markup
from utils.sandbox.telegram.media import (
    guess_mime_type,
    is_playable,
    is_thumbnail,
    media_fields,
    new_file,
    picture_size,
)
from utils.sandbox.telegram.posting import charge, post, require_target

JSON = dict[str, Any]

PHOTO_LIMIT_BYTES = 10 * 1024 * 1024
PIXEL_LIMIT = 10_000
DURATION_LIMIT_SECONDS = 24 * 3600
ALBUM_SIZES = range(2, 11)
ALBUM_KINDS = {"photo": "visual", "video": "visual", "document": "document", "audio": "audio"}
WRONG_FILE = "wrong file_id or the file is temporarily unavailable"
WRONG_ALBUM = "can't use the media of the specified type in the album"


def sender(kind: str) -> Method:
    """Return the method that sends one file of a kind."""

    async def send(call: Call) -> JSON:
        chat = require_target(call)
        caption = call.caption()
        read_markup(call, chat["type"])
        file = await resolve(call, kind, call.arguments.values.get(kind), kind)
        file = with_facts(call, file, call.arguments.values)
        await charge(call, chat)
        return post(call, chat, {**content(call, file), **caption, **_flags(call)}, file=file)

    return send


async def send_media_group(call: Call) -> list[JSON]:
    chat = require_target(call)
    items = call.sequence("media") or []
    if len(items) not in ALBUM_SIZES:
        few = len(items) < ALBUM_SIZES.start
        raise bad_request(f"too {'few' if few else 'many'} messages to send as an album")
    _check_album(items)
    prepared = [await _album_item(call, item) for item in items]
    await charge(call, chat, len(items))
    group = {"media_group_id": str(uuid4().int % 10**17)}
    return [post(call, chat, {**fields, **group}, file=file) for fields, file in prepared]


def _check_album(items: list[Any]) -> None:
    if not all(isinstance(item, dict) and item.get("type") in ALBUM_KINDS for item in items):
        raise bad_request(WRONG_ALBUM)
    if len({ALBUM_KINDS[item["type"]] for item in items}) > 1:
        raise bad_request(WRONG_ALBUM)


async def _album_item(call: Call, item: JSON) -> tuple[JSON, JSON]:
    text, entities = format_text(
        str(item.get("caption") or ""),
        parse_mode=str(item.get("parse_mode") or ""),
        entities=item.get("caption_entities"),
        limit=CAPTION_LIMIT,
    )
    kind = str(item["type"])
    file = with_facts(call, await resolve(call, kind, item.get("media"), "media"), item)
    fields = {**content(call, file), **caption_fields(text, entities)}
    if item.get("has_spoiler"):
        fields["has_media_spoiler"] = True
    return fields, file


def content(call: Call, file: JSON) -> JSON:
    """Return the fields of a message that show a file."""
    return media_fields(file, with_size=not call.switch("omit_file_size", default=False))


def _flags(call: Call) -> JSON:
    flags = {}
    if call.boolean("show_caption_above_media"):
        flags["show_caption_above_media"] = True
    if call.boolean("has_spoiler"):
        flags["has_media_spoiler"] = True
    return flags


async def resolve(call: Call, kind: str, value: object, field: str) -> JSON:
    """Return the file that an argument means: an upload, an address, a path or an id.

    Raises:
        TelegramError: when there is none, or it may not be used here.
    """
    text = value if isinstance(value, str) else ""
    name = text.removeprefix("attach://") if text.startswith("attach://") else field
    uploaded = call.arguments.files.get(name)
    if uploaded and (not text or text.startswith("attach://")):
        return keep(call, kind, uploaded[0])
    if not text or text.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    if text.startswith("file:/"):
        return _local_file(call, kind, text)
    if "://" in text:
        return keep(call, kind, await fetch(call, kind, text))
    return _known_file(call, kind, text)


def keep(call: Call, kind: str, received: Received) -> JSON:
    """Turn what was uploaded into a file of this bot; other formats of video are documents."""
    size = received.blob.size
    if size == 0:
        raise bad_request("file must be non-empty")
    if kind == "photo" and size > PHOTO_LIMIT_BYTES:
        raise too_large()
    facts: JSON = {}
    if kind == "photo":
        found = picture_size(bytes(received.head))
        if found is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        facts = {"width": found[0], "height": found[1]}
    if kind == "video" and not _plays(call, received):
        kind = "document"
    received.is_kept = True
    named = received.content_type not in {"application/octet-stream", "text/plain", ""}
    return _stored(
        call,
        new_file(
            bot_id=call.bot["id"],
            kind=kind,
            path=received.blob.path,
            size=size,
            sha256=received.blob.sha256(),
            name=received.filename,
            mime_type=received.content_type if named else guess_mime_type(received.filename),
            **facts,
        ),
    )


def _plays(call: Call, received: Received) -> bool:
    """Tell whether clients play it: only MPEG-4, by its name or also by its first box."""
    looks = call.service.sandbox.options.switch("telegram", "check_files", default=False)
    if looks and bytes(received.head)[4:8] != b"ftyp":
        return False
    return is_playable(received.filename, received.content_type)


def _local_file(call: Call, kind: str, address: str) -> JSON:
    path = Path("/" + address.removeprefix("file:").lstrip("/"))
    if not call.is_local or not path.is_file():
        raise bad_request("invalid file HTTP URL specified: URL host is empty")
    blob = call.service.sandbox.blob(f"telegram-{uuid4().hex}{path.suffix}")
    received = Received(filename=path.name, content_type="", blob=blob)
    with path.open("rb") as file:
        while piece := file.read(1024 * 1024):
            received.append(piece)
    blob.close()
    return keep(call, kind, received)


def _known_file(call: Call, kind: str, file_id: str) -> JSON:
    file = call.service.state.files.get(file_id)
    if file is None or file["bot_id"] != call.bot["id"]:
        raise bad_request(WRONG_FILE)
    if file["kind"] != kind:
        have, want = (
            name.replace("_", " ").title().replace(" ", "") for name in (file["kind"], kind)
        )
        raise bad_request(f"can't use file of type {have} as {want}")
    return file


def with_facts(call: Call, file: JSON, named: JSON) -> JSON:
    """Put the facts that the caller names into a fresh upload, within their limits."""
    if file.get("has_facts"):
        return file
    numbers = {
        "width": _clamped(named.get("width"), PIXEL_LIMIT),
        "height": _clamped(named.get("height"), PIXEL_LIMIT),
        "duration": _clamped(named.get("duration"), DURATION_LIMIT_SECONDS),
        "start_timestamp": _clamped(named.get("start_timestamp"), DURATION_LIMIT_SECONDS),
    }
    if file["kind"] != "photo":
        file = {**file, **{name: number for name, number in numbers.items() if number}}
    thumbnail = _picture(call, named.get("thumbnail"), "thumbnail", small=True)
    if thumbnail is not None:
        file["thumbnail"] = thumbnail
    cover = _picture(call, named.get("cover"), "cover", small=False)
    if cover is not None:
        file["cover"] = [cover]
    return _stored(call, {**file, "has_facts": True})


def _picture(call: Call, value: object, field: str, *, small: bool) -> JSON | None:
    """Return an attached picture as the server shows it; an unfit thumbnail is ignored."""
    text = value if isinstance(value, str) else ""
    uploaded = call.arguments.files.get(text.removeprefix("attach://") or field)
    if not uploaded:
        return None
    received = uploaded[0]
    if small and not is_thumbnail(bytes(received.head), received.blob.size):
        return None
    shown = media_fields(keep(call, "photo", received))["photo"][0]
    return dict(shown)


def _stored(call: Call, file: JSON) -> JSON:
    call.service.state.files.put(file["file_id"], file)
    return file


def _clamped(value: object, limit: int) -> int:
    try:
        number = int(str(value or 0))
    except ValueError:
        raise bad_request("invalid video dimensions specified") from None
    return max(0, min(number, limit))


METHODS: dict[str, Method] = {
    "sendVideo": sender("video"),
    "sendDocument": sender("document"),
    "sendPhoto": sender("photo"),
    "sendAnimation": sender("animation"),
    "sendAudio": sender("audio"),
    "sendVideoNote": sender("video_note"),
    "sendMediaGroup": send_media_group,
}
