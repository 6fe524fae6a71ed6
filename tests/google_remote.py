from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from utils.sandbox.google import YouTube
from utils.sandbox.google_accounts import (
    DEMO_ACCESS_TOKEN,
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    GoogleAccounts,
)
from utils.sandbox.google_oauth import GoogleOAuth
from utils.sandbox.server import Sandbox

CHUNK = 262_144
METADATA: dict[str, Any] = {
    "snippet": {"title": "T", "description": "D", "tags": ["a", "b c"], "categoryId": "22"},
    "status": {"privacyStatus": "private", "selfDeclaredMadeForKids": False},
}
SERVICES = [YouTube, GoogleOAuth]


class Answer:
    """A status, headers and a body that was read."""

    def __init__(self, status: int, headers: dict[str, str], text: str, body: Any) -> None:  # noqa: ANN401 - JSON
        self.status = status
        self.headers = headers
        self.text = text
        self.body = body

    @property
    def reason(self) -> tuple[int, str]:
        return self.status, self.body["error"]["errors"][0]["reason"]


class Google:
    """A client of the two Google stand-ins that knows no rules of its own."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.http = http
        self.address = sandbox.address("youtube")
        self.oauth = sandbox.address("google_oauth")
        self.token: str | None = DEMO_ACCESS_TOKEN

    @property
    def accounts(self) -> GoogleAccounts:
        return GoogleAccounts(self.sandbox)

    def switch(self, name: str, value: object) -> None:
        self.sandbox.set_option("youtube", name, value)

    def fault(self, action: str, step: str, **names: object) -> None:
        body = {"service": "youtube", "action": action, "step": step, **names}
        self.sandbox.faults.add(body)

    def use_token(self, *scopes: str, user: str = "demo-user") -> None:
        refresh = self.accounts.grant(user=user, client_id=DEMO_CLIENT_ID, scopes=scopes)
        self.token = self.accounts.issue_access(refresh)

    async def send(self, method: str, address: str, **names: Any) -> Answer:
        headers = names.pop("headers", {})
        if self.token is not None:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        names = {"allow_redirects": False, **names}
        async with self.http.request(method, address, headers=headers, **names) as answer:
            text = (await answer.read()).decode(errors="replace")
            body = await answer.json() if answer.content_type == "application/json" else None
            return Answer(answer.status, dict(answer.headers), text, body)

    async def call(self, method: str, path: str, **names: Any) -> Answer:
        return await self.send(method, f"{self.address}/youtube/v3/{path}", **names)

    async def begin(
        self,
        size: int | None = None,
        *,
        metadata: object = METADATA,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
    ) -> Answer:
        query = {"uploadType": "resumable", "part": "snippet,status", **(query or {})}
        announced = {} if size is None else {"X-Upload-Content-Length": str(size)}
        return await self.send(
            "POST",
            f"{self.address}/upload/youtube/v3/videos",
            params={name: value for name, value in query.items() if value},
            json=metadata,
            headers={"X-Upload-Content-Type": "video/mp4", **announced, **(headers or {})},
        )

    async def session(self, size: int | None = None) -> str:
        answer = await self.begin(size)
        assert answer.status == 200, answer.text
        return answer.headers["Location"]

    async def put(self, session: str, data: bytes, content_range: str | None = None) -> Answer:
        headers = {"Content-Length": str(len(data)), "Content-Type": "video/mp4"}
        if content_range is not None:
            headers["Content-Range"] = f"bytes {content_range}"
        return await self.send("PUT", session, data=pieces(data), headers=headers)

    async def ask(self, session: str, size: int | str) -> Answer:
        return await self.put(session, b"", f"*/{size}")

    async def upload(self, data: bytes = b"video", *, metadata: object = METADATA) -> str:
        answer = await self.begin(len(data), metadata=metadata)
        assert answer.status == 200, answer.text
        done = await self.put(answer.headers["Location"], data)
        assert done.status == 200, done.text
        video_id: str = done.body["id"]
        return video_id

    async def video(self, video_id: str, part: str = "snippet,status") -> dict[str, Any]:
        answer = await self.call("GET", "videos", params={"part": part, "id": video_id})
        assert answer.status == 200, answer.text
        (item,) = answer.body["items"]
        found: dict[str, Any] = item
        return found

    async def finish_processing(self) -> None:
        self.sandbox.advance(self.sandbox.options.processing_seconds + 0.01)

    async def exchange(self, **form: str) -> Answer:
        client = {"client_id": DEMO_CLIENT_ID, "client_secret": DEMO_CLIENT_SECRET}
        token, self.token = self.token, None
        answer = await self.send("POST", f"{self.oauth}/token", data={**client, **form})
        self.token = token
        return answer


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    """Yield a body that the client cannot send a second time by itself."""
    for start in range(0, len(data), 65_536):
        yield data[start : start + 65_536]
