"""What the tests of sign-ins share: a simple browser, and the connector against the stand-ins."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp
from yarl import URL

from bot.web.connect import ConnectPages
from bot.web.server import WebServer
from core.accounts.book import AccountBook
from core.accounts.connector import Connector, ConnectorDeps
from core.accounts.logins import Reach
from core.accounts.outcomes import Begun
from core.accounts.sealed import open_holding
from core.accounts.tokens import Tokens
from core.accounts.vault import Vault
from core.posts.notices import OutboxMessage
from core.posts.repository import Posts
from core.settings import OAuthSettings, WebSettings
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import KEY, Desk, NoTransport
from utils.clock import SystemClock
from utils.sandbox.server import Sandbox
from utils.transport import HttpTransport
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock

PERSON, OTHER = 1001, 2002
PUBLIC = "https://karvon.example"
REDIRECTS = frozenset({301, 302, 303, 307})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a browser shows; a status of 0 is a page that cannot be opened."""

    status: int
    url: str
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class _Form(HTMLParser):
    """Reads the one form of a page as a browser fills it in."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        kind = facts.get("type")
        if tag == "input" and (kind == "hidden" or "checked" in facts):
            self.fields.append((facts.get("name") or "", facts.get("value") or ""))


class Browser:
    """Follows redirects by hand, keeps cookies by host, and submits the form of consent."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        hosts: Mapping[str, str] | None = None,
        closed: Collection[str] = (),
    ) -> None:
        self._http = http
        self._hosts = dict(hosts or {})
        self._closed = frozenset(closed)
        self.cookies: dict[str, dict[str, str]] = {}

    async def get(self, url: str, method: str = "GET") -> Page:
        """Ask once, without following."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin in self._closed or (parts.scheme == "https" and origin not in self._hosts):
            return Page(status=0, url=url)
        host = parts.hostname or ""
        address = url.partition("#")[0].replace(origin, self._hosts.get(origin, origin), 1)
        jar = self.cookies.setdefault(host, {})
        cookie = "; ".join(f"{name}={value}" for name, value in jar.items())
        async with self._http.request(
            method,
            URL(address, encoded=True),
            headers={"Cookie": cookie} if cookie else {},
            allow_redirects=False,
        ) as answer:
            for line in answer.headers.getall("Set-Cookie", []):
                jar.update({name: m.value for name, m in SimpleCookie(line).items()})
            return Page(
                status=answer.status, url=url, text=await answer.text(), headers=answer.headers
            )

    async def follow(self, url: str) -> Page:
        """Go where a link leads."""
        for _ in range(10):
            page = await self.get(url)
            if page.status not in REDIRECTS:
                return page
            url = urljoin(url, page.headers["Location"])
        raise AssertionError("redirects without end")

    async def answer(
        self,
        page: Page,
        decision: str = "allow",
        *,
        without: Collection[str] = (),
        account: str = "",
    ) -> Page:
        """Fill in the page of consent and send it."""
        form = _Form()
        form.feed(page.text)
        assert form.fields, page.text
        kept = [
            (name, value)
            for name, value in form.fields
            if value not in without and not (account and name == "account")
        ]
        kept += [("account", account)] if account else []
        address = page.url.partition("?")[0]
        return await self.follow(f"{address}?{urlencode([*kept, ('decision', decision)])}")

    async def sign_in(self, link: str, decision: str = "allow", **answers: Any) -> Page:
        return await self.answer(await self.follow(link), decision, **answers)


@dataclass(kw_only=True)
class SignInWorld:
    """The connector with its pages, and the stand-ins."""

    sandbox: Sandbox
    store: SqliteStore
    clock: ManualClock
    vault: Vault
    posts: Posts
    book: AccountBook
    web: WebServer
    connector: Connector
    http: aiohttp.ClientSession
    public: str

    @property
    def server(self) -> str:
        return f"http://{self.web.address}"

    def browser(self, *, is_elsewhere: bool = False) -> Browser:
        """Return a new browser; one elsewhere does not reach this computer's loopback."""
        port = self.web.reach().port
        hosts = {self.public: self.server} if self.public else {}
        closed = [f"http://{host}:{port}" for host in ("127.0.0.1", "localhost")]
        return Browser(self.http, hosts, closed if is_elsewhere else ())

    async def begin(self, login: str, user_id: int = PERSON, **more: Any) -> Begun:
        return await self.connector.begin(login, user_id=user_id, chat_id=user_id, **more)

    async def said(self) -> list[OutboxMessage]:
        """Return what is said in chats, oldest first."""
        return await self.posts.due_messages()

    async def sentences(self) -> list[str]:
        return [message.sentence for message in await self.said()]

    async def names(self) -> list[tuple[str, str, str]]:
        """Return platform, remote id and state of every account."""
        return [(one.platform, one.remote_id, one.state) for one in await self.book.all()]

    async def tokens(self, account_id: int = 1) -> Tokens:
        row = await self.store.one("accounts.get", id=account_id)
        assert row is not None
        return open_holding(self.vault, row).tokens

    async def options(self, account_id: int = 1) -> dict[str, str]:
        row = await self.store.one("accounts.get", id=account_id)
        assert row is not None
        return dict(open_holding(self.vault, row).options)

    async def rows(self) -> list[dict[str, Any]]:
        """Return everything of ``sign_ins``."""
        found = [await self.store.one("sign_ins.get", id=number) for number in range(1, 10)]
        return [dict(row) for row in found if row is not None]

    def register(self, login: str, address: str) -> None:
        """Let the application of a login come back to an address."""
        service = {"google": "google_oauth", "tiktok": "tiktok", "instagram": "instagram"}
        app = getattr(self.connector._deps.apps, login.removeprefix("instagram_"))
        target = self.sandbox.services[service.get(login, "graph")]
        target.change_app(app.client_id, {"redirect_uris": [address]})


