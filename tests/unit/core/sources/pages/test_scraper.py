"""Looks at a web site that shows its videos in every way, well and badly."""

from __future__ import annotations

import re
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.chat.texts.en.links import FINDINGS
from core.sources.guard import Guard, link_session
from core.sources.pages.links import LinkKind, PageError
from core.sources.pages.scraper import Scraped, Scraper, ScrapeRules
from tests.website import HOST, VIDEOS, Site, open_site
from utils.clock import SystemClock

FOLDER = Path(__file__).parents[5] / "core" / "sources" / "pages"
FILES = ("fetching", "documents", "robots", "scraper", "sitemaps", "sizes")
SOURCES = "".join((FOLDER / f"{name}.py").read_text() for name in FILES)
RULES = ScrapeRules(pace_seconds=0, page_seconds=2.0, measure_seconds=0)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as opened:
        yield opened


@asynccontextmanager
async def scraper(**changes: Any) -> AsyncIterator[Scraper]:
    guard = Guard([HOST])
    async with link_session(guard) as session:
        yield Scraper(
            session=session,
            check=guard.check,
            clock=SystemClock(),
            rules=replace(RULES, **changes),
        )


async def look(site: Site, path: str, **changes: Any) -> Scraped:
    async with scraper(**changes) as one:
        return await one.scrape(site.url(path))


async def refusal(site: Site, path: str, **changes: Any) -> str:
    with pytest.raises(PageError) as caught:
        await look(site, path, **changes)
    return caught.value.finding.key


def names(found: Scraped) -> list[str]:
    return [link.url.rpartition("/")[2] for link in found.links]


def keys(found: Scraped) -> list[str]:
    return [finding.key for finding in found.findings]


async def test_finds_a_thousand_links_over_many_pages(site: Site) -> None:
    found = await look(site, "/list")
    assert len(found.links) == VIDEOS
    assert found.pages == 20
    assert [link.title for link in found.links[:2]] == ["Clip 0", "Clip 1"]
    assert site.asked["GET /list"] == 21, "the first page has two addresses"
    assert keys(found) == []


async def test_stops_at_the_limit_of_pages_and_says_so(site: Site) -> None:
    found = await look(site, "/list", pages=3)
    assert (len(found.links), keys(found)) == (150, ["look_pages"])


async def test_keeps_no_more_links_than_allowed(site: Site) -> None:
    found = await look(site, "/list", links=120)
    assert (len(found.links), keys(found)) == (120, ["look_links"])


async def test_reads_what_players_load_late(site: Site) -> None:
    found = await look(site, "/lazy")
    titles = {link.url.removeprefix(site.base): link.title for link in found.links}
    assert titles == {
        "/v/lazy-a.mp4": "Card A",
        "/v/lazy-b.webm": "lazy b",
        "/play?id=7": "Late",
        "/v/lazy-c.mp4": "lazy c",
        "http://127.0.0.1:1/v/lazy-d.mp4": "D",
    }


async def test_reads_players_relative_to_the_base(site: Site) -> None:
    found = await look(site, "/player")
    paths = {link.url.removeprefix(site.base) for link in found.links}
    assert paths == {
        "/media/og.mp4",
        "/v/card.mp4",
        "/media/one.mp4",
        "/v/two.mp4",
        "/media/two.webm",
        "/media/three.mp4",
        "/media/four.mov",
        "/media/file%20five.mkv",
    }
    one = next(link for link in found.links if link.url.endswith("/one.mp4"))
    assert one.title == "The first one"


async def test_notes_streams_and_does_not_offer_them(site: Site) -> None:
    found = await look(site, "/streams")
    assert [link.kind for link in found.links].count(LinkKind.STREAM) == 3
    assert [link.url for link in found.offered] == [site.url("/v/plain.mp4")]


async def test_reads_what_a_page_tells_machines(site: Site) -> None:
    found = await look(site, "/jsonld")
    first, second, stream = found.links
    assert (first.title, first.duration_seconds) == ("Sea & sand", 90.5)
    assert second.url == site.url("/v/ld-two.mp4")
    assert stream.kind is LinkKind.STREAM


async def test_reads_feeds_and_their_following_pages(site: Site) -> None:
    found = await look(site, "/atom.xml")
    told = [(link.title, link.duration_seconds) for link in found.links]
    assert told == [("Über", None), ("Enclosed", 65.0), ("Media", 61.0)]
    assert found.title == "Atom"


async def test_reads_indexes_packed_and_video_sitemaps(site: Site) -> None:
    found = await look(site, "/index.xml")
    assert names(found)[:3] == ["packed.mp4", "map-one.mp4", "map-two.mp4"]
    assert found.links[1].title == "Map one"
    assert found.links[1].duration_seconds == 75.0
    assert "one.mp4" in names(found), "pages of a sitemap are read too"


async def test_a_video_is_its_own_only_link(site: Site) -> None:
    found = await look(site, "/v/alone.mp4")
    assert names(found) == ["alone.mp4"]
    assert found.links[0].title == "alone"


async def test_a_declared_charset_is_believed(site: Site) -> None:
    assert (await look(site, "/latin")).links[0].title == "Größe"


async def test_a_redirect_is_followed_and_is_the_base(site: Site) -> None:
    found = await look(site, "/moved", pages=1)
    assert found.url == site.url("/list?page=20")
    assert names(found)[0] == "clip-0950.mp4"


