from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.google_remote import METADATA, SERVICES, Google, pieces
from utils.sandbox.google_videos import iso_duration
from utils.sandbox.server import Sandbox, SandboxOptions

JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
CUT = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield session


@pytest.fixture
async def google(http: aiohttp.ClientSession) -> AsyncIterator[Google]:
    async with Sandbox(SandboxOptions(processing_seconds=60), SERVICES) as sandbox:
        yield Google(sandbox, http)


# After the upload


async def test_video_is_processed_by_the_clock(google: Google) -> None:
    video_id = await google.upload()
    seen = [await google.video(video_id, "status,processingDetails")]
    for seconds in (29, 2, 30):
        google.sandbox.advance(seconds)
        seen.append(await google.video(video_id, "status,processingDetails"))

    details = [video["processingDetails"] for video in seen]
    progress = [detail["processingProgress"] for detail in details]
    assert [video["status"]["uploadStatus"] for video in seen] == ["uploaded"] * 3 + ["processed"]
    assert [d["processingStatus"] for d in details] == ["processing"] * 3 + ["succeeded"]
    assert [p["partsTotal"] for p in progress] == ["100", "100", "150", "150"]
    assert progress[3] == {"partsTotal": "150", "partsProcessed": "150", "timeLeftMs": "0"}


@pytest.mark.parametrize(
    ("action", "status", "field", "reason"),
    [
        ("fail_processing", "failed", "failureReason", "conversion"),
        ("reject", "rejected", "rejectionReason", "inappropriate"),
    ],
)
async def test_processing_fails_on_command(
    google: Google, action: str, status: str, field: str, reason: str
) -> None:
    google.fault(action, "*", reason=reason)
    video_id = await google.upload()
    await google.finish_processing()

    shown = (await google.video(video_id))["status"]
    assert (shown["uploadStatus"], shown[field]) == (status, reason)
    assert google.sandbox.published() == []


async def test_second_upload_of_a_file_can_be_rejected(google: Google) -> None:
    google.switch("reject_duplicates", value=True)
    await google.upload(b"same")
    video_id = await google.upload(b"same")
    await google.finish_processing()
    assert (await google.video(video_id))["status"]["rejectionReason"] == "duplicate"


async def test_scheduled_video_appears_at_its_time(google: Google) -> None:
    publish_at = datetime.fromtimestamp(google.sandbox.clock.now(), UTC) + timedelta(minutes=10)
    status = {"privacyStatus": "private", "publishAt": publish_at.isoformat()}
    video_id = await google.upload(metadata={**METADATA, "status": status})
    await google.finish_processing()
    before = (await google.video(video_id))["status"]
    google.sandbox.advance(600)
    after = (await google.video(video_id))["status"]

    assert (before["privacyStatus"], "publishAt" in before) == ("private", True)
    assert (after["privacyStatus"], "publishAt" in after) == ("public", False)
    assert google.sandbox.published()[0]["visibility"] == "public"


async def test_unknown_id_gives_an_empty_list(google: Google) -> None:
    answer = await google.call("GET", "videos", params={"part": "id", "id": "unknown"})
    assert (answer.status, answer.body["items"]) == (200, [])


async def test_list_needs_a_filter_and_at_most_fifty_ids(google: Google) -> None:
    none = await google.call("GET", "videos", params={"part": "id"})
    ids = ",".join(map(str, range(51)))
    many = await google.call("GET", "videos", params={"part": "id", "id": ids})
    assert none.reason == (400, "missingRequiredParameter")
    assert many.reason == (400, "invalidParameter")


async def test_only_the_owner_sees_how_processing_goes(google: Google) -> None:
    video_id = await google.upload(metadata={"snippet": METADATA["snippet"]})
    await google.finish_processing()
    google.accounts.add_user("other", channel="UCother")
    google.use_token("youtube", user="other")

    query = {"part": "processingDetails", "id": video_id}
    answer = await google.call("GET", "videos", params=query)
    assert answer.reason == (403, "forbidden")
    assert "status" in await google.video(video_id, "status")
    assert (await google.call("DELETE", "videos", params={"id": video_id})).status == 403


async def test_private_video_of_somebody_else_is_not_seen(google: Google) -> None:
    video_id = await google.upload()
    await google.finish_processing()
    google.accounts.add_user("other", channel="UCother")
    google.use_token("youtube", user="other")
    answer = await google.call("GET", "videos", params={"part": "id", "id": video_id})
    assert answer.body["items"] == []


