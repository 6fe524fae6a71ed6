"""What the tests of the chat share: people's updates, and the chat on a fresh database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher

from bot.chat.delivery import Delivery
from bot.chat.deps import ChatDeps
from bot.chat.dispatcher import build_dispatcher
from bot.chat.documents import Documents
from bot.chat.outbox import OutboxSender
from bot.chat.player import Player
from bot.chat.poller import handle
from bot.chat.shows import Shows
from core.accounts.channels import Channels
from core.batches.service import Batches
from core.posts.languages import Languages
from core.posts.letters import LetterBox
from core.posts.models import Upload, UploadState
from core.posts.questions import Questions
from core.progress import Progress
from core.settings import PolicySettings
from core.sources.guard import Guard
from core.sources.pages.looks import Looks
from core.studio.additions import Additions, AddRules
from core.studio.drafts import Drafts
from core.studio.library import Library
from core.studio.policy import Policy
from core.studio.renders import RenderDeps, Renders
from core.studio.views import Views
from core.studio.workshop import Workshop
from tests.aftercare_kit import make_aftercare
from tests.batch_kit import make_batches
from tests.bot_session import Call, ScriptedSession, make_bot
from tests.clocks import ManualClock
from tests.factories import Desk
from tests.figures_kit import make_figures
from tests.library_kit import FolderFiles, FolderShelf
from tests.sign_in_kit import idle_connector

JSON = dict[str, Any]
PERSON, ADMIN, STRANGER = 1001, 1, 6666
GROUP = -500
DATE = 1_700_000_000

_numbers = count(1)


def make_chat(chat_id: int) -> JSON:
    if chat_id > 0:
        return {"id": chat_id, "type": "private", "first_name": "Ann"}
    return {"id": chat_id, "type": "group", "title": "Friends"}


def make_message(user_id: int = PERSON, *, chat_id: int | None = None, **fields: Any) -> JSON:
    """Return an update that brings a message; by default a text from a known person."""
    number = next(_numbers)
    message = {
        "message_id": 7000 + number,
        "date": DATE,
        "chat": make_chat(user_id if chat_id is None else chat_id),
        "from": {"id": user_id, "is_bot": False, "first_name": "Ann"},
        **(fields or {"text": "Hello"}),
    }
    return {"update_id": number, "message": message}


def make_command(text: str, user_id: int = PERSON, **fields: Any) -> JSON:
    length = len(text.split()[0])
    entity = {"type": "bot_command", "offset": 0, "length": length}
    return make_message(user_id, text=text, entities=[entity], **fields)


def make_video(
    caption: str = "A day at the sea",
    user_id: int = PERSON,
    *,
    file: JSON | None = None,
    **more: Any,
) -> JSON:
    video = {
        "file_id": "file",
        "file_unique_id": f"unique{next(_numbers)}",
        "width": 720,
        "height": 1280,
        "duration": 12,
        "file_size": 3_000_000,
        "mime_type": "video/mp4",
        **(file or {}),
    }
    words: JSON = {"caption": caption} if caption else {}
    return make_message(user_id, video=video, **words, **more)


def make_press(data: str, user_id: int = PERSON, *, message_id: int = 101) -> JSON:
    number = next(_numbers)
    message = {
        "message_id": message_id,
        "date": DATE,
        "chat": make_chat(user_id),
        "text": "what stood there",
    }
    query = {
        "id": str(number),
        "from": {"id": user_id, "is_bot": False, "first_name": "Ann"},
        "chat_instance": "1",
        "message": message,
        "data": data,
    }
    return {"update_id": number, "callback_query": query}


def as_reply(update: JSON, message_id: int) -> JSON:
    """Make an update's message a reply to another message."""
    message = update["message"]
    message["reply_to_message"] = {
        "message_id": message_id,
        "date": DATE,
        "chat": message["chat"],
        "text": "earlier",
    }
    return update


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """The chat on a fresh database, with a Bot API that only keeps what it is asked."""

    desk: Desk
    deps: ChatDeps
    session: ScriptedSession
    bot: Bot
    dispatcher: Dispatcher
    sender: OutboxSender

    @property
    def clock(self) -> ManualClock:
        return self.desk.clock

    async def hear(self, *updates: JSON) -> None:
        """Let people write."""
        await handle(self.bot, self.dispatcher, updates)

    async def speak(self) -> list[Call]:
        """Let the sender look once; return what it showed."""
        before = len(self.session.shown)
        await self.sender._guarded_round()
        return self.session.shown[before:]

    async def ask(self, *updates: JSON) -> list[Call]:
        """Let people write and the bot answer."""
        await self.hear(*updates)
        return await self.speak()

    async def text(self, *updates: JSON) -> str:
        """Return the one text that the bot answers with."""
        (call,) = await self.ask(*updates)
        return call.text

    async def text_of_command(self, command: str, user_id: int = PERSON) -> str:
        """Return what a command is answered with, apart from cards that changed meanwhile."""
        await self.clock.advance(10)
        await self.hear(make_command(command, user_id))
        return (await self.speak())[0].text

    async def move(self, upload_id: int, *states: UploadState, **changes: Any) -> Upload:
        """Lead an upload through states; the changes come with the last one."""
        upload = await self.desk.posts.start(upload_id)
        for state in states[:-1]:
            upload = await self.desk.posts.save(upload, state)
        return await self.desk.posts.save(upload, states[-1], **changes)


