"""The life of a Page's reels and videos behind graph.facebook.com."""

from __future__ import annotations

import re
import uuid
from typing import Any

from aiohttp import web

from utils.sandbox.facebook_rules import (
    BAD_FILE,
    BAD_FILE_TEXT,
    SIZE_MISMATCH,
    media_fault,
    picture_digest,
    scheduled_time,
    wanted_state,
)
from utils.sandbox.meta import (
    DAY,
    JSON,
    Call,
    Face,
    GraphError,
    MetaState,
    missing,
    not_there,
)
from utils.sandbox.meta_fetch import FetchError, fetch
from utils.sandbox.probe import probe

FIRST_VIDEO = 122_100_000_000_000_000
MOST_REELS = 30
PUBLISHED_AS = "facebook"
CHOICES = ("place", "is_ai_generated", "feed_targeting", "targeting")
"""Parameters of the last call that are kept as they came."""
COPY_BYTES = 256 * 1024
_PHASE = re.compile(rb"""upload_phase"?\s*[=:]\s*"?(\w+)""")


class PageVideos:
    """Reels in three calls, videos in one or in chunks, over the shared state."""

    def __init__(self, state: MetaState, face: Face) -> None:
        self._state = state
        self._face = face

    def require_page(self, call: Call, page_id: str) -> None:
        """Refuse whoever may not create content on the page."""
        page = self._state.pages.get(page_id)
        if page is None:
            raise not_there(page_id)
        if call.token["kind"] != "page" or call.token["page_id"] != page_id:
            raise GraphError(200, "(#200) A Page access token of this Page is required")
        if "CREATE_CONTENT" not in page["tasks"]:
            raise GraphError(200, "(#200) The person lacks the task CREATE_CONTENT on the Page")
        call.require_scopes("pages_read_engagement", "pages_manage_posts", code=200)
        self._face.charge_business(call, page_id, "pages")

    async def post_reel(self, call: Call, page_id: str) -> JSON:
        self.require_page(call, page_id)
        match call.params.get("upload_phase"):
            case "start":
                return self._start_reel(call, page_id)
            case "finish":
                video = await self.own(call, call.require("video_id"))
                return await self._finish(call, video)
            case None:
                raise missing("upload_phase")
            case _:
                raise GraphError(100, "(#100) Param upload_phase must be one of {START, FINISH}")

    def _start_reel(self, call: Call, page_id: str) -> JSON:
        video = self._new_video(page_id, "reel")
        base = self._state.sandbox.address("graph_upload")
        # The suffix makes a client fail that builds the address from the id.
        address = f"{base}/video-upload/{call.version}/{video['id']}-{video['suffix']}"
        return {"video_id": video["id"], "upload_url": address}

    def _new_video(self, page_id: str, kind: str) -> JSON:
        now = self._state.now()
        video: JSON = {
            "id": self._state.new_id(FIRST_VIDEO),
            "page_id": page_id,
            "kind": kind,
            "suffix": uuid.uuid4().hex[:12],
            "created_at": now,
            "expires_at": now + float(self._state.switch("graph", "session_seconds", DAY)),
            "file_size": None,
            "size_conflict": False,
            "uploaded_at": None,
            "finished_at": None,
            "state": None,
            "scheduled_at": None,
            "published_at": None,
            "judged": False,
            "error": None,
            "title": "",
            "description": "",
            "options": {},
            "thumbnail_sha256": None,
            "blocked": None,
        }
        self._state.videos.put(video["id"], video)
        return video

    async def own(self, call: Call, video_id: str) -> JSON:
        video = await self.advance(video_id)
        mine = call.token["kind"] == "page" and video and video["page_id"] == call.token["page_id"]
        if video is None or not mine:
            raise not_there(video_id)
        return video

    async def _finish(self, call: Call, video: JSON) -> JSON:
        kind = video["kind"]
        state, moment = wanted_state(call, kind), scheduled_time(call, kind, self._state.now())
        if video["finished_at"] is not None:
            raise GraphError(100, "(#100) The upload of this video was already finished")
        if video["size_conflict"]:
            message = "There was a problem uploading your video file. Please try again."
            raise GraphError(BAD_FILE, message, subcode=SIZE_MISMATCH)
        if video["uploaded_at"] is None or self.is_expired(video):
            raise GraphError(BAD_FILE, BAD_FILE_TEXT)
        if kind == "reel" and state != "DRAFT":
            self._require_room(video["page_id"])
        video.update(
            state=state,
            scheduled_at=moment,
            finished_at=self._state.now(),
            title=str(call.params.get("title", "")),
            description=str(call.params.get("description", "")),
            options={name: call.params[name] for name in CHOICES if name in call.params},
        )
        self._state.videos.put(video["id"], video)
        answer: JSON = {"success": True}
        if self._state.switch("graph", "finish_names_post", False):
            answer["post_id"] = f"{video['page_id']}_{video['id']}"
        return answer

    def _require_room(self, page_id: str) -> None:
        since = self._state.now() - DAY
        rows = [row for _, row in self._state.videos.items() if row["page_id"] == page_id]
        counted = [row for row in rows if row["kind"] == "reel" and _counts_since(row, since)]
        if len(counted) >= int(self._state.switch("graph", "daily_reels", MOST_REELS)):
            code = int(self._state.switch("graph", "daily_reels_code", 368))
            raise GraphError(code, "The action attempted has been deemed abusive or is blocked")

    def is_expired(self, video: JSON) -> bool:
        return video["finished_at"] is None and self._state.now() >= video["expires_at"]

    async def advance(self, video_id: str) -> JSON | None:
        """Bring a video to where it has to be by now and return it."""
        video = self._state.videos.get(video_id)
        if video is None or video["finished_at"] is None or video["published_at"] is not None:
            return video
        seconds = self._state.sandbox.options.processing_seconds
        if self._state.now() < video["finished_at"] + seconds:
            return video
        if not video["judged"]:
            error = await self._judge(video)
            video = self._state.videos.get(video_id) or video
            video.update(judged=True, error=error)
            self._state.videos.put(video_id, video)
        self._appear(video)
        return video

    async def _judge(self, video: JSON) -> list[Any] | None:
        """Return ``[code, message]`` of what is wrong with the file, or None."""
        sandbox = self._state.sandbox
        ordered = sandbox.faults.take("graph", "process", "fail_processing")
        if ordered is not None:
            return [int(ordered.number("code", BAD_FILE)), BAD_FILE_TEXT]
        if not self._state.switch("graph", "probe", True):
            return None
        fault = media_fault(await probe(sandbox.blob(blob_key(video)).path), video["kind"])
        return None if fault is None else list(fault)

    def _appear(self, video: JSON) -> None:
        """Publish a sound video whose time has come."""
        now = self._state.now()
        due = video["state"] == "PUBLISHED" or (
            video["state"] == "SCHEDULED" and now >= video["scheduled_at"]
        )
        if video["error"] is not None or not due or video["published_at"] is not None:
            return
        video["published_at"] = now
        self._state.videos.put(video["id"], video)
        blob = self._state.sandbox.blob(blob_key(video))
        self._state.sandbox.publish(
            service=PUBLISHED_AS,
            account=video["page_id"],
            remote_id=video["id"],
            sha256=blob.sha256(),
            size=blob.size,
            text={"title": video["title"], "description": video["description"]},
            visibility="public",
            url=permalink(video),
            options=video["options"],
            thumbnail_sha256=video["thumbnail_sha256"],
        )

    async def post_video(self, call: Call, page_id: str) -> JSON:
        """Take an ordinary video: at once, from an address, or in chunks."""
        self.require_page(call, page_id)
        phase = call.params.get("upload_phase")
        if phase is None:
            return await self._post_whole(call, page_id)
        if "file_url" in call.params:
            raise GraphError(100, "(#100) file_url cannot be used with upload_phase")
        if phase == "start":
            video = self._new_video(page_id, "video")
            video["file_size"] = call.number("file_size")
            self._state.videos.put(video["id"], video)
            session = {"upload_session_id": video["suffix"] + video["id"], "video_id": video["id"]}
            return {**session, **self._offsets(video)}
        video = await self._session(call)
        if phase == "transfer":
            return self._take_chunk(call, video)
        if phase == "finish":
            return await self._finish(call, video)
        if phase == "cancel":
            self._state.videos.delete(video["id"])
            return {"success": True}
        raise GraphError(100, "(#100) upload_phase is unknown")

    async def _post_whole(self, call: Call, page_id: str) -> JSON:
        # Looked at before anything is stored, as a refusal must leave nothing behind.
        scheduled_time(call, "video", self._state.now())
        if "source" not in call.files and "file_url" not in call.params:
            raise missing("source")
        video = self._new_video(page_id, "video")
        blob = self._state.sandbox.blob(blob_key(video))
        if "source" in call.files:
            while piece := call.files["source"].read(COPY_BYTES):
                blob.append(piece)
            blob.close()
        else:
            await self._fetch(call, video)
        video.update(file_size=blob.size, uploaded_at=self._state.now())
        if "thumb" in call.files:
            video["thumbnail_sha256"] = picture_digest(call.files["thumb"].read())
        self._state.videos.put(video["id"], video)
        await self._finish(call, video)
        return {"id": video["id"]}

    async def _fetch(self, call: Call, video: JSON) -> None:
        sandbox = self._state.sandbox
        try:
            await fetch(
                sandbox, "graph", str(call.params["file_url"]), sandbox.blob(blob_key(video))
            )
        except FetchError as error:
            self._state.videos.delete(video["id"])
            raise GraphError(389, f"Unable to fetch video file from URL: {error}") from error

    async def _session(self, call: Call) -> JSON:
        session_id = call.require("upload_session_id")
        video = self._state.videos.get(session_id[12:])
        if video is None or video["suffix"] != session_id[:12] or video["kind"] != "video":
            raise GraphError(6001, "There was a problem with the upload session.")
        return video

    def _offsets(self, video: JSON) -> JSON:
        start = self._state.sandbox.blob(blob_key(video)).size
        most = int(self._state.switch("graph", "chunk_bytes", 16 * 1024 * 1024))
        return {
            "start_offset": str(start),
            "end_offset": str(min(video["file_size"], start + most)),
        }

    def _take_chunk(self, call: Call, video: JSON) -> JSON:
        chunk = call.files.get("video_file_chunk")
        if chunk is None:
            raise missing("video_file_chunk")
        blob = self._state.sandbox.blob(blob_key(video))
        if call.number("start_offset") != blob.size:
            message = "There was a problem uploading your video file. Please try again."
            told = self._offsets(video)
            raise GraphError(6001, message, subcode=1363037, data=told, transient=True)
        while piece := chunk.read(COPY_BYTES):
            blob.append(piece[: max(0, video["file_size"] - blob.size)])
        blob.close()
        if blob.size == video["file_size"]:
            video["uploaded_at"] = self._state.now()
            self._state.videos.put(video["id"], video)
        return self._offsets(video)

    async def settle(self) -> None:
        """Bring every video to where it has to be by now."""
        for video_id, video in self._state.videos.items():
            if video["finished_at"] is not None and video["published_at"] is None:
                await self.advance(video_id)


def facebook_step(request: web.Request, body: bytes) -> str | None:
    """Name the step of a call about reels or videos by its upload_phase, or return None."""
    last = request.path.rpartition("/")[2]
    if request.method != "POST" or last not in {"video_reels", "videos"}:
        return None
    found = _PHASE.search(body + b"&" + request.query_string.encode())
    if found is not None:
        steps = {b"start": "begin", b"finish": "commit", b"transfer": "part", b"cancel": "cancel"}
        return steps.get(found[1].lower(), "unknown")
    multipart_chunk = last == "videos" and request.content_type == "multipart/form-data"
    return "part" if multipart_chunk else "begin"


def _counts_since(video: JSON, since: float) -> bool:
    if video["error"] is not None or video["state"] in {None, "DRAFT"}:
        return False
    if video["state"] == "SCHEDULED":
        return video["published_at"] is not None and bool(video["published_at"] > since)
    return bool(video["finished_at"] > since)


def blob_key(video: JSON) -> str:
    return f"facebook/{video['id']}"


def permalink(video: JSON) -> str:
    if video["kind"] == "reel":
        return f"https://www.facebook.com/reel/{video['id']}/"
    return f"https://www.facebook.com/{video['page_id']}/videos/{video['id']}/"
