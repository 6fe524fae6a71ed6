"""Instagram's rules about captions, parameters and reel files, as functions without state."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from utils.sandbox import figures
from utils.sandbox.meta import Call, GraphError, missing
from utils.sandbox.probe import MediaFacts

CAPTION_UNITS = 2200
MENTIONS, HASHTAGS, COLLABORATORS = 20, 30, 3
MAX_FILE_BYTES = 300_000_000
MAX_VIDEO_BITS = 25_000_000
MEDIA_TYPES = frozenset({None, "VIDEO", "REELS", "STORIES"})
VIDEO_CODECS = frozenset({"h264", "hevc"})
UNSUPPORTED_FORMAT = 2207026
BAD_THUMB_OFFSET = 2207057
UNKNOWN_UPLOAD_ERROR = 2207053
WATCHED_MS = 4200
METRICS: dict[str, Callable[[float], float]] = {
    "views": figures.views,
    "reach": lambda seconds: figures.views(seconds) * 4 // 5,
    "likes": figures.likes,
    "comments": figures.comments,
    "saved": figures.shares,
    "shares": figures.shares,
    "reposts": figures.shares,
    "total_interactions": lambda seconds: figures.likes(seconds) + figures.comments(seconds),
    "ig_reels_avg_watch_time": lambda seconds: WATCHED_MS if figures.views(seconds) else 0,
    "ig_reels_video_view_total_time": lambda seconds: figures.views(seconds) * WATCHED_MS,
    "reels_skip_rate": lambda seconds: 12.5 if figures.views(seconds) else 0.0,
    "crossposted_views": figures.views,
    "facebook_views": figures.views,
}
FACEBOOK_LOGIN_METRICS: dict[str, Callable[[float], float]] = {
    "total_likes": figures.likes,
    "total_comments": figures.comments,
    "total_views": figures.views,
}
"""Each metric with its value by the age of the numbers in seconds."""
PARTNERSHIP = ("is_paid_partnership", "branded_content_sponsor_ids")
SPONSORS = 2
STATUS_TEXTS = {
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "PUBLISHED": "Published: Media has been successfully published.",
    "EXPIRED": "Expired: Media was not published within 24 hours.",
}

_MENTION = re.compile(r"(?<!\w)@\w[\w.]*")
_HASHTAG = re.compile(r"(?<!\w)#\w+")


def check_creation(call: Call) -> None:
    """Refuse the parameters of a new container that are wrong from the start."""
    if call.params.get("media_type") not in MEDIA_TYPES:
        raise GraphError(100, "Unknown media type", subcode=2207023)
    if "image_url" in call.params:
        raise GraphError(36001, "The image format is not supported.", subcode=2207005)
    if "alt_text" in call.params:
        raise GraphError(100, "(#100) alt_text is for images only")
    check_caption(str(call.params.get("caption", "")))
    if len(call.items("collaborators")) > COLLABORATORS:
        raise GraphError(100, "(#100) At most 3 collaborators can be invited")
    if "thumb_offset" in call.params:
        call.number("thumb_offset")
    if call.face != "graph" and any(name in call.params for name in PARTNERSHIP):
        raise GraphError(100, "(#100) Paid partnerships need a Facebook Login")
    if len(call.items("branded_content_sponsor_ids")) > SPONSORS:
        raise GraphError(100, "(#100) At most 2 sponsors can be named")


def check_caption(caption: str) -> None:
    if len(caption.encode("utf-16-le")) // 2 > CAPTION_UNITS:
        raise GraphError(36004, "The caption was too long.", subcode=2207010)
    if len(_MENTION.findall(caption)) > MENTIONS:
        raise GraphError(100, "The caption has too many @ tags.", subcode=2207040)
    if len(_HASHTAG.findall(caption)) > HASHTAGS:
        raise GraphError(100, "The caption has too many hashtags.")


def strip_hashtags(caption: str, most: int) -> str:
    """Return the caption without the hashtags beyond a number."""
    surplus = list(_HASHTAG.finditer(caption))[most:]
    for match in reversed(surplus):
        caption = caption[: match.start()] + caption[match.end() :]
    return caption.rstrip() if surplus else caption


def media_fault(
    facts: MediaFacts | None, media_type: str, thumb_offset: int, *, allow_edit_list: bool
) -> int | None:
    """Return the error number of a received file, or None when it may be published."""
    if facts is None:
        return None
    cut = facts.edit_list and not allow_edit_list
    if cut or not _is_acceptable(facts, 60.0 if media_type == "STORIES" else 900.0):
        return UNSUPPORTED_FORMAT
    return BAD_THUMB_OFFSET if thumb_offset > facts.duration_seconds * 1000 else None


def _is_acceptable(facts: MediaFacts, longest: float) -> bool:
    silent = not facts.audio_codec
    sound = facts.audio_codec == "aac" and facts.audio_rate <= 48_000 and facts.audio_channels <= 2
    return (
        facts.is_readable
        and facts.is_mp4_family
        and _is_picture_acceptable(facts)
        # A length is written in ticks: a tenth of a second below three is still three.
        and 2.9 <= facts.duration_seconds <= longest
        and facts.size_bytes <= MAX_FILE_BYTES
        and (silent or sound)
        and facts.moov_first
    )


def _is_picture_acceptable(facts: MediaFacts) -> bool:
    return (
        facts.video_codec in VIDEO_CODECS
        and facts.is_420
        and not facts.is_hdr
        and facts.video_bits <= MAX_VIDEO_BITS
        and 23 <= facts.fps <= 60
        and facts.width <= 1920
        and 0.01 <= facts.width / max(1, facts.height) <= 10
    )


def insights(call: Call, media: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Answer a question for metrics of a reel whose numbers are so old; 0 is none yet."""
    known = {**METRICS, **(FACEBOOK_LOGIN_METRICS if call.face == "graph" else {})}
    metrics = call.items("metric")
    if not metrics:
        raise missing("metric")
    unknown = [metric for metric in metrics if metric not in known]
    if unknown:
        raise GraphError(100, f"(#100) metric[0] must be one of: {', '.join(sorted(known))}")
    if "facebook_views" in metrics and not media.get("crossposted"):
        raise GraphError(100, "(#100) The reel was not shared to Facebook")
    if seconds <= 0:
        return {"data": []}
    return {"data": [_metric_row(media, name, known[name](seconds)) for name in metrics]}


def _metric_row(media: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    return {
        "name": name,
        "period": "lifetime",
        "values": [{"value": value}],
        "title": name.replace("_", " ").capitalize(),
        "description": name,
        "id": f"{media['id']}/insights/{name}/lifetime",
    }
