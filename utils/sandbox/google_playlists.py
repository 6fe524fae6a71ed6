"""Playlists of the YouTube stand-in.

Their costs and scopes are the remote's; the reasons `playlistNotFound` and `invalidTitle`, and
the longest title, are this stand-in's choice, as no document at hand names them.
"""

from __future__ import annotations

import secrets
from typing import Any

from aiohttp import web

from utils.sandbox.google_accounts import DEMO_CHANNEL, Caller
from utils.sandbox.google_errors import ApiError, generic, parameter_error
from utils.sandbox.google_metadata import PRIVACY, read_ids, read_parts, read_resource
from utils.sandbox.google_videos import SERVICE, Videos, moment
from utils.sandbox.server import Sandbox

DEMO_PLAYLIST = "PLdemo0000000000000000000000000000"
PLAYLIST = "youtube.playlist"
PLAYLIST_ITEM = "youtube.playlistItem"
PARTS = frozenset({"id", "snippet", "status", "contentDetails"})
TITLE_LENGTH = 150

Document = dict[str, Any]


class Playlists:
    """Lists of a channel and the videos in them."""

    def __init__(self, sandbox: Sandbox, videos: Videos) -> None:
        self._sandbox = sandbox
        self._videos = videos
        self._playlists = sandbox.collection("youtube.playlists")
        self._items = sandbox.collection("youtube.playlist_items")

    def seed(self) -> None:
        """Create one list of the demo channel when there is none."""
        if not len(self._playlists):
            self._put(DEMO_PLAYLIST, DEMO_CHANNEL, "Demo playlist", "public")

    def _put(self, playlist_id: str, channel: str, title: str, privacy: str) -> Document:
        now = self._sandbox.clock.now()
        row = {"channel": channel, "title": title, "privacy": privacy, "created_at": now}
        self._playlists.put(playlist_id, row)
        return row

    async def list_lists(self, request: web.Request, caller: Caller) -> web.Response:
        parts = read_parts(request, PARTS)
        ids, mine = read_ids(request), request.query.get("mine") == "true"
        if not ids and not mine:
            raise parameter_error("missingRequiredParameter", "id", "No filter selected.")
        channel = caller.own_channel if mine else caller.channel
        found = [
            self._resource(key, row, parts)
            for key, row in self._playlists.items()
            if (row["channel"] == channel if mine else key in ids)
            and (row["privacy"] != "private" or row["channel"] == channel)
        ]
        return _listing("youtube#playlistListResponse", found)

    async def insert(self, request: web.Request, caller: Caller) -> web.Response:
        parts = read_parts(request, PARTS)
        body = await read_resource(request)
        snippet, status = _object(body, "snippet"), _object(body, "status")
        title, privacy = snippet.get("title"), status.get("privacyStatus", "public")
        if not isinstance(title, str) or not 0 < len(title.strip()) <= TITLE_LENGTH:
            raise ApiError(400, "invalidTitle", "The title is not valid.", domain=PLAYLIST)
        if privacy not in PRIVACY:
            raise generic(400, "Invalid value for status.privacyStatus")
        key = f"PL{secrets.token_urlsafe(24)}"
        row = self._put(key, caller.own_channel, title, privacy)
        return web.json_response(self._resource(key, row, parts))

    async def list_items(self, request: web.Request, caller: Caller) -> web.Response:
        parts = read_parts(request, PARTS)
        playlist_id = request.query.get("playlistId")
        if not playlist_id:
            raise parameter_error("missingRequiredParameter", "playlistId", "No filter selected.")
        row = self._playlists.get(playlist_id)
        if row is None or (row["privacy"] == "private" and row["channel"] != caller.channel):
            raise ApiError(404, "playlistNotFound", "There is no such list.", domain=PLAYLIST)
        found = self._items_of(playlist_id)
        wanted = request.query.get("videoId")
        items = [
            _item_resource(key, item, place, parts)
            for place, (key, item) in enumerate(found)
            if wanted in {None, item["video"]}
        ]
        return _listing("youtube#playlistItemListResponse", items)

    async def add_item(self, request: web.Request, caller: Caller) -> web.Response:
        parts = read_parts(request, PARTS)
        snippet = _object(await read_resource(request), "snippet")
        playlist_id = str(snippet.get("playlistId", ""))
        self._require_own(playlist_id, caller)
        resource = snippet.get("resourceId")
        video_id = str(resource.get("videoId")) if isinstance(resource, dict) else ""
        if self._videos.get(video_id) is None:
            raise ApiError(404, "videoNotFound", "There is no such video.", domain=PLAYLIST_ITEM)
        item = {"playlist": playlist_id, "video": video_id, "channel": caller.own_channel}
        key = f"UEw{secrets.token_urlsafe(24)}"
        self._items.put(key, {**item, "created_at": self._sandbox.clock.now()})
        self._show(video_id)
        place = len(self._items_of(playlist_id)) - 1
        return web.json_response(_item_resource(key, self._items.get(key) or {}, place, parts))

    async def delete_item(self, request: web.Request, caller: Caller) -> web.Response:
        ids = read_ids(request, most=1)
        if not ids:
            raise parameter_error("missingRequiredParameter", "id", "Required parameter: id")
        item = self._items.get(ids[0])
        if item is None:
            text = "There is no such item."
            raise ApiError(404, "playlistItemNotFound", text, domain=PLAYLIST_ITEM)
        self._require_own(item["playlist"], caller)
        self._items.delete(ids[0])
        self._show(item["video"])
        return web.Response(status=204)

    def _require_own(self, playlist_id: str, caller: Caller) -> None:
        row = self._playlists.get(playlist_id)
        if row is None:
            raise ApiError(404, "playlistNotFound", "There is no such list.", domain=PLAYLIST)
        if row["channel"] != caller.own_channel:
            raise ApiError(403, "forbidden", "The list is not yours.", domain=PLAYLIST)

    def _items_of(self, playlist_id: str) -> list[tuple[str, Document]]:
        return [(k, row) for k, row in self._items.items() if row["playlist"] == playlist_id]

    def _show(self, video_id: str) -> None:
        """Say among what is published in which lists a video is."""
        rows = (row for _, row in self._items.items())
        names = [row["playlist"] for row in rows if row["video"] == video_id]
        published = self._sandbox.find_published(SERVICE, video_id)
        if published is not None:
            options = {**published["options"], "playlists": names}
            self._sandbox.update_published(SERVICE, video_id, options=options)

    def _resource(self, key: str, row: Document, parts: frozenset[str]) -> Document:
        shown: Document = {
            "snippet": {
                "title": row["title"],
                "description": "",
                "channelId": row["channel"],
                "publishedAt": moment(row["created_at"]),
                "thumbnails": {},
            },
            "status": {"privacyStatus": row["privacy"]},
            "contentDetails": {"itemCount": len(self._items_of(key))},
        }
        resource = {"kind": "youtube#playlist", "etag": "x", "id": key}
        return resource | {name: value for name, value in shown.items() if name in parts}


def _item_resource(key: str, item: Document, place: int, parts: frozenset[str]) -> Document:
    shown: Document = {
        "snippet": {
            "playlistId": item["playlist"],
            "channelId": item["channel"],
            "position": place,
            "publishedAt": moment(item["created_at"]),
            "resourceId": {"kind": "youtube#video", "videoId": item["video"]},
        },
        "contentDetails": {"videoId": item["video"]},
    }
    resource = {"kind": "youtube#playlistItem", "etag": "x", "id": key}
    return resource | {name: value for name, value in shown.items() if name in parts}


def _object(body: Document, name: str) -> Document:
    value = body.get(name, {})
    if not isinstance(value, dict):
        raise generic(400, f"{name} has to be an object")
    return value


def _listing(kind: str, items: list[Document]) -> web.Response:
    page = {"totalResults": len(items), "resultsPerPage": len(items)}
    return web.json_response({"kind": kind, "etag": "x", "items": items, "pageInfo": page})
