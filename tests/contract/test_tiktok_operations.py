"""TikTok after publishing, against its stand-in: what it tells, and what it cannot do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Access, LiveLimit, Operation, StageBy, Step, Work
from core.platforms.registry import require_platform
from core.posts.models import Privacy
from tests.operation_kit import Live
from tests.platform_cases import make_job
from utils.sandbox import tiktok
from utils.sandbox.server import Sandbox, SandboxOptions
from utils.sandbox.tiktok_upload import TikTokUpload
from utils.transport import HttpTransport

TIKTOK = require_platform("tiktok")
INBOX = "/v2/post/publish/inbox/video/init/"
DIRECT = "/v2/post/publish/video/init/"


@pytest.fixture
async def live() -> AsyncIterator[Live]:
    services = [tiktok.TikTok, TikTokUpload]
    options = SandboxOptions(processing_seconds=60.0)
    async with Sandbox(options, services) as sandbox, HttpTransport() as transport:
        sandbox.set_option("tiktok", "probe", value=False)
        sandbox.set_option("tiktok", "rate_limits", value=False)
        access = Access(remote_id=tiktok.OPEN_ID, access_token=tiktok.ACCESS_TOKEN)
        live = Live(platform=TIKTOK, transport=transport, sandbox=sandbox, access=access)
        grant(live, "video.publish", "video.upload", "video.list", "user.info.basic")
        yield live


def grant(live: Live, *scopes: str) -> None:
    """Let the token have these scopes and no others."""
    tokens = live.sandbox.collection("tiktok.tokens")
    row = tokens.get(live.access.access_token)
    assert row is not None
    tokens.put(live.access.access_token, {**row, "scopes": list(scopes)})


def use_private_creator(live: Live) -> None:
    live.access = Access(
        remote_id=tiktok.PRIVATE_OPEN_ID, access_token=tiktok.PRIVATE_ACCESS_TOKEN
    )


def told(live: Live) -> dict[str, Any]:
    """Return what the newest publication says."""
    text: dict[str, Any] = live.sandbox.published()[-1]["text"]
    return text


def test_only_what_tiktok_can_do_is_declared() -> None:
    assert set(TIKTOK.capabilities.operations) == {Operation.CHECK, Operation.STATISTICS}
    assert TIKTOK.capabilities.stage is StageBy.LAST_PART
    assert TIKTOK.capabilities.schedules is None
    assert TIKTOK.capabilities.figures_at_once == 20


@pytest.mark.parametrize(
    "operation", sorted(set(Operation) - {Operation.CHECK, Operation.STATISTICS})
)
def test_nothing_else_can_even_be_built(operation: Operation) -> None:
    with pytest.raises(AssertionError):
        TIKTOK.build_operation(Work(operation=operation, media_id="7"), make_job("tiktok"))


async def test_a_check_tells_what_is_live_and_its_link(live: Live) -> None:
    session = await live.publish()
    work = await live.do(Operation.CHECK, session)
    assert work.facts["there"] is True
    assert work.facts["visibility"] == "public"
    assert work.facts["media_id"] == session.media_id
    assert work.facts["url"].endswith(session.media_id)


async def test_a_check_finds_out_that_a_post_is_gone(live: Live) -> None:
    session = await live.publish()
    await live.sandbox.playing("tiktok").alter(session.media_id, {"gone": True})
    work = await live.do(Operation.CHECK, session)
    assert work.facts["there"] is False
    assert work.facts["blocked"]


async def test_a_check_without_the_list_trusts_the_publish_task(live: Live) -> None:
    session = await live.publish()
    grant(live, "video.publish")
    work = await live.do(Operation.CHECK, session)
    assert work.facts["there"] is True
    assert work.facts["visibility"] == "public"


@pytest.mark.parametrize(
    ("privacy", "seen"), [(Privacy.PRIVATE, "private"), (Privacy.FRIENDS, "friends")]
)
async def test_a_check_of_a_post_that_is_not_public(
    live: Live, privacy: Privacy, seen: str
) -> None:
    session = await live.publish(privacy=privacy)
    work = await live.do(Operation.CHECK, session)
    assert work.facts == {"there": True, "visibility": seen, "blocked": ""}


async def test_figures_come_for_public_posts_only(live: Live) -> None:
    first, second = await live.publish(), await live.publish()
    hidden = await live.publish(privacy=Privacy.PRIVATE)
    live.sandbox.advance(3600)
    ids = (first.media_id, second.media_id, hidden.media_id or hidden.remote_id)
    work = await live.do(Operation.STATISTICS, first, media_ids=ids)
    assert set(work.facts) == {first.media_id, second.media_id}
    assert set(work.facts[first.media_id]) == {"views", "likes", "comments", "shares"}
    assert all(isinstance(count, int) for count in work.facts[first.media_id].values())
    with pytest.raises(RemoteError) as caught:
        await live.do(Operation.STATISTICS, hidden)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "not_public")


async def test_figures_without_their_scope_do_not_stop_the_account(live: Live) -> None:
    session = await live.publish()
    grant(live, "video.publish", "video.upload")
    with pytest.raises(RemoteError) as caught:
        await live.do(Operation.STATISTICS, session)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "missing_scope")


async def test_a_dead_token_is_said_so(live: Live) -> None:
    session = await live.publish()
    live.access = replace(live.access, access_token="act.nobody")
    for operation in TIKTOK.capabilities.operations:
        with pytest.raises(RemoteError) as caught:
            await live.do(operation, session)
        assert caught.value.kind is ErrorKind.AUTH_EXPIRED


async def test_a_draft_goes_to_the_inbox_without_words_or_settings(live: Live) -> None:
    grant(live, "video.upload")
    session = await live.publish(options={"draft": "yes", "ai": "yes"})
    assert (session.step, session.visibility, session.url) == (Step.DONE, "inbox", "")
    assert [path for _, path in live.calls()].count(INBOX) == 1
    (row,) = [row for row in live.sandbox.journal.rows() if row["path"] == INBOX]
    assert "post_info" not in row["body"]
    assert (await live.do(Operation.CHECK, session)).facts["visibility"] == "inbox"


async def test_a_draft_that_its_owner_posted_is_found(live: Live) -> None:
    session = await live.publish(options={"draft": "yes"})
    await live.sandbox.playing("tiktok").alter(session.remote_id, {"posted": {}})
    live.sandbox.advance(1)
    work = await live.do(Operation.CHECK, session)
    assert work.facts["visibility"] == "public"
    assert work.facts["media_id"]


async def test_a_sixth_draft_waits(live: Live) -> None:
    for _ in range(5):
        await live.publish(options={"draft": "yes"})
    with pytest.raises(RemoteError, match="inbox") as caught:
        await live.publish(options={"draft": "yes"})
    assert caught.value.kind is ErrorKind.QUOTA_EXHAUSTED


async def test_options_reach_the_post(live: Live) -> None:
    options = {"comments": "no", "duet": "no", "brand": "both", "ai": "yes", "cover": "2.5"}
    await live.publish(options=options)
    text = told(live)
    assert text["disable_comment"] is True
    assert text["disable_duet"] is True
    assert text["disable_stitch"] is False
    assert text["brand_content_toggle"] is True
    assert text["brand_organic_toggle"] is True
    assert text["is_aigc"] is True
    assert text["video_cover_timestamp_ms"] == 2500


async def test_what_the_creator_switched_off_stays_off(live: Live) -> None:
    use_private_creator(live)
    await live.publish(privacy=Privacy.FOLLOWERS, options={"duet": "yes"})
    assert told(live)["disable_duet"] is True
    assert told(live)["disable_comment"] is False


async def test_where_nobody_chose_the_account_decides_who_sees_it(live: Live) -> None:
    use_private_creator(live)
    session = await live.publish(privacy_asked=False)
    assert session.visibility == "followers"
    assert told(live)["privacy_level"] == "FOLLOWER_OF_CREATOR"


async def test_a_wish_that_is_not_offered_is_refused_with_what_is(live: Live) -> None:
    use_private_creator(live)
    with pytest.raises(RemoteError, match="only: followers, friends, private") as caught:
        await live.publish(privacy=Privacy.PUBLIC)
    assert caught.value.kind is ErrorKind.REJECTED
    assert DIRECT not in [path for _, path in live.calls()]


async def test_a_paid_partnership_cannot_be_private(live: Live) -> None:
    with pytest.raises(RemoteError, match="paid partnership") as caught:
        await live.publish(privacy=Privacy.PRIVATE, options={"brand": "paid"})
    assert caught.value.kind is ErrorKind.REJECTED
    assert DIRECT not in [path for _, path in live.calls()]


async def ask_limits(live: Live) -> tuple[LiveLimit, ...]:
    request = TIKTOK.build_live_limits(live.job())
    assert request is not None
    return TIKTOK.read_live_limits(live.job(), await live.send(request))


async def test_limits_are_read_from_the_creator(live: Live) -> None:
    assert await ask_limits(live) == (LiveLimit(name="posts"),)
    live.sandbox.set_option("tiktok", "block", "spam_risk_too_many_posts")
    (limit,) = await ask_limits(live)
    assert (limit.name, limit.scope) == ("posts", "account")
    assert limit.wait is not None
    live.sandbox.set_option("tiktok", "block", "reached_active_user_cap")
    (limit,) = await ask_limits(live)
    assert (limit.name, limit.scope) == ("active_users", "project")


async def test_a_banned_creator_is_no_limit_but_a_refusal(live: Live) -> None:
    live.sandbox.set_option("tiktok", "block", "spam_risk_user_banned_from_posting")
    with pytest.raises(RemoteError) as caught:
        await ask_limits(live)
    assert caught.value.kind is ErrorKind.REJECTED


async def test_an_account_at_its_limit_can_still_be_connected(live: Live) -> None:
    live.sandbox.set_option("tiktok", "block", "spam_risk_too_many_posts")
    job = live.job()
    TIKTOK.read_check(job, await live.send(TIKTOK.build_check(job)))
    live.sandbox.set_option("tiktok", "block", "spam_risk_user_banned_from_posting")
    with pytest.raises(RemoteError):
        TIKTOK.read_check(job, await live.send(TIKTOK.build_check(job)))
