"""Reading back from the TikTok stand-in: the person, and their public videos."""

from __future__ import annotations

from aiohttp import web

from utils.sandbox import figures
from utils.sandbox.tiktok_calls import read_fields, read_object, require_scope
from utils.sandbox.tiktok_state import JSON, TikTokError, TikTokState, post_url

MOST_VIDEOS = 20
COVER_SECONDS = 6 * 3600
VIDEO_FIELDS = frozenset(
    {
        *("id", "create_time", "cover_image_url", "share_url", "video_description", "title"),
        *("duration", "width", "height", "embed_html", "embed_link"),
        *("view_count", "like_count", "comment_count", "share_count"),
    }
)
USER_FIELDS = {
    "open_id": "user.info.basic",
    "display_name": "user.info.basic",
    "avatar_url": "user.info.basic",
    "username": "user.info.profile",
    "follower_count": "user.info.stats",
    "likes_count": "user.info.stats",
    "video_count": "user.info.stats",
}
"""Each field with the scope that it needs."""


class Display:
    """The Display API: only what everybody may see, and only one's own."""

    def __init__(self, state: TikTokState) -> None:
        self._state = state

    async def user_info(self, request: web.Request, access: str, token: JSON) -> JSON:
        self._state.charge(access, "read", 600)
        creator = self._state.creator(token["open_id"])
        videos = self._public(token["open_id"])
        known = {
            "open_id": token["open_id"],
            "display_name": creator["nickname"],
            "avatar_url": f"https://p16-sign.tiktokcdn.com/{creator['username']}.jpeg",
            "username": creator["username"],
            "follower_count": 12,
            "likes_count": sum(figures.likes(self._seconds(task)) for task in videos),
            "video_count": len(videos),
        }
        fields = read_fields(request, frozenset(USER_FIELDS))
        for name in fields:
            require_scope(token, USER_FIELDS[name])
        return {"user": {name: known[name] for name in fields}}

    async def video_list(self, request: web.Request, access: str, token: JSON) -> JSON:
        require_scope(token, "video.list")
        self._state.charge(access, "read", 600)
        body = await read_object(request)
        count = body.get("max_count", 10)
        if not isinstance(count, int) or not 1 <= count <= MOST_VIDEOS:
            raise TikTokError(400, "invalid_params", "max_count is 1 to 20")
        videos = self._videos(token["open_id"], read_fields(request, VIDEO_FIELDS))[::-1]
        start = int(body.get("cursor", 0))
        page = videos[start : start + count]
        return {
            "videos": page,
            "cursor": start + len(page),
            "has_more": start + count < len(videos),
        }

    async def video_query(self, request: web.Request, access: str, token: JSON) -> JSON:
        require_scope(token, "video.list")
        self._state.charge(access, "read", 600)
        filters = (await read_object(request)).get("filters")
        wanted = filters.get("video_ids", []) if isinstance(filters, dict) else []
        if not wanted or len(wanted) > MOST_VIDEOS:
            raise TikTokError(400, "invalid_params", "video_ids are 1 to 20")
        fields = ["id", *read_fields(request, VIDEO_FIELDS)]
        found = self._videos(token["open_id"], fields)
        return {"videos": [video for video in found if video["id"] in map(str, wanted)]}

    def _videos(self, open_id: str, fields: list[str]) -> list[JSON]:
        """Return the public posts of a creator, oldest first."""
        creator = self._state.creator(open_id)
        return [
            {name: value for name, value in self._video(creator, task).items() if name in fields}
            for task in self._public(open_id)
        ]

    def _public(self, open_id: str) -> list[JSON]:
        mine = (task for _, task in self._state.tasks.items() if task["open_id"] == open_id)
        return [task for task in mine if self._state.is_public(task)]

    def _seconds(self, task: JSON) -> float:
        return self._state.now() - float(task["public_at"])

    def _video(self, creator: JSON, task: JSON) -> JSON:
        seconds, facts = self._seconds(task), task.get("facts") or {}
        title = str(task["post_info"].get("title", ""))
        expires = int(self._state.now()) + COVER_SECONDS
        player = f"https://www.tiktok.com/player/v1/{task['post_id']}"
        return {
            "id": task["post_id"],
            "create_time": int(task["created_at"]),
            "title": title[:150],
            "video_description": title,
            "share_url": post_url(creator, task),
            "cover_image_url": f"https://p16-sign.tiktokcdn.com/{task['post_id']}?x={expires}",
            "embed_link": player,
            "embed_html": f'<iframe src="{player}"></iframe>',
            "duration": int(facts.get("seconds", 0)),
            "width": facts.get("width", 0),
            "height": facts.get("height", 0),
            "view_count": figures.views(seconds),
            "like_count": figures.likes(seconds),
            "comment_count": figures.comments(seconds),
            "share_count": figures.shares(seconds),
        }
