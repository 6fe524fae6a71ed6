"""Facebook's rules about Page reels and videos, as functions without state."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from utils.sandbox import figures
from utils.sandbox.meta import DAY, Call, GraphError, missing
from utils.sandbox.probe import MediaFacts

STATES = frozenset({"PUBLISHED", "DRAFT", "SCHEDULED"})
SOONEST_SECONDS = 600.0
LATEST_SECONDS = {"reel": 29 * DAY, "video": 183 * DAY}
VIDEO_CODECS = frozenset({"h264", "hevc", "vp9", "av1"})
BAD_RATIO, BAD_RESOLUTION, BAD_LENGTH, BAD_RATE = 1363040, 1363127, 1363128, 1363129
SIZE_MISMATCH = 1363045
BAD_FILE = 6000
BAD_FILE_TEXT = "Problem with file. Try with another file."
WATCHED_MS = 4200
METRICS: dict[str, Callable[[float], Any]] = {
    "blue_reels_play_count": figures.views,
    "fb_reels_total_plays": lambda seconds: figures.views(seconds) * 5 // 4,
    "fb_reels_replay_count": lambda seconds: figures.views(seconds) // 4,
    "post_video_avg_time_watched": lambda seconds: WATCHED_MS if figures.views(seconds) else 0,
    "post_video_view_time": lambda seconds: figures.views(seconds) * WATCHED_MS,
    "post_video_likes_by_reaction_type": lambda seconds: {"REACTION_LIKE": figures.likes(seconds)},
    "post_video_social_actions": lambda seconds: {
        "COMMENT": figures.comments(seconds),
        "SHARE": figures.shares(seconds),
    },
    "post_video_followers": figures.shares,
    "post_video_retention_graph": lambda seconds: {"0": 1.0 if figures.views(seconds) else 0.0},
}
"""Each metric with its value by the seconds for which a video could be seen."""


def scheduled_time(call: Call, kind: str, now: float) -> float | None:
    """Return when a post is to appear, or None for at once.

    Raises:
        GraphError: 100 when state and time do not go together or the time is out of bounds.
    """
    given = "scheduled_publish_time" in call.params
    if kind == "reel":
        scheduled = _state(call) == "SCHEDULED"
    else:
        scheduled = given
        if given and call.flag("published", default=True):
            raise GraphError(100, "(#100) A scheduled video must have published=false")
    if given and not scheduled:
        raise GraphError(100, "(#100) scheduled_publish_time is for SCHEDULED only")
    return scheduled_moment(call, kind, now) if scheduled else None


def scheduled_moment(call: Call, kind: str, now: float) -> float:
    """Return the time in a call.

    Raises:
        GraphError: 100 when it is too soon or too late.
    """
    moment = float(call.number("scheduled_publish_time"))
    if not now + SOONEST_SECONDS < moment <= now + LATEST_SECONDS[kind]:
        raise GraphError(100, "(#100) The specified scheduled publish time is invalid")
    return moment


def _state(call: Call) -> str:
    state = call.require("video_state")
    if state not in STATES:
        raise GraphError(100, f"(#100) Param video_state must be one of {sorted(STATES)}")
    return state


def wanted_state(call: Call, kind: str) -> str:
    if kind == "reel":
        return _state(call)
    if "scheduled_publish_time" in call.params:
        return "SCHEDULED"
    return "PUBLISHED" if call.flag("published", default=True) else "DRAFT"


def media_fault(facts: MediaFacts | None, kind: str) -> tuple[int, str] | None:
    """Return the number and the text of what is wrong with a file, or None."""
    if facts is None:
        return None
    if not facts.is_readable or facts.video_codec not in VIDEO_CODECS:
        return BAD_FILE, BAD_FILE_TEXT
    if kind == "video":
        return None
    if not _is_reel_format(facts):
        return BAD_FILE, BAD_FILE_TEXT
    ratio = facts.width / max(1, facts.height)
    rules = (
        (not 9 / 16 - 0.01 <= ratio <= 16 / 9 + 0.01, BAD_RATIO, "aspect ratio"),
        (not _is_large_enough(facts), BAD_RESOLUTION, "resolution"),
        # A length is written in ticks: a tenth of a second beside the border is still on it.
        (not 2.9 <= facts.duration_seconds <= 90.1, BAD_LENGTH, "duration"),
        (not 23.9 <= facts.fps <= 60, BAD_RATE, "frame rate"),
    )
    found = (
        (code, f"The video's {what} is not supported") for broken, code, what in rules if broken
    )
    return next(found, None)


def _is_reel_format(facts: MediaFacts) -> bool:
    sound = facts.audio_codec in {"", "aac"}
    return facts.is_mp4_family and facts.is_420 and not facts.is_hdr and sound


def _is_large_enough(facts: MediaFacts) -> bool:
    return min(facts.width, facts.height) >= 540 and max(facts.width, facts.height) >= 960


def insights(call: Call, seconds: float, *, several_are_empty: bool) -> dict[str, Any]:
    """Answer a question for metrics of a video that could be seen for so long."""
    metrics = call.items("metric")
    if not metrics:
        raise missing("metric")
    if any(metric not in METRICS for metric in metrics):
        raise GraphError(100, "(#100) The value must be a valid insights metric")
    if len(metrics) > 1 and several_are_empty:
        return {"data": []}
    rows = [
        {"name": name, "period": "lifetime", "values": [{"value": METRICS[name](seconds)}]}
        for name in metrics
    ]
    url = f"{call.request.url.with_query(None)}?access_token={call.access}&after=1"
    return {"data": rows, "paging": {"next": url}}


def picture_digest(content: bytes) -> str:
    """Return the SHA-256 of a picture.

    Raises:
        GraphError: 100 when it is neither JPEG nor PNG.
    """
    if not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        raise GraphError(100, "(#100) The picture has no supported format")
    return hashlib.sha256(content).hexdigest()
