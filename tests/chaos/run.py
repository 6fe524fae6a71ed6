"""Drives one run: feeds posts, orders faults, kills, decides as a person would, and judges."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.books import WINDOW_SECONDS, Books, audit, quota_settings, units_of
from tests.chaos.judge import ENDED, Verdict, judge
from tests.chaos.links import Links, serve_links
from tests.chaos.lists import Lists
from tests.chaos.media import write_fast, write_late, write_video
from tests.chaos.people import People, unfulfilled
from tests.chaos.plan import FAST, Plan, PlannedPost, Round
from tests.chaos.process import AwayError, Karvon
from tests.chaos.remote import Remote, start_remote

log = logging.getLogger(__name__)

WRITERS = {"": write_video, "late": write_late, FAST: write_fast}

SETTLE_SECONDS = 60.0
LOOK_SECONDS = 0.5
MIB = 1024 * 1024

QUICK: dict[str, Any] = {
    "uploads": {
        "retry_seconds": 0.2,
        "retry_max_seconds": 2.0,
        "stall_seconds": 3.0,
        "max_attempts": 20,
        "per_channel_a_day": 1_000_000,
    },
    "min_free_disk": 64 * MIB,
    "fit": {"auto": "all"},
    "scrape": {"pace_seconds": 0.0},
}
"""Retries in seconds instead of minutes, and no cap of our own."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What happened so far."""

    kills: list[int] = field(default_factory=list)
    """Number of the newest journal row at each kill."""
    faults: int = 0
    accepted: dict[str, str] = field(default_factory=dict)
    """Digest and name of each video that was taken in."""
    films: dict[str, str] = field(default_factory=dict)
    """What each video is like, by its digest."""
    decided: dict[tuple[int, str], float] = field(default_factory=dict)
    """When an upload was first seen to wait for a person."""


