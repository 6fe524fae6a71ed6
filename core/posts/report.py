"""A post as other programs read it, and a video from the command line as the intake takes it."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from core.errors import RefusedError
from core.posts.intake import Incoming
from core.posts.linking import incoming_link, is_link, read_lines, require_link
from core.posts.models import MediaFacts, Post, Upload
from core.progress import Progress
from core.sources.guard import Guard


def report_post(
    post: Post, uploads: Sequence[Upload], progress: Progress | None = None
) -> dict[str, Any]:
    """Return the JSON shape of a post (design, section 7)."""
    ended = post.finished_at
    return {
        "post_id": post.id,
        "state": post.state.value,
        "uploads": [_report_upload(post, upload, progress) for upload in uploads],
        "wall_seconds": _seconds(post.created_at, ended),
    }


def _report_upload(post: Post, upload: Upload, progress: Progress | None) -> dict[str, Any]:
    snapshot = progress.get(upload.id) if progress else None
    made = upload.fit.get("made", {})
    report: dict[str, Any] = {
        "platform": upload.platform,
        "account": upload.account_name,
        "state": upload.state.value,
        "url": upload.url,
        "remote_id": upload.remote_id,
        "visibility": upload.visibility,
        "bytes": upload.size_bytes or 0,
        "sha256": made["sha256"] if made else post.sha256,
        "seconds": _seconds(upload.started_at, upload.finished_at),
        "attempts": upload.attempts + 1 if upload.started_at else 0,
        "bytes_done": snapshot.done if snapshot else upload.confirmed_bytes,
    }
    if upload.fit:
        report["fit"] = _report_fit(upload)
    if upload.reason:
        report["waits_for"] = upload.reason.value
    if upload.until_at:
        report["waits_until"] = upload.until_at.isoformat()
    if upload.error_kind:
        report["error"] = {
            "kind": upload.error_kind,
            "code": upload.error_code,
            "message": upload.error_text,
        }
    return report


def _report_fit(upload: Upload) -> dict[str, Any]:
    """Return what did not fit, what is done about it, and what it took once it is made."""
    fit, made = upload.fit, upload.fit.get("made", {})
    return {
        "findings": fit.get("findings", []),
        "remedies": fit.get("remedies", []),
        "recipe": made.get("recipe"),
        "seconds": made.get("seconds"),
    }


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return round((end - start).total_seconds(), 3) if start and end else None


def incoming_from_command(
    source: str, *, to: str, caption: str, guard: Guard | None = None
) -> Incoming:
    """Turn a file or a link of the command line into what the intake takes.

    Raises:
        RefusedError: the file is not there or is no regular file, or a line about the link is
            wrong.
    """
    text = "\n".join(part for part in (caption, f"to: {to}" if to else "") if part)
    if is_link(source):
        wish = read_lines(source, text)
        if guard is not None:
            require_link(wish, guard)
        incoming = incoming_link(wish)
        return replace(incoming, caption=wish.caption or incoming.filename)
    path = Path(source).expanduser().absolute()
    if not path.is_file():
        raise RefusedError("no_such_file", path=str(path))
    stat = path.stat()
    mime = mimetypes.guess_type(path.name)[0] or ""
    return Incoming(
        source={"kind": "file", "path": str(path)},
        caption=text if caption else f"{path.stem}\n{text}".strip(),
        facts=MediaFacts(size_bytes=stat.st_size, mime_type=mime),
        fingerprint=f"file:{path}:{stat.st_size}:{stat.st_mtime_ns}",
        filename=path.name,
    )
