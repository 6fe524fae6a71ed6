"""The library as the chat shows it: a list with its filters, one file, and what is asked of it.

The facts of the board ``library_view`` are made by ``bot/chat/library_facts.py``:
``{view_id, menu, filters: {kind, platform, mood, category, tag, text}}`` and, by the menu,

* the list (empty menu): ``{rows: [asset, ...], page, page_count, total}``
* ``kind``: ``{counts: {kind: number}}``; ``mood``, ``platform``, ``tag``: ``{words: [str, ...]}``
* ``stats``: ``{stats: [{kind, count, size_bytes, seconds, uses}]}``
* the others: ``{asset, may_change, is_held, last_used, added, added_by, uses: [{holder, at}],
  words, note}``
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiogram.filters.callback_data import CallbackData

from bot.chat.card import Rendered, fits
from bot.chat.keyboards import Button, Rows, button
from bot.chat.refusals import platform_title
from bot.chat.texts import Markup, escape, human, plain, say
from core.studio.mashup import AssetKind
from core.studio.telling import VIEW

NAME_SHOWN = 60
TEXT_SHOWN = 300
WORD_SHOWN = 28
"""Signs of a word on a button."""
TAGS_SHOWN = 12
NUMBERS_A_ROW = 4
WORDS_A_ROW = 2
KIND_CHOICES: Mapping[str, Sequence[AssetKind]] = {
    "video": (AssetKind.SOURCE, AssetKind.TEMPLATE, AssetKind.HOT, AssetKind.PRODUCT),
    "image": (AssetKind.PRODUCT, AssetKind.THUMBNAIL, AssetKind.TEMPLATE, AssetKind.SOURCE),
    "": (
        *(AssetKind.SOURCE, AssetKind.TEMPLATE, AssetKind.HOT),
        *(AssetKind.AUDIO, AssetKind.PRODUCT, AssetKind.THUMBNAIL),
    ),
}
"""What a file may be for, by the kind of its media; empty where that is not known."""
FILTERS = ("kind", "mood", "platform", "tag")

Facts = Mapping[str, Any]


class LibraryAction(CallbackData, prefix="lb1"):
    """A button about the library; ``value`` is an asset, a page, or the place of a word."""

    action: str
    view_id: int
    value: int = 0


def view(facts: Facts) -> Rendered:
    """Return what a message shows of the library."""
    return _MENUS.get(facts["menu"], _list)(facts)


def cut(text: str, limit: int = NAME_SHOWN) -> str:
    """Return foreign words on one line, cut where they are too long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def isolated(text: str, limit: int = NAME_SHOWN) -> str:
    """Return foreign words that cannot turn around what stands beside them."""
    return f"\u2068{cut(text, limit)}\u2069"


def asset_line(asset: Facts) -> Markup:
    """Return what a file is in one line: kind, medium, sides, length and size."""
    parts: list[str] = [
        say(f"library_kind_{asset['kind']}"),
        say(f"library_media_{asset['media']}"),
    ]
    if asset["width"] and asset["height"]:
        parts.append(f"{asset['width']}×{asset['height']}")
    if asset["seconds"]:
        parts.append(human.span(asset["seconds"]))
    return Markup(" · ".join([*parts, human.size(asset["size_bytes"])]))


# The list


def _list(facts: Facts) -> Rendered:
    filters = _filters(facts["filters"])
    if not facts["total"]:
        key = "library_nothing" if filters else "library_empty"
        return Rendered(text=say(key, filters=filters), rows=_list_rows(facts))
    key = "library_filtered" if filters else "library_head"
    head = say(key, count=facts["total"], filters=filters)
    body = [_row(number, asset) for number, asset in enumerate(facts["rows"], start=1)]
    foot = []
    if facts["page_count"] > 1:
        foot.append(say("library_page", page=facts["page"], pages=facts["page_count"]))
    foot.append(say("library_hint"))
    return Rendered(text=_blocks([head], body, foot), rows=_list_rows(facts))


