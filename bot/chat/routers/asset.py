"""Buttons and words about one file of the library: what is said of it, and its end."""

from __future__ import annotations

from typing import Any

from bot.chat.deps import ChatDeps
from bot.chat.library_facts import Viewer
from bot.chat.library_text import LibraryAction
from core.errors import RefusedError
from core.studio.add_line import AddLine, read_add, read_platform, read_tags
from core.studio.assets import SETTABLE, Asset, Deleted, clean_field
from core.studio.views import LibraryView

SENT = frozenset({"play", "pictures"})
MENUS = frozenset({"rename", "tags", "set_mood", "set_platform", "rights", "delete"})
"""What is asked of a file."""
PUT = frozenset({"put_mood", "put_platform", "no_mood", "no_platform", "put_mine", "put_licensed"})
ACTIONS = frozenset({"open", "delete_yes", *MENUS, *PUT})


async def act(
    deps: ChatDeps, viewer: Viewer, view: LibraryView, pressed: LibraryAction
) -> dict[str, Any]:
    """Do what a button about a file says; return what is shown then.

    Raises:
        RefusedError: ``library_gone``, ``library_not_yours`` or ``old_button``.
    """
    action = pressed.action
    if action == "open":
        return await viewer.facts(await _shown(deps, view, pressed.value))
    asset = await viewer.asset(view.asset_id)
    _require(viewer, asset)
    # What stands in a message may have been changed on another telephone.
    if action not in {"put_mood", "put_platform"} and pressed.value != asset.id:
        raise RefusedError("old_button")
    if action in MENUS:
        return await viewer.facts(await deps.views.save(view, menu=action))
    if action == "delete_yes":
        return await _delete(deps, view, asset)
    await _put(deps, viewer, view, asset, pressed)
    return await viewer.facts(await _shown(deps, view, asset.id))


async def _shown(deps: ChatDeps, view: LibraryView, asset_id: int) -> LibraryView:
    return await deps.views.save(view, menu="asset", asset_id=asset_id)


async def _delete(deps: ChatDeps, view: LibraryView, asset: Asset) -> dict[str, Any]:
    if view.menu != "delete":
        raise RefusedError("old_button")
    outcome = await deps.library.delete(asset.id)
    saved = await deps.views.save(view, menu="", asset_id=None)
    note = "deleted" if outcome is Deleted.GONE else "deleted_later"
    filters = saved.filters.model_dump(mode="json")
    return {
        "view_id": view.id,
        "menu": "gone",
        "filters": filters,
        "note": note,
        "name": asset.name,
    }


async def _put(
    deps: ChatDeps, viewer: Viewer, view: LibraryView, asset: Asset, pressed: LibraryAction
) -> None:
    """Say of a file what a button says."""
    match pressed.action:
        case "put_mine":
            await deps.library.set(asset.id, rights="mine")
        case "put_licensed":
            await deps.library.set(asset.id, rights="licensed")
        case "no_mood" | "no_platform" as action:
            await deps.library.set(asset.id, **{action.removeprefix("no_"): ""})
        case action:
            field = action.removeprefix("put_")
            if view.menu != f"set_{field}":
                raise RefusedError("old_button")
            word = await viewer.word(view, pressed.value)
            await deps.library.set(asset.id, **{field: word})


async def say_of(deps: ChatDeps, viewer: Viewer, view: LibraryView, words: str) -> None:
    """Take words as what was asked of the file that is shown, or as lines with keys.

    Raises:
        RefusedError: ``library_what_to_change``, or as `act`.
        StudioError: a value cannot be.
    """
    asset = await viewer.asset(view.asset_id)
    _require(viewer, asset)
    match view.menu:
        case "rename":
            await deps.library.rename(asset.id, words)
        case "tags":
            tags = read_tags(words)
            await deps.library.tag(asset.id, add=tags, remove=asset.tags - tags)
        case "set_mood":
            await deps.library.set(asset.id, mood=clean_field("mood", words))
        case "set_platform":
            await deps.library.set(asset.id, platform=read_platform(words))
        case _:
            await _say_lines(deps, asset, read_add(words))


async def _say_lines(deps: ChatDeps, asset: Asset, line: AddLine) -> None:
    said = {name: getattr(line, name) for name in SETTABLE if getattr(line, name)}
    if not said and not line.tags:
        raise RefusedError("library_what_to_change")
    if said:
        await deps.library.set(asset.id, **said)
    if line.tags:
        await deps.library.tag(asset.id, add=line.tags)


def _require(viewer: Viewer, asset: Asset) -> None:
    if not viewer.may_change(asset):
        raise RefusedError("library_not_yours")
    if asset.deleted_at is not None:
        raise RefusedError("library_gone")
