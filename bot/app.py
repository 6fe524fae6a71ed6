"""The composition root: settings → store, engine, platforms, chat, web; stops them in order."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import aiohttp

from bot.account_life import life_commands
from bot.caring import build_aftercare
from bot.commands.limits import limits_commands
from bot.connecting import connect_commands
from bot.control import Answer, ControlServer, socket_path
from bot.keeping import doctor_commands, key_commands
from bot.web.server import WebServer
from core.accounts.book import AccountBook
from core.accounts.channels import Channels
from core.accounts.connector import Connector, ConnectorDeps
from core.accounts.groups import Groups
from core.accounts.keyfile import KeyFile
from core.accounts.keys import Keys
from core.accounts.quotas import Quotas
from core.accounts.rotation import RestRule, Rotation
from core.accounts.rules import RuleBook
from core.accounts.sealed_values import used_keys
from core.accounts.vault import Vault
from core.errors import KarvonError, RefusedError, RemoteError
from core.media.spools import Spools
from core.media.watch import Watcher
from core.platforms.registry import platform_names, require_platform
from core.ports import Run, Source, Task
from core.posts.describe import Describer
from core.posts.intake import Intake, IntakeRules
from core.posts.models import (
    POST_FINAL,
    UPLOAD_FINAL,
    Post,
    PostState,
    PostText,
    Upload,
    WaitReason,
)
from core.posts.operations import Operations
from core.posts.report import incoming_from_command, report_post
from core.posts.repository import Posts
from core.progress import Progress
from core.settings import AccountSettings, RotationSettings, Settings, read_account
from core.sources.base import download_session
from core.sources.registry import SourceAccess, open_source
from core.store.open import open_store, sqlite_path
from utils.clock import Clock, SystemClock
from utils.transport import HttpTransport
from workers.aftercare import Aftercare
from workers.attempt import UploadDeps
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock
from workers.gauge import Gauge
from workers.ingest import Ingest, IngestDeps
from workers.materials import Materials
from workers.pacing import Pacing
from workers.producer import Producer
from workers.reaper import Reaper
from workers.renewals import Renewals
from workers.retry import RetryRule
from workers.scheduler import Housekeeping
from workers.supervisor import Supervisor
from workers.upload import Deliverer

if TYPE_CHECKING:
    from core.store.base import Store

logger = logging.getLogger(__name__)

GRACE = timedelta(seconds=5)
TELL_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that was put together, for the chat, the web and the commands."""

    settings: Settings
    clock: Clock
    store: Store
    engine: EmbeddedEngine
    posts: Posts
    intake: Intake
    groups: Groups
    rotation: Rotation
    book: AccountBook
    connector: Connector
    channels: Channels
    web: WebServer
    keys: Keys
    progress: Progress
    spools: Spools
    reaper: Reaper
    operations: Operations
    aftercare: Aftercare


