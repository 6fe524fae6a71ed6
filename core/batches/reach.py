"""Where the entries of a batch go, and what stands in the way there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.accounts.rotation import Target
from core.batches.entries import Entry
from core.batches.findings import Finding, Severity
from core.batches.publisher import Config
from core.batches.wording import Words, check_words
from core.errors import RefusedError
from core.media.fit.plan import Choices, plan
from core.platforms.base import Platform
from core.posts.intake import Intake
from core.posts.models import Account, MediaFacts, Privacy, Wish

PLATFORMS = "platforms"
CHUNK = "upload_options.chunk_size"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The targets that some words stand for."""

    targets: tuple[Target, ...] = ()
    platforms: tuple[Platform, ...] = ()
    accounts: frozenset[int] = frozenset()
    refusal: RefusedError | None = None
    """Why they cannot be used."""


@dataclass(slots=True, kw_only=True)
class Reaches:
    """Looks targets up, each set of words once."""

    intake: Intake
    require_platform: Callable[[str], Platform]
    options: Mapping[str, str]
    """What accounts have, such as ``local`` of the Bot API server."""
    choices: Choices = field(default_factory=Choices)
    _known: dict[tuple[str, ...], Reach] = field(default_factory=dict)
    _refusals: dict[tuple[tuple[str, ...], str], RefusedError | None] = field(default_factory=dict)

    async def of(self, words: Sequence[str]) -> Reach:
        """Return where ``platforms`` leads; ``all`` and nothing lead everywhere."""
        key = tuple(word for word in words if word.casefold() != "all")
        if key not in self._known:
            self._known[key] = await self._look(key)
        return self._known[key]

    async def _look(self, words: Sequence[str]) -> Reach:
        try:
            targets = await self.intake.targets_of(words)
        except RefusedError as refusal:
            return Reach(refusal=refusal)
        names = dict.fromkeys(target.account.platform for target in targets)
        platforms = tuple(self.require_platform(name) for name in names)
        accounts = frozenset(int(target.account.id) for target in targets)
        return Reach(targets=tuple(targets), platforms=platforms, accounts=accounts)

    async def every(self) -> dict[int, Account]:
        """Return all accounts by id."""
        return {account.id: account for account in await self.intake.posts.accounts()}

    def refusal(
        self, words: Sequence[str], reach: Reach, privacy: Privacy | None, options: dict[str, str]
    ) -> RefusedError | None:
        """Return why these targets do not take what is asked of them."""
        key = (tuple(words), privacy.value if privacy else "")
        if key not in self._refusals:
            self._refusals[key] = None
            try:
                wish = Wish(privacy=privacy, options=options)
                self.intake.check(MediaFacts(), reach.targets, wish)
            except RefusedError as refusal:
                self._refusals[key] = refusal
        return self._refusals[key]

    def misfits(
        self, reach: Reach, facts: MediaFacts, words: Words, entry: Entry
    ) -> Iterator[Finding]:
        """Yield in what a clip does not go with its platforms."""
        for platform in reach.platforms:
            yield from check_words(words, platform.capabilities, entry)
            yield from self._media(platform, facts, entry)

    def _media(self, platform: Platform, facts: MediaFacts, entry: Entry) -> Iterator[Finding]:
        found = plan(facts, platform.media_limits(self.options), self.choices)
        title = platform.capabilities.title
        for misfit in found.hopeless:
            told = {"key": misfit.key, **misfit.facts}
            yield entry.finding(
                Severity.BLOCK, "does_not_fit", "path", platform=title, finding=told
            )
        if found.fits or found.hopeless:
            return
        blocking = next(one for one in found.findings if one.severity.value == "block")
        yield entry.finding(
            Severity.WARN,
            "is_fitted",
            "path",
            platform=title,
            finding={"key": blocking.key, **blocking.facts},
            remedies=[one.value for one in found.remedies],
        )


def chunk_findings(config: Config, platforms: Sequence[Platform]) -> Iterator[Finding]:
    """Yield what becomes of the wanted size of parts on each platform."""
    chunk = config.publisher.upload_options.chunk_size
    if chunk is None:
        return
    asked = config.publisher.upload_options.wishes()
    for platform in platforms:
        title, taken = platform.capabilities.title, platform.capabilities.parts.wanted(asked)
        if taken is None:
            yield config.finding("chunk_unused", CHUNK, Severity.NOTE, platform=title)
        elif taken != chunk:
            facts = {"platform": title, "asked": chunk, "taken": taken}
            yield config.finding("chunk_changed", CHUNK, Severity.NOTE, **facts)
