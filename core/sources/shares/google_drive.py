"""Google Drive: the address of the file behind a share page.

A share page is ``drive.google.com/file/d/ID/view`` (with ``resourcekey`` for older files). The
file itself comes from ``drive.usercontent.google.com/download?id=ID&export=download``; above some
size Drive first shows a page that it was not scanned for viruses, whose only button adds
``confirm=t``. It works for files that anybody with the link may see. When too many people fetched
a file, or it is not shared, a page comes instead.

Source: Drive API v3, reference of files (``webContentLink``, ``resourceKey``), 2026; the address
of the download and ``confirm`` are as browsers were seen to use them, 2024 to 2026, and are
promised nowhere.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, urlencode

from core.errors import SourceError

HOSTS = frozenset({"drive.google.com", "docs.google.com"})
DOWNLOAD = "https://drive.usercontent.google.com/download"

_FILE = re.compile(r"(?:/a/[^/]+)?(?:/u/\d+)?/file(?:/u/\d+)?/d/([A-Za-z0-9_-]{10,})(?:/.*)?")
_BY_QUERY = frozenset({"/open", "/uc"})
_FOLDER = re.compile(r"(?:/.*)?/folders/.+")


def google_drive(page: SplitResult) -> str | None:
    """Return the address of the file; None for other places.

    Raises:
        SourceError: ``link_folder``, for a shared folder.
    """
    if page.hostname not in HOSTS:
        return None
    if _FOLDER.fullmatch(page.path):
        raise SourceError(key="link_folder", retry=False)
    query = parse_qs(page.query)
    match = _FILE.fullmatch(page.path)
    file_id = match[1] if match else ""
    if page.path in _BY_QUERY:
        file_id = query.get("id", [""])[0]
    if not file_id:
        return None
    wanted = {"id": file_id, "export": "download", "confirm": "t"}
    if key := query.get("resourcekey", [""])[0]:
        wanted["resourcekey"] = key
    return f"{DOWNLOAD}?{urlencode(wanted)}"
