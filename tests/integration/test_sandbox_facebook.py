from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.sandbox_kit import JSON, Answer, clip, new_session
from tests.sandbox_meta_client import DAY, PAGE, PROCESSING, Meta, V, complaint, problem
from utils.sandbox import meta_seeds as seeds
from utils.sandbox.server import Sandbox, SandboxOptions


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=PROCESSING)) as running:
        yield running


@pytest.fixture
async def meta(sandbox: Sandbox) -> AsyncIterator[Meta]:
    async with new_session() as session:
        yield Meta(sandbox, session)


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.mark.parametrize(
    ("action", "expected"), [("video_reels", 200), ("videos", 200)], ids=["reels", "videos"]
)
@pytest.mark.parametrize(
    "token", [seeds.USER_TOKEN, seeds.OTHER_PAGE_TOKEN], ids=["user", "other page"]
)
async def test_page_token_is_required(meta: Meta, token: str, action: str, expected: int) -> None:
    body = {"upload_phase": "start", "file_size": "5"}
    assert problem(await meta.call("POST", f"/{PAGE}/{action}", body, token=token))[0] == expected


async def test_task_to_create_content_is_required(meta: Meta) -> None:
    path, body = f"/{seeds.READER_PAGE_ID}/video_reels", {"upload_phase": "start"}
    answer = await meta.call("POST", path, body, token=seeds.READER_PAGE_TOKEN)
    assert problem(answer)[0] == 200


async def test_page_reel_goes_live_after_finish(meta: Meta, clips: Path) -> None:
    data = clip(clips).read_bytes()
    video_id = await meta.uploaded_reel(data)
    meta.sandbox.advance(PROCESSING * 10)
    assert (await meta.status(video_id))["video_status"] == "upload_complete"

    finished = await meta.finish(video_id, description="A reel", title="T")
    assert finished.json == {"success": True}
    assert (await meta.status(video_id))["video_status"] == "processing"
    assert await meta.published() == []

    meta.sandbox.advance(PROCESSING)
    (row,) = await meta.published()
    status = await meta.status(video_id)
    assert status["video_status"] == "ready"
    assert status["publishing_phase"]["publish_status"] == "published"
    assert (row["service"], row["account"], row["remote_id"]) == ("facebook", PAGE, video_id)
    assert row["sha256"] == hashlib.sha256(data).hexdigest()
    assert row["text"] == {"title": "T", "description": "A reel"}


async def test_upload_address_must_be_used_verbatim(meta: Meta) -> None:
    started = await meta.start_reel()
    address = started["upload_url"].rpartition("/")[0] + f"/{started['video_id']}"
    answer = await meta.send(address, b"x", token=seeds.PAGE_TOKEN)
    assert answer.status == 404


@pytest.mark.parametrize("phase", [None, "transfer", "complete"])
async def test_reels_know_two_phases(meta: Meta, phase: str | None) -> None:
    body = {"upload_phase": phase} if phase else {}
    assert problem(await meta.page("POST", f"/{PAGE}/video_reels", body))[0] == 100


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"upload_phase": "finish", "video_state": "PUBLISHED"}, (100, None)),
        ({"upload_phase": "finish", "video_state": "PUBLISHED", "video_id": "1"}, (100, 33)),
    ],
)
async def test_finish_needs_its_video(
    meta: Meta, body: JSON, expected: tuple[int, int | None]
) -> None:
    assert problem(await meta.page("POST", f"/{PAGE}/video_reels", body)) == expected


@pytest.mark.parametrize("sent", [0, 5])
async def test_finish_without_all_bytes_is_refused(meta: Meta, sent: int) -> None:
    started = await meta.start_reel()
    if sent:
        address = started["upload_url"]
        short = await meta.send(address, b"x" * sent, size=10, token=seeds.PAGE_TOKEN)
        assert complaint(short) == (400, "PartialRequestError")
    assert problem(await meta.finish(started["video_id"]))[0] == 6000


