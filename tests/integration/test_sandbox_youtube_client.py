"""Google's own client, unchanged but for the address, against the YouTube stand-in."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import google_auth_httplib2
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient import discovery
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaIoBaseUpload, build_http

from tests.google_remote import CHUNK, METADATA, SERVICES
from utils.sandbox.google_accounts import (
    DEMO_ACCESS_TOKEN,
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    DEMO_REFRESH_TOKEN,
)
from utils.sandbox.server import Sandbox, SandboxOptions

JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(), SERVICES) as started:
        yield started


@contextmanager
def client(sandbox: Sandbox, token: str = DEMO_ACCESS_TOKEN) -> Iterator[Any]:
    """Build the client from the description that is bundled with it."""
    bundled = files("googleapiclient.discovery_cache.documents").joinpath("youtube.v3.json")
    document = json.loads(bundled.read_text())
    # Uploads are sent to the root of the description, whatever else is overridden.
    document["rootUrl"] = f"{sandbox.address('youtube')}/"
    credentials = Credentials(
        token,
        refresh_token=DEMO_REFRESH_TOKEN,
        token_uri=f"{sandbox.address('google_oauth')}/token",
        client_id=DEMO_CLIENT_ID,
        client_secret=DEMO_CLIENT_SECRET,
    )  # type: ignore[no-untyped-call]
    http = google_auth_httplib2.AuthorizedHttp(credentials, http=build_http())
    youtube = discovery.build_from_document(document, http=http)
    try:
        yield youtube
    finally:
        youtube.close()


def insertion(youtube: Any, data: bytes, chunk: int) -> Any:  # noqa: ANN401 - built at run time
    media = MediaIoBaseUpload(io.BytesIO(data), "video/mp4", chunksize=chunk, resumable=True)
    return youtube.videos().insert(part="snippet,status", body=METADATA, media_body=media)


def send(request: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    answer = None
    while answer is None:
        _, answer = request.next_chunk()
    video: dict[str, Any] = answer
    return video


def upload(youtube: Any, data: bytes, chunk: int) -> dict[str, Any]:  # noqa: ANN401 - as above
    return send(insertion(youtube, data, chunk))


@pytest.mark.parametrize("chunk", [CHUNK, -1], ids=["chunks", "whole"])
async def test_client_uploads(sandbox: Sandbox, chunk: int) -> None:
    data = os.urandom(1_000_000)

    def work() -> dict[str, Any]:
        with client(sandbox) as youtube:
            return upload(youtube, data, chunk)

    video = await asyncio.to_thread(work)

    (row,) = sandbox.published()
    assert row["remote_id"] == video["id"]
    assert row["sha256"] == hashlib.sha256(data).hexdigest()
    assert len(sandbox.journal.rows(step="part")) == (3 if chunk == CHUNK else 0)


@pytest.mark.parametrize("after_handler", [False, True])
async def test_client_asks_and_goes_on_after_a_server_error(
    sandbox: Sandbox, *, after_handler: bool
) -> None:
    fault = {"service": "youtube", "step": "part", "action": "status", "status": 503, "nth": 2}
    sandbox.faults.add({**fault, "after_handler": after_handler})
    data = os.urandom(1_000_000)

    def work() -> None:
        with client(sandbox) as youtube:
            request = insertion(youtube, data, CHUNK)
            request.next_chunk()
            with pytest.raises(HttpError, match="503"):
                request.next_chunk()
            send(request)

    await asyncio.to_thread(work)
    assert sandbox.published()[0]["sha256"] == hashlib.sha256(data).hexdigest()
    (asked,) = sandbox.journal.rows(step="recover")
    assert asked["status"] == 308


async def test_client_refreshes_an_expired_token(sandbox: Sandbox) -> None:
    sandbox.advance(4000)

    def work() -> dict[str, Any]:
        with client(sandbox) as youtube:
            return upload(youtube, b"video", -1)

    await asyncio.to_thread(work)
    assert [row["status"] for row in sandbox.journal.rows(service="google_oauth")] == [200]
    assert [row["status"] for row in sandbox.journal.rows(step="begin")] == [401, 200]


async def test_client_reads_and_changes_everything_else(sandbox: Sandbox) -> None:
    def work() -> None:
        with client(sandbox) as youtube:
            video_id = upload(youtube, b"video", -1)["id"]
            _look_at_video(youtube, video_id)
            _dress_video(youtube, video_id)
            _look_at_channel(youtube)
            assert youtube.videos().delete(id=video_id).execute() == ""
            with pytest.raises(HttpError, match="videoNotFound"):
                youtube.videos().delete(id=video_id).execute()

    await asyncio.to_thread(work)
    assert sandbox.published() == []


async def test_client_keeps_lists_and_captions(sandbox: Sandbox) -> None:
    def work() -> list[str]:
        with client(sandbox) as youtube:
            video_id = upload(youtube, b"video", -1)["id"]
            _dress_video(youtube, video_id)
            _put_into_list(youtube, video_id)
            tracks = youtube.captions().list(part="snippet", videoId=video_id).execute()["items"]
            youtube.captions().delete(id=tracks[0]["id"]).execute()
            return [track["snippet"]["language"] for track in tracks]

    assert await asyncio.to_thread(work) == ["uz"]
    (row,) = sandbox.published()
    assert (len(row["options"]["playlists"]), row["captions"]) == (1, [])
    assert row["thumbnail_sha256"] == hashlib.sha256(JPEG).hexdigest()


async def test_further_answers_have_only_fields_of_the_description(sandbox: Sandbox) -> None:
    def work() -> list[tuple[str, dict[str, Any]]]:
        with client(sandbox) as youtube:
            video_id = upload(youtube, b"video", -1)["id"]
            lists = _put_into_list(youtube, video_id)
            _dress_video(youtube, video_id)
            tracks = youtube.captions().list(part="snippet", videoId=video_id).execute()
            return [*lists, ("CaptionListResponse", tracks)]

    answers = await asyncio.to_thread(work)
    bundled = files("googleapiclient.discovery_cache.documents").joinpath("youtube.v3.json")
    schemas = json.loads(bundled.read_text())["schemas"]
    assert [list(_strangers(schemas, name, answer)) for name, answer in answers] == [[]] * 4


async def test_client_understands_the_refusals(sandbox: Sandbox) -> None:
    def work() -> HttpError:
        with client(sandbox) as youtube:
            body = {"snippet": {"title": "<"}, "status": {}}
            media = MediaIoBaseUpload(io.BytesIO(b"x"), "video/mp4", resumable=True)
            insert = youtube.videos().insert(part="snippet,status", body=body, media_body=media)
            with pytest.raises(HttpError) as refused:
                insert.next_chunk()
            return refused.value

    error = await asyncio.to_thread(work)
    assert error.status_code == 400
    assert error.error_details[0]["reason"] == "invalidTitle"


async def test_answers_have_only_fields_of_the_description(sandbox: Sandbox) -> None:
    parts = "snippet,status,statistics,processingDetails,contentDetails,fileDetails,suggestions"

    def work() -> dict[str, Any]:
        with client(sandbox) as youtube:
            video_id = upload(youtube, b"video", -1)["id"]
            answer: dict[str, Any] = youtube.videos().list(part=parts, id=video_id).execute()
            return answer

    answer = await asyncio.to_thread(work)
    bundled = files("googleapiclient.discovery_cache.documents").joinpath("youtube.v3.json")
    schemas = json.loads(bundled.read_text())["schemas"]
    assert list(_strangers(schemas, "VideoListResponse", answer)) == []


def _look_at_video(youtube: Any, video_id: str) -> None:  # noqa: ANN401 - built at run time
    listed = youtube.videos().list(part="status,processingDetails", id=video_id).execute()
    assert listed["items"][0]["status"]["privacyStatus"] == "private"
    stats = youtube.videos().batchGetStats(part="statistics", id=video_id).execute()
    assert stats["items"][0]["statistics"]["viewCount"] == "0"


def _dress_video(youtube: Any, video_id: str) -> None:  # noqa: ANN401 - built at run time
    picture = MediaIoBaseUpload(io.BytesIO(JPEG), "image/jpeg")
    answer = youtube.thumbnails().set(videoId=video_id, media_body=picture).execute()
    assert answer["items"][0]["default"]["width"] == 120
    body = {"id": video_id, "snippet": {"title": "New", "categoryId": "27"}}
    assert youtube.videos().update(part="snippet", body=body).execute()["id"] == video_id
    track = MediaIoBaseUpload(io.BytesIO(b"1\n00:00 --> 00:01\nSalom\n"), "text/xml")
    snippet = {"videoId": video_id, "language": "uz", "name": "n"}
    insert = youtube.captions().insert(part="snippet", body={"snippet": snippet}, media_body=track)
    assert insert.execute()["snippet"]["status"] == "serving"


def _put_into_list(youtube: Any, video_id: str) -> list[tuple[str, dict[str, Any]]]:  # noqa: ANN401
    """Make a list with one video; return what was answered, each with its name."""
    body = {"snippet": {"title": "Mine"}, "status": {"privacyStatus": "unlisted"}}
    made = youtube.playlists().insert(part="snippet,status", body=body).execute()
    resource = {"kind": "youtube#video", "videoId": video_id}
    item = {"snippet": {"playlistId": made["id"], "resourceId": resource}}
    youtube.playlistItems().insert(part="snippet", body=item).execute()
    lists = youtube.playlists().list(part="snippet,status,contentDetails", mine=True).execute()
    items = youtube.playlistItems().list(part="snippet,contentDetails", playlistId=made["id"])
    return [
        ("Playlist", made),
        ("PlaylistListResponse", lists),
        ("PlaylistItemListResponse", items.execute()),
    ]


def _look_at_channel(youtube: Any) -> None:  # noqa: ANN401 - built at run time
    channels = youtube.channels().list(part="id,snippet,status", mine=True).execute()
    assert channels["items"][0]["snippet"]["title"] == "Demo channel"
    categories = youtube.videoCategories().list(part="snippet", regionCode="UZ").execute()
    assert "22" in {item["id"] for item in categories["items"]}


def _strangers(
    schemas: dict[str, Any], name: str, value: dict[str, Any], place: str = ""
) -> Iterator[str]:
    """Yield the places of fields that the description does not know or types otherwise."""
    known = schemas[name].get("properties", {})
    for key, field in value.items():
        where = f"{place}.{key}"
        if key not in known:
            yield where
        else:
            yield from _misfits(schemas, known[key], field, where)


def _misfits(
    schemas: dict[str, Any], schema: dict[str, Any], value: object, where: str
) -> Iterator[str]:
    types = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
    if "$ref" in schema and isinstance(value, dict):
        yield from _strangers(schemas, schema["$ref"], value, where)
    elif not isinstance(value, types.get(schema.get("type", ""), ())):
        yield where
    elif isinstance(value, list):
        for item in value:
            yield from _misfits(schemas, schema["items"], item, where)
    elif "enum" in schema and value not in schema["enum"]:
        yield where