def _row(number: int, asset: Facts) -> Markup:
    told: list[str] = [say(f"library_kind_{asset['kind']}")]
    told += [human.span(asset["seconds"])] if asset["seconds"] else []
    told += [asset["mood"]] if asset["mood"] else []
    told.append(_uses(asset["uses"]))
    line = Markup(" · ".join(escape(one) for one in told))
    mark = say(f"library_mark_{asset['media']}")
    return say("library_row", number=number, mark=mark, name=isolated(asset["name"]), facts=line)


def _filters(filters: Facts) -> Markup:
    """Return what is looked for, in words."""
    told: list[Markup] = []
    if filters["kind"]:
        told.append(say(f"library_kind_{filters['kind']}"))
    if filters["platform"]:
        told.append(Markup(platform_title(filters["platform"])))
    words = (filters["mood"], filters.get("category"))
    told += [escape(word) for word in words if word]
    told += [escape(f"#{filters['tag']}")] if filters["tag"] else []
    if filters["text"]:
        told.append(say("library_filter_words", text=cut(filters["text"])))
    return Markup(" · ".join(told))


def _list_rows(facts: Facts) -> Rows:
    view_id = facts["view_id"]
    numbers = [
        button("library_number", _data("open", view_id, asset["id"]), number=number)
        for number, asset in enumerate(facts["rows"], start=1)
    ]
    rows = [numbers[at : at + NUMBERS_A_ROW] for at in range(0, len(numbers), NUMBERS_A_ROW)]
    rows.append(_pages(facts))
    is_filtered = any(facts["filters"].values())
    if facts["total"] or is_filtered:
        rows.append([_filter_button(name, facts) for name in FILTERS])
    last = [button("library_pictures", _data("pictures", view_id))] if facts["rows"] else []
    if facts["total"]:
        last.append(button("library_stats", _data("stats", view_id)))
    if is_filtered:
        last.append(button("library_clear", _data("clear", view_id)))
    return [row for row in [*rows, last] if row]


def _pages(facts: Facts) -> list[Button]:
    page, count, view_id = facts["page"], facts["page_count"], facts["view_id"]
    ways: list[Button] = []
    if page > 1:
        ways.append(button("library_earlier", _data("page", view_id, page - 1)))
    if page < count:
        ways.append(button("library_later", _data("page", view_id, page + 1)))
    return ways


def _filter_button(name: str, facts: Facts) -> Button:
    key = f"library_{name}_on" if facts["filters"][name] else f"library_{name}"
    return button(key, _data(name, facts["view_id"]))


# What there is to choose from


def _choose_kind(facts: Facts) -> Rendered:
    view_id = facts["view_id"]
    buttons = [
        Button(
            text=plain(say(f"library_kinds_{kind}", count=facts["counts"][kind])),
            data=_data("pick_kind", view_id, number).pack(),
        )
        for number, kind in enumerate(AssetKind)
        if facts["counts"].get(kind)
    ]
    return _choice(say("library_choose_kind"), buttons, facts, any_action="any_kind")


def _choose_word(facts: Facts) -> Rendered:
    name = facts["menu"]
    text = say(f"library_choose_{name}")
    if not facts["words"]:
        text = Markup(f"{text}\n\n{say('library_no_words')}")
    buttons = _words(facts, f"pick_{name}", is_platform=name == "platform")
    return _choice(text, buttons, facts, any_action=f"any_{name}")


def _words(facts: Facts, action: str, *, is_platform: bool) -> list[Button]:
    return [
        button(
            "library_word",
            _data(action, facts["view_id"], number),
            word=platform_title(word) if is_platform else cut(word, WORD_SHOWN),
        )
        for number, word in enumerate(facts["words"])
    ]


def _choice(text: Markup, buttons: list[Button], facts: Facts, *, any_action: str) -> Rendered:
    rows = [buttons[at : at + WORDS_A_ROW] for at in range(0, len(buttons), WORDS_A_ROW)]
    view_id = facts["view_id"]
    ways = [button("library_back", _data("list", view_id))]
    ways.append(button("library_any", _data(any_action, view_id)))
    return Rendered(text=text, rows=[*rows, ways])


