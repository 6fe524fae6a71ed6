from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.sandbox_kit import JSON, broken_off, clip, new_session, until
from tests.sandbox_tiktok_client import (
    CANCEL,
    CREATOR,
    INBOX,
    INIT,
    PROCESSING,
    STATUS,
    TikTokClient,
    init_body,
)
from utils.sandbox import tiktok
from utils.sandbox.server import Sandbox, SandboxOptions
from utils.sandbox.tiktok_rules import READINGS, Plan

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=PROCESSING)) as running:
        running.set_option("tiktok", "rate_limits", False)
        yield running


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[TikTokClient]:
    async with new_session() as session:
        yield TikTokClient(sandbox, session)


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


async def published(client: TikTokClient) -> list[JSON]:
    rows: list[JSON] = (await client.remote("GET", "/_sandbox/published")).json
    return rows


async def test_public_post_goes_live_with_an_id(client: TikTokClient, clips: Path) -> None:
    data = clip(clips).read_bytes()
    publish_id = await client.upload(data, privacy_level="PUBLIC_TO_EVERYONE")

    waiting = await client.status(publish_id)
    assert (waiting["status"], waiting["uploaded_bytes"]) == ("PROCESSING_UPLOAD", len(data))
    assert await published(client) == []

    client.sandbox.advance(PROCESSING)
    done = await client.status(publish_id)
    assert (done["status"], done["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [])

    client.sandbox.advance(1)
    (post_id,) = (await client.status(publish_id))["publicaly_available_post_id"]
    (row,) = await published(client)
    assert row["remote_id"] == str(post_id)
    assert post_id > 2**53
    assert row["sha256"] == hashlib.sha256(data).hexdigest()
    assert row["visibility"] == "PUBLIC_TO_EVERYONE"


async def test_published_is_told_without_asking_for_the_status(
    client: TikTokClient, clips: Path
) -> None:
    publish_id = await client.upload(clip(clips).read_bytes())
    client.sandbox.advance(PROCESSING)

    (row,) = await published(client)

    assert (row["remote_id"], row["visibility"]) == (publish_id, "SELF_ONLY")


async def test_private_post_never_has_an_id(client: TikTokClient, clips: Path) -> None:
    publish_id = await client.upload(clip(clips).read_bytes())
    client.sandbox.advance(PROCESSING * 100)
    assert (await client.status(publish_id))["publicaly_available_post_id"] == []


async def test_post_id_can_be_text(client: TikTokClient, clips: Path) -> None:
    client.sandbox.set_option("tiktok", "post_id_type", "string")
    client.sandbox.set_option("tiktok", "moderation_seconds", 0)
    publish_id = await client.upload(clip(clips).read_bytes(), privacy_level="PUBLIC_TO_EVERYONE")
    client.sandbox.advance(PROCESSING)
    (post_id,) = (await client.status(publish_id))["publicaly_available_post_id"]
    assert isinstance(post_id, str)


async def test_draft_goes_to_the_inbox_without_its_text(client: TikTokClient, clips: Path) -> None:
    data = clip(clips).read_bytes()
    begun = await client.init(len(data), len(data), 1, path=INBOX)
    assert begun["publish_id"].startswith("v_inbox_file~")
    await client.put(begun["upload_url"], data, 0, len(data))
    client.sandbox.advance(PROCESSING)
    assert (await client.status(begun["publish_id"]))["status"] == "SEND_TO_USER_INBOX"
    assert await published(client) == []


async def test_identifiers_are_short_and_uploads_have_another_host(client: TikTokClient) -> None:
    begun = await client.init(1000, 1000, 1)
    assert len(begun["publish_id"]) <= 64
    assert len(begun["upload_url"]) <= 256
    assert urlsplit(begun["upload_url"]).netloc != urlsplit(client.remote.base).netloc


async def test_every_answer_has_a_log_id(client: TikTokClient) -> None:
    good, bad = await client.call(CREATOR), await client.call(CREATOR, token="act.nobody")
    assert good.json["error"]["code"] == "ok"
    assert good.json["error"]["log_id"]
    assert bad.json["error"]["log_id"]


@pytest.mark.parametrize("path", [CREATOR, INIT, INBOX, STATUS])
async def test_unknown_token_is_refused(client: TikTokClient, path: str) -> None:
    answer = await client.call(path, token="act.nobody")
    assert (answer.status, answer.json["error"]["code"]) == (401, "access_token_invalid")


async def test_expired_token_is_refused(client: TikTokClient) -> None:
    client.sandbox.advance(86_401)
    answer = await client.call(CREATOR)
    assert (answer.status, answer.json["error"]["code"]) == (401, "access_token_invalid")


async def test_token_can_be_made_to_expire_early(client: TikTokClient) -> None:
    client.sandbox.faults.add({"service": "tiktok", "step": "begin", "action": "expire_token"})
    assert (await client.call(CREATOR)).status == 200
    assert (await client.call(INIT, init_body(9, 9, 1))).status == 401
    assert (await client.call(CREATOR)).status == 401


@pytest.mark.parametrize(
    ("path", "lacking"),
    [(CREATOR, "video.publish"), (INIT, "video.publish"), (INBOX, "video.upload")],
)
async def test_missing_scope_is_refused(client: TikTokClient, path: str, lacking: str) -> None:
    tokens = client.sandbox.collection("tiktok.tokens")
    row = tokens.get(tiktok.ACCESS_TOKEN)
    assert row is not None
    scopes = [scope for scope in row["scopes"] if scope != lacking]
    tokens.put(tiktok.ACCESS_TOKEN, {**row, "scopes": scopes})
    answer = await client.call(path)
    assert (answer.status, answer.json["error"]["code"]) == (401, "scope_not_authorized")


async def test_body_must_be_json(client: TikTokClient) -> None:
    headers = {"Authorization": f"Bearer {tiktok.ACCESS_TOKEN}"}
    answer = await client.remote("POST", STATUS, data={"publish_id": "x"}, headers=headers)
    assert (answer.status, answer.json["error"]["code"]) == (400, "invalid_params")


@pytest.mark.parametrize(("path", "most"), [(INIT, 6), (CREATOR, 20), (STATUS, 30)])
async def test_minute_of_a_token_is_limited(client: TikTokClient, path: str, most: int) -> None:
    client.sandbox.set_option("tiktok", "rate_limits", True)
    body = init_body(1000, 1000, 1)
    statuses = [(await client.call(path, body)).status for _ in range(most)]
    assert 429 not in statuses

    refused = await client.call(path, body)
    assert (refused.status, refused.json["error"]["code"]) == (429, "rate_limit_exceeded")
    assert "retry-after" not in refused.headers
    assert (await client.call(path, body, token=tiktok.PRIVATE_ACCESS_TOKEN)).status != 429

    client.sandbox.advance(61)
    assert (await client.call(path, body)).status != 429


async def test_both_kinds_of_init_share_a_minute(client: TikTokClient) -> None:
    client.sandbox.set_option("tiktok", "rate_limits", True)
    body = init_body(1000, 1000, 1)
    for path in (INIT, INBOX) * 3:
        assert (await client.call(path, body)).status == 200
    assert (await client.call(INIT, body)).status == 429


@pytest.mark.parametrize(
    ("token", "options"),
    [
        (tiktok.ACCESS_TOKEN, ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]),
        (
            tiktok.PRIVATE_ACCESS_TOKEN,
            ["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
        ),
    ],
)
async def test_creator_info_tells_the_options(
    client: TikTokClient, token: str, options: list[str]
) -> None:
    data = (await client.call(CREATOR, token=token)).json["data"]
    assert data["privacy_level_options"] == options
    assert data["max_video_post_duration_sec"] == 300


@pytest.mark.parametrize(
    "code",
    [
        "spam_risk_too_many_posts",
        "spam_risk_user_banned_from_posting",
        "reached_active_user_cap",
    ],
)
async def test_blocked_creator_is_told_with_200_and_refused_with_403(
    client: TikTokClient, code: str
) -> None:
    client.sandbox.set_option("tiktok", "block", code)
    asked = await client.call(CREATOR)
    begun = await client.call(INIT, init_body(1000, 1000, 1))
    assert (asked.status, asked.json["error"]["code"]) == (200, code)
    assert (begun.status, begun.json["error"]["code"]) == (403, code)


@pytest.mark.parametrize(
    "post", [{"privacy_level": None}, {"privacy_level": "FOLLOWER_OF_CREATOR"}]
)
async def test_privacy_must_be_one_of_the_options(client: TikTokClient, post: JSON) -> None:
    answer = await client.call(INIT, init_body(1000, 1000, 1, **post))
    assert (answer.status, answer.json["error"]["code"]) == (403, "privacy_level_option_mismatch")


@pytest.mark.parametrize(
    ("token", "level", "status"),
    [
        (tiktok.UNAUDITED_ACCESS_TOKEN, "SELF_ONLY", 403),
        (tiktok.UNAUDITED_ACCESS_TOKEN, "PUBLIC_TO_EVERYONE", 403),
        (tiktok.UNAUDITED_PRIVATE_ACCESS_TOKEN, "MUTUAL_FOLLOW_FRIENDS", 403),
        (tiktok.UNAUDITED_PRIVATE_ACCESS_TOKEN, "SELF_ONLY", 200),
        (tiktok.ACCESS_TOKEN, "PUBLIC_TO_EVERYONE", 200),
    ],
)
async def test_unaudited_client_posts_only_privately(
    client: TikTokClient, token: str, level: str, status: int
) -> None:
    answer = await client.call(INIT, init_body(1000, 1000, 1, privacy_level=level), token=token)
    assert answer.status == status
    if status == 403:
        expected = "unaudited_client_can_only_post_to_private_accounts"
        assert answer.json["error"]["code"] == expected


async def test_audit_can_be_taken_away(client: TikTokClient) -> None:
    client.sandbox.set_option("tiktok", "audited", False)
    answer = await client.call(INIT, init_body(1000, 1000, 1))
    assert answer.status == 403


async def test_sixth_user_of_an_unaudited_client_is_refused(client: TikTokClient) -> None:
    tasks = client.sandbox.collection("tiktok.tasks")
    body = init_body(1000, 1000, 1)
    assert (
        await client.call(INIT, body, token=tiktok.UNAUDITED_PRIVATE_ACCESS_TOKEN)
    ).status == 200
    ((_, task),) = tasks.items()
    for number in range(5):
        tasks.put(f"other{number}", {**task, "open_id": f"user{number}"})
    answer = await client.call(INIT, body, token=tiktok.UNAUDITED_PRIVATE_ACCESS_TOKEN)
    assert (answer.status, answer.json["error"]["code"]) == (403, "reached_active_user_cap")


@pytest.mark.parametrize(("units", "status"), [(2200, 200), (2201, 400), (2202, 400)])
async def test_title_is_counted_in_utf16(client: TikTokClient, units: int, status: int) -> None:
    title = "🎬" * (units // 2) + "x" * (units % 2)
    answer = await client.call(INIT, init_body(1000, 1000, 1, title=title))
    assert answer.status == status
    assert answer.json["error"]["code"] in {"ok", "invalid_param"}


async def test_sixteenth_post_of_a_day_is_refused(client: TikTokClient) -> None:
    for _ in range(15):
        assert (await client.call(INIT, init_body(1000, 1000, 1))).status == 200
    refused = await client.call(INIT, init_body(1000, 1000, 1))
    assert (refused.status, refused.json["error"]["code"]) == (403, "spam_risk_too_many_posts")


async def test_sixth_pending_draft_is_refused(client: TikTokClient) -> None:
    for _ in range(5):
        assert (await client.call(INBOX, init_body(1000, 1000, 1))).status == 200
    refused = await client.call(INBOX, init_body(1000, 1000, 1))
    expected = (403, "spam_risk_too_many_pending_share")
    assert (refused.status, refused.json["error"]["code"]) == expected


@pytest.mark.parametrize(
    ("size", "chunk", "count"),
    [
        (4_194_304, 4_194_304, 1),
        (50_000_123, 10_000_000, 5),
        (64_000_000, 64_000_000, 1),
        (64_000_001, 10_000_000, 6),
        (4_294_967_296, 10_000_000, 429),
        (4_294_967_296, 32_000_000, 134),
        (7_000_000, 5_242_880, 1),
    ],
)
async def test_right_plans_are_taken(
    client: TikTokClient, size: int, chunk: int, count: int
) -> None:
    answer = await client.call(INIT, init_body(size, chunk, count))
    assert answer.status == 200


@pytest.mark.parametrize(
    ("size", "chunk", "count"),
    [
        (0, 1, 1),
        (1000, 0, 1),
        (1000, 1000, 0),
        (1000, 1000, -1),
        (50_000_123, 10_000_000, 6),
        (100_000_000, 64_000_000, 1),
        (100_000_000, 100_000_000, 1),
        (64_000_001, 64_000_001, 1),
        (200_000_000, 65_000_000, 3),
        (20_000_000, 5_000_000, 4),
        (1000, 500, 2),
        (1000, 2000, 0),
        (4_294_967_297, 10_000_000, 429),
        (5_000_000_000, 5_000_000, 1000),
    ],
)
async def test_wrong_plans_are_refused(
    client: TikTokClient, size: int, chunk: int, count: int
) -> None:
    answer = await client.call(INIT, init_body(size, chunk, count))
    assert (answer.status, answer.json["error"]["code"]) == (400, "invalid_param")


@pytest.mark.parametrize("lacking", ["video_size", "chunk_size", "total_chunk_count", "source"])
async def test_source_info_must_be_complete(client: TikTokClient, lacking: str) -> None:
    body = init_body(1000, 1000, 1)
    del body["source_info"][lacking]
    answer = await client.call(INIT, body)
    assert (answer.status, answer.json["error"]["code"]) == (400, "invalid_param")


@pytest.mark.parametrize(("reading", "taken"), [("strict", False), ("decimal", True)])
def test_readings_of_a_megabyte_differ(reading: str, taken: bool) -> None:
    plan = Plan(size=20_000_000, chunk=5_000_000, count=4)
    assert (plan.fault(READINGS[reading]) is None) is taken


@pytest.mark.parametrize(
    "url", ["http://media.example/a.mp4", "https://93.184.216.34/a.mp4", "https://media.example/a"]
)
async def test_pull_needs_a_verified_address(client: TikTokClient, url: str) -> None:
    body = init_body(1, 1, 1)
    body["source_info"] = {"source": "PULL_FROM_URL", "video_url": url}
    answer = await client.call(INIT, body)
    assert (answer.status, answer.json["error"]["code"]) == (403, "url_ownership_unverified")


async def pull(client: TikTokClient, handler: Handler) -> JSON:
    app = web.Application()
    app.router.add_get("/clip.mp4", handler)
    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        client.sandbox.set_option("tiktok", "pull_prefixes", [url])
        body = init_body(1, 1, 1)
        body["source_info"] = {"source": "PULL_FROM_URL", "video_url": f"{url}clip.mp4"}
        begun = (await client.call(INIT, body)).json["data"]
        assert "upload_url" not in begun
        assert (await client.status(begun["publish_id"]))["status"] == "PROCESSING_DOWNLOAD"
        client.sandbox.advance(PROCESSING)
        return await client.status(begun["publish_id"])


async def test_pull_fetches_the_file(client: TikTokClient, clips: Path) -> None:
    path = clip(clips)

    async def serve(_: web.Request) -> web.FileResponse:
        return web.FileResponse(path)

    done = await pull(client, serve)
    assert (done["status"], done["downloaded_bytes"]) == ("PUBLISH_COMPLETE", path.stat().st_size)


async def test_pull_follows_no_redirect(client: TikTokClient) -> None:
    async def move(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/elsewhere.mp4"})

    done = await pull(client, move)
    assert (done["status"], done["fail_reason"]) == ("FAILED", "video_pull_failed")


async def test_only_a_pull_can_be_cancelled(client: TikTokClient) -> None:
    begun = await client.init(1000, 1000, 1)
    refused = await client.call(CANCEL, {"publish_id": begun["publish_id"]})
    assert (refused.status, refused.json["error"]["code"]) == (400, "publish_not_cancellable")


CHUNK = 5_242_880
TOTAL = 2 * CHUNK + 77


async def test_chunks_are_told_apart_by_206_and_201(client: TikTokClient) -> None:
    begun = await client.init(TOTAL, CHUNK, 2)
    first = await client.put(begun["upload_url"], b"a" * CHUNK, 0, TOTAL)
    last = await client.put(begun["upload_url"], b"b" * (CHUNK + 77), CHUNK, TOTAL)
    assert (first.status, first.headers["content-range"]) == (206, f"bytes 0-{CHUNK - 1}/{TOTAL}")
    assert (last.status, last.headers["content-range"]) == (201, f"bytes 0-{TOTAL - 1}/{TOTAL}")


@pytest.mark.parametrize(
    ("first", "length"), [(CHUNK, CHUNK + 77), (1, CHUNK), (CHUNK - 1, CHUNK)], ids=str
)
async def test_chunk_out_of_order_is_refused(
    client: TikTokClient, first: int, length: int
) -> None:
    begun = await client.init(TOTAL, CHUNK, 2)
    answer = await client.put(begun["upload_url"], b"x" * length, first, TOTAL)
    assert answer.status == 416


@pytest.mark.parametrize(("mode", "status"), [("refuse", 416), ("accept", 206)])
async def test_repeated_chunk(client: TikTokClient, mode: str, status: int) -> None:
    client.sandbox.set_option("tiktok", "repeated_chunk", mode)
    begun = await client.init(TOTAL, CHUNK, 2)
    await client.put(begun["upload_url"], b"a" * CHUNK, 0, TOTAL)
    again = await client.put(begun["upload_url"], b"a" * CHUNK, 0, TOTAL)
    assert again.status == status
    assert again.headers["content-range"] == f"bytes 0-{CHUNK - 1}/{TOTAL}"
    assert (await client.status(begun["publish_id"]))["uploaded_bytes"] == CHUNK


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Range": ""},
        {"Content-Range": "bytes 0-9"},
        {"Content-Range": "bytes 0-98/1000"},
        {"Content-Range": "bytes 0-999/2000"},
        {"Content-Range": "bytes 0-1000/1000"},
        {"Content-Type": "application/octet-stream"},
        {"Content-Type": "video/x-matroska"},
    ],
    ids=str,
)
async def test_malformed_chunk_is_refused(client: TikTokClient, headers: dict[str, str]) -> None:
    begun = await client.init(1000, 1000, 1)
    answer = await client.put(begun["upload_url"], b"x" * 1000, 0, 1000, **headers)
    assert answer.status == 400


async def test_chunk_without_type_is_refused(client: TikTokClient) -> None:
    begun = await client.init(1000, 1000, 1)
    headers = {"Content-Range": "bytes 0-999/1000"}
    answer = await client.remote(
        "PUT",
        begun["upload_url"],
        data=b"x" * 1000,
        headers=headers,
        skip_auto_headers=["Content-Type"],
    )
    assert answer.status == 400


@pytest.mark.parametrize("length", [CHUNK - 1, CHUNK + 1])
async def test_chunk_of_another_length_is_refused(client: TikTokClient, length: int) -> None:
    begun = await client.init(TOTAL, CHUNK, 2)
    answer = await client.put(begun["upload_url"], b"x" * length, 0, TOTAL)
    assert answer.status == 400


async def test_upload_address_expires_after_an_hour(client: TikTokClient) -> None:
    begun = await client.init(1000, 1000, 1)
    client.sandbox.advance(3600)
    assert (await client.put(begun["upload_url"], b"x" * 1000, 0, 1000)).status == 403


async def test_unknown_upload_is_not_found(client: TikTokClient) -> None:
    begun = await client.init(1000, 1000, 1)
    answer = await client.put(begun["upload_url"] + "x", b"x" * 1000, 0, 1000)
    assert answer.status == 404


async def test_chunk_that_was_cut_short_leaves_nothing(client: TikTokClient) -> None:
    fault = {"service": "tiktok_upload", "step": "part", "action": "reset", "after_bytes": 2**20}
    client.sandbox.faults.add(fault)
    begun = await client.init(TOTAL, CHUNK, 2)
    with pytest.raises(aiohttp.ClientError):
        await client.put(begun["upload_url"], b"z" * CHUNK, 0, TOTAL)

    assert (await client.status(begun["publish_id"]))["uploaded_bytes"] == 0
    await client.put(begun["upload_url"], b"a" * CHUNK, 0, TOTAL)
    last = await client.put(begun["upload_url"], b"b" * (CHUNK + 77), CHUNK, TOTAL)
    assert last.status == 201
    blob = client.sandbox.blob(f"tiktok/{begun['publish_id']}")
    assert blob.sha256() == hashlib.sha256(b"a" * CHUNK + b"b" * (CHUNK + 77)).hexdigest()


async def test_second_sender_is_refused_while_the_first_is_sending(client: TikTokClient) -> None:
    begun = await client.init(TOTAL, CHUNK, 2)
    ended = asyncio.Event()
    headers = {
        "Content-Type": "video/mp4",
        "Content-Length": str(CHUNK),
        "Content-Range": f"bytes 0-{CHUNK - 1}/{TOTAL}",
    }
    blob = client.sandbox.blob(f"tiktok/{begun['publish_id']}")

    async def has_begun() -> bool:
        return blob.size > 0

    async def is_taken() -> bool:
        return (await client.put(begun["upload_url"], b"a" * CHUNK, 0, TOTAL)).status == 206

    async with asyncio.TaskGroup() as group:
        body = broken_off(b"slow", ended)
        slow = group.create_task(
            client.remote("PUT", begun["upload_url"], data=body, headers=headers)
        )
        await until(has_begun)
        second = await client.put(begun["upload_url"], b"a" * CHUNK, 0, TOTAL)
        slow.cancel()
    assert second.status == 416
    await until(is_taken)


async def test_restart_keeps_what_was_answered(tmp_path: Path) -> None:
    options = SandboxOptions(data_dir=tmp_path, processing_seconds=PROCESSING)
    async with new_session() as session:
        async with Sandbox(options) as sandbox:
            client = TikTokClient(sandbox, session)
            begun = await client.init(TOTAL, CHUNK, 2)
            await client.put(begun["upload_url"], b"a" * CHUNK, 0, TOTAL)
        async with Sandbox(options) as sandbox:
            client = TikTokClient(sandbox, session)
            assert (await client.status(begun["publish_id"]))["uploaded_bytes"] == CHUNK
            last = await client.put(begun["upload_url"], b"b" * (CHUNK + 77), CHUNK, TOTAL)
    assert last.status == 201


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"fps": 15}, "frame_rate_check_failed"),
        ({"size": "320x568"}, "picture_size_check_failed"),
        ({"suffix": ".avi", "layout": (), "codec": "mpeg4"}, "file_format_check_failed"),
        ({"seconds": 301, "fps": 23, "size": "360x360"}, "duration_check_failed"),
    ],
    ids=str,
)
async def test_media_is_checked(
    client: TikTokClient, clips: Path, options: JSON, reason: str
) -> None:
    publish_id = await client.upload(clip(clips, **options).read_bytes())
    client.sandbox.advance(PROCESSING)
    done = await client.status(publish_id)
    assert (done["status"], done["fail_reason"]) == ("FAILED", reason)
    assert await published(client) == []


