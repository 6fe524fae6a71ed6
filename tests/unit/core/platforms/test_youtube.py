from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import googleapiclient
import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import FittedText, Session, Step
from core.platforms.youtube import MISSING_POLLS, PLATFORM, UNCHECKED, confirmed_offset
from core.posts.models import Privacy
from tests.platform_cases import SIZE, answer, google_error, make_job, session_at, video
from utils.http import Span

JOB = make_job("youtube")
FULL_TEXT = FittedText(title="T", description="D", tags=("a", "b c"))
JSON_TYPES = {"string": str, "boolean": bool, "array": list}


def test_opening_always_says_who_may_see_it_and_for_whom_it_is_made() -> None:
    job = replace(JOB, privacy=Privacy.UNLISTED, text=FittedText(title="T", description="D"))
    request = PLATFORM.build_begin(Session(), job)
    assert request.json == {
        "snippet": {"title": "T", "description": "D", "categoryId": "22"},
        "status": {
            "privacyStatus": "unlisted",
            "selfDeclaredMadeForKids": False,
            "containsSyntheticMedia": False,
        },
    }


def test_opening_carries_options_and_tags() -> None:
    job = replace(
        JOB,
        text=FittedText(title="T", description="D", tags=("a", "b c")),
        options={"kids": "yes", "ai": "yes", "category": "10", "notify": "no"},
    )
    request = PLATFORM.build_begin(Session(), job)
    assert request.json is not None
    assert request.json["snippet"]["tags"] == ["a", "b c"]
    assert request.json["snippet"]["categoryId"] == "10"
    assert request.json["status"]["selfDeclaredMadeForKids"] is True
    assert request.json["status"]["containsSyntheticMedia"] is True
    assert "notifySubscribers=false" in request.url


def test_opening_carries_words_in_other_languages() -> None:
    options = {"language": "en", "title.uz": "Tong", "text.uz": "Shahar", "text.de": "Stadt"}
    job = replace(JOB, text=FULL_TEXT, options=options)
    request = PLATFORM.build_begin(Session(), job)
    assert request.json is not None
    assert "part=snippet,status,localizations&" in request.url
    assert request.json["snippet"]["defaultLanguage"] == "en"
    assert request.json["localizations"] == {
        "uz": {"title": "Tong", "description": "Shahar"},
        "de": {"title": "T", "description": "Stadt"},
    }


def test_words_in_other_languages_need_that_of_the_title() -> None:
    with pytest.raises(RemoteError, match="language: ") as caught:
        PLATFORM.build_begin(Session(), replace(JOB, options={"title.uz": "Tong"}))
    assert caught.value.kind is ErrorKind.REJECTED


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        ({"license": "creativecommon"}, "license", "creativeCommon"),
        ({"license": "youtube"}, "license", "youtube"),
        ({"embed": "no"}, "embeddable", False),
        ({"kids": "no"}, "selfDeclaredMadeForKids", False),
    ],
)
def test_opening_carries_the_settings_of_a_video(
    options: dict[str, str], field: str, value: object
) -> None:
    request = PLATFORM.build_begin(Session(), replace(JOB, options=options))
    assert request.json is not None
    assert request.json["status"][field] == value


def test_a_time_is_kept_by_youtube_as_a_private_video() -> None:
    moment = datetime(2026, 12, 1, 14, 0, tzinfo=timezone(timedelta(hours=5)))
    request = PLATFORM.build_begin(Session(), replace(JOB, publish_at=moment))
    assert request.json is not None
    status = request.json["status"]
    assert (status["privacyStatus"], status["publishAt"]) == ("private", "2026-12-01T09:00:00Z")


@pytest.mark.parametrize(("privacy", "refused"), [("unlisted", True), ("private", False)])
def test_a_time_is_only_kept_of_what_becomes_public(privacy: str, refused: bool) -> None:
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    job = replace(JOB, publish_at=moment, privacy=Privacy(privacy))
    if refused:
        with pytest.raises(RemoteError):
            PLATFORM.build_begin(Session(), job)
        return
    body = PLATFORM.build_begin(Session(), job).json
    assert body is not None
    assert "publishAt" not in body["status"]