def make_chat_on(
    desk: Desk,
    log_folder: Path,
    *,
    admins: Collection[int] = (ADMIN,),
    users: Collection[int] = (PERSON,),
    batches: Batches | None = None,
    language: str = "en",
) -> Chat:
    shelf = FolderShelf(folder=log_folder.with_name("shelf"))
    folder = log_folder.with_name("library")
    library = Library(desk.store, desk.clock, shelf, folder=folder)
    progress = Progress(desk.clock)
    policy = Policy(desk.store, desk.clock, library)
    renders = Renders(
        RenderDeps(
            store=desk.store,
            clock=desk.clock,
            engine=desk.engine,
            library=library,
            posts=desk.posts,
            intake=desk.intake,
            progress=progress,
            workshop=Workshop(log_folder.with_name("studio")),
            policy=policy,
            rules=PolicySettings(),
            keep=timedelta(days=1),
        )
    )
    session = ScriptedSession()
    session.monotonic = desk.clock.monotonic
    bot = make_bot(session)
    deps = ChatDeps(
        store=desk.store,
        posts=desk.posts,
        intake=desk.intake,
        groups=desk.groups,
        connector=idle_connector(desk),
        channels=Channels(desk.store, desk.book, desk.posts, "123:bot"),
        book=desk.book,
        rotation=desk.rotation,
        aftercare=make_aftercare(desk, log_folder),
        languages=Languages(desk.store, language),
        letters=LetterBox(desk.posts, desk.store, desk.clock, desk.engine, admins=admins),
        questions=Questions(desk.posts, desk.store),
        batches=batches or make_batches(desk),
        looks=Looks(desk.store, desk.clock, desk.engine),
        library=library,
        files=FolderFiles(library, shelf),
        additions=Additions(
            store=desk.store,
            clock=desk.clock,
            engine=desk.engine,
            rules=AddRules(is_cloud=True, max_bytes=0),
            posts=desk.posts,
        ),
        views=Views(desk.store, desk.clock),
        player=Player(library, desk.posts, desk.clock),
        mashups=Drafts(desk.store, desk.clock, folder=log_folder.with_name("mashups")),
        renders=renders,
        policy=policy,
        figures=make_figures(desk, log_folder.with_name("spool")),
        progress=progress,
        clock=desk.clock,
        zone=UTC,
        log_folder=log_folder,
        admins=admins,
        users=users,
        guard=Guard(["example.org"]),
    )
    documents = Documents(deps.batches.book, desk.posts, desk.clock, "UTC")
    delivery = Delivery(
        bot,
        desk.posts,
        deps.progress,
        desk.clock,
        UTC,
        deps.presence,
        deps.languages,
        documents,
        Shows(renders, desk.clock, UTC),
    )
    return Chat(
        desk=desk,
        deps=deps,
        session=session,
        bot=bot,
        dispatcher=build_dispatcher(deps),
        sender=OutboxSender(desk.posts, deps.progress, desk.clock, delivery),
    )
