"""What runs and what waits: /status, /queue, /post, /cancel, /retry and their buttons."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, LinkPreviewOptions, Message

from bot.talk.card import Rendered, Scene, post_button, render_card
from bot.talk.deps import ChatDeps
from bot.talk.keyboards import Answer, Button, PostAction, QueuePage, UploadAction, markup
from bot.talk.messages import queue_line, timeline_text
from bot.talk.texts import Markup, human, say
from core.errors import RefusedError
from core.posts.models import POST_FINAL, Post, PostState, UploadState

PAGE = 5
STATUS_SHOWN = 5
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

router = Router(name="queue")


@router.message(Command("status"))
async def status(message: Message, deps: ChatDeps, is_admin: bool) -> None:
    chat = None if is_admin else message.chat.id
    posts = await deps.posts.open_posts(chat_id=chat, limit=STATUS_SHOWN)
    if not posts:
        await message.answer(say("status_idle"))
        return
    total = await deps.posts.count_open(chat)
    cards = []
    running = 0
    for post in posts:
        uploads = await deps.posts.uploads(post.id)
        running += sum(upload.state is UploadState.UPLOADING for upload in uploads)
        cards.append((await draw(deps, post)).text)
    head = say("status_head", open=human.count(total, "post", "posts"), running=running)
    await message.answer("\n\n".join(_within([head, *cards])), link_preview_options=NO_PREVIEW)


@router.message(Command("queue"))
async def queue(message: Message, deps: ChatDeps, is_admin: bool) -> None:
    text, keyboard = await _page(deps, None if is_admin else message.chat.id, 0)
    await message.answer(text, reply_markup=keyboard)


@router.callback_query(QueuePage.filter())
async def turn_page(
    query: CallbackQuery, callback_data: QueuePage, deps: ChatDeps, is_admin: bool
) -> None:
    await query.answer()
    if isinstance(query.message, Message):
        chat = None if is_admin else query.message.chat.id
        text, keyboard = await _page(deps, chat, callback_data.page)
        await query.message.edit_text(text, reply_markup=keyboard)


@router.message(Command("post"))
async def show_post(
    message: Message, command: CommandObject, deps: ChatDeps, is_admin: bool
) -> None:
    post = await _named(command, deps, message, is_admin, "post_usage")
    card = await draw(deps, post)
    events = await deps.posts.timeline(post.id)
    history = timeline_text(events, await deps.posts.uploads(post.id), deps.zone)
    text = "\n\n".join(_within([card.text, history]))
    await message.answer(text, reply_markup=markup(card.rows), link_preview_options=NO_PREVIEW)


@router.message(Command("cancel"))
async def cancel(message: Message, command: CommandObject, deps: ChatDeps, is_admin: bool) -> None:
    post = await _named(command, deps, message, is_admin, "cancel_usage")
    await message.reply(await _cancel(deps, post))


@router.message(Command("retry"))
async def retry(message: Message, command: CommandObject, deps: ChatDeps, is_admin: bool) -> None:
    if (command.args or "").strip().lower() == "failed":
        await message.reply(await _retry_all(deps, None if is_admin else message.chat.id))
        return
    post = await _named(command, deps, message, is_admin, "retry_usage")
    await message.reply(await _retry(deps, post))


@router.callback_query(PostAction.filter())
async def post_action(
    query: CallbackQuery, callback_data: PostAction, deps: ChatDeps, is_admin: bool
) -> None:
    await query.answer()
    post = await _owned(deps, callback_data.post_id, query.from_user.id, is_admin)
    text = await _act(deps, post, callback_data.action)
    if isinstance(query.message, Message):
        await query.message.answer(text)


@router.callback_query(UploadAction.filter())
async def upload_action(
    query: CallbackQuery, callback_data: UploadAction, deps: ChatDeps, is_admin: bool
) -> None:
    await query.answer()
    upload = await deps.posts.require_upload(callback_data.upload_id)
    await _owned(deps, upload.post_id, query.from_user.id, is_admin)
    is_live = callback_data.action == "live"
    await deps.posts.decide(upload.id, is_live=is_live)
    if isinstance(query.message, Message):
        await query.message.answer(say("decided_live" if is_live else "decided_resend"))


@router.callback_query(Answer.filter())
async def answer(
    query: CallbackQuery, callback_data: Answer, deps: ChatDeps, is_admin: bool
) -> None:
    await query.answer()
    await _owned(deps, callback_data.post_id, query.from_user.id, is_admin)
    outcome = await deps.intake.choose(callback_data.post_id, callback_data.choice)
    if not isinstance(query.message, Message):
        return
    await query.message.edit_reply_markup(reply_markup=None)
    if outcome.status == "cancelled":
        await query.message.answer(say("draft_cancelled"))


@router.callback_query()
async def old_button(query: CallbackQuery) -> None:
    """A button of an earlier version, or one that was never ours."""
    await query.answer(str(say("old_button")))


async def draw(deps: ChatDeps, post: Post) -> Rendered:
    uploads = await deps.posts.uploads(post.id)
    return render_card(
        Scene(
            post=post,
            uploads=uploads,
            progress=deps.progress,
            now=deps.clock.now(),
            zone=deps.zone,
        )
    )


async def _page(
    deps: ChatDeps, chat_id: int | None, page: int
) -> tuple[Markup, InlineKeyboardMarkup | None]:
    total = await deps.posts.count_open(chat_id)
    if not total:
        return say("queue_empty"), None
    pages = (total + PAGE - 1) // PAGE
    page = min(max(page, 0), pages - 1)
    posts = await deps.posts.open_posts(chat_id=chat_id, limit=PAGE, offset=page * PAGE)
    head = say("queue_head", open=human.count(total, "post", "posts"), page=page + 1, pages=pages)
    rows = [_post_row(post) for post in posts]
    turn = []
    if page > 0:
        turn.append(Button(text=str(say("button_back")), data=QueuePage(page=page - 1).pack()))
    if page < pages - 1:
        turn.append(Button(text=str(say("button_next")), data=QueuePage(page=page + 1).pack()))
    return Markup("\n".join([head, *map(queue_line, posts)])), markup([*rows, turn])


def _post_row(post: Post) -> list[Button]:
    buttons = [post_button("stop", "cancel", post)]
    if post.state is not PostState.DRAFT:
        buttons += [post_button("force", "force", post), post_button("retry", "retry", post)]
    return [Button(text=f"{post.id} {b.text}", data=b.data) for b in buttons]


async def _named(
    command: CommandObject, deps: ChatDeps, message: Message, is_admin: bool, usage: str
) -> Post:
    """Return the post whose number follows the command, or that is replied to."""
    user = message.from_user.id if message.from_user else 0
    words = (command.args or "").strip().lstrip("#")
    if words.isdecimal():
        return await _owned(deps, int(words), user, is_admin)
    if not words and message.reply_to_message is not None:
        post = await deps.posts.find_by_message(
            message.chat.id, message.reply_to_message.message_id
        )
        if post is not None:
            return await _owned(deps, post.id, user, is_admin)
    raise RefusedError(usage)


async def _owned(deps: ChatDeps, post_id: int, user_id: int, is_admin: bool) -> Post:
    post = await deps.posts.get(post_id) if post_id < 2**62 else None
    if post is None:
        raise RefusedError("unknown_post", post_id=post_id)
    if not is_admin and post.user_id != user_id:
        raise RefusedError("not_allowed")
    return post


async def _act(deps: ChatDeps, post: Post, action: str) -> Markup:
    match action:
        case "cancel":
            return await _cancel(deps, post)
        case "retry":
            return await _retry(deps, post)
        case "force":
            await deps.posts.force_start(post.id)
            return say("forced", post_id=post.id)
        case _:
            return say("old_button")


async def _cancel(deps: ChatDeps, post: Post) -> Markup:
    stopped = await deps.posts.cancel_post(post.id, by="person")
    if not stopped:
        return say("cancel_too_late", post_id=post.id)
    return say(
        "cancelled_some", post_id=post.id, stopped=human.count(stopped, "upload", "uploads")
    )


async def _retry(deps: ChatDeps, post: Post) -> Markup:
    retried = await deps.posts.retry_post(post.id)
    if not retried:
        raise RefusedError("not_failed", post_id=post.id)
    return say("retried", post_id=post.id, retried=human.count(retried, "upload", "uploads"))


async def _retry_all(deps: ChatDeps, chat_id: int | None) -> Markup:
    posts = [
        post
        for post in await deps.posts.recent(chat_id=chat_id, limit=100)
        if post.state in POST_FINAL and post.state is not PostState.DONE
    ]
    retried = 0
    for post in posts:
        if post.state is not PostState.CANCELLED:
            retried += await deps.posts.retry_post(post.id)
    if not retried:
        return say("nothing_failed")
    return say(
        "retried_all",
        retried=human.count(retried, "upload", "uploads"),
        posts=human.count(len(posts), "post", "posts"),
    )


def _within(parts: list[str], limit: int = 4000) -> list[str]:
    """Return the parts that fit into one message, whole ones only."""
    kept: list[str] = []
    used = 0
    for part in parts:
        used += len(part.encode("utf-16-le")) // 2 + 2
        if used > limit and kept:
            break
        kept.append(part)
    return kept
