"""What a new Instagram container asks for: source, caption, cover, feed, co-authors, AI label.

Page (developers.facebook.com/documentation/instagram-platform): reference/ig-user/media, mirrored
2026-09-11; ``is_ai_generated``: changelog, 2026-06-22; read 2026-11-21.
"""

from __future__ import annotations

import json

from core.platforms.base import Job
from core.platforms.faults import refuse, wants
from core.platforms.instagram_hosts import login


def check_container(job: Job) -> None:
    """Refuse what the container would be refused for, before anything is sent."""
    _check_source(job)
    _check_cover(job)


def container_form(job: Job) -> dict[str, str]:
    form = {"media_type": "REELS", "caption": job.text.description}
    if login(job) == "instagram":
        form["video_url"] = job.options["video_url"]
    else:
        form["upload_type"] = "resumable"
    # The default of an omitted share_to_feed is not documented.
    in_feed = wants(job.options, "feed", default=True)
    form["share_to_feed"] = "true" if in_feed else "false"
    if wants(job.options, "ai"):
        form["is_ai_generated"] = "true"
    if names := job.options.get("collaborators", ""):
        form["collaborators"] = json.dumps(names.split(","))
    return form | _cover_form(job)


def _cover_form(job: Job) -> dict[str, str]:
    """Return what makes the cover: a picture at a public address beats a place in the video."""
    if address := job.options.get("cover_url", ""):
        return {"cover_url": address}
    second = _cover_second(job)
    return {} if second is None else {"thumb_offset": str(round(second * 1000))}


def _cover_second(job: Job) -> float | None:
    try:
        return float(job.options.get("cover", ""))
    except ValueError:
        return None


def _check_cover(job: Job) -> None:
    """Refuse a cover behind the end before the bytes are sent; else 1/2207057 comes after them."""
    second, length = _cover_second(job), job.facts.duration_seconds
    if second is not None and length is not None and second > length:
        raise refuse(
            f"the cover at {second:g} s lies behind the end of the video ({length:g} s)",
            code="cover",
        )


def _check_source(job: Job) -> None:
    if login(job) == "instagram" and not job.options.get("video_url"):
        raise refuse(
            "an account connected by Instagram Login takes videos only from a public address: "
            "set up a storage with public links, or connect it by Facebook Login",
            code="video_url",
        )
