from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.sandbox_kit import JSON, clip, new_session
from tests.sandbox_meta_client import DAY, IG, PROCESSING, Meta, problem
from utils.sandbox import meta_seeds as seeds
from utils.sandbox.instagram_publishing import FIRST_CONTAINER
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


async def test_reel_goes_from_bytes_to_media(meta: Meta, clips: Path) -> None:
    data = clip(clips).read_bytes()
    created = await meta.container(caption="A #reel")
    assert int(created["id"]) > 2**53
    sent = await meta.send(created["uri"], data)
    assert sent.json == {"success": True, "message": "Upload successful."}
    assert await meta.container_code(created["id"]) == "IN_PROGRESS"
    meta.sandbox.advance(PROCESSING)
    assert await meta.container_code(created["id"]) == "FINISHED"
    assert await meta.published() == []

    media = (await meta.publish(created["id"])).json
    assert set(media) == {"id"}
    assert media["id"] != created["id"]
    assert await meta.container_code(created["id"]) == "PUBLISHED"
    (row,) = await meta.published()
    assert (row["service"], row["account"], row["remote_id"]) == ("instagram", IG, media["id"])
    assert row["sha256"] == hashlib.sha256(data).hexdigest()
    assert row["text"]["caption"] == "A #reel"


async def test_media_list_is_newest_first_and_holds_foreign_posts(meta: Meta, clips: Path) -> None:
    container_id = await meta.ready(clip(clips).read_bytes(), caption="mine")
    media_id = (await meta.publish(container_id)).json["id"]
    fields = "id,caption,timestamp,permalink"
    rows = (await meta.call("GET", f"/{IG}/media?fields={fields}")).json["data"]
    assert rows[0]["id"] == media_id
    assert [row["caption"] for row in rows[1:]] == ["Posted by another tool", "Posted by hand"]


@pytest.mark.parametrize(("face", "product"), [("graph", "REELS"), ("instagram", None)])
async def test_product_type_is_told_to_facebook_login_only(
    meta: Meta, clips: Path, face: str, product: str | None
) -> None:
    container_id = await meta.ready(clip(clips).read_bytes())
    media_id = (await meta.publish(container_id)).json["id"]
    token = seeds.USER_TOKEN if face == "graph" else seeds.IG_TOKEN
    path = f"/{media_id}?fields=media_type,media_product_type"
    node = (await meta.call("GET", path, token=token, face=face)).json
    assert (node["media_type"], node.get("media_product_type")) == ("VIDEO", product)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"media_type": "HOLOGRAM"}, (100, 2207023)),
        ({"upload_type": ""}, (100, None)),
        ({"image_url": "http://127.0.0.1/a.mp4"}, (36001, 2207005)),
        ({"alt_text": "a"}, (100, None)),
        ({"caption": "x" * 2201}, (36004, 2207010)),
        ({"caption": "🎬" * 1101}, (36004, 2207010)),
        ({"caption": " ".join(f"@user{n}" for n in range(21))}, (100, 2207040)),
        ({"caption": " ".join(f"#tag{n}" for n in range(31))}, (100, None)),
        ({"collaborators": '["a","b","c","d"]'}, (100, None)),
        ({"thumb_offset": "soon"}, (100, None)),
    ],
    ids=str,
)
async def test_wrong_container_is_refused(
    meta: Meta, form: JSON, expected: tuple[int, int | None]
) -> None:
    body = {"media_type": "REELS", "upload_type": "resumable", **form}
    assert problem(await meta.call("POST", f"/{IG}/media", body)) == expected


@pytest.mark.parametrize(
    "caption",
    ["x" * 2200, " ".join(f"@user{n}" for n in range(20)), " ".join(f"#t{n}" for n in range(30))],
    ids=["length", "mentions", "hashtags"],
)
async def test_caption_at_its_limits_is_taken(meta: Meta, caption: str) -> None:
    await meta.container(caption=caption)


async def test_surplus_hashtags_can_be_stripped(meta: Meta, clips: Path) -> None:
    meta.sandbox.set_option("graph", "strip_hashtags_above", 5)
    caption = "So " + " ".join(f"#t{n}" for n in range(7))
    media = (await meta.publish(await meta.ready(clip(clips).read_bytes(), caption=caption))).json
    node = (await meta.call("GET", f"/{media['id']}?fields=caption")).json
    assert node["caption"].rstrip() == "So #t0 #t1 #t2 #t3 #t4"


async def test_container_401_of_a_day_is_refused(meta: Meta) -> None:
    created = await meta.container()
    containers = meta.sandbox.collection("meta.containers")
    row = containers.get(created["id"])
    assert row is not None
    for number in range(399):
        containers.put(f"more{number}", row)
    body = {"media_type": "REELS", "upload_type": "resumable"}
    assert problem(await meta.call("POST", f"/{IG}/media", body))[0] == 9


