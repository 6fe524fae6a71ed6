"""Jobs, minimal answers and whole walks for the platform tests, written from the fact sheets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.platforms.base import Access, FittedText, Job, Platform, Session, Step
from core.platforms.registry import require_platform
from core.posts.models import MediaFacts, Privacy
from utils.http import Request, Response, Span

SIZE = 70_000_000
"""Large enough for two TikTok chunks."""
NAMES = ("youtube", "tiktok", "instagram", "facebook", "telegram")
REMOTE_IDS = {
    "youtube": "UCchannel",
    "tiktok": "open-id",
    "instagram": "17841400000000001",
    "facebook": "900000000000001",
    "telegram": "-1001234567890",
}
TOKENS = {"telegram": "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"}
ENDPOINTS = {
    "youtube": "http://youtube.test",
    "google_oauth": "http://oauth.test",
    "tiktok": "http://tiktok.test",
    "graph": "http://graph.test",
    "graph_upload": "http://rupload.test",
    "instagram": "http://instagram.test",
    "telegram": "http://telegram.test",
}
CREATED = "Sat, 21 Nov 2026 10:00:00 GMT"


def make_job(name: str, **changes: Any) -> Job:
    options = changes.pop("account", {})
    values: dict[str, Any] = {
        "upload_id": 7,
        "access": Access(
            remote_id=REMOTE_IDS[name],
            access_token=TOKENS.get(name, "token-of-the-account"),
            options=options,
        ),
        "endpoints": ENDPOINTS,
        "text": FittedText(
            title="A title" if name == "youtube" else "", description="Words #x", tags=()
        ),
        "privacy": Privacy.PUBLIC,
        "facts": MediaFacts(
            size_bytes=SIZE, duration_seconds=20.4, width=1080, height=1920, rotation=0
        ),
        "size_bytes": SIZE,
        "filename": "clip.mp4",
        "content_type": "video/mp4",
    }
    return Job(**(values | changes))


def answer(
    body: object = None, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    return Response(status=status, headers=headers or {}, body=raw)


def ok(data: Mapping[str, Any]) -> Response:
    """Return a TikTok success."""
    return answer({"data": data, "error": {"code": "ok", "message": "", "log_id": "x"}})


def tiktok_error(code: str, status: int, **headers: str) -> Response:
    error = {"code": code, "message": "said so", "log_id": "x"}
    return answer({"data": {}, "error": error}, status, headers)


def google_error(status: int, reason: str, message: str = "said so") -> Response:
    entry = {"domain": "global", "reason": reason, "message": message}
    return answer({"error": {"code": status, "message": message, "errors": [entry]}}, status)


def graph_error(code: int, subcode: int = 0, status: int = 400, **more: Any) -> Response:
    error = {"message": "said so", "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    if subcode:
        error["error_subcode"] = subcode
    return answer({"error": error | more}, status)


def upload_error(kind: str, status: int = 400, *, retriable: bool = False) -> Response:
    info = {"type": kind, "message": "said so", "retriable": retriable}
    return answer({"debug_info": info}, status)


def telegram_error(status: int, description: str, **parameters: Any) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return answer(body, status)


def video(upload_status: str, **more: Any) -> Response:
    status = {"uploadStatus": upload_status, "privacyStatus": "public"} | more
    return answer(
        {"kind": "youtube#videoListResponse", "items": [{"id": "vid", "status": status}]}
    )


def reel(
    state: str,
    *,
    uploading: str = "complete",
    processing: str = "not_started",
    publishing: str = "not_started",
    publish_status: str = "draft",
    arrived: int = SIZE,
) -> Response:
    status = {
        "video_status": state,
        "uploading_phase": {"status": uploading, "bytes_transfered": arrived},
        "processing_phase": {"status": processing},
        "publishing_phase": {"status": publishing, "publish_status": publish_status},
    }
    return answer({"status": status, "id": "5001"})


def container(state: str, text: str = "", arrived: int | None = None) -> Response:
    body: dict[str, Any] = {"id": "1800", "status_code": state, "status": text}
    if arrived is not None:
        body["video_status"] = {"uploading_phase": {"bytes_transferred": arrived}}
    return answer(body, headers={"date": CREATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One expected request and its answer."""

    method: str
    path: str
    """Part of the address that must be there."""
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What a walk saw."""

    sessions: list[Session] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    @property
    def last(self) -> Session:
        return self.sessions[-1]


def stored(session: Session) -> Session:
    """Return the session as it comes back from the database."""
    return Session.from_dict(json.loads(json.dumps(session.to_dict())))


def take_step(
    platform: Platform, session: Session, job: Job, response: Response
) -> tuple[Request, Session]:
    """Build the request of the next step and read this answer to it, as the engine does."""
    match session.step:
        case Step.BEGIN:
            request = platform.build_begin(session, job)
            return request, platform.read_begin(session, job, response)
        case Step.PARTS:
            span = platform.next_span(session, job)
            request = platform.build_part(session, job, span)
            return request, platform.read_part(session, job, span, response)
        case Step.COMMIT:
            request = platform.build_commit(session, job)
            return request, platform.read_commit(session, job, response)
        case _:
            request = platform.build_status(session, job)
            return request, platform.read_status(session, job, response)


def walk(
    platform: Platform, job: Job, script: Iterable[Exchange], session: Session | None = None
) -> Walked:
    """Walk the steps against scripted answers; every session goes through the database's form."""
    walked = Walked()
    current = session or Session()
    for exchange in script:
        request, current = take_step(platform, current, job, exchange.response)
        assert request.method == exchange.method
        assert exchange.path in request.url
        current = stored(current)
        walked.requests.append(request)
        walked.sessions.append(current)
    return walked


