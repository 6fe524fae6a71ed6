"""Sending by address: the stand-in fetches the file itself, from loopback only."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp

from utils.sandbox.telegram.body import Received
from utils.sandbox.telegram.call import Call
from utils.sandbox.telegram.errors import bad_request
from utils.sandbox.telegram.webhook import is_loopback

URL_LIMIT_BYTES = 20 * 1024 * 1024
PHOTO_URL_LIMIT_BYTES = 5 * 1024 * 1024
FETCH_SECONDS = 30.0
EXPECTED_TYPES = {"video": "video/", "photo": "image/", "audio": "audio/", "animation": ""}
NOT_CONTENT = ("failed to get HTTP URL content", "wrong type of the web page content")


async def fetch(call: Call, kind: str, url: str) -> Received:
    """Return the file behind an address.

    Raises:
        TelegramError: when the address is wrong, or what is there is too big or no such file.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad_request("wrong HTTP URL specified")
    if not is_loopback(url):
        raise bad_request(NOT_CONTENT[0])
    limit = PHOTO_URL_LIMIT_BYTES if kind == "photo" else URL_LIMIT_BYTES
    blob = call.service.sandbox.blob(f"telegram-{uuid4().hex}")
    name = parts.path.rpartition("/")[2]
    received = Received(filename=name, content_type="", blob=blob)
    try:
        await _download(url, received, limit, EXPECTED_TYPES.get(kind, ""))
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        blob.delete()
        raise bad_request(NOT_CONTENT[0]) from error
    except BaseException:
        blob.delete()
        raise
    blob.close()
    return received


async def _download(url: str, received: Received, limit: int, expected: str) -> None:
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
        if response.status >= 400:
            raise bad_request(NOT_CONTENT[0])
        received.content_type = response.content_type
        if not response.content_type.startswith(expected):
            raise bad_request(NOT_CONTENT[1])
        async for piece in response.content.iter_any():
            if received.blob.size + len(piece) > limit:
                raise bad_request(NOT_CONTENT[0])
            received.append(piece)
