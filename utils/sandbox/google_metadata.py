"""The rules of a video's metadata: what is refused on insert and on update, and what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from utils.sandbox.google_errors import (
    PART,
    VIDEO,
    ApiError,
    body_error,
    generic,
    parameter_error,
)

VIDEO_PARTS = frozenset(
    {
        "ageGating",
        "brandPartner",
        "contentDetails",
        "fileDetails",
        "id",
        "liveStreamingDetails",
        "localizations",
        "paidProductPlacementDetails",
        "player",
        "processingDetails",
        "recordingDetails",
        "snippet",
        "statistics",
        "status",
        "suggestions",
        "topicDetails",
    }
)
OWNER_PARTS = frozenset({"fileDetails", "processingDetails", "suggestions"})

CATEGORIES = {
    "1": ("Film & Animation", True),
    "2": ("Autos & Vehicles", True),
    "10": ("Music", True),
    "15": ("Pets & Animals", True),
    "17": ("Sports", True),
    "18": ("Short Movies", False),
    "19": ("Travel & Events", True),
    "20": ("Gaming", True),
    "21": ("Videoblogging", False),
    "22": ("People & Blogs", True),
    "23": ("Comedy", True),
    "24": ("Entertainment", True),
    "25": ("News & Politics", True),
    "26": ("Howto & Style", True),
    "27": ("Education", True),
    "28": ("Science & Technology", True),
    "29": ("Nonprofits & Activism", True),
    "30": ("Movies", False),
    "43": ("Shows", False),
    "44": ("Trailers", False),
}
"""Title and whether a video may be put into it."""

TITLE_LENGTH = 100
DESCRIPTION_BYTES = 5000
TAGS_LENGTH = 500
PRIVACY = ("public", "unlisted", "private")
LICENSES = ("youtube", "creativeCommon")

SNIPPET: dict[str, Any] = {"title": "", "description": "", "tags": [], "categoryId": "22"}
STATUS: dict[str, Any] = {
    "privacyStatus": "public",
    "license": "youtube",
    "embeddable": True,
    "publicStatsViewable": True,
}
STATUS_TYPES = {
    "privacyStatus": str,
    "publishAt": str,
    "license": str,
    "embeddable": bool,
    "publicStatsViewable": bool,
    "selfDeclaredMadeForKids": bool,
    "containsSyntheticMedia": bool,
}
SNIPPET_TYPES = {
    "title": str,
    "description": str,
    "tags": list,
    "categoryId": str,
    "defaultLanguage": str,
    "defaultAudioLanguage": str,
}
SNIPPET_REASONS = {
    "title": "invalidTitle",
    "description": "invalidDescription",
    "tags": "invalidTags",
    "categoryId": "invalidCategoryId",
}


def read_parts(request: web.Request, known: frozenset[str]) -> frozenset[str]:
    """Return the names in `part`.

    Raises:
        ApiError: when there are none, or one is unknown.
    """
    parts = [
        name.strip() for value in request.query.getall("part", []) for name in value.split(",")
    ]
    parts = [name for name in parts if name]
    if not parts:
        raise parameter_error("missingRequiredParameter", "part", "Required parameter: part")
    for name in parts:
        if name not in known:
            raise ApiError(
                400,
                "unknownPart",
                f"'{name}' is no part of this resource",
                domain=PART,
                location="part",
                location_type="parameter",
            )
    return frozenset(parts)


def read_ids(request: web.Request, *, most: int = 50) -> list[str]:
    """Return the ids of a comma list; empty when there is none.

    Raises:
        ApiError: when there are too many.
    """
    values = [
        name.strip() for value in request.query.getall("id", []) for name in value.split(",")
    ]
    ids = list(dict.fromkeys(name for name in values if name))
    if len(ids) > most:
        raise parameter_error("invalidParameter", "id", f"at most {most} ids in one call")
    return ids


async def read_resource(request: web.Request) -> dict[str, Any]:
    """Return the JSON object of a body; no body is an empty one.

    Raises:
        ApiError: when it is no JSON object.
    """
    text = await request.text()
    try:
        body = await request.json() if text else {}
    except ValueError as error:
        raise ApiError(400, "parseError", f"Parse Error: {error}") from error
    if not isinstance(body, dict):
        raise generic(400, "the body has to be an object")
    return body


def checked_video(body: dict[str, Any], parts: Iterable[str]) -> dict[str, Any]:
    """Return what is kept of a video resource: every listed part, filled with defaults.

    A field that is left out falls back to its default, so that the same rule serves insert
    and update.

    Raises:
        ApiError: for the first rule that is broken.
    """
    parts = frozenset(parts)
    unexpected = (set(body) & set(CHECKS)) - parts
    if unexpected:
        name = min(unexpected)
        raise parameter_error("unexpectedPart", "part", f"the body has {name}, part has not")
    kept = {name: CHECKS[name](_part(body, name)) for name in CHECKS if name in parts}
    if kept.get("localizations") and not kept.get("snippet", {}).get("defaultLanguage"):
        raise body_error(
            "defaultLanguageNotSet", "localizations", "snippet.defaultLanguage is not set"
        )
    return kept


def rfc3339(text: str) -> datetime:
    """Read a moment that names its zone.

    Raises:
        ValueError: when it is malformed.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or "T" not in text.upper():
        raise ValueError(f"{text!r} is no RFC 3339 moment")
    return moment.astimezone(UTC)


