"""How Meta's own fetcher gets a media file from an address."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import aiohttp

from utils.sandbox.server import Blob, Sandbox

AGENT = "facebookexternalhit/1.1"
MAX_REDIRECTS = 3
ROBOTS_BYTES = 64 * 1024


class FetchError(Exception):
    """The file could not be had; ``slow`` says that only time was lacking."""

    def __init__(self, message: str, *, slow: bool = False) -> None:
        super().__init__(message)
        self.slow = slow


async def fetch(sandbox: Sandbox, service: str, url: str, blob: Blob) -> None:
    """Store what an address gives in an empty blob, as the remote's fetcher would.

    Raises:
        FetchError: when the address, its robots.txt or its answer is not acceptable.
    """
    _require_address(sandbox, service, url)
    seconds = float(sandbox.options.switch(service, "download_seconds", 60.0))
    timeout = aiohttp.ClientTimeout(total=seconds)
    blob.delete()
    try:
        async with aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": AGENT}) as web:
            await _require_robots(web, url)
            await _download(web, url, blob)
    except TimeoutError as error:
        raise FetchError("Timeout downloading media", slow=True) from error
    except aiohttp.ClientError as error:
        raise FetchError(f"Unable to fetch media from URL: {type(error).__name__}") from error
    finally:
        blob.close()


def _require_address(sandbox: Sandbox, service: str, url: str) -> None:
    parts = urlsplit(url)
    if not url.isascii() or not parts.hostname or parts.scheme not in {"http", "https"}:
        raise FetchError("The media URI is not a valid address")
    loopback = _is_loopback(parts.hostname)
    # The world of the stand-ins is loopback: an address there counts as public unless told.
    if loopback and not sandbox.options.switch(service, "loopback_urls", True):
        raise FetchError("The media URI is not public")
    if not loopback and (parts.scheme != "https" or _is_private(parts.hostname)):
        raise FetchError("The media URI is not public https")
    if parts.hostname.endswith((".fbcdn.net", ".fbcdn.com")):
        raise FetchError("The media URI is on our own network")


def _is_loopback(host: str) -> bool:
    return host == "localhost" or host == "::1" or host.startswith("127.")


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host


async def _require_robots(web: aiohttp.ClientSession, url: str) -> None:
    parts = urlsplit(url)
    async with web.get(f"{parts.scheme}://{parts.netloc}/robots.txt") as response:
        if response.status != 200:
            return
        text = (await response.content.read(ROBOTS_BYTES)).decode(errors="replace")
    robots = RobotFileParser()
    robots.parse(text.splitlines())
    if not robots.can_fetch(AGENT, url):
        message = "Unable to fetch media from URL, got status code: 403 Restricted by robots.txt"
        raise FetchError(message)


async def _download(web: aiohttp.ClientSession, url: str, blob: Blob) -> None:
    async with web.get(url, max_redirects=MAX_REDIRECTS) as response:
        if response.status != 200:
            told = f"Unable to fetch media from URL, got status code: {response.status}"
            raise FetchError(told)
        if response.content_type.startswith("text/"):
            raise FetchError("The media URI leads to a page, not to a file")
        async for piece in response.content.iter_any():
            blob.append(piece)
    if not blob.size:
        raise FetchError("The media URI gives an empty file")