@pytest.mark.parametrize("media_type", [None, "VIDEO"])
async def test_video_alone_is_created_but_not_published(
    meta: Meta, clips: Path, media_type: str | None
) -> None:
    form = {"media_type": media_type} if media_type else {}
    body = {"upload_type": "resumable", **form}
    created = (await meta.call("POST", f"/{IG}/media", body)).json
    await meta.send(created["uri"], clip(clips).read_bytes())
    meta.sandbox.advance(PROCESSING)
    assert problem(await meta.publish(created["id"])) == (100, 2207089)


async def test_resumable_is_not_offered_with_instagram_login(meta: Meta) -> None:
    body = {"media_type": "REELS", "upload_type": "resumable"}
    options: JSON = {"token": seeds.IG_TOKEN, "face": "instagram"}
    assert problem(await meta.call("POST", f"/{IG}/media", body, **options))[0] == 100
    meta.sandbox.set_option("instagram", "resumable", True)
    assert "uri" in (await meta.call("POST", f"/{IG}/media", body, **options)).json


@pytest.mark.parametrize(
    "options",
    [
        {"seconds": 2},
        {"fps": 15},
        {"size": "1922x1080"},
        {"codec": "mpeg4"},
        {"audio": ("-c:a", "aac", "-ac", "2", "-ar", "96000")},
        {"audio": ("-c:a", "libmp3lame")},
        {"layout": ("-use_editlist", "0")},
        {"layout": ("-movflags", "+faststart")},
    ],
    ids=str,
)
async def test_reel_file_is_checked(meta: Meta, clips: Path, options: JSON) -> None:
    container_id = await meta.ready(clip(clips, **options).read_bytes())
    node = (await meta.call("GET", f"/{container_id}?fields=status_code,status")).json
    assert node["status_code"] == "ERROR"
    assert node["status"].endswith("error code 2207026")


@pytest.mark.parametrize(
    "options", [{"fps": 24}, {"size": "1080x608"}, {"audio": ("-an",)}], ids=str
)
async def test_lawful_reel_file_is_taken(meta: Meta, clips: Path, options: JSON) -> None:
    container_id = await meta.ready(clip(clips, **options).read_bytes())
    assert await meta.container_code(container_id) == "FINISHED"


async def test_edit_lists_can_be_allowed(meta: Meta, clips: Path) -> None:
    meta.sandbox.set_option("graph", "allow_edit_lists", True)
    data = clip(clips, layout=("-movflags", "+faststart")).read_bytes()
    assert await meta.container_code(await meta.ready(data)) == "FINISHED"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"thumb_offset": "9000"}, "ERROR"),
        ({"thumb_offset": "1000"}, "FINISHED"),
        ({"thumb_offset": "9000", "cover_url": "https://img.example/a.jpg"}, "FINISHED"),
    ],
    ids=str,
)
async def test_thumb_offset_must_lie_within_the_video(
    meta: Meta, clips: Path, form: JSON, code: str
) -> None:
    container_id = await meta.ready(clip(clips).read_bytes(), **form)
    assert await meta.container_code(container_id) == code


async def test_processing_can_be_made_to_fail(meta: Meta, clips: Path) -> None:
    meta.sandbox.faults.add({"service": "graph", "action": "fail_processing", "code": 2207085})
    container_id = await meta.ready(clip(clips).read_bytes())
    node = (await meta.call("GET", f"/{container_id}?fields=status")).json
    assert node["status"] == "Error: Media upload has failed with error code 2207085"


async def test_container_expires_after_a_day(meta: Meta, clips: Path) -> None:
    container_id = await meta.ready(clip(clips).read_bytes())
    assert await meta.container_code(container_id) == "FINISHED"
    meta.sandbox.advance(DAY)
    assert await meta.container_code(container_id) == "EXPIRED"
    assert problem(await meta.publish(container_id)) == (24, 2207008)


async def test_container_of_another_account_is_hidden(meta: Meta) -> None:
    created = await meta.container()
    path = f"/{created['id']}?fields=status"
    answer = await meta.call("GET", path, token=seeds.OTHER_USER_TOKEN)
    assert problem(answer) == (100, 33)


