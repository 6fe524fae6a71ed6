"""The rules for mashups that need nothing but the mashup and what is known of its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import Any, Literal

from core.settings import PolicySettings
from core.studio.assets import Asset
from core.studio.credits import has_licence, is_credited, is_own, lacks_credit
from core.studio.mashup import AssetKind, File, Mashup, Part
from core.studio.shares import scenes_of, shares_of

COUNTED = frozenset({AssetKind.SOURCE, AssetKind.HOT})
"""Kinds whose repetition people notice; a template, a product or a tune is there to come again."""


class Rule(StrEnum):
    """What can be asked of a mashup; named as its setting."""

    OWN_CONTENT = "own_content"
    LICENCE = "licence"
    REUSE = "reuse"
    TWINS = "twins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One rule that a mashup does not keep."""

    rule: Rule
    severity: Literal["warn", "block"]
    key: str
    """Names the sentence ``policy_<key>``, which says what to do, too."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Fill the sentence; plain JSON."""


Said = tuple[Rule, str, dict[str, Any]]
"""A rule that is not kept, the key of its sentence, and the facts in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the files of a mashup."""

    assets: Mapping[int, Asset]
    seconds: Mapping[str, float]
    """How long files last that are no assets, by path."""

    def asset(self, file: File) -> Asset | None:
        return None if file.asset_id is None else self.assets.get(file.asset_id)

    def name(self, file: File) -> str:
        asset = self.asset(file)
        return asset.name if asset else PurePath(file.path).name or f"#{file.asset_id}"

    def is_own(self, part: Part) -> bool:
        """Return whether a part is own, by what the mashup and the library say of it."""
        asset = self.asset(part.file)
        return part.is_own and (asset is None or is_own(asset))

    def has(self, part: Part) -> float:
        """Return how long a part plays once; 0 for a picture, and where nobody knows."""
        asset = self.asset(part.file)
        whole = asset.seconds if asset else self.seconds.get(part.file.path, 0.0)
        left = max(whole - part.start, 0.0)
        return left if part.seconds is None else min(left, part.seconds)


def counted(mashup: Mashup, known: Known) -> list[Asset]:
    """Return the assets whose repetition counts, each once."""
    assets = (known.asset(part.file) for part in mashup.parts)
    found = {asset.id: asset for asset in assets if asset and asset.kind in COUNTED}
    return list(found.values())


def own_content(mashup: Mashup, known: Known, own_share: float) -> list[Said]:
    """Return where a mashup has too little that is own: of its time, of its picture."""
    shares = shares_of(scenes_of(mashup, known.has, known.is_own))
    return [
        (Rule.OWN_CONTENT, f"own_{name}", {"percent": int(share * 100), "limit": wanted})
        for name, share in (("time", shares.time), ("picture", shares.picture))
        if not is_enough(share, own_share)
        for wanted in [round(own_share * 100)]
    ]


def is_enough(share: float, own_share: float) -> bool:
    """Return whether a share is above what is asked for; all is always enough."""
    return share > own_share or share >= 1


def licences(mashup: Mashup, known: Known) -> list[Said]:
    """Return for which files nobody knows by what right they are used, or who is to be named."""
    parts = [*mashup.parts, *(part for part in (mashup.intro, mashup.outro) if part)]
    files = [(part.file, known.is_own(part)) for part in parts]
    if mashup.music:
        files.append((mashup.music.file, False))
    return [
        (Rule.LICENCE, key, {"name": known.name(file)} | facts)
        for file, own in dict(files).items()
        for key, facts in _lacking(known.asset(file), mashup.attribution, own=own)
    ]


def _lacking(asset: Asset | None, line: str, *, own: bool) -> list[tuple[str, dict[str, Any]]]:
    if asset is None:
        return [] if own else [("unknown_licence", {})]
    found: list[tuple[str, dict[str, Any]]] = []
    if not has_licence(asset):
        found.append(("no_licence", {}))
    if lacks_credit(asset):
        found.append(("no_attribution", {"licence": asset.licence}))
    if asset.attribution.strip() and not is_credited(line, asset.attribution):
        found.append(("not_credited", {"attribution": asset.attribution}))
    return found


def judged(found: Sequence[Said], rules: PolicySettings) -> list[Breach]:
    """Return what was found as severe as the settings want it, what blocks first."""
    breaches = [
        Breach(rule=rule, severity=severity, key=key, facts=facts)
        for rule, key, facts in found
        if (severity := getattr(rules, rule.value)) != "off"
    ]
    return sorted(breaches, key=lambda breach: breach.severity != "block")
