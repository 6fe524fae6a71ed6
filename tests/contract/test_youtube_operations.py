"""YouTube after publishing, against its stand-in: what each operation does and leaves alone."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Access, Operation, Session, StageBy, Step
from core.platforms.registry import require_platform
from core.posts.models import Privacy
from tests.google_remote import SERVICES, Google
from tests.operation_kit import Live
from tests.sandbox_kit import new_session
from utils.sandbox.google_accounts import DEMO_ACCESS_TOKEN, DEMO_CHANNEL
from utils.sandbox.google_playlists import DEMO_PLAYLIST
from utils.sandbox.server import Sandbox, SandboxOptions
from utils.transport import HttpTransport

YOUTUBE = require_platform("youtube")
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
SRT = b"1\n00:00:00,000 --> 00:00:01,000\nSalom\n"
VIDEOS = "/youtube/v3/videos"


@pytest.fixture
async def live() -> AsyncIterator[Live]:
    options = SandboxOptions(processing_seconds=60.0)
    async with Sandbox(options, SERVICES) as sandbox, HttpTransport() as transport:
        access = Access(remote_id=DEMO_CHANNEL, access_token=DEMO_ACCESS_TOKEN)
        yield Live(platform=YOUTUBE, transport=transport, sandbox=sandbox, access=access)


@pytest.fixture
async def google(live: Live) -> AsyncIterator[Google]:
    async with new_session() as http:
        yield Google(live.sandbox, http)


def use_scopes(live: Live, google: Google, *scopes: str) -> None:
    google.use_token(*scopes)
    live.access = replace(live.access, access_token=google.token or "")


def test_all_that_youtube_can_do_is_declared() -> None:
    capabilities = YOUTUBE.capabilities
    assert set(capabilities.operations) == set(Operation)
    assert capabilities.stage is StageBy.PRIVACY
    assert capabilities.figures_at_once == 50
    assert capabilities.schedules is not None


async def test_an_edit_changes_what_is_asked_and_nothing_else(live: Live, google: Google) -> None:
    options = {"kids": "yes", "license": "creativecommon", "embed": "no", "category": "27"}
    session = await live.publish(options=options, privacy=Privacy.UNLISTED)
    before = await google.video(session.media_id)
    work = await live.do(Operation.EDIT, session, changes={"description": "New words <3"})
    after = await google.video(session.media_id)
    assert after["snippet"].pop("description") == "New words ‹3"
    assert before["snippet"].pop("description") == "Over the city"
    for snippet in (before["snippet"], after["snippet"]):
        snippet.pop("localized")
    assert after == before
    assert work.facts == {"title": "Sunrise"}


async def test_an_edit_can_change_everything_at_once(live: Live, google: Google) -> None:
    session = await live.publish()
    changes = {
        "title": "Dusk",
        "tags": ["night", "old city"],
        "category": "19",
        "kids": "yes",
        "ai": "yes",
        "language": "en",
        "title.uz": "Shom",
    }
    await live.do(Operation.EDIT, session, changes=changes)
    video = await google.video(session.media_id, "snippet,status,localizations")
    assert video["snippet"]["title"] == "Dusk"
    assert video["snippet"]["tags"] == ["night", "old city"]
    assert video["snippet"]["categoryId"] == "19"
    assert video["snippet"]["description"] == "Over the city"
    assert video["status"]["selfDeclaredMadeForKids"] is True
    assert video["status"]["containsSyntheticMedia"] is True
    assert video["status"]["privacyStatus"] == "public"
    assert video["localizations"]["uz"]["title"] == "Shom"


async def test_an_edit_keeps_the_languages_that_are_there(live: Live, google: Google) -> None:
    options = {"language": "en", "title.uz": "Tong", "text.uz": "Shahar ustida"}
    session = await live.publish(options=options)
    await live.do(Operation.EDIT, session, changes={"title.de": "Morgen"})
    video = await google.video(session.media_id, "localizations")
    assert video["localizations"]["uz"] == {"title": "Tong", "description": "Shahar ustida"}
    assert video["localizations"]["de"]["title"] == "Morgen"


async def test_an_edit_that_changes_nothing_costs_no_write(live: Live) -> None:
    session = await live.publish()
    work = await live.do(Operation.EDIT, session, changes={"title": "Sunrise", "tags": ["sea"]})
    assert work.done
    assert ("PUT", VIDEOS) not in live.calls()


async def test_words_in_another_language_need_that_of_the_title(live: Live) -> None:
    session = await live.publish()
    with pytest.raises(RemoteError) as caught:
        await live.do(Operation.EDIT, session, changes={"title.uz": "Tong"})
    assert caught.value.code == "defaultLanguageNotSet"
    assert ("PUT", VIDEOS) not in live.calls()


async def test_a_deleted_video_is_gone_and_deleting_again_is_no_error(
    live: Live, google: Google
) -> None:
    session = await live.publish()
    for _ in range(2):
        work = await live.do(Operation.DELETE, session)
        assert work.facts == {"there": False}
    answer = await google.call("GET", "videos", params={"part": "id", "id": session.media_id})
    assert answer.body["items"] == []
    assert live.sandbox.published() == []


async def test_visibility_is_flipped_and_nothing_else(live: Live, google: Google) -> None:
    session = await live.publish(privacy=Privacy.PRIVATE, options={"kids": "yes", "embed": "no"})
    before = await google.video(session.media_id, "status")
    work = await live.do(Operation.VISIBILITY, session, changes={"privacy": "public"})
    after = await google.video(session.media_id, "status")
    assert work.facts == {"visibility": "public"}
    assert after["status"] == {**before["status"], "privacyStatus": "public"}


async def test_a_flip_that_is_done_already_is_not_written_again(live: Live) -> None:
    session = await live.publish()
    await live.do(Operation.VISIBILITY, session, changes={"privacy": "public"})
    assert ("PUT", VIDEOS) not in live.calls()


async def test_a_check_tells_what_is_live(live: Live) -> None:
    session = await live.publish(privacy=Privacy.UNLISTED)
    work = await live.do(Operation.CHECK, session)
    assert work.facts == {"there": True, "visibility": "unlisted", "blocked": ""}
    await live.do(Operation.DELETE, session)
    work = await live.do(Operation.CHECK, session)
    assert work.facts["there"] is False


@pytest.mark.parametrize(
    ("change", "blocked"),
    [
        ({"blocked": ["DE", "FR"]}, "blocked in DE, FR"),
        ({"rejected": "copyright"}, "rejected for a copyright claim"),
    ],
)
async def test_a_check_tells_what_youtube_did_later(
    live: Live, change: dict[str, Any], blocked: str
) -> None:
    session = await live.publish()
    await live.sandbox.playing("youtube").alter(session.media_id, change)
    work = await live.do(Operation.CHECK, session)
    assert (work.facts["there"], work.facts["blocked"]) == (True, blocked)


async def test_a_check_tells_what_its_owner_did_later(live: Live) -> None:
    session = await live.publish()
    await live.sandbox.playing("youtube").alter(session.media_id, {"visibility": "private"})
    assert (await live.do(Operation.CHECK, session)).facts["visibility"] == "private"


async def test_figures_of_many_videos_come_with_one_call(live: Live) -> None:
    sessions = [await live.publish() for _ in range(3)]
    ids = tuple(session.media_id for session in sessions)
    live.sandbox.advance(1800)
    work = await live.do(Operation.STATISTICS, sessions[0], media_ids=(*ids, "unknown-id"))
    assert set(work.facts) == set(ids)
    figures = work.facts[ids[0]]
    assert figures["views"] > 0
    assert figures["shares"] is None
    calls = [path for _, path in live.calls() if path.endswith(":batchGetStats")]
    assert len(calls) == 1


@pytest.mark.parametrize("picture", [JPEG, b"\x89PNG\r\n\x1a\n" + bytes(100)])
async def test_a_thumbnail_is_set(live: Live, picture: bytes) -> None:
    session = await live.publish()
    await live.do(Operation.THUMBNAIL, session, body=picture)
    (row,) = live.sandbox.published()
    assert row["thumbnail"]["sha256"] == hashlib.sha256(picture).hexdigest()


async def test_a_thumbnail_waits_for_the_processing(live: Live) -> None:
    job, session = live.job(), Session()
    while session.step is not Step.STATUS:
        session = await live.step(session, job)
    with pytest.raises(RemoteError) as caught:
        await live.do(Operation.THUMBNAIL, session, body=JPEG)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.TRANSIENT, "processing")
    assert caught.value.retry_after is not None
    live.sandbox.advance(61)
    assert (await live.do(Operation.THUMBNAIL, session, body=JPEG)).done


async def test_who_may_only_upload_may_set_a_thumbnail(live: Live, google: Google) -> None:
    session = await live.publish()
    use_scopes(live, google, "youtube.upload")
    assert (await live.do(Operation.THUMBNAIL, session, body=JPEG)).done


async def test_a_channel_without_thumbnails_is_told_why(live: Live, google: Google) -> None:
    session = await live.publish()
    google.accounts.change_channel(DEMO_CHANNEL, custom_thumbnails=False)
    with pytest.raises(RemoteError, match="verified by phone") as caught:
        await live.do(Operation.THUMBNAIL, session, body=JPEG)
    assert caught.value.kind is ErrorKind.REJECTED


async def test_too_many_thumbnails_wait_for_another_day(live: Live, google: Google) -> None:
    session = await live.publish()
    google.switch("thumbnails_limited", value=True)
    with pytest.raises(RemoteError) as caught:
        await live.do(Operation.THUMBNAIL, session, body=JPEG)
    assert caught.value.kind is ErrorKind.QUOTA_EXHAUSTED
    assert caught.value.retry_after is not None


async def test_captions_are_added_once(live: Live) -> None:
    session = await live.publish()
    changes = {"language": "uz", "name": "O‘zbekcha"}
    work = await live.do(Operation.CAPTIONS, session, changes=changes, body=SRT)
    assert work.facts["language"] == "uz"
    with pytest.raises(RemoteError) as caught:
        await live.do(Operation.CAPTIONS, session, changes=changes, body=SRT)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "captionExists")
    assert caught.value.status == 409
    rows = live.sandbox.collection("youtube.captions").items()
    assert [row["size"] for _, row in rows] == [len(SRT)]


async def test_a_video_is_put_into_a_playlist_once(live: Live) -> None:
    session = await live.publish()
    for _ in range(2):
        await live.do(Operation.PLAYLIST, session, changes={"playlist": DEMO_PLAYLIST})
    assert live.sandbox.published()[0]["options"]["playlists"] == [DEMO_PLAYLIST]


async def test_a_playlist_of_nobody_is_refused(live: Live) -> None:
    session = await live.publish()
    with pytest.raises(RemoteError) as caught:
        await live.do(Operation.PLAYLIST, session, changes={"playlist": "PLnone"})
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "playlistNotFound")


async def test_a_scheduled_video_is_scheduled_until_youtube_has_published_it(live: Live) -> None:
    due = datetime.fromtimestamp(live.sandbox.clock.now() + 1800, UTC).replace(microsecond=0)
    session = await live.publish(publish_at=due)
    assert (session.step, session.pending, session.visibility) == (Step.DONE, False, "scheduled")
    assert live.sandbox.published()[0]["visibility"] == "private"
    live.sandbox.advance(1900)
    checked = await live.do(Operation.CHECK, session)
    assert checked.facts["visibility"] == "public"


async def test_a_flip_ends_the_schedule(live: Live, google: Google) -> None:
    due = datetime.fromtimestamp(live.sandbox.clock.now() + 1800, UTC)
    session = await live.publish(publish_at=due)
    checked = await live.do(Operation.CHECK, session)
    assert checked.facts["visibility"] == "scheduled"
    await live.do(Operation.VISIBILITY, session, changes={"privacy": "unlisted"})
    status = (await google.video(session.media_id, "status"))["status"]
    assert status["privacyStatus"] == "unlisted"
    assert "publishAt" not in status


async def test_an_edit_keeps_the_schedule(live: Live, google: Google) -> None:
    due = datetime.fromtimestamp(live.sandbox.clock.now() + 1800, UTC)
    session = await live.publish(publish_at=due)
    before = (await google.video(session.media_id, "status"))["status"]
    await live.do(Operation.EDIT, session, changes={"title": "Dusk", "ai": "yes"})
    after = (await google.video(session.media_id, "status"))["status"]
    assert after["publishAt"] == before["publishAt"]


NEEDS: dict[Operation, dict[str, Any]] = {
    Operation.EDIT: {"changes": {"title": "x"}},
    Operation.DELETE: {},
    Operation.VISIBILITY: {"changes": {"privacy": "private"}},
    Operation.CHECK: {},
    Operation.STATISTICS: {},
    Operation.CAPTIONS: {"changes": {"language": "uz"}, "body": SRT},
    Operation.PLAYLIST: {"changes": {"playlist": DEMO_PLAYLIST}},
}


@pytest.mark.parametrize("operation", NEEDS)
async def test_a_missing_scope_refuses_the_operation_and_not_the_account(
    live: Live, google: Google, operation: Operation
) -> None:
    session = await live.publish()
    use_scopes(live, google, "youtube.upload")
    with pytest.raises(RemoteError) as caught:
        await live.do(operation, session, **NEEDS[operation])
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "missing_scope")


@pytest.mark.parametrize("operation", NEEDS)
async def test_the_scopes_that_are_declared_do(
    live: Live, google: Google, operation: Operation
) -> None:
    session = await live.publish()
    for scope in YOUTUBE.capabilities.operations[operation]:
        use_scopes(live, google, scope.rpartition("/")[2])
        assert (await live.do(operation, session, **NEEDS[operation])).done


@pytest.mark.parametrize(
    "operation", [Operation.EDIT, Operation.VISIBILITY, Operation.THUMBNAIL, Operation.CAPTIONS]
)
async def test_what_is_gone_is_said_so(live: Live, operation: Operation) -> None:
    session = await live.publish()
    await live.do(Operation.DELETE, session)
    needs = NEEDS.get(operation, {"body": JPEG})
    with pytest.raises(RemoteError) as caught:
        await live.do(operation, session, **needs)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "gone")
