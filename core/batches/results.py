"""What came of a batch, in the shape that other programs read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from core.batches.book import BatchBook, read_note
from core.platforms.base import SCHEDULED
from core.posts.models import UploadState
from core.posts.operations import ABSENT
from core.posts.records import read_upload
from core.store.base import Row

PAGE = 200
REFUSAL = "refusal"
"""Key under which a result holds why its entry was not accepted, to be told in words."""
MIB = 1024 * 1024
STATUSES = {
    UploadState.LIVE: "PUBLISHED",
    UploadState.FAILED: "FAILED",
    UploadState.CANCELLED: "CANCELLED",
    UploadState.PROCESSING: "PROCESSING",
    UploadState.UNKNOWN: "UNKNOWN",
}


async def results(book: BatchBook, batch_id: int) -> AsyncIterator[dict[str, Any]]:
    """Yield one object for each upload of a batch, in the order of its entries."""
    number = after = 0
    while rows := await book.results(batch_id, number, after, PAGE):
        for row in rows:
            yield _result(row)
        number, after = rows[-1]["number"], rows[-1]["id"]
    number = 0
    while rows := await book.not_taken(batch_id, number, PAGE):
        for row in rows:
            yield _not_taken(row)
        number = rows[-1]["number"]


def _result(row: Row) -> dict[str, Any]:
    upload = read_upload({**row, "account_name": ""})
    entry: dict[str, Any] = json.loads(row["entry"])
    facts: dict[str, Any] = json.loads(row["post_facts"])
    is_live = upload.state is UploadState.LIVE and upload.visibility not in ABSENT
    status = STATUSES.get(upload.state, "WAITING" if upload.reason else "UPLOADING")
    if is_live and upload.visibility == SCHEDULED:
        status = "SCHEDULED"
    elif upload.state is UploadState.LIVE and not is_live:
        status = "REMOVED"
    seconds = 0.0
    if upload.started_at and upload.finished_at:
        seconds = (upload.finished_at - upload.started_at).total_seconds()
    result: dict[str, Any] = {
        "success": is_live,
        "platform": upload.platform,
        "video_id": upload.remote_id,
        "publish_id": str(upload.session.get("remote_id") or upload.remote_id),
        "status": status,
        "upload_time_seconds": round(seconds, 2),
        "video_url": upload.url,
        "metadata": _metadata(entry, facts, upload.size_bytes),
    }
    if not is_live and upload.error_kind:
        result["error"] = upload.error_text or upload.error_code or upload.error_kind
    return result


def _metadata(entry: dict[str, Any], facts: dict[str, Any], size: int | None) -> dict[str, Any]:
    duration = facts.get("duration_seconds") or entry.get("facts", {}).get("duration_seconds")
    size_bytes = size or facts.get("size_bytes") or entry.get("size_bytes") or 0
    return {
        "title": entry.get("title", ""),
        "duration": round(float(duration), 3) if duration else None,
        "file_size_mb": round(size_bytes / MIB, 2),
    }


def _not_taken(row: Row) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(row["entry"])
    why = read_note(row["note"])
    return {
        "success": False,
        "platform": ", ".join(entry.get("targets", [])),
        "video_id": "",
        "publish_id": "",
        "status": "REFUSED",
        "upload_time_seconds": 0.0,
        "video_url": "",
        "metadata": _metadata(entry, {}, None),
        REFUSAL: {"key": str(why.get("key", "refused")), "facts": dict(why.get("facts", {}))},
    }
