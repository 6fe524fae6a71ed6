"""What an order of many mashups would make, as facts for its message."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.deps import ChatDeps
from bot.chat.mashup_page import findings_of, places, target_facts
from core.studio.assets import Asset, Wanted
from core.studio.choosing import USUAL, Wish
from core.studio.drafts import Draft
from core.studio.errors import StudioError
from core.studio.many import plan_many
from core.studio.mashup import AssetKind, Mashup
from core.studio.queueing import asset_ids
from core.studio.wizard import Choices

EXAMPLES = 5


async def plan(deps: ChatDeps, choices: Choices) -> list[Mashup]:
    """Return the mashups of an order; the same library and number give the same.

    Raises:
        StudioError: there is not enough to make so many of.
    """
    templates = await deps.library.find(Wanted(kind=AssetKind.TEMPLATE, per_page=1))
    wish = Wish(
        kinds=USUAL if templates.total else (AssetKind.SOURCE,),
        mood=choices.mood,
        aspect=choices.aspect,
        seconds=choices.seconds or None,
    )
    return await plan_many(deps.library, wish, choices.count, choices.seed or 0)


def digest_of(made: Sequence[Mashup]) -> str:
    """Return what tells two plans apart."""
    text = "\n".join(one.model_dump_json() for one in made)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


async def many_facts(deps: ChatDeps, draft: Draft) -> dict[str, Any]:
    """Return what the message of an order shows."""
    try:
        made = await plan(deps, draft.choices)
    except StudioError as error:
        note = {"note": "studio", "note_facts": {"key": error.key, "facts": error.facts}}
        return {**_frame(draft, []), **note, "targets": [], "has_post": False}
    known = await places(deps)
    assets = await _assets(deps, made)
    findings = await _findings(deps, made, draft.choices)
    blocked = any(one["severity"] == "block" for one in findings)
    needs_post = draft.choices.is_published and not draft.choices.post
    return {
        **_frame(draft, made),
        "examples": [_example(one, assets) for one in made[:EXAMPLES]],
        "sources": _different(made, 0),
        "templates": _different(made, 1),
        "music": len({one.music.file.asset_id for one in made if one.music}),
        "seconds": sum(_seconds(one, assets) for one in made),
        "findings": findings,
        "can_go": not blocked and not needs_post,
        "targets": target_facts(known, draft.choices),
        "has_post": bool(draft.choices.post),
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
        "can_go": False,
        "note": draft.looking.note,
        "note_facts": draft.looking.note_facts,
    }


async def _assets(deps: ChatDeps, made: Sequence[Mashup]) -> dict[int, Asset]:
    ids = {number for one in made for number in asset_ids(one)}
    found = [await deps.library.get(number) for number in sorted(ids)]
    return {one.id: one for one in found if one is not None}


def _example(made: Mashup, assets: Mapping[int, Asset]) -> dict[str, Any]:
    ids = [part.file.asset_id for part in made.parts]
    music = assets.get(made.music.file.asset_id or 0) if made.music else None
    return {
        "names": [assets[one].name for one in ids if one is not None and one in assets],
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
    found: dict[str, dict[str, Any]] = {}
    for one in made:
        for finding in await findings_of(deps, one, choices):
            found.setdefault(f"{finding['key']} {sorted(finding['facts'].items())}", finding)
    return sorted(found.values(), key=lambda one: one["severity"] != "block")