def _stats(facts: Facts) -> Rendered:
    rows = [one for one in facts["stats"] if one["count"]]
    lines = [_stats_row(one) for one in rows]
    total = say(
        "library_stats_total",
        count=sum(one["count"] for one in rows),
        size=human.size(sum(one["size_bytes"] for one in rows)),
    )
    back = [button("library_back", _data("list", facts["view_id"]))]
    return Rendered(text=_blocks([say("library_stats")], lines, [total]), rows=[back])


def _stats_row(one: Facts) -> Markup:
    length = Markup("")
    if one["seconds"]:
        length = say("library_stats_length", length=human.span(one["seconds"]))
    return say(
        "library_stats_row",
        kinds=say(f"library_kinds_{one['kind']}", count=one["count"]),
        size=human.size(one["size_bytes"]),
        length=length,
        uses=_uses(one["uses"]),
    )


# One file


def _asset(facts: Facts) -> Rendered:
    asset = facts["asset"]
    mark = say(f"library_mark_{asset['media']}")
    head = say("library_asset", mark=mark, name=isolated(asset["name"]), facts=asset_line(asset))
    hint = [say("library_asset_hint")] if facts["may_change"] and not asset["is_going"] else []
    text = _blocks([head], _said(asset), _rights(asset), _used(facts), hint)
    return Rendered(text=text, rows=_asset_rows(facts))


def _said(asset: Facts) -> list[Markup]:
    lines = []
    if asset["tags"]:
        tags = " ".join(f"#{tag}" for tag in asset["tags"][:TAGS_SHOWN])
        lines.append(say("library_asset_tags", tags=cut(tags, TEXT_SHOWN)))
    if asset["mood"]:
        lines.append(say("library_asset_mood", mood=asset["mood"]))
    if asset["platform"]:
        title = platform_title(asset["platform"])
        lines.append(say("library_asset_platform", platform=title))
    if asset["category"]:
        lines.append(say("library_asset_category", category=asset["category"]))
    return lines


def _rights(asset: Facts) -> list[Markup]:
    lines = [say(f"library_asset_rights_{asset['rights'] or 'unsaid'}")]
    if asset["licence"]:
        lines.append(say("library_asset_licence", licence=isolated(asset["licence"])))
    elif asset["rights"] == "licensed":
        lines.append(say("library_asset_no_licence"))
    if asset["origin"]:
        lines.append(say("library_asset_origin", origin=cut(asset["origin"], TEXT_SHOWN)))
    if asset["attribution"]:
        named = isolated(asset["attribution"], TEXT_SHOWN)
        lines.append(say("library_asset_attribution", attribution=named))
    return lines


def _used(facts: Facts) -> list[Markup]:
    key = "library_asset_added_by" if facts["added_by"] else "library_asset_added"
    lines = [say(key, at=facts["added"], user=facts["added_by"])]
    if facts["asset"]["uses"]:
        count = facts["asset"]["uses"]
        lines.append(say("library_asset_used", count=count, last=facts["last_used"]))
        lines += [_use(one) for one in facts["uses"]]
    if facts["asset"]["is_going"]:
        lines.append(say("library_asset_going"))
    return lines


def _use(one: Facts) -> Markup:
    kind, _, number = str(one["holder"]).partition(":")
    is_known = kind in {"render", "post"} and number.isdigit()
    key = f"library_use_{kind}" if is_known else "library_use_other"
    what = say(key, number=number, holder=cut(str(one["holder"])))
    return say("library_asset_use", what=what, at=one["at"])


def _asset_rows(facts: Facts) -> Rows:
    asset, view_id = facts["asset"], facts["view_id"]
    show = "library_show" if asset["media"] == "image" else "library_play"
    rows = [[button(show, _data("play", view_id, asset["id"]))]]
    if facts["may_change"] and not asset["is_going"]:
        pairs = (("rename", "tags"), ("set_mood", "set_platform"), ("rights", "delete"))
        rows += [[_asset_button(name, facts) for name in pair] for pair in pairs]
    return [*rows, [button("library_back", _data("list", view_id))]]


