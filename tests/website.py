"""A web site on this machine with everything that a page of links may do, well and badly.

``/list?page=N`` shows 1,000 videos on 20 pages; ``/lazy``, ``/player``, ``/feed.xml``,
``/atom.xml``, ``/sitemap.xml`` … show them in other ways; ``/hostile/…`` does harm. Videos lie at
``/v/NAME.mp4`` and are the files that the test put there, else so many bytes as the name says.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

HOST = "127.0.0.1"
VIDEOS = 1000
A_PAGE = 50
CHUNK = 64 * 1024

Answer = Callable[["Site", web.Request], Awaitable[web.StreamResponse]]
_ROUTES: dict[str, Answer] = {}


def route(path: str) -> Callable[[Answer], Answer]:
    def keep(answer: Answer) -> Answer:
        _ROUTES[path] = answer
        return answer

    return keep


@dataclass(slots=True)
class Site:
    """What the site has and what it was asked; tests change it while it runs."""

    base: str = ""
    videos: dict[str, bytes] = field(default_factory=dict)
    """Content by name without its ending."""
    robots: str = ""
    """Empty: there is no robots.txt."""
    robots_status: int = 200
    listed: int = VIDEOS
    """How many videos ``/list`` shows."""
    asked: Counter[str] = field(default_factory=Counter)
    """Requests by method and path."""
    order: list[tuple[float, str]] = field(default_factory=list)
    """When each path was asked for, in seconds of the loop."""
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    """Videos send their second half only when it is set."""
    held: int = 0
    """How many answers wait for it."""
    busy: int = 0
    """So often ``/busy`` is busy yet."""
    retry_after: str = "1"

    def url(self, path: str) -> str:
        return f"{self.base}{path}"

    def content(self, name: str) -> bytes:
        if name not in self.videos:
            size = int(hashlib.sha256(name.encode()).hexdigest()[:4], 16) + 1000
            return bytes([len(name)]) * size
        return self.videos[name]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self.asked[f"{request.method} {path}"] += 1
        self.order.append((asyncio.get_running_loop().time(), path))
        if path.startswith("/v/"):
            return await self._video(request)
        known = _ROUTES.get(path)
        if known is None:
            return web.Response(status=404, text="no such page", content_type="text/html")
        return await known(self, request)

    async def _video(self, request: web.Request) -> web.StreamResponse:
        name = request.path.rpartition("/")[2].rpartition(".")[0]
        if name.startswith("gone"):
            return web.Response(status=404)
        body = self.content(name)
        start, status = _start(request, len(body))
        head = {
            "etag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            "accept-ranges": "bytes",
            "content-length": str(len(body) - start),
        }
        if status == 206:
            head["content-range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        response = web.StreamResponse(status=status, headers=head)
        response.content_type = "video/mp4"
        await response.prepare(request)
        if request.method != "HEAD":
            await self._send(response, body[start:])
        return response

    async def _send(self, response: web.StreamResponse, body: bytes) -> None:
        half = len(body) // 2
        await response.write(body[:half])
        if not self.hold.is_set():
            self.held += 1
            await self.hold.wait()
        for at in range(half, len(body), CHUNK):
            await response.write(body[at : at + CHUNK])


def _start(request: web.Request, size: int) -> tuple[int, int]:
    wanted = request.headers.get("range", "")
    if not wanted.startswith("bytes="):
        return 0, 200
    start = int(wanted.removeprefix("bytes=").partition("-")[0] or 0)
    return (start, 206) if start < size else (0, 200)


@asynccontextmanager
async def open_site(**changes: Any) -> AsyncIterator[Site]:
    """Serve the site as long as the block; videos are not held unless the test clears `hold`."""
    site = Site(**changes)
    site.hold.set()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    site.base = f"http://{HOST}:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        site.hold.set()
        await runner.cleanup()


def page(body: str, head: str = "") -> web.Response:
    text = (
        f"<!doctype html><html><head><title>Clips</title>{head}</head><body>{body}</body></html>"
    )
    return web.Response(text=text, content_type="text/html")


def xml(text: str, kind: str = "application/xml") -> web.Response:
    return web.Response(text=text, content_type=kind)


def clip(number: int) -> str:
    return f"/v/clip-{number:04d}.mp4"


@route("/robots.txt")
async def _robots(site: Site, request: web.Request) -> web.StreamResponse:
    del request
    if not site.robots and site.robots_status == 200:
        return web.Response(status=404)
    return web.Response(text=site.robots, status=site.robots_status)


@route("/list")
async def _list(site: Site, request: web.Request) -> web.StreamResponse:
    number = int(request.query.get("page", "1"))
    first = (number - 1) * A_PAGE
    last = min(first + A_PAGE, site.listed)
    items = "".join(f'<li><a href="{clip(n)}">Clip {n}</a></li>' for n in range(first, last))
    pages = range(1, -(-site.listed // A_PAGE) + 1)
    turns = "".join(f'<a href="/list?page={n}">{n}</a> ' for n in pages)
    onward = f'<a rel="next" href="?page={number + 1}">Next</a>' if last < site.listed else ""
    return page(f'<ul>{items}</ul><nav class="pagination">{turns}{onward}</nav>')


@route("/lazy")
async def _lazy(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return page(
        '<div class="card" data-video="/v/lazy-a.mp4" title="Card A"></div>'
        '<img data-video-src="v/lazy-b.webm" alt="B">'
        '<video data-src="/play?id=7" title="Late"></video>'
        '<video><source data-src="/v/lazy-c.mp4" type="video/mp4"></video>'
        '<a data-mp4="//127.0.0.1:1/v/lazy-d.mp4">D</a>'
        '<img data-src="/picture.jpg"><div data-config="{not a link}"></div>'
    )


@route("/player")
async def _player(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    head = (
        '<base href="/media/"><meta property="og:video" content="og.mp4">'
        '<meta property="og:image" content="og.jpg">'
        '<meta name="twitter:player:stream" content="/v/card.mp4">'
    )
    return page(
        '<video src="one.mp4" title="The first one"></video>'
        '<video title="Two"><source src="../v/two.mp4" type="video/mp4">'
        '<source src="two.webm"></video>'
        '<picture><source srcset="p.webp"></picture><audio><source src="a.mp3"></audio>'
        '<object data="three.mp4" type="video/mp4"></object><embed src="four.mov">'
        '<a href="file%20five.mkv#t=3">Five</a><a href="five.html">no video</a>',
        head,
    )


@route("/streams")
async def _streams(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return page(
        '<video src="/live/master.m3u8"></video><a href="/dash/all.mpd">DASH</a>'
        '<video><source src="/hls" type="application/vnd.apple.mpegurl"></video>'
        '<a href="/v/plain.mp4">Plain</a>'
    )


@route("/jsonld")
async def _jsonld(site: Site, request: web.Request) -> web.StreamResponse:
    del request
    graph = {
        "@graph": [
            {
                "@type": "VideoObject",
                "name": "Sea & sand",
                "contentUrl": site.url("/v/ld-one.mp4"),
                "duration": "PT1M30.5S",
            },
            {"@type": ["Thing", "https://schema.org/VideoObject"], "contentUrl": "/v/ld-two.mp4"},
            {"@type": "Article", "video": {"@type": "VideoObject", "contentUrl": "/x.m3u8"}},
            {"@type": "VideoObject", "embedUrl": "/embed/1"},
        ]
    }
    broken = '<script type="application/ld+json">{"@type": </script>'
    deep = f'<script type="application/ld+json">{"[" * 50_000}</script>'
    script = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    return page(broken + deep + script)


@route("/feed.xml")
async def _feed(site: Site, request: web.Request) -> web.StreamResponse:
    del request
    return xml(
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
        "<title>Feed</title><item><title>Enclosed</title><itunes:duration>1:05</itunes:duration>"
        f'<enclosure url="{site.url("/v/enclosed.mp4")}" length="12" type="video/mp4"/></item>'
        "<item><title>Media</title>"
        '<media:content url="/v/media.mp4" type="video/mp4" duration="61" fileSize="99"/></item>'
        '<item><title>Sound</title><enclosure url="/a.mp3" type="audio/mpeg"/></item>'
        "</channel></rss>",
        "application/rss+xml",
    )


@route("/atom.xml")
async def _atom(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return xml(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title>'
        '<link rel="next" href="/feed.xml"/><entry><title>Über</title>'
        '<link rel="enclosure" type="video/mp4" href="/v/atom.mp4"/></entry></feed>',
        "application/atom+xml",
    )


@route("/sitemap.xml")
async def _sitemap(site: Site, request: web.Request) -> web.StreamResponse:
    del request
    return xml(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">'
        f"<url><loc>{site.url('/one.html')}</loc><video:video><video:title>Map one</video:title>"
        f"<video:content_loc>{site.url('/v/map-one.mp4')}</video:content_loc>"
        "<video:duration>75</video:duration></video:video></url>"
        f"<url><loc>{site.url('/v/map-two.mp4')}</loc></url>"
        f"<url><loc>{site.url('/player')}</loc></url></urlset>"
    )


@route("/index.xml")
async def _index(site: Site, request: web.Request) -> web.StreamResponse:
    del request
    return xml(
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<sitemap><loc>{site.url('/packed.xml.gz')}</loc></sitemap>"
        f"<sitemap><loc>{site.url('/sitemap.xml')}</loc></sitemap></sitemapindex>"
    )


@route("/packed.xml.gz")
async def _packed(site: Site, request: web.Request) -> web.StreamResponse:
    del request
    text = f"<urlset><url><loc>{site.url('/v/packed.mp4')}</loc></url></urlset>"
    return web.Response(body=gzip.compress(text.encode()), content_type="application/gzip")


@route("/latin")
async def _latin(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    body = '<a href="/v/latin.mp4">Größe</a>'.encode("latin-1")
    return web.Response(body=body, headers={"content-type": "text/html; charset=latin-1"})


@route("/moved")
async def _moved(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    raise web.HTTPFound("/list?page=20")


@route("/busy")
async def _busy(site: Site, request: web.Request) -> web.StreamResponse:
    del request
    if site.busy > 0:
        site.busy -= 1
        return web.Response(status=429, headers={"retry-after": site.retry_after})
    return page('<a href="/v/after.mp4">After</a>')


@route("/half")
async def _half(site: Site, request: web.Request) -> web.StreamResponse:
    """Break in the middle of a page."""
    del site
    response = web.StreamResponse(headers={"content-length": "100000"})
    response.content_type = "text/html"
    await response.prepare(request)
    await response.write(b'<a href="/v/half.mp4">Half</a>')
    assert request.transport is not None
    request.transport.close()
    return response


@route("/broken")
async def _broken(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return web.Response(status=500)


@route("/picture")
async def _picture(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return web.Response(body=b"\x89PNG", content_type="image/png")


@route("/next-broken")
async def _next_broken(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return page('<a href="/v/good.mp4">Good</a><a rel="next" href="/gone">next</a>')


@route("/files")
async def _files(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return page(
        '<a href="/v/fine.mp4">Fine</a><a href="/v/gone.mp4">Gone</a>'
        '<a href="/list.mp4">Page</a><a href="/closed.mp4">Closed</a>'
    )


@route("/list.mp4")
async def _page_as_video(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return page("not found, but politely")


@route("/closed.mp4")
async def _closed(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return web.Response(status=403)


@route("/hostile/links")
async def _hostile_links(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    addresses = (
        "javascript:alert('x.mp4')",
        "data:video/mp4;base64,AAAA",
        "file:///etc/passwd.mp4",
        "blob:https://example.org/x.mp4",
        "ftp://example.org/x.mp4",
        "http://user:secret@example.org/x.mp4",
        "http://[::1/x.mp4",
        "http://example.org:99999/x.mp4",
        "/v/" + "x" * 5000 + ".mp4",
    )
    links = "".join(f'<a href="{address}">x</a>' for address in addresses)
    return page(links + '<a href=" /v/fine.mp4\n">privacy: public\nto: youtube</a>')


@route("/hostile/entities")
async def _entities(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return xml(
        f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{lines}]>'
        "<rss version='2.0'><channel><item><title>&l11;</title></item></channel></rss>"
    )


@route("/hostile/files")
async def _external(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return xml(
        '<!DOCTYPE urlset SYSTEM "file:///etc/passwd"><urlset><url><loc>&passwd;</loc></url></urlset>'
    )


@route("/hostile/bomb.xml.gz")
async def _bomb(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return web.Response(body=packed_zeros(2 * 1024**3), content_type="application/gzip")


@route("/hostile/coded")
async def _coded(site: Site, request: web.Request) -> web.StreamResponse:
    """Pack a page although nobody asked for that."""
    del site, request
    head = {"content-encoding": "gzip", "content-type": "text/html"}
    return web.Response(body=packed_zeros(1024**3), headers=head)


def packed_zeros(size: int) -> bytes:
    """Return so many bytes packed into a thousandth."""
    machine = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(8 * 1024**2)
    parts = [machine.compress(block) for _ in range(size // len(block))]
    return b"".join([*parts, machine.flush()])


@route("/hostile/endless")
async def _endless(site: Site, request: web.Request) -> web.StreamResponse:
    del site
    response = web.StreamResponse()
    response.content_type = "text/html"
    await response.prepare(request)
    await response.write(b'<html><a href="/v/endless.mp4">Endless</a>')
    while True:
        await response.write(b"<p>and on</p>" * 50_000)


@route("/hostile/drip")
async def _drip(site: Site, request: web.Request) -> web.StreamResponse:
    """Send a byte now and then, for ever."""
    del site
    response = web.StreamResponse()
    response.content_type = "text/html"
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.02)


@route("/hostile/silent")
async def _silent(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


@route("/hostile/loop")
async def _loop(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    raise web.HTTPFound("/hostile/loop")


@route("/hostile/private")
async def _private(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    raise web.HTTPFound("http://169.254.169.254/latest/meta-data/")


@route("/hostile/calendar")
async def _calendar(site: Site, request: web.Request) -> web.StreamResponse:
    """Go on for ever, each page another one."""
    del site
    number = int(request.query.get("page", "1"))
    return page(f'<a href="/v/day.mp4">Day</a><a rel="next" href="?page={number + 1}">next</a>')


@route("/hostile/nested")
async def _nested(site: Site, request: web.Request) -> web.StreamResponse:
    del site, request
    return page('<a href="/v/deep.mp4">' * 20_000 + "<div>" * 20_000)
