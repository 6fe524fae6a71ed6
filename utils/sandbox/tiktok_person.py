"""What a creator, or TikTok itself, does to an account or a post by hand."""

from __future__ import annotations

from utils.sandbox.tiktok_state import JSON, SERVICE, TikTokState

FACTS: dict[str, type] = {
    "nickname": str,
    "username": str,
    "private": bool,
    "comment_disabled": bool,
    "duet_disabled": bool,
    "stitch_disabled": bool,
    "max_seconds": int,
    "block": str,
}
"""What can change of a creator; `block` is the code that keeps them from posting."""

REMOVED_BY_PERSON = 1
"""Reason of the event authorization.removed; the numbers 0 to 5 are not explained."""


class Person:
    """The side of the creator, behind the application's back."""

    def __init__(self, state: TikTokState) -> None:
        self._state = state

    def list_accounts(self) -> list[JSON]:
        rows = self._state.creators.items()
        return [{"service": SERVICE, "account": open_id, **row} for open_id, row in rows]

    def change_account(self, open_id: str, changes: JSON) -> JSON:
        """Change facts of a creator, or take an application's access away.

        Raises:
            ValueError: when the creator or a fact is unknown.
        """
        creator, rest = self._state.creators.get(open_id), dict(changes)
        if creator is None:
            raise ValueError(f"there is no creator {open_id}")
        if rest.pop("authorized", True) is False:
            self._remove_authorization(open_id)
        wrong = [name for name, value in rest.items() if type(value) is not FACTS.get(name)]
        if wrong:
            raise ValueError(f"a creator has no such {wrong[0]}")
        self._state.creators.put(open_id, {**creator, **rest})
        return {"account": open_id, **creator, **rest}

    def _remove_authorization(self, open_id: str) -> None:
        for client_key in self._state.forget_grants(open_id):
            told = {"reason": REMOVED_BY_PERSON}
            self._state.hooks.queue(client_key, open_id, "authorization.removed", told)

    def alter(self, remote_id: str, changes: JSON) -> None:
        """Change a post, named by its id or its publish_id.

        Raises:
            ValueError: when there is none, or a change is unknown.
        """
        tasks = (task for _, task in self._state.tasks.items())
        names = ("post_id", "publish_id")
        task = next((t for t in tasks if remote_id in [t[name] for name in names]), None)
        if task is None or set(changes) - {"gone", "visibility", "posted"}:
            raise ValueError(f"TikTok cannot alter {remote_id}: {sorted(changes)}")
        if "posted" in changes:
            self._post_draft(task, changes["posted"])
        if "visibility" in changes:
            self._set_level(task, str(changes["visibility"]))
        if changes.get("gone"):
            self._take_away(task)

    def _post_draft(self, task: JSON, wish: object) -> None:
        """Post a draft of the inbox, with the text and the level that the person chooses."""
        if task["status"] != "SEND_TO_USER_INBOX":
            raise ValueError(f"{task['publish_id']} is no draft in the inbox")
        creator = self._state.creator(task["open_id"])
        options = self._state.privacy_options(creator)
        chosen = wish if isinstance(wish, dict) else {}
        task["post_info"] = {"privacy_level": options[0], "title": "", **chosen}
        self._state.put_live(task)

    def _set_level(self, task: JSON, level: str) -> None:
        if task["post_id"] is None:
            raise ValueError(f"{task['publish_id']} is not posted")
        was_public, shown = self._state.is_public(task), self._state.shown_id(task)
        task["post_info"] = {**task["post_info"], "privacy_level": level}
        public = level == "PUBLIC_TO_EVERYONE"
        task["public_at"] = self._state.now() if public else None
        self._state.tasks.put(task["publish_id"], task)
        self._state.sandbox.update_published(SERVICE, shown, visibility=level)
        if was_public and not public:
            self._tell_no_longer_public(task)

    def _take_away(self, task: JSON) -> None:
        was_public, shown = self._state.is_public(task), self._state.shown_id(task)
        task.update(public_at=None, gone=True)
        self._state.tasks.put(task["publish_id"], task)
        self._state.sandbox.unpublish(SERVICE, shown)
        if was_public:
            self._tell_no_longer_public(task)

    def _tell_no_longer_public(self, task: JSON) -> None:
        told = {"publish_id": task["publish_id"], "post_id": task["post_id"]}
        # The name of the event is spelled like this.
        event = "post.publish.no_longer_publicaly_available"
        self._state.hooks.queue(task["client_key"], task["open_id"], event, told)