async def test_counters_and_lengths_are_texts(google: Google) -> None:
    video_id = await google.upload(metadata={"snippet": METADATA["snippet"]})
    google.sandbox.advance(3000)
    video = await google.video(video_id, "statistics,fileDetails,contentDetails")
    assert video["statistics"] == {
        "viewCount": "150",
        "likeCount": "15",
        "favoriteCount": "0",
        "commentCount": "3",
    }
    assert video["fileDetails"]["fileSize"] == "5"
    assert video["contentDetails"]["duration"].startswith("PT")


def test_duration_is_written_as_iso_8601() -> None:
    written = [iso_duration(seconds) for seconds in (0, 65, 3600, 3725.9)]
    assert written == ["PT0S", "PT1M5S", "PT1H", "PT1H2M5S"]


async def test_file_that_is_no_video_fails_when_files_are_looked_at(google: Google) -> None:
    google.switch("check_files", value=True)
    video_id = await google.upload(b"no video at all")
    await google.finish_processing()
    video = await google.video(video_id, "status,suggestions")
    assert video["status"]["failureReason"] == "invalidFile"
    assert video["suggestions"]["processingErrors"] == ["notAVideoFile"]
    assert google.sandbox.published() == []


async def test_batch_statistics_have_their_own_bucket(google: Google) -> None:
    video_id = await google.upload()
    google.switch("units_per_day", 0)
    query = {"part": "snippet,statistics,contentDetails", "id": video_id}
    answer = await google.call("GET", "videos:batchGetStats", params=query)

    (item,) = answer.body["items"]
    assert item["kind"] == "youtube#videoStats"
    assert item["statistics"]["viewCount"] == "0"
    assert item["contentDetails"]["duration"].endswith("s")
    google.switch("statistics_per_day", 1)
    again = await google.call("GET", "videos:batchGetStats", params=query)
    assert again.reason == (403, "quotaExceeded")


# Edit and delete


async def test_update_resets_what_is_left_out(google: Google) -> None:
    video_id = await google.upload()
    snippet = {"title": "New", "categoryId": "27"}
    body = {"id": video_id, "snippet": snippet, "status": {"embeddable": False}}
    answer = await google.call("PUT", "videos", params={"part": "snippet,status"}, json=body)

    assert answer.status == 200
    video = await google.video(video_id)
    assert (video["snippet"]["title"], video["snippet"]["description"]) == ("New", "")
    assert "tags" not in video["snippet"]
    assert (video["status"]["privacyStatus"], video["status"]["embeddable"]) == ("public", False)
    assert "selfDeclaredMadeForKids" not in video["status"]
    assert google.sandbox.published()[0]["visibility"] == "public"


async def test_update_leaves_parts_alone_that_are_not_listed(google: Google) -> None:
    video_id = await google.upload()
    body = {"id": video_id, "status": {"privacyStatus": "unlisted"}}
    await google.call("PUT", "videos", params={"part": "status"}, json=body)
    video = await google.video(video_id)
    assert (video["snippet"]["tags"], video["status"]["privacyStatus"]) == (
        ["a", "b c"],
        "unlisted",
    )


@pytest.mark.parametrize(
    ("part", "value", "reason"),
    [
        ("snippet", {"categoryId": "22"}, (400, "invalidTitle")),
        ("snippet", {"title": "T"}, (400, "invalidCategoryId")),
        (
            "status",
            {"privacyStatus": "public", "publishAt": "2030-01-01T00:00:00Z"},
            (400, "invalidPublishAt"),
        ),
    ],
)
async def test_update_is_refused(
    google: Google, part: str, value: dict[str, str], reason: tuple[int, str]
) -> None:
    body = {"id": await google.upload(), part: value}
    answer = await google.call("PUT", "videos", params={"part": part}, json=body)
    assert answer.reason == reason


async def test_update_of_an_unknown_video_is_not_found(google: Google) -> None:
    body = {"id": "unknown", "status": {}}
    answer = await google.call("PUT", "videos", params={"part": "status"}, json=body)
    assert answer.reason == (404, "videoNotFound")


async def test_delete_is_silent_once(google: Google) -> None:
    video_id = await google.upload()
    first = await google.call("DELETE", "videos", params={"id": video_id})
    second = await google.call("DELETE", "videos", params={"id": video_id})

    assert (first.status, first.text) == (204, "")
    assert second.reason == (404, "videoNotFound")
    assert google.sandbox.published() == []


# Thumbnails, captions, channels, categories


async def set_thumbnail(google: Google, video_id: str, data: bytes) -> Any:  # noqa: ANN401 - JSON
    address = f"{google.address}/upload/youtube/v3/thumbnails/set"
    headers = {"Content-Length": str(len(data)), "Content-Type": "image/jpeg"}
    return await google.send(
        "POST", address, params={"videoId": video_id}, data=pieces(data), headers=headers
    )


