"""Google's own client reads what our operations did, and our operations what it did."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload

from core.errors import RemoteError
from core.platforms.base import Access, Operation
from core.platforms.registry import require_platform
from core.posts.models import Privacy
from tests.google_remote import SERVICES
from tests.integration.test_sandbox_youtube_client import client
from tests.operation_kit import Live
from utils.sandbox.google_accounts import DEMO_ACCESS_TOKEN, DEMO_CHANNEL
from utils.sandbox.google_playlists import DEMO_PLAYLIST
from utils.sandbox.server import Sandbox, SandboxOptions
from utils.transport import HttpTransport

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
SRT = b"1\n00:00:00,000 --> 00:00:01,000\nSalom\n"


@pytest.fixture
async def live() -> AsyncIterator[Live]:
    options = SandboxOptions(processing_seconds=0.05)
    async with Sandbox(options, SERVICES) as sandbox, HttpTransport() as transport:
        yield Live(
            platform=require_platform("youtube"),
            transport=transport,
            sandbox=sandbox,
            access=Access(remote_id=DEMO_CHANNEL, access_token=DEMO_ACCESS_TOKEN),
        )


async def with_google(live: Live, ask: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - its own JSON
    """Let Google's client ask something, in a thread of its own."""

    def work() -> Any:  # noqa: ANN401 - as above
        with client(live.sandbox) as youtube:
            return ask(youtube)

    return await asyncio.to_thread(work)


async def listed(live: Live, video_id: str, part: str) -> dict[str, Any]:
    answer = await with_google(live, lambda y: y.videos().list(part=part, id=video_id).execute())
    (video,) = answer["items"]
    found: dict[str, Any] = video
    return found


async def test_google_reads_our_edits(live: Live) -> None:
    options = {"language": "en", "title.uz": "Tong"}
    session = await live.publish(options=options, privacy=Privacy.PRIVATE)
    changes = {
        "title": "Dusk",
        "description": "By the sea",
        "tags": ["night"],
        "title.de": "Abend",
    }
    await live.do(Operation.EDIT, session, changes=changes)
    await live.do(Operation.VISIBILITY, session, changes={"privacy": "unlisted"})
    video = await listed(live, session.media_id, "snippet,status,localizations")
    assert video["snippet"]["title"] == "Dusk"
    assert video["snippet"]["description"] == "By the sea"
    assert video["snippet"]["tags"] == ["night"]
    assert video["status"]["privacyStatus"] == "unlisted"
    assert {key: text["title"] for key, text in video["localizations"].items()} == {
        "uz": "Tong",
        "de": "Abend",
    }


async def test_google_sees_our_thumbnail(live: Live) -> None:
    session = await live.publish()
    before = await listed(live, session.media_id, "snippet,contentDetails")
    await live.do(Operation.THUMBNAIL, session, body=PNG)
    after = await listed(live, session.media_id, "snippet,contentDetails")
    assert before["contentDetails"]["hasCustomThumbnail"] is False
    assert after["contentDetails"]["hasCustomThumbnail"] is True
    assert before["snippet"]["thumbnails"] != after["snippet"]["thumbnails"]


async def test_google_finds_our_captions(live: Live) -> None:
    session = await live.publish()
    changes = {"language": "uz", "name": "O‘zbekcha"}
    await live.do(Operation.CAPTIONS, session, changes=changes, body=SRT)

    def ask(youtube: Any) -> Any:  # noqa: ANN401 - as above
        tracks = youtube.captions().list(part="snippet", videoId=session.media_id).execute()
        again = {"videoId": session.media_id, **changes}
        media = MediaIoBaseUpload(io.BytesIO(SRT), "text/xml")
        insert = youtube.captions().insert(
            part="snippet", body={"snippet": again}, media_body=media
        )
        with pytest.raises(HttpError, match="captionExists"):
            insert.execute()
        return tracks

    (track,) = (await with_google(live, ask))["items"]
    assert (track["snippet"]["language"], track["snippet"]["name"]) == ("uz", "O‘zbekcha")


async def test_google_finds_our_video_in_the_playlist(live: Live) -> None:
    session = await live.publish()
    await live.do(Operation.PLAYLIST, session, changes={"playlist": DEMO_PLAYLIST})
    answer = await with_google(
        live,
        lambda y: y.playlistItems().list(part="snippet", playlistId=DEMO_PLAYLIST).execute(),
    )
    resources = [item["snippet"]["resourceId"]["videoId"] for item in answer["items"]]
    assert resources == [session.media_id]


async def test_google_misses_what_we_deleted(live: Live) -> None:
    session = await live.publish()
    await live.do(Operation.DELETE, session)

    def ask(youtube: Any) -> Any:  # noqa: ANN401 - as above
        with pytest.raises(HttpError, match="videoNotFound"):
            youtube.videos().delete(id=session.media_id).execute()
        return youtube.videos().list(part="id", id=session.media_id).execute()

    assert (await with_google(live, ask))["items"] == []


async def test_we_see_what_google_changed(live: Live) -> None:
    session = await live.publish()
    body = {"id": session.media_id, "status": {"privacyStatus": "private"}}
    await with_google(live, lambda y: y.videos().update(part="status", body=body).execute())
    assert (await live.do(Operation.CHECK, session)).facts["visibility"] == "private"
    await with_google(live, lambda y: y.videos().delete(id=session.media_id).execute())
    assert (await live.do(Operation.CHECK, session)).facts["there"] is False
    with pytest.raises(RemoteError) as caught:
        await live.do(Operation.EDIT, session, changes={"title": "Dusk"})
    assert caught.value.code == "gone"


async def test_our_figures_are_googles(live: Live) -> None:
    session = await live.publish()
    live.sandbox.advance(1800)
    work = await live.do(Operation.STATISTICS, session)
    answer = await with_google(
        live, lambda y: y.videos().batchGetStats(part="statistics", id=session.media_id).execute()
    )
    statistics = answer["items"][0]["statistics"]
    assert work.facts[session.media_id]["views"] == int(statistics["viewCount"]) > 0
    assert work.facts[session.media_id]["likes"] == int(statistics["likeCount"])
