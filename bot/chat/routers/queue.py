"""What runs and what waits: /status, /queue, /post, /cancel and /retry."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message, User

from bot.chat.actions import cancel_post, retry_post
from bot.chat.card import Rendered, Scene, post_button, render_card
from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Button, QueuePage, Rows, button
from bot.chat.messages import join_whole, queue_line, timeline_text
from bot.chat.routers.letters import replay, retry_scope
from bot.chat.routers.owned import named_post, seen_chat
from bot.chat.routers.renders import open_line
from bot.chat.texts import Markup, counted, say
from bot.chat.voice import Voice
from core.errors import RefusedError
from core.posts.models import Post, PostState, Upload, UploadState

PAGE = 5
STATUS_SHOWN = 8
OPEN_LOOKED_AT = 2
RETRIED = frozenset({UploadState.FAILED, UploadState.CANCELLED})


def build_router() -> Router:
    router = Router(name="queue")
    router.message.register(status, Command("status"))
    router.message.register(queue, Command("queue"))
    router.message.register(show_post, Command("post"))
    router.message.register(cancel, Command("cancel"))
    router.message.register(retry, Command("retry"))
    return router


async def status(message: Message, deps: ChatDeps, voice: Voice, is_admin: bool) -> None:
    """Show the cards of what is open, as many as one message takes."""
    chat = seen_chat(message, is_admin=is_admin)
    posts = await deps.posts.open_posts(chat_id=chat, limit=STATUS_SHOWN)
    renders = await open_line(deps, chat)
    if not posts:
        await voice.tell(renders or say("status_idle"))
        return
    total = await deps.posts.count_open(chat)
    running = await _running(deps, posts)
    head = say("status_head", open=counted("posts", total), running=running)
    head = Markup(f"{head}\n{renders}") if renders else head
    cards = [(await draw(deps, post)).text for post in posts]
    text, left_out = join_whole([head, *cards], kept_free=60)
    left_out += total - len(posts)
    if left_out > 0:
        text = f"{text}\n\n{say('status_more', count=left_out)}"
    await voice.tell(Markup(text))


async def _running(deps: ChatDeps, posts: list[Post]) -> int:
    moving = 0
    for post in posts:
        uploads = await deps.posts.uploads(post.id)
        moving += sum(upload.state is UploadState.UPLOADING for upload in uploads)
    return moving


async def queue(message: Message, deps: ChatDeps, voice: Voice, is_admin: bool) -> None:
    text, rows = await queue_page(deps, seen_chat(message, is_admin=is_admin), 0)
    await voice.tell(text, rows)


async def show_post(
    message: Message,
    command: CommandObject,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    post = await named_post(message, command, deps, user, is_admin=is_admin)
    if post is None:
        raise RefusedError("post_usage")
    card = await draw(deps, post)
    uploads = await deps.posts.uploads(post.id)
    history = timeline_text(await deps.posts.timeline(post.id), uploads, deps.view())
    text, left_out = join_whole([card.text, history])
    await voice.tell(Markup(text), card.rows)
    if left_out:
        await voice.tell(history)


async def cancel(
    message: Message,
    command: CommandObject,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Cancel the post that is named, or the only one of this person that is open."""
    post = await named_post(message, command, deps, user, is_admin=is_admin)
    if post is None:
        post = await _only_open(deps, message.chat.id, user)
    await voice.tell(await cancel_post(deps, post))


async def _only_open(deps: ChatDeps, chat_id: int, user: User) -> Post:
    posts = await deps.posts.open_posts(chat_id=chat_id, limit=OPEN_LOOKED_AT)
    if not posts:
        raise RefusedError("cancel_nothing")
    if len(posts) > 1 or posts[0].user_id != user.id:
        raise RefusedError("cancel_usage")
    return posts[0]


async def retry(
    message: Message,
    command: CommandObject,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    scope = await retry_scope(deps, command.args or "", user, is_admin=is_admin)
    if scope is not None:
        await replay(deps, voice, scope, user)
        return
    post = await named_post(message, command, deps, user, is_admin=is_admin)
    if post is None:
        raise RefusedError("retry_usage")
    await voice.tell(await retry_post(deps, post))


async def draw(deps: ChatDeps, post: Post) -> Rendered:
    """Return the card of a post as it stands now."""
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


async def queue_page(deps: ChatDeps, chat_id: int | None, page: int) -> tuple[Markup, Rows]:
    """Return one page of the queue and its buttons; the nearest page that there is."""
    total = await deps.posts.count_open(chat_id)
    renders = await open_line(deps, chat_id)
    if not total:
        return renders or say("queue_empty"), []
    pages = (total + PAGE - 1) // PAGE
    page = min(max(page, 0), pages - 1)
    posts = await deps.posts.open_posts(chat_id=chat_id, limit=PAGE, offset=page * PAGE)
    head = say("queue_head", open=counted("posts", total), page=page + 1, pages=pages)
    uploads = {post.id: await deps.posts.uploads(post.id) for post in posts}
    lines = [queue_line(post, uploads[post.id], deps.view()) for post in posts]
    rows = [_post_row(post, uploads[post.id]) for post in posts]
    last = [renders] if renders else []
    return Markup("\n".join([head, *lines, *last])), [*rows, _turns(page, pages)]


def _turns(page: int, pages: int) -> list[Button]:
    turns = []
    if page > 0:
        turns.append(button("back", QueuePage(page=page - 1)))
    if page < pages - 1:
        turns.append(button("next", QueuePage(page=page + 1)))
    return turns


def _post_row(post: Post, uploads: list[Upload]) -> list[Button]:
    buttons = [post_button("stop", "cancel", post)]
    if post.state is not PostState.DRAFT:
        buttons.append(post_button("force", "force", post))
    if any(upload.state in RETRIED for upload in uploads):
        buttons.append(post_button("retry", "retry", post))
    return [Button(text=f"{post.id} {one.text}", data=one.data) for one in buttons]
