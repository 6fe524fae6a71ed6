"""What can be done with a Page's video once it is there: reading, editing, deleting, numbers."""

from __future__ import annotations

from datetime import UTC, datetime

from utils.sandbox import figures
from utils.sandbox.facebook import PUBLISHED_AS, PageVideos, blob_key, permalink
from utils.sandbox.facebook_rules import insights, picture_digest, scheduled_moment
from utils.sandbox.meta import DAY, JSON, Call, Face, GraphError, MetaState, missing, select

MOST_INVITATIONS = 10
"""Collaborators that a Page may invite in 24 hours."""


class VideoLife:
    """Nodes of videos and their edges.

    Publishing, rescheduling and naming by an edit, and thumbnails, are in Meta's own client of
    2026 (AdVideo.api_update, create_thumbnail) without a description; the switch
    `edits_publish` of `graph` turns the first two off.
    """

    def __init__(self, state: MetaState, face: Face, videos: PageVideos) -> None:
        self._state = state
        self._face = face
        self._videos = videos

    async def read(self, call: Call, video_id: str) -> JSON:
        video = await self._videos.own(call, video_id)
        self._face.charge_business(call, video["page_id"], "pages")
        return select(self._node(video), call, ("description", "updated_time"))

    async def list_reels(self, call: Call, page_id: str) -> JSON:
        self._videos.require_page(call, page_id)
        rows = [row for _, row in self._state.videos.items() if row["page_id"] == page_id]
        found: list[JSON] = []
        for row in reversed(rows):
            done = row["finished_at"] is not None
            current = await self._videos.advance(row["id"]) if done else None
            if current is not None and current["kind"] == "reel":
                found.append(select(self._node(current), call, ("description", "updated_time")))
        return {"data": found[: int(call.params.get("limit", 25))]}

    def _node(self, video: JSON) -> JSON:
        published, seconds = video["published_at"], self._seconds(video)
        matches = bool(video["blocked"])
        return {
            "id": video["id"],
            "title": video["title"] or None,
            "description": video["description"] or None,
            "created_time": _moment(video["created_at"]),
            "updated_time": _moment(published or video["finished_at"] or video["created_at"]),
            "permalink_url": permalink(video),
            "published": published is not None,
            "scheduled_publish_time": video["scheduled_at"],
            "status": self._status(video),
            "views": figures.views(seconds),
            "likes": _counted(figures.likes(seconds)),
            "comments": _counted(figures.comments(seconds)),
            "copyright_check_information": {
                "status": {"status": "complete", "matches_found": matches}
            },
        }

    def _seconds(self, video: JSON) -> float:
        """Return for how long a video could be seen."""
        published = video["published_at"]
        return 0.0 if published is None else self._state.now() - float(published)

    def _status(self, video: JSON) -> JSON:
        size = self._state.sandbox.blob(blob_key(video)).size
        done = str(self._state.switch("graph", "phase_spelling", "complete"))
        spelling = str(self._state.switch("graph", "bytes_spelling", "bytes_transfered"))
        uploaded = video["uploaded_at"] is not None
        uploading = {
            "status": done if uploaded else "in_progress" if size else "not_started",
            spelling: size,
            "source_file_size": video["file_size"],
        }
        status: JSON = {
            "video_status": self._video_status(video),
            "uploading_phase": uploading,
            "processing_phase": _processing_phase(video, done),
            "publishing_phase": _publishing_phase(video, done),
        }
        if self._state.switch("graph", "extra_status", False):
            status["processing_progress"] = 100 if video["judged"] else 0
            status["copyright_check_status"] = {"status": done}
        return status

    def _video_status(self, video: JSON) -> str:
        if self._videos.is_expired(video):
            return "expired"
        if video["error"] is not None:
            return "error"
        if video["finished_at"] is not None:
            return "ready" if video["judged"] else "processing"
        return "upload_complete" if video["uploaded_at"] is not None else "uploading"

    async def edit(self, call: Call, video_id: str) -> JSON:
        if "upload_phase" in call.params:
            # The real host answers well to a call that belongs elsewhere and ignores it.
            return {"success": True}
        video = await self._videos.own(call, video_id)
        self._videos.require_page(call, video["page_id"])
        changes = self._text(call) | self._timing(call, video)
        if not changes:
            raise GraphError(100, "(#100) Nothing to change was given")
        video.update(changes)
        self._state.videos.put(video_id, video)
        text = {"title": video["title"], "description": video["description"]}
        self._state.sandbox.update_published(PUBLISHED_AS, video_id, text=text)
        await self._videos.advance(video_id)
        return {"success": True}

    def _text(self, call: Call) -> JSON:
        names = {"title": "title", "name": "title", "description": "description"}
        return {to: str(call.params[name]) for name, to in names.items() if name in call.params}

    def _timing(self, call: Call, video: JSON) -> JSON:
        """Return what changes of a video that is not out yet."""
        if not {"published", "scheduled_publish_time"} & set(call.params):
            return {}
        if not self._state.switch("graph", "edits_publish", True):
            raise GraphError(100, "(#100) published cannot be changed")
        if video["finished_at"] is None or video["published_at"] is not None:
            raise GraphError(100, "(#100) Only an unpublished video can be published")
        if call.flag("published"):
            return {"state": "PUBLISHED", "scheduled_at": None}
        if "scheduled_publish_time" not in call.params:
            return {"state": "DRAFT", "scheduled_at": None}
        moment = scheduled_moment(call, video["kind"], self._state.now())
        return {"state": "SCHEDULED", "scheduled_at": moment}

    async def delete(self, call: Call, video_id: str) -> JSON:
        video = await self._videos.own(call, video_id)
        self._videos.require_page(call, video["page_id"])
        self._state.videos.delete(video_id)
        self._state.sandbox.unpublish(PUBLISHED_AS, video_id)
        return {"success": True}

    async def read_insights(self, call: Call, video_id: str) -> JSON:
        video = await self._videos.own(call, video_id)
        call.require_scopes("read_insights", code=200)
        self._face.charge_business(call, video["page_id"], "pages")
        empty = bool(self._state.switch("graph", "several_metrics_are_empty", True))
        return insights(call, self._seconds(video), several_are_empty=empty)

    async def set_thumbnail(self, call: Call, video_id: str) -> JSON:
        video = await self._videos.own(call, video_id)
        self._videos.require_page(call, video["page_id"])
        if "source" not in call.files:
            raise missing("source")
        digest = picture_digest(call.files["source"].read())
        if call.flag("is_preferred"):
            self._state.videos.put(video_id, {**video, "thumbnail_sha256": digest})
            sandbox = self._state.sandbox
            sandbox.update_published(PUBLISHED_AS, video_id, thumbnail_sha256=digest)
        return {"success": True}

    async def invite(self, call: Call, video_id: str) -> JSON:
        """Invite a collaborator; a Page may invite so many in 24 hours."""
        video = await self._videos.own(call, video_id)
        self._videos.require_page(call, video["page_id"])
        now, target = self._state.now(), str(call.number("target_id"))
        rows = (row for _, row in self._state.videos.items())
        mine = (row for row in rows if row["page_id"] == video["page_id"])
        invited = [at for row in mine for at in row.get("invited_at", []) if at > now - DAY]
        if len(invited) >= MOST_INVITATIONS:
            raise GraphError(368, "The action attempted has been deemed abusive or is blocked")
        names = [*video["options"].get("collaborators", []), target]
        video["options"] = {**video["options"], "collaborators": names}
        video["invited_at"] = [*video.get("invited_at", []), now]
        self._state.videos.put(video_id, video)
        sandbox = self._state.sandbox
        sandbox.update_published(PUBLISHED_AS, video_id, options=video["options"])
        return {"success": True}


def _counted(number: int) -> JSON:
    return {"data": [], "summary": {"total_count": number}}


def _processing_phase(video: JSON, done: str) -> JSON:
    if video["finished_at"] is None:
        return {"status": "not_started"}
    if video["error"] is not None:
        code, message = video["error"]
        return {"status": "error", "errors": [{"code": code, "message": message}]}
    return {"status": done if video["judged"] else "in_progress"}


def _publishing_phase(video: JSON, done: str) -> JSON:
    if video["error"] is not None:
        return {"status": "error", "publish_status": "error"}
    if not video["judged"]:
        return {"status": "not_started"}
    if video["published_at"] is not None:
        moment = int(video["published_at"])
        return {"status": done, "publish_status": "published", "publish_time": moment}
    if video["state"] == "SCHEDULED":
        moment = int(video["scheduled_at"])
        return {"status": "not_started", "publish_status": "scheduled", "publish_time": moment}
    return {"status": "not_started", "publish_status": "draft"}


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