class App:
    """One running Karvon; an async context manager that holds the lock of its data folder."""

    def __init__(self, settings: Settings, *, chat: bool, clock: Clock | None = None) -> None:
        self._settings = settings
        self._with_chat = chat
        self._clock = clock or SystemClock()
        self._stack = AsyncExitStack()
        self.parts: Parts

    async def __aenter__(self) -> Self:
        settings = self._settings
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._lock = FileLock.beside(sqlite_path(settings.database_url))
            self._stack.enter_context(self._lock)
            self.parts = await self._build()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def _build(self) -> Parts:
        settings, clock = self._settings, self._clock
        store = await open_store(settings.database_url, clock=clock)
        self._stack.push_async_callback(store.close)
        transport = await self._stack.enter_async_context(
            HttpTransport(stall_seconds=settings.uploads.stall_seconds)
        )
        spools = await self._stack.enter_async_context(
            Spools(settings.spool_dir, min_free_bytes=settings.min_free_disk)
        )
        engine = EmbeddedEngine(
            store,
            clock,
            lock=self._lock,
            slots=slots(settings),
            on_failed=self._broken,
            on_poisoned=self._crashing,
        )
        key_file = KeyFile(settings.data_dir, clock)
        vault = Vault.of(key_file.read_or_make(await used_keys(store)))
        quotas = build_quotas(settings, store, clock)
        posts = Posts(store, clock, engine, vault, quotas)
        book = AccountBook(
            store,
            vault,
            transport,
            clock,
            settings.endpoint_map(),
            {"telegram": bot_api_options(settings)},
            admins=settings.telegram.admins,
            posts=posts,
        )
        await book.leases.free_all()
        await book.adopt(settings.accounts)
        await quotas.open()
        keys = Keys(store, vault, key_file, clock)
        _ = await keys.miss(settings.telegram.admins)
        progress = Progress(clock)
        groups = Groups(store, clock)
        rotation = Rotation(store, clock, rest_rule(settings.rotation), quotas.earliest)
        intake = Intake(store, posts, engine, clock, self._rules(spools), groups, rotation)
        downloads = download_session(stall_seconds=settings.uploads.stall_seconds)
        self._stack.push_async_callback(downloads.close)
        operations = Operations(posts, store, clock, engine)
        aftercare = build_aftercare(
            settings=settings,
            store=store,
            posts=posts,
            operations=operations,
            book=book,
            transport=transport,
            spools=spools,
            clock=clock,
            open_source=self._source_opener(downloads),
        )
        web = WebServer(settings.web)
        parts = Parts(
            settings=settings,
            clock=clock,
            store=store,
            engine=engine,
            posts=posts,
            intake=intake,
            groups=groups,
            rotation=rotation,
            book=book,
            connector=Connector(
                ConnectorDeps(
                    store=store,
                    vault=vault,
                    transport=transport,
                    clock=clock,
                    book=book,
                    posts=posts,
                    apps=settings.oauth,
                    endpoints=settings.endpoint_map(),
                    reach=web.reach,
                )
            ),
            channels=Channels(store, book, posts, settings.telegram.token.get_secret_value()),
            web=web,
            keys=keys,
            progress=progress,
            spools=spools,
            reaper=Reaper(posts, engine, operations),
            operations=operations,
            aftercare=aftercare,
        )
        self._handlers(parts, transport, downloads)
        return parts

    def _rules(self, spools: Spools) -> IntakeRules:
        settings = self._settings

        async def need_disk(size: int) -> None:
            missing = spools.missing_bytes(0, size)
            if missing > 0 and spools.used_bytes() == 0:
                raise RefusedError("disk_full", size_bytes=size, missing_bytes=missing)

        return IntakeRules(
            timezone=settings.timezone,
            cloud=not settings.telegram.local_files,
            options=bot_api_options(settings),
            sort_by_size=settings.sort_by_size,
            require_platform=require_platform,
            platform_names=platform_names(),
            need_disk=need_disk,
            gap_seconds=settings.rotation.gap_seconds,
        )

    def _handlers(
        self, parts: Parts, transport: HttpTransport, downloads: aiohttp.ClientSession
    ) -> None:
        settings = self._settings
        materials = Materials()
        describer = Describer(
            api_key=settings.groq.api_key.get_secret_value(),
            base_url=settings.endpoints.groq,
            model=settings.groq.model,
            timeout_seconds=settings.groq.timeout_seconds,
        )
        self._stack.push_async_callback(describer.close)
        ingest = Ingest(
            IngestDeps(
                posts=parts.posts,
                engine=parts.engine,
                materials=materials,
                spools=parts.spools,
                producer=Producer(clock=parts.clock, progress=parts.progress, watcher=Watcher()),
                clock=parts.clock,
                open_source=self._source_opener(downloads),
                describe=partial(self._describe, describer),
                used_in_place=partial(used_in_place, local_files=settings.telegram.local_files),
                wants_thumbnail=lambda name: require_platform(name).wants_thumbnail,
                streaming=settings.use_streaming_upload and settings.mode == "parallel",
                keep_files=keeps_files(settings),
                alone=settings.mode == "sequential",
            )
        )
        deliverer = Deliverer(
            UploadDeps(
                posts=parts.posts,
                book=parts.book,
                transport=transport,
                materials=materials,
                spools=parts.spools,
                progress=parts.progress,
                clock=parts.clock,
                rng=random.SystemRandom(),
                rule=RetryRule(
                    max_attempts=settings.uploads.max_attempts,
                    base=timedelta(seconds=settings.uploads.retry_seconds),
                    cap=timedelta(seconds=settings.uploads.retry_max_seconds),
                ),
                endpoints=settings.endpoint_map(),
                require_platform=require_platform,
                recall=ingest.recall,
                pacing=Pacing(parts.posts, parts.book, parts.groups, parts.rotation, parts.clock),
                rotation=parts.rotation,
                gauge=Gauge(parts.posts, transport, parts.clock),
                released=ingest.released,
            )
        )

        async def album(run: Run) -> None:
            args = run.task.args
            await parts.intake.finish_album(int(args["chat_id"]), str(args["album"]))

        parts.engine.handler("ingest", ingest)
        parts.engine.handler("deliver", deliverer)
        parts.engine.handler("album", album)
        parts.engine.handler("operate", parts.aftercare.handler())

    async def _describe(self, describer: Describer, post: Post) -> PostText:
        """Have the words written; the model is told the names of the channels too."""
        names = {upload.account_name for upload in await self.parts.posts.uploads(post.id)}
        wish = post.wish
        if not wish.channel:
            wish = replace(wish, channel=", ".join(sorted(names)))
        return await describer.describe(wish)

    async def _broken(self, task: Task, error: Exception) -> None:
        """A handler failed for good by a bug: what it worked on ends with that reason."""
        why = f"internal error: {type(error).__name__}"
        if task.kind == "ingest":
            await self.parts.posts.fail_post(int(task.args["post_id"]), why, "bug", "internal")
        elif task.kind == "deliver":
            await self.parts.posts.fail_upload(int(task.args["upload_id"]), why)
        elif task.kind == "operate":
            await self.parts.operations.fail(int(task.args["operation_id"]), why)

    async def _crashing(self, task: Task) -> None:
        """A task crashed the process again and again: go on more slowly, at last give up."""
        posts, limit = self.parts.posts, self._settings.uploads.max_attempts
        if task.kind == "ingest":
            await posts.ingest_crashed(int(task.args["post_id"]), limit)
        elif task.kind == "deliver":
            await posts.upload_crashed(int(task.args["upload_id"]), limit)
        elif task.kind == "operate":
            why = "the process crashed at it again and again"
            await self.parts.operations.fail(int(task.args["operation_id"]), why)

    def _source_opener(
        self, session: aiohttp.ClientSession
    ) -> Callable[[Mapping[str, Any]], Source]:
        settings = self._settings
        access = SourceAccess(
            session=session,
            telegram_base=settings.telegram.api_base,
            telegram_token=settings.telegram.token.get_secret_value(),
            local_files=settings.telegram.local_files,
            allowed_hosts=frozenset(settings.sources.allowed_hosts),
        )
        return partial(open_source, access=access)

    async def work(self, stop: asyncio.Event) -> None:
        """Run everything until ``stop`` is set, then stop taking, checkpoint and leave."""
        parts = self.parts
        async with AsyncExitStack() as stack:
            supervisor = await stack.enter_async_context(Supervisor(parts.clock))
            commands = {
                **self._commands(),
                **doctor_commands(parts),
                **limits_commands(parts),
                **life_commands(parts.book),
                **key_commands(parts.keys, parts.posts, supervisor),
                **connect_commands(parts.connector, parts.clock),
            }
            control = ControlServer(socket_path(self._settings), commands)
            await control.start()
            stack.push_async_callback(control.stop)
            owned = await parts.posts.open_posts(limit=1_000_000)
            parts.spools.sweep([post.id for post in owned])
            await self._drop_orphans(owned)
            await parts.posts.wake_accounts()
            await parts.posts.wake_quotas()
            _ = await parts.connector.recover()
            supervisor.loop("sign-ins", parts.connector.tidy)
            await parts.reaper.reconcile()
            _ = supervisor.spawn("keys", parts.keys.finish())
            engine = supervisor.spawn("engine", parts.engine.run())
            stack.push_async_callback(parts.engine.stop, GRACE)
            housekeeping = Housekeeping(
                parts.posts, parts.intake, parts.reaper, parts.spools, Renewals(parts.book)
            )
            await stack.enter_async_context(housekeeping)
            if self._with_chat:
                from bot.chat.front import ChatFront

                await stack.enter_async_context(ChatFront(parts, supervisor))
            gc.collect()
            gc.freeze()
            logger.info("running", extra={"chat": self._with_chat})
            await _first_of(stop, engine)
        logger.info("stopped")
        if engine.done() and not engine.cancelled() and engine.exception() is not None:
            raise KarvonError(f"the engine stopped: {engine.exception()}")

    async def _drop_orphans(self, posts: Sequence[Post]) -> None:
        """End the questions of commands that were waiting for an answer at the last end."""
        for post in posts:
            if post.state is PostState.DRAFT and not post.chat_id:
                await self.parts.posts.cancel_post(post.id, by="restart")

    def _commands(self) -> dict[str, Any]:
        return {
            "send": self.send,
            "post": self._post,
            "decide": self._decide,
            "ping": self._ping,
            "account_add": self._account_add,
            "account_list": self._account_list,
        }

    async def _account_add(self, request: dict[str, Any]) -> AsyncGenerator[Answer]:
        yield await self.connect(read_account(request["account"]))

    async def connect(self, account: AccountSettings) -> Answer:
        """Connect an account after one harmless call has shown that it works.

        Raises:
            KarvonError: the platform refuses it.
        """
        try:
            unchecked = await self.parts.book.check(account, require_platform(account.platform))
        except RemoteError as error:
            raise KarvonError(
                f"{account.platform} refuses this account ({error.message or error.code}); "
                "nothing was saved. Check the id and the tokens"
            ) from error
        account_id = await self.parts.book.add(account)
        await self.parts.posts.wake_accounts()
        return {"ok": True, "account_id": account_id, "unchecked": unchecked}

    async def _account_list(self, request: dict[str, Any]) -> AsyncGenerator[Answer]:
        del request
        yield {"ok": True, "accounts": await list_accounts(self.parts.book)}

    async def _post(self, request: dict[str, Any]) -> AsyncGenerator[Answer]:
        """Tell how one post goes."""
        posts, post_id = self.parts.posts, int(request["post_id"])
        post = await posts.require(post_id)
        yield report_post(post, await posts.uploads(post_id), self.parts.progress)

    async def _decide(self, request: dict[str, Any]) -> AsyncGenerator[Answer]:
        """A person says how the unknown upload of a post to an account ended."""
        posts, post_id = self.parts.posts, int(request["post_id"])
        for upload in await posts.uploads(post_id):
            if (upload.platform, upload.account_name) == (request["platform"], request["account"]):
                await posts.decide(upload.id, is_live=bool(request["is_live"]))
                yield {"ok": True}
                return
        raise RefusedError("unknown_post", post_id=post_id)

    async def _ping(self, request: dict[str, Any]) -> AsyncGenerator[Answer]:
        del request
        yield {"ok": True, "open_posts": await self.parts.posts.count_open()}

    async def send(self, request: dict[str, Any]) -> AsyncGenerator[Answer]:
        """Publish a file or link and tell how it goes, until the post has ended.

        It also ends when nothing goes on without a person's decision.
        """
        parts = self.parts
        incoming = incoming_from_command(
            str(request["source"]), to=str(request["to"]), caption=str(request["caption"])
        )
        again = bool(request.get("again"))
        outcome = await parts.intake.receive(replace(incoming, again=again))
        post_id = outcome.post_id or 0
        if outcome.status == "asked":
            await parts.intake.choose(post_id, "cancel")
            raise RefusedError("already_there", post_id=post_id)
        while True:
            changed = parts.posts.next_change()
            post = await parts.posts.require(post_id)
            uploads = await parts.posts.uploads(post_id)
            yield report_post(post, uploads, parts.progress)
            if post.state in POST_FINAL or _needs_person(uploads):
                return
            try:
                async with asyncio.timeout(TELL_SECONDS):
                    await changed.wait()
            except TimeoutError:
                continue


