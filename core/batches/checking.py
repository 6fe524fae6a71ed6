"""The dry run: every problem of a batch at once, its files looked into side by side."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
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
from core.batches.twins import Twin, Twins
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
    prints: tuple[str, ...] = ()
    """By what the ledger may know the file."""
    missing: Missing | None = None


@dataclass(slots=True, kw_only=True)
class Reading:
    """One entry on its way through a look."""

    entry: Entry
    clip: Clip | None
    found: list[Finding]
    words: Words | None = None
    targets: tuple[str, ...] = ()
    reach: Reach = field(default_factory=Reach)
    place: File | str = ""
    """The file, or where it would lie."""
    problems: list[Finding] = field(default_factory=list)
    """Of the file; they do not matter when the entry was published before."""
    twin: Twin | None = None

    @property
    def file(self) -> File | None:
        return self.place if isinstance(self.place, File) else None

    @property
    def path(self) -> str:
        return self.place.path if isinstance(self.place, File) else self.place


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
        self._turn = asyncio.Lock()

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
        while True:
            # In the order of the file: of two entries with the same video the first one counts.
            async with self._turn:
                entry = next(entries, None)
                if entry is None:
                    return
                reading = await self._read(entry)
            await self._one(reading)

    async def _one(self, reading: Reading) -> None:
        checked = await self._look(reading)
        self._findings.add(reading.found)
        self._states[checked.state] += 1
        if checked.state == "planned" and checked.missing is not None:
            self._counts.update(target.account.id for target in checked.missing.targets)
            self._counts.update(one.account_id for one in checked.missing.again)
        await self._on_checked(checked)

    async def _read(self, entry: Entry) -> Reading:
        """Return what an entry says, before anything is looked into."""
        clip, found = read_clip(entry)
        reading = Reading(entry=entry, clip=clip, found=found)
        if clip is None:
            return reading
        words, more = self._wording.of(entry, clip)
        reading.words = cleaned(words)
        reading.targets = tuple(clip.platforms or self._config.publisher.platforms)
        reading.reach = await self._reaches.of(reading.targets)
        reading.found += [*more, *self._wanted(entry, clip, reading.reach, words)]
        reading.place, reading.problems = self._file(entry, clip)
        if isinstance(reading.place, File):
            reading.twin = self._twins.first(entry, reading.place, reading.reach)
        return reading

    async def _look(self, reading: Reading) -> Checked:
        entry, clip, words = reading.entry, reading.clip, reading.words
        if clip is None or words is None:
            return Checked(entry=entry, state="bad", has_warnings=False)
        checked = Checked(
            entry=entry,
            state="done",
            has_warnings=False,
            clip=clip,
            words=words,
            file=reading.file,
            targets=reading.targets,
            identity=identity_of(reading.path, words, reading.targets),
        )
        prints = await self._prints(reading.file)
        earlier, targets = self._deps.earlier, reading.reach.targets
        missing = await earlier.missing(checked.identity, prints, targets)
        checked = replace(checked, missing=missing, prints=prints)
        if missing.known and missing.is_done and not any(map(_blocks, reading.found)):
            # Published before: what became of its file does not matter.
            reading.found.append(entry.finding(Severity.NOTE, "done_before", FILE_FIELD))
            return checked
        if reading.file is not None:
            checked = replace(checked, facts=await self._content(reading, clip, reading.file))
            reading.found += self._reaches.misfits(reading.reach, checked.facts, words, entry)
        reading.found += [*reading.problems, *_already_there(entry, missing)]
        has_warnings = any(one.severity is Severity.WARN for one in reading.found)
        return replace(checked, state=self._state(reading, missing), has_warnings=has_warnings)

    def _state(self, reading: Reading, missing: Missing) -> str:
        if self._is_hopeless or any(map(_blocks, reading.found)):
            return "bad"
        if missing.is_done:
            return "done"
        is_copy = any(one.key == "content_twice" for one in reading.found)
        return "left" if is_copy else "planned"

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
            yield entry.finding(Severity.BLOCK, "target_refuses", field, **told)

    async def _prints(self, file: File | None) -> tuple[str, ...]:
        """Return by what the ledger may know a file; its content only where that can be."""
        if file is None:
            return ()
        if file.size_bytes not in self._live_sizes:
            return (file.fingerprint,)
        return file.fingerprint, f"sha256:{await content_digest(file.path)}"

    async def _content(self, reading: Reading, clip: Clip, file: File) -> MediaFacts:
        """Return what a file is; notes in what it is not what is written of it."""
        entry, problems = reading.entry, reading.problems
        if reading.twin is not None:
            problems += await self._twins.told(entry, file, reading.twin)
        try:
            facts = await self._looker.facts(file)
        except LookError as error:
            told: dict[str, Any] = {"given": clip.path or clip.filename, "why": error.why[-200:]}
            problems.append(entry.finding(Severity.BLOCK, error.key, FILE_FIELD, **told))
            return MediaFacts(size_bytes=file.size_bytes)
        problems += _duration(entry, clip, facts)
        return facts

    async def _quotas(self) -> list[Finding]:
        """Return for which accounts there are more videos than quotas allow soon."""
        if not self._counts:
            return []
        soon = self._deps.clock.now() + SOON
        accounts = await self._reaches.every()
        found = []
        for account_id, more in (await self._deps.limits.more(self._counts, soon)).items():
            if account_id not in accounts or more.soon == more.count:
                continue
            facts = {
                "platform": accounts[account_id].platform,
                "account": accounts[account_id].name,
                "count": more.count,
                "soon": more.soon,
                "until": more.last_at.isoformat() if more.last_at is not None else None,
            }
            severity = Severity.WARN if more.last_at is not None else Severity.BLOCK
            key = "over_quota" if more.last_at is not None else "over_quota_never"
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


def _duration(entry: Entry, clip: Clip, facts: MediaFacts) -> Iterator[Finding]:
    """Yield when a video is longer or shorter than what is written of it."""
    written, actual = clip.duration, facts.duration_seconds
    if written is None or actual is None:
        return
    if abs(written - actual) > max(DURATION_SLACK, 0.02 * written):
        told = {"written": written, "actual": round(actual, 2)}
        yield entry.finding(Severity.WARN, "duration_differs", "duration", **told)
