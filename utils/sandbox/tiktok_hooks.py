"""The signed events that TikTok sends to an application's own address."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import aiohttp

from utils.sandbox.server import Sandbox

TIMEOUT_SECONDS = 5.0
GIVE_UP_SECONDS = 72 * 3600.0


class Hooks:
    """Events wait in a collection until the application has answered 200 to each.

    They are sent whenever the sandbox settles; nothing is sent while no address is set by
    the switch ``webhook_url``. The gap to the next try doubles from one second on.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._events = sandbox.collection("tiktok.events")

    def note(self, task: dict[str, Any]) -> None:
        """Queue what there is to say about a task that has ended."""
        shared = {"publish_id": task["publish_id"]}
        if task["kind"] == "inbox":
            shared["publish_type"] = "INBOX_SHARE"
        if task["status"] == "FAILED":
            self._queue(task, "post.publish.failed", {**shared, "reason": task["fail_reason"]})
        elif task["status"] == "SEND_TO_USER_INBOX":
            self._queue(task, "post.publish.inbox_delivered", shared)
        else:
            self._queue(task, "post.publish.complete", shared)
        if task["public_at"] is not None:
            public = {**shared, "post_id": task["post_id"]}
            self._queue(task, "post.publish.publicly_available", public)

    async def deliver(self) -> None:
        """Send every event that is due; one that is not answered with 200 stays."""
        address = self._sandbox.options.switch("tiktok", "webhook_url", "")
        now = self._sandbox.clock.now()
        due = [(key, row) for key, row in self._events.items() if row["due"] <= now]
        if not address or not due:
            return
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            for key, row in due:
                if await self._send(session, address, row) or now > row["since"] + GIVE_UP_SECONDS:
                    self._events.delete(key)
                    continue
                tries = row["tries"] + 1
                self._events.put(key, {**row, "tries": tries, "due": now + 2.0**tries})

    def _queue(self, task: dict[str, Any], event: str, content: dict[str, Any]) -> None:
        self.queue(task["client_key"], task["open_id"], event, content)

    def queue(self, client_key: str, open_id: str, event: str, content: dict[str, Any]) -> None:
        """Queue one event about a creator for an application."""
        now = self._sandbox.clock.now()
        body = {
            "client_key": client_key,
            "event": event,
            "create_time": int(now),
            "user_openid": open_id,
            "content": json.dumps(content),
        }
        row = {"body": body, "tries": 0, "due": now, "since": now}
        self._events.put(str(self._events.next_id()), row)

    async def _send(
        self, session: aiohttp.ClientSession, address: str, row: dict[str, Any]
    ) -> bool:
        raw = json.dumps(row["body"])
        app = self._sandbox.collection("tiktok.apps").get(row["body"]["client_key"]) or {}
        moment = str(int(self._sandbox.clock.now()))
        secret = str(app.get("client_secret", "")).encode()
        signed = hmac.new(secret, f"{moment}.{raw}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "TikTok-Signature": f"t={moment},s={signed}",
            "Content-Type": "application/json",
        }
        try:
            async with session.post(address, data=raw, headers=headers) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False