def _asset_button(name: str, facts: Facts) -> Button:
    return button(f"library_{name}", _data(name, facts["view_id"], facts["asset"]["id"]))


# What is asked of one file


def _rename(facts: Facts) -> Rendered:
    return _question(facts, say("library_ask_rename", name=_name(facts)))


def _tags(facts: Facts) -> Rendered:
    tags = " ".join(f"#{tag}" for tag in facts["asset"]["tags"])
    key = "library_ask_tags" if tags else "library_ask_no_tags"
    return _question(facts, say(key, name=_name(facts), tags=cut(tags, TEXT_SHOWN)))


def _set_mood(facts: Facts) -> Rendered:
    text = say("library_ask_mood", name=_name(facts))
    return _question(facts, text, _words(facts, "put_mood", is_platform=False), none="no_mood")


def _set_platform(facts: Facts) -> Rendered:
    text = say("library_ask_platform", name=_name(facts))
    words = _words(facts, "put_platform", is_platform=True)
    return _question(facts, text, words, none="no_platform")


def _set_rights(facts: Facts) -> Rendered:
    view_id, asset_id = facts["view_id"], facts["asset"]["id"]
    words = [
        button("add_mine", _data("put_mine", view_id, asset_id)),
        button("add_licensed", _data("put_licensed", view_id, asset_id)),
    ]
    return _question(facts, say("library_ask_rights", name=_name(facts)), words)


def _delete(facts: Facts) -> Rendered:
    view_id, asset_id = facts["view_id"], facts["asset"]["id"]
    key = "library_ask_delete_used" if facts["is_held"] else "library_ask_delete"
    buttons = [
        button("library_delete_yes", _data("delete_yes", view_id, asset_id)),
        button("library_keep", _data("open", view_id, asset_id)),
    ]
    return Rendered(text=say(key, name=_name(facts)), rows=[buttons])


def _question(
    facts: Facts, text: Markup, words: Sequence[Button] = (), *, none: str = ""
) -> Rendered:
    """Return what is asked of a file, with words to choose from and the way back to it."""
    view_id, asset_id = facts["view_id"], facts["asset"]["id"]
    rows = [list(words[at : at + WORDS_A_ROW]) for at in range(0, len(words), WORDS_A_ROW)]
    ways = [button("library_back", _data("open", view_id, asset_id))]
    if none:
        ways.append(button("library_none", _data(none, view_id, asset_id)))
    return Rendered(text=text, rows=[*rows, ways])


def _gone(facts: Facts) -> Rendered:
    """Return what became of a file that was deleted."""
    text = say(f"library_{facts['note']}", name=isolated(facts["name"]))
    return Rendered(text=text, rows=[[button("library_back", _data("list", facts["view_id"]))]])


def _name(facts: Facts) -> str:
    return isolated(facts["asset"]["name"])


def _uses(count: int) -> Markup:
    return say("library_uses", count=count) if count else say("library_unused")


def _data(action: str, view_id: int, value: int = 0) -> LibraryAction:
    return LibraryAction(action=action, view_id=view_id, value=value)


def _blocks(*blocks: Sequence[str]) -> Markup:
    """Join lines into blocks with a gap between, as many as one message takes."""
    text = ""
    for block in blocks:
        for number, line in enumerate(block):
            gap = "" if not text else "\n" if number else "\n\n"
            if not fits(text + gap + line):
                return Markup(text)
            text += gap + line
    return Markup(text)


_MENUS: Mapping[str, Callable[[Facts], Rendered]] = {
    "kind": _choose_kind,
    "mood": _choose_word,
    "platform": _choose_word,
    "tag": _choose_word,
    "stats": _stats,
    "asset": _asset,
    "rename": _rename,
    "tags": _tags,
    "set_mood": _set_mood,
    "set_platform": _set_platform,
    "rights": _set_rights,
    "delete": _delete,
    "gone": _gone,
}
LIBRARY_BOARDS: Mapping[str, Callable[[Facts], Rendered]] = {VIEW: view}
