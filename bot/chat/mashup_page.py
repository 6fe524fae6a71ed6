"""What a draft of a mashup shows, gathered from the library, the accounts and the rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.deps import ChatDeps
from core.accounts.groups import Group
from core.errors import RefusedError
from core.posts.models import Account, AccountId
from core.studio.assets import Asset, Found, Wanted
from core.studio.building import build, foot_of
from core.studio.drafts import Draft
from core.studio.mashup import AssetKind, Mashup
from core.studio.wizard import (
    ASPECTS,
    ASSET_STEPS,
    FIELDS,
    LENGTHS,
    ORDER,
    SKIPPED,
    Choices,
    Step,
    chosen,
    layouts,
    narrowed,
)

A_PAGE = 6
MOST_MOODS = 8
MOST_TARGETS = 12
TWINS = frozenset({"twins", "twins_lately"})
"""Findings that say that several accounts get the same file."""

_SPLITS = re.compile(r"[,;\n]|^[@#]|^\s*$|^all$", re.IGNORECASE)
"""What the line ``to:`` would not take for one name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One account or group that a mashup may go to."""

    action: str
    """``account`` or ``group``."""
    id: int
    name: str
    platform: str
    """Empty for a group."""
    word: str
    """What names it after ``to:``."""
    is_usual: bool = False
    """Whether a video goes there that names no place."""


# Places


async def places(deps: ChatDeps) -> list[Place]:
    """Return what can be named after ``to:``."""
    accounts = [one for one in await deps.posts.accounts() if one.state != "paused"]
    known = [
        Place(
            action="account",
            id=one.id,
            name=one.name,
            platform=one.platform,
            word=word,
            is_usual=one.is_target,
        )
        for one in accounts
        if (word := _word_of(one, accounts))
    ]
    groups = [_group(one) for one in await deps.groups.all() if not _SPLITS.search(one.name)]
    return [*known, *groups]


def _word_of(account: Account, accounts: Sequence[Account]) -> str:
    same = sum(one.name.casefold() == account.name.casefold() for one in accounts)
    alone = sum(one.platform == account.platform for one in accounts) == 1
    if not _SPLITS.search(account.name) and same == 1:
        return account.name
    return account.platform if alone else ""


def _group(group: Group) -> Place:
    return Place(action="group", id=group.id, name=group.name, platform="", word=group.name)


def is_on(place: Place, choices: Choices) -> bool:
    """Return whether a mashup goes there."""
    return place.id in (choices.accounts if place.action == "account" else choices.groups)


def goes(choices: Choices, known: Sequence[Place]) -> bool:
    """Return whether a mashup goes anywhere; what was chosen may be gone since."""
    return any(is_on(place, choices) for place in known)


def caption_of(choices: Choices, known: Sequence[Place]) -> str:
    """Return the caption that is published, with the line that says where; empty for nowhere."""
    words = [place.word for place in known if is_on(place, choices)]
    return f"{choices.post}\nto: {', '.join(words)}".strip() if words else ""


# The mashup


async def assets_of(deps: ChatDeps, choices: Choices) -> dict[int, Asset]:
    """Return the assets that were chosen, as far as they are still there."""
    wanted = {chosen(choices, step) for step in FIELDS} - {None}
    found = [await deps.library.get(asset_id) for asset_id in wanted if asset_id is not None]
    return {one.id: one for one in found if one is not None and one.deleted_at is None}


def without_gone(choices: Choices, assets: Mapping[int, Asset]) -> Choices:
    """Return the choices without what is not in the library any more."""
    gone = {
        field: None
        for step, field in FIELDS.items()
        if (number := chosen(choices, step)) is not None and number not in assets
    }
    return choices.model_copy(update=gone) if gone else choices


async def mashup_of(deps: ChatDeps, choices: Choices, assets: Mapping[int, Asset]) -> Mashup:
    """Return the mashup of the choices; its source has to be there."""
    known = await places(deps)
    platforms = {one.platform for one in known if is_on(one, choices) and one.platform}
    path = deps.mashups.captions_path(choices.caption_file) if choices.caption_file else None
    return build(
        choices, assets, captions=path, platforms=platforms, loudness=deps.mashups.loudness
    )


async def findings_of(deps: ChatDeps, mashup: Mashup, choices: Choices) -> list[dict[str, Any]]:
    """Return what the rules say of a mashup: ``{severity, key, facts}``."""
    targets = await targets_of(deps, choices)
    found = await deps.policy.check(
        mashup, targets, deps.mashups.rules, twins_wanted=choices.twins
    )
    return [{"severity": one.severity, "key": one.key, "facts": dict(one.facts)} for one in found]


async def targets_of(deps: ChatDeps, choices: Choices) -> list[AccountId]:
    """Return the accounts that the choices name, as far as they can be named."""
    words = [one.word for one in await places(deps) if is_on(one, choices)]
    try:
        return [one.account.id for one in await deps.intake.targets_of(words)] if words else []
    except RefusedError:
        # Said where it is published.
        return []


# What a step shows


async def wizard_facts(deps: ChatDeps, draft: Draft) -> dict[str, Any]:
    """Return what the message of a draft shows."""
    assets = await assets_of(deps, draft.choices)
    known = await places(deps)
    number = ORDER.index(draft.step) + 1
    facts = {
        "draft_id": draft.id,
        "step": draft.step.value,
        "number": number,
        "of": len(ORDER),
        "chosen": _told(draft, assets, known),
        "seed": draft.choices.seed,
        "note": draft.looking.note,
        "note_facts": draft.looking.note_facts,
        "can_skip": draft.step in SKIPPED,
        "is_chosen": _is_chosen(draft, assets),
    }
    return {**facts, **await _step_facts(deps, draft, assets, known)}


def _is_chosen(draft: Draft, assets: Mapping[int, Asset]) -> bool:
    if draft.step in FIELDS:
        return chosen(draft.choices, draft.step) in assets
    if draft.step is Step.WORDS:
        return bool(draft.choices.caption or draft.choices.caption_file)
    return draft.step is not Step.REVIEW


async def _step_facts(
    deps: ChatDeps, draft: Draft, assets: Mapping[int, Asset], known: Sequence[Place]
) -> dict[str, Any]:
    choices = draft.choices
    match draft.step:
        case Step.LAYOUT:
            return {
                "layouts": list(layouts(choices)),
                "layout": choices.layout,
                "aspects": list(ASPECTS),
                "aspect": choices.aspect,
                "lengths": list(LENGTHS),
                "seconds": choices.seconds,
            }
        case Step.WORDS:
            has_words = bool(choices.caption or choices.caption_file)
            return {
                "has_words": has_words,
                "look": choices.look,
                "place": choices.place,
                "has_mark": bool(choices.watermark),
                "has_credit": bool(choices.credit),
            }
        case Step.TARGETS:
            return {"targets": target_facts(known, choices), "has_post": bool(choices.post)}
        case Step.REVIEW:
            return await _review(deps, choices, assets, known)
        case _:
            return await list_facts(deps, draft)


def target_facts(known: Sequence[Place], choices: Choices) -> list[dict[str, Any]]:
    """Return the places that have a button: the first ones, and all that were chosen."""
    shown = [one for n, one in enumerate(known) if n < MOST_TARGETS or is_on(one, choices)]
    return [
        {
            "action": one.action,
            "id": one.id,
            "name": one.name,
            "platform": one.platform,
            "is_on": is_on(one, choices),
        }
        for one in shown
    ]


async def _review(
    deps: ChatDeps, choices: Choices, assets: Mapping[int, Asset], known: Sequence[Place]
) -> dict[str, Any]:
    needs_post = goes(choices, known) and not choices.post
    if choices.source_id not in assets:
        return {
            "findings": [],
            "can_go": False,
            "can_preview": False,
            "needs_post": needs_post,
            **twin_facts([], choices),
        }
    mashup = await mashup_of(deps, choices, assets)
    findings = await findings_of(deps, mashup, choices)
    blocked = any(one["severity"] == "block" for one in findings)
    return {
        "findings": findings,
        "can_go": not blocked and not needs_post,
        "can_preview": True,
        "needs_post": needs_post,
        **twin_facts(findings, choices),
    }


def twin_facts(findings: Sequence[Mapping[str, Any]], choices: Choices) -> dict[str, Any]:
    """Return whether the same file may be wanted at several accounts, and whether it is."""
    can_twin = choices.twins or any(one["key"] in TWINS for one in findings)
    return {"can_twin": can_twin, "twins": choices.twins}


async def list_facts(deps: ChatDeps, draft: Draft) -> dict[str, Any]:
    """Return the page of the library that a step shows."""
    looking, kinds = draft.looking, [kind.value for kind in ASSET_STEPS[draft.step]]
    is_music = draft.step is Step.MUSIC
    kind = looking.kind if looking.kind in kinds else kinds[0]
    known = await moods(deps) if is_music else []
    # The last piece of a mood may be gone since it was chosen.
    mood = draft.choices.mood if draft.choices.mood in known else ""
    page_count, page, found = await _page(deps, draft, kind, mood)
    picked = _picked(draft)
    rows = [
        {
            "number": number,
            "id": one.id,
            "name": one.name,
            "seconds": one.seconds,
            "is_picture": one.media == "image",
            "uses": one.uses,
            "mood": one.mood if is_music else "",
            "is_picked": one.id in picked,
        }
        for number, one in enumerate(found.assets, start=1)
    ]
    return {
        "rows": rows,
        "page": page,
        "page_count": page_count,
        "total": found.total,
        "kind": kind,
        "kinds": kinds,
        "mood": mood,
        "moods": known,
        "search": looking.search,
        "can_listen": is_music,
    }


def _picked(draft: Draft) -> Collection[int | None]:
    if draft.is_many:
        return narrowed(draft.choices, draft.step)
    return (chosen(draft.choices, draft.step),)


async def _page(deps: ChatDeps, draft: Draft, kind: str, mood: str) -> tuple[int, int, Found]:
    """Return how many pages there are, which one is shown, and what is on it."""
    page = draft.looking.page
    while True:
        wanted = Wanted(
            kind=AssetKind(kind),
            mood=mood,
            text=draft.looking.search,
            page=page + 1,
            per_page=A_PAGE,
        )
        found = await deps.library.find(wanted)
        page_count = max(1, -(-found.total // A_PAGE))
        if page < page_count:
            return page_count, page, found
        page = page_count - 1


async def moods(deps: ChatDeps) -> list[str]:
    """Return the moods of the music, the most frequent first."""
    return [mood for mood, _ in await deps.library.moods(AssetKind.AUDIO) if mood][:MOST_MOODS]


# What was chosen


def _told(
    draft: Draft, assets: Mapping[int, Asset], known: Sequence[Place]
) -> list[dict[str, Any]]:
    """Return the lines of what is decided: all that comes before the step, and what was set."""
    choices, at = draft.choices, ORDER.index(draft.step)
    lines: list[dict[str, Any]] = []
    for step in FIELDS:
        asset = assets.get(chosen(choices, step) or 0)
        if asset is not None:
            drawn = FIELDS[step] in choices.drawn
            lines.append(_line(step.value, drawn=drawn, name=asset.name))
        elif ORDER.index(step) < at:
            lines.append(_line(f"no_{step.value}"))
    if ORDER.index(Step.LAYOUT) < at:
        shown = {"layout": choices.layout, "aspect": choices.aspect, "length": choices.seconds}
        lines.append(_line("layout", drawn="layout" in choices.drawn, **shown))
    if ORDER.index(Step.WORDS) < at or _says(draft):
        lines += _words(choices)
        if foot := foot_of(choices, assets):
            lines.append(_line("foot", text=foot))
    if ORDER.index(Step.TARGETS) < at:
        lines += _where(choices, known)
    return lines


def _says(draft: Draft) -> bool:
    """Return whether there are words to be told of before their step is over."""
    choices = draft.choices
    marks = draft.step is Step.WORDS and (choices.watermark or choices.credit)
    return bool(choices.caption or choices.caption_file or marks)


def _words(choices: Choices) -> list[dict[str, Any]]:
    drawn = "caption" in choices.drawn
    if choices.caption:
        lines = [_line("words", drawn=drawn, text=choices.caption)]
    elif choices.caption_file:
        lines = [_line("file", name=choices.caption_name)]
    else:
        lines = [_line("no_words")]
    if choices.watermark:
        lines.append(_line("watermark", text=choices.watermark))
    return lines


def _where(choices: Choices, known: Sequence[Place]) -> list[dict[str, Any]]:
    names = [one.name for one in known if is_on(one, choices)]
    if not names:
        return [_line("no_targets")]
    lines = [_line("targets", names=", ".join(names))]
    return [*lines, _line("post", text=choices.post)] if choices.post else lines


def _line(key: str, *, drawn: bool = False, **facts: object) -> dict[str, Any]:
    return {"key": key, "drawn": drawn, "facts": facts}