async def test_finish_after_another_file_size_is_refused(meta: Meta) -> None:
    started = await meta.start_reel()
    address, token = started["upload_url"], seeds.PAGE_TOKEN
    await meta.send(address, b"01234", size=10, token=token)
    await meta.send(address, b"56789", offset=5, size=11, token=token)
    await meta.send(address, b"x", offset=10, size=11, token=token)
    assert problem(await meta.finish(started["video_id"])) == (6000, 1363045)


async def test_transfer_to_the_video_node_is_ignored(meta: Meta) -> None:
    started = await meta.start_reel()
    body = {"upload_phase": "transfer", "start_offset": "0"}
    answer = await meta.page("POST", f"/{started['video_id']}", body)
    assert (answer.status, answer.json) == (200, {"success": True})
    assert problem(await meta.finish(started["video_id"]))[0] == 6000


@pytest.mark.parametrize(
    ("spelling", "switch", "path"),
    [
        ("complete", None, ("uploading_phase", "status")),
        ("completed", "phase_spelling", ("uploading_phase", "status")),
    ],
)
async def test_phase_has_two_spellings(
    meta: Meta, spelling: str, switch: str | None, path: tuple[str, str]
) -> None:
    if switch:
        meta.sandbox.set_option("graph", switch, spelling)
    video_id = await meta.uploaded_reel(b"0123456789")
    assert (await meta.status(video_id))[path[0]][path[1]] == spelling


@pytest.mark.parametrize("spelling", ["bytes_transfered", "bytes_transferred"])
async def test_bytes_have_two_spellings(meta: Meta, spelling: str) -> None:
    if spelling == "bytes_transferred":
        meta.sandbox.set_option("graph", "bytes_spelling", spelling)
    video_id = await meta.uploaded_reel(b"0123456789")
    assert (await meta.status(video_id))["uploading_phase"][spelling] == 10


async def test_more_can_be_told_in_the_status(meta: Meta) -> None:
    meta.sandbox.set_option("graph", "extra_status", True)
    video_id = await meta.uploaded_reel(b"0123456789")
    status = await meta.status(video_id)
    assert {"processing_progress", "copyright_check_status"} <= set(status)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"size": "540x1200"}, 1363040),
        ({"size": "360x640"}, 1363127),
        ({"seconds": 2}, 1363128),
        ({"seconds": 91, "fps": 24}, 1363128),
        ({"fps": 23}, 1363129),
    ],
    ids=str,
)
async def test_page_reel_file_is_checked(
    meta: Meta, clips: Path, options: JSON, code: int
) -> None:
    video_id = await meta.uploaded_reel(clip(clips, **options).read_bytes())
    await meta.finish(video_id)
    meta.sandbox.advance(PROCESSING)
    status = await meta.status(video_id)
    assert status["video_status"] == "error"
    assert status["processing_phase"]["errors"][0]["code"] == code
    assert await meta.published() == []


async def test_draft_stays_a_draft(meta: Meta, clips: Path) -> None:
    video_id = await meta.uploaded_reel(clip(clips).read_bytes())
    assert (await meta.finish(video_id, "DRAFT")).status == 200
    meta.sandbox.advance(PROCESSING * 10)
    assert (await meta.status(video_id))["publishing_phase"]["publish_status"] == "draft"
    assert await meta.published() == []


async def test_scheduled_reel_appears_at_its_time(meta: Meta, clips: Path) -> None:
    video_id = await meta.uploaded_reel(clip(clips).read_bytes())
    moment = int(meta.sandbox.clock.now()) + 3600
    answer = await meta.finish(video_id, "SCHEDULED", scheduled_publish_time=str(moment))
    assert answer.status == 200
    meta.sandbox.advance(PROCESSING)
    phase = (await meta.status(video_id))["publishing_phase"]
    assert (phase["publish_status"], phase["publish_time"]) == ("scheduled", moment)
    assert await meta.published() == []
    meta.sandbox.advance(3600)
    assert len(await meta.published()) == 1


