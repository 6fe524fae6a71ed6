"""What an order of many mashups would make, as facts for its message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.deps import ChatDeps
from bot.chat.mashup_page import (
    goes,
    list_facts,
    places,
    target_facts,
    targets_of,
    twin_facts,
)
from core.studio import orders
from core.studio.assets import Asset
from core.studio.drafts import Draft
from core.studio.errors import StudioError
from core.studio.mashup import Mashup
from core.studio.wizard import MANY_FIELDS, Choices, narrowed

EXAMPLES = 5
NAMES = 5
WHAT = ("name", "account", "other")
"""Facts of a finding that tell whom it is about."""


async def plan(deps: ChatDeps, choices: Choices) -> list[Mashup]:
    """Return the mashups of an order; the same library and number give the same.

    Raises:
        StudioError: there is not enough to make so many of.
    """
    return await orders.plan(deps.library, choices)


async def many_facts(deps: ChatDeps, draft: Draft) -> dict[str, Any]:
    """Return what the message of an order shows, or the list that it is chosen from."""
    if draft.step in MANY_FIELDS:
        chosen = len(narrowed(draft.choices, draft.step))
        shown = {"choosing": draft.step.value, "step": draft.step.value, "chosen": chosen}
        return {**_frame(draft, []), **await list_facts(deps, draft), **shown}
    known = await places(deps)
    places_shown = {
        "targets": target_facts(known, draft.choices),
        "has_post": bool(draft.choices.post),
        "narrowed": await _narrowed(deps, draft.choices),
        "mood": draft.choices.mood,
    }
    try:
        made = await plan(deps, draft.choices)
    except StudioError as error:
        note = {"note": "studio", "note_facts": {"key": error.key, "facts": error.facts}}
        return {**_frame(draft, []), **note, **places_shown}
    assets = await orders.assets_in(deps.library, made)
    findings = await _findings(deps, made, draft.choices)
    blocked = any(one["severity"] == "block" for one in findings)
    needs_post = goes(draft.choices, known) and not draft.choices.post
    return {
        **_frame(draft, made),
        "examples": [_example(one, assets) for one in made[:EXAMPLES]],
        "sources": _different(made, 0),
        "templates": _different(made, 1),
        "music": len({one.music.file.asset_id for one in made if one.music}),
        "seconds": sum(_seconds(one, assets) for one in made),
        "findings": findings,
        **twin_facts(findings, draft.choices),
        "can_go": not blocked and not needs_post,
        **places_shown,
    }


def _frame(draft: Draft, made: Sequence[Mashup]) -> dict[str, Any]:
    nothing = {"examples": [], "sources": 0, "templates": 0, "music": 0, "seconds": 0.0}
    return {
        **nothing,
        "draft_id": draft.id,
        "count": draft.choices.count,
        "planned": len(made),
        "seed": draft.choices.seed,
        "findings": [],
        **twin_facts([], draft.choices),
        "can_go": False,
        "choosing": "",
        "note": draft.looking.note,
        "note_facts": draft.looking.note_facts,
    }


async def _narrowed(deps: ChatDeps, choices: Choices) -> list[dict[str, Any]]:
    """Return what of the library an order is made from, where that is not all of it."""
    found = []
    for step in MANY_FIELDS:
        ids = narrowed(choices, step)
        assets = [await deps.library.get(one) for one in ids[:NAMES]]
        names = [one.name for one in assets if one is not None and one.deleted_at is None]
        if ids:
            found.append({"step": step.value, "names": names, "more": len(ids) - len(names)})
    return found


def _example(made: Mashup, assets: Mapping[int, Asset]) -> dict[str, Any]:
    music = assets.get(made.music.file.asset_id or 0) if made.music else None
    return {
        "names": orders.part_names(made, assets),
        "music": music.name if music else "",
    }


def _different(made: Sequence[Mashup], place: int) -> int:
    return len({one.parts[place].file.asset_id for one in made if len(one.parts) > place})


def _seconds(made: Mashup, assets: Mapping[int, Asset]) -> float:
    first = assets.get(made.parts[0].file.asset_id or 0)
    return made.seconds or (first.seconds if first else 0.0)


async def _findings(
    deps: ChatDeps, made: Sequence[Mashup], choices: Choices
) -> list[dict[str, Any]]:
    """Return what the rules say of all of them, each thing once, what blocks first."""
    targets = await targets_of(deps, choices)
    judged = await deps.policy.check_many(
        [(one, targets) for one in made], deps.mashups.rules, twins_wanted=choices.twins
    )
    found: dict[str, dict[str, Any]] = {}
    for one in (breach for breaches in judged for breach in breaches):
        # Of what is counted through the whole order the last figure tells most.
        what = [one.key, *(str(one.facts.get(name)) for name in WHAT)]
        found[" ".join(what)] = {
            "severity": one.severity,
            "key": one.key,
            "facts": dict(one.facts),
        }
    return sorted(found.values(), key=lambda one: one["severity"] != "block")
