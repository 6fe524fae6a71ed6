"""The videos of the YouTube stand-in: made from uploads, processed by the clock, shown by part."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from utils.sandbox import figures
from utils.sandbox.google_errors import VIDEO, ApiError
from utils.sandbox.google_metadata import rfc3339
from utils.sandbox.probe import probe
from utils.sandbox.server import Blob, Sandbox

SERVICE = "youtube"
SHORT_SECONDS = 180
FILE_PARTS = frozenset({"contentDetails", "fileDetails"})
CHANGES = frozenset({"gone", "visibility", "blocked", "rejected", "text"})
UNKNOWN_SECONDS = 60.0
"""The length of a video whose file tells none."""

THUMBNAILS = {
    "default": (120, 90),
    "medium": (320, 180),
    "high": (480, 360),
    "standard": (640, 480),
    "maxres": (1280, 720),
}

Document = dict[str, Any]


class Videos:
    """All videos of all channels; what was published is told to the sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._videos = sandbox.collection("youtube.videos")
        self._facts = sandbox.collection("youtube.facts")

    def create(
        self, session: Document, blob: Blob, outcome: Document, channel_title: str
    ) -> Document:
        """Make a video from a finished session; `outcome` says how its processing ends.

        It is `{"uploadStatus": "processed"}`, or failed with `failureReason`, or rejected
        with `rejectionReason`.
        """
        video = {
            "id": secrets.token_urlsafe(8),
            "channel": session["channel"],
            "channel_title": channel_title,
            "created_at": self._sandbox.clock.now(),
            "processing_seconds": self._sandbox.options.processing_seconds,
            "outcome": outcome,
            "sha256": blob.sha256(),
            "size": blob.size,
            "blob": blob.key,
            "file_name": session["details"]["file_name"],
            "media_type": session["media_type"],
            "kept": session["details"]["kept"],
            "notify": session["details"].get("notify", True),
            "thumbnail": None,
            "has_captions": False,
            "blocked": None,
            "public_at": None,
            "watched_seconds": 0.0,
            "was_public": False,
        }
        self._note_visibility(video)
        self.save(video)
        if outcome["uploadStatus"] == "processed":
            self._publish(video)
        return video

    def _note_visibility(self, video: Document) -> None:
        """Count the time for which everybody could see a video; statistics grow with it."""
        now, public = self._sandbox.clock.now(), _visibility(video) == "public"
        if public and video["public_at"] is None:
            video["public_at"], video["was_public"] = now, True
        elif not public and video["public_at"] is not None:
            video["watched_seconds"] += now - video["public_at"]
            video["public_at"] = None

    def get(self, video_id: str) -> Document | None:
        """Return a video as it is now, a scheduled one public once its time has come."""
        video = self._videos.get(video_id)
        return None if video is None else self._appear(video)

    def require_own(self, video_id: object, channel: str) -> Document:
        """Return a video of this channel.

        Raises:
            ApiError: when there is none, or it is somebody else's.
        """
        video = self.get(video_id) if isinstance(video_id, str) else None
        if video is None:
            raise ApiError(404, "videoNotFound", "The video cannot be found.", domain=VIDEO)
        if video["channel"] != channel:
            raise ApiError(403, "forbidden", "The video is not yours.", domain=VIDEO)
        return video

    def all(self) -> list[Document]:
        return [self._appear(video) for _, video in self._videos.items()]

    def save(self, video: Document) -> None:
        self._videos.put(video["id"], video)

    def change(self, video: Document, kept: Document) -> None:
        """Replace the parts in `kept` of a video, and what is seen of it."""
        video["kept"] = {**video["kept"], **kept}
        self._note_visibility(video)
        self.save(video)
        shown = self._sandbox.find_published(SERVICE, video["id"]) or {"options": {}}
        lists = {k: v for k, v in shown["options"].items() if k == "playlists"}
        self._sandbox.update_published(
            SERVICE,
            video["id"],
            text=_text(video),
            visibility=_visibility(video),
            options={**_options(video), **lists},
        )

    def alter(self, video_id: str, changes: Document) -> None:
        """Change a video as its owner or the platform would, behind the application's back.

        Raises:
            ValueError: when there is none, or a change is unknown.
        """
        video = self.get(video_id)
        if video is None or set(changes) - CHANGES:
            raise ValueError(f"YouTube cannot alter {video_id}: {sorted(changes)}")
        if "rejected" in changes:
            outcome = {"uploadStatus": "rejected", "rejectionReason": str(changes["rejected"])}
            video["outcome"] = outcome
        if "blocked" in changes:
            video["blocked"] = changes["blocked"]
        status, snippet = (dict(video["kept"].get(name, {})) for name in ("status", "snippet"))
        status["privacyStatus"] = changes.get("visibility", status.get("privacyStatus", "public"))
        self.change(video, {"status": status, "snippet": {**snippet, **changes.get("text", {})}})
        shown = {"blocked": video["blocked"]}
        if "rejected" in changes:
            shown["visibility"] = "rejected"
        self._sandbox.update_published(SERVICE, video_id, **shown)
        if changes.get("gone"):
            self.delete(video)

    def delete(self, video: Document) -> None:
        self._videos.delete(video["id"])
        self._sandbox.unpublish(SERVICE, video["id"])

    def is_done(self, video: Document) -> bool:
        return bool(self.progress(video) >= 1)

    def progress(self, video: Document) -> float:
        """Return how far processing is, from 0 to 1."""
        if not video["processing_seconds"]:
            return 1.0
        passed = self._sandbox.clock.now() - video["created_at"]
        return float(min(1.0, passed / video["processing_seconds"]))

    def upload_status(self, video: Document) -> Document:
        return video["outcome"] if self.is_done(video) else {"uploadStatus": "uploaded"}

    async def facts(self, video: Document) -> Document:
        """Return `{seconds, width, height, readable}` of the file, looked at once.

        A file that nothing is known of is taken as a readable landscape video.
        """
        known = self._facts.get(video["id"])
        if known is not None:
            return known
        found = await probe(self._sandbox.blob(video["blob"]).path)
        facts = {
            "seconds": (found.duration_seconds if found else 0) or UNKNOWN_SECONDS,
            "width": (found.width if found else 0) or 1280,
            "height": (found.height if found else 0) or 720,
            "readable": found is None or found.is_readable,
        }
        self._facts.put(video["id"], facts)
        return facts

    async def examine(self, video: Document) -> Document:
        """Let the processing of a file that is no video fail, if files are to be looked at."""
        looks = self._sandbox.options.switch(SERVICE, "check_files", default=False)
        if not looks or (await self.facts(video))["readable"]:
            return video
        current = self.get(video["id"]) or video
        current["outcome"] = {"uploadStatus": "failed", "failureReason": "invalidFile"}
        self.save(current)
        self._sandbox.unpublish(SERVICE, current["id"], forget=True)
        return current

    async def is_short(self, video: Document) -> bool:
        facts = await self.facts(video)
        return bool(facts["seconds"] <= SHORT_SECONDS and facts["height"] >= facts["width"])

    async def render(self, video: Document, parts: Iterable[str], *, owner: bool) -> Document:
        """Return the resource with these parts."""
        facts = await self.facts(video) if FILE_PARTS & set(parts) else {}
        return self.render_known(video, parts, facts, owner=owner)

    def render_known(
        self, video: Document, parts: Iterable[str], facts: Document, *, owner: bool
    ) -> Document:
        """Return the resource with what can be said without looking at the file."""
        resource: Document = {"kind": "youtube#video", "etag": video["sha256"][:27]}
        resource["id"] = video["id"]
        shown = set(parts) & set(RENDER)
        for name in sorted(shown if facts else shown - FILE_PARTS):
            resource[name] = RENDER[name](self, video, facts)
        if not owner and "status" in resource:
            resource["status"].pop("selfDeclaredMadeForKids", None)
        return resource

    async def render_statistics(self, video: Document, parts: Iterable[str]) -> Document:
        """Return the short form that the batch call gives."""
        shown = {
            "snippet": {"publishTime": moment(video["created_at"])},
            "contentDetails": {"duration": f"{int((await self.facts(video))['seconds'])}s"},
            "statistics": self.statistics(video, {}),
        }
        stat: Document = {"kind": "youtube#videoStats", "etag": "x", "id": video["id"]}
        return stat | {name: value for name, value in shown.items() if name in set(parts)}

    def _appear(self, video: Document) -> Document:
        status = video["kept"].get("status", {})
        publish_at = status.get("publishAt")
        if publish_at is None or not self.is_done(video):
            return video
        if rfc3339(publish_at).timestamp() > self._sandbox.clock.now():
            return video
        appeared = {key: value for key, value in status.items() if key != "publishAt"}
        self.change(video, {"status": {**appeared, "privacyStatus": "public"}})
        return video

    def _publish(self, video: Document) -> None:
        self._sandbox.publish(
            service=SERVICE,
            account=video["channel"],
            remote_id=video["id"],
            sha256=video["sha256"],
            size=video["size"],
            text=_text(video),
            visibility=_visibility(video),
            options=_options(video),
            url=f"https://www.youtube.com/watch?v={video['id']}",
        )

    def snippet(self, video: Document, _: Document) -> Document:
        kept = video["kept"].get("snippet", {"title": "unknown", "description": ""})
        shown = {name: value for name, value in kept.items() if value != []}
        return {
            **shown,
            "publishedAt": moment(video["created_at"]),
            "channelId": video["channel"],
            "channelTitle": video["channel_title"],
            "liveBroadcastContent": "none",
            "localized": {"title": kept["title"], "description": kept["description"]},
            "thumbnails": thumbnails(video),
        }

    def status(self, video: Document, _: Document) -> Document:
        kept = video["kept"].get("status", {"privacyStatus": "public"})
        made_for_kids = kept.get("selfDeclaredMadeForKids", False)
        return {**self.upload_status(video), **kept, "madeForKids": made_for_kids}

    def processing(self, video: Document, _: Document) -> Document:
        done = self.progress(video)
        # The estimate of the total grows on the way, so a percentage can fall.
        total = 100 if done < 0.5 else 150
        left = video["processing_seconds"] * (1 - done) * 1000
        details: Document = {
            "processingStatus": self._processing_status(video),
            "processingProgress": {
                "partsTotal": str(total),
                "partsProcessed": str(total if done >= 1 else int(done * 100)),
                "timeLeftMs": str(int(left)),
            },
            "fileDetailsAvailability": "available",
            "processingIssuesAvailability": "available",
            "tagSuggestionsAvailability": "inProgress" if done < 1 else "available",
            "editorSuggestionsAvailability": "inProgress" if done < 1 else "available",
            "thumbnailsAvailability": "inProgress" if done < 1 else "available",
        }
        if details["processingStatus"] == "failed":
            details["processingFailureReason"] = "transcodeFailed"
        return details

    def _processing_status(self, video: Document) -> str:
        endings = {"processed": "succeeded", "failed": "failed", "rejected": "terminated"}
        return endings.get(self.upload_status(video)["uploadStatus"], "processing")

    def statistics(self, video: Document, _: Document) -> Document:
        seconds = float(video["watched_seconds"])
        if video["public_at"] is not None and self.is_done(video):
            seconds += self._sandbox.clock.now() - video["public_at"]
        return {
            "viewCount": str(figures.views(seconds)),
            "likeCount": str(figures.likes(seconds)),
            "favoriteCount": "0",
            "commentCount": str(figures.comments(seconds)),
        }

    def suggestions(self, video: Document, _: Document) -> Document:
        failed = self.upload_status(video).get("failureReason")
        return {"processingErrors": ["notAVideoFile"]} if failed == "invalidFile" else {}