@pytest.mark.parametrize(
    ("state", "ahead"),
    [
        ("SCHEDULED", None),
        ("SCHEDULED", 590),
        ("SCHEDULED", 29 * DAY + 60),
        ("PUBLISHED", 3600),
        ("DRAFT", 3600),
        ("LATER", None),
    ],
)
async def test_wrong_schedule_is_refused(meta: Meta, state: str, ahead: float | None) -> None:
    video_id = await meta.uploaded_reel(b"0123456789")
    form: JSON = {}
    if ahead is not None:
        form["scheduled_publish_time"] = str(int(meta.sandbox.clock.now() + ahead))
    assert problem(await meta.finish(video_id, state, **form))[0] == 100


async def test_reel_31_of_a_day_is_refused_but_not_a_draft(meta: Meta, clips: Path) -> None:
    meta.sandbox.set_option("graph", "probe", False)
    for _ in range(30):
        assert (await meta.finish(await meta.uploaded_reel(b"0123456789"))).status == 200
    refused = await meta.finish(await meta.uploaded_reel(b"0123456789"))
    assert problem(refused)[0] == 368
    draft = await meta.finish(await meta.uploaded_reel(b"0123456789"), "DRAFT")
    assert draft.status == 200
    meta.sandbox.advance(DAY + 1)
    assert (await meta.finish(await meta.uploaded_reel(b"0123456789"))).status == 200


async def test_lost_answer_of_finish_shows_in_the_status(meta: Meta, clips: Path) -> None:
    video_id = await meta.uploaded_reel(clip(clips).read_bytes())
    meta.sandbox.faults.add({"service": "graph", "step": "commit", "action": "drop_answer"})
    with pytest.raises(aiohttp.ClientError):
        await meta.finish(video_id)
    meta.sandbox.advance(PROCESSING)
    assert (await meta.status(video_id))["publishing_phase"]["publish_status"] == "published"
    assert problem(await meta.finish(video_id))[0] == 100
    assert len(await meta.published()) == 1


async def test_steps_of_a_reel_are_told_apart_in_the_journal(meta: Meta) -> None:
    video_id = await meta.uploaded_reel(b"0123456789")
    await meta.finish(video_id)
    await meta.status(video_id)
    rows = meta.sandbox.journal.rows()
    assert [row["step"] for row in rows] == ["begin", "part", "commit", "status"]


async def test_video_of_another_page_is_hidden(meta: Meta) -> None:
    started = await meta.start_reel()
    path = f"/{started['video_id']}?fields=status"
    answer = await meta.call("GET", path, token=seeds.OTHER_PAGE_TOKEN)
    assert problem(answer) == (100, 33)


async def test_unfinished_video_expires(meta: Meta) -> None:
    video_id = await meta.uploaded_reel(b"0123456789")
    meta.sandbox.advance(DAY)
    assert (await meta.status(video_id))["video_status"] == "expired"
    assert problem(await meta.finish(video_id))[0] == 6000


async def test_page_reel_resumes_where_the_status_says(meta: Meta, clips: Path) -> None:
    data = clip(clips, seconds=6).read_bytes()
    cut = len(data) // 3
    fault = {"service": "graph_upload", "step": "part", "action": "reset", "after_bytes": cut}
    meta.sandbox.faults.add(fault)
    started = await meta.start_reel()
    with pytest.raises(aiohttp.ClientError):
        await meta.send(started["upload_url"], data, token=seeds.PAGE_TOKEN)
    phase = (await meta.status(started["video_id"]))["uploading_phase"]
    assert (phase["status"], phase["bytes_transfered"]) == ("in_progress", cut)
    answer = await meta.send(
        started["upload_url"], data[cut:], offset=cut, size=len(data), token=seeds.PAGE_TOKEN
    )
    assert answer.json == {"success": True}


async def hosted(meta: Meta, path: Path, robots: str = "", **headers: str) -> Answer:
    async def serve(_: web.Request) -> web.FileResponse:
        return web.FileResponse(path)

    async def tell_robots(_: web.Request) -> web.Response:
        return web.Response(text=robots)

    app = web.Application()
    app.router.add_get("/robots.txt", tell_robots)
    app.router.add_get("/clip.mp4", serve)
    async with TestServer(app) as server:
        started = await meta.start_reel()
        told = {
            "Authorization": f"OAuth {seeds.PAGE_TOKEN}",
            "file_url": str(server.make_url("/clip.mp4")),
            **headers,
        }
        return await meta.rupload("POST", started["upload_url"], headers=told)


