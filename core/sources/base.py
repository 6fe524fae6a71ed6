"""What sources share: the shape of a post's ``source`` and the session for downloads.

``Post.source`` is one of::

    {"kind": "telegram", "file_id": str, "file_unique_id": str, "filename": str, "mime_type": str}
    {"kind": "http", "url": str, "mirrors": [str, ...], "rights": "mine" or ""}
    {"kind": "file", "path": str}

Sentences of a `SourceError` (its ``key``) stand in ``bot/chat/texts``, as ``source_<key>``.
"""

from __future__ import annotations

import ssl

import aiohttp

CHUNK_BYTES = 1024 * 1024
USER_AGENT = "karvon"


def download_session(
    context: ssl.SSLContext | None = None,
    *,
    stall_seconds: float = 60.0,
    connect_seconds: float = 10.0,
) -> aiohttp.ClientSession:
    """Return a session for downloads; the caller closes it.

    There is no limit for a whole download, only for the connection and for silence.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=True if context is None else context, limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"user-agent": USER_AGENT, "accept-encoding": "identity"},
        timeout=aiohttp.ClientTimeout(
            total=None, sock_connect=connect_seconds, sock_read=stall_seconds
        ),
        auto_decompress=False,
        read_bufsize=CHUNK_BYTES // 2,
    )
