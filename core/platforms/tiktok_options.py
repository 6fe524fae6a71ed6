"""How a post at TikTok may be: what the creator allows now, and what the options ask for.

Pages (developers.tiktok.com/doc): content-posting-api-reference-query-creator-info, 2026-08-04;
-direct-post, 2026-08-24; content-sharing-guidelines, 2026-08-04.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.platforms.base import Job
from core.platforms.faults import refuse, wants, whole, words
from core.posts.models import Privacy
from utils.http import JSON

LEVELS = {
    Privacy.PUBLIC: "PUBLIC_TO_EVERYONE",
    Privacy.FOLLOWERS: "FOLLOWER_OF_CREATOR",
    Privacy.FRIENDS: "MUTUAL_FOLLOW_FRIENDS",
    Privacy.PRIVATE: "SELF_ONLY",
}
LEVEL_WORDS = {level: privacy.value for privacy, level in LEVELS.items()}

OPTIONS = ("comments", "duet", "stitch", "brand", "ai", "cover", "draft")
SWITCHES = (
    # Option, what creator_info says when the creator has it off, field of the post.
    ("comments", "comment_disabled", "disable_comment"),
    ("duet", "duet_disabled", "disable_duet"),
    ("stitch", "stitch_disabled", "disable_stitch"),
)
PAID, OWN = frozenset({"paid", "both"}), frozenset({"own", "both"})
"""Values of the option ``brand`` that mean a paid partnership, and the creator's own brand."""


def is_draft(options: Mapping[str, str]) -> bool:
    """Return whether the video only goes to the inbox, to be finished in the app."""
    return wants(options, "draft")


def read_creator(job: Job, data: JSON) -> JSON:
    """Return what the session keeps of ``creator_info``: user name, level, what may be allowed.

    Raises:
        RemoteError: ``REJECTED`` when the wish is not among what TikTok allows this creator now.
    """
    level = choose_level(job, data)
    _check_length(job, data)
    _check_brand(job.options, level)
    _ = cover_milliseconds(job)
    switches = {option: data.get(disabled) is not True for option, disabled, _ in SWITCHES}
    return {"username": words(data, "creator_username"), "level": level, **switches}


def choose_level(job: Job, data: JSON) -> str:
    """Return who may see it, from what TikTok offers this creator now.

    Where nobody chose, it is the first that TikTok lists: all for a public account, followers for
    a private one, never more than the account itself shows.
    Source: query-creator-info and content-sharing-guidelines, 2026-08-04.
    """
    raw = data.get("privacy_level_options")
    offered = [str(item) for item in raw] if isinstance(raw, list) else []
    level = LEVELS.get(job.privacy, "")
    if level in offered:
        return level
    if offered and not job.privacy_asked:
        return offered[0]
    choices = ", ".join(LEVEL_WORDS.get(item, item) for item in offered) or "nothing"
    raise refuse(
        f"TikTok does not offer “{job.privacy.value}” to this account now, only: {choices}",
        code="privacy_level_option_mismatch",
    )


def build_post(job: Job, creator: Mapping[str, Any]) -> JSON:
    """Return ``post_info`` of a Direct Post; ``creator`` is what `read_creator` kept."""
    brand = job.options.get("brand", "")
    post: JSON = {
        "privacy_level": creator["level"],
        "title": job.text.description,
        # Source: direct-post reference, 2026-08-24: the table calls it required.
        "brand_content_toggle": brand in PAID,
        "brand_organic_toggle": brand in OWN,
        "is_aigc": wants(job.options, "ai"),
    }
    for option, _, field in SWITCHES:
        # What the creator switched off in the app stays off, whatever is asked for.
        allowed = bool(creator[option]) and wants(job.options, option, default=True)
        post[field] = not allowed
    cover = cover_milliseconds(job)
    if cover is not None:
        post["video_cover_timestamp_ms"] = cover
    return post


def cover_milliseconds(job: Job) -> int | None:
    """Return the place of the cover in the video; None leaves the first frame.

    Raises:
        RemoteError: ``REJECTED`` when it is no place of this video.
    """
    given = job.options.get("cover", "")
    if not given:
        return None
    try:
        seconds = float(given)
    except ValueError:
        raise refuse(f"“{given}” is no place of a video in seconds", code="cover") from None
    longest = job.facts.duration_seconds
    if not 0 <= seconds <= (24 * 3600.0 if longest is None else longest):
        raise refuse(f"the video has no frame at {seconds:g} s for a cover", code="cover")
    return round(seconds * 1000)


def _check_length(job: Job, data: JSON) -> None:
    longest, duration = whole(data, "max_video_post_duration_sec"), job.facts.duration_seconds
    if longest and duration is not None and duration > longest:
        raise refuse(
            f"this TikTok account may post up to {longest} s, the video has {duration:.0f} s",
            code="duration_check_failed",
        )


def _check_brand(options: Mapping[str, str], level: str) -> None:
    # Source: content-sharing-guidelines, 2026-08-04: branded content may not be SELF_ONLY.
    if options.get("brand", "") in PAID and level == LEVELS[Privacy.PRIVATE]:
        raise refuse(
            "TikTok takes no paid partnership that only its owner sees: choose another privacy",
            code="brand",
        )
