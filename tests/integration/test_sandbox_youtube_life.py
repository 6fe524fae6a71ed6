"""What happens to a video of the YouTube stand-in after it was published."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.google_remote import METADATA, SERVICES, Google
from tests.sandbox_kit import JSON
from utils.sandbox.google_accounts import DEMO_PROJECT
from utils.sandbox.google_playlists import DEMO_PLAYLIST
from utils.sandbox.google_quota import PACIFIC, STATISTICS, UNITS, UPLOADS, Quota
from utils.sandbox.server import Sandbox, SandboxOptions

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
TRACK = b"1\n00:00:00,000 --> 00:00:01,000\nHello\n"
PUBLIC: JSON = {**METADATA, "status": {"privacyStatus": "public"}}


@pytest.fixture
async def google() -> AsyncIterator[Google]:
    async with (
        Sandbox(SandboxOptions(), SERVICES) as sandbox,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http,
    ):
        # The tests move the clock further than a usual token lives.
        sandbox.set_option("google_oauth", "access_seconds", 30 * 86_400)
        sandbox.advance(until_morning(sandbox.clock.now()))
        made = Google(sandbox, http)
        made.use_token("youtube", "youtube.force-ssl")
        yield made


def until_morning(now: float) -> float:
    """Return the seconds until 6:00 in California, far from the midnight that ends a day."""
    here = datetime.fromtimestamp(now, PACIFIC)
    morning = (here + timedelta(days=1)).replace(hour=6, minute=0, second=0)
    return morning.timestamp() - now


@pytest.fixture
async def video_id(google: Google) -> str:
    """Return a public video that was processed."""
    made = await google.upload(metadata=PUBLIC)
    await google.finish_processing()
    return made


async def control(google: Google, path: str, **body: Any) -> Any:  # noqa: ANN401 - any JSON
    address = f"{google.sandbox.address('control')}/_sandbox/{path}"
    method = "POST" if body else "GET"
    async with google.http.request(method, address, json=body or None) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def alter(google: Google, video_id: str, **changes: Any) -> JSON | None:
    row: JSON | None = await control(
        google, "alter", service="youtube", remote_id=video_id, **changes
    )
    return row


async def row_of(google: Google, video_id: str) -> JSON:
    (row,) = await control(google, f"published?service=youtube&remote_id={video_id}&deleted=1")
    found: JSON = row
    return found


def spent(google: Google, bucket: str = UNITS) -> int:
    return Quota(google.sandbox).spent(DEMO_PROJECT, bucket)


# What was chosen, and what is live


async def test_everything_that_was_chosen_is_seen(google: Google) -> None:
    metadata = {
        "snippet": {**METADATA["snippet"], "defaultLanguage": "en"},
        "status": {
            "privacyStatus": "unlisted",
            "license": "creativeCommon",
            "embeddable": False,
            "selfDeclaredMadeForKids": True,
            "containsSyntheticMedia": True,
        },
        "localizations": {"de": {"title": "Titel", "description": "Text"}},
    }
    query = {"part": "snippet,status,localizations", "notifySubscribers": "false"}
    begun = await google.begin(3, metadata=metadata, query=query)
    await google.put(begun.headers["Location"], b"abc")
    (row,) = google.sandbox.published()
    options = row["options"]
    assert (row["visibility"], row["text"]["title"]) == ("unlisted", "T")
    assert (options["license"], options["embeddable"]) == ("creativeCommon", False)
    assert (options["selfDeclaredMadeForKids"], options["containsSyntheticMedia"]) == (True, True)
    assert options["notifySubscribers"] is False
    assert options["localizations"]["de"]["title"] == "Titel"


async def test_an_update_resets_what_it_leaves_out(google: Google, video_id: str) -> None:
    body = {"id": video_id, "status": {"privacyStatus": "unlisted", "embeddable": False}}
    await google.call("PUT", "videos", params={"part": "status"}, json=body)
    assert (await row_of(google, video_id))["options"]["embeddable"] is False
    del body["status"]["embeddable"]  # type: ignore[attr-defined]
    await google.call("PUT", "videos", params={"part": "status"}, json=body)
    row = await row_of(google, video_id)
    assert (row["visibility"], row["options"]["embeddable"]) == ("unlisted", True)


async def test_a_video_appears_at_its_time_by_the_clock(google: Google) -> None:
    at = datetime.fromtimestamp(google.sandbox.clock.now(), UTC) + timedelta(hours=2)
    status = {"privacyStatus": "private", "publishAt": at.isoformat()}
    made = await google.upload(metadata={**METADATA, "status": status})
    google.sandbox.advance(7190)
    assert (await row_of(google, made))["visibility"] == "private"
    google.sandbox.advance(20)
    assert (await row_of(google, made))["visibility"] == "public"
    assert "publishAt" not in (await google.video(made))["status"]


async def test_a_video_that_was_public_cannot_be_scheduled(google: Google, video_id: str) -> None:
    status = {"privacyStatus": "private", "publishAt": "2099-01-01T00:00:00Z"}
    body = {"id": video_id, "status": status}
    answer = await google.call("PUT", "videos", params={"part": "status"}, json=body)
    assert answer.reason == (400, "invalidPublishAt")
    private = await google.upload()
    answer = await google.call(
        "PUT", "videos", params={"part": "status"}, json={**body, "id": private}
    )
    assert (answer.status, answer.body["status"]["publishAt"]) == (200, "2099-01-01T00:00:00Z")


async def test_a_thumbnail_is_seen_by_its_digest(google: Google, video_id: str) -> None:
    address = f"{google.address}/upload/youtube/v3/thumbnails/set?videoId={video_id}"
    headers = {"Content-Type": "image/png"}
    assert (await google.send("POST", address, data=PNG, headers=headers)).status == 200
    row = await row_of(google, video_id)
    assert row["thumbnail_sha256"] == hashlib.sha256(PNG).hexdigest()


async def test_a_deleted_video_stays_among_the_deleted(google: Google, video_id: str) -> None:
    assert (await google.call("DELETE", "videos", params={"id": video_id})).status == 204
    assert google.sandbox.published() == []
    row = await row_of(google, video_id)
    assert (row["deleted"], row["visibility"]) == (True, "gone")
    again = await google.call("DELETE", "videos", params={"id": video_id})
    assert again.reason == (404, "videoNotFound")


# Numbers


async def test_views_grow_only_while_everybody_can_see_it(google: Google, video_id: str) -> None:
    async def views() -> int:
        found = await google.video(video_id, "statistics")
        return int(found["statistics"]["viewCount"])

    google.sandbox.advance(3600)
    first = await views()
    await alter(google, video_id, visibility="private")
    google.sandbox.advance(3600)
    assert (first, await views()) == (180, 180)
    await alter(google, video_id, visibility="public")
    google.sandbox.advance(600)
    assert await views() == 210


async def test_many_are_asked_in_one_call_of_another_bucket(google: Google, video_id: str) -> None:
    other = await google.upload(b"other", metadata=PUBLIC)
    google.sandbox.advance(600)
    units = spent(google)
    query = {"part": "id,statistics", "id": f"{video_id},{other},unknown"}
    answer = await google.call("GET", "videos:batchGetStats", params=query)
    assert [row["statistics"]["viewCount"] for row in answer.body["items"]] == ["30", "30"]
    assert (spent(google), spent(google, STATISTICS), spent(google, UPLOADS)) == (units, 1, 2)


# Behind the application's back


async def test_a_video_is_blocked_in_regions(google: Google, video_id: str) -> None:
    row = await alter(google, video_id, blocked=["DE", "FR"])
    assert row is not None
    assert row["blocked"] == ["DE", "FR"]
    found = await google.video(video_id, "contentDetails")
    assert found["contentDetails"]["regionRestriction"] == {"blocked": ["DE", "FR"]}


async def test_a_video_is_rejected_afterwards(google: Google, video_id: str) -> None:
    row = await alter(google, video_id, rejected="copyright")
    assert row is not None
    assert row["visibility"] == "rejected"
    status = (await google.video(video_id, "status"))["status"]
    assert (status["uploadStatus"], status["rejectionReason"]) == ("rejected", "copyright")


async def test_a_video_vanishes(google: Google, video_id: str) -> None:
    await alter(google, video_id, gone=True)
    query = {"part": "id", "id": video_id}
    assert (await google.call("GET", "videos", params=query)).body["items"] == []


async def test_the_owner_writes_another_title(google: Google, video_id: str) -> None:
    await alter(google, video_id, text={"title": "Other"})
    assert (await google.video(video_id))["snippet"]["title"] == "Other"
    assert (await row_of(google, video_id))["text"]["description"] == "D"


async def test_what_is_not_there_cannot_be_altered(google: Google, video_id: str) -> None:
    service = google.sandbox.services["youtube"]
    for remote_id, changes in (("nothing", {"gone": True}), (video_id, {"colour": "red"})):
        with pytest.raises(ValueError, match="cannot alter"):
            await service.alter(remote_id, changes)


# Captions and playlists


def caption_form(video_id: str, **snippet: object) -> tuple[bytes, dict[str, str]]:
    facts = {"videoId": video_id, "language": "en", "name": "English", **snippet}
    text = str({"snippet": facts}).replace("'", '"').replace("True", "true").encode()
    body = b"\r\n".join(
        [b"--x", b"Content-Type: application/json", b"", text, b"--x", b"", TRACK, b"--x--", b""]
    )
    return body, {"Content-Type": "multipart/related; boundary=x"}


async def add_caption(google: Google, video_id: str, **snippet: object) -> str:
    body, headers = caption_form(video_id, **snippet)
    address = f"{google.address}/upload/youtube/v3/captions?part=snippet&uploadType=multipart"
    answer = await google.send("POST", address, data=body, headers=headers)
    assert answer.status == 200, answer.text
    caption_id: str = answer.body["id"]
    return caption_id


async def test_captions_are_listed_and_deleted(google: Google, video_id: str) -> None:
    first = await add_caption(google, video_id)
    await add_caption(google, video_id, language="de", name="", isDraft=True)
    row = await row_of(google, video_id)
    digest = hashlib.sha256(TRACK).hexdigest()
    assert [(c["language"], c["sha256"]) for c in row["captions"]] == [
        ("en", digest),
        ("de", digest),
    ]
    query = {"part": "snippet", "videoId": video_id}
    listed = (await google.call("GET", "captions", params=query)).body["items"]
    assert [item["snippet"]["language"] for item in listed] == ["en", "de"]
    found = await google.video(video_id, "contentDetails")
    assert found["contentDetails"]["caption"] == "true"
    assert (await google.call("DELETE", "captions", params={"id": first})).status == 204
    again = await google.call("DELETE", "captions", params={"id": first})
    assert again.reason == (404, "captionNotFound")
    assert len((await row_of(google, video_id))["captions"]) == 1


async def test_a_video_is_put_into_a_list_and_taken_out(google: Google, video_id: str) -> None:
    resource = {"kind": "youtube#video", "videoId": video_id}
    body = {"snippet": {"playlistId": DEMO_PLAYLIST, "resourceId": resource}}
    added = await google.call("POST", "playlistItems", params={"part": "snippet"}, json=body)
    assert (added.status, added.body["snippet"]["position"]) == (200, 0)
    assert (await row_of(google, video_id))["options"]["playlists"] == [DEMO_PLAYLIST]
    query = {"part": "snippet", "playlistId": DEMO_PLAYLIST}
    (item,) = (await google.call("GET", "playlistItems", params=query)).body["items"]
    assert item["snippet"]["resourceId"]["videoId"] == video_id
    update = {"id": video_id, "status": {"privacyStatus": "unlisted"}}
    await google.call("PUT", "videos", params={"part": "status"}, json=update)
    assert (await row_of(google, video_id))["options"]["playlists"] == [DEMO_PLAYLIST]
    out = await google.call("DELETE", "playlistItems", params={"id": item["id"]})
    assert out.status == 204
    assert (await row_of(google, video_id))["options"]["playlists"] == []


async def test_a_new_list_is_ones_own(google: Google) -> None:
    body = {"snippet": {"title": "Mine"}, "status": {"privacyStatus": "private"}}
    query = {"part": "snippet,status"}
    made = (await google.call("POST", "playlists", params=query, json=body)).body
    mine = await google.call("GET", "playlists", params={"part": "snippet", "mine": "true"})
    titles = [item["snippet"]["title"] for item in mine.body["items"]]
    assert titles == ["Demo playlist", "Mine"]
    google.accounts.add_user("other", channel="UCother")
    google.use_token("youtube", user="other")
    ids = {"part": "snippet", "id": f"{made['id']},{DEMO_PLAYLIST}"}
    seen = (await google.call("GET", "playlists", params=ids)).body["items"]
    assert [item["id"] for item in seen] == [DEMO_PLAYLIST]
    theirs = {"playlistId": DEMO_PLAYLIST, "resourceId": {"videoId": "x"}}
    put = await google.call(
        "POST", "playlistItems", params={"part": "snippet"}, json={"snippet": theirs}
    )
    assert put.reason == (403, "forbidden")


@pytest.mark.parametrize(
    ("snippet", "expected"),
    [
        ({"playlistId": "PLnone", "resourceId": {"videoId": "x"}}, (404, "playlistNotFound")),
        ({"playlistId": DEMO_PLAYLIST, "resourceId": {"videoId": "x"}}, (404, "videoNotFound")),
        ({"playlistId": DEMO_PLAYLIST}, (404, "videoNotFound")),
    ],
    ids=str,
)
async def test_a_wrong_item_is_refused(
    google: Google, snippet: JSON, expected: tuple[int, str]
) -> None:
    body = {"snippet": snippet}
    answer = await google.call("POST", "playlistItems", params={"part": "snippet"}, json=body)
    assert answer.reason == expected


async def test_lists_need_a_scope_that_may_edit(google: Google) -> None:
    google.use_token("youtube.upload", "youtube.readonly")
    body = {"snippet": {"title": "Mine"}}
    answer = await google.call("POST", "playlists", params={"part": "snippet"}, json=body)
    assert answer.reason == (403, "insufficientPermissions")


# What it costs


@pytest.mark.parametrize(
    ("method", "path", "query", "cost"),
    [
        ("GET", "videos", {"part": "id", "id": "VIDEO"}, 1),
        ("GET", "channels", {"part": "id", "mine": "true"}, 1),
        ("GET", "videoCategories", {"part": "snippet", "regionCode": "US"}, 1),
        ("GET", "captions", {"part": "snippet", "videoId": "VIDEO"}, 50),
        ("GET", "playlists", {"part": "id", "mine": "true"}, 1),
        ("DELETE", "videos", {"id": "VIDEO"}, 50),
        ("DELETE", "videos", {"id": "nothing"}, 1),
        ("GET", "videos", {"part": "nonsense"}, 1),
    ],
)
async def test_calls_cost_what_they_cost(
    google: Google, video_id: str, method: str, path: str, query: dict[str, str], cost: int
) -> None:
    before = spent(google)
    params = {name: value.replace("VIDEO", video_id) for name, value in query.items()}
    await google.call(method, path, params=params)
    assert spent(google) - before == cost


async def test_edits_cost_fifty_and_captions_four_hundred(google: Google, video_id: str) -> None:
    before = spent(google)
    body = {"id": video_id, "status": {"privacyStatus": "public"}}
    await google.call("PUT", "videos", params={"part": "status"}, json=body)
    assert spent(google) - before == 50
    await add_caption(google, video_id)
    assert spent(google) - before == 450


async def test_the_pool_ends_and_comes_back_at_midnight_in_california(
    google: Google, video_id: str
) -> None:
    google.switch("units_per_day", spent(google) + 50)
    body = {"id": video_id, "status": {"privacyStatus": "public"}}
    statuses = [
        (await google.call("PUT", "videos", params={"part": "status"}, json=body)).status
        for _ in range(2)
    ]
    assert statuses == [200, 403]
    google.sandbox.advance(86_400)
    answer = await google.call("PUT", "videos", params={"part": "status"}, json=body)
    assert answer.status == 200


async def test_who_one_is_fails_by_its_name(google: Google) -> None:
    google.fault("status", "me", status=503)
    query = {"part": "id", "mine": "true"}
    first, second = await asyncio.gather(
        *(google.call("GET", "channels", params=query) for _ in range(2))
    )
    assert sorted([first.status, second.status]) == [200, 503]
