"""Dropbox: the address of the file behind a share page.

A share page is ``www.dropbox.com/s/ID/NAME`` or ``www.dropbox.com/scl/fi/ID/NAME?rlkey=KEY``;
with ``dl=1`` in its query it answers with the file, after redirects. All other parameters stay,
because ``rlkey`` grants the access.

Source: Dropbox Help Center, "Force a shared link to download or render", 2023-12-04.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlencode

from core.errors import SourceError

HOSTS = frozenset({"www.dropbox.com", "dropbox.com", "m.dropbox.com"})

_FILE = re.compile(r"/(?:s|scl/fi)/[^/]+(?:/[^/]*)?")
_FOLDER = re.compile(r"/(?:sh|scl/fo)/.+")


def dropbox(page: SplitResult) -> str | None:
    """Return the address of the file; None for other places.

    Raises:
        SourceError: ``link_folder``, for a shared folder: Dropbox would pack it into a ZIP.
    """
    if page.hostname not in HOSTS:
        return None
    if _FOLDER.fullmatch(page.path):
        raise SourceError(key="link_folder", retry=False)
    if not _FILE.fullmatch(page.path):
        return None
    query = [pair for pair in parse_qsl(page.query) if pair[0] not in {"dl", "raw"}]
    return page._replace(query=urlencode([*query, ("dl", "1")]), fragment="").geturl()