class Driver:
    """One run of a plan."""

    def __init__(
        self, plan: Plan, folder: Path, remote: Remote, links: Links, karvon: Karvon
    ) -> None:
        self._plan = plan
        self._folder = folder
        self._remote = remote
        self._links = links
        self._karvon = karvon
        self._has_chat = any(post.door == "chat" for post in plan.posts)
        self._books = Books(path=karvon.folder / "karvon.db")
        self.people = People(remote, karvon)
        self._lists = Lists(folder, links, karvon)
        self.tally = Tally()

    async def run(self) -> Verdict:
        """Go through all rounds, let it finish without faults, and judge."""
        async with asyncio.TaskGroup() as group:
            person = group.create_task(self._decide_for_ever())
            owner = group.create_task(self.people.sign_in_for_ever())
            feeding: list[asyncio.Task[None]] = []
            for number, part in enumerate(self._plan.rounds):
                await self._disturb(part)
                await self._karvon.start(chat=part.has_chat)
                alone = [post for post in part.posts if post.door not in Lists.doors]
                feeding += [group.create_task(self._feed(post)) for post in alone]
                for door in Lists.doors:
                    own = [post for post in part.posts if post.door == door]
                    feeding += [group.create_task(self._feed_list(door, own))] if own else []
                if part.rotates_key:
                    feeding.append(group.create_task(self.people.rotate_key()))
                if not part.is_early:
                    await self._karvon.wait_ready()
                await asyncio.sleep(part.delay_seconds)
                await self._kill()
                log.info(
                    "kill %d of %d, %d videos taken in",
                    number + 1,
                    len(self._plan.rounds),
                    len(self.tally.accepted),
                )
            await self._karvon.start(chat=self._has_chat)
            self.tally.faults = await self._faults_hit()
            await self._remote.heal()
            self._links.heal()
            reports = await self._settle(feeding)
            person.cancel()
            owner.cancel()
            for task in feeding:
                task.cancel()
        await self._karvon.stop()
        return await self._judge(reports)

    async def _disturb(self, part: Round) -> None:
        for fault in part.faults:
            await self._remote.post("faults", fault)
        if part.rates:
            await self._remote.post("rates", part.rates)

    async def _kill(self) -> None:
        await self._karvon.kill()
        rows = await self._remote.journal(self.tally.kills[-1] if self.tally.kills else 0)
        newest = rows[-1]["seq"] if rows else (self.tally.kills or [0])[-1]
        self.tally.kills.append(newest)

    async def _faults_hit(self) -> int:
        return sum(row["fault"] is not None for row in await self._remote.journal())

    # Feeding

    async def _feed(self, post: PlannedPost) -> None:
        """Send one video until it is taken in, as a person who sees no answer would."""
        path = self._folder / post.name
        digest = await self._write(post)
        if post.door == "chat":
            await self._remote.phone_send(path, post.caption)
        else:
            await self._send(post, path)
        self.tally.accepted[digest] = post.name
        await self.people.treat(post, digest)

    async def _write(self, post: PlannedPost) -> str:
        path, seed = self._folder / post.name, f"{self._plan.seed}-{post.number}"
        write, size = WRITERS[post.film], post.size_bytes
        digest = await asyncio.to_thread(write, path, size_bytes=size, seed=seed)
        self.tally.films[digest] = post.film
        return digest

    async def _feed_list(self, door: str, posts: list[PlannedPost]) -> None:
        """Send several videos in one breath, as a batch or as a page of links."""
        digests = {await self._write(post): post.name for post in posts}
        await self._lists.send(door, posts)
        self.tally.accepted |= digests

    async def _send(self, post: PlannedPost, path: Path) -> None:
        source = str(path)
        if post.door == "link":
            self._links.cut(post.name, post.cuts)
            if post.throttle is not None:
                self._links.throttle(post.name, post.throttle)
            if post.is_short:
                self._links.end_early(post.name)
            source = f"{self._links.base}/{post.name}"
        request = {"command": "send", "source": source, "to": "", "caption": post.caption}
        while True:
            try:
                answer = await self._karvon.first_answer(request)
            except AwayError:
                await asyncio.sleep(0.05)
                continue
            if "post_id" in answer or answer.get("key") == "already_there":
                return
            raise AssertionError(f"{post.name} was refused: {answer}")

    # What a person decides

    async def _decide_for_ever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                for report in await self._karvon.reports():
                    await self._decide(report)
            except AwayError:
                continue

    async def _decide(self, report: dict[str, Any]) -> None:
        for upload in report["uploads"]:
            if (upload["state"], upload.get("waits_for")) != ("unknown", "person"):
                continue
            key = (report["post_id"], upload["platform"])
            now = asyncio.get_running_loop().time()
            if now - self.tally.decided.setdefault(key, now) < 2 * LOOK_SECONDS:
                continue  # a person looks a moment later, when all is quiet
            is_live = await self._is_there(report, upload)
            del self.tally.decided[key]
            await self._karvon.ask(
                {
                    "command": "decide",
                    "post_id": report["post_id"],
                    "platform": upload["platform"],
                    "account": upload["account"],
                    "is_live": is_live,
                }
            )
            log.info("a person decided: %s is live: %s", key, is_live)

    async def _is_there(self, report: dict[str, Any], upload: dict[str, Any]) -> bool:
        digest = upload["made_sha256"]
        if not digest:
            raise AssertionError(f"an outcome is unknown before the last byte: {report}")
        account = self._account(upload)
        return any(
            row["account"] == account and row["sha256"] == digest
            for row in await self._remote.published()
        )

    def _account(self, upload: dict[str, Any]) -> str:
        for account in self._remote.settings["accounts"]:
            if (account["platform"], account["name"]) == (upload["platform"], upload["account"]):
                return str(account["remote_id"])
        raise AssertionError(f"nobody knows the account of {upload}")

    # The end

    async def _settle(self, feeding: list[asyncio.Task[None]]) -> list[dict[str, Any]]:
        """Wait until all has ended, at most as long as is promised."""
        reports: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(self._settle_seconds):
                while not (self._is_over(reports) and all(task.done() for task in feeding)):
                    await asyncio.sleep(LOOK_SECONDS)
                    try:
                        reports = await self._karvon.reports()
                    except AwayError:
                        if self._karvon.exit_code is not None:
                            raise
        except TimeoutError:
            log.warning("not all has ended after %.0f s", self._settle_seconds)
        return reports

    @property
    def _settle_seconds(self) -> float:
        """Where quotas bind, each post takes its time."""
        return SETTLE_SECONDS + (
            WINDOW_SECONDS * len(self._plan.posts) if self._has_accounts else 0
        )

    @property
    def _has_accounts(self) -> bool:
        return self._plan.has_accounts

    def _is_over(self, reports: list[dict[str, Any]]) -> bool:
        told = {u["sha256"] for r in reports for u in r["uploads"]}
        ended = all(u["state"] in ENDED for r in reports for u in r["uploads"])
        known = told >= self.tally.accepted.keys()
        return ended and known and not (self._has_accounts and self._books.open_operations())

    async def _judge(self, reports: list[dict[str, Any]]) -> Verdict:
        ever, odd = named(await self._remote.published(deleted=True), reports, self.tally.films)
        wrong = odd + (await self._audit(reports, ever) if self._has_accounts else [])
        return judge(
            wanted=self.tally.accepted,
            accounts=[str(a["remote_id"]) for a in self._remote.settings["accounts"]],
            reports=reports,
            published=ever,
            journal=await self._remote.journal(),
            kills=self.tally.kills,
            wrong=wrong,
        )

    async def _audit(self, reports: list[dict[str, Any]], ever: list[dict[str, Any]]) -> list[str]:
        """Return what is wrong with the books, and what people wished in vain."""
        journal = await self._remote.journal()
        wrong = audit(self._books, journal, ever, units_of(self._remote.folder))
        now, _ = named(await self._remote.published(), reports, self.tally.films)
        wrong += unfulfilled(self.people.deeds, now, self._remote.settings["accounts"], reports)
        if self.people.deeds.rotated != 1:
            wrong.append("no new key was made")
        return wrong