async def test_random_bytes_are_no_video(client: TikTokClient) -> None:
    publish_id = await client.upload(b"no video" * 100)
    client.sandbox.advance(PROCESSING)
    assert (await client.status(publish_id))["fail_reason"] == "file_format_check_failed"


async def test_looking_into_files_can_be_switched_off(client: TikTokClient) -> None:
    client.sandbox.set_option("tiktok", "probe", False)
    publish_id = await client.upload(b"no video" * 100)
    client.sandbox.advance(PROCESSING)
    assert (await client.status(publish_id))["status"] == "PUBLISH_COMPLETE"


@pytest.mark.parametrize("reason", ["internal", "auth_removed", "spam_risk_text", "spam_risk"])
async def test_failure_can_be_ordered(client: TikTokClient, clips: Path, reason: str) -> None:
    fault = {"service": "tiktok", "action": "fail_processing", "reason": reason}
    client.sandbox.faults.add(fault)
    publish_id = await client.upload(clip(clips).read_bytes())
    client.sandbox.advance(PROCESSING)
    done = await client.status(publish_id)
    assert (done["status"], done["fail_reason"]) == ("FAILED", reason)


async def test_status_of_another_user_is_refused(client: TikTokClient) -> None:
    begun = await client.init(1000, 1000, 1)
    body = {"publish_id": begun["publish_id"]}
    answer = await client.call(STATUS, body, token=tiktok.PRIVATE_ACCESS_TOKEN)
    expected = (400, "token_not_authorized_for_specified_publish_id")
    assert (answer.status, answer.json["error"]["code"]) == expected


