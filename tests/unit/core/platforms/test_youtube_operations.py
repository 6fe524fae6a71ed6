from __future__ import annotations

import email.parser
import email.policy
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Operation, Work
from core.platforms.youtube import PLATFORM
from core.platforms.youtube_answers import CAPTIONS_NAME
from core.platforms.youtube_extras import CAPTIONS_BYTES, PICTURE_BYTES
from tests.operation_kit import script
from tests.platform_cases import answer, google_error, make_job
from utils.http import Request, Response

JOB = make_job("youtube")
JPEG = b"\xff\xd8\xff\xe0" + bytes(10)
NEEDS: dict[Operation, dict[str, Any]] = {
    Operation.EDIT: {"changes": {"title": "New"}},
    Operation.VISIBILITY: {"changes": {"privacy": "private"}},
    Operation.THUMBNAIL: {"body": JPEG},
    Operation.CAPTIONS: {"changes": {"language": "uz"}, "body": b"1\n"},
    Operation.PLAYLIST: {"changes": {"playlist": "PL1"}},
}


def make_work(operation: Operation, **changes: Any) -> Work:
    return Work(operation=operation, media_id="vid", **(NEEDS.get(operation, {}) | changes))


def listed(**parts: Any) -> Response:
    item = {"kind": "youtube#video", "id": "vid", **parts}
    return answer({"kind": "youtube#videoListResponse", "items": [item]})


EMPTY = answer({"kind": "youtube#videoListResponse", "items": []})


def query(request: Request) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(request.url).query).items()}


def carry_out(operation: Operation, *responses: Response, **changes: Any) -> Work:
    return script(PLATFORM, make_work(operation, **changes), JOB, *responses)


def facts_of(status: Mapping[str, Any], content: Mapping[str, Any]) -> Mapping[str, Any]:
    return carry_out(Operation.CHECK, listed(status=status, contentDetails=content)).facts


@pytest.mark.parametrize("operation", list(Operation))
class TestEveryOperation:
    def test_asks_with_the_token_and_shows_none(self, operation: Operation) -> None:
        request = PLATFORM.build_operation(make_work(operation), JOB)
        assert request.headers["Authorization"] == "Bearer token-of-the-account"
        assert "token-of-the-account" not in f"{request!r} {request.url} {make_work(operation)!r}"

    @pytest.mark.parametrize(
        ("response", "kind"),
        [
            (google_error(401, "authError"), ErrorKind.AUTH_EXPIRED),
            (google_error(403, "quotaExceeded"), ErrorKind.QUOTA_EXHAUSTED),
            (google_error(429, "rateLimitExceeded"), ErrorKind.RATE_LIMITED),
            (google_error(403, "channelSuspended"), ErrorKind.AUTH_REVOKED),
            (google_error(400, "unknownPart"), ErrorKind.BUG),
            (google_error(500, "internalError"), ErrorKind.TRANSIENT),
            (answer(b"<html>down</html>", 502), ErrorKind.TRANSIENT),
            (answer(b"<html>who?</html>", 404), ErrorKind.TRANSIENT),
        ],
    )
    def test_failures_are_classified(
        self, operation: Operation, response: Response, kind: ErrorKind
    ) -> None:
        with pytest.raises(RemoteError) as caught:
            carry_out(operation, response)
        assert caught.value.kind is kind

    def test_words_of_the_remote_carry_no_token(self, operation: Operation) -> None:
        said = google_error(400, "odd", "Bearer ya29.a-secret-of-somebody is odd")
        with pytest.raises(RemoteError) as caught:
            carry_out(operation, said)
        assert "ya29" not in str(caught.value)


@pytest.mark.parametrize("operation", sorted(set(Operation) - {Operation.DELETE}))
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"items": 7}'])
def test_an_unreadable_success_is_tried_again(operation: Operation, body: bytes) -> None:
    with pytest.raises(RemoteError) as caught:
        carry_out(operation, answer(body))
    assert caught.value.kind is ErrorKind.TRANSIENT


@pytest.mark.parametrize("operation", sorted(set(Operation) - {Operation.THUMBNAIL}))
@pytest.mark.parametrize("body", ["insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"])
def test_a_missing_scope_is_the_operations_own(operation: Operation, body: str) -> None:
    with pytest.raises(RemoteError) as caught:
        carry_out(operation, google_error(403, body))
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "missing_scope")


@pytest.mark.parametrize(
    ("operation", "response"),
    [
        (Operation.EDIT, EMPTY),
        (Operation.VISIBILITY, EMPTY),
        (Operation.THUMBNAIL, EMPTY),
        (Operation.EDIT, google_error(404, "videoNotFound")),
        (Operation.CAPTIONS, google_error(404, "videoNotFound")),
        (Operation.PLAYLIST, google_error(404, "videoNotFound")),
    ],
)
def test_a_video_that_is_gone_is_said_so(operation: Operation, response: Response) -> None:
    with pytest.raises(RemoteError) as caught:
        carry_out(operation, response)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "gone")