def test_a_scheduled_video_is_done_with_that_word() -> None:
    due = {"privacyStatus": "private", "publishAt": "2026-12-01T09:00:00Z"}
    session = PLATFORM.read_status(
        session_at("youtube", Step.STATUS), JOB, video("processed", **due)
    )
    assert (session.step, session.pending, session.visibility) == (Step.DONE, False, "scheduled")


def test_a_schedule_that_its_owner_took_back_is_private() -> None:
    response = video("processed", privacyStatus="private")
    session = replace(session_at("youtube", Step.STATUS), visibility="scheduled")
    done = PLATFORM.read_status(session, JOB, response)
    assert (done.step, done.visibility) == (Step.DONE, "private")


def test_a_scheduled_video_that_may_not_be_read_stays_scheduled() -> None:
    session = replace(session_at("youtube", Step.STATUS), visibility="scheduled")
    done = PLATFORM.read_status(session, JOB, google_error(403, "insufficientPermissions"))
    assert (done.step, done.visibility) == (Step.DONE, "scheduled")


@pytest.mark.parametrize(
    ("given", "announced"),
    [("video/quicktime", "video/quicktime"), ("image/gif", "application/octet-stream")],
)
def test_announces_only_media_types_that_are_taken(given: str, announced: str) -> None:
    job = replace(JOB, content_type=given)
    headers = PLATFORM.build_begin(Session(), job).headers
    assert headers["X-Upload-Content-Type"] == announced
    assert headers["X-Upload-Content-Length"] == str(SIZE)


def test_a_relative_session_address_is_completed() -> None:
    response = answer(headers={"location": "/upload?upload_id=1"})
    session = PLATFORM.read_begin(Session(), JOB, response)
    assert session.upload_url == "http://youtube.test/upload?upload_id=1"


def test_a_whole_file_goes_without_a_range_and_the_rest_with_one() -> None:
    session = session_at("youtube", Step.PARTS)
    whole = PLATFORM.build_part(session, JOB, PLATFORM.next_span(session, JOB))
    assert "Content-Range" not in whole.headers
    later = replace(session, offset=262_144)
    rest = PLATFORM.build_part(later, JOB, PLATFORM.next_span(later, JOB))
    assert rest.headers["Content-Range"] == f"bytes 262144-{SIZE - 1}/{SIZE}"
    assert rest.headers["Content-Length"] == str(SIZE - 262_144)


def test_asks_how_far_it_is_without_sending_bytes() -> None:
    request = PLATFORM.build_recover(session_at("youtube", Step.PARTS), JOB)
    assert request.method == "PUT"
    assert request.headers["Content-Range"] == f"bytes */{SIZE}"
    assert request.headers["Content-Length"] == "0"
    assert request.span is None


def test_the_token_goes_only_to_googles_hosts() -> None:
    session = session_at("youtube", Step.PARTS)
    assert "Authorization" in PLATFORM.build_recover(session, JOB).headers
    google = replace(session, upload_url="https://www.googleapis.com/upload?upload_id=1")
    assert "Authorization" in PLATFORM.build_recover(google, JOB).headers
    foreign = replace(session, upload_url="https://googleapis.com.evil.test/?upload_id=1")
    assert "Authorization" not in PLATFORM.build_recover(foreign, JOB).headers


@pytest.mark.parametrize(
    ("header", "offset"), [("bytes=0-0", 1), ("bytes=0-262143", 262_144), ("", 0), ("junk", 0)]
)
def test_reads_the_range_of_a_308(header: str, offset: int) -> None:
    assert confirmed_offset(answer(b"", 308, {"range": header} if header else {})) == offset


def test_goes_on_from_what_was_kept_when_a_part_was_cut_short() -> None:
    session = session_at("youtube", Step.PARTS)
    response = answer(b"", 308, {"range": "bytes=0-524287", "location": "/moved?upload_id=2"})
    moved = PLATFORM.read_part(session, JOB, Span(start=0, end=SIZE), response)
    assert (moved.step, moved.offset) == (Step.PARTS, 524_288)
    assert moved.upload_url == "http://youtube.test/moved?upload_id=2"


