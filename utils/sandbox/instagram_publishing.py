"""The life of an Instagram reel from container to media, the same on both of Meta's hosts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from utils.sandbox import figures
from utils.sandbox.instagram_rules import (
    STATUS_TEXTS,
    UNKNOWN_UPLOAD_ERROR,
    check_creation,
    insights,
    media_fault,
    strip_hashtags,
)
from utils.sandbox.meta import (
    DAY,
    HOUR,
    JSON,
    Call,
    Face,
    GraphError,
    MetaState,
    not_there,
    select,
)
from utils.sandbox.meta_fetch import FetchError, fetch
from utils.sandbox.probe import probe

FIRST_CONTAINER = 17_990_000_000_000_000
FIRST_MEDIA = 18_040_000_000_000_000
MOST_CONTAINERS = 400
COVER_BYTES = 8 * 1024 * 1024
JPEG = b"\xff\xd8\xff"
INSIGHTS_LAG_SECONDS = HOUR
"""How far the numbers lag behind; the remote names up to 48 hours."""
CHOICES = (
    *("cover_url", "audio_name", "location_id", "trial_params"),
    *("is_ai_generated", "is_paid_partnership"),
)
"""Parameters of a container that are kept as they came."""
PUBLISHED_AS = "instagram"
SCOPES: dict[str, dict[str, tuple[str, ...]]] = {
    "publish": {
        "graph": ("instagram_basic", "instagram_content_publish"),
        "instagram": ("instagram_business_basic", "instagram_business_content_publish"),
    },
    "read": {"graph": ("instagram_basic",), "instagram": ("instagram_business_basic",)},
    "insights": {
        "graph": ("instagram_manage_insights",),
        "instagram": ("instagram_business_manage_insights",),
    },
}


class InstagramPublishing:
    """Containers, media and their rules over the shared state."""

    def __init__(self, state: MetaState, face: Face) -> None:
        self._state = state
        self._face = face

    def _require(self, call: Call, ig_id: str, purpose: str) -> JSON:
        """Return an account that the token may act for."""
        account = self._state.ig_users.get(ig_id)
        if account is None or ig_id not in call.token["ig_ids"]:
            raise not_there(ig_id)
        call.require_scopes(*SCOPES[purpose][call.face])
        if purpose == "publish":
            self._require_publisher(call, ig_id, account)
        self._face.charge_business(call, ig_id, "instagram")
        return account

    def _require_publisher(self, call: Call, ig_id: str, account: JSON) -> None:
        """Only professional accounts publish, and by Facebook Login only with a task."""
        if account["account_type"] == "PERSONAL":
            raise GraphError(10, "(#10) Only professional accounts can publish")
        if call.face != "graph":
            return
        pages = (page for _, page in self._state.pages.items() if page["ig_id"] == ig_id)
        if not any({"MANAGE", "CREATE_CONTENT"} & set(page["tasks"]) for page in pages):
            raise GraphError(10, "(#10) The person lacks the task CREATE_CONTENT on the Page")

    async def create(self, call: Call, ig_id: str) -> JSON:
        self._require(call, ig_id, "publish")
        check_creation(call)
        resumable = call.params.get("upload_type") == "resumable"
        offered = call.face == "graph" or self._state.switch(call.face, "resumable", False)
        if not (resumable and offered) and not call.params.get("video_url"):
            raise GraphError(100, "(#100) The parameter video_url is required")
        if self._count_containers(ig_id) >= MOST_CONTAINERS:
            message = "The limit of containers in 24 hours is reached."
            raise GraphError(9, message, subcode=2207042)
        container = self._new_container(call, ig_id)
        container["cover_sha256"] = await self._fetch_cover(call, container["id"])
        if resumable:
            self._state.containers.put(container["id"], container)
            base = self._state.sandbox.address("graph_upload")
            uri = f"{base}/ig-api-upload/{call.version}/{container['id']}"
            return {"id": container["id"], "uri": uri}
        await self._download(call, container)
        return {"id": container["id"]}

    def _count_containers(self, ig_id: str) -> int:
        since = self._state.now() - DAY
        rows = (row for _, row in self._state.containers.items())
        return sum(row["ig_id"] == ig_id and row["created_at"] > since for row in rows)

    def _new_container(self, call: Call, ig_id: str) -> JSON:
        params = call.params
        caption = str(params.get("caption", ""))
        most = self._state.switch(call.face, "strip_hashtags_above", None)
        return {
            "id": self._state.new_id(FIRST_CONTAINER),
            "ig_id": ig_id,
            "media_type": params.get("media_type") or "VIDEO",
            "caption": caption if most is None else strip_hashtags(caption, most),
            # A cover picture beats the offset, which is then not even looked at.
            "thumb_offset": 0 if params.get("cover_url") else int(params.get("thumb_offset", 0)),
            "share_to_feed": call.flag("share_to_feed", default=True),
            "options": _options(call),
            "cover_sha256": None,
            "created_at": self._state.now(),
            "file_size": None,
            "size_conflict": False,
            "uploaded_at": None,
            "judged": False,
            "error": None,
            "media_id": None,
            "refused_publishes": 0,
        }

    async def _fetch_cover(self, call: Call, container_id: str) -> str | None:
        """Return the digest of the cover; without a usable one a frame is taken."""
        if not call.params.get("cover_url"):
            return None
        blob = self._state.sandbox.blob(f"instagram-cover/{container_id}")
        try:
            await fetch(self._state.sandbox, call.face, str(call.params["cover_url"]), blob)
        except FetchError:
            return None
        usable = blob.size <= COVER_BYTES and blob.read(0, 3) in {JPEG, b""}
        return blob.sha256() if usable else None

    async def _download(self, call: Call, container: JSON) -> None:
        sandbox = self._state.sandbox
        blob = sandbox.blob(blob_key(container))
        try:
            await fetch(sandbox, call.face, str(call.params["video_url"]), blob)
        except FetchError as error:
            blob.delete()
            raise _fetch_refusal(error) from error
        container.update(file_size=blob.size, uploaded_at=self._state.now())
        self._state.containers.put(container["id"], container)

    async def advance(self, container_id: str) -> JSON | None:
        """Bring a container to where it has to be by now and return it."""
        container = self._state.containers.get(container_id)
        if container is None or container["judged"] or container["uploaded_at"] is None:
            return container
        sandbox = self._state.sandbox
        if self._state.now() < container["uploaded_at"] + sandbox.options.processing_seconds:
            return container
        error = await self._judge(container)
        current = self._state.containers.get(container_id)
        if current is not None and not current["judged"]:
            current.update(judged=True, error=error)
            self._state.containers.put(container_id, current)
        return current

    async def _judge(self, container: JSON) -> int | None:
        sandbox = self._state.sandbox
        ordered = sandbox.faults.take("graph", "process", "fail_processing")
        ordered = ordered or sandbox.faults.take("instagram", "process", "fail_processing")
        if ordered is not None:
            return int(ordered.number("code", 2207082))
        if container["size_conflict"]:
            return UNKNOWN_UPLOAD_ERROR
        if not self._state.switch("graph", "probe", True):
            return None
        facts = await probe(sandbox.blob(blob_key(container)).path)
        return media_fault(
            facts,
            container["media_type"],
            container["thumb_offset"],
            allow_edit_list=self._state.switch("graph", "allow_edit_lists", False),
        )

    def code(self, container: JSON) -> str:
        """Return the status_code of a container that was advanced."""
        if container["media_id"] is not None:
            return "PUBLISHED"
        if container["error"] is not None:
            return "ERROR"
        if self._state.now() >= container["created_at"] + DAY:
            return "EXPIRED"
        return "FINISHED" if container["judged"] else "IN_PROGRESS"

    async def read_container(self, call: Call, container_id: str) -> JSON:
        container = await self.advance(container_id)
        if container is None or container["ig_id"] not in call.token["ig_ids"]:
            raise not_there(container_id)
        self._require(call, container["ig_id"], "read")
        self._fail_in_outage(call, container["created_at"])
        return select(self._container_node(container), call)

    def _fail_in_outage(self, call: Call, created_at: float) -> None:
        fresh = created_at > self._state.now() - HOUR
        if fresh and self._state.switch(call.face, "outage", False):
            raise GraphError(100, "Authorization Error", subcode=33, kind="GraphMethodException")

    def _container_node(self, container: JSON) -> JSON:
        code = self.code(container)
        text = STATUS_TEXTS.get(code)
        failed = f"Error: Media upload has failed with error code {container['error']}"
        size = self._state.sandbox.blob(blob_key(container)).size
        done = container["uploaded_at"] is not None
        uploading = "complete" if done else "in_progress" if size else "not_started"
        processing = {"ERROR": "error", "FINISHED": "complete", "PUBLISHED": "complete"}
        waiting = "in_progress" if done else "not_started"
        return {
            "id": container["id"],
            "status_code": code,
            "status": text or failed,
            "copyright_check_status": {"status": "completed", "matches_found": False},
            "video_status": {
                "uploading_phase": {"status": uploading, "bytes_transferred": size},
                "processing_phase": {"status": processing.get(code, waiting)},
            },
        }

    async def publish(self, call: Call, ig_id: str) -> JSON:
        account = self._require(call, ig_id, "publish")
        container = await self.advance(call.require("creation_id"))
        if container is None or container["ig_id"] != ig_id:
            raise GraphError(24, "The media container was not found.", subcode=2207008)
        self._require_publishable(call, container)
        if self._count_published(ig_id) >= self._quota(call):
            message = "Application request limit reached: the daily publishing cap."
            raise GraphError(9, message, subcode=2207042)
        media = self._new_media(container, account)
        self._state.media.put(media["id"], media)
        container["media_id"] = media["id"]
        self._state.containers.put(container["id"], container)
        self._show(container, media)
        return {"id": media["id"]}

    def _require_publishable(self, call: Call, container: JSON) -> None:
        code = self.code(container)
        if code == "PUBLISHED":
            self._note_second_publish(container)
            raise GraphError(24, "The container was already published.", subcode=2207008)
        if code == "EXPIRED":
            raise GraphError(24, "The media container has expired.", subcode=2207008)
        if code != "FINISHED":
            raise GraphError(9007, "Media ID is not available", subcode=2207027)
        if container["media_type"] == "VIDEO":
            title = "Carousel item cannot be published standalone"
            raise GraphError(100, title, subcode=2207089, title=title)

    def _note_second_publish(self, container: JSON) -> None:
        """Make a second publish visible beside what is published, for tests to find."""
        container["refused_publishes"] += 1
        self._state.containers.put(container["id"], container)
        self._state.sandbox.update_published(
            PUBLISHED_AS, container["media_id"], refused_publishes=container["refused_publishes"]
        )

    def _quota(self, call: Call) -> int:
        return int(self._state.switch(call.face, "publish_quota", 50))

    def _count_published(self, ig_id: str, since: float | None = None) -> int:
        start = self._state.now() - DAY if since is None else since
        rows = (row for _, row in self._state.media.items())
        return sum(
            row["ig_id"] == ig_id and not row["foreign"] and row["created_at"] > start
            for row in rows
        )

    def _new_media(self, container: JSON, account: JSON) -> JSON:
        media_id = self._state.new_id(FIRST_MEDIA)
        return {
            "id": media_id,
            "ig_id": container["ig_id"],
            "username": account["username"],
            "caption": container["caption"],
            "container_id": container["id"],
            "shortcode": _shortcode(int(media_id)),
            "created_at": self._state.now(),
            "comment_enabled": True,
            "foreign": False,
        }

    def _show(self, container: JSON, media: JSON) -> None:
        blob = self._state.sandbox.blob(blob_key(container))
        self._state.sandbox.publish(
            service=PUBLISHED_AS,
            account=container["ig_id"],
            remote_id=media["id"],
            sha256=blob.sha256(),
            size=blob.size,
            text={"caption": media["caption"], "share_to_feed": container["share_to_feed"]},
            visibility="public",
            url=permalink(media),
            options={"share_to_feed": container["share_to_feed"], **container["options"]},
            thumbnail_sha256=container["cover_sha256"],
        )

    async def limit(self, call: Call, ig_id: str) -> JSON:
        self._require(call, ig_id, "publish")
        since = int(call.params["since"]) if "since" in call.params else None
        if since is not None and since < self._state.now() - DAY:
            raise GraphError(100, "(#100) since is at most 24 hours ago")
        config = {"quota_total": self._quota(call), "quota_duration": int(DAY)}
        row = {"quota_usage": self._count_published(ig_id, since), "config": config}
        return {"data": [select(row, call, ("quota_usage",))]}

    async def list_media(self, call: Call, ig_id: str) -> JSON:
        self._require(call, ig_id, "read")
        rows = [row for _, row in self._state.media.items() if row["ig_id"] == ig_id]
        rows.sort(key=lambda row: (row["created_at"], row["id"]), reverse=True)
        most = min(100, int(call.params.get("limit", 25)))
        start = int(call.params.get("after", 0))
        page = rows[start : start + most]
        answer: JSON = {"data": [select(self._media_node(call, row), call) for row in page]}
        if start + most < len(rows):
            answer["paging"] = {"cursors": {"after": str(start + most)}}
        return answer

    async def read_media(self, call: Call, media_id: str) -> JSON:
        media = self._own_media(call, media_id)
        self._require(call, media["ig_id"], "read")
        self._fail_in_outage(call, media["created_at"])
        return select(self._media_node(call, media), call)

    def _own_media(self, call: Call, media_id: str) -> JSON:
        media = self._state.media.get(media_id)
        if media is None or media["ig_id"] not in call.token["ig_ids"]:
            raise not_there(media_id)
        return media

    def _media_node(self, call: Call, media: JSON) -> JSON:
        moment = datetime.fromtimestamp(media["created_at"], UTC)
        seconds = self._state.now() - float(media["created_at"])
        return {
            "id": media["id"],
            "caption": media["caption"] or None,
            "media_type": "VIDEO",
            "media_product_type": "REELS" if call.face == "graph" else None,
            "permalink": permalink(media),
            "shortcode": media["shortcode"],
            "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "username": media["username"],
            "is_comment_enabled": media["comment_enabled"],
            "comments_count": figures.comments(seconds),
            "like_count": figures.likes(seconds),
            "media_url": None,
            "thumbnail_url": None,
            "owner": {"id": media["ig_id"]},
        }

    async def edit_media(self, call: Call, media_id: str) -> JSON:
        media = self._own_media(call, media_id)
        self._require(call, media["ig_id"], "publish")
        if "comment_enabled" not in call.params:
            raise GraphError(100, "(#100) Only comment_enabled can be changed")
        media["comment_enabled"] = call.flag("comment_enabled")
        self._state.media.put(media_id, media)
        shown = self._state.sandbox.find_published(PUBLISHED_AS, media_id) or {"options": {}}
        options = {**shown["options"], "comment_enabled": media["comment_enabled"]}
        self._state.sandbox.update_published(PUBLISHED_AS, media_id, options=options)
        return {"success": True}

    async def delete_media(self, call: Call, media_id: str) -> JSON:
        media = self._own_media(call, media_id)
        self._face.charge_business(call, media["ig_id"], "instagram")
        if call.face != "graph":
            message = "Deleting is not supported for this media."
            raise GraphError(-1, message, subcode=2207073, kind="IGApiException")
        call.require_scopes("instagram_basic", "instagram_manage_contents")
        self._state.media.delete(media_id)
        self._state.sandbox.unpublish(PUBLISHED_AS, media_id)
        return {"success": True, "deleted_id": media_id}

    async def read_insights(self, call: Call, media_id: str) -> JSON:
        media = self._own_media(call, media_id)
        self._require(call, media["ig_id"], "insights")
        lag = float(self._state.switch(call.face, "insights_lag_seconds", INSIGHTS_LAG_SECONDS))
        return insights(call, media, self._state.now() - lag - float(media["created_at"]))

    async def read_account(self, call: Call, ig_id: str) -> JSON:
        account = self._require(call, ig_id, "read")
        return select(account_node(ig_id, account), call)

    async def settle(self) -> None:
        """Bring every container to where it has to be by now."""
        for container_id, container in self._state.containers.items():
            if not container["judged"]:
                await self.advance(container_id)


def _options(call: Call) -> JSON:
    """Return what was chosen beside caption and file."""
    options: JSON = {name: call.params[name] for name in CHOICES if name in call.params}
    if "thumb_offset" in call.params:
        options["thumb_offset"] = call.number("thumb_offset")
    for name in ("collaborators", "user_tags", "branded_content_sponsor_ids"):
        if name in call.params:
            options[name] = call.items(name)
    return options


def account_node(ig_id: str, account: JSON) -> JSON:
    return {
        "id": ig_id,
        "user_id": ig_id,
        "username": account["username"],
        "name": account["name"],
        "account_type": account["account_type"],
        "media_count": None,
        "followers_count": 12,
    }


def blob_key(container: JSON) -> str:
    return f"instagram/{container['id']}"


def permalink(media: JSON) -> str:
    return f"https://www.instagram.com/reel/{media['shortcode']}/"


def _fetch_refusal(error: FetchError) -> GraphError:
    if error.slow:
        return GraphError(-2, "Downloading the media took too long.", subcode=2207003)
    return GraphError(
        9004,
        "Only photo or video can be accepted as media type.",
        subcode=2207052,
        title=f"The media could not be fetched from this URI: {error}",
    )


_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _shortcode(number: int) -> str:
    signs: list[str] = []
    while number:
        number, digit = divmod(number, 64)
        signs.append(_ALPHABET[digit])
    return "".join(reversed(signs))


def seed_foreign_media(state: MetaState, ig_id: str, account: dict[str, Any]) -> None:
    """Put posts of other clients into an account, so that "the newest" is a trap."""
    for number, caption in enumerate(("Posted by hand", "Posted by another tool")):
        media_id = state.new_id(FIRST_MEDIA)
        media = {
            "id": media_id,
            "ig_id": ig_id,
            "username": account["username"],
            "caption": caption,
            "container_id": None,
            "shortcode": _shortcode(int(media_id)),
            "created_at": state.now() - HOUR * (2 - number),
            "comment_enabled": True,
            "foreign": True,
        }
        state.media.put(media_id, media)