def exchange(method: str, path: str, response: Response) -> Exchange:
    return Exchange(method=method, path=path, response=response)


CREATOR = ok(
    {
        "creator_username": "ann",
        "privacy_level_options": ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
        "comment_disabled": True,
        "duet_disabled": False,
        "stitch_disabled": False,
        "max_video_post_duration_sec": 300,
    }
)
TIKTOK_UPLOAD = "https://open-upload.tiktokapis.com/video/?upload_id=1&upload_token=abc"

SCRIPTS: dict[str, list[Exchange]] = {
    "youtube": [
        exchange(
            "POST",
            "/upload/youtube/v3/videos?uploadType=resumable",
            answer(headers={"location": "http://youtube.test/upload?upload_id=secret"}),
        ),
        exchange(
            "PUT",
            "upload_id=secret",
            answer({"id": "vid", "status": {"privacyStatus": "public"}}, 201),
        ),
        exchange("GET", "/youtube/v3/videos?part=status", video("uploaded")),
        exchange("GET", "/youtube/v3/videos?part=status", video("processed")),
    ],
    "tiktok": [
        exchange("POST", "/creator_info/query/", CREATOR),
        exchange(
            "POST",
            "/video/init/",
            ok({"publish_id": "v_pub_file~1", "upload_url": TIKTOK_UPLOAD}),
        ),
        exchange(
            "PUT",
            "upload_token=abc",
            answer(b"", 206, {"content-range": f"bytes 0-31999999/{SIZE}"}),
        ),
        exchange("PUT", "upload_token=abc", answer(b"", 201)),
        exchange(
            "POST", "/status/fetch/", ok({"status": "PROCESSING_UPLOAD", "uploaded_bytes": SIZE})
        ),
        exchange("POST", "/status/fetch/", ok({"status": "PUBLISH_COMPLETE"})),
        exchange(
            "POST",
            "/status/fetch/",
            ok(
                {
                    "status": "PUBLISH_COMPLETE",
                    "publicaly_available_post_id": [7512345678901234567],
                }
            ),
        ),
    ],
    "instagram": [
        exchange(
            "GET",
            "/content_publishing_limit",
            answer({"data": [{"quota_usage": 2, "config": {"quota_total": 50}}]}),
        ),
        exchange(
            "POST",
            "/17841400000000001/media",
            answer(
                {"id": "1800", "uri": "http://rupload.test/ig-api-upload/v26.0/1800"},
                headers={"date": CREATED},
            ),
        ),
        exchange("POST", "http://rupload.test/ig-api-upload", answer({"success": True})),
        exchange("GET", "/1800?fields=", container("IN_PROGRESS", arrived=SIZE)),
        exchange("GET", "/1800?fields=", container("FINISHED")),
        exchange("POST", "/media_publish", answer({"id": "1790"})),
        exchange(
            "GET", "/1790?fields=", answer({"permalink": "https://www.instagram.com/reel/Cx/"})
        ),
    ],
    "facebook": [
        exchange(
            "POST",
            "/900000000000001/video_reels",
            answer({"video_id": "5001", "upload_url": "http://rupload.test/video-upload/5001/zz"}),
        ),
        exchange("POST", "/video-upload/5001/zz", answer({"success": True})),
        exchange("GET", "/5001?fields=status", reel("upload_complete")),
        exchange("POST", "/900000000000001/video_reels", answer({"success": True})),
        exchange("GET", "/5001?fields=status", reel("processing", processing="in_progress")),
        exchange(
            "GET",
            "/5001?fields=status",
            reel(
                "ready",
                processing="completed",
                publishing="complete",
                publish_status="published",
            ),
        ),
    ],
    "telegram": [
        exchange(
            "POST",
            "/getChat",
            answer({"ok": True, "result": {"id": -1001234567890, "type": "channel"}}),
        ),
        exchange(
            "POST",
            "/sendVideo",
            answer(
                {
                    "ok": True,
                    "result": {
                        "message_id": 42,
                        "chat": {"id": -1001234567890, "type": "channel", "username": "news"},
                    },
                }
            ),
        ),
    ],
}
"""Each platform's whole way, from opening to what is live."""


def session_at(name: str, step: Step) -> Session:
    """Return the session of the scripted walk the first time it stands at this step."""
    walked = walk(require_platform(name), make_job(name), SCRIPTS[name])
    return next(session for session in walked.sessions if session.step is step)


def covered(spans: Iterable[Span]) -> int:
    """Return the end of spans that follow each other from 0 without gap or overlap."""
    end = 0
    for span in spans:
        assert span.start == end
        assert span.end > span.start
        end = span.end
    return end