@pytest.mark.parametrize("face", ["graph", "instagram"])
async def test_outage_hides_what_exists(meta: Meta, clips: Path, face: str) -> None:
    container_id = await meta.ready(clip(clips).read_bytes())
    meta.sandbox.set_option(face, "outage", True)
    token = seeds.USER_TOKEN if face == "graph" else seeds.IG_TOKEN
    answer = await meta.call("GET", f"/{container_id}?fields=status", token=token, face=face)
    assert problem(answer) == (100, 33)
    assert answer.json["error"]["type"] == "GraphMethodException"
    assert (await meta.publish(container_id)).status == 200


async def test_container_that_is_not_ready_is_not_published(meta: Meta) -> None:
    created = await meta.container()
    answer = await meta.publish(created["id"])
    assert problem(answer) == (9007, 2207027)
    assert answer.json["error"]["message"] == "Media ID is not available"


@pytest.mark.parametrize("container_id", [str(FIRST_CONTAINER), "me"])
async def test_unknown_container_is_not_published(meta: Meta, container_id: str) -> None:
    assert problem(await meta.publish(container_id)) == (24, 2207008)


async def test_second_publish_is_refused_and_noted(meta: Meta, clips: Path) -> None:
    container_id = await meta.ready(clip(clips).read_bytes())
    await meta.publish(container_id)
    assert problem(await meta.publish(container_id)) == (24, 2207008)
    (row,) = await meta.published()
    assert row["refused_publishes"] == 1


async def test_lost_answer_of_a_publish_leaves_it_published(meta: Meta, clips: Path) -> None:
    container_id = await meta.ready(clip(clips).read_bytes())
    meta.sandbox.faults.add({"service": "graph", "step": "commit", "action": "drop_answer"})
    with pytest.raises(aiohttp.ClientError):
        await meta.publish(container_id)
    assert await meta.container_code(container_id) == "PUBLISHED"
    fields = "id,status,status_code,video_status,copyright_check_status"
    node = (await meta.call("GET", f"/{container_id}?fields={fields}")).json
    (row,) = await meta.published()
    assert row["remote_id"] not in json.dumps(node)


async def test_publishing_quota_is_enforced_and_told(meta: Meta, clips: Path) -> None:
    meta.sandbox.set_option("graph", "publish_quota", 1)
    first, second = [await meta.ready(clip(clips).read_bytes()) for _ in range(2)]
    assert (await meta.publish(first)).status == 200
    assert problem(await meta.publish(second)) == (9, 2207042)
    path = f"/{IG}/content_publishing_limit"
    bare = (await meta.call("GET", path)).json
    full = (await meta.call("GET", f"{path}?fields=quota_usage,config")).json
    assert bare == {"data": [{"quota_usage": 1}]}
    config = {"quota_total": 1, "quota_duration": 86_400}
    assert full == {"data": [{"quota_usage": 1, "config": config}]}
    meta.sandbox.advance(DAY)
    assert (await meta.call("GET", path)).json == {"data": [{"quota_usage": 0}]}


async def test_media_is_deleted_once(meta: Meta, clips: Path) -> None:
    container_id = await meta.ready(clip(clips).read_bytes())
    media_id = (await meta.publish(container_id)).json["id"]
    other = await meta.call("DELETE", f"/{media_id}", token=seeds.IG_TOKEN, face="instagram")
    assert problem(other) == (-1, 2207073)
    poor = await meta.call("DELETE", f"/{media_id}", token=seeds.POOR_USER_TOKEN)
    assert problem(poor)[0] == 10
    answer = await meta.call("DELETE", f"/{media_id}")
    assert answer.json == {"success": True, "deleted_id": media_id}
    assert await meta.published() == []
    assert problem(await meta.call("DELETE", f"/{media_id}")) == (100, 33)


@pytest.mark.parametrize(
    ("metric", "code"),
    [("views,reach", None), ("plays", 100), ("views,impressions", 100), ("facebook_views", 100)],
)
async def test_insights_of_a_fresh_reel_are_empty(
    meta: Meta, clips: Path, metric: str, code: int | None
) -> None:
    container_id = await meta.ready(clip(clips).read_bytes())
    media_id = (await meta.publish(container_id)).json["id"]
    answer = await meta.call("GET", f"/{media_id}/insights?metric={metric}")
    if code is None:
        assert answer.json == {"data": []}
    else:
        assert problem(answer)[0] == code


async def test_comments_can_be_switched_off(meta: Meta, clips: Path) -> None:
    container_id = await meta.ready(clip(clips).read_bytes())
    media_id = (await meta.publish(container_id)).json["id"]
    assert (await meta.call("POST", f"/{media_id}", {"comment_enabled": "false"})).status == 200
    node = (await meta.call("GET", f"/{media_id}?fields=is_comment_enabled")).json
    assert node["is_comment_enabled"] is False
    assert problem(await meta.call("POST", f"/{media_id}", {"caption": "new"}))[0] == 100