async def test_hosted_file_is_fetched(meta: Meta, clips: Path) -> None:
    assert (await hosted(meta, clip(clips))).json == {"success": True}


async def test_strict_hosted_file_needs_offset_and_size(meta: Meta, clips: Path) -> None:
    meta.sandbox.set_option("graph_upload", "strict_file_url", True)
    assert complaint(await hosted(meta, clip(clips))) == (400, "ParameterValidationError")
    answer = await hosted(meta, clip(clips), offset="0", file_size="9")
    assert answer.json == {"success": True}


async def test_hosted_file_may_be_forbidden_by_robots(meta: Meta, clips: Path) -> None:
    robots = "User-agent: facebookexternalhit\nDisallow: /"
    assert complaint(await hosted(meta, clip(clips), robots)) == (422, "FileUrlProcessingError")


async def test_hosted_file_in_the_body_is_refused(meta: Meta) -> None:
    started = await meta.start_reel()
    headers = {"Authorization": f"OAuth {seeds.PAGE_TOKEN}"}
    answer = await meta.rupload(
        "POST", started["upload_url"], json={"file_url": "https://a.example/a"}, headers=headers
    )
    assert complaint(answer) == (400, "ParameterValidationError")


async def test_reel_is_edited_and_deleted_once(meta: Meta, clips: Path) -> None:
    video_id = await meta.uploaded_reel(clip(clips).read_bytes())
    await meta.finish(video_id, description="old")
    meta.sandbox.advance(PROCESSING)
    await meta.published()
    assert (await meta.page("POST", f"/{video_id}", {"description": "new"})).status == 200
    (row,) = await meta.published()
    assert row["text"]["description"] == "new"
    listed = (await meta.page("GET", f"/{PAGE}/video_reels?fields=id,description")).json["data"]
    assert listed == [{"id": video_id, "description": "new"}]
    assert (await meta.page("DELETE", f"/{video_id}")).json == {"success": True}
    assert await meta.published() == []
    assert problem(await meta.page("DELETE", f"/{video_id}")) == (100, 33)


@pytest.mark.parametrize(
    ("metric", "code"), [("post_impressions_unique", 100), ("nonsense", 100), ("", 100)]
)
async def test_unknown_video_metric_is_refused(meta: Meta, metric: str, code: int) -> None:
    video_id = await meta.uploaded_reel(b"0123456789")
    answer = await meta.page("GET", f"/{video_id}/video_insights?metric={metric}")
    assert problem(answer)[0] == code


async def test_video_metrics_are_asked_one_by_one(meta: Meta) -> None:
    video_id = await meta.uploaded_reel(b"0123456789")
    path = f"/{video_id}/video_insights?metric="
    one = (await meta.page("GET", f"{path}fb_reels_total_plays")).json
    two = (await meta.page("GET", f"{path}fb_reels_total_plays,blue_reels_play_count")).json
    assert one["data"][0]["name"] == "fb_reels_total_plays"
    assert seeds.PAGE_TOKEN in one["paging"]["next"]
    assert two == {"data": []}


async def chunk(meta: Meta, session_id: str, start: int, data: bytes) -> Answer:
    form = aiohttp.FormData()
    form.add_field("upload_phase", "transfer")
    form.add_field("upload_session_id", session_id)
    form.add_field("start_offset", str(start))
    form.add_field("video_file_chunk", data, filename="chunk")
    headers = {"Authorization": f"Bearer {seeds.PAGE_TOKEN}"}
    return await meta.graph("POST", f"{V}/{PAGE}/videos", data=form, headers=headers)


