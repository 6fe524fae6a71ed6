from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.google_remote import CHUNK, METADATA, SERVICES, Google, pieces
from utils.sandbox.google_metadata import tags_length
from utils.sandbox.google_quota import PACIFIC
from utils.sandbox.server import Sandbox, SandboxOptions

JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
CUT = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield session


@pytest.fixture
async def google(http: aiohttp.ClientSession) -> AsyncIterator[Google]:
    async with Sandbox(SandboxOptions(processing_seconds=60), SERVICES) as sandbox:
        yield Google(sandbox, http)


# Who may call


async def test_missing_token_is_told_from_an_unknown_one(google: Google) -> None:
    google.token = None
    missing = await google.begin(5)
    google.token = "unknown"
    unknown = await google.begin(5)

    assert (missing.reason, unknown.reason) == ((401, "required"), (401, "authError"))
    assert missing.headers["WWW-Authenticate"].startswith("Bearer")


async def test_token_expires_by_the_clock(google: Google) -> None:
    google.sandbox.advance(3600)
    assert (await google.begin(5)).reason == (401, "authError")


async def test_token_expires_on_command(google: Google) -> None:
    google.fault("expire_token", "begin")
    assert (await google.begin(5)).reason == (401, "authError")
    assert (await google.begin(5)).reason == (401, "authError")


async def test_key_alone_is_refused(google: Google) -> None:
    google.token = None
    answer = await google.call("GET", "videos", params={"part": "id", "id": "x", "key": "k"})
    assert answer.reason == (400, "keyInvalid")


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("youtube.readonly", "POST", "/upload/youtube/v3/videos"),
        ("youtube.readonly", "POST", "/upload/youtube/v3/thumbnails/set"),
        ("youtube.upload", "GET", "/youtube/v3/videos"),
        ("youtube.upload", "GET", "/youtube/v3/videos:batchGetStats"),
        ("youtube.upload", "GET", "/youtube/v3/channels"),
        ("youtube.upload", "GET", "/youtube/v3/videoCategories"),
        ("youtube.upload", "PUT", "/youtube/v3/videos"),
        ("youtube.upload", "DELETE", "/youtube/v3/videos"),
        ("youtube.readonly", "DELETE", "/youtube/v3/videos"),
        ("youtube", "POST", "/upload/youtube/v3/captions"),
    ],
)
async def test_scope_that_does_not_suffice(
    google: Google, scope: str, method: str, path: str
) -> None:
    google.use_token(scope)
    answer = await google.send(method, google.address + path)
    assert answer.reason == (403, "insufficientPermissions")
    assert answer.body["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


async def test_account_without_a_channel_cannot_upload(google: Google) -> None:
    google.accounts.add_user("nobody", channel=None)
    google.use_token("youtube", user="nobody")

    answer = await google.begin(5)

    assert answer.reason == (401, "youtubeSignupRequired")
    error = answer.body["error"]["errors"][0]
    assert (error["domain"], error["location"]) == ("youtube.header", "Authorization")


@pytest.mark.parametrize(("empty", "status"), [(False, 401), (True, 200)])
async def test_account_without_a_channel_asks_who_it_is(
    google: Google, *, empty: bool, status: int
) -> None:
    google.switch("no_channel_is_empty", empty)
    google.accounts.add_user("nobody", channel=None)
    google.use_token("youtube", user="nobody")
    answer = await google.call("GET", "channels", params={"part": "id", "mine": "true"})
    assert answer.status == status
    assert not answer.body.get("items")


# Start of a session


async def test_session_makes_no_video_yet(google: Google) -> None:
    answer = await google.begin(5)

    assert (answer.status, answer.text) == (200, "")
    assert "upload_id=" in answer.headers["Location"]
    assert "uploadType=resumable" in answer.headers["Location"]
    assert google.sandbox.published() == []


async def test_both_addresses_of_discovery_begin_a_session(google: Google) -> None:
    address = f"{google.address}/resumable/upload/youtube/v3/videos"
    query = {"uploadType": "resumable", "part": "snippet"}
    metadata = {"snippet": METADATA["snippet"]}
    answer = await google.send("POST", address, params=query, json=metadata)
    done = await google.put(answer.headers["Location"], b"video")
    assert done.body["snippet"]["title"] == "T"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"part": ""}, "missingRequiredParameter"),
        ({"part": "snippet,sound"}, "unknownPart"),
        ({"part": "snippet"}, "unexpectedPart"),
        ({"uploadType": "media"}, "badRequest"),
    ],
)
async def test_query_is_refused(google: Google, query: dict[str, str], reason: str) -> None:
    assert (await google.begin(5, query=query)).reason == (400, reason)


