"""A client of TikTok's stand-in that speaks as its documents tell it."""

from __future__ import annotations

from typing import Any

import aiohttp

from tests.sandbox_kit import JSON, Answer, Remote
from utils.sandbox import tiktok
from utils.sandbox.server import Sandbox

PROCESSING = 60.0
CREATOR = "/v2/post/publish/creator_info/query/"
INIT = "/v2/post/publish/video/init/"
INBOX = "/v2/post/publish/inbox/video/init/"
STATUS = "/v2/post/publish/status/fetch/"
CANCEL = "/v2/post/publish/cancel/"
TOKEN = "/v2/oauth/token/"
AUTHORIZE = "/v2/auth/authorize/"
REDIRECT = "http://127.0.0.1:5005/callback/"
VERIFIER = "v" * 50


class TikTokClient:
    """Speaks the protocol as its documents tell it."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.remote = Remote(session, sandbox.address("tiktok"))

    async def call(
        self, path: str, body: JSON | None = None, *, token: str = tiktok.ACCESS_TOKEN
    ) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        return await self.remote("POST", path, json=body or {}, headers=headers)

    async def init(
        self, size: int, chunk: int, count: int, *, path: str = INIT, **post: Any
    ) -> JSON:
        answer = await self.call(path, init_body(size, chunk, count, **post))
        assert answer.status == 200, answer.body
        data: JSON = answer.json["data"]
        return data

    async def put(self, url: str, data: bytes, first: int, total: int, **headers: str) -> Answer:
        span = f"bytes {first}-{first + len(data) - 1}/{total}"
        told = {"Content-Type": "video/mp4", "Content-Range": span, **headers}
        return await self.remote("PUT", url, data=data, headers=told)

    async def upload(self, data: bytes, **post: Any) -> str:
        """Post a small file in one chunk and return its publish_id."""
        begun = await self.init(len(data), len(data), 1, **post)
        answer = await self.put(begun["upload_url"], data, 0, len(data))
        assert answer.status == 201
        return str(begun["publish_id"])

    async def status(self, publish_id: str, *, token: str = tiktok.ACCESS_TOKEN) -> JSON:
        answer = await self.call(STATUS, {"publish_id": publish_id}, token=token)
        assert answer.status == 200, answer.body
        data: JSON = answer.json["data"]
        return data

    async def refresh(self, refresh_token: str, **changes: str) -> Answer:
        form = {
            "client_key": tiktok.CLIENT_KEY,
            "client_secret": tiktok.CLIENT_SECRET,
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            **changes,
        }
        return await self.remote("POST", TOKEN, data=form)


def init_body(size: int, chunk: int, count: int, **post: Any) -> JSON:
    numbers = {"video_size": size, "chunk_size": chunk, "total_chunk_count": count}
    return {
        "post_info": {"privacy_level": "SELF_ONLY", "title": "A clip", **post},
        "source_info": {"source": "FILE_UPLOAD", **numbers},
    }
