"""Which quotas hold: our own cap, what platforms declare, and what the settings say instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from core.accounts.windows import Window, window_of
from core.errors import SettingsError
from core.platforms.base import Capabilities, QuotaRule
from core.platforms.registry import platform_names, require_platform

OWN = "per_channel_a_day"
PUBLISH = "publish"
STATUS = "status"
DRAFT = "draft"

# The figures that circulate, for projects that are still under them. Sources: youtube/v3
# revision_history, 2026-06-01: uploads took 1600 units of the general pool until 2025-12-04 and
# had no bucket of their own; ten TikTok videos a day is the older reading of the guidelines.
OLD_ABSENT = frozenset({"youtube.video_uploads"})
OLD_COSTS: Mapping[str, Mapping[str, int]] = {"youtube.units": {PUBLISH: 1600}}
OLD_LIMITS: Mapping[str, int] = {"youtube.units": 10_000, "tiktok.posts": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What an action takes of one quota."""

    rule: QuotaRule
    units: int
    window: Window
    is_chosen: bool
    """A person set the limit, which is not to be raised by what the platform says."""
    warn_from: int
    """So many units are worth a warning; more than the limit for short windows."""


def own_rule(limit: int) -> QuotaRule:
    """Return our cap for one account a day, whatever its platform allows."""
    return QuotaRule(
        name=OWN,
        limit=limit,
        window="rolling_day",
        scope="account",
        source="our own, see uploads.per_channel_a_day",
        costs={PUBLISH: 1, DRAFT: 1},
    )


class RuleBook:
    """The rules of every platform under the settings.

    Raises:
        SettingsError: ``limits`` names a quota that nobody declares.
    """

    def __init__(
        self,
        *,
        per_channel: int = 50,
        profile: str = "current",
        limits: Mapping[str, int] | None = None,
        warn_percent: int = 80,
        names: Iterable[str] | None = None,
        capabilities: Callable[[str], Capabilities] | None = None,
    ) -> None:
        self._own = own_rule(per_channel)
        self._old = profile == "old"
        self._limits = dict(limits or {})
        self._warn_percent = warn_percent
        self._names = tuple(names) if names is not None else platform_names()
        self._capabilities = capabilities or (lambda name: require_platform(name).capabilities)
        self._rules: dict[str, tuple[QuotaRule, ...]] = {}
        self._costs: dict[tuple[str, str], tuple[Cost, ...]] = {}
        if self._limits:
            self._refuse_unknown()

    def rules(self, platform: str) -> tuple[QuotaRule, ...]:
        """Return what holds for accounts of a platform, our own cap first."""
        if platform not in self._rules:
            declared = self._capabilities(platform).quotas
            named = [self._adapted(platform, rule) for rule in declared]
            self._rules[platform] = (self._own, *(rule for rule in named if rule is not None))
        return self._rules[platform]

    def costs(self, platform: str, action: str) -> tuple[Cost, ...]:
        """Return what an action takes; a quota that it does not touch is left out."""
        key = (platform, action)
        if key not in self._costs:
            self._costs[key] = tuple(
                self._cost(platform, rule, rule.costs[action])
                for rule in self.rules(platform)
                if rule.costs.get(action)
            )
        return self._costs[key]

    def cost_of(self, platform: str, rule: QuotaRule) -> Cost:
        """Return one unit of a rule, whatever action takes it."""
        return self._cost(platform, rule, 1)

    def find(self, platform: str, name: str) -> Cost | None:
        """Return one unit of the rule of that name, None when there is none."""
        rules = self.rules(platform)
        return next((self.cost_of(platform, rule) for rule in rules if rule.name == name), None)

    def warn_at(self, limit: int) -> int:
        """Return how many units of a limit are worth a warning."""
        return max(1, -(-limit * self._warn_percent // 100))

    def is_shared(self, platform: str) -> bool:
        """Return whether its accounts share a quota that publishing takes from."""
        return any(cost.rule.scope == "project" for cost in self.costs(platform, PUBLISH))

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Names that ``quotas.limits`` may hold."""
        return tuple(
            f"{platform}.{rule.name}"
            for platform in self._names
            for rule in self._capabilities(platform).quotas
            if not (self._old and f"{platform}.{rule.name}" in OLD_ABSENT)
        )

    def _refuse_unknown(self) -> None:
        for name, limit in self._limits.items():
            if name not in self.known:
                raise SettingsError(
                    f"quotas.limits: there is no {name!r}; known are {', '.join(self.known)}"
                )
            if limit < 1:
                raise SettingsError(f"quotas.limits: {name} is {limit}; write 1 or more")

    def _adapted(self, platform: str, rule: QuotaRule) -> QuotaRule | None:
        name = f"{platform}.{rule.name}"
        if self._old and name in OLD_ABSENT:
            return None
        if self._old:
            rule = replace(
                rule,
                limit=OLD_LIMITS.get(name, rule.limit),
                costs={**rule.costs, **OLD_COSTS.get(name, {})},
            )
        return replace(rule, limit=self._limits.get(name, rule.limit))

    def _cost(self, platform: str, rule: QuotaRule, units: int) -> Cost:
        window = window_of(rule)
        return Cost(
            rule=rule,
            units=units,
            window=window,
            is_chosen=rule is self._own or f"{platform}.{rule.name}" in self._limits,
            warn_from=self.warn_at(rule.limit) if window.lasting else rule.limit + 1,
        )


__all__ = ["DRAFT", "OWN", "PUBLISH", "STATUS", "Cost", "RuleBook", "own_rule"]
