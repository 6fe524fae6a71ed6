"""Facebook and Instagram after publishing, against their stand-ins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Access, Operation, Session, Step
from core.platforms.registry import require_platform
from core.posts.models import MediaFacts, Privacy
from tests.operation_kit import Live
from utils.sandbox import meta_seeds as seeds
from utils.sandbox.server import Sandbox, SandboxOptions
from utils.transport import HttpTransport

HOUR = 3600.0


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=60.0)) as running:
        running.set_option("graph", "probe", value=False)
        yield running


@pytest.fixture
async def transport() -> AsyncIterator[HttpTransport]:
    async with HttpTransport() as opened:
        yield opened


@pytest.fixture
def page(sandbox: Sandbox, transport: HttpTransport) -> Live:
    access = Access(remote_id=seeds.PAGE_ID, access_token=seeds.PAGE_TOKEN)
    return Live(
        platform=require_platform("facebook"),
        transport=transport,
        sandbox=sandbox,
        access=access,
    )


@pytest.fixture
def gram(sandbox: Sandbox, transport: HttpTransport) -> Live:
    access = Access(remote_id=seeds.IG_ID, access_token=seeds.USER_TOKEN)
    return Live(
        platform=require_platform("instagram"),
        transport=transport,
        sandbox=sandbox,
        access=access,
    )


def shown(live: Live, session: Session) -> dict[str, Any] | None:
    """Return what everybody sees of what was published."""
    rows = live.sandbox.published()
    return next((row for row in rows if row["remote_id"] == session.media_id), None)


async def until_commit(live: Live) -> Session:
    """Bring a reel to its last step."""
    session = Session()
    while session.step is not Step.COMMIT:
        session = await live.step(session, live.job())
        live.sandbox.advance(60)
    return session


def now(live: Live) -> datetime:
    return datetime.fromtimestamp(live.sandbox.clock.now(), UTC)


# Both


@pytest.fixture(params=["page", "gram"])
def live(request: pytest.FixtureRequest) -> Live:
    found: Live = request.getfixturevalue(request.param)
    return found


async def test_what_is_live_is_found_counted_and_removed(live: Live) -> None:
    session = await live.publish()
    seen = await live.do(Operation.CHECK, session)
    assert (seen.facts["there"], seen.facts["visibility"]) == (True, "public")
    assert seen.facts["blocked"] == ""
    assert seen.facts["url"].startswith("https://www.")
    counted = await live.do(Operation.STATISTICS, session, media_ids=(session.media_id,))
    assert set(counted.facts[session.media_id]) == {"views", "likes", "comments", "shares"}
    assert shown(live, session) is not None
    for _ in range(2):
        assert (await live.do(Operation.DELETE, session)).facts == {"there": False}
        assert shown(live, session) is None
    assert (await live.do(Operation.CHECK, session)).facts["there"] is False
    with pytest.raises(RemoteError) as caught:
        await live.do(Operation.STATISTICS, session)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "gone")


async def test_a_dead_token_ends_every_operation_the_same_way(live: Live) -> None:
    session = await live.publish()
    live.access = replace(live.access, access_token="EAAnobody000000000000000")
    for operation in live.platform.capabilities.operations:
        with pytest.raises(RemoteError) as caught:
            await live.do(operation, session, changes={"description": "x"})
        assert caught.value.kind is ErrorKind.AUTH_REVOKED


async def test_answers_tell_how_much_of_the_call_limits_is_used(live: Live) -> None:
    live.sandbox.set_option("graph", "business_calls", 50)
    session = await live.publish()
    work = live.work(Operation.CHECK, session)
    response = await live.send(live.platform.build_operation(work, live.job()))
    limits = {limit.name: limit for limit in live.platform.read_usage(response)}
    assert set(limits) == {"app_calls", "business_calls"}
    assert limits["business_calls"].used
    assert limits["business_calls"].wait is None
    live.sandbox.set_option("graph", "business_calls", 1)
    response = await live.send(live.platform.build_operation(work, live.job()))
    with pytest.raises(RemoteError) as caught:
        live.platform.read_operation(work, live.job(), response)
    assert caught.value.kind is ErrorKind.RATE_LIMITED
    blocked = {limit.name: limit for limit in live.platform.read_usage(response)}
    assert blocked["business_calls"].wait == caught.value.retry_after


# Facebook


async def test_an_edit_changes_the_words_under_a_reel(page: Live) -> None:
    session = await page.publish()
    changes = {"title": "Dusk", "description": "By the sea", "tags": ["night"]}
    work = await page.do(Operation.EDIT, session, changes=changes)
    row = shown(page, session)
    assert row is not None
    assert row["text"]["description"] == "Dusk\n\nBy the sea\n\n#night"
    assert work.facts["description"] == row["text"]["description"]


async def test_a_reel_of_somebody_else_is_not_touched(page: Live) -> None:
    session = await page.publish()
    page.access = Access(remote_id=seeds.OTHER_PAGE_ID, access_token=seeds.OTHER_PAGE_TOKEN)
    with pytest.raises(RemoteError) as caught:
        await page.do(Operation.EDIT, session, changes={"description": "x"})
    assert caught.value.code == "gone"
    assert shown(page, session) is not None


async def test_facebook_keeps_the_time(page: Live) -> None:
    at = now(page) + timedelta(hours=2)
    session = await page.publish(publish_at=at)
    assert (session.step, session.visibility) == (Step.DONE, "scheduled")
    assert shown(page, session) is None
    assert (await page.do(Operation.CHECK, session)).facts["visibility"] == "scheduled"
    page.sandbox.advance(2 * HOUR)
    assert (await page.do(Operation.CHECK, session)).facts["visibility"] == "public"
    assert shown(page, session) is not None


async def test_removing_a_scheduled_reel_cancels_it(page: Live) -> None:
    session = await page.publish(publish_at=now(page) + timedelta(hours=2))
    await page.do(Operation.DELETE, session)
    page.sandbox.advance(3 * HOUR)
    assert (await page.do(Operation.CHECK, session)).facts["there"] is False
    assert shown(page, session) is None


async def test_the_declared_distance_is_what_facebook_takes(page: Live) -> None:
    span = page.platform.capabilities.schedules
    assert span is not None
    for distance in (span[0] - timedelta(seconds=30), span[1] + timedelta(hours=1)):
        with pytest.raises(RemoteError):
            await page.publish(publish_at=now(page) + distance)
    for distance in (span[0] + timedelta(minutes=10), span[1]):
        session = await page.publish(publish_at=now(page) + distance)
        assert session.visibility == "scheduled"


@pytest.mark.parametrize("draft", [{"options": {"draft": "yes"}}, {"privacy": Privacy.PRIVATE}])
async def test_a_draft_is_there_for_the_page_alone(page: Live, draft: dict[str, Any]) -> None:
    session = await page.publish(**draft)
    assert session.visibility == "draft"
    assert shown(page, session) is None
    assert (await page.do(Operation.CHECK, session)).facts["visibility"] == "draft"


async def test_a_reel_whose_finish_call_waits_is_seen_by_nobody(page: Live) -> None:
    session = await until_commit(page)
    page.sandbox.advance(12 * HOUR)
    assert page.sandbox.published() == []
    session = await page.step(session, page.job())
    page.sandbox.advance(60)
    session = await page.step(session, page.job())
    assert (session.step, shown(page, session) is None) == (Step.DONE, False)


async def test_a_look_sees_what_happened_behind_our_back(page: Live) -> None:
    session = await page.publish()
    graph = page.sandbox.playing("facebook")
    await graph.alter(session.media_id, {"blocked": "music"})
    blocked = (await page.do(Operation.CHECK, session)).facts
    assert "somebody else's content" in blocked["blocked"]
    await graph.alter(session.media_id, {"visibility": "unpublished"})
    assert (await page.do(Operation.CHECK, session)).facts["visibility"] == "draft"
    await graph.alter(session.media_id, {"gone": True})
    assert (await page.do(Operation.CHECK, session)).facts["there"] is False


async def test_figures_grow_with_the_time(page: Live) -> None:
    session = await page.publish()
    page.sandbox.advance(10 * HOUR)
    counted = (await page.do(Operation.STATISTICS, session)).facts[session.media_id]
    assert counted["views"] > counted["likes"] > 0


# Instagram


async def test_what_was_taken_away_by_hand_is_gone(gram: Live) -> None:
    session = await gram.publish()
    await gram.sandbox.playing("instagram").alter(session.media_id, {"gone": True})
    assert (await gram.do(Operation.CHECK, session)).facts["there"] is False


async def test_an_outage_of_reads_does_not_look_like_removal(gram: Live) -> None:
    session = await gram.publish()
    gram.sandbox.set_option("graph", "outage", value=True)
    assert (await gram.do(Operation.CHECK, session)).facts["there"] is True


async def test_instagram_login_removes_nothing(gram: Live) -> None:
    session = await gram.publish()
    gram.access = replace(gram.access, access_token=seeds.IG_TOKEN, options={"login": "instagram"})
    assert (await gram.do(Operation.CHECK, session)).facts["there"] is True
    assert session.media_id in (await gram.do(Operation.STATISTICS, session)).facts
    with pytest.raises(RemoteError) as caught:
        await gram.do(Operation.DELETE, session)
    assert caught.value.code == "not_offered"
    assert shown(gram, session) is not None


async def test_options_reach_the_container(gram: Live) -> None:
    options = {"feed": "no", "collaborators": "ann,bob", "ai": "yes", "cover": "1.5"}
    session = await gram.publish(options=options)
    row = shown(gram, session)
    assert row is not None
    assert row["text"]["share_to_feed"] is False
    (begin,) = gram.sandbox.journal.rows(step="begin")
    for part in ("thumb_offset", "1500", "collaborators", "ann", "bob", "is_ai_generated"):
        assert part in str(begin["body"]), part


async def test_a_cover_behind_the_end_is_told_when_the_length_was_not_known(gram: Live) -> None:
    gram.sandbox.set_option("graph", "probe", value=True)
    with pytest.raises(RemoteError) as caught:
        await gram.publish(options={"cover": "30"}, facts=MediaFacts())
    assert caught.value.kind is ErrorKind.REJECTED


async def test_the_publishing_limit_counts_what_was_published(gram: Live) -> None:
    gram.sandbox.set_option("graph", "publish_quota", 25)
    request = gram.platform.build_live_limits(gram.job())
    assert request is not None
    (before,) = gram.platform.read_live_limits(gram.job(), await gram.send(request))
    await gram.publish()
    (after,) = gram.platform.read_live_limits(gram.job(), await gram.send(request))
    assert (before.allowed, before.used, after.used) == (25, 0, 1)


async def test_a_container_that_waited_too_long_is_lost_and_never_published(gram: Live) -> None:
    session = await until_commit(gram)
    gram.sandbox.advance(25 * HOUR)
    session = await gram.step(session, gram.job())
    with pytest.raises(RemoteError) as caught:
        await gram.step(session, gram.job())
    assert caught.value.kind is ErrorKind.SESSION_LOST
    assert gram.sandbox.published() == []