def test_all_bytes_without_a_video_are_asked_for_again() -> None:
    response = answer(b"", 308, {"range": f"bytes=0-{SIZE - 1}"})
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_recover(session_at("youtube", Step.PARTS), JOB, response)
    assert caught.value.kind is ErrorKind.TRANSIENT


def test_the_status_question_is_googles_own_at_our_address() -> None:
    request = PLATFORM.build_status(session_at("youtube", Step.STATUS), JOB)
    assert request.url.startswith("http://youtube.test/youtube/v3/videos?part=status%2Cproc")
    assert "id=vid" in request.url
    assert request.headers["Authorization"] == "Bearer token-of-the-account"


def test_tells_how_far_the_processing_is() -> None:
    body = {
        "items": [
            {
                "status": {"uploadStatus": "uploaded", "privacyStatus": "private"},
                "processingDetails": {
                    "processingProgress": {"partsTotal": "200", "partsProcessed": "50"}
                },
            }
        ]
    }
    session = PLATFORM.read_status(session_at("youtube", Step.STATUS), JOB, answer(body))
    assert session.pending
    assert session.progress == 0.25
    assert session.visibility == "private"


def test_says_the_visibility_that_youtube_says() -> None:
    response = video("processed", privacyStatus="private")
    session = PLATFORM.read_status(session_at("youtube", Step.STATUS), JOB, response)
    assert (session.step, session.visibility) == (Step.DONE, "private")


@pytest.mark.parametrize("reason", ["insufficientPermissions", "forbidden", "accessNotConfigured"])
def test_an_accepted_video_that_may_not_be_read_is_unchecked_not_failed(reason: str) -> None:
    session = PLATFORM.read_status(
        session_at("youtube", Step.STATUS), JOB, google_error(403, reason)
    )
    assert (session.step, session.visibility) == (Step.DONE, UNCHECKED)
    assert session.url


def test_a_dead_token_is_not_taken_for_unchecked() -> None:
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_status(
            session_at("youtube", Step.STATUS), JOB, google_error(401, "authError")
        )
    assert caught.value.kind is ErrorKind.AUTH_EXPIRED


def test_waits_for_a_video_that_is_not_listed_yet_then_calls_it_removed() -> None:
    session = session_at("youtube", Step.STATUS)
    for _ in range(MISSING_POLLS):
        session = PLATFORM.read_status(session, JOB, answer({"items": []}))
        assert session.pending
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_status(session, JOB, answer({"items": []}))
    assert caught.value.kind is ErrorKind.REJECTED


def test_reasons_are_told_in_words() -> None:
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_status(
            session_at("youtube", Step.STATUS), JOB, video("rejected", rejectionReason="duplicate")
        )
    assert caught.value.message == "this channel has the same video already"
    assert caught.value.code == "duplicate"


def test_a_limit_a_day_is_found_in_the_details_too() -> None:
    body = {
        "error": {
            "code": 429,
            "message": "Resource has been exhausted",
            "errors": [{"reason": "rateLimitExceeded", "domain": "global"}],
            "details": [{"metadata": {"quota_limit": "defaultVideoInsertPerDayPerProject"}}],
        }
    }
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_begin(Session(), JOB, answer(body, 429))
    assert caught.value.kind is ErrorKind.QUOTA_EXHAUSTED
    assert caught.value.retry_after is None


def test_the_opening_passes_googles_own_description() -> None:
    path = Path(googleapiclient.__file__).parent / "discovery_cache/documents/youtube.v3.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    method = description["resources"]["videos"]["methods"]["insert"]
    request = PLATFORM.build_begin(Session(), replace(JOB, text=FULL_TEXT))
    parts = urlsplit(request.url)
    assert parts.path == method["mediaUpload"]["protocols"]["resumable"]["path"].replace(
        "/resumable", ""
    )
    assert set(parse_qs(parts.query)) - {"uploadType"} <= set(method["parameters"])
    schemas = description["schemas"]
    assert request.json is not None
    for part, schema in (("snippet", "VideoSnippet"), ("status", "VideoStatus")):
        known = schemas[schema]["properties"]
        for field, value in request.json[part].items():
            assert isinstance(value, JSON_TYPES[known[field]["type"]]), field
