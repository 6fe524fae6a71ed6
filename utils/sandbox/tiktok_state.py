"""What a TikTok stand-in remembers: applications, creators, tokens, and posts on their way."""

from __future__ import annotations

import uuid
from typing import Any

import aiohttp
from aiohttp import web

from utils.sandbox.probe import probe
from utils.sandbox.server import Sandbox
from utils.sandbox.tiktok_hooks import Hooks
from utils.sandbox.tiktok_rules import PRIVATE_OPTIONS, PUBLIC_OPTIONS, Plan, media_fault

SERVICE = "tiktok"
DAY = 86_400.0
HOUR = 3_600.0
POST_ID_BASE = 7_500_000_000_000_000_000
TASK_ID_BASE = 7_400_000_000_000_000_000
PULL_SECONDS = 20.0
OPEN = frozenset({"PROCESSING_UPLOAD", "PROCESSING_DOWNLOAD"})

JSON = dict[str, Any]


class TikTokError(Exception):
    """A refusal in the envelope of the posting API."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.status = status
        self.code = code
        self.message = message or code

    def response(self) -> web.Response:
        return envelope({}, self.code, self.message, self.status)


def envelope(data: JSON, code: str = "ok", message: str = "", status: int = 200) -> web.Response:
    """Return an answer in the shape of every call but OAuth."""
    error = {"code": code, "message": message, "log_id": uuid.uuid4().hex.upper()}
    return web.json_response({"data": data, "error": error}, status=status)


class TikTokState:
    """The collections of the stand-in and the life of a post, shared by both its ports."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.apps = sandbox.collection("tiktok.apps")
        self.creators = sandbox.collection("tiktok.creators")
        self.tokens = sandbox.collection("tiktok.tokens")
        self.refresh_tokens = sandbox.collection("tiktok.refresh_tokens")
        self.codes = sandbox.collection("tiktok.codes")
        self.tasks = sandbox.collection("tiktok.tasks")
        self.uploads = sandbox.collection("tiktok.uploads")
        self.windows = sandbox.collection("tiktok.windows")
        self.hooks = Hooks(sandbox)

    def now(self) -> float:
        return self.sandbox.clock.now()

    def switch(self, name: str, default: Any) -> Any:  # noqa: ANN401 - a switch holds any JSON
        return self.sandbox.options.switch(SERVICE, name, default)

    def creator(self, open_id: str) -> JSON:
        found = self.creators.get(open_id)
        if found is None:
            raise TikTokError(401, "access_token_invalid", "the creator is gone")
        return found

    def is_audited(self, client_key: str) -> bool:
        app = self.apps.get(client_key) or {}
        return bool(self.switch("audited", app.get("audited", False)))

    def forget_grants(self, open_id: str, client_key: str | None = None) -> list[str]:
        """End what a creator granted, to one application or to all; return to which."""
        clients = set()
        for collection in (self.tokens, self.refresh_tokens):
            for key, row in collection.items():
                if row["open_id"] == open_id and client_key in {None, row["client_key"]}:
                    collection.delete(key)
                    clients.add(str(row["client_key"]))
        return sorted(clients)

    def is_public(self, task: JSON) -> bool:
        """Tell whether everybody can see a post by now."""
        return task["public_at"] is not None and bool(task["public_at"] <= self.now())

    def shown_id(self, task: JSON) -> str:
        """Return the id of a post among what is published."""
        return str(task["shown_as"])

    def charge(self, token: str, kind: str, most: int) -> None:
        """Count a call in a sliding minute of this token.

        Raises:
            TikTokError: when the minute is full.
        """
        if not self.switch("rate_limits", True):
            return
        key, now = f"{token}:{kind}", self.now()
        row = self.windows.get(key) or {"times": []}
        recent = [at for at in row["times"] if at > now - 60]
        if len(recent) >= most:
            raise TikTokError(429, "rate_limit_exceeded", "too many requests in this minute")
        self.windows.put(key, {"times": [*recent, now]})

    def tasks_of(self, open_id: str, kind: str) -> list[JSON]:
        """Return the tasks of the last 24 hours that are neither failed nor abandoned.

        A draft of the inbox counts until the person has posted it.
        """
        now = self.now()
        gone = {"FAILED", "PUBLISH_COMPLETE"} if kind == "inbox" else {"FAILED"}
        return [
            task
            for _, task in self.tasks.items()
            if (task["open_id"], task["kind"]) == (open_id, kind)
            and task["created_at"] > now - DAY
            and task["status"] not in gone
            and (task["complete_at"] is not None or task["expires_at"] > now)
        ]

    def block(self, client_key: str, open_id: str) -> str | None:
        """Return the code that keeps a creator from posting right now, or None."""
        told: str | None = self.switch("block", None) or self.creator(open_id).get("block")
        if told:
            return told
        most = self.switch("daily_posts", 15)
        if most is not None and len(self.tasks_of(open_id, "direct")) >= most:
            return "spam_risk_too_many_posts"
        others = {
            task["open_id"]
            for _, task in self.tasks.items()
            if task["client_key"] == client_key and task["created_at"] > self.now() - DAY
        }
        full = len(others - {open_id}) >= self.switch("unaudited_users", 5)
        if full and not self.is_audited(client_key):
            return "reached_active_user_cap"
        return None

    def privacy_options(self, creator: JSON) -> tuple[str, ...]:
        return PRIVATE_OPTIONS if creator["private"] else PUBLIC_OPTIONS

    def open_task(self, kind: str, token: JSON, post_info: JSON, source: JSON) -> JSON:
        """Create the task of an init that was found right."""
        number = self.tasks.next_id()
        pulls = source["source"] == "PULL_FROM_URL"
        prefix = f"v_{'pub' if kind == 'direct' else 'inbox'}_{'url' if pulls else 'file'}"
        now = self.now()
        task = {
            "publish_id": f"{prefix}~v2-1.{TASK_ID_BASE + number}",
            "kind": kind,
            "open_id": token["open_id"],
            "client_key": token["client_key"],
            "post_info": post_info,
            "source": source,
            "status": "PROCESSING_DOWNLOAD" if pulls else "PROCESSING_UPLOAD",
            "fail_reason": "",
            "received": 0,
            "created_at": now,
            "expires_at": now + HOUR,
            "complete_at": now if pulls else None,
            "upload_token": uuid.uuid4().hex,
            "post_id": None,
            "public_at": None,
            "shown_as": None,
            "facts": None,
            "gone": False,
        }
        self.tasks.put(task["publish_id"], task)
        if not pulls:
            self.uploads.put(str(TASK_ID_BASE + number), {"publish_id": task["publish_id"]})
        return task

    def upload_url(self, task: JSON) -> str:
        base = self.sandbox.address("tiktok_upload")
        upload_id = task["publish_id"].rsplit(".", 1)[1]
        return f"{base}/video/?upload_id={upload_id}&upload_token={task['upload_token']}"

    def task_of_upload(self, upload_id: str, upload_token: str) -> JSON | None:
        found = self.uploads.get(upload_id)
        task = self.tasks.get(found["publish_id"]) if found else None
        return task if task and task["upload_token"] == upload_token else None

    def plan(self, task: JSON) -> Plan:
        source = task["source"]
        return Plan(
            size=source["video_size"],
            chunk=source["chunk_size"],
            count=source["total_chunk_count"],
        )

    async def advance(self, publish_id: str) -> JSON | None:
        """Bring a task to where it has to be by now and return it."""
        task = self.tasks.get(publish_id)
        if task is None or task["status"] not in OPEN or task["complete_at"] is None:
            return task
        if self.now() < task["complete_at"] + self.sandbox.options.processing_seconds:
            return task
        reason, facts = await self._judge(task)
        current = self.tasks.get(publish_id)
        if current is None or current["status"] not in OPEN:
            return current  # another reader was faster
        self._end({**current, "facts": facts}, reason)
        return self.tasks.get(publish_id)

    async def settle(self) -> None:
        """Bring every task to where it has to be by now."""
        for publish_id, task in self.tasks.items():
            if task["status"] in OPEN:
                await self.advance(publish_id)
        await self.hooks.deliver()

    async def _judge(self, task: JSON) -> tuple[str | None, JSON | None]:
        """Return why a task fails, or None, and what is known of the file."""
        ordered = self.sandbox.faults.take(SERVICE, "process", "fail_processing")
        if ordered is not None:
            return str(ordered.params.get("reason", "internal")), None
        if task["status"] == "PROCESSING_DOWNLOAD" and not await self._pull(task):
            return "video_pull_failed", None
        if not self.switch("probe", True):
            return None, None
        longest = float(self.creator(task["open_id"])["max_seconds"])
        found = await probe(self.sandbox.blob(blob_key(task)).path)
        if found is None:
            return None, None
        facts = {"seconds": found.duration_seconds, "width": found.width, "height": found.height}
        return media_fault(found, longest), facts

    async def _pull(self, task: JSON) -> bool:
        blob = self.sandbox.blob(blob_key(task))
        blob.delete()
        timeout = aiohttp.ClientTimeout(total=PULL_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(task["source"]["video_url"], allow_redirects=False) as response,
            ):
                if response.status != 200:
                    return False
                async for piece in response.content.iter_any():
                    blob.append(piece)
        except (aiohttp.ClientError, TimeoutError):
            return False
        return blob.size > 0

    def _end(self, task: JSON, reason: str | None) -> None:
        if reason is None and task["kind"] != "inbox":
            self.put_live(task)
            return
        if reason is None:
            task["status"] = "SEND_TO_USER_INBOX"
        else:
            task.update(status="FAILED", fail_reason=reason)
        self.tasks.put(task["publish_id"], task)
        self.hooks.note(task)

    def put_live(self, task: JSON) -> None:
        """Post what a task brought, public after moderation if it is to be public."""
        delay = float(self.switch("moderation_seconds", 0.2))
        public = task["post_info"]["privacy_level"] == "PUBLIC_TO_EVERYONE"
        number = str(POST_ID_BASE + self.tasks.next_id())
        task.update(status="PUBLISH_COMPLETE", post_id=number)
        task["public_at"] = self.now() + delay if public else None
        # A post that is not public has no id of its own that anybody could be told.
        task["shown_as"] = number if public else task["publish_id"]
        self.tasks.put(task["publish_id"], task)
        self._show(task)
        self.hooks.note(task)

    def _show(self, task: JSON) -> None:
        blob = self.sandbox.blob(blob_key(task))
        creator = self.creator(task["open_id"])
        post = task["post_info"]
        self.sandbox.publish(
            service=SERVICE,
            account=task["open_id"],
            remote_id=self.shown_id(task),
            sha256=blob.sha256(),
            size=blob.size,
            text={**post, "publish_id": task["publish_id"]},
            visibility=post["privacy_level"],
            url=post_url(creator, task),
            options={k: v for k, v in post.items() if k not in {"title", "privacy_level"}},
        )


def blob_key(task: JSON) -> str:
    return f"tiktok/{task['publish_id']}"


def post_url(creator: JSON, task: JSON) -> str:
    return f"https://www.tiktok.com/@{creator['username']}/video/{task['post_id']}"
