"""What people, and Meta itself, do by hand: applications, accounts, and posts."""

from __future__ import annotations

from urllib.parse import urlsplit

from utils.sandbox.meta import JSON, MetaState
from utils.sandbox.server import Collection

APP_FACTS: dict[str, frozenset[str]] = {
    "mode": frozenset({"development", "live"}),
    "login": frozenset({"business", "classic"}),
    "kind": frozenset({"web"}),
}
PAGE_FACTS: dict[str, type] = {"name": str, "tasks": list}
IG_FACTS: dict[str, type] = {"username": str, "account_type": str}
ROLE_LOST, APP_REMOVED = 492, 458
CHANGES = {"facebook": {"gone", "visibility", "blocked", "text"}}
CHANGES["instagram"] = CHANGES["facebook"] - {"visibility"}


class MetaPeople:
    """The world behind one of the two products; they share their state."""

    def __init__(self, state: MetaState, product: str) -> None:
        self._state = state
        self._product = product

    def apps(self) -> list[JSON]:
        rows = self._state.apps.items()
        return [
            {"service": self._product, "client_id": client_id, **row}
            for client_id, row in rows
            if row["product"] == self._product
        ]

    def change_app(self, client_id: str, changes: JSON) -> JSON:
        """Register an application or change it; redirect addresses are added.

        Raises:
            ValueError: when the dashboard would not take it.
        """
        rest = dict(changes)
        old = self._state.apps.get(client_id) or self._new_app()
        addresses = [str(one) for one in rest.pop("redirect_uris", [])]
        plain = [one for one in addresses if urlsplit(one).scheme != "https"]
        wrong = [name for name, value in rest.items() if not _is_app_fact(name, value)]
        if plain or wrong or old["product"] != self._product:
            raise ValueError(f"the dashboard does not take {plain or wrong or client_id}")
        secret = rest.pop("client_secret", old["secret"])
        listed = list(dict.fromkeys([*old["redirect_uris"], *addresses]))
        new = {**old, **rest, "secret": secret, "redirect_uris": listed}
        self._state.apps.put(client_id, new)
        return {"service": self._product, "client_id": client_id, **new}

    def _new_app(self) -> JSON:
        shared = {"secret": "", "product": self._product, "mode": "development"}
        return {**shared, "login": "business", "configs": {}, "redirect_uris": []}

    def list_accounts(self) -> list[JSON]:
        if self._product == "instagram":
            rows = self._state.ig_users.items()
            return [{"service": "instagram", "account": ig_id, **row} for ig_id, row in rows]
        people = {**dict(self._state.users.items()), **dict(self._state.pages.items())}
        return [{"service": "facebook", "account": key, **row} for key, row in people.items()]

    def change_account(self, account: str, changes: JSON) -> JSON:
        """Change a Page, a person or an Instagram account.

        `authorized: false` takes the access of all applications away, `subcode` lets all tokens
        die for another reason, and a Page without tasks is one whose role the person lost.

        Raises:
            ValueError: when it is unknown, or a fact is.
        """
        rest = dict(changes)
        collection, fact, known = self._account(account)
        subcode = APP_REMOVED if rest.pop("authorized", True) is False else rest.pop("subcode", 0)
        row = collection.get(account)
        wrong = [name for name, value in rest.items() if type(value) is not known.get(name)]
        if row is None or wrong:
            raise ValueError(f"cannot change {wrong} of {account}")
        if rest.get("tasks") == []:
            subcode = ROLE_LOST
        if subcode:
            self._state.kill_where(int(subcode), **{fact: account})
        collection.put(account, {**row, **rest})
        return {"account": account, **row, **rest}

    def _account(self, account: str) -> tuple[Collection, str, dict[str, type]]:
        """Return where an account lies, which fact of tokens names it, and what can change."""
        if self._product == "instagram":
            return self._state.ig_users, "user_id", IG_FACTS
        if self._state.pages.get(account) is not None:
            return self._state.pages, "page_id", PAGE_FACTS
        return self._state.users, "user_id", {"name": str}

    def alter(self, remote_id: str, changes: JSON) -> None:
        """Change a post.

        Raises:
            ValueError: when there is none, or a change is unknown.
        """
        posts = self._state.media if self._product == "instagram" else self._state.videos
        post = posts.get(remote_id)
        if post is None or set(changes) - CHANGES[self._product]:
            raise ValueError(f"{self._product} cannot alter {remote_id}: {sorted(changes)}")
        sandbox = self._state.sandbox
        if changes.get("gone"):
            posts.delete(remote_id)
            sandbox.unpublish(self._product, remote_id)
            return
        text, shown = changes.get("text", {}), {}
        if "visibility" in changes:
            shown["visibility"] = changes["visibility"]
            post |= _visible(post, str(changes["visibility"]), self._state.now())
        if "blocked" in changes:
            post["blocked"] = shown["blocked"] = changes["blocked"]
        if text:
            row = sandbox.find_published(self._product, remote_id) or {"text": {}}
            shown["text"] = {**row["text"], **text}
        posts.put(remote_id, {**post, **text})
        sandbox.update_published(self._product, remote_id, **shown)


def _visible(video: JSON, visibility: str, now: float) -> JSON:
    """Return what changes of a Page's video that is hidden or shown by hand.

    Raises:
        ValueError: when it is neither.
    """
    if visibility not in {"public", "unpublished"}:
        raise ValueError("a Page's video is public or unpublished")
    if visibility == "unpublished":
        return {"state": "DRAFT", "published_at": None}
    return {"state": "PUBLISHED", "published_at": video["published_at"] or now}


def _is_app_fact(name: str, value: object) -> bool:
    if name == "client_secret":
        return isinstance(value, str)
    if name == "configs":
        return isinstance(value, dict)
    return name in APP_FACTS and value in APP_FACTS[name]