@pytest.mark.parametrize(("body", "reason"), [("{", "parseError"), ("[]", "badRequest")])
async def test_body_that_is_no_object_is_refused(google: Google, body: str, reason: str) -> None:
    answer = await google.send(
        "POST",
        f"{google.address}/upload/youtube/v3/videos?uploadType=resumable&part=snippet",
        data=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.reason == (400, reason)


@pytest.mark.parametrize(
    ("part", "field", "value", "reason"),
    [
        ("snippet", "title", "", "invalidTitle"),
        ("snippet", "title", None, "invalidTitle"),
        ("snippet", "title", "x" * 101, "invalidTitle"),
        ("snippet", "title", "\N{GRINNING FACE}" * 51, "invalidTitle"),
        ("snippet", "title", "a < b", "invalidTitle"),
        ("snippet", "title", 7, "invalidTitle"),
        ("snippet", "description", "x" * 5001, "invalidDescription"),
        ("snippet", "description", "ў" * 2501, "invalidDescription"),
        ("snippet", "description", "a > b", "invalidDescription"),
        ("snippet", "tags", ["x" * 501], "invalidTags"),
        ("snippet", "tags", ["x" * 250, "y" * 250], "invalidTags"),
        ("snippet", "tags", ["x " + "y" * 497], "invalidTags"),
        ("snippet", "tags", ["a", ""], "invalidTags"),
        ("snippet", "tags", [1], "invalidTags"),
        ("snippet", "categoryId", "999", "invalidCategoryId"),
        ("snippet", "categoryId", "18", "invalidCategoryId"),
        ("snippet", "categoryId", 22, "invalidCategoryId"),
        ("status", "privacyStatus", "secret", "invalidVideoMetadata"),
        ("status", "license", "mine", "invalidVideoMetadata"),
        ("status", "selfDeclaredMadeForKids", "True", "invalidVideoMetadata"),
        ("status", "publishAt", "tomorrow", "invalidPublishAt"),
        ("status", "publishAt", "2026-12-01", "invalidPublishAt"),
        ("status", "publishAt", "2026-12-01T09:00:00", "invalidPublishAt"),
    ],
)
async def test_metadata_is_refused(
    google: Google, part: str, field: str, value: object, reason: str
) -> None:
    changed = {name: body for name, body in METADATA[part].items() if name != field}
    if value is not None:
        changed[field] = value
    answer = await google.begin(5, metadata={**METADATA, part: changed})
    assert answer.reason == (400, reason)
    assert answer.body["error"]["errors"][0]["domain"] == "youtube.video"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 100),
        ("title", "\N{GRINNING FACE}" * 50),
        ("description", "ў" * 2500),
        ("tags", ["x" * 249, "y" * 250]),
        ("tags", ["x " + "y" * 496]),
        ("tags", []),
    ],
)
async def test_metadata_at_its_limit_is_taken(google: Google, field: str, value: object) -> None:
    snippet = {**METADATA["snippet"], field: value}
    assert (await google.begin(5, metadata={**METADATA, "snippet": snippet})).status == 200


def test_tags_are_counted_with_separators_and_quotes() -> None:
    assert [tags_length(tags) for tags in (["Foo-Baz"], ["Foo Baz"], ["a", "b c"])] == [7, 9, 7]