@pytest.mark.parametrize("response", [answer(b"", 204), google_error(404, "videoNotFound")])
def test_deleting_ends_when_nothing_is_there(response: Response) -> None:
    work = carry_out(Operation.DELETE, response)
    assert (work.done, work.facts) == (True, {"there": False})


def test_whole_parts_are_written_from_what_was_read() -> None:
    snippet = {"title": "Old", "categoryId": "27", "channelId": "UC1", "thumbnails": {}}
    status = {"privacyStatus": "unlisted", "license": "youtube", "uploadStatus": "processed"}
    work = carry_out(Operation.EDIT, listed(snippet=snippet, status=status))
    request = PLATFORM.build_operation(work, JOB)
    assert (request.method, query(request)) == ("PUT", {"part": "snippet"})
    assert request.json == {
        "id": "vid",
        "snippet": {"title": "New", "description": "", "tags": [], "categoryId": "27"},
    }


def test_a_flip_writes_the_whole_status_without_what_is_youtubes_own() -> None:
    status = {
        "privacyStatus": "public",
        "uploadStatus": "processed",
        "embeddable": False,
        "madeForKids": True,
        "selfDeclaredMadeForKids": True,
    }
    work = carry_out(Operation.VISIBILITY, listed(status=status))
    request = PLATFORM.build_operation(work, JOB)
    assert query(request) == {"part": "status"}
    assert request.json is not None
    assert request.json["status"] == {
        "privacyStatus": "private",
        "embeddable": False,
        "selfDeclaredMadeForKids": True,
    }


def test_a_visibility_that_youtube_has_not_is_refused() -> None:
    with pytest.raises(RemoteError) as caught:
        carry_out(
            Operation.VISIBILITY,
            listed(status={"privacyStatus": "public"}),
            changes={"privacy": "followers"},
        )
    assert caught.value.kind is ErrorKind.REJECTED
    assert caught.value.message.endswith("only: public, unlisted, private")


@pytest.mark.parametrize(
    ("content", "blocked"),
    [
        ({}, ""),
        ({"regionRestriction": {"blocked": []}}, ""),
        ({"regionRestriction": {"blocked": ["DE", "FR"]}}, "blocked in DE, FR"),
        ({"regionRestriction": {"allowed": []}}, "blocked in all countries"),
        ({"regionRestriction": {"allowed": ["UZ"]}}, "only seen in UZ"),
    ],
)
def test_a_check_tells_where_it_is_blocked(content: dict[str, Any], blocked: str) -> None:
    status = {"uploadStatus": "processed", "privacyStatus": "public"}
    expected = {"there": True, "visibility": "public", "blocked": blocked}
    assert facts_of(status, content) == expected


def test_many_countries_are_counted() -> None:
    countries = [f"X{letter}" for letter in "ABCDEFGHIJKLMNOP"]
    facts = facts_of({"uploadStatus": "processed"}, {"regionRestriction": {"blocked": countries}})
    assert facts["blocked"].endswith("XJ and 6 more")


def test_a_check_tells_why_youtube_took_it_down() -> None:
    status = {
        "uploadStatus": "rejected",
        "rejectionReason": "copyright",
        "privacyStatus": "public",
    }
    assert facts_of(status, {})["blocked"] == "rejected for a copyright claim"


def test_a_check_tells_a_deleted_one_from_a_rejected_one() -> None:
    assert facts_of({"uploadStatus": "deleted"}, {})["there"] is False
    assert carry_out(Operation.CHECK, google_error(404, "videoNotFound")).facts["there"] is False


def test_hidden_figures_are_not_told() -> None:
    stat = {"kind": "youtube#videoStats", "id": "vid", "statistics": {"viewCount": "12"}}
    body = {"kind": "youtube#batchGetStatsResponse", "items": [stat]}
    work = carry_out(Operation.STATISTICS, answer(body))
    figures = {"views": 12, "likes": None, "comments": None, "shares": None}
    assert work.facts == {"vid": figures}


def test_a_thumbnail_is_sent_as_what_it_is() -> None:
    details = {"processingStatus": "succeeded"}
    work = carry_out(Operation.THUMBNAIL, listed(processingDetails=details))
    request = PLATFORM.build_operation(work, JOB)
    assert request.url.startswith("http://youtube.test/upload/youtube/v3/thumbnails/set?")
    assert query(request) == {"videoId": "vid", "uploadType": "media"}
    assert request.headers["Content-Type"] == "image/jpeg"
    assert request.content == JPEG


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (None, "invalidImage"),
        (b"GIF89a", "invalidImage"),
        (JPEG + bytes(PICTURE_BYTES), "uploadTooLarge"),
    ],
)
def test_a_picture_that_youtube_does_not_take_is_never_sent(
    picture: bytes | None, code: str
) -> None:
    with pytest.raises(RemoteError) as caught:
        PLATFORM.build_operation(make_work(Operation.THUMBNAIL, body=picture), JOB)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, code)


