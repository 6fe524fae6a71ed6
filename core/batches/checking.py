"""The dry run: every problem of a batch at once, its files looked into side by side."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from core.accounts.limits import Limits
from core.batches.earlier import Earlier, Missing, identity_of
from core.batches.entries import Clip, Entry, read_clip
from core.batches.findings import Finding, Findings, Severity
from core.batches.folders import File, Folders, PlaceError
from core.batches.listing import Listing
from core.batches.looking import Looker, LookError, Probe, content_digest
from core.batches.publisher import Config
from core.batches.reach import PLATFORMS, Reach, Reaches, chunk_findings
from core.batches.twins import Twins
from core.batches.wording import Wording, Words, cleaned
from core.posts.models import MediaFacts
from utils.clock import Clock
from utils.ffmpeg import FfmpegMissingError

DURATION_SLACK = 1.0
"""Seconds, or two percent, by which a duration may differ from what is written."""
SOON = timedelta(hours=1)
FILE_FIELD = "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One entry after the look, as it is kept for publishing."""

    entry: Entry
    state: str
    """``planned``, ``done`` (published before), ``left`` (a copy of another one) or ``bad``."""
    has_warnings: bool
    clip: Clip | None = None
    words: Words | None = None
    file: File | None = None
    facts: MediaFacts = field(default_factory=MediaFacts)
    targets: tuple[str, ...] = ()
    identity: str = ""
    missing: Missing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a dry run found."""

    entries: int
    findings: Findings
    planned: int
    """How many will be published."""
    done: int
    """How many were published before."""

    @property
    def is_ok(self) -> bool:
        return self.findings.is_ok


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDeps:
    """What a dry run asks."""

    reaches: Callable[[], Reaches]
    earlier: Earlier
    limits: Limits
    clock: Clock
    probe: Probe
    probes: int
    """How many files are looked into at once."""


OnChecked = Callable[[Checked], Awaitable[None]]


class Check:
    """One dry run; each entry is handed to ``on_checked`` and not kept."""

    def __init__(
        self,
        deps: CheckDeps,
        listing: Listing,
        config: Config,
        folders: Folders,
        on_checked: OnChecked,
    ) -> None:
        self._deps = deps
        self._listing = listing
        self._config = config
        self._folders = folders
        self._on_checked = on_checked
        self._findings = Findings()
        self._reaches = deps.reaches()
        self._wording = Wording(config=config, names=listing.names)
        self._looker = Looker(deps.probe)
        self._twins = Twins()
        self._counts: Counter[int] = Counter()
        self._states: Counter[str] = Counter()
        self._live_sizes: frozenset[int] = frozenset()
        self._is_hopeless = False

    async def run(self) -> Report:
        """Look at everything."""
        findings = self._findings
        findings.add(self._listing.found)
        findings.add(self._config.found)
        findings.add(self._wording.found)
        if self._folders.is_empty:
            findings.add([Finding(severity=Severity.BLOCK, key="no_folders", field=FILE_FIELD)])
        findings.add(await self._whole())
        self._is_hopeless = any(_blocks(one) and one.entry is None for one in findings)
        self._live_sizes = await self._deps.earlier.live_sizes()
        await self._entries()
        findings.add(await self._quotas())
        return Report(
            entries=self._listing.count,
            findings=findings,
            planned=self._states["planned"],
            done=self._states["done"],
        )

    async def _whole(self) -> list[Finding]:
        """Return what is wrong with the targets that the configuration names."""
        words = self._config.publisher.platforms
        reach = await self._reaches.of(words)
        if reach.refusal is not None:
            told = {"refusal": reach.refusal.key, "facts": reach.refusal.facts}
            return [self._config.finding("bad_target", PLATFORMS, **told)]
        return list(chunk_findings(self._config, reach.platforms))

    async def _entries(self) -> None:
        entries = self._listing.entries()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._deps.probes):
                    group.create_task(self._work(entries))
        except* FfmpegMissingError as error:
            why = str(error.exceptions[0])
            self._findings.add(
                [Finding(severity=Severity.BLOCK, key="no_ffprobe", facts={"why": why})]
            )

    async def _work(self, entries: Iterator[Entry]) -> None:
        for entry in entries:
            await self._one(entry)

    async def _one(self, entry: Entry) -> None:
        checked, found = await self._look(entry)
        self._findings.add(found)
        self._states[checked.state] += 1
        if checked.state == "planned" and checked.missing is not None:
            self._counts.update(target.account.id for target in checked.missing.targets)
            self._counts.update(one.account_id for one in checked.missing.again)
        await self._on_checked(checked)

    async def _look(self, entry: Entry) -> tuple[Checked, list[Finding]]:
        clip, found = read_clip(entry)
        if clip is None:
            return Checked(entry=entry, state="bad", has_warnings=False), found
        file, problems = self._file(entry, clip)
        words, more = self._wording.of(entry, clip)
        words = cleaned(words)
        targets = tuple(clip.platforms or self._config.publisher.platforms)
        reach = await self._reaches.of(targets)
        found += [*more, *self._wanted(entry, clip, reach, words)]
        path = file.path if isinstance(file, File) else file
        identity = identity_of(path, words, targets)
        missing = await self._missing(identity, file, reach)
        if missing.known and missing.is_done and not any(map(_blocks, found)):
            return self._done(entry, clip, words, identity, missing, targets)
        facts = MediaFacts()
        if isinstance(file, File):
            problems += await self._twins.of(entry, file, reach)
            facts, seen = await self._content(entry, clip, file)
            problems += seen
            found += self._reaches.misfits(reach, facts, words, entry)
        found += [*problems, *_already_there(entry, missing)]
        is_bad = self._is_hopeless or any(map(_blocks, found))
        state = "bad" if is_bad else "done" if missing.is_done else "planned"
        if state == "planned" and any(one.key == "content_twice" for one in found):
            state = "left"
        checked = Checked(
            entry=entry,
            state=state,
            has_warnings=any(one.severity is Severity.WARN for one in found),
            clip=clip,
            words=words,
            file=file if isinstance(file, File) else None,
            facts=facts,
            targets=targets,
            identity=identity,
            missing=missing,
        )
        return checked, found

    def _done(
        self,
        entry: Entry,
        clip: Clip,
        words: Words,
        identity: str,
        missing: Missing,
        targets: tuple[str, ...],
    ) -> tuple[Checked, list[Finding]]:
        """Return an entry that was published before, whatever became of its file."""
        checked = Checked(
            entry=entry,
            state="done",
            has_warnings=False,
            clip=clip,
            words=words,
            targets=targets,
            identity=identity,
            missing=missing,
        )
        return checked, [entry.finding(Severity.NOTE, "done_before", FILE_FIELD)]

    def _file(self, entry: Entry, clip: Clip) -> tuple[File | str, list[Finding]]:
        """Return the file, or where it would lie and why it cannot be had."""
        try:
            return self._folders.find(clip), []
        except PlaceError as error:
            given = (clip.path or clip.filename or "")[:120]
            field = FILE_FIELD if clip.path or not clip.filename else "filename"
            found = [entry.finding(Severity.BLOCK, error.key, field, given=given)]
            return error.path or given, found

    def _wanted(self, entry: Entry, clip: Clip, reach: Reach, words: Words) -> Iterator[Finding]:
        """Yield what its targets refuse."""
        if reach.refusal is not None:
            if clip.platforms:
                told = {"refusal": reach.refusal.key, "facts": reach.refusal.facts}
                yield entry.finding(Severity.BLOCK, "bad_target", PLATFORMS, **told)
            return
        targets = tuple(clip.platforms or self._config.publisher.platforms)
        options = self._config.publisher.options
        refusal = self._reaches.refusal(targets, reach, words.privacy, options)
        if refusal is not None:
            field = "privacy" if clip.privacy else "metadata.privacy"
            field = field if refusal.key.startswith("privacy") else "options"
            told = {"refusal": refusal.key, "facts": refusal.facts}
            yield entry.finding(Severity.BLOCK, "refused", field, **told)

    async def _missing(self, identity: str, file: File | str, reach: Reach) -> Missing:
        prints: list[str] = []
        if isinstance(file, File):
            prints = [file.fingerprint]
            if file.size_bytes in self._live_sizes:
                prints.append(f"sha256:{await content_digest(file)}")
        return await self._deps.earlier.missing(identity, prints, reach.targets)

    async def _content(
        self, entry: Entry, clip: Clip, file: File
    ) -> tuple[MediaFacts, list[Finding]]:
        """Return what a file is, and in what it is not what is written of it."""
        try:
            facts = await self._looker.facts(file)
        except LookError as error:
            told: dict[str, Any] = {"given": clip.path or clip.filename, "why": error.why[-200:]}
            found = [entry.finding(Severity.BLOCK, error.key, FILE_FIELD, **told)]
            return MediaFacts(size_bytes=file.size_bytes), found
        written, actual = clip.duration, facts.duration_seconds
        if written is None or actual is None:
            return facts, []
        if abs(written - actual) <= max(DURATION_SLACK, 0.02 * written):
            return facts, []
        told = {"written": written, "actual": round(actual, 2)}
        return facts, [entry.finding(Severity.WARN, "duration_differs", "duration", **told)]

    async def _quotas(self) -> list[Finding]:
        """Return for which accounts there are more videos than quotas allow soon."""
        if not self._counts:
            return []
        soon = self._deps.clock.now() + SOON
        reach = await self._reaches.every()
        starts = await self._deps.limits.starts(self._counts)
        found = []
        for account_id, times in starts.items():
            account = reach.get(account_id)
            late = [at for at in times if at is None or at > soon]
            if account is None or not late:
                continue
            last = None if None in late else max(at for at in late if at is not None)
            facts = {
                "platform": account.platform,
                "account": account.name,
                "count": len(times),
                "soon": len(times) - len(late),
                "until": last.isoformat() if last is not None else None,
            }
            severity = Severity.WARN if last is not None else Severity.BLOCK
            key = "over_quota" if last is not None else "over_quota_never"
            found.append(self._config.finding(key, PLATFORMS, severity, **facts))
        return found


def _blocks(finding: Finding) -> bool:
    return finding.severity is Severity.BLOCK


def _already_there(entry: Entry, missing: Missing) -> Iterator[Finding]:
    """Yield when the same video is live or under way, under other words."""
    if missing.there and not missing.known:
        places = [
            {
                "platform": one.platform,
                "account": one.account_name,
                "url": one.url,
                "live": one.state.value == "live",
            }
            for one in missing.there
        ]
        yield entry.finding(Severity.WARN, "duplicate", FILE_FIELD, places=places)
