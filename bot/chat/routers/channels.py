"""Telegram channels: the bot made an admin or removed, and forwarded posts of a channel."""

from __future__ import annotations

import logging
from typing import Any

from aiogram import Bot, F, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.filters.callback_data import CallbackData
from aiogram.methods import TelegramMethod
from aiogram.types import (
    CallbackQuery,
    Chat,
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberUpdated,
    Message,
    MessageOriginChannel,
    User,
)

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import button, to_stored
from bot.chat.middlewares import brings_media
from bot.chat.routers.connect import WISH
from bot.chat.texts import plain, say
from bot.chat.voice import Voice
from core.accounts.channels import Channel
from core.errors import RefusedError

logger = logging.getLogger(__name__)

ADMINS = frozenset({ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.CREATOR})
GONE = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.KICKED})
NEVER = "0"
Member = ChatMemberAdministrator | ChatMemberOwner


class GetRawMember(TelegramMethod[dict[str, Any]]):
    """``getChatMember`` as it comes: servers leave out rights that are newer than they are."""

    __returning__ = dict[str, Any]
    __api_method__ = "getChatMember"

    chat_id: int
    user_id: int


class ChannelAnswer(CallbackData, prefix="cn3"):
    """What an admin says to a channel that a stranger brought: yes or no."""

    choice: str
    chat_id: int


def build_router() -> Router:
    router = Router(name="channels")
    router.my_chat_member.register(member_changed, F.chat.type == ChatType.CHANNEL)
    router.message.register(forwarded, is_for_connecting)
    router.callback_query.register(answered, ChannelAnswer.filter())
    return router


async def member_changed(event: ChatMemberUpdated, deps: ChatDeps, is_known: bool) -> None:
    """Connect a channel as soon as the bot may post in it; put it aside when it may not."""
    channel, member = _channel(event.chat), event.new_chat_member
    if not isinstance(member, Member):
        why = "channel_removed" if member.status in GONE else "channel_no_admin"
        await deps.channels.lose(channel, plain(say(why)))
        return
    if not _may_post(member):
        if not await deps.channels.lose(channel, plain(say("channel_no_post"))) and is_known:
            await _tell(deps, event.from_user.id, "connect_channel_no_post", name=channel.name)
        return
    account = await deps.channels.find(channel)
    if account is not None and account.state != "reconnect":
        return
    if account is not None:
        await _connect(deps, channel, account.owner_id or event.from_user.id)
    elif is_known:
        await _connect(deps, channel, event.from_user.id)
    else:
        await _ask_admins(deps, channel, event.from_user)


async def is_for_connecting(message: Message, deps: ChatDeps, update_id: int) -> bool:
    """Return whether a forwarded post of a channel is to connect it.

    A forwarded video is one to publish, and a link too, unless the person just asked to connect
    a channel.
    """
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel) or message.from_user is None:
        return False
    if message.chat.type != ChatType.PRIVATE:
        return False
    is_link = (message.text or "").lower().startswith(("http://", "https://"))
    if not brings_media(message) and not is_link:
        return True
    until = await deps.posts.fact(WISH.format(message.from_user.id))
    if await deps.posts.seen(update_id):
        return True
    return deps.clock.now().timestamp() < float(until or NEVER)


async def forwarded(message: Message, bot: Bot, deps: ChatDeps, voice: Voice, user: User) -> None:
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return
    if await deps.posts.seen(voice.update_id):
        # Repeated: only media come here a second time, and it was no video to publish.
        return
    channel = _channel(origin.chat)
    await _require_rights(bot, channel, user)
    _ = await deps.channels.connect(channel, owner_id=user.id)
    await deps.posts.mark_seen(voice.update_id)
    await deps.posts.set_fact(WISH.format(user.id), NEVER)


async def answered(
    query: CallbackQuery,
    callback_data: ChannelAnswer,
    bot: Bot,
    deps: ChatDeps,
    voice: Voice,
    is_admin: bool,
) -> None:
    """An admin decides about a channel that somebody unknown made the bot an admin of."""
    await voice.acknowledge()
    if not is_admin:
        raise RefusedError("admins_only")
    chat = await _chat(bot, Channel(id=callback_data.chat_id, title=""))
    await voice.drop_buttons()
    if callback_data.choice != "yes":
        await voice.say("connect_channel_ignored", name=chat.name)
        return
    await _require_posting(bot, chat)
    _ = await deps.channels.connect(chat, owner_id=query.from_user.id)


async def _require_rights(bot: Bot, channel: Channel, user: User) -> None:
    """Look that the bot may post, and that the person is an admin of the channel.

    Raises:
        RefusedError: which right is missing, and who gives it.
    """
    await _require_posting(bot, channel)
    person = await bot(GetRawMember(chat_id=channel.id, user_id=user.id))
    if person.get("status") not in ADMINS:
        raise RefusedError("connect_channel_not_yours", name=channel.name)


async def _require_posting(bot: Bot, channel: Channel) -> None:
    try:
        mine = await bot(GetRawMember(chat_id=channel.id, user_id=bot.id))
    except (TelegramBadRequest, TelegramForbiddenError) as error:
        raise RefusedError("connect_channel_unknown", name=channel.name) from error
    if mine.get("status") not in ADMINS:
        raise RefusedError("connect_channel_not_admin", name=channel.name)
    if mine["status"] != ChatMemberStatus.CREATOR and not mine.get("can_post_messages"):
        raise RefusedError("connect_channel_no_post", name=channel.name)


async def _chat(bot: Bot, channel: Channel) -> Channel:
    try:
        chat = await bot.get_chat(channel.id)
    except (TelegramBadRequest, TelegramForbiddenError) as error:
        raise RefusedError("connect_channel_unknown", name=channel.name) from error
    return Channel(id=chat.id, title=chat.title or "", username=chat.username or "")


async def _connect(deps: ChatDeps, channel: Channel, owner_id: int) -> None:
    """Connect, and tell the owner in private what hinders it: channels are not written to."""
    try:
        _ = await deps.channels.connect(channel, owner_id=owner_id)
    except RefusedError as refusal:
        await deps.posts.say(owner_id, refusal.key, facts=refusal.facts)
        deps.posts.changed()


async def _ask_admins(deps: ChatDeps, channel: Channel, who: User) -> None:
    rows = [
        [
            button(f"channel_{choice}", ChannelAnswer(choice=choice, chat_id=channel.id))
            for choice in ("yes", "no")
        ]
    ]
    facts = {"who": who.full_name, "user_id": who.id, "name": channel.name}
    for admin in deps.admins:
        await deps.posts.say(
            admin, "connect_channel_stranger", facts=facts, buttons=to_stored(rows)
        )
    deps.posts.changed()
    logger.info("channel_by_stranger", extra={"channel": channel.id, "user": who.id})


async def _tell(deps: ChatDeps, user_id: int, sentence: str, **facts: str) -> None:
    await deps.posts.say(user_id, sentence, facts=facts)
    deps.posts.changed()


def _channel(chat: Chat) -> Channel:
    return Channel(id=chat.id, title=chat.title or "", username=chat.username or "")


def _may_post(member: Member) -> bool:
    return isinstance(member, ChatMemberOwner) or bool(member.can_post_messages)
