"""Creators of the TikTok stand-in: signing in, limits of theirs, and life after posting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.sandbox_kit import JSON, new_session
from tests.sandbox_login import Login
from tests.sandbox_tiktok_client import CREATOR, INBOX, INIT, PROCESSING, TikTokClient, init_body
from utils.sandbox import tiktok
from utils.sandbox.server import Sandbox, SandboxOptions

DATA = bytes(range(256)) * 40
PUBLIC = "PUBLIC_TO_EVERYONE"
MODERATION = 5.0
ALL_SCOPES = (
    "user.info.basic,user.info.profile,user.info.stats,video.list,video.publish,video.upload"
)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    options = SandboxOptions(processing_seconds=PROCESSING)
    async with Sandbox(options) as running:
        for name, value in (
            ("rate_limits", False),
            ("probe", False),
            ("moderation_seconds", MODERATION),
        ):
            running.set_option("tiktok", name, value)
        yield running


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[TikTokClient]:
    async with new_session() as session:
        yield TikTokClient(sandbox, session)


@pytest.fixture
def login(client: TikTokClient) -> Login:
    return Login(client.sandbox, {"tiktok": client.remote}, "tiktok")


@pytest.fixture
async def token(login: Login) -> str:
    """Return a token of the first creator that may do everything."""
    told = await login.sign_in(scope=ALL_SCOPES)
    return str(told["access_token"])


async def published(client: TikTokClient, *, deleted: bool = False) -> list[JSON]:
    await client.sandbox.settle()
    return client.sandbox.published(deleted=deleted)


async def post_public(client: TikTokClient, **post: Any) -> str:
    """Return the id of a post that everybody can see."""
    publish_id = await client.upload(DATA, privacy_level=PUBLIC, **post)
    client.sandbox.advance(PROCESSING)
    await client.status(publish_id)
    client.sandbox.advance(MODERATION)
    (number,) = (await client.status(publish_id))["publicaly_available_post_id"]
    return str(number)


async def alter(client: TikTokClient, remote_id: str, **changes: Any) -> None:
    await client.sandbox.services["tiktok"].alter(remote_id, changes)


async def query(client: TikTokClient, token: str, *ids: str) -> list[JSON]:
    fields = "id,title,duration,view_count,like_count,share_count,cover_image_url"
    body = {"filters": {"video_ids": list(ids)}}
    answer = await client.call(f"/v2/video/query/?fields={fields}", body, token=token)
    assert answer.status == 200, answer.body
    videos: list[JSON] = answer.json["data"]["videos"]
    return videos


def change_creator(client: TikTokClient, **facts: Any) -> None:
    client.sandbox.services["tiktok"].change_account(tiktok.OPEN_ID, facts)


@pytest.mark.parametrize(
    "open_id", [tiktok.OPEN_ID, tiktok.PRIVATE_OPEN_ID, tiktok.SECOND_OPEN_ID]
)
async def test_the_chosen_creator_signs_in(login: Login, open_id: str) -> None:
    assert (await login.sign_in(account=open_id))["open_id"] == open_id


async def test_a_wildcard_is_no_address(login: Login) -> None:
    assert "redirect_uri" in await login.refused(
        redirect_uri="http://127.0.0.1:*/oauth/callback/tiktok"
    )


async def test_a_scope_needs_the_approval_of_the_application(login: Login) -> None:
    login.sandbox.services["tiktok"].change_app(
        tiktok.CLIENT_KEY, {"scopes": ["user.info.basic", "video.upload"]}
    )
    answer = await login.remote("GET", login.address())
    assert login.read(answer)["error"] == "invalid_scope"


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("web", "http://karvon.example/cb"),
        ("web", "https://karvon.example/cb?x=1"),
        ("desktop", "https://karvon.example/cb"),
        ("desktop", "http://127.0.0.1/cb"),
        ("desktop", "http://127.0.0.1:99999/cb"),
        ("web", "https://karvon.example/" + "x" * 512),
    ],
)
async def test_addresses_that_cannot_be_registered(
    sandbox: Sandbox, kind: str, address: str
) -> None:
    with pytest.raises(ValueError, match="redirect_uri"):
        sandbox.services["tiktok"].change_app("new", {"kind": kind, "redirect_uris": [address]})


async def test_an_application_has_ten_addresses_at_most(sandbox: Sandbox) -> None:
    addresses = [f"https://karvon.example/{number}" for number in range(11)]
    with pytest.raises(ValueError, match="at most 10"):
        sandbox.services["tiktok"].change_app("new", {"redirect_uris": addresses})


async def test_revoking_ends_all_tokens_of_creator_and_application(
    client: TikTokClient, login: Login
) -> None:
    first, second = await login.sign_in(), await login.sign_in()
    form = {"client_key": tiktok.CLIENT_KEY, "client_secret": tiktok.CLIENT_SECRET}
    form["token"] = first["access_token"]
    assert (await client.remote("POST", "/v2/oauth/revoke/", data=form)).json == {}
    assert (await client.call(CREATOR, token=second["access_token"])).status == 401
    assert (await client.refresh(second["refresh_token"])).json["error"] == "invalid_grant"
    again = await client.remote("POST", "/v2/oauth/revoke/", data=form)
    assert again.json["error"] == "invalid_grant"


async def test_a_grant_is_revoked_on_command(client: TikTokClient) -> None:
    fault = {"service": "tiktok", "step": "refresh", "action": "revoke_token"}
    client.sandbox.faults.add(fault)
    assert (await client.refresh(tiktok.REFRESH_TOKEN)).json["error"] == "invalid_grant"


async def test_what_a_creator_may_choose_follows_the_settings(client: TikTokClient) -> None:
    change_creator(
        client, private=True, comment_disabled=True, max_seconds=60, nickname="Quiet one"
    )
    told = (await client.call(CREATOR)).json["data"]
    assert told["privacy_level_options"][0] == "FOLLOWER_OF_CREATOR"
    assert (told["comment_disabled"], told["duet_disabled"]) == (True, False)
    assert (told["max_video_post_duration_sec"], told["creator_nickname"]) == (60, "Quiet one")
    body = init_body(len(DATA), len(DATA), 1, privacy_level=PUBLIC)
    refused = await client.call(INIT, body)
    assert refused.json["error"]["code"] == "privacy_level_option_mismatch"
    for facts in ({"max_seconds": "60"}, {"colour": "red"}):
        with pytest.raises(ValueError, match="no such"):
            change_creator(client, **facts)


async def test_one_creator_alone_can_be_kept_from_posting(
    client: TikTokClient, login: Login
) -> None:
    change_creator(client, block="spam_risk_user_banned_from_posting")
    told = await client.call(CREATOR)
    assert (told.status, told.json["error"]["code"]) == (200, "spam_risk_user_banned_from_posting")
    size = len(DATA)
    for path in (INIT, INBOX):
        assert (await client.call(path, init_body(size, size, 1))).status == 403
    other = await login.sign_in(account=tiktok.SECOND_OPEN_ID)
    assert (await client.call(CREATOR, token=other["access_token"])).status == 200


async def test_a_person_posts_a_draft_of_the_inbox(client: TikTokClient, token: str) -> None:
    publish_id = await client.upload(DATA, path=INBOX)
    client.sandbox.advance(PROCESSING)
    assert (await client.status(publish_id))["status"] == "SEND_TO_USER_INBOX"
    assert await published(client) == []
    await alter(client, publish_id, posted={"title": "By hand"})
    client.sandbox.advance(MODERATION)
    told = await client.status(publish_id)
    (number,) = told["publicaly_available_post_id"]
    (row,) = await published(client)
    assert told["status"] == "PUBLISH_COMPLETE"
    assert (row["remote_id"], row["text"]["title"]) == (str(number), "By hand")
    assert [video["title"] for video in await query(client, token, str(number))] == ["By hand"]
    with pytest.raises(ValueError, match="no draft"):
        await alter(client, publish_id, posted=True)


async def test_a_posted_draft_makes_room_in_the_inbox(client: TikTokClient) -> None:
    ids = [await client.upload(DATA, path=INBOX) for _ in range(5)]
    client.sandbox.advance(PROCESSING)
    await client.sandbox.settle()
    body = init_body(len(DATA), len(DATA), 1)
    full = await client.call(INBOX, body)
    assert (full.status, full.json["error"]["code"]) == (403, "spam_risk_too_many_pending_share")
    await alter(client, ids[0], posted=True)
    assert (await client.call(INBOX, body)).status == 200


async def test_what_was_chosen_is_seen_beside_the_post(client: TikTokClient) -> None:
    chosen = {
        "disable_comment": True,
        "brand_content_toggle": False,
        "brand_organic_toggle": True,
        "is_aigc": True,
        "video_cover_timestamp_ms": 1500,
    }
    number = await post_public(client, **chosen)
    (row,) = await published(client)
    assert (row["remote_id"], row["visibility"], row["deleted"]) == (number, PUBLIC, False)
    assert row["options"] == chosen


async def test_numbers_of_a_public_post_grow_with_the_clock(
    client: TikTokClient, token: str
) -> None:
    number = await post_public(client)
    (fresh,) = await query(client, token, number, "1", "somebody else's")
    client.sandbox.advance(3600)
    (later,) = await query(client, token, number)
    assert (fresh["view_count"], later["view_count"]) == (0, 180)
    assert later["like_count"] > later["share_count"] > 0
    assert later["cover_image_url"] != fresh["cover_image_url"]
    path = "/v2/user/info/?fields=video_count,likes_count"
    bearer = {"Authorization": f"Bearer {token}"}
    user = (await client.remote("GET", path, headers=bearer)).json["data"]["user"]
    assert user == {"video_count": 1, "likes_count": later["like_count"]}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v2/video/query/?fields=id,watch_time", {"filters": {"video_ids": ["1"]}}),
        ("/v2/video/query/?fields=id", {"filters": {"video_ids": []}}),
        ("/v2/video/query/?fields=id", {"filters": {"video_ids": ["1"] * 21}}),
        ("/v2/video/query/?fields=id", {}),
        ("/v2/video/list/?fields=id", {"max_count": 21}),
        ("/v2/video/list/", {}),
    ],
)
async def test_wrong_questions_are_refused(
    client: TikTokClient, token: str, path: str, body: JSON
) -> None:
    answer = await client.call(path, body, token=token)
    assert (answer.status, answer.json["error"]["code"]) == (400, "invalid_params")


@pytest.mark.parametrize(
    "changes", [{"visibility": "SELF_ONLY"}, {"gone": True}], ids=["hidden", "gone"]
)
async def test_a_post_that_vanishes_is_told_and_seen_no_more(
    client: TikTokClient, token: str, changes: JSON
) -> None:
    number = await post_public(client)
    await alter(client, number, **changes)
    assert await query(client, token, number) == []
    events = [
        row["body"]["event"] for _, row in client.sandbox.collection("tiktok.events").items()
    ]
    assert events[-1] == "post.publish.no_longer_publicaly_available"
    rows = await published(client, deleted=True)
    assert [row["deleted"] for row in rows] == ["gone" in changes]
    assert rows[0]["visibility"] == ("gone" if "gone" in changes else "SELF_ONLY")


async def test_a_removed_authorization_is_told(client: TikTokClient) -> None:
    change_creator(client, authorized=False)
    assert (await client.call(CREATOR)).status == 401
    events = [row["body"] for _, row in client.sandbox.collection("tiktok.events").items()]
    told = {(event["event"], event["user_openid"]) for event in events}
    assert told == {("authorization.removed", tiktok.OPEN_ID)}


async def test_an_unknown_post_cannot_be_altered(client: TikTokClient) -> None:
    for remote_id, changes in (("1", {"gone": True}), (await post_public(client), {"fly": 1})):
        with pytest.raises(ValueError, match="cannot alter"):
            await alter(client, remote_id, **changes)