@pytest.mark.parametrize("publish_id", ["v_pub_file~v2-1.1", None, 5])
async def test_unknown_publish_id_is_refused(client: TikTokClient, publish_id: object) -> None:
    answer = await client.call(STATUS, {"publish_id": publish_id})
    assert (answer.status, answer.json["error"]["code"]) == (400, "invalid_publish_id")


async def test_there_is_nothing_to_delete_with(client: TikTokClient) -> None:
    assert (await client.remote("DELETE", "/v2/video/1/")).status == 404


async def test_user_info_is_bound_to_scopes(client: TikTokClient) -> None:
    headers = {"Authorization": f"Bearer {tiktok.ACCESS_TOKEN}"}
    path = "/v2/user/info/?fields="
    basic = await client.remote("GET", f"{path}open_id,display_name", headers=headers)
    profile = await client.remote("GET", f"{path}username", headers=headers)
    assert basic.json["data"]["user"]["open_id"] == tiktok.OPEN_ID
    assert profile.status == 401


async def test_public_posts_are_listed(client: TikTokClient, clips: Path) -> None:
    tokens = client.sandbox.collection("tiktok.tokens")
    row = tokens.get(tiktok.ACCESS_TOKEN)
    assert row is not None
    scopes = [*row["scopes"], *tiktok.READING_SCOPES]
    tokens.put(tiktok.ACCESS_TOKEN, {**row, "scopes": scopes})
    data = clip(clips).read_bytes()
    publish_id = await client.upload(data, privacy_level="PUBLIC_TO_EVERYONE")
    client.sandbox.advance(PROCESSING)
    await client.status(publish_id)
    client.sandbox.advance(1)
    listed = (await client.call("/v2/video/list/?fields=id,title")).json["data"]
    filters = {"filters": {"video_ids": [listed["videos"][0]["id"], "1"]}}
    found = (await client.call("/v2/video/query/?fields=id", filters)).json["data"]
    assert listed["videos"][0]["title"] == "A clip"
    assert len(found["videos"]) == 1


async def test_events_are_signed_and_repeated_until_200(client: TikTokClient, clips: Path) -> None:
    received: list[tuple[str, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        received.append((request.headers["TikTok-Signature"], await request.read()))
        return web.Response(status=500 if len(received) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", take)
    async with TestServer(app) as server:
        client.sandbox.set_option("tiktok", "webhook_url", str(server.make_url("/hook")))
        await client.upload(clip(clips).read_bytes())
        for _ in range(3):
            client.sandbox.advance(PROCESSING)
            await published(client)

    assert len(received) == 2
    signature, raw = received[1]
    stamp, _, signed = signature.removeprefix("t=").partition(",s=")
    expected = hmac.new(
        tiktok.CLIENT_SECRET.encode(), f"{stamp}.".encode() + raw, hashlib.sha256
    ).hexdigest()
    assert signed == expected
    assert json.loads(raw)["event"] == "post.publish.complete"