def thumbnails(video: Document) -> Document:
    """Return the pictures of a video, each with address and size."""
    version = (video["thumbnail"] or {"sha256": "auto"})["sha256"][:12]
    return {
        name: {
            "url": f"https://i.ytimg.com/vi/{video['id']}/{name}.jpg?v={version}",
            "width": width,
            "height": height,
        }
        for name, (width, height) in THUMBNAILS.items()
    }


def iso_duration(seconds: float) -> str:
    """Return a length like `PT1M5S`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "H"), (minutes, "M"), (rest, "S")]
    return "PT" + ("".join(f"{value}{unit}" for value, unit in parts if value) or "0S")


def _content(video: Document, facts: Document) -> Document:
    restriction = {"regionRestriction": {"blocked": video["blocked"]}} if video["blocked"] else {}
    return {
        **restriction,
        "duration": iso_duration(facts["seconds"]),
        "dimension": "2d",
        "definition": "hd" if min(facts["width"], facts["height"]) >= 720 else "sd",
        "caption": "true" if video["has_captions"] else "false",
        "licensedContent": False,
        "projection": "rectangular",
        "hasCustomThumbnail": video["thumbnail"] is not None,
    }


def _file(video: Document, facts: Document) -> Document:
    return {
        "fileName": video["file_name"],
        "fileSize": str(video["size"]),
        "fileType": "video" if facts["readable"] else "other",
        "durationMs": str(int(facts["seconds"] * 1000)),
        "videoStreams": [{"widthPixels": facts["width"], "heightPixels": facts["height"]}],
    }


def _kept(name: str) -> Callable[[Videos, Document, Document], Document]:
    def show(_: Videos, video: Document, __: Document) -> Document:
        kept: Document = video["kept"].get(name, {})
        return kept

    return show


def _player(_: Videos, video: Document, __: Document) -> Document:
    address = f"//www.youtube.com/embed/{video['id']}"
    return {"embedHtml": f'<iframe width="480" height="270" src="{address}"></iframe>'}


RENDER: dict[str, Callable[[Videos, Document, Document], Document]] = {
    "snippet": Videos.snippet,
    "status": Videos.status,
    "processingDetails": Videos.processing,
    "statistics": Videos.statistics,
    "suggestions": Videos.suggestions,
    "contentDetails": lambda _, video, facts: _content(video, facts),
    "fileDetails": lambda _, video, facts: _file(video, facts),
    "localizations": _kept("localizations"),
    "recordingDetails": _kept("recordingDetails"),
    "paidProductPlacementDetails": _kept("paidProductPlacementDetails"),
    "brandPartner": _kept("brandPartner"),
    "player": _player,
    "topicDetails": lambda *_: {},
    "ageGating": lambda *_: {},
}
"""How each part is shown; liveStreamingDetails is left out of uploads, as the remote does."""


def _text(video: Document) -> Document:
    snippet: Document = video["kept"].get("snippet", {"title": "unknown"})
    return snippet


def _options(video: Document) -> Document:
    """Return what was chosen beside text and visibility."""
    kept = video["kept"]
    status = {k: v for k, v in kept.get("status", {}).items() if k != "privacyStatus"}
    others = {k: v for k, v in kept.items() if k not in {"snippet", "status"} and v}
    return {**status, **others, "notifySubscribers": video["notify"]}


def _visibility(video: Document) -> str:
    status = video["kept"].get("status", {})
    return str(status.get("privacyStatus", "public"))


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