async def test_sizes_and_versions_are_asked_for(site: Site) -> None:
    site.videos["fine"] = b"x" * 4321
    found = await look(site, "/files", measure_seconds=10)
    told = {
        link.url.removeprefix(site.base): (link.size_bytes, link.trouble) for link in found.links
    }
    assert told == {
        "/v/fine.mp4": (4321, ""),
        "/v/gone.mp4": (None, "link_gone"),
        "/list.mp4": (None, "link_page"),
        "/closed.mp4": (None, "link_forbidden"),
    }
    assert found.links[0].version.startswith('"')
    assert [link.url for link in found.offered] == [site.url("/v/fine.mp4")]


async def test_robots_keep_us_out(site: Site) -> None:
    site.robots = "User-agent: *\nDisallow: /list"
    assert await refusal(site, "/list") == "robots_forbid"
    assert site.asked["GET /list"] == 0


async def test_robots_are_not_asked_when_switched_off(site: Site) -> None:
    site.robots = "User-agent: *\nDisallow: /"
    found = await look(site, "/list", pages=1, obey_robots=False)
    assert len(found.links) == 50
    assert site.asked["GET /robots.txt"] == 0


async def test_robots_that_cannot_be_read_allow_nothing(site: Site) -> None:
    site.robots_status = 500
    assert await refusal(site, "/list") == "robots_unknown"


async def test_robots_keep_videos_out(site: Site) -> None:
    site.robots = "User-agent: karvon\nDisallow: /v/\n"
    found = await look(site, "/list", pages=1, measure_seconds=10)
    assert {link.trouble for link in found.links} == {"robots_forbid"}
    assert found.offered == []
    assert not [path for path in site.asked if path.startswith("HEAD")]


async def test_keeps_the_pace_of_a_host(site: Site) -> None:
    await look(site, "/list", pages=3, pace_seconds=0.15, obey_robots=False)
    times = [at for at, path in site.order if path == "/list"]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(gap >= 0.14 for gap in gaps), gaps


async def test_a_busy_host_is_asked_when_it_wants(site: Site) -> None:
    site.busy, site.retry_after = 1, "1"
    found = await look(site, "/busy")
    assert names(found) == ["after.mp4"]
    times = [at for at, path in site.order if path == "/busy"]
    assert times[1] - times[0] >= 0.95


async def test_a_host_that_wants_an_hour_is_left_alone(site: Site) -> None:
    site.busy, site.retry_after = 1, "3600"
    assert await refusal(site, "/busy") == "page_busy"
    assert site.asked["GET /busy"] == 1


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/nowhere", "page_gone"),
        ("/closed.mp4", "page_forbidden"),
        ("/picture", "page_type"),
        ("/hostile/loop", "page_redirects"),
        ("/hostile/private", "page_private"),
        ("/hostile/drip", "page_slow"),
        ("/hostile/silent", "page_slow"),
        ("/hostile/entities", "page_entities"),
    ],
)
async def test_a_first_page_that_cannot_be_read_says_why(site: Site, path: str, key: str) -> None:
    assert await refusal(site, path, page_seconds=0.5) == key


async def test_a_later_page_that_fails_is_a_finding(site: Site) -> None:
    found = await look(site, "/next-broken")
    assert (names(found), keys(found)) == (["good.mp4"], ["page_gone"])


async def test_what_came_of_a_broken_page_is_read(site: Site) -> None:
    found = await look(site, "/half")
    assert (names(found), keys(found)) == (["half.mp4"], ["page_cut"])


async def test_an_endless_page_is_read_up_to_the_limit(site: Site) -> None:
    found = await look(site, "/hostile/endless", page_seconds=20.0)
    assert (names(found), keys(found)) == (["endless.mp4"], ["page_cut"])


@pytest.mark.parametrize("path", ["/hostile/bomb.xml.gz", "/hostile/coded"])
async def test_bombs_do_not_fill_the_memory(site: Site, path: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = await look(site, path, page_seconds=20.0)
    assert (found.links, "page_cut" in keys(found)) == ((), True)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 300 * 1024, "KiB"


async def test_a_file_of_this_machine_is_never_read(site: Site) -> None:
    found = await look(site, "/hostile/files")
    assert found.links == ()


async def test_links_that_are_none_are_left_out(site: Site) -> None:
    found = await look(site, "/hostile/links")
    assert [link.url for link in found.links] == [site.url("/v/fine.mp4")]
    assert found.links[0].title == "privacy: public to: youtube"


async def test_an_endless_calendar_ends(site: Site) -> None:
    found = await look(site, "/hostile/calendar", pages=7)
    assert (found.pages, keys(found)) == (7, ["look_pages"])
    assert names(found) == ["day.mp4"]


async def test_deep_markup_is_read(site: Site) -> None:
    assert names(await look(site, "/hostile/nested", page_seconds=20.0)) == ["deep.mp4"]


@pytest.mark.parametrize("url", ["example.org/x", "file:///etc/passwd", "http://", "ftp://a/b"])
async def test_an_address_that_is_none_is_refused(url: str) -> None:
    async with scraper() as one:
        with pytest.raises(PageError) as caught:
            await one.scrape(url)
    assert caught.value.finding.key == "page_bad_url"


async def test_private_hosts_are_refused_unless_allowed(site: Site) -> None:
    guard = Guard()
    async with link_session(guard) as session:
        one = Scraper(session=session, check=guard.check, clock=SystemClock(), rules=RULES)
        with pytest.raises(PageError) as caught:
            await one.scrape(site.url("/list"))
    assert caught.value.finding.key == "page_private"
    assert not site.asked


def test_every_finding_has_a_sentence() -> None:
    known = {key.removeprefix("scrape_finding_") for key in FINDINGS}
    words = set(re.findall(r'"((?:page|robots|look)_[a-z_]+)"', SOURCES))
    made = words - {"page_url", "look_id", "page_count", "robots_txt"}
    assert made - known == set()
    assert known - words == set(), "sentences that nobody says"
