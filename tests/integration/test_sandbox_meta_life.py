"""What happens to posts of Meta's stand-ins after they were published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.http_kit import serve
from tests.sandbox_kit import JSON, Answer, new_session
from tests.sandbox_meta_client import DAY, IG, PAGE, PROCESSING, Meta, V, problem
from utils.sandbox import meta_seeds as seeds
from utils.sandbox.server import Sandbox, SandboxOptions

DATA = b"0123456789"
JPEG = b"\xff\xd8\xff\xe0" + bytes(40)
HOUR = 3600


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=PROCESSING)) as running:
        running.set_option("graph", "probe", value=False)
        yield running


@pytest.fixture
async def meta(sandbox: Sandbox) -> AsyncIterator[Meta]:
    async with new_session() as session:
        yield Meta(sandbox, session)


async def reel(meta: Meta, state: str = "PUBLISHED", **form: Any) -> str:
    """Return a reel that was finished and processed."""
    video_id = await meta.uploaded_reel(DATA)
    assert (await meta.finish(video_id, state, **form)).status == 200
    meta.sandbox.advance(PROCESSING)
    await meta.sandbox.settle()
    return video_id


async def media(meta: Meta, **form: Any) -> str:
    container_id = await meta.ready(DATA, **form)
    answer = await meta.publish(container_id)
    assert answer.status == 200, answer.body
    return str(answer.json["id"])


async def rows(meta: Meta, **query: str) -> list[JSON]:
    await meta.sandbox.settle()
    return meta.sandbox.published(deleted="deleted" in query)


async def alter(meta: Meta, service: str, remote_id: str, **changes: Any) -> None:
    await meta.sandbox.playing(service).alter(remote_id, changes)


# Facebook


@pytest.mark.parametrize("state", ["DRAFT", "SCHEDULED"])
async def test_an_unpublished_reel_is_published_by_an_edit(meta: Meta, state: str) -> None:
    at = int(meta.sandbox.clock.now() + 2 * HOUR)
    form = {"scheduled_publish_time": str(at)} if state == "SCHEDULED" else {}
    video_id = await reel(meta, state, **form)
    assert await rows(meta) == []
    assert (await meta.status(video_id))["publishing_phase"]["publish_status"] == state.lower()
    assert (await meta.page("POST", f"/{video_id}", {"published": "true"})).status == 200
    assert (await meta.status(video_id))["publishing_phase"]["publish_status"] == "published"
    assert [row["remote_id"] for row in await rows(meta)] == [video_id]
    again = await meta.page("POST", f"/{video_id}", {"published": "true"})
    assert problem(again)[0] == 100


async def test_a_scheduled_reel_is_put_off_and_appears_by_the_clock(meta: Meta) -> None:
    now = meta.sandbox.clock.now()
    video_id = await reel(meta, "SCHEDULED", scheduled_publish_time=str(int(now + HOUR)))
    later = {"scheduled_publish_time": str(int(now + 3 * HOUR)), "published": "false"}
    assert (await meta.page("POST", f"/{video_id}", later)).status == 200
    meta.sandbox.advance(2 * HOUR)
    assert await rows(meta) == []
    meta.sandbox.advance(HOUR)
    assert [row["visibility"] for row in await rows(meta)] == ["public"]


@pytest.mark.parametrize(
    "form",
    [
        {"scheduled_publish_time": "5", "published": "false"},
        {"nonsense": "1"},
    ],
    ids=str,
)
async def test_a_wrong_edit_is_refused(meta: Meta, form: JSON) -> None:
    video_id = await reel(meta, "DRAFT")
    assert problem(await meta.page("POST", f"/{video_id}", form))[0] == 100


async def test_publishing_by_an_edit_can_be_switched_off(meta: Meta) -> None:
    meta.sandbox.set_option("graph", "edits_publish", value=False)
    video_id = await reel(meta, "DRAFT")
    assert problem(await meta.page("POST", f"/{video_id}", {"published": "true"}))[0] == 100


async def test_what_was_chosen_for_a_reel_is_seen(meta: Meta) -> None:
    video_id = await reel(meta, is_ai_generated="true", place="123", title="T")
    (row,) = await rows(meta)
    assert row["options"] == {"is_ai_generated": "true", "place": "123"}
    assert (
        await meta.page("POST", f"/{video_id}/collaborators", {"target_id": "7"})
    ).status == 200
    (row,) = await rows(meta)
    assert row["options"]["collaborators"] == ["7"]


async def test_a_page_invites_ten_collaborators_a_day(meta: Meta) -> None:
    video_id = await reel(meta)
    path = f"/{video_id}/collaborators"
    answers = [await meta.page("POST", path, {"target_id": str(n)}) for n in range(11)]
    assert [answer.status for answer in answers] == [200] * 10 + [400]
    meta.sandbox.advance(DAY)
    assert (await meta.page("POST", path, {"target_id": "99"})).status == 200


async def send_picture(meta: Meta, path: str, name: str, content: bytes, **more: str) -> Answer:
    form = aiohttp.FormData(more)
    form.add_field(name, content, filename="cover.jpg", content_type="image/jpeg")
    headers = {"Authorization": f"Bearer {seeds.PAGE_TOKEN}"}
    return await meta.graph("POST", f"{V}/{path}", data=form, headers=headers)


async def test_a_thumbnail_is_seen_by_its_digest(meta: Meta) -> None:
    video_id = await reel(meta)
    path = f"{video_id}/thumbnails"
    bad = await send_picture(meta, path, "source", b"no picture", is_preferred="true")
    assert problem(bad)[0] == 100
    await send_picture(meta, path, "source", JPEG, is_preferred="false")
    assert (await rows(meta))[0]["thumbnail_sha256"] is None
    good = await send_picture(meta, path, "source", JPEG, is_preferred="true")
    assert good.json == {"success": True}
    assert (await rows(meta))[0]["thumbnail_sha256"] == hashlib.sha256(JPEG).hexdigest()


async def test_a_video_may_bring_its_thumbnail(meta: Meta) -> None:
    form = aiohttp.FormData()
    form.add_field("source", DATA, filename="a.mp4", content_type="video/mp4")
    form.add_field("thumb", JPEG, filename="a.jpg", content_type="image/jpeg")
    headers = {"Authorization": f"Bearer {seeds.PAGE_TOKEN}"}
    await meta.graph("POST", f"{V}/{PAGE}/videos", data=form, headers=headers)
    meta.sandbox.advance(PROCESSING)
    assert (await rows(meta))[0]["thumbnail_sha256"] == hashlib.sha256(JPEG).hexdigest()


async def test_numbers_of_a_reel_grow_with_the_clock(meta: Meta) -> None:
    video_id = await reel(meta)
    meta.sandbox.advance(HOUR)
    fields = "views,likes.summary(true),comments.summary(true)"
    node = (await meta.page("GET", f"/{video_id}?fields={fields}")).json
    told = {}
    for metric in ("fb_reels_total_plays", "post_video_social_actions"):
        answer = await meta.page("GET", f"/{video_id}/video_insights?metric={metric}")
        told[metric] = answer.json["data"][0]["values"][0]["value"]
    assert node["views"] == 180
    assert node["likes"]["summary"]["total_count"] == 18
    assert told["fb_reels_total_plays"] >= 180
    assert told["post_video_social_actions"]["COMMENT"] == 3


@pytest.mark.parametrize(
    ("service", "publish"), [("facebook", reel), ("instagram", media)], ids=["reel", "media"]
)
async def test_a_post_vanishes(
    meta: Meta, service: str, publish: Callable[[Meta], Awaitable[str]]
) -> None:
    remote_id = await publish(meta)
    await alter(meta, service, remote_id, gone=True)
    token = seeds.PAGE_TOKEN if service == "facebook" else seeds.USER_TOKEN
    node = await meta.call("GET", f"/{remote_id}?fields=id", token=token)
    assert problem(node) == (100, 33)
    assert await rows(meta) == []
    (row,) = await rows(meta, deleted="1")
    assert (row["remote_id"], row["deleted"]) == (remote_id, True)


async def test_a_reel_is_hidden_and_shown_again_by_hand(meta: Meta) -> None:
    video_id = await reel(meta)
    await alter(meta, "facebook", video_id, visibility="unpublished")
    node = (await meta.page("GET", f"/{video_id}?fields=published,status")).json
    assert (node["published"], node["status"]["publishing_phase"]["publish_status"]) == (
        False,
        "draft",
    )
    assert (await rows(meta))[0]["visibility"] == "unpublished"
    await alter(meta, "facebook", video_id, visibility="public")
    assert (await rows(meta))[0]["visibility"] == "public"
    with pytest.raises(ValueError, match="public or unpublished"):
        await alter(meta, "facebook", video_id, visibility="secret")


async def test_a_reel_is_blocked_and_rewritten_by_hand(meta: Meta) -> None:
    video_id = await reel(meta, title="T", description="D")
    await alter(meta, "facebook", video_id, blocked=["*"], text={"description": "Other"})
    node = await meta.page("GET", f"/{video_id}?fields=description,copyright_check_information")
    assert node.json["description"] == "Other"
    assert node.json["copyright_check_information"]["status"]["matches_found"] is True
    (row,) = await rows(meta)
    assert (row["blocked"], row["text"]) == (["*"], {"title": "T", "description": "Other"})


@pytest.mark.parametrize("service", ["facebook", "instagram"])
async def test_what_is_not_there_cannot_be_altered(meta: Meta, service: str) -> None:
    with pytest.raises(ValueError, match="cannot alter"):
        await alter(meta, service, "1", gone=True)


# Usage


async def test_usage_headers_are_overlaid_by_switches(meta: Meta) -> None:
    video_id = await reel(meta)
    meta.sandbox.set_option("graph", "app_usage", {"call_count": 91})
    told = {"call_count": 85, "estimated_time_to_regain_access": 12}
    meta.sandbox.set_option("graph", "business_usage", told)
    headers = (await meta.page("GET", f"/{video_id}?fields=views")).headers
    app = json.loads(headers["x-app-usage"])
    (business,) = json.loads(headers["x-business-use-case-usage"])[PAGE]
    assert app["call_count"] == 91
    assert (business["type"], business["call_count"]) == ("pages", 85)
    assert business["estimated_time_to_regain_access"] == 12


# Instagram


async def test_what_was_chosen_for_an_instagram_reel_is_seen(meta: Meta) -> None:
    await media(
        meta,
        caption="C",
        share_to_feed="false",
        collaborators='["ann","bob"]',
        thumb_offset="1500",
        audio_name="Song",
        is_ai_generated="true",
    )
    (row,) = await rows(meta)
    assert row["options"] == {
        "share_to_feed": False,
        "collaborators": ["ann", "bob"],
        "thumb_offset": 1500,
        "audio_name": "Song",
        "is_ai_generated": "true",
    }


@pytest.mark.parametrize(
    ("body", "status", "kept"),
    [(JPEG, 200, True), (b"<svg/>", 200, False), (JPEG, 404, False), (b"", 200, False)],
    ids=["picture", "other", "missing", "empty"],
)
async def test_a_cover_is_fetched_and_only_a_picture_is_taken(
    meta: Meta, body: bytes, status: int, kept: bool
) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(status=404)
        return web.Response(status=status, body=body, content_type="image/jpeg")

    async with serve(answer) as address:
        await media(meta, cover_url=f"{address}/cover.jpg", thumb_offset="999999")
    (row,) = await rows(meta)
    assert row["thumbnail_sha256"] == (hashlib.sha256(JPEG).hexdigest() if kept else None)


@pytest.mark.parametrize(
    ("face", "form", "code"),
    [
        ("graph", {"collaborators": "a,b,c,d"}, 100),
        ("graph", {"branded_content_sponsor_ids": "1,2,3"}, 100),
        ("instagram", {"is_paid_partnership": "true"}, 100),
        ("graph", {"thumb_offset": "soon"}, 100),
    ],
    ids=str,
)
async def test_wrong_choices_are_refused(meta: Meta, face: str, form: JSON, code: int) -> None:
    body = {"media_type": "REELS", "video_url": "https://a.example/a.mp4", **form}
    token = seeds.USER_TOKEN if face == "graph" else seeds.IG_TOKEN
    answer = await meta.call("POST", f"/{IG}/media", body, token=token, face=face)
    assert problem(answer)[0] == code


async def test_insights_lag_and_then_grow(meta: Meta) -> None:
    media_id = await media(meta)
    path = f"/{media_id}/insights?metric=views,reach,ig_reels_avg_watch_time"
    assert (await meta.call("GET", path)).json["data"] == []
    meta.sandbox.advance(2 * HOUR)
    data = (await meta.call("GET", path)).json["data"]
    values = {row["name"]: row["values"][0]["value"] for row in data}
    assert (values["views"], values["reach"]) == (180, 144)
    assert data[0]["id"].startswith(media_id)
    meta.sandbox.set_option("graph", "insights_lag_seconds", 48 * HOUR)
    assert (await meta.call("GET", path)).json["data"] == []
    node = (await meta.call("GET", f"/{media_id}?fields=like_count,comments_count")).json
    assert (node["like_count"], node["comments_count"]) == (36, 7)


async def test_comments_that_are_off_are_seen(meta: Meta) -> None:
    media_id = await media(meta)
    await meta.call("POST", f"/{media_id}", {"comment_enabled": "false"})
    (row,) = await rows(meta)
    assert row["options"]["comment_enabled"] is False


async def test_the_limit_counts_what_was_published_in_a_day(meta: Meta) -> None:
    meta.sandbox.set_option("graph", "publish_quota", 2)
    await media(meta)
    path = f"/{IG}/content_publishing_limit"
    assert (await meta.call("GET", path)).json == {"data": [{"quota_usage": 1}]}
    full = (await meta.call("GET", f"{path}?fields=quota_usage,config")).json["data"][0]
    assert full["config"] == {"quota_total": 2, "quota_duration": 86_400}
    await media(meta)
    third = await meta.publish(await meta.ready(DATA))
    assert problem(third) == (9, 2207042)
    meta.sandbox.advance(DAY)
    assert (await meta.call("GET", path)).json["data"][0]["quota_usage"] == 0


async def test_a_container_expires_after_a_day(meta: Meta) -> None:
    container_id = await meta.ready(DATA)
    meta.sandbox.advance(DAY)
    assert await meta.container_code(container_id) == "EXPIRED"
    assert problem(await meta.publish(container_id)) == (24, 2207008)


async def test_a_caption_is_rewritten_by_hand(meta: Meta) -> None:
    media_id = await media(meta, caption="Mine")
    await alter(meta, "instagram", media_id, text={"caption": "Theirs"}, blocked=["US"])
    node = (await meta.call("GET", f"/{media_id}?fields=caption")).json
    (row,) = await rows(meta)
    assert (node["caption"], row["text"]["caption"], row["blocked"]) == (
        "Theirs",
        "Theirs",
        ["US"],
    )
