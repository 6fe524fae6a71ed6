"""The control routes: what tests and the demo ask of the stand-ins; never part of a remote."""

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

    async def published(self, _: web.Request) -> web.Response:
        await self._sandbox.settle()
        return web.json_response(self._sandbox.published())

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
