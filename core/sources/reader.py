"""Finds the file that a page plays, by yt-dlp in a process of its own.

yt-dlp is an extra (``pages``) and switched off by default. The process gets no settings, cookies,
plug-ins or proxies, may start no programs and write no files, and connects only where the guard
lets links lead; `core.sources.reading` is what runs in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import SourceError
from core.sources.guard import Guard
from core.sources.http import Media
from core.sources.names import clean_name

SECONDS = 60.0
"""So long a page may take to be read."""
ANSWER_BYTES = 256 * 1024
HEADERS = frozenset({"user-agent", "referer", "origin", "accept", "accept-language"})
"""What of a page's player is sent along; nothing that says who asks."""
_KEYS = frozenset({"link_private", "link_playlist", "link_no_video", "bad_url"})


class YtDlpReader:
    """Reads pages while it is switched on; each page in a fresh process."""

    def __init__(self, guard: Guard, *, enabled: bool, seconds: float = SECONDS) -> None:
        self.enabled = enabled
        self._guard = guard
        self._seconds = seconds

    async def find(self, url: str) -> Media:
        """Return the file that a page plays.

        Raises:
            SourceError: ``link_pages_off``, ``link_pages_missing``, ``link_page_slow``, or why
                there is no file.
        """
        if not self.enabled:
            raise SourceError(key="link_pages_off", retry=False)
        if importlib.util.find_spec("yt_dlp") is None:
            raise SourceError(key="link_pages_missing", retry=False)
        _ = self._guard.check(url)
        order = {"url": url, "allowed_hosts": sorted(self._guard.allowed_hosts)}
        with tempfile.TemporaryDirectory(prefix="karvon-page-") as folder:
            answer = await self._ask(json.dumps(order).encode(), folder)
        return self._read(answer)

    async def _ask(self, order: bytes, folder: str) -> Mapping[str, Any]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "core.sources.reading"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(self._seconds):
                said, _ = await process.communicate(order)
        except TimeoutError as error:
            raise SourceError(key="link_page_slow", retry=True) from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            _ = await process.wait()
        return _answer(said[:ANSWER_BYTES])

    def _read(self, answer: Mapping[str, Any]) -> Media:
        if "url" not in answer:
            key = str(answer.get("error"))
            facts = {"reason": str(answer.get("reason", ""))[:200]}
            known = key if key in _KEYS else "link_no_video"
            raise SourceError(key=known, retry=False, facts=facts)
        told = answer.get("headers")
        headers = told if isinstance(told, dict) else {}
        return Media(
            url=str(self._guard.check(str(answer["url"]))),
            headers={
                str(name): str(value)
                for name, value in headers.items()
                if str(name).lower() in HEADERS
            },
            filename=clean_name(str(answer.get("filename", ""))),
        )


def _environment(folder: str) -> dict[str, str]:
    """Return all that the process learns of this machine."""
    kept = ("SSL_CERT_FILE", "SSL_CERT_DIR")
    return {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(str(Path(place).absolute()) for place in sys.path),
        "HOME": folder,
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "YTDLP_NO_PLUGINS": "1",
        **{name: os.environ[name] for name in kept if name in os.environ},
    }


def _answer(said: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(said)
    except ValueError:
        return {"error": "link_no_video", "reason": "the reader of pages broke"}
    return value if isinstance(value, dict) else {}
