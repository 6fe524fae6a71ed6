"""Mashups that people put together as the chat shows them: made of facts only.

The facts of ``mashup_wizard``: ``{draft_id, step, number, of, chosen: [{step, key, facts,
drawn}], seed, note, note_facts, can_skip, is_chosen}`` and those of its step:

* of the library: ``{rows: [{number, id, name, seconds, is_picture, uses, mood, is_picked}],
  page, page_count, total, kind, kinds, mood, moods, search, can_listen}``
* layout: ``{layouts, layout, aspects, aspect, lengths, seconds}``
* words: ``{has_words, look, place, has_mark, has_credit}``
* targets: ``{targets: [{action, id, name, platform, is_on}], has_post}``
* review: ``{findings: [{severity, key, facts}], can_go, can_preview, needs_post, can_twin,
  twins}``

Of ``mashup_many``: ``{draft_id, count, choosing, examples: [{names, music}], sources, templates,
music, narrowed: [{step, names, more}], mood, seconds, seed, findings, can_twin, twins, can_go,
targets, has_post, note, note_facts}``; where ``choosing`` names a step, those of its list instead,
and ``chosen``: how many were chosen in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiogram.filters.callback_data import CallbackData

from bot.chat import library_text
from bot.chat.card import Rendered
from bot.chat.keyboards import Button, Rows, button
from bot.chat.refusals import platform_title
from bot.chat.studio_text import studio_text
from bot.chat.texts import Markup, has, human, plain, say

A_ROW = 3
TARGETS_A_ROW = 2
NAME_SHOWN = 50
BUTTON_SHOWN = 30
FINDINGS_SHOWN = 6
FACT_SHOWN = 150

WIZARD = "mashup_wizard"
MANY = "mashup_many"
ENDED = "mashup_ended"
LISTS = ("source", "template", "music")
"""What of the library an order of many may be narrowed to."""
ENDS = ("left", "expired", "sent", "sent_many")

Facts = Mapping[str, Any]


class MashupAction(CallbackData, prefix="mw1"):
    """A button of a draft; ``step`` is the one that it stood under."""

    draft_id: int
    step: str
    action: str
    value: int = 0


def wizard(facts: Facts) -> Rendered:
    """Return the step that a draft is at."""
    draw_text, draw_rows = _STEPS[facts["step"]]
    head = say("mashup_head", number=facts["number"], of=facts["of"])
    question = say(f"mashup_step_{facts['step']}", **_question_facts(facts))
    if not facts.get("can_go", True):
        question = say("mashup_nearly")
    blocks = [[head, *_chosen(facts)], [question], draw_text(facts), _note(facts)]
    return Rendered(text=_blocks(blocks), rows=[*draw_rows(facts), *_ways(facts)])


def many(facts: Facts) -> Rendered:
    """Return what would be made of an order of many, or the list that it is chosen from."""
    if facts["choosing"]:
        return _many_list(facts)
    head = say(
        "mashup_many_head",
        count=facts["count"],
        sources=say("mashup_many_sources", count=facts["sources"]),
        templates=say("mashup_many_templates", count=facts["templates"]),
        music=say("mashup_many_music", count=facts["music"]),
        seconds=human.span(facts["seconds"]),
        seed=facts["seed"],
    )
    examples = [
        say(
            "mashup_many_example",
            names=" + ".join(map(cut, one["names"])),
            music=cut(one["music"]),
        )
        if one["music"]
        else say("mashup_many_example_plain", names=" + ".join(map(cut, one["names"])))
        for one in facts["examples"]
    ]
    left = facts["count"] - len(examples)
    if left > 0:
        examples.append(say("mashup_many_more", count=left))
    blocks = [
        [head, *_narrowed(facts)],
        examples,
        _findings(facts),
        _goes(facts),
        _note(facts),
    ]
    press = _presser(facts)
    choose = [press(f"choose_{step}", "choose", at) for at, step in enumerate(LISTS)]
    last = [press("another", "another"), press("cancel", "leave")]
    go = [[press("go_many", "go", count=facts["count"])]] if facts["can_go"] else []
    rows = [choose, *_target_rows(facts), *_twin_rows(facts), *go, last]
    return Rendered(text=_blocks(blocks), rows=rows)


def _narrowed(facts: Facts) -> list[Markup]:
    """Return what an order is made from, where that is not the whole library."""
    lines = []
    for one in facts["narrowed"]:
        names = ", ".join([*map(cut, one["names"]), *([f"+{one['more']}"] if one["more"] else [])])
        lines.append(say(f"mashup_many_from_{one['step']}", names=names))
    return [*lines, say("mashup_many_mooded", mood=facts["mood"])] if facts["mood"] else lines


def _many_list(facts: Facts) -> Rendered:
    """Return a list of the library that an order of many is chosen from."""
    head = say(f"mashup_many_choose_{facts['choosing']}", count=facts["count"])
    chosen = say("mashup_many_chosen", count=facts["chosen"])
    told = chosen if facts["chosen"] else say("mashup_many_chosen_none")
    press = _presser(facts, "many")
    every = [press("everything", "everything")] if facts["chosen"] else []
    last = [*every, press("chosen", "chosen")]
    rows = [*_asset_rows(facts, "many"), last, [press("cancel", "leave")]]
    return Rendered(text=_blocks([[head], _asset_text(facts), [told], _note(facts)]), rows=rows)


def ended(facts: Facts) -> Rendered:
    """Return what became of a draft."""
    return Rendered(text=say(f"mashup_{facts['end']}", **facts), rows=[])


MASHUP_BOARDS: Mapping[str, Callable[[Facts], Rendered]] = {
    WIZARD: wizard,
    MANY: many,
    ENDED: ended,
}


def cut(name: str, limit: int = NAME_SHOWN) -> str:
    """Return a foreign name on one line, cut where it is too long; never nothing."""
    return library_text.cut(name, limit) or plain(say("mashup_unnamed"))


def short(value: object) -> object:
    """Return a fact that leaves room for the other words of a message."""
    return cut(value, FACT_SHOWN) if isinstance(value, str) else value


def finding_line(one: Facts) -> Markup:
    """Return what a rule of the house says of a mashup, and why."""
    key = f"policy_{one['key']}"
    facts = {name: short(value) for name, value in one["facts"].items()}
    words = say(key, **facts) if has(key) else say("policy_other", rule=one["key"])
    return Markup(f"{'⛔' if one['severity'] == 'block' else '⚠️'} {words}")


def _chosen(facts: Facts) -> list[Markup]:
    lines = []
    for one in facts["chosen"]:
        told = {name: _shown(name, value) for name, value in one["facts"].items()}
        line = say(f"mashup_chosen_{one['key']}", **told)
        lines.append(say("mashup_drawn", line=line) if one["drawn"] else line)
    if facts["seed"] is not None:
        lines.append(say("mashup_seed", seed=facts["seed"]))
    return lines


def _shown(name: str, value: Any) -> object:  # noqa: ANN401 - any JSON
    """Return a fact in words where it is a word of ours."""
    if name == "layout":
        return say(f"mashup_layout_{value}") if has(f"mashup_layout_{value}") else value
    if name == "length":
        return _length(int(value))
    return cut(value) if isinstance(value, str) else value


def _length(seconds: int) -> Markup:
    return say("mashup_length", length=human.span(seconds)) if seconds else say("mashup_as_source")


def _question_facts(facts: Facts) -> dict[str, object]:
    return {"mood": facts.get("mood") or "", "search": facts.get("search") or ""}


def _note(facts: Facts) -> list[Markup]:
    if not facts["note"]:
        return []
    told = facts["note_facts"]
    if facts["note"] == "studio":
        return [Markup(f"⚠️ {studio_text(told['key'], told['facts'])}")]
    return [say(facts["note"], **told)]


def _presser(facts: Facts, step: str = "") -> Callable[..., Button]:
    def press(words: str, action: str, value: int = 0, **told: object) -> Button:
        data = MashupAction(
            draft_id=facts["draft_id"],
            step=step or facts.get("step", "many"),
            action=action,
            value=value,
        )
        return button(f"mashup_{words}", data, **told)

    return press


def _marked(one: Button, *, is_on: bool) -> Button:
    return (
        Button(text=plain(say("button_mashup_on", words=one.text)), data=one.data)
        if is_on
        else one
    )


def _ways(facts: Facts) -> Rows:
    """Return the buttons that every step has."""
    press = _presser(facts)
    back = [press("back", "back")] if facts["number"] > 1 else []
    skip = [press("skip", "skip")] if facts["can_skip"] else []
    on = [press("next", "next")] if facts["is_chosen"] else []
    words = "another" if facts["seed"] is not None else "surprise"
    return [[*back, *skip, *on], [press(words, words), press("cancel", "leave")]]


# Steps of the library


def _asset_text(facts: Facts) -> list[Markup]:
    if not facts["total"]:
        key = "mashup_none_found" if facts["search"] or facts["mood"] else "mashup_none"
        return [say(key if key == "mashup_none_found" else f"{key}_{facts['step']}")]
    lines = [_asset_line(row) for row in facts["rows"]]
    if facts["page_count"] > 1:
        lines.append(say("mashup_page", page=facts["page"] + 1, pages=facts["page_count"]))
    return lines


def _asset_line(row: Facts) -> Markup:
    told = [
        *([say("mashup_picture")] if row["is_picture"] else []),
        *([human.span(row["seconds"])] if row["seconds"] else []),
        *([row["mood"]] if row["mood"] else []),
        say("mashup_uses", count=row["uses"]) if row["uses"] else say("library_unused"),
    ]
    return say(
        "mashup_row_on" if row["is_picked"] else "mashup_row",
        number=row["number"],
        name=cut(row["name"]),
        facts=Markup(" · ".join(human.escape(str(one)) for one in told)),
    )


def _asset_rows(facts: Facts, under: str = "") -> Rows:
    press = _presser(facts, under)
    numbers = [press("number", "pick", row["id"], number=row["number"]) for row in facts["rows"]]
    if facts["can_listen"]:
        extra = [
            press("listen", "listen", row["id"], number=row["number"]) for row in facts["rows"]
        ]
    else:
        extra = [press("pictures", "pictures")] if facts["rows"] else []
    turns = []
    if facts["page"] > 0:
        turns.append(press("earlier", "page", facts["page"] - 1))
    if facts["page"] < facts["page_count"] - 1:
        turns.append(press("later", "page", facts["page"] + 1))
    return [
        *_in_rows(numbers, A_ROW),
        *_in_rows(extra, A_ROW),
        turns,
        [press("all", "all")] if facts["search"] else [],
        *_in_rows(_kinds(facts, under), A_ROW),
        *_in_rows(_moods(facts, under), A_ROW),
    ]


def _kinds(facts: Facts, under: str) -> list[Button]:
    press, kinds = _presser(facts, under), facts["kinds"]
    if len(kinds) < 2:
        return []
    return [
        _marked(press(f"kind_{kind}", "kind", number), is_on=kind == facts["kind"])
        for number, kind in enumerate(kinds)
    ]


def _moods(facts: Facts, under: str) -> list[Button]:
    press = _presser(facts, under)
    if not facts["moods"]:
        return []
    every = _marked(press("any_mood", "mood", 0), is_on=not facts["mood"])
    return [
        every,
        *(
            _marked(
                press("mood", "mood", number, mood=cut(mood, BUTTON_SHOWN)),
                is_on=mood == facts["mood"],
            )
            for number, mood in enumerate(facts["moods"], start=1)
        ),
    ]


# The other steps


def _layout_rows(facts: Facts) -> Rows:
    press = _presser(facts)
    layouts = [
        _marked(press(f"layout_{name}", "layout", number), is_on=name == facts["layout"])
        for number, name in enumerate(facts["layouts"])
    ]
    aspects = [
        _marked(press("aspect", "aspect", number, aspect=name), is_on=name == facts["aspect"])
        for number, name in enumerate(facts["aspects"])
    ]
    lengths = [
        _marked(press("length", "length", one, length=_length(one)), is_on=one == facts["seconds"])
        for one in (0, *facts["lengths"])
    ]
    shown = layouts if len(layouts) > 1 else []
    return [*_in_rows(shown, 2), aspects, *_in_rows(lengths, 2)]


def _words_rows(facts: Facts) -> Rows:
    press = _presser(facts)
    looks = [press(f"look_{facts['look']}", "look"), press(f"place_{facts['place']}", "place")]
    away = [
        *([press("no_words", "clear")] if facts["has_words"] else []),
        *([press("no_mark", "no_mark")] if facts["has_mark"] else []),
        *([press("no_credit", "no_credit")] if facts["has_credit"] else []),
    ]
    return [looks if facts["has_words"] else [], away]


def _target_rows(facts: Facts) -> Rows:
    press = _presser(facts)
    buttons = [
        _marked(
            press(
                "target" if one["platform"] else "target_group",
                one["action"],
                one["id"],
                name=cut(one["name"], BUTTON_SHOWN),
                platform=platform_title(one["platform"]) if one["platform"] else "",
            ),
            is_on=one["is_on"],
        )
        for one in facts["targets"]
    ]
    only = [[press("only_make", "only")]] if any(one["is_on"] for one in facts["targets"]) else []
    return [*_in_rows(buttons, TARGETS_A_ROW), *only]


def _goes(facts: Facts) -> list[Markup]:
    """Return what is said of the places that a mashup goes to."""
    if not facts["targets"]:
        return [say("mashup_no_accounts")]
    if not any(one["is_on"] for one in facts["targets"]):
        return [say("mashup_only_made")]
    return [] if facts["has_post"] else [say("mashup_needs_post")]


def _findings(facts: Facts) -> list[Markup]:
    found = facts["findings"]
    lines = [finding_line(one) for one in found[:FINDINGS_SHOWN]]
    if len(found) > FINDINGS_SHOWN:
        lines.append(say("mashup_more_findings", count=len(found) - FINDINGS_SHOWN))
    if any(one["severity"] == "block" for one in found):
        lines.append(say("mashup_blocked"))
    return lines


def _review(facts: Facts) -> list[Markup]:
    missing = [say("mashup_needs_post")] if facts["needs_post"] else []
    return [*_findings(facts), *missing]


def _review_rows(facts: Facts) -> Rows:
    press = _presser(facts)
    only = [[press("only_make", "only")]] if facts["needs_post"] else []
    go = [[press("go", "go")]] if facts["can_go"] else []
    look = [[press("preview", "preview")]] if facts["can_preview"] else []
    return [*look, *only, *_twin_rows(facts), *go]


def _twin_rows(facts: Facts) -> Rows:
    """Return the button by which the same file is wanted at several accounts."""
    one = _presser(facts)("twins", "twins")
    return [[_marked(one, is_on=facts["twins"])]] if facts["can_twin"] else []


def _nothing(facts: Facts) -> list[Markup]:
    del facts
    return []


Draw = tuple[Callable[[Facts], list[Markup]], Callable[[Facts], Rows]]

_STEPS: Mapping[str, Draw] = {
    "source": (_asset_text, _asset_rows),
    "template": (_asset_text, _asset_rows),
    "music": (_asset_text, _asset_rows),
    "layout": (_nothing, _layout_rows),
    "words": (_nothing, _words_rows),
    "targets": (_goes, _target_rows),
    "review": (_review, _review_rows),
}


def _in_rows(buttons: Sequence[Button], width: int) -> list[Sequence[Button]]:
    return [buttons[at : at + width] for at in range(0, len(buttons), width)]


def _blocks(blocks: Sequence[Sequence[Markup]]) -> Markup:
    return Markup("\n\n".join("\n".join(block) for block in blocks if block))