@pytest.mark.parametrize("privacy", ["public", "unlisted", None])
async def test_only_a_private_video_is_scheduled(google: Google, privacy: str | None) -> None:
    status = {"publishAt": "2030-12-01T09:00:00Z"}
    if privacy is not None:
        status["privacyStatus"] = privacy
    answer = await google.begin(5, metadata={**METADATA, "status": status})
    assert answer.reason == (400, "invalidPublishAt")


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"localizations": {"uz": {"title": "Salom"}}}, "defaultLanguageNotSet"),
        ({"localizations": {"uz": {"title": "<"}}}, "invalidTitle"),
        ({"recordingDetails": {"recordingDate": "x"}}, "invalidRecordingDetails"),
        ({"snippet": "text"}, "invalidVideoMetadata"),
    ],
)
async def test_other_parts_are_checked(
    google: Google, metadata: dict[str, Any], reason: str
) -> None:
    parts = ",".join({"snippet", *metadata})
    body = {"snippet": METADATA["snippet"], **metadata}
    assert (await google.begin(5, metadata=body, query={"part": parts})).reason == (400, reason)


async def test_video_is_public_when_nobody_says_otherwise(google: Google) -> None:
    video_id = await google.upload(metadata={"snippet": METADATA["snippet"], "status": {}})
    assert (await google.video(video_id))["status"]["privacyStatus"] == "public"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Upload-Content-Length": "274877906945"}, (413, "uploadTooLarge")),
        ({"X-Upload-Content-Length": "many"}, (400, "badRequest")),
        ({"X-Upload-Content-Type": "image/png"}, (400, "badRequest")),
        ({"Slug": "a/b"}, (400, "invalidFilename")),
    ],
)
async def test_announced_file_is_refused(
    google: Google, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    assert (await google.begin(headers=headers)).reason == expected


async def test_largest_file_can_be_announced(google: Google) -> None:
    assert (await google.begin(274_877_906_944)).status == 200


# Quotas


async def test_uploads_of_a_day_end_with_a_rate_limit_until_midnight_in_california(
    google: Google,
) -> None:
    for _ in range(100):
        assert (await google.begin(5)).status == 200
    answer = await google.begin(5)

    assert answer.reason == (429, "rateLimitExceeded")
    assert answer.body["error"]["errors"][0]["domain"] == "global"
    assert "Video Uploads per day" in answer.body["error"]["message"]
    _advance_to_pacific_midnight(google)
    google.use_token("youtube")
    assert (await google.begin(5)).status == 200


async def test_channel_has_a_cap_of_its_own(google: Google) -> None:
    google.switch("channel_uploads_per_day", 1)
    assert (await google.begin(5)).status == 200
    answer = await google.begin(5)
    assert answer.reason == (400, "uploadLimitExceeded")
    assert answer.body["error"]["errors"][0]["domain"] == "youtube.video"


async def test_general_pool_is_apart_from_the_uploads(google: Google) -> None:
    google.switch("units_per_day", 51)
    video_id = await google.upload()
    assert (await google.call("GET", "videos", params={"part": "id", "id": "x"})).status == 200
    assert (await google.call("DELETE", "videos", params={"id": video_id})).status == 204
    answer = await google.call("GET", "videos", params={"part": "id", "id": "x"})

    assert answer.reason == (403, "quotaExceeded")
    assert answer.body["error"]["errors"][0]["domain"] == "youtube.quota"
    assert (await google.begin(5)).status == 200


async def test_call_that_is_refused_costs_one_unit(google: Google) -> None:
    google.switch("units_per_day", 51)
    assert (await google.call("DELETE", "videos", params={"id": "x"})).status == 404
    assert (await google.call("DELETE", "videos", params={"id": "x"})).status == 404
    assert (await google.call("DELETE", "videos", params={"id": "x"})).status == 403


@pytest.mark.parametrize(
    ("action", "step", "names", "expected"),
    [
        ("quota", "begin", {}, (429, "rateLimitExceeded")),
        ("upload_limit", "begin", {}, (400, "uploadLimitExceeded")),
        ("rate_limit", "*", {}, (403, "rateLimitExceeded")),
        (
            "rate_limit",
            "begin",
            {"status": 429, "reason": "userRateLimitExceeded"},
            (429, "userRateLimitExceeded"),
        ),
    ],
)
async def test_limits_are_reached_on_command(
    google: Google, action: str, step: str, names: dict[str, Any], expected: tuple[int, str]
) -> None:
    google.fault(action, step, **names)
    assert (await google.begin(5)).reason == expected
    assert (await google.begin(5)).status == 200


# Sending bytes


async def test_file_goes_in_one_request(google: Google) -> None:
    data = os.urandom(700_001)
    answer = await google.put(await google.session(len(data)), data)

    assert answer.status == 200
    assert answer.body["kind"] == "youtube#video"
    assert answer.body["status"]["uploadStatus"] == "uploaded"
    (row,) = google.sandbox.published()
    assert (row["remote_id"], row["bytes"]) == (answer.body["id"], len(data))
    assert row["sha256"] == hashlib.sha256(data).hexdigest()
    assert (row["text"]["title"], row["visibility"]) == ("T", "private")


async def test_file_goes_in_chunks(google: Google) -> None:
    data = os.urandom(1_000_000)
    session = await google.session(len(data))
    for start in range(0, 3 * CHUNK, CHUNK):
        chunk = data[start : start + CHUNK]
        answer = await google.put(session, chunk, f"{start}-{start + CHUNK - 1}/1000000")
        assert (answer.status, answer.text) == (308, "")
        assert answer.headers["Range"] == f"bytes=0-{start + CHUNK - 1}"
        assert "Location" not in answer.headers
    answer = await google.put(session, data[3 * CHUNK :], "786432-999999/1000000")

    assert answer.status == 200
    assert google.sandbox.published()[0]["sha256"] == hashlib.sha256(data).hexdigest()


async def test_total_can_be_told_with_the_last_chunk(google: Google) -> None:
    session = await google.session()
    first = await google.put(session, bytes(CHUNK), f"0-{CHUNK - 1}/*")
    last = await google.put(session, b"end", f"{CHUNK}-{CHUNK + 2}/{CHUNK + 3}")
    assert (first.status, last.status) == (308, 200)


async def test_body_of_unannounced_length_is_taken(google: Google) -> None:
    answer = await google.send("PUT", await google.session(300_000), data=pieces(bytes(300_000)))
    assert answer.status == 200


async def test_empty_file_becomes_a_failed_video(google: Google) -> None:
    answer = await google.put(await google.session(0), b"")
    await google.finish_processing()
    status = (await google.video(answer.body["id"]))["status"]
    assert (status["uploadStatus"], status["failureReason"]) == ("failed", "emptyFile")


@pytest.mark.parametrize("status", [200, 201])
async def test_final_status_can_be_switched(google: Google, status: int) -> None:
    google.switch("final_status", status)
    session = await google.session(5)
    assert (await google.put(session, b"video")).status == status
    assert (await google.ask(session, 5)).status == status


@pytest.mark.parametrize(
    ("size", "content_range"),
    [
        (CHUNK + 1, f"0-{CHUNK}/1000000"),
        (1000, "0-999/1000000"),
        (CHUNK, "0-99/1000000"),
        (CHUNK, f"0-{CHUNK - 1}/999999"),
        (1_000_000, "0-999999/2000000"),
        (CHUNK, f"{CHUNK}-{2 * CHUNK - 1}/1000000"),
        (CHUNK, f"5-{CHUNK + 4}/1000000"),
        (CHUNK, "all of it"),
        (CHUNK, f"{CHUNK - 1}-0/1000000"),
        (5, "*/1000000"),
        (CHUNK, None),
    ],
)
async def test_bytes_that_do_not_fit_are_not_kept(
    google: Google, size: int, content_range: str | None
) -> None:
    session = await google.session(1_000_000)
    assert (await google.put(session, bytes(size), content_range)).status == 400
    answer = await google.ask(session, 1_000_000)
    assert (answer.status, "Range" in answer.headers) == (308, False)


@pytest.mark.parametrize(("lenient", "status"), [(False, 400), (True, 308)])
@pytest.mark.parametrize("start", [0, 2 * CHUNK])
async def test_overlap_and_gap_store_nothing(
    google: Google, *, lenient: bool, status: int, start: int
) -> None:
    google.switch("lenient_ranges", lenient)
    session = await google.session(1_000_000)
    await google.put(session, bytes(CHUNK), f"0-{CHUNK - 1}/1000000")
    answer = await google.put(session, bytes(CHUNK), f"{start}-{start + CHUNK - 1}/1000000")

    assert answer.status == status
    asked = await google.ask(session, 1_000_000)
    assert asked.headers["Range"] == f"bytes=0-{CHUNK - 1}"


async def test_body_that_is_longer_than_its_total_is_not_kept(google: Google) -> None:
    session = await google.session(300_000)
    answer = await google.send("PUT", session, data=pieces(bytes(300_001)))
    assert answer.status == 400
    assert "Range" not in (await google.ask(session, 300_000)).headers


async def test_total_beyond_the_limit_is_refused_late_as_well(google: Google) -> None:
    answer = await google.put(await google.session(), bytes(CHUNK), f"0-{CHUNK - 1}/{2**39}")
    assert answer.reason == (413, "uploadTooLarge")


# Sessions


@pytest.mark.parametrize("content_range", [None, "*/5"])
async def test_unknown_session_is_not_found(google: Google, content_range: str | None) -> None:
    session = await google.session(5)
    answer = await google.put(session + "x", b"" if content_range else b"video", content_range)
    assert answer.reason == (404, "notFound")


async def test_session_ends_with_its_lifetime(google: Google) -> None:
    google.switch("session_lifetime_seconds", 100)
    session = await google.session(5)
    google.sandbox.advance(101)
    assert (await google.put(session, b"video")).reason == (404, "notFound")


async def test_session_is_lost_on_command(google: Google) -> None:
    session = await google.session(5)
    google.fault("lose_session", "recover")
    assert (await google.ask(session, 5)).status == 404
    assert (await google.put(session, b"video")).status == 404


async def test_session_cannot_be_cancelled(google: Google) -> None:
    session = await google.session(5)
    assert (await google.send("DELETE", session)).status == 405
    assert (await google.put(session, b"video")).status == 200


async def test_session_address_is_enough_unless_switched(google: Google) -> None:
    first, second = await google.session(5), await google.session(5)
    google.token = None
    assert (await google.put(first, b"video")).status == 200
    google.switch("session_needs_token", value=True)
    assert (await google.put(second, b"video")).reason == (401, "required")


async def test_expired_token_is_refused_while_sending(google: Google) -> None:
    session = await google.session(5)
    google.fault("expire_token", "commit")
    assert (await google.put(session, b"video")).reason == (401, "authError")
    google.use_token("youtube.upload")
    assert (await google.put(session, b"video")).status == 200


async def test_question_neither_ends_nor_loses_anything(google: Google) -> None:
    session = await google.session(CHUNK + 5)
    empty = await google.ask(session, CHUNK + 5)
    await google.put(session, bytes(CHUNK), f"0-{CHUNK - 1}/{CHUNK + 5}")
    part = [await google.ask(session, total) for total in (CHUNK + 5, "*")]

    assert (empty.status, "Range" in empty.headers) == (308, False)
    assert [answer.headers["Range"] for answer in part] == [f"bytes=0-{CHUNK - 1}"] * 2
    assert (await google.ask(session, CHUNK)).status == 400


async def test_lost_final_answer_is_asked_for_any_number_of_times(google: Google) -> None:
    session = await google.session(5)
    google.fault("drop_answer", "commit")
    with pytest.raises(CUT):
        await google.put(session, b"video")

    answers = [await google.ask(session, 5) for _ in range(3)]

    assert {answer.status for answer in answers} == {200}
    (row,) = google.sandbox.published()
    assert {answer.body["id"] for answer in answers} == {row["remote_id"]}


async def test_bytes_sent_again_make_no_second_video(google: Google) -> None:
    session = await google.session(5)
    await google.put(session, b"video")
    assert (await google.put(session, b"video")).status == 400
    assert len(google.sandbox.published()) == 1


@pytest.mark.parametrize(("keep", "kept"), [(True, 2 * CHUNK), (False, 0)])
async def test_dropped_connection_keeps_a_prefix_at_a_border(
    google: Google, *, keep: bool, kept: int
) -> None:
    google.switch("keep_partial", keep)
    data = os.urandom(1_000_000)
    session = await google.session(len(data))
    google.fault("reset", "part", after_bytes=2 * CHUNK + 1000)
    with pytest.raises(CUT):
        await google.put(session, data)

    answer = await google.ask(session, len(data))
    assert answer.headers.get("Range") == (f"bytes=0-{kept - 1}" if kept else None)
    rest = await google.put(session, data[kept:], f"{kept}-999999/1000000")
    assert rest.status == 200
    assert google.sandbox.published()[0]["sha256"] == hashlib.sha256(data).hexdigest()


async def test_connection_lost_after_the_last_byte_still_makes_the_video(google: Google) -> None:
    session = await google.session(1000)
    google.fault("reset", "commit", after_bytes=1000)
    with pytest.raises(CUT):
        await google.put(session, bytes(1000))
    assert (await google.ask(session, 1000)).status == 200
    assert len(google.sandbox.published()) == 1


async def test_question_takes_over_from_a_stalled_request(google: Google) -> None:
    session = await google.session(1_000_000)
    google.fault("stall", "part", after_bytes=CHUNK + 10)
    async with asyncio.TaskGroup() as tasks:
        stalled = tasks.create_task(_cut_off(google, session))
        blob = google.sandbox.blob(f"youtube/{session.rpartition('upload_id=')[2]}")
        await _until_size(blob, CHUNK + 10)
        answer = await google.ask(session, 1_000_000)
        assert answer.headers["Range"] == f"bytes=0-{CHUNK - 1}"
    assert stalled.result()


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_server_error_before_storing(google: Google, status: int) -> None:
    session = await google.session(5)
    google.fault("status", "part", status=status, headers={"Retry-After": "3"})
    answer = await google.put(session, b"video")
    assert (answer.status, answer.headers["Retry-After"]) == (status, "3")
    assert answer.body["error"]["code"] == status
    assert (await google.ask(session, 5)).status == 308


async def test_server_error_after_storing(google: Google) -> None:
    session = await google.session(5)
    google.fault("status", "commit", status=503, after_handler=True)
    assert (await google.put(session, b"video")).reason == (503, "backendError")
    assert (await google.ask(session, 5)).status == 200


async def test_upload_works_when_bytes_are_not_kept(http: aiohttp.ClientSession) -> None:
    data = os.urandom(1_000_000)
    async with Sandbox(SandboxOptions(keep_bytes=False), SERVICES) as sandbox:
        google = Google(sandbox, http)
        session = await google.session(len(data))
        google.fault("reset", "part", after_bytes=CHUNK + 1000)
        with pytest.raises(CUT):
            await google.put(session, data)
        answer = await google.put(session, data[CHUNK:], f"{CHUNK}-999999/1000000")

        assert answer.status == 200
        assert sandbox.published()[0]["sha256"] == hashlib.sha256(data).hexdigest()


async def test_steps_are_named_in_the_journal(google: Google) -> None:
    session = await google.session(CHUNK + 1)
    await google.put(session, bytes(CHUNK), f"0-{CHUNK - 1}/{CHUNK + 1}")
    await google.ask(session, CHUNK + 1)
    await google.put(session, b"1", f"{CHUNK}-{CHUNK}/{CHUNK + 1}")
    await google.call("GET", "videos", params={"part": "status", "id": "x"})
    steps = [row["step"] for row in google.sandbox.journal.rows(service="youtube")]
    assert steps == ["begin", "part", "recover", "commit", "status"]


def _advance_to_pacific_midnight(google: Google) -> None:
    now = datetime.fromtimestamp(google.sandbox.clock.now(), PACIFIC)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), PACIFIC)
    google.sandbox.advance(midnight.timestamp() - now.timestamp() + 1)


async def _cut_off(google: Google, session: str) -> bool:
    with pytest.raises(CUT):
        await google.put(session, bytes(1_000_000))
    return True


async def _until_size(blob: Any, size: int) -> None:  # noqa: ANN401 - anything with a size
    async with asyncio.timeout(5):
        while blob.size < size:  # noqa: ASYNC110 - the stand-in tells nobody
            await asyncio.sleep(0.005)
