"""Delivery of updates to the bot's webhook, with retries until it says 2xx."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from utils.sandbox.server import Sandbox
from utils.sandbox.telegram.state import State
from utils.sandbox.telegram.updates import Updates

JSON = dict[str, Any]

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
DEFAULT_CONNECTIONS = 40
CONNECTION_LIMIT = 100
LOCAL_CONNECTION_LIMIT = 100_000
GONE_SECONDS = 23 * 3600.0
RETRY_AFTER_LIMIT = 3600.0
REQUEST_SECONDS = 60.0
IDLE_SECONDS = 60.0
GLANCE_SECONDS = 0.1
"""How often due times are compared with the stand-in's clock, which can jump."""

log = logging.getLogger(__name__)

Execute = Callable[[JSON], Awaitable[None]]


@dataclass(slots=True)
class _Delivery:
    """How far one update has come."""

    tries: int = 0
    due_at: float = 0.0
    is_under_way: bool = False
    is_repeated: bool = False
    """Whether the copy on purpose has gone out."""


class Webhook:
    """Owns the webhook's setting and one background task that delivers; close it at the end."""

    def __init__(self, sandbox: Sandbox, service: str, state: State, updates: Updates) -> None:
        self._sandbox = sandbox
        self._service = service
        self._settings = state.settings
        self._updates = updates
        self._deliveries: dict[int, _Delivery] = {}
        self._task: asyncio.Task[None] | None = None
        self.execute: Execute | None = None
        """Runs the method that an answer names."""

    def setting(self) -> JSON | None:
        """Return ``{url, secret_token, max_connections, ...}``, None without a webhook."""
        return self._settings.get("webhook")

    def set(self, setting: JSON) -> None:
        self._settings.put("webhook", setting)
        self._deliveries.clear()
        self.resume()
        self._updates.wake()

    def remove(self) -> None:
        self._settings.delete("webhook")
        self._deliveries.clear()

    def resume(self) -> None:
        """Start the delivery once there is a webhook; it runs until the end."""
        if self._task is not None or self.setting() is None:
            return
        # The stand-in lives in no supervisor: this one task is kept here and ended by close().
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            asyncio.TaskGroup() as group,
        ):
            while True:
                setting = self.setting()
                for update, delivery in self._due(setting) if setting else ():
                    group.create_task(self._deliver(session, setting or {}, update, delivery))
                await self._updates.wait(GLANCE_SECONDS if setting else IDLE_SECONDS)

    def _due(self, setting: JSON) -> list[tuple[JSON, _Delivery]]:
        now = self._sandbox.clock.now()
        room = int(setting["max_connections"]) - sum(
            delivery.is_under_way for delivery in self._deliveries.values()
        )
        due: list[tuple[JSON, _Delivery]] = []
        for update in self._updates.pending():
            delivery = self._deliveries.setdefault(update["update_id"], _Delivery())
            if len(due) < room and not delivery.is_under_way and delivery.due_at <= now:
                delivery.is_under_way = True
                due.append((update, delivery))
        return due

    async def _deliver(
        self,
        session: aiohttp.ClientSession,
        setting: JSON,
        update: JSON,
        delivery: _Delivery,
    ) -> None:
        delivery.tries += 1
        try:
            await self._try(session, setting, update, delivery)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._refused(delivery, 0, None, f"Connection failed: {type(error).__name__}")
        except Exception:  # the edge of a task
            log.exception("the delivery of an update failed")
            self._refused(delivery, 0, None, "The stand-in failed")
        finally:
            delivery.is_under_way = False

    async def _try(
        self,
        session: aiohttp.ClientSession,
        setting: JSON,
        update: JSON,
        delivery: _Delivery,
    ) -> None:
        status, retry_after, answer = await self._post(session, setting, update)
        if self.setting() is None:
            return
        if 200 <= status < 300:
            await self._accepted(delivery, update, answer)
        else:
            problem = f"Wrong response from the webhook: {status}"
            self._refused(delivery, status, retry_after, problem)

    async def _post(
        self, session: aiohttp.ClientSession, setting: JSON, update: JSON
    ) -> tuple[int, float | None, object]:
        if not is_loopback(setting["url"]):
            raise OSError("the stand-in delivers to loopback addresses only")
        headers = {SECRET_HEADER: setting["secret_token"]} if setting["secret_token"] else {}
        async with session.post(
            setting["url"], json=update, headers=headers, allow_redirects=False
        ) as response:
            body = await response.read()
            after = response.headers.get("Retry-After", "")
        return response.status, float(after) if after.isdigit() else None, _parsed(body)

    async def _accepted(self, delivery: _Delivery, update: JSON, answer: object) -> None:
        self._note(gone_since=None)
        if not delivery.is_repeated and self._switch("duplicate_updates"):
            delivery.is_repeated = True
            return
        self._updates.confirm(update["update_id"])
        self._deliveries.pop(update["update_id"], None)
        if isinstance(answer, dict) and answer.get("method") and self.execute is not None:
            await self.execute(answer)

    def _refused(
        self, delivery: _Delivery, status: int, retry_after: float | None, problem: str
    ) -> None:
        now = self._sandbox.clock.now()
        delivery.due_at = now + retry_delay(delivery.tries, retry_after)
        log.info("webhook refused an update: %s", problem)
        setting = self.setting() or {}
        gone_since = (setting.get("gone_since") or now) if status == 410 else None
        if gone_since is not None and now - gone_since >= GONE_SECONDS:
            self.remove()
            return
        self._note(gone_since=gone_since, last_error_date=int(now), last_error_message=problem)

    def _note(self, **changes: Any) -> None:
        setting = self.setting()
        if setting is not None:
            self._settings.put("webhook", {**setting, **changes})

    def _switch(self, name: str) -> bool:
        return bool(self._sandbox.options.switch(self._service, name, default=False))


def retry_delay(tries: int, retry_after: float | None) -> float:
    """Return after how many seconds to try again: at once, then 2, 4, 8 ... to a random cap."""
    if retry_after is not None:
        return min(retry_after, RETRY_AFTER_LIMIT)
    if tries <= 1:
        return 0.0
    return min(2.0 ** (tries - 1), random.uniform(60.0, 120.0))


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None