def test_captions_go_with_their_description_in_one_body() -> None:
    track = b"1\n00:00:00,000 --> 00:00:01,000\n--Salom--\r\n"
    changes = {"language": "uz", "name": "O‘zbekcha"}
    work = make_work(Operation.CAPTIONS, changes=changes, body=track)
    request = PLATFORM.build_operation(work, JOB)
    assert query(request) == {"part": "snippet", "uploadType": "multipart"}
    kind = request.headers["Content-Type"]
    assert kind.startswith("multipart/related; boundary=")
    raw = f"Content-Type: {kind}\r\n\r\n".encode() + (request.content or b"")
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(raw)
    resource, file = [part.get_payload(decode=True) for part in message.walk()][1:]
    assert file == track
    assert isinstance(resource, bytes)
    expected = {"videoId": "vid", "language": "uz", "name": "O‘zbekcha", "isDraft": False}
    assert json.loads(resource) == {"snippet": expected}
    assert PLATFORM.build_operation(work, JOB) == request


@pytest.mark.parametrize(
    ("changes", "track", "code"),
    [
        ({}, b"1\n", "invalidMetadata"),
        ({"language": "uz"}, b" \n", "contentRequired"),
        ({"language": "uz"}, None, "contentRequired"),
        ({"language": "uz", "name": "n" * (CAPTIONS_NAME + 1)}, b"1\n", "nameTooLong"),
        ({"language": "uz"}, b"1" * (CAPTIONS_BYTES + 1), "uploadTooLarge"),
    ],
)
def test_captions_that_youtube_does_not_take_are_never_sent(
    changes: dict[str, str], track: bytes | None, code: str
) -> None:
    work = make_work(Operation.CAPTIONS, changes=changes, body=track)
    with pytest.raises(RemoteError) as caught:
        PLATFORM.build_operation(work, JOB)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, code)


def test_captions_that_youtube_could_not_read_are_refused() -> None:
    snippet = {"status": "failed", "failureReason": "unknownFormat"}
    with pytest.raises(RemoteError, match="format of the captions"):
        carry_out(Operation.CAPTIONS, answer({"kind": "youtube#caption", "snippet": snippet}))


def test_a_video_is_put_into_a_playlist_once() -> None:
    nothing = answer({"kind": "youtube#playlistItemListResponse", "items": []})
    work = carry_out(Operation.PLAYLIST, nothing)
    request = PLATFORM.build_operation(work, JOB)
    assert request.method == "POST"
    assert request.json == {
        "snippet": {
            "playlistId": "PL1",
            "resourceId": {"kind": "youtube#video", "videoId": "vid"},
        }
    }
    item = {"kind": "youtube#playlistItem", "id": "x"}
    assert script(PLATFORM, work, JOB, answer(item)).facts == {"playlist": "PL1"}
    there = answer({"kind": "youtube#playlistItemListResponse", "items": [item]})
    assert carry_out(Operation.PLAYLIST, there).done


def test_a_playlist_that_is_not_there_is_said_so() -> None:
    with pytest.raises(RemoteError) as caught:
        carry_out(Operation.PLAYLIST, google_error(404, "playlistNotFound"))
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "playlistNotFound")


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (400, "invalidImage", ErrorKind.REJECTED),
        (400, "contentRequired", ErrorKind.REJECTED),
        (400, "invalidMetadata", ErrorKind.REJECTED),
        (400, "nameTooLong", ErrorKind.REJECTED),
        (400, "invalidDefaultBroadcastPrivacySetting", ErrorKind.REJECTED),
        (400, "invalidRecordingDate", ErrorKind.REJECTED),
        (400, "mediaBodyRequired", ErrorKind.BUG),
        (403, "forbidden", ErrorKind.REJECTED),
        (403, "forbiddenEmbedSetting", ErrorKind.REJECTED),
        (403, "sslRequired", ErrorKind.BUG),
        (409, "captionExists", ErrorKind.REJECTED),
        (409, "conflict", ErrorKind.REJECTED),
        (412, "conditionNotMet", ErrorKind.BUG),
        (413, "uploadTooLarge", ErrorKind.REJECTED),
        (429, "uploadRateLimitExceeded", ErrorKind.QUOTA_EXHAUSTED),
    ],
)
def test_refusals_of_the_sheets_are_known(status: int, reason: str, kind: ErrorKind) -> None:
    with pytest.raises(RemoteError) as caught:
        carry_out(Operation.CAPTIONS, google_error(status, reason))
    assert (caught.value.kind, caught.value.code) == (kind, reason)
