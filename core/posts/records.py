"""Rows of the store to values and back; the only place that knows the columns' encodings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from core.posts.models import (
    Account,
    AccountId,
    MediaFacts,
    Post,
    PostId,
    PostState,
    PostText,
    Privacy,
    Upload,
    UploadId,
    UploadState,
    WaitReason,
    Wish,
)
from core.store.base import Row


def to_time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def require_time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def from_time(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be stored")


def dump_value(value: MediaFacts | PostText | Wish) -> str:
    return dump(asdict(value))


def read_facts(text: str) -> MediaFacts:
    return MediaFacts(**json.loads(text))


def read_text(text: str | None) -> PostText | None:
    if not text:
        return None
    value = json.loads(text)
    return PostText(**{**value, "tags": tuple(value.get("tags", ()))})


def read_wish(text: str) -> Wish:
    value: dict[str, Any] = json.loads(text)
    value["tags"] = tuple(value.get("tags", ()))
    value["targets"] = tuple(value.get("targets", ()))
    if value.get("privacy"):
        value["privacy"] = Privacy(value["privacy"])
    if value.get("publish_at"):
        value["publish_at"] = datetime.fromisoformat(value["publish_at"])
    return Wish(**value)


def read_account(row: Row) -> Account:
    return Account(
        id=AccountId(row["id"]),
        platform=row["platform"],
        name=row["name"],
        remote_id=row["remote_id"],
        state=row["state"],
        until_at=to_time(row["until_at"]),
        defaults=json.loads(row["defaults"]),
        is_target=bool(row["is_target"]),
        owner_id=row["owner_id"],
        chat_id=row["chat_id"],
        scopes=tuple(json.loads(row["scopes"])),
        expires_at=to_time(row["expires_at"]),
        sign_in_expires_at=to_time(row["sign_in_expires_at"]),
        renewed_at=to_time(row["renewed_at"]),
        trouble=row["trouble"],
        origin=row["origin"],
        project=row["project"],
    )


def read_post(row: Row) -> Post:
    return Post(
        id=PostId(row["id"]),
        state=PostState(row["state"]),
        chat_id=row["chat_id"],
        user_id=row["user_id"],
        message_id=row["message_id"],
        source=json.loads(row["source"]),
        wish=read_wish(row["wish"]),
        facts=read_facts(row["facts"]),
        text=read_text(row["text"]),
        fingerprint=row["fingerprint"],
        sha256=row["sha256"],
        fetched_bytes=row["fetched_bytes"],
        source_version=row["source_version"],
        priority=row["priority"],
        generation=row["generation"],
        album=row["album"],
        question=row["question"],
        note=row["note"],
        until_at=to_time(row["until_at"]),
        created_at=require_time(row["created_at"]),
        finished_at=to_time(row["finished_at"]),
    )


def read_upload(row: Row) -> Upload:
    return Upload(
        id=UploadId(row["id"]),
        post_id=PostId(row["post_id"]),
        account_id=AccountId(row["account_id"]),
        platform=row["platform"],
        account_name=row["account_name"],
        state=UploadState(row["state"]),
        reason=WaitReason(row["reason"]) if row["reason"] else None,
        until_at=to_time(row["until_at"]),
        fence=row["fence"],
        generation=row["generation"],
        copy=row["copy"],
        session=json.loads(row["session"]),
        size_bytes=row["size_bytes"],
        confirmed_bytes=row["confirmed_bytes"],
        resumed_from=row["resumed_from"],
        attempts=row["attempts"],
        intent_at=to_time(row["intent_at"]),
        remote_id=row["remote_id"],
        url=row["url"],
        visibility=row["visibility"],
        error_kind=row["error_kind"],
        error_text=row["error_text"],
        error_code=row["error_code"],
        bytes_sent=row["bytes_sent"],
        stop_wanted=bool(row["stop_wanted"]),
        started_at=to_time(row["started_at"]),
        finished_at=to_time(row["finished_at"]),
        group_id=row["group_id"],
        choice=json.loads(row["choice"]) if row["choice"] else {},
        not_before=to_time(row["not_before"]),
        project=row.get("project", ""),
        staged_at=to_time(row["staged_at"]),
        fit_id=row["fit_id"],
        fit=json.loads(row["fit"]) if row["fit"] else {},
        dropped_at=to_time(row["dropped_at"]),
    )


def upload_params(upload: Upload) -> Mapping[str, Any]:
    """Return the parameters of ``posts.save_upload``."""
    return {
        "id": upload.id,
        "fence": upload.fence,
        "state": upload.state.value,
        "reason": upload.reason.value if upload.reason else None,
        "until_at": from_time(upload.until_at),
        "session": dump(upload.session),
        "size_bytes": upload.size_bytes,
        "confirmed_bytes": upload.confirmed_bytes,
        "resumed_from": upload.resumed_from,
        "attempts": upload.attempts,
        "intent_at": from_time(upload.intent_at),
        "remote_id": upload.remote_id,
        "url": upload.url,
        "visibility": upload.visibility,
        "error_kind": upload.error_kind,
        "error_text": upload.error_text,
        "error_code": upload.error_code,
        "bytes_sent": upload.bytes_sent,
        "copy": upload.copy,
        "finished_at": from_time(upload.finished_at),
        "account_id": upload.account_id,
        "choice": dump(upload.choice) if upload.choice else "",
        "not_before": from_time(upload.not_before),
        "staged_at": from_time(upload.staged_at),
        "fit_id": upload.fit_id,
        "fit": dump(upload.fit) if upload.fit else "",
        "dropped_at": from_time(upload.dropped_at),
    }
