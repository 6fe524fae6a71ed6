"""Facebook's rules about Page reels and videos, as functions without state."""

from __future__ import annotations

from typing import Any

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
METRICS = frozenset(
    {
        "blue_reels_play_count",
        "fb_reels_total_plays",
        "fb_reels_replay_count",
        "post_video_avg_time_watched",
        "post_video_view_time",
        "post_video_likes_by_reaction_type",
        "post_video_social_actions",
        "post_video_followers",
        "post_video_retention_graph",
    }
)


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
    if not scheduled:
        return None
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


def _is_large_enough(facts: MediaFacts) -> bool:
    return min(facts.width, facts.height) >= 540 and max(facts.width, facts.height) >= 960


def insights(call: Call, *, several_are_empty: bool) -> dict[str, Any]:
    """Answer a question for metrics of a fresh video."""
    metrics = call.items("metric")
    if not metrics:
        raise missing("metric")
    if any(metric not in METRICS for metric in metrics):
        raise GraphError(100, "(#100) The value must be a valid insights metric")
    if len(metrics) > 1 and several_are_empty:
        return {"data": []}
    rows = [{"name": metric, "period": "lifetime", "values": [{"value": 0}]} for metric in metrics]
    url = f"{call.request.url.with_query(None)}?access_token={call.access}&after=1"
    return {"data": rows, "paging": {"next": url}}
