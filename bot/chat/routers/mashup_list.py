"""Buttons of a list of the library in a draft: its pages, what narrows it, what is looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.chat.deps import ChatDeps
from bot.chat.mashup_moves import look_at, note
from bot.chat.mashup_page import list_facts, moods
from bot.chat.mashup_show import show_draft
from bot.chat.player import Wish
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import spoken
from bot.chat.voice import Voice
from core.studio.drafts import Draft
from core.studio.mashup import AssetKind
from core.studio.wizard import ASSET_STEPS, FIELDS

Act = Callable[[ChatDeps, Voice, Draft, int], Awaitable[None]]
"""Does what a button with a value says."""
LAST_PAGE = 100_000


async def _page(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    await look_at(deps, voice, draft, page=min(max(0, value), LAST_PAGE))


async def _all(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Show what the words that were looked for had left out, too."""
    del value
    await look_at(deps, voice, draft, page=0, search="")


async def _kind(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    kinds = ASSET_STEPS.get(draft.step, (AssetKind.SOURCE,))
    await look_at(deps, voice, draft, page=0, kind=kinds[value % len(kinds)].value, search="")


async def _mood(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    known = ["", *await moods(deps)]
    mood = known[value] if 0 <= value < len(known) else ""
    looking = draft.looking.model_copy(update={"page": 0, "search": "", "note": ""})
    choices = draft.choices.model_copy(update={"mood": mood})
    saved = await deps.mashups.save(draft, choices=choices, looking=looking)
    await show_draft(deps, voice, saved)


async def _pictures(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Send the pictures of the page that is shown."""
    del value
    rows = (await list_facts(deps, draft))["rows"] if draft.step in FIELDS else ()
    _play(deps, voice, draft, [row["id"] for row in rows], as_pictures=True)


async def _listen(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    asset = await deps.library.get(value) if 0 < value < LARGEST_ID else None
    if asset is None or asset.kind is not AssetKind.AUDIO:
        await note(deps, voice, draft, "mashup_asset_gone")
    else:
        _play(deps, voice, draft, [asset.id])


def _play(
    deps: ChatDeps, voice: Voice, draft: Draft, ids: list[int], *, as_pictures: bool = False
) -> None:
    if ids:
        reply_to = voice.message.message_id if voice.message else 0
        deps.player.ask(
            Wish(
                chat_id=draft.chat_id,
                reply_to=reply_to,
                asset_ids=ids,
                language=spoken(),
                as_pictures=as_pictures,
            )
        )


ACTIONS: Mapping[str, Act] = {
    "page": _page,
    "all": _all,
    "kind": _kind,
    "mood": _mood,
    "pictures": _pictures,
    "listen": _listen,
}