async def test_thumbnail_is_kept(google: Google) -> None:
    answer = await set_thumbnail(google, await google.upload(), JPEG)

    assert answer.body["kind"] == "youtube#thumbnailSetResponse"
    assert set(answer.body["items"][0]) >= {"default", "medium", "high"}
    (row,) = google.sandbox.published()
    assert row["thumbnail"]["sha256"] == hashlib.sha256(JPEG).hexdigest()


async def test_thumbnail_goes_through_a_session(google: Google) -> None:
    query = {"videoId": await google.upload(), "uploadType": "resumable"}
    address = f"{google.address}/upload/youtube/v3/thumbnails/set"
    begun = await google.send("POST", address, params=query)
    answer = await google.put(begun.headers["Location"], JPEG)
    assert answer.status == 200
    assert google.sandbox.published()[0]["thumbnail"]["bytes"] == len(JPEG)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", (400, "mediaBodyRequired")),
        (b"GIF89a", (400, "invalidImage")),
        (JPEG + bytes(52_428_800), (413, "uploadTooLarge")),
    ],
    ids=["empty", "gif", "large"],
)
async def test_thumbnail_is_refused(
    google: Google, data: bytes, expected: tuple[int, str]
) -> None:
    video_id = await google.upload()
    assert (await set_thumbnail(google, video_id, data)).reason == expected
    assert "thumbnail" not in google.sandbox.published()[0]


async def test_thumbnail_needs_a_video_and_permission(google: Google) -> None:
    assert (await set_thumbnail(google, "unknown", JPEG)).reason == (404, "videoNotFound")
    video_id = await google.upload()
    google.accounts.change_channel("UCdemo0000000000000000AA", custom_thumbnails=False)
    assert (await set_thumbnail(google, video_id, JPEG)).reason == (403, "forbidden")


async def test_too_many_thumbnails(google: Google) -> None:
    google.switch("thumbnails_limited", value=True)
    answer = await set_thumbnail(google, await google.upload(), JPEG)
    assert answer.reason == (429, "uploadRateLimitExceeded")


async def test_short_takes_a_thumbnail_only_after_processing(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def is_short(*_: object) -> bool:
        return True

    monkeypatch.setattr("utils.sandbox.google_videos.Videos.is_short", is_short)
    video_id = await google.upload()
    early = await set_thumbnail(google, video_id, JPEG)
    without = dict(google.sandbox.published()[0])
    await google.finish_processing()
    await set_thumbnail(google, video_id, JPEG)

    assert early.status == 200
    assert "thumbnail" not in without
    assert "thumbnail" in google.sandbox.published()[0]


async def insert_caption(google: Google, video_id: str, name: str) -> Any:  # noqa: ANN401 - JSON
    snippet = {"videoId": video_id, "language": "uz", "name": name}
    address = f"{google.address}/upload/youtube/v3/captions"
    query = {"part": "snippet", "uploadType": "resumable"}
    return await google.send("POST", address, params=query, json={"snippet": snippet})


async def test_caption_is_taken_once(google: Google) -> None:
    video_id = await google.upload()
    begun = await insert_caption(google, video_id, "n")
    answer = await google.put(begun.headers["Location"], b"1\n00:00 --> 00:01\nSalom\n")
    again = await insert_caption(google, video_id, "n")

    assert answer.body["snippet"]["status"] == "serving"
    assert again.reason == (409, "captionExists")


async def test_caption_is_refused(google: Google) -> None:
    video_id = await google.upload()
    assert (await insert_caption(google, video_id, "n" * 151)).reason == (400, "nameTooLong")
    assert (await insert_caption(google, "unknown", "n")).reason == (404, "videoNotFound")


async def test_channel_tells_its_name_and_whether_long_videos_are_allowed(
    google: Google,
) -> None:
    query = {"part": "id,snippet,status", "mine": "true"}
    answer = await google.call("GET", "channels", params=query)
    (channel,) = answer.body["items"]
    assert channel["id"] == "UCdemo0000000000000000AA"
    assert channel["snippet"]["title"] == "Demo channel"
    assert channel["status"]["longUploadsStatus"] == "allowed"


async def test_categories_tell_which_can_be_assigned(google: Google) -> None:
    query = {"part": "snippet", "regionCode": "UZ"}
    answer = await google.call("GET", "videoCategories", params=query)
    assignable = {item["id"]: item["snippet"]["assignable"] for item in answer.body["items"]}
    assert (assignable["22"], assignable["18"]) == (True, False)
    none = await google.call("GET", "videoCategories", params={"part": "snippet"})
    assert none.reason == (400, "missingRequiredParameter")