def idle_connector(desk: Desk) -> Connector:
    """Return a connector that nothing was told of any application."""
    return Connector(
        ConnectorDeps(
            store=desk.store,
            vault=Vault({"k1": KEY}, "k1"),
            transport=NoTransport(),
            clock=desk.clock,
            book=desk.book,
            posts=desk.posts,
            apps=OAuthSettings(),
            endpoints={},
            reach=lambda: Reach(port=8080, is_open=True),
        )
    )


@asynccontextmanager
async def open_world(
    folder: Path,
    sandbox: Sandbox,
    *,
    public: str = "",
    listens: bool = True,
    apps: Mapping[str, Any] | None = None,
) -> AsyncIterator[SignInWorld]:
    told = sandbox.settings()
    clock = ManualClock(SystemClock().now())
    async with (
        await SqliteStore.open(folder / "karvon.db", clock=clock) as store,
        HttpTransport(stall_seconds=5) as transport,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        engine = EmbeddedEngine(store, clock, lock=FileLock.beside(store.path))
        posts = Posts(store, clock, engine)
        vault = Vault({"k1": KEY}, "k1")
        book = AccountBook(store, vault, transport, clock, told["endpoints"], posts=posts)
        web = WebServer(WebSettings(listen="127.0.0.1:0", public_url=public))
        connector = Connector(
            ConnectorDeps(
                store=store,
                vault=vault,
                transport=transport,
                clock=clock,
                book=book,
                posts=posts,
                apps=OAuthSettings(**{**told["oauth"], **(apps or {})}),
                endpoints=told["endpoints"],
                reach=web.reach,
            )
        )
        web.mount(ConnectPages(connector).routes())
        if listens:
            await web.start(required=True)
        try:
            yield SignInWorld(
                sandbox=sandbox,
                store=store,
                clock=clock,
                vault=vault,
                posts=posts,
                book=book,
                web=web,
                connector=connector,
                http=http,
                public=public,
            )
        finally:
            await web.stop()
