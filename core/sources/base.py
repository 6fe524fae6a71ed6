"""What sources share: the shape of a post's ``source`` and the session for downloads.

``Post.source`` is one of::

    {"kind": "telegram", "file_id": str, "file_unique_id": str, "filename": str, "mime_type": str}
    {"kind": "http", "url": str}
    {"kind": "file", "path": str}

Sentences of a `SourceError` (its ``key``): ``too_big_for_cloud``, ``telegram_token``,
``telegram_refused``, ``telegram_local_path``, ``host_not_allowed``, ``bad_url``,
``too_many_redirects``, ``not_a_file``, ``source_encoded``, ``source_forbidden``, ``source_gone``,
``source_status``, ``source_unavailable``, ``source_interrupted``, ``source_truncated``,
``source_changed``, ``empty_file``, ``spool_lost``.
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