def tags_length(tags: Iterable[str]) -> int:
    """Count as the remote does: commas between tags, two more for a tag with a space."""
    lengths = [len(tag) + (2 if " " in tag else 0) for tag in tags]
    return sum(lengths) + max(0, len(lengths) - 1)


def _part(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name, {})
    if not isinstance(value, dict):
        raise body_error("invalidVideoMetadata", name, f"{name} has to be an object")
    return value


def _typed(
    part: str, value: dict[str, Any], types: Mapping[str, type], reasons: Mapping[str, str]
) -> dict[str, Any]:
    kept = {name: value[name] for name in types if value.get(name) is not None}
    for name, field in kept.items():
        if not isinstance(field, types[name]):
            reason = reasons.get(name, "invalidVideoMetadata")
            raise body_error(reason, f"{part}.{name}", f"Invalid value for {part}.{name}")
    return kept


def _snippet(value: dict[str, Any]) -> dict[str, Any]:
    snippet = {**SNIPPET, **_typed("snippet", value, SNIPPET_TYPES, SNIPPET_REASONS)}
    if not _is_title(snippet["title"]):
        raise body_error("invalidTitle", "snippet.title", "The video title is not valid.")
    if not _is_description(snippet["description"]):
        raise body_error(
            "invalidDescription", "snippet.description", "The video description is not valid."
        )
    if not _are_tags(snippet["tags"]):
        raise body_error("invalidTags", "snippet.tags", "The video keywords are not valid.")
    if not CATEGORIES.get(snippet["categoryId"], ("", False))[1]:
        raise body_error("invalidCategoryId", "snippet.categoryId", "The category is not valid.")
    return snippet


def _is_title(title: str) -> bool:
    # In UTF-16 units, the larger of the two ways to count.
    length = len(title.encode("utf-16-le")) // 2
    return bool(title.strip()) and length <= TITLE_LENGTH and not set(title) & set("<>")


def _is_description(text: str) -> bool:
    return len(text.encode()) <= DESCRIPTION_BYTES and not set(text) & set("<>")


def _are_tags(tags: list[Any]) -> bool:
    if not all(isinstance(tag, str) and tag.strip() for tag in tags):
        return False
    return tags_length(tags) <= TAGS_LENGTH


def _status(value: dict[str, Any]) -> dict[str, Any]:
    status = {**STATUS, **_typed("status", value, STATUS_TYPES, {"publishAt": "invalidPublishAt"})}
    for name, choices in (("privacyStatus", PRIVACY), ("license", LICENSES)):
        if status[name] not in choices:
            raise body_error("invalidVideoMetadata", f"status.{name}", f"Invalid value: {name}")
    if "publishAt" in status:
        _check_publish_at(status)
    return status


def _check_publish_at(status: dict[str, Any]) -> None:
    try:
        rfc3339(status["publishAt"])
    except ValueError as error:
        raise body_error("invalidPublishAt", "status.publishAt", str(error)) from error
    if status["privacyStatus"] != "private":
        raise body_error(
            "invalidPublishAt", "status.publishAt", "only a private video can be scheduled"
        )


def _localizations(value: dict[str, Any]) -> dict[str, Any]:
    for language, texts in value.items():
        text = texts if isinstance(texts, dict) else {}
        title, description = text.get("title"), text.get("description", "")
        if not isinstance(title, str) or not isinstance(description, str):
            raise body_error("invalidVideoMetadata", f"localizations.{language}", "no texts")
        if not _is_title(title):
            raise body_error("invalidTitle", f"localizations.{language}.title", "not valid")
        if not _is_description(description):
            raise body_error("invalidDescription", f"localizations.{language}", "not valid")
    return value


def _recording(value: dict[str, Any]) -> dict[str, Any]:
    kept = _typed("recordingDetails", value, {"recordingDate": str}, {})
    try:
        if kept:
            rfc3339(kept["recordingDate"])
    except ValueError as error:
        raise body_error(
            "invalidRecordingDetails", "recordingDetails.recordingDate", str(error)
        ) from error
    return kept


def _paid_placement(value: dict[str, Any]) -> dict[str, Any]:
    types = {"hasPaidProductPlacement": bool}
    return _typed("paidProductPlacementDetails", value, types, {})


def _brand_partner(value: dict[str, Any]) -> dict[str, Any]:
    return _typed("brandPartner", value, {"channelId": str, "channelHandle": str}, {})


CHECKS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "snippet": _snippet,
    "status": _status,
    "localizations": _localizations,
    "recordingDetails": _recording,
    "paidProductPlacementDetails": _paid_placement,
    "brandPartner": _brand_partner,
}
"""The parts that can be written."""


def checked_file_name(request: web.Request) -> str:
    """Return the name that the `Slug` header gives to the file.

    Raises:
        ApiError: when it is no name of a file.
    """
    name = request.headers.get("Slug", "unknown")
    if not name.strip() or "/" in name or not name.isprintable():
        raise ApiError(400, "invalidFilename", "The Slug header is not valid.", domain=VIDEO)
    return name
