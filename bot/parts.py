"""The parts of a running Karvon and how they are put together."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import aiohttp

from bot.adding import build_adder, build_additions
from bot.batching import build_batches
from bot.caring import build_aftercare
from bot.pulling import build_looks, build_scraper
from bot.studio import Studio, StudioNeeds, build_renderer, build_studio
from bot.web.server import WebServer
from core.accounts.book import AccountBook
from core.accounts.channels import Channels
from core.accounts.connector import Connector, ConnectorDeps
from core.accounts.groups import Groups
from core.accounts.keyfile import KeyFile
from core.accounts.keys import Keys
from core.accounts.rotation import Rotation
from core.accounts.sealed_values import used_keys
from core.accounts.vault import Vault
from core.batches.service import Batches
from core.diagnostics.figures import Figures
from core.errors import RefusedError
from core.media.spools import Spools
from core.media.watch import Watcher
from core.platforms.registry import platform_names, require_platform
from core.ports import Run, Source, Task
from core.posts.describe import Describer
from core.posts.intake import Intake, IntakeRules
from core.posts.letters import LetterBox
from core.posts.models import (
    Post,
    PostText,
)
from core.posts.operations import Operations
from core.posts.patience import Patience, PatienceRule
from core.posts.questions import Questions
from core.posts.repository import Posts
from core.progress import Progress
from core.settings import Settings
from core.sources.base import download_session
from core.sources.fetch import FetchRules
from core.sources.guard import Guard, link_session
from core.sources.pages.looks import Looks
from core.sources.reader import YtDlpReader
from core.sources.registry import LinkAccess, SourceAccess, open_source
from core.store.open import open_store
from core.studio.additions import Additions
from core.studio.news import RenderNews
from utils.clock import Clock
from utils.transport import HttpTransport
from workers.adder import Adder
from workers.aftercare import Aftercare
from workers.attempt import UploadDeps
from workers.batcher import Batcher
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock
from workers.fitter import Fitter, FitterDeps
from workers.gauge import Gauge
from workers.ingest import Ingest, IngestDeps
from workers.looker import LookDeps, Looker
from workers.materials import Materials
from workers.pacing import Pacing
from workers.producer import Producer
from workers.reaper import Reaper
from workers.retry import RetryRule
from workers.upload import Deliverer

if TYPE_CHECKING:
    from core.store.base import Store


from bot.rules import (
    bot_api_options,
    build_quotas,
    circumstances,
    fit_judge,
    keeps_files,
    rest_rule,
    slots,
    used_in_place,
)


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
    figures: Figures
    links: LinkAccess
    letters: LetterBox
    questions: Questions
    patience: Patience
    batches: Batches
    looks: Looks
    looker: Looker
    studio: Studio
    additions: Additions
    adder: Adder


class Builder:
    """Puts the parts together; what has to be closed goes onto the stack of its caller."""

    def __init__(
        self, settings: Settings, clock: Clock, stack: AsyncExitStack, lock: FileLock
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._stack = stack
        self._lock = lock
        self._parts: Parts
        self._links: LinkAccess
        self._studio: Studio

    async def build(self) -> Parts:
        """Open the database and put everything on it."""
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
        posts = Posts(store, clock, engine, vault, quotas, fit_judge(settings))
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
        self._links = self._link_access()
        self._studio = await build_studio(
            StudioNeeds(
                settings=settings,
                store=store,
                clock=clock,
                engine=engine,
                posts=posts,
                intake=intake,
                progress=progress,
                transport=transport,
                vault=vault,
            ),
            self._stack,
        )
        self._studio.renders.when_ended(RenderNews(posts).ended)
        operations = Operations(posts, store, clock, engine)
        questions = Questions(posts, store)
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
        additions = build_additions(settings, store, clock, engine, posts)
        looks = build_looks(settings, store, clock, engine)
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
            figures=Figures(
                store, clock, quotas, spools, circumstances(settings), ZoneInfo(settings.timezone)
            ),
            links=self._links,
            letters=LetterBox(posts, store, clock, engine, admins=settings.telegram.admins),
            questions=questions,
            patience=Patience(
                posts,
                questions,
                store,
                clock,
                PatienceRule.of(settings.asking.remind_hours, settings.asking.expire_hours),
                leave_batch=self._leave_batch,
                admins=settings.telegram.admins,
            ),
            batches=build_batches(
                settings=settings,
                intake=intake,
                engine=engine,
                clock=clock,
                open_source=self._source_opener(downloads),
            ),
            looks=looks,
            looker=Looker(
                LookDeps(
                    looks=looks,
                    posts=posts,
                    intake=intake,
                    scraper=build_scraper(settings, self._links, clock),
                    clock=clock,
                    timezone=settings.timezone,
                )
            ),
            studio=self._studio,
            additions=additions,
            adder=build_adder(
                settings,
                clock,
                additions,
                self._studio.library,
                self._source_opener(downloads),
            ),
        )
        posts.when_accounts_back(parts.letters.offer)
        self._parts = parts
        self._handlers(parts, transport, downloads)
        return parts

    async def _leave_batch(self, batch_id: int) -> None:
        """Nobody has confirmed it in time."""
        await self._parts.batches.book.expire(batch_id)

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

        fitter = Fitter(
            FitterDeps(
                posts=parts.posts,
                spools=parts.spools,
                materials=materials,
                progress=parts.progress,
                clock=parts.clock,
                recall=ingest.recall,
                threads=settings.fit.threads,
                most_tries=settings.uploads.max_attempts,
            )
        )
        parts.engine.handler("ingest", ingest)
        parts.engine.handler("fit", fitter)
        parts.engine.handler("deliver", deliverer)
        parts.engine.handler("album", album)
        parts.engine.handler("letters", parts.letters)
        parts.engine.handler("look", parts.looker)
        parts.engine.handler("batch", Batcher(parts.batches, parts.posts))
        parts.engine.handler("operate", parts.aftercare.handler())
        parts.engine.handler("add", parts.adder)
        parts.engine.handler("render", build_renderer(parts.studio, settings, parts.clock))

    async def _describe(self, describer: Describer, post: Post) -> PostText:
        """Have the words written; the model is told the names of the channels too."""
        names = {upload.account_name for upload in await self._parts.posts.uploads(post.id)}
        wish = post.wish
        if not wish.channel:
            wish = replace(wish, channel=", ".join(sorted(names)))
        return await describer.describe(wish)

    async def _broken(self, task: Task, error: Exception) -> None:
        """A handler failed for good by a bug: what it worked on ends with that reason."""
        why = f"internal error: {type(error).__name__}"
        if task.kind == "ingest":
            await self._parts.posts.fail_post(int(task.args["post_id"]), why, "bug", "internal")
        elif task.kind == "deliver":
            await self._parts.posts.fail_upload(int(task.args["upload_id"]), why)
        elif task.kind == "fit":
            await self._parts.posts.fail_fits(int(task.args["post_id"]), "internal")
        elif task.kind == "operate":
            await self._parts.operations.fail(int(task.args["operation_id"]), why)
        elif task.kind == "batch":
            await self._parts.batches.book.give_up(int(task.args["batch_id"]))
        elif task.kind == "look":
            await self._parts.looker.give_up(int(task.args["look_id"]))
        elif task.kind == "add":
            await self._parts.adder.give_up(int(task.args["addition_id"]))
        elif task.kind == "render":
            await self._parts.studio.renders.give_up(int(task.args["render_id"]), "internal")

    async def _crashing(self, task: Task) -> None:
        """A task crashed the process again and again: go on more slowly, at last give up."""
        posts, limit = self._parts.posts, self._settings.uploads.max_attempts
        if task.kind == "ingest":
            await posts.ingest_crashed(int(task.args["post_id"]), limit)
        elif task.kind == "deliver":
            await posts.upload_crashed(int(task.args["upload_id"]), limit)
        elif task.kind == "fit":
            await posts.fits_crashed(int(task.args["post_id"]), limit)
        elif task.kind == "operate":
            why = "the process crashed at it again and again"
            await self._parts.operations.fail(int(task.args["operation_id"]), why)
        elif task.kind == "batch":
            await self._parts.batches.book.give_up(int(task.args["batch_id"]))
        elif task.kind == "look":
            await self._parts.looker.give_up(int(task.args["look_id"]))
        elif task.kind == "add":
            await self._parts.adder.give_up(int(task.args["addition_id"]))
        elif task.kind == "render":
            await self._parts.studio.renders.crashed(int(task.args["render_id"]), limit)

    def _source_opener(
        self, session: aiohttp.ClientSession
    ) -> Callable[[Mapping[str, Any]], Source]:
        settings = self._settings
        access = SourceAccess(
            session=session,
            telegram_base=settings.telegram.api_base,
            telegram_token=settings.telegram.token.get_secret_value(),
            local_files=settings.telegram.local_files,
            links=self._links,
            assets=self._studio.files,
            renders=self._studio.access,
        )
        return partial(open_source, access=access)

    def _link_access(self) -> LinkAccess:
        """Return what links are asked with: guarded, and apart from Telegram's files."""
        sources, stall = self._settings.sources, self._settings.uploads.stall_seconds
        guard = Guard(sources.allowed_hosts)
        session = link_session(guard, stall_seconds=stall)
        self._stack.push_async_callback(session.close)
        return LinkAccess(
            session=session,
            guard=guard,
            rules=FetchRules(
                redirects=sources.redirects, max_bytes=sources.max_bytes, stall_seconds=stall
            ),
            reader=YtDlpReader(guard, enabled=sources.yt_dlp),
        )
