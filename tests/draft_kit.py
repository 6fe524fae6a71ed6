"""What unit tests of mashups in chat share: a planted library, a draft at a step, its buttons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.chat.mashup_text import MashupAction
from core.studio.drafts import Draft
from core.studio.mashup import AssetKind
from core.studio.wizard import Step
from tests.bot_session import Call
from tests.chat_kit import PERSON, Chat, make_chat_on, make_command, make_message, make_press
from tests.factories import Desk
from tests.library_kit import plant


async def planted_chat(desk: Desk, folder: Path) -> Chat:
    """Return a chat whose library has 8 sources, 8 templates and 8 pieces of music."""
    chat = make_chat_on(desk, folder / "logs", users=(PERSON, 1002))
    for kind in (AssetKind.SOURCE, AssetKind.TEMPLATE, AssetKind.AUDIO):
        await plant(desk.store, 8, kind)  # type: ignore[arg-type]
    return chat


def shown(chat: Chat) -> Call:
    return chat.session.shown[-1]


async def open_draft(chat: Chat) -> Draft:
    found = await chat.deps.mashups.open(PERSON, PERSON)
    assert found is not None
    return found


async def begin(chat: Chat, step: Step = Step.SOURCE, **choices: Any) -> Draft:
    """Have a draft at a step."""
    await chat.ask(make_command("/mashup"))
    made = await open_draft(chat)
    if step is Step.SOURCE and not choices:
        return made
    chosen = made.choices.model_copy(update={"source_id": 1, **choices})
    return await chat.deps.mashups.save(made, step=step, choices=chosen)


async def press(chat: Chat, action: str, value: int = 0, user_id: int = PERSON) -> Call:
    """Press a button of the open draft; return what is shown then."""
    now = await open_draft(chat)
    step = "many" if now.is_many else now.step.value
    data = MashupAction(draft_id=now.id, step=step, action=action, value=value).pack()
    await chat.hear(make_press(data, user_id))
    return shown(chat)


async def answer(chat: Chat, text: str, **more: Any) -> Call:
    """Write words and let the bot answer."""
    await chat.clock.advance(10)
    await chat.ask(make_message(text=text, **more))
    return shown(chat)


def popped(chat: Chat) -> str:
    return str(chat.session.of("answerCallbackQuery")[-1].params.get("text", ""))