async def test_long_video_is_sent_in_chunks(meta: Meta, clips: Path) -> None:
    data = clip(clips, seconds=95, fps=24).read_bytes()
    meta.sandbox.set_option("graph", "chunk_bytes", 100_000)
    body = {"upload_phase": "start", "file_size": str(len(data))}
    session = (await meta.page("POST", f"/{PAGE}/videos", body)).json
    session_id = session["upload_session_id"]
    while session["start_offset"] != session["end_offset"]:
        start, end = int(session["start_offset"]), int(session["end_offset"])
        session = (await chunk(meta, session_id, start, data[start:end])).json
    body = {"upload_phase": "finish", "upload_session_id": session_id, "title": "Long"}
    assert (await meta.page("POST", f"/{PAGE}/videos", body)).json == {"success": True}
    meta.sandbox.advance(PROCESSING)
    (row,) = await meta.published()
    assert (row["bytes"], row["text"]["title"]) == (len(data), "Long")
    assert row["sha256"] == hashlib.sha256(data).hexdigest()


async def test_wrong_chunk_is_told_where_to_go_on(meta: Meta) -> None:
    body = {"upload_phase": "start", "file_size": "20"}
    session = (await meta.page("POST", f"/{PAGE}/videos", body)).json
    refused = await chunk(meta, session["upload_session_id"], 5, b"x" * 5)
    assert problem(refused) == (6001, 1363037)
    assert refused.json["error"]["error_data"] == {"start_offset": "0", "end_offset": "20"}
    body = {"upload_phase": "finish", "upload_session_id": session["upload_session_id"]}
    assert problem(await meta.page("POST", f"/{PAGE}/videos", body))[0] == 6000


async def test_whole_video_is_posted_at_once(meta: Meta, clips: Path) -> None:
    data = clip(clips).read_bytes()
    form = aiohttp.FormData()
    form.add_field("description", "Whole")
    form.add_field("source", data, filename="a.mp4", content_type="video/mp4")
    headers = {"Authorization": f"Bearer {seeds.PAGE_TOKEN}"}
    answer = await meta.graph("POST", f"{V}/{PAGE}/videos", data=form, headers=headers)
    meta.sandbox.advance(PROCESSING)
    (row,) = await meta.published()
    assert row["remote_id"] == answer.json["id"]
    assert row["sha256"] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "form",
    [
        {"file_url": "https://a.example/a.mp4", "upload_phase": "start"},
        {"upload_phase": "start"},
        {"upload_phase": "start", "file_size": "many"},
        {"title": "nothing else"},
        {"file_url": "https://a.example", "published": "false", "scheduled_publish_time": "5"},
        {"file_url": "https://a.example", "scheduled_publish_time": "5"},
    ],
    ids=str,
)
async def test_wrong_video_call_is_refused(meta: Meta, form: JSON) -> None:
    assert problem(await meta.page("POST", f"/{PAGE}/videos", form))[0] == 100


@pytest.mark.parametrize("days", [30, 182])
async def test_long_video_may_be_scheduled_for_months(meta: Meta, clips: Path, days: int) -> None:
    path = clip(clips)
    moment = int(meta.sandbox.clock.now() + days * DAY)
    form = aiohttp.FormData()
    form.add_field("source", path.read_bytes(), filename="a.mp4")
    form.add_field("published", "false")
    form.add_field("scheduled_publish_time", str(moment))
    headers = {"Authorization": f"Bearer {seeds.PAGE_TOKEN}"}
    answer = await meta.graph("POST", f"{V}/{PAGE}/videos", data=form, headers=headers)
    assert answer.status == 200
    meta.sandbox.advance(PROCESSING)
    assert await meta.published() == []


async def test_restart_keeps_received_bytes(tmp_path: Path) -> None:
    options = SandboxOptions(data_dir=tmp_path, processing_seconds=PROCESSING)
    async with new_session() as session:
        async with Sandbox(options) as sandbox:
            meta = Meta(sandbox, session)
            started = await meta.start_reel()
            await meta.send(started["upload_url"], b"01234", size=10, token=seeds.PAGE_TOKEN)
        async with Sandbox(options) as sandbox:
            meta = Meta(sandbox, session)
            phase = (await meta.status(started["video_id"]))["uploading_phase"]
            assert phase["bytes_transfered"] == 5
            address = urlsplit(started["upload_url"]).path
            sent = await meta.send(address, b"56789", offset=5, size=10, token=seeds.PAGE_TOKEN)
    assert sent.status == 200
