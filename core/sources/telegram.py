"""A file of a Telegram message: from the cloud by HTTP, from a local server in place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aiohttp

from core.errors import SourceError
from core.ports import SourceStream
from core.sources.fetch import Fetch, HttpStream, interrupted
from core.sources.file import FileSource

CALL_SECONDS = 30.0
LOCAL_CALL_SECONDS = 3600.0
"""A local server answers `getFile` only when it has fetched the whole file itself."""

Json = dict[str, Any]


class TelegramSource:
    """A ``file_id`` of this bot.

    The link of the cloud lives for an hour at least, so each `open` asks for a fresh one.
    Source: Bot API, ``getFile``, 2026-06-18.
    """

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        api_base: str,
        token: str,
        file_id: str,
        file_unique_id: str,
        local_files: bool = False,
    ) -> None:
        self._session = session
        self._base = api_base.rstrip("/")
        self._token = token
        self._file_id = file_id
        self._unique_id = file_unique_id
        self._local_files = local_files
        self._fetch = Fetch(session=session, check=self._require_own)

    @property
    def fingerprint(self) -> str:
        return f"telegram:{self._unique_id}"

    async def open(self, offset: int, *, version: str = "") -> SourceStream:
        file = await self._get_file()
        path = str(file.get("file_path", ""))
        if path.startswith("/"):
            return await self._open_local(Path(path), offset, version)
        if not path:
            raise SourceError(key="telegram_refused", retry=True, facts={"reason": "no path"})
        return await self._open_cloud(path, file.get("file_size"), offset, version)

    async def _open_local(self, path: Path, offset: int, version: str) -> SourceStream:
        if not self._local_files:
            raise SourceError(key="telegram_local_path", retry=False)
        try:
            return await FileSource(path).open(offset, version=version)
        except SourceError as error:
            # The server's disk is not mounted here, or not readable for us.
            key = error.key if error.key == "empty_file" else "telegram_local_path"
            raise SourceError(key=key, retry=False) from error

    async def _open_cloud(
        self, path: str, size: int | None, offset: int, version: str
    ) -> HttpStream:
        url = f"{self._base}/file/bot{self._token}/{path}"
        try:
            stream = await self._fetch.open(url, offset, version)
        except SourceError as error:
            if error.key != "source_gone":
                raise
            # The link has expired meanwhile: the next `open` gets a new one.
            raise SourceError(key="source_unavailable", retry=True, facts=error.facts) from error
        if stream.size is None:
            stream.size = size
        return stream

    async def _get_file(self) -> Json:
        url = f"{self._base}/bot{self._token}/getFile"
        seconds = LOCAL_CALL_SECONDS if self._local_files else CALL_SECONDS
        limit = aiohttp.ClientTimeout(total=seconds, sock_connect=10.0)
        try:
            async with self._session.post(
                url, json={"file_id": self._file_id}, timeout=limit, allow_redirects=False
            ) as response:
                answer = _json(await response.read())
                if answer.get("ok") is True and isinstance(answer.get("result"), dict):
                    return dict(answer["result"])
                raise _refusal(response.status, answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise interrupted(error) from error

    def _require_own(self, url: str) -> None:
        if not url.startswith(f"{self._base}/"):
            raise SourceError(key="telegram_refused", retry=True, facts={"reason": "redirect"})


def _json(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _refusal(status: int, answer: Json) -> SourceError:
    """Return what an answer means that is not ``ok``.

    Source: Telegram's Bot API server 10.0, 2026-05-07: texts are compared without case.
    """
    said = str(answer.get("description", "")).lower()
    facts: Json = {"status": status, "reason": said}
    if "file is too big" in said:
        return SourceError(key="too_big_for_cloud", retry=False)
    if status in {401, 404}:
        return SourceError(key="telegram_token", retry=False, facts=facts)
    wait = answer.get("parameters", {}).get("retry_after")
    if isinstance(wait, int):
        facts["retry_after"] = wait
    is_passing = status == 429 or status >= 500 or "temporarily unavailable" in said
    return SourceError(key="telegram_refused", retry=is_passing, facts=facts)
