"""What is wrong with a file for a platform, and how it is mended: decided without touching it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.media.fit.encoding import encoding_for
from core.media.fit.lengths import LengthChoice, length_for
from core.media.fit.recipe import Recipe
from core.media.fit.remedies import Remedy, in_order, remedy_for
from core.media.fit.sounds import sound_for
from core.media.specs import Finding, Severity, check
from core.platforms.base import MediaLimits
from core.posts.models import MediaFacts

__all__ = ["Choices", "Plan", "Remedy", "plan"]

COPYABLE = frozenset({"mov", "mp4", "matroska", "webm", "mpegts", "flv"})
"""Containers whose packets carry the times that an MP4 needs."""
MP4_CODECS = frozenset({"h264", "hevc", "mpeg4", "av1"})
"""What players expect in an MP4. Source: mp4ra.org, codecs, 2026."""
REWRITTEN = frozenset(
    {"container", "index_last", "edit_list", "too_long", "no_audio"}
    | {"audio_codec", "audio_rate", "audio_channels"}
)
"""Findings that leave the picture as it is."""
LENGTHS = ("cut", "speed")
SHAPES = ("blur", "pad", "crop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person or a setting prefers where there is more than one way."""

    shape: str = "blur"
    length: str = "cut"
    most_speed: float = 1.25
    loudness: float | None = None
    """Integrated loudness in LUFS; None: as it is."""
    better: bool = False
    """Whether advice is followed too."""
    rewrite: bool = True
    """Whether the picture may be kept as it is, where that does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is wrong and what will be done."""

    findings: tuple[Finding, ...]
    recipe: Recipe | None = None
    """None when nothing is to be done or nothing helps."""
    remedies: tuple[Remedy, ...] = ()
    hopeless: tuple[Finding, ...] = ()
    """What nothing helps against."""
    offers: tuple[str, ...] = ()
    """What a person may choose: ``cut``, ``speed``, ``blur``, ``pad``, ``crop``."""

    @property
    def fits(self) -> bool:
        return all(finding.severity is not Severity.BLOCK for finding in self.findings)

    @property
    def is_lossless(self) -> bool:
        """Whether nothing of the video is lost: no packet of it is dropped or encoded."""
        return self.recipe is not None and self.recipe.is_lossless


def plan(facts: MediaFacts, limits: MediaLimits, choices: Choices = Choices()) -> Plan:
    """Decide what is done so that the file has no blocking finding any more."""
    findings = tuple(check(facts, limits))
    wanted = tuple(finding for finding in findings if _is_wanted(finding, choices))
    if not wanted:
        return Plan(findings=findings)
    hopeless = tuple(_hopeless(facts, wanted))
    if hopeless:
        return Plan(findings=findings, hopeless=hopeless)
    recipe = _recipe(facts, limits, choices, {finding.key for finding in wanted})
    if recipe is None:
        big = Finding(severity=Severity.BLOCK, key="much_too_big", facts=_sizes(facts, limits))
        return Plan(findings=findings, hopeless=(big,))
    return Plan(
        findings=findings,
        recipe=recipe,
        remedies=in_order(_remedies(facts, wanted, recipe)),
        offers=tuple(_offers(facts, limits, choices, wanted)),
    )


def _is_wanted(finding: Finding, choices: Choices) -> bool:
    if finding.severity is Severity.BLOCK:
        return True
    return choices.better and remedy_for(finding) is not None


def _hopeless(facts: MediaFacts, wanted: tuple[Finding, ...]) -> Iterator[Finding]:
    for finding in wanted:
        if remedy_for(finding) is None:
            yield finding
    if not (facts.width and facts.height and facts.duration_seconds):
        yield Finding(severity=Severity.BLOCK, key="unmeasured")


def _sizes(facts: MediaFacts, limits: MediaLimits) -> dict[str, object]:
    return {"actual": facts.duration_seconds, "limit": limits.max_bytes}


def _recipe(
    facts: MediaFacts, limits: MediaLimits, choices: Choices, keys: set[str]
) -> Recipe | None:
    length = length_for(facts, limits, _length_choice(choices))
    is_copy = choices.rewrite and length.speed == 1 and _can_rewrite(facts, limits, keys)
    sound = sound_for(facts, limits, choices.loudness, is_copy=is_copy)
    if is_copy:
        return Recipe(copy=True, seconds=length.seconds, **sound)
    picture = encoding_for(facts, limits, choices.shape, length.result, keys)
    if picture is None:
        return None
    return Recipe(seconds=length.seconds, speed=length.speed, **picture, **sound)


def _length_choice(choices: Choices) -> LengthChoice:
    return LengthChoice(speeds=choices.length == "speed", most_speed=choices.most_speed)


def _can_rewrite(facts: MediaFacts, limits: MediaLimits, keys: set[str]) -> bool:
    codecs = limits.video_codecs or (limits.advice and limits.advice.video_codecs) or MP4_CODECS
    return (
        keys <= REWRITTEN
        and bool(COPYABLE & set(facts.container.split(",")))
        and facts.video_codec in codecs & MP4_CODECS
        and (not limits.containers or "mp4" in limits.containers)
    )


def _remedies(facts: MediaFacts, wanted: tuple[Finding, ...], recipe: Recipe) -> Iterator[Remedy]:
    for finding in wanted:
        remedy = remedy_for(finding)
        if remedy is Remedy.REMUX and not recipe.copy:
            remedy = Remedy.ENCODE
        if remedy is Remedy.CUT and recipe.speed != 1:
            remedy = Remedy.SPEED
        if remedy is not None:
            yield remedy
    if recipe.loudness is not None:
        yield Remedy.LOUDNESS
    if recipe.to_sdr:
        yield Remedy.SDR
    if recipe.audio == "silence" and not facts.has_audio:
        yield Remedy.SILENCE
    if recipe.most_bytes is not None:
        yield Remedy.SMALLER


def _offers(
    facts: MediaFacts, limits: MediaLimits, choices: Choices, wanted: tuple[Finding, ...]
) -> Iterator[str]:
    keys = {finding.key for finding in wanted}
    if "too_long" in keys:
        speeds = LengthChoice(speeds=True, most_speed=choices.most_speed)
        can_speed = length_for(facts, limits, speeds).speed != 1
        yield from LENGTHS if can_speed else ()
    if keys & {"aspect_wide", "aspect_tall"}:
        yield from SHAPES
