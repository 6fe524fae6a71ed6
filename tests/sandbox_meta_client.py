"""A client of Meta's stand-ins that speaks as their documents tell it."""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.sandbox_kit import JSON, Answer, Remote
from utils.sandbox import meta_seeds as seeds
from utils.sandbox.server import Sandbox

PROCESSING = 60.0
V = "/v26.0"
DAY = 86_400.0
PAGE, IG = seeds.PAGE_ID, seeds.IG_ID


class Meta:
    """Speaks to all of Meta's hosts as their documents tell it."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.graph = Remote(session, sandbox.address("graph"))
        self.rupload = Remote(session, sandbox.address("graph_upload"))
        self.instagram = Remote(session, sandbox.address("instagram"))

    async def call(
        self,
        method: str,
        path: str,
        form: JSON | None = None,
        *,
        token: str = seeds.USER_TOKEN,
        face: str = "graph",
    ) -> Answer:
        remote = self.graph if face == "graph" else self.instagram
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await remote(method, V + path, data=form, headers=headers)

    async def page(self, method: str, path: str, form: JSON | None = None) -> Answer:
        return await self.call(method, path, form, token=seeds.PAGE_TOKEN)

    async def send(
        self,
        address: str,
        data: bytes,
        *,
        offset: int = 0,
        size: int | None = None,
        token: str = seeds.USER_TOKEN,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        told = {
            "Authorization": f"OAuth {token}",
            "Content-Type": "application/octet-stream",
            "offset": str(offset),
            "file_size": str(len(data) if size is None else size),
            **(headers or {}),
        }
        return await self.rupload("POST", address, data=data, headers=told)

    async def container(self, **form: Any) -> JSON:
        body = {"media_type": "REELS", "upload_type": "resumable", **form}
        answer = await self.call("POST", f"/{IG}/media", body)
        assert answer.status == 200, answer.body
        created: JSON = answer.json
        return created

    async def ready(self, data: bytes, **form: Any) -> str:
        """Return a container whose file was received and looked at."""
        created = await self.container(**form)
        assert (await self.send(created["uri"], data)).status == 200
        self.sandbox.advance(PROCESSING)
        return str(created["id"])

    async def container_code(self, container_id: str) -> str:
        answer = await self.call("GET", f"/{container_id}?fields=status_code,status")
        assert answer.status == 200, answer.body
        return str(answer.json["status_code"])

    async def publish(self, container_id: str) -> Answer:
        return await self.call("POST", f"/{IG}/media_publish", {"creation_id": container_id})

    async def published(self) -> list[JSON]:
        rows: list[JSON] = (await self.graph("GET", "/_sandbox/published")).json
        return rows

    async def start_reel(self) -> JSON:
        answer = await self.page("POST", f"/{PAGE}/video_reels", {"upload_phase": "start"})
        assert answer.status == 200, answer.body
        started: JSON = answer.json
        return started

    async def uploaded_reel(self, data: bytes) -> str:
        started = await self.start_reel()
        answer = await self.send(started["upload_url"], data, token=seeds.PAGE_TOKEN)
        assert answer.json == {"success": True}
        return str(started["video_id"])

    async def finish(self, video_id: str, state: str = "PUBLISHED", **form: Any) -> Answer:
        body = {"upload_phase": "finish", "video_id": video_id, "video_state": state, **form}
        return await self.page("POST", f"/{PAGE}/video_reels", body)

    async def status(self, video_id: str) -> JSON:
        answer = await self.page("GET", f"/{video_id}?fields=status")
        assert answer.status == 200, answer.body
        status: JSON = answer.json["status"]
        return status


def problem(answer: Answer) -> tuple[int, int | None]:
    error = answer.json["error"]
    assert answer.status >= 400
    assert error["fbtrace_id"]
    return error["code"], error.get("error_subcode")


def complaint(answer: Answer) -> tuple[int, str]:
    assert "error" not in answer.json
    return answer.status, answer.json["debug_info"]["type"]
