"""What sources share: the shape of a post's ``source`` and the session for downloads.

``Post.source`` is one of::

    {"kind": "telegram", "file_id": str, "file_unique_id": str, "filename": str, "mime_type": str}
    {"kind": "http", "url": str, "mirrors": [str, ...], "rights": "mine" or ""}
    {"kind": "file", "path": str}
    {"kind": "asset", "asset_id": int, "render_id": int, "in_place": bool}
    {"kind": "render", "render_id": int}

Sentences of a `SourceError` (its ``key``) stand in ``bot/chat/texts``, as ``source_<key>``.
"""

from __future__ import annotations

import functools
import ssl

import aiohttp

CHUNK_BYTES = 1024 * 1024
_KEPT_BYTES = 4 * CHUNK_BYTES
USER_AGENT = "karvon"


@functools.cache
def keep_chunks_mapped() -> None:
    """Have the C library keep the memory of chunks for the next ones.

    It gives large pieces back to the system at once, and the next chunk pays for each of its
    pages anew; after it saw one of this size freed, it keeps what is smaller (``mallopt(3)``,
    ``M_MMAP_THRESHOLD``, which adapts itself).
    """
    _ = bytearray(_KEPT_BYTES)


def download_session(
    context: ssl.SSLContext | None = None,
    *,
    stall_seconds: float = 60.0,
    connect_seconds: float = 10.0,
) -> aiohttp.ClientSession:
    """Return a session for downloads; the caller closes it.

    There is no limit for a whole download, only for the connection and for silence.
    """
    keep_chunks_mapped()
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
