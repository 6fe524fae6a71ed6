"""The control routes: what tests and the demo ask of the stand-ins; never part of a remote.

All lie under `/_sandbox/`, on every port.

GET journal[?service=&step=&after=SEQ&limit=]: requests in order. A step has further names
    (`also` in the row), which the filter and faults know too: `token` is every call that gives
    a token, of which `code`, `exchange` (a short token for a long one) and `refresh` are parts;
    `pages` is the list of Pages, `me` the question who one is, `revoke` every withdrawal;
    `authorize` is the page of consent.
GET published[?service=&remote_id=&deleted=1]: what is live, with `text`, `visibility`,
    `options`, `thumbnail_sha256`, `captions` ({language, name, isDraft, sha256, bytes}) and
    `blocked`; with `deleted=1` also what was taken away (`deleted`, `deleted_at`).
POST faults (one or a list), GET faults, DELETE faults: failures on command (faults.py).
POST rates {SERVICE: {"up": bytes/s, "down": bytes/s}}: the speed of links.
POST clock {"advance": seconds}: move the clock.
POST options {service, name, value}: a switch, without a service a general option. Switches
    stand in the docstrings of the services; for sign-ins `auto_consent` (allow, deny) skips the
    page and `login_as` names who goes on (services google_oauth, tiktok, graph, instagram).
POST reset: begin anew.
GET addresses, GET settings: where the stand-ins are and what an application needs.
POST apps {service, client_id, ...}, GET apps: register an application or change it. `service`
    is google, tiktok, instagram or facebook; `redirect_uris` are added to those registered.
    Further: client_secret, kind (web, desktop), mode (facebook: development, live), login
    (facebook: business, classic), configs (facebook: config_id to scopes), audited and scopes
    (tiktok: those that are approved), project (google).
POST accounts {service, account, ...}, GET accounts: change facts of an account. All:
    `authorized: false`, the person takes every application's access away in the settings.
    google (a channel or a user): title, custom_thumbnails, long_uploads, tester. tiktok:
    nickname, username, private, comment_disabled, duet_disabled, stitch_disabled, max_seconds,
    block (the code that keeps the creator from posting). facebook (a Page or a user): name,
    tasks (an empty list is a lost role), subcode (tokens die for that reason). instagram:
    username, account_type (BUSINESS, MEDIA_CREATOR, PERSONAL), subcode.
POST alter {service, remote_id, ...}: change a post behind the application's back, as its owner
    or the platform would. All: `gone: true`. youtube: visibility, blocked (a list of regions),
    rejected (a reason), text. tiktok: visibility, posted (the person posts a draft of the
    inbox; remote_id is the publish_id). facebook: visibility (public, unpublished), blocked,
    text. instagram: blocked, text. telegram: text. Answers the row of the published list.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from utils.sandbox.server import Sandbox

PREFIX = "/_sandbox/"

Handler = Callable[[web.Request], Awaitable[web.Response]]


class Control:
    """Answers the control routes of one sandbox, the same on every port."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"{PREFIX}journal", _refusing(self.journal)),
            web.get(f"{PREFIX}published", self.published),
            web.get(f"{PREFIX}addresses", self.addresses),
            web.get(f"{PREFIX}settings", self.settings),
            web.get(f"{PREFIX}faults", self.faults),
            web.post(f"{PREFIX}faults", _refusing(self.add_faults)),
            web.delete(f"{PREFIX}faults", self.clear_faults),
            web.get(f"{PREFIX}rates", self.rates),
            web.post(f"{PREFIX}rates", _refusing(self.set_rates)),
            web.post(f"{PREFIX}clock", _refusing(self.clock)),
            web.post(f"{PREFIX}options", _refusing(self.options)),
            web.post(f"{PREFIX}reset", self.reset),
            web.get(f"{PREFIX}apps", self.apps),
            web.post(f"{PREFIX}apps", _refusing(self.change_app)),
            web.get(f"{PREFIX}accounts", self.accounts),
            web.post(f"{PREFIX}accounts", _refusing(self.change_account)),
            web.post(f"{PREFIX}alter", _refusing(self.alter)),
        ]

    async def journal(self, request: web.Request) -> web.Response:
        query = request.query
        limit = query.get("limit")
        rows = self._sandbox.journal.rows(
            service=query.get("service"),
            step=query.get("step"),
            after=int(query.get("after", "0")),
            limit=None if limit is None else int(limit),
        )
        return web.json_response(rows)

    async def published(self, request: web.Request) -> web.Response:
        await self._sandbox.settle()
        rows = self._sandbox.published(deleted="deleted" in request.query)
        for name in ("service", "remote_id"):
            if name in request.query:
                rows = [row for row in rows if row[name] == request.query[name]]
        return web.json_response(rows)

    async def addresses(self, _: web.Request) -> web.Response:
        return web.json_response(self._sandbox.addresses())

    async def settings(self, _: web.Request) -> web.Response:
        return web.json_response(self._sandbox.settings())

    async def faults(self, _: web.Request) -> web.Response:
        return web.json_response([f.document() for f in self._sandbox.faults.pending()])

    async def add_faults(self, request: web.Request) -> web.Response:
        body = await request.json()
        added = [
            self._sandbox.faults.add(_object(document))
            for document in (body if isinstance(body, list) else [body])
        ]
        return web.json_response([fault.document() for fault in added])

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._sandbox.release()
        return web.json_response([])

    async def rates(self, _: web.Request) -> web.Response:
        return web.json_response(self._sandbox.rates.document())

    async def set_rates(self, request: web.Request) -> web.Response:
        self._sandbox.set_rates(_object(await request.json()))
        return web.json_response(self._sandbox.rates.document())

    async def clock(self, request: web.Request) -> web.Response:
        seconds = _object(await request.json()).get("advance")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise TypeError(f'the clock takes {{"advance": seconds}}, not {seconds!r}')
        self._sandbox.advance(float(seconds))
        return web.json_response({"now": self._sandbox.clock.now()})

    async def options(self, request: web.Request) -> web.Response:
        body = _object(await request.json())
        if not isinstance(body.get("name"), str) or "value" not in body:
            raise ValueError("an option has a name and a value, and a service if it is a switch")
        self._sandbox.set_option(body.get("service"), body["name"], body["value"])
        return web.json_response(body)

    async def reset(self, _: web.Request) -> web.Response:
        await self._sandbox.reset()
        return web.json_response({"reset": True})

    async def apps(self, _: web.Request) -> web.Response:
        return web.json_response([a for s in self._sandbox.services.values() for a in s.apps()])

    async def change_app(self, request: web.Request) -> web.Response:
        service, client_id, changes = _named(await request.json(), "client_id")
        return web.json_response(self._sandbox.playing(service).change_app(client_id, changes))

    async def accounts(self, _: web.Request) -> web.Response:
        found = (s.list_accounts() for s in self._sandbox.services.values())
        return web.json_response([account for accounts in found for account in accounts])

    async def change_account(self, request: web.Request) -> web.Response:
        service, account, changes = _named(await request.json(), "account")
        return web.json_response(self._sandbox.playing(service).change_account(account, changes))

    async def alter(self, request: web.Request) -> web.Response:
        service, remote_id, changes = _named(await request.json(), "remote_id")
        await self._sandbox.settle()
        await self._sandbox.playing(service).alter(remote_id, changes)
        return web.json_response(self._sandbox.find_published(service, remote_id))


def _named(body: object, key: str) -> tuple[str, str, dict[str, Any]]:
    """Return the service, the id under `key`, and what else is in a body.

    Raises:
        TypeError: when one of the two is missing.
    """
    rest = dict(_object(body))
    service, name = rest.pop("service", None), rest.pop(key, None)
    if not isinstance(service, str) or not isinstance(name, str):
        raise TypeError(f"service and {key} are needed as texts")
    return service, name, rest


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"a JSON object is needed, not {value!r}")
    return value


def _refusing(handler: Handler) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except (ValueError, TypeError) as error:  # a JSON error is a ValueError
            return web.json_response({"error": str(error)}, status=400)

    return answer


def control_error(status: int, message: str) -> web.Response:
    """Return an error of the control port."""
    return web.Response(
        status=status, text=json.dumps({"error": message}), content_type="application/json"
    )