def _needs_person(uploads: Sequence[Upload]) -> bool:
    open_ones = [upload for upload in uploads if upload.state not in UPLOAD_FINAL]
    return bool(open_ones) and all(upload.reason is WaitReason.PERSON for upload in open_ones)


def slots(settings: Settings) -> dict[str, int]:
    """Return how many tasks of each queue run at once."""
    sequential = settings.mode == "sequential"
    workers = 1 if sequential else settings.upload_workers
    queues = {f"upload.{name}": workers for name in platform_names()}
    downloads = 1 if sequential else settings.download_concurrency
    return {"ingest": downloads, "watch": 16, "housekeeping": 4, **queues}


def bot_api_options(settings: Settings) -> dict[str, str]:
    """Return what a Bot API server of one's own allows that the cloud's does not."""
    return {"local": "true"} if settings.telegram.local_files else {}


def keeps_files(settings: Settings) -> bool:
    """Return whether a fetched file stays after its last upload; streaming keeps none unasked."""
    classic = not settings.use_streaming_upload or settings.mode == "sequential"
    return settings.keep_files_on_disk or (classic and not settings.clear_uploaded_files)


def used_in_place(source: Mapping[str, Any], *, local_files: bool) -> bool:
    """Return whether a video already lies on this machine, whole, and is not copied."""
    return source.get("kind") == "file" or (local_files and source.get("kind") == "telegram")


