"""The two addresses of a sign-in: the one-time link, and where the platform sends people back."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from bot.chat.connecting import finished_text
from bot.chat.refusals import refusal_text
from bot.chat.texts import say, speaking
from bot.chat.texts.tongues import language_accepted
from bot.web.pages import redirect, sentence_page
from core.accounts.connector import Connector
from core.accounts.logins import CALLBACK, START
from core.accounts.outcomes import Choose, Redirect
from core.errors import RefusedError

logger = logging.getLogger(__name__)

COOKIE = "karvon_connect_"
"""Followed by the number of the sign-in: a browser may have begun several."""
STATUS = {
    "connect_bad_link": 404,
    "connect_expired": 410,
    "connect_used": 410,
    "connect_other_browser": 403,
    "connect_platform_down": 503,
}
"""HTTP status of a refusal; what is not here is 400."""
MOST_COOKIES = 20

Handler = Callable[[web.Request], Awaitable[web.Response]]


class ConnectPages:
    """Answers browsers; everything that is decided is decided by the connector."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        # No HEAD: whoever only looks at a link must not use it up.
        return (
            web.get(f"{START}/{{ticket}}", _in_its_language(self.open), allow_head=False),
            web.get(f"{CALLBACK}/{{login}}", _in_its_language(self.callback), allow_head=False),
        )

    async def open(self, request: web.Request) -> web.Response:
        try:
            way = await self._connector.open(request.match_info["ticket"], _browsers(request))
        except RefusedError as refusal:
            return _refused(refusal)
        answer = redirect(way.url)
        self._remember(answer, way)
        return answer

    async def callback(self, request: web.Request) -> web.Response:
        login = request.match_info["login"]
        try:
            outcome = await self._connector.callback(login, request.query, _browsers(request))
        except RefusedError as refusal:
            return _refused(refusal)
        if isinstance(outcome, Choose):
            key = "page_not_checked" if outcome.is_later else "page_choose"
            return sentence_page("page_almost", say(key, count=len(outcome.choices)))
        return sentence_page("page_connected", finished_text(outcome))

    def _remember(self, answer: web.Response, way: Redirect) -> None:
        """Let this browser, and no page of another site, bring the code."""
        answer.set_cookie(
            f"{COOKIE}{way.sign_in_id}",
            way.browser,
            max_age=self._connector.link_seconds,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=way.is_secure,
        )


def _in_its_language(handler: Handler) -> Handler:
    """Let a page speak the language that its browser asks for."""

    async def handle(request: web.Request) -> web.Response:
        with speaking(language_accepted(request.headers.get("Accept-Language", ""))):
            return await handler(request)

    return handle


def _browsers(request: web.Request) -> list[str]:
    known = [value for name, value in request.cookies.items() if name.startswith(COOKIE)]
    return known[:MOST_COOKIES]


def _refused(refusal: RefusedError) -> web.Response:
    logger.info("sign-in page refused", extra={"why": refusal.key})
    status = STATUS.get(refusal.key, 400)
    text = refusal_text(refusal.key, refusal.facts)
    return sentence_page("page_not_connected", text, status=status)
