"""What every button of a draft ends with: another step, other choices, a word about them."""

from __future__ import annotations

from bot.chat.deps import ChatDeps
from bot.chat.mashup_page import assets_of, goes, places, without_gone
from bot.chat.mashup_show import show_draft
from bot.chat.voice import Voice
from core.studio.drafts import Draft
from core.studio.wizard import Choices, Looking, Step, fitted


async def look_at(deps: ChatDeps, voice: Voice, draft: Draft, **changes: object) -> None:
    """Show another part of what a step offers."""
    looking = draft.looking.model_copy(update={"note": "", **changes})
    await show_draft(deps, voice, await deps.mashups.save(draft, looking=looking))


async def go_to(deps: ChatDeps, voice: Voice, draft: Draft, step: Step, choices: Choices) -> None:
    """Go to a step; what is gone from the library meanwhile is asked for again."""
    here = without_gone(choices, await assets_of(deps, choices))
    if step is Step.REVIEW and here.source_id is None:
        step = Step.SOURCE
    looking = Looking() if here == choices else Looking(note="mashup_note_deleted")
    saved = await deps.mashups.save(draft, step=step, choices=fitted(here), looking=looking)
    await show_draft(deps, voice, saved)


async def note(deps: ChatDeps, voice: Voice, draft: Draft, key: str, /, **facts: object) -> None:
    """Say something about the step in its own message."""
    looking = draft.looking.model_copy(update={"note": key, "note_facts": facts})
    await show_draft(deps, voice, await deps.mashups.save(draft, looking=looking))


async def choose(deps: ChatDeps, voice: Voice, draft: Draft, **changes: object) -> None:
    """Change what was chosen, by hand, and stay at the step."""
    drawn = tuple(name for name in draft.choices.drawn if name not in changes)
    choices = draft.choices.model_copy(update={**changes, "drawn": drawn})
    looking = draft.looking.model_copy(update={"note": ""})
    saved = await deps.mashups.save(draft, choices=fitted(choices), looking=looking)
    await show_draft(deps, voice, saved)


async def needs_post(deps: ChatDeps, draft: Draft) -> bool:
    """Return whether it goes somewhere, and the words for there are not written."""
    return not draft.choices.post and goes(draft.choices, await places(deps))
