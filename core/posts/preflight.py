"""Whether a video goes to a target as it is, is fitted first, or a person is asked how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from core.media.fit.plan import Choices, Plan, plan
from core.media.specs import Finding, blocks, check
from core.platforms.base import MediaLimits, Platform
from core.platforms.registry import require_platform
from core.posts.asking import wanted_options
from core.posts.models import MediaFacts, Upload, Wish

OPTION = "fit"
"""Caption line and account default: ``auto``, ``ask`` or ``off``."""


UNMEASURED = "unmeasured"
"""Key of the finding that says: too little is known of the file to mend it."""


class Mode(StrEnum):
    """How much is done without asking."""

    NEVER = "never"
    """What does not fit is refused."""
    ASK = "ask"
    SAFE = "safe"
    """Without loss by itself, else a person is asked."""
    ALL = "all"


MODES = {"auto": Mode.ALL, "ask": Mode.ASK, "off": Mode.NEVER}
"""Values of the option, as modes."""
BY_SETTING = {"off": Mode.ASK, "safe": Mode.SAFE, "all": Mode.ALL}
"""Values of ``fit.auto`` in the settings, as modes."""


class Verdict(StrEnum):
    """What happens to an upload."""

    GO = "go"
    """The file is taken as it is, as far as is known."""
    LATER = "later"
    """It will be fitted once more is known of the file."""
    FIT = "fit"
    ASK = "ask"
    REFUSE = "refuse"
    """Nothing helps, or nothing may be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRules:
    """What the settings say about fitting."""

    auto: str = "safe"
    shape: str = "blur"
    length: str = "cut"
    most_speed: float = 1.25
    loudness: float | None = None
    """In LUFS, of what is encoded anyway: what needs no encoding keeps its sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict and what it rests on."""

    verdict: Verdict
    plan: Plan
    choices: Choices = field(default_factory=Choices)

    @property
    def reason(self) -> Finding:
        """Return the finding that stands in the way."""
        hopeless = self.plan.hopeless
        known = [one for one in hopeless if one.key != UNMEASURED]
        return [*known, *blocks(list(self.plan.findings)), *hopeless][0]

    def told(self, *, chosen: bool) -> dict[str, Any]:
        """Return what is kept with the upload: for its card, and for a later look."""
        return {
            "findings": [
                {"key": one.key, "severity": one.severity.value, **one.facts}
                for one in self.plan.findings
            ],
            "remedies": [remedy.value for remedy in self.plan.remedies],
            "offers": list(self.plan.offers),
            "choices": {"shape": self.choices.shape, "length": self.choices.length},
            "chosen": chosen,
        }


class Judge:
    """Judges by facts, limits and what was chosen; without I/O."""

    def __init__(
        self,
        rules: FitRules | None = None,
        options: Mapping[str, str] | None = None,
        require: Callable[[str], Platform] = require_platform,
    ) -> None:
        self.rules = rules or FitRules()
        self._options = options or {}
        self._require = require

    def limits(self, platform: str, options: Mapping[str, str] | None = None) -> MediaLimits:
        """Return the limits of a platform, for an account with these options."""
        return self._require(platform).media_limits(options or self._options)

    def mode(self, wish: Wish, defaults: Mapping[str, Any]) -> Mode:
        """Return what may be done: the caption's word, the account's, that of the settings."""
        word = wanted_options(wish, defaults).get(OPTION, "")
        return MODES.get(word) or BY_SETTING.get(self.rules.auto, Mode.SAFE)

    def choices(self, fit: Mapping[str, Any]) -> Choices:
        """Return what a person chose for an upload, over what the settings say."""
        rules = self.rules
        base = Choices(shape=rules.shape, length=rules.length, most_speed=rules.most_speed)
        return replace(base, **fit.get("choices", {}))

    def judge(
        self,
        facts: MediaFacts,
        limits: MediaLimits,
        mode: Mode,
        fit: Mapping[str, Any] | None = None,
    ) -> Judgement:
        """Judge a file for one target; ``fit`` is what the upload keeps of earlier choices."""
        fit = fit or {}
        choices = self.choices(fit)
        planned = self._plan(facts, limits, choices)
        verdict = _verdict(planned, mode, chosen=bool(fit.get("chosen")), probed=is_probed(facts))
        return Judgement(verdict=verdict, plan=planned, choices=choices)

    def _plan(self, facts: MediaFacts, limits: MediaLimits, choices: Choices) -> Plan:
        planned = plan(facts, limits, choices)
        if self.rules.loudness is None or planned.recipe is None or planned.is_lossless:
            return planned
        return plan(facts, limits, replace(choices, loudness=self.rules.loudness))

    def look(self, facts: MediaFacts, upload: Upload) -> list[Finding]:
        """Return what there is to say of a file for the target of an upload."""
        return check(facts, self.limits(upload.platform))


def is_probed(facts: MediaFacts) -> bool:
    """Return whether the file itself was looked into, not only what its sender tells of it."""
    return bool(facts.container)


def _verdict(planned: Plan, mode: Mode, *, chosen: bool, probed: bool) -> Verdict:
    if planned.fits:
        return Verdict.GO
    unmeasured = not probed and {one.key for one in planned.hopeless} == {UNMEASURED}
    if (planned.hopeless and not unmeasured) or mode is Mode.NEVER:
        return Verdict.REFUSE
    goes = chosen or mode is Mode.ALL
    if not probed:
        return Verdict.LATER if unmeasured or goes or planned.is_lossless else Verdict.ASK
    if goes or (mode is Mode.SAFE and planned.is_lossless):
        return Verdict.FIT
    return Verdict.ASK