def rest_rule(settings: RotationSettings) -> RestRule:
    return RestRule(
        failures=settings.cooldown_failures,
        rest=timedelta(seconds=settings.cooldown_seconds),
        post_gap=timedelta(seconds=settings.post_gap_seconds),
    )


def build_quotas(settings: Settings, store: Store, clock: Clock) -> Quotas:
    """Return the quotas that hold under the settings.

    Raises:
        SettingsError: ``quotas.limits`` names one that there is not.
    """
    book = RuleBook(
        per_channel=settings.uploads.per_channel_a_day,
        profile=settings.quotas.profile,
        limits=settings.quotas.limits,
        warn_percent=settings.quotas.warn_percent,
    )
    return Quotas(
        store,
        clock,
        book,
        admins=settings.telegram.admins,
        post_gap=settings.rotation.post_gap_seconds,
    )


async def list_accounts(book: AccountBook) -> list[dict[str, Any]]:
    return [
        {
            "id": a.id,
            "platform": a.platform,
            "name": a.name,
            "remote_id": a.remote_id,
            "state": a.state,
        }
        for a in await book.all()
    ]


async def _first_of(stop: asyncio.Event, engine: asyncio.Task[None]) -> None:
    """Wait until somebody wants the end, or the engine ends by itself."""
    engine.add_done_callback(lambda _: stop.set())
    await stop.wait()