def named(
    published: list[dict[str, Any]], reports: list[dict[str, Any]], films: dict[str, str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what is live with the digests of what was sent, and what should not be there."""
    uploads = [upload for report in reports for upload in report["uploads"]]
    sent = {u["made_sha256"]: u["sha256"] for u in uploads if u["made_sha256"]}
    sent |= {digest: digest for digest in films}
    odd = [f"nobody knows {row}" for row in published if row["sha256"] not in sent]
    odd += [
        f"{row['service']} shows {row['sha256']} unfitted"
        for row in published
        if row["service"] == "instagram" and films.get(row["sha256"])
    ]
    rows = [{**row, "sha256": sent.get(row["sha256"], row["sha256"])} for row in published]
    return rows, odd


@asynccontextmanager
async def set_up(plan: Plan, folder: Path) -> AsyncIterator[Driver]:
    """Start the remotes and the web server of the links; yields the driver."""
    videos = folder / "videos"
    videos.mkdir(parents=True)
    async with start_remote(folder / "remote") as remote, serve_links(videos) as links:
        await remote.set_up_chaos()
        settings: dict[str, Any] = {
            **remote.settings,
            **QUICK,
            "sources": {"allowed_hosts": [links.base.removeprefix("http://")]},
            "batches": {"folders": [str(videos)]},
        }
        if plan.has_accounts:
            settings |= await _bind(plan, remote)
        window = WINDOW_SECONDS if plan.has_accounts else 0.0
        karvon = Karvon(
            folder / "karvon",
            settings,
            lift_quotas=not plan.has_accounts,
            window_seconds=window,
        )
        try:
            yield Driver(plan, videos, remote, links, karvon)
        finally:
            await karvon.close()


async def _bind(plan: Plan, remote: Remote) -> dict[str, Any]:
    """Let tokens end and quotas bind at the stand-ins; return the settings that go with it."""
    posts = len(plan.posts)
    # Each start of the process, and each fault, may cost one more try.
    begins = 20 * (posts + len(plan.rounds))
    await remote.set_up_accounts(posts, begins)
    uploads = {**QUICK["uploads"], "per_channel_a_day": posts}
    return {"uploads": uploads, "quotas": {"limits": dict(quota_settings(posts, begins))}}


def tell(driver: Driver, plan: Plan, verdict: Verdict) -> dict[str, Any]:
    """Return the last line of a run."""
    accepted = len(driver.tally.accepted)
    return {
        "kills": len(driver.tally.kills),
        "faults": driver.tally.faults,
        "posts": accepted,
        "uploads": accepted * 5,
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "stuck": len(verdict.stuck),
        "wrong": len(verdict.wrong),
        "reconnected": driver.people.deeds.reconnected,
        "edited": len(driver.people.deeds.edited),
        "deleted": len(driver.people.deeds.deleted),
        "max_resent_parts": verdict.max_resent_parts,
        "seed": plan.seed,
    }
