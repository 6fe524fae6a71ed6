"""What waits for a person: /waiting, with the buttons of the original questions."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message, User

from bot.chat.card_fit import fit_buttons
from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Button, Rows, UploadAction, button, from_stored
from bot.chat.letters_text import question_text
from bot.chat.refusals import platform_title
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import Markup, plain, say
from bot.chat.voice import Voice
from core.accounts.news import AGAIN
from core.errors import RefusedError
from core.posts.questions import Asked, Kind

PAGE = 5


class WaitingPage(CallbackData, prefix="wt1"):
    """A page of what waits."""

    page: int


def build_router() -> Router:
    router = Router(name="waiting")
    router.message.register(waiting, Command("waiting"))
    router.callback_query.register(turn, WaitingPage.filter())
    return router


async def waiting(
    message: Message, deps: ChatDeps, voice: Voice, user: User, is_admin: bool
) -> None:
    """Show what waits for this person; admins see all."""
    del message
    await voice.tell(*await waiting_page(deps, 0 if is_admin else user.id, 0))


async def turn(
    query: CallbackQuery,
    callback_data: WaitingPage,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    del query
    await voice.acknowledge()
    if not 0 <= callback_data.page < LARGEST_ID:
        raise RefusedError("old_button")
    await voice.show(*await waiting_page(deps, 0 if is_admin else user.id, callback_data.page))


async def waiting_page(deps: ChatDeps, user_id: int, page: int) -> tuple[Markup, Rows]:
    """Return one page of the open questions; the nearest page that there is."""
    found = [one for one in await deps.questions.open(user_id) if one.is_shown]
    if not found:
        return say("waiting_none"), []
    pages = (len(found) + PAGE - 1) // PAGE
    page = min(max(page, 0), pages - 1)
    key = "waiting_head_pages" if pages > 1 else "waiting_head"
    lines = [say(key, count=len(found), page=page + 1, pages=pages)]
    rows: list[list[Button]] = []
    for number, question in enumerate(found[page * PAGE :][:PAGE], start=page * PAGE + 1):
        asked = await deps.questions.look_up(question)
        lines.append(say("waiting_line", number=number, what=question_text(asked)))
        rows += [
            [Button(text=f"{number} {one.text}", data=one.data, url=one.url) for one in row]
            for row in await _answers(deps, asked)
        ]
    return Markup("\n".join(lines)), [*rows, _turns(page, pages)]


async def _answers(deps: ChatDeps, asked: Asked) -> Rows:
    """Return the buttons that the question itself had."""
    question = asked.question
    match question.kind:
        case Kind.ACCOUNT:
            words = plain(say("button_reconnect"))
            return [[Button(text=words, data=AGAIN.format(question.ref))]]
        case Kind.UNKNOWN if asked.upload is not None:
            return [_undecided(asked.upload.id, asked.upload.platform)]
        case Kind.FIT if asked.post is not None and asked.upload is not None:
            return fit_buttons(asked.post, [asked.upload])
        case Kind.DRAFT | Kind.TOGETHER | Kind.BATCH:
            return [
                [one for row in from_stored(await deps.questions.buttons(question)) for one in row]
            ]
        case _:
            return []


def _undecided(upload_id: int, platform: str) -> list[Button]:
    title = platform_title(platform)
    return [
        button(word, UploadAction(action=word, upload_id=upload_id), platform=title)
        for word in ("live", "resend")
    ]


def _turns(page: int, pages: int) -> list[Button]:
    turns = []
    if page > 0:
        turns.append(button("back", WaitingPage(page=page - 1)))
    if page < pages - 1:
        turns.append(button("next", WaitingPage(page=page + 1)))
    return turns
