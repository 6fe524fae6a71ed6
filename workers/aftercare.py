"""What people want done with a post that was accepted: other words, a picture, captions, removal.

Each wish becomes one operation per target, all planned in one commit; what cannot be done
somewhere is told at once, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from core.accounts.endings import askable
from core.accounts.rotation import Target
from core.errors import RefusedError
from core.platforms.base import Capabilities, Operation
from core.posts.caption import parse_caption
from core.posts.models import (
    Account,
    AccountId,
    Post,
    PostState,
    Upload,
    UploadState,
    Wish,
)
from core.posts.operations import GONE, REMOVED, UNSEEN
from core.posts.options import offers
from core.posts.records import dump, read_account, read_post
from core.store.base import Row, Tx
from workers.figures import FigureDesk, media_id
from workers.frames import FrameDesk
from workers.operator import LARGEST_FILE, AftercareDeps, Operator
from workers.watch import Watch
from workers.wishes import (
    PLAYLIST,
    Outcome,
    Plan,
    Refusal,
    captions_language,
    check_edit,
    is_editable,
    named_words,
    present,
    rewritten,
    sort_out,
)


class Aftercare:
    """The service behind replies, buttons and commands about what is (nearly) live."""

    def __init__(self, deps: AftercareDeps) -> None:
        self._deps = deps
        self._watch = Watch(deps)
        self._frames = FrameDesk(deps)
        self.figures = FigureDesk(deps)

    def handler(self) -> Operator:
        """Return the handler of ``operate`` tasks."""
        finish = {Operation.CHECK: self._watch.looked}
        return Operator(self._deps, finish, self.figures.carry_out)

    async def settled(self, tx: Tx, upload: Upload) -> None:
        """An upload has ended, in that very commit: see to what waited, begin to watch."""
        await self._deps.operations.settled(tx, upload)
        if upload.state is not UploadState.LIVE:
            return
        post_row = await tx.one("posts.get", id=upload.post_id)
        account_row = await tx.one("accounts.get", id=upload.account_id)
        if post_row is None or account_row is None:
            raise AssertionError("an upload has its post and its account")
        post, account = read_post(post_row), read_account(account_row)
        await self._to_playlist(tx, upload, post, account)
        await self._watch.begin(tx, upload, post, account)

    async def _to_playlist(self, tx: Tx, upload: Upload, post: Post, account: Account) -> None:
        playlist = post.wish.options.get(PLAYLIST) or account.defaults.get(PLAYLIST)
        if not playlist or Operation.PLAYLIST not in self._capabilities(upload).operations:
            return
        await self._deps.operations.plan(
            tx,
            upload,
            Operation.PLAYLIST,
            changes={PLAYLIST: str(playlist)},
            due_at=self._deps.clock.now(),
            chat_id=post.chat_id,
        )

    # Other words

    async def edit(self, post: Post, text: str, *, chat_id: int) -> Outcome:
        """Give a post other words, written as a caption; what it does not name stays.

        Raises:
            RefusedError: ``edit_empty``, ``edit_line``, ``already_final``, ``privacy_not_offered``
                or what a caption is refused for.
        """
        wish = parse_caption(text, now=self._deps.clock.now(), timezone=self._deps.timezone)
        check_edit(wish, post)
        accounts = {account.id: account for account in await self._deps.posts.accounts()}
        batch = uuid4().hex
        async with self._deps.store.transaction() as tx:
            post = read_post(_there(await tx.one("posts.get", id=post.id)))
            uploads = present(post, await self._deps.posts.uploads_of(tx, post.id))
            begun = [one for one in uploads if await self._deps.operations.is_begun(tx, one)]
            fresh = [one for one in uploads if one not in begun]
            self._check_offers(wish, uploads, fresh)
            plans, cannot = self._edits(wish, begun, accounts)
            if plans or fresh:
                await self._rewrite(tx, post, wish)
            for plan in plans:
                await self._plan(tx, plan, batch=batch, chat_id=chat_id)
        return replace(sort_out(plans, cannot), fresh=fresh)

    async def _rewrite(self, tx: Tx, post: Post, wish: Wish) -> None:
        changed = replace(
            post.wish,
            privacy=wish.privacy or post.wish.privacy,
            options={**post.wish.options, **wish.options},
        )
        await self._deps.operations.rewrite(
            tx,
            post,
            text=rewritten(post, wish) if named_words(wish) else None,
            wish=changed if changed != post.wish else None,
        )

    def _edits(
        self, wish: Wish, uploads: Sequence[Upload], accounts: Mapping[AccountId, Account]
    ) -> tuple[list[Plan], list[Refusal]]:
        plans: list[Plan] = []
        cannot: list[Refusal] = []
        for upload in uploads:
            cannot += [
                Refusal(upload=upload, key="option", facts={"option": key})
                for key in wish.options
                if offers(self._capabilities(upload), key) and not is_editable(key)
            ]
            for plan in self._edit_plans(wish, upload):
                reason = self._hindrance(plan, accounts.get(upload.account_id))
                if reason is None:
                    plans.append(plan)
                else:
                    cannot.append(reason)
        return plans, cannot

    def _edit_plans(self, wish: Wish, upload: Upload) -> list[Plan]:
        """Return what the new words and wishes mean for one upload that has begun."""
        capabilities = self._capabilities(upload)
        given = {key: value for key, value in wish.options.items() if offers(capabilities, key)}
        options = {k: v for k, v in given.items() if k != PLAYLIST and is_editable(k)}
        words: dict[str, Any] = dict.fromkeys(sorted(named_words(wish)), True)
        plans = []
        if words or options:
            edit = Plan(upload=upload, kind=Operation.EDIT, changes={**words, **options})
            plans.append(edit)
        if wish.privacy is not None:
            privacy = {"privacy": wish.privacy.value}
            plans.append(Plan(upload=upload, kind=Operation.VISIBILITY, changes=privacy))
        if PLAYLIST in given:
            playlist = {PLAYLIST: given[PLAYLIST]}
            plans.append(Plan(upload=upload, kind=Operation.PLAYLIST, changes=playlist))
        return plans

    def _check_offers(
        self, wish: Wish, uploads: Sequence[Upload], fresh: Sequence[Upload]
    ) -> None:
        """Refuse options that no target has, and a privacy that a target not begun has not."""
        offered = [self._capabilities(one) for one in uploads]
        for key in wish.options:
            if not any(offers(one, key) for one in offered):
                raise RefusedError("edit_option", option=key)
        for capabilities in map(self._capabilities, fresh):
            if wish.privacy is not None and wish.privacy not in capabilities.privacy:
                raise RefusedError(
                    "privacy_not_offered",
                    platform=capabilities.title,
                    privacy=wish.privacy.value,
                    known=[choice.value for choice in capabilities.privacy],
                )

    # Removal

    async def removable(self, post: Post) -> Outcome:
        """Tell where a post would be removed, and where only a person can.

        Raises:
            RefusedError: ``nothing_live``.
        """
        uploads = [one for one in await self._targets(post) if one.state is UploadState.LIVE]
        if not uploads:
            raise RefusedError("nothing_live", post_id=post.id)
        plans = [Plan(upload=one, kind=Operation.DELETE) for one in uploads]
        allowed, cannot = await self._sorted(plans)
        return sort_out(allowed, cannot)

    async def delete(self, post: Post, *, chat_id: int) -> Outcome:
        """Remove a post wherever that is possible."""
        outcome = await self.removable(post)
        await self._plan_all(
            [Plan(upload=one, kind=Operation.DELETE) for one in outcome.asked], chat_id=chat_id
        )
        return outcome

    # Pictures and captions

    async def set_thumbnail(
        self, post: Post, source: Mapping[str, Any], *, size_bytes: int, chat_id: int
    ) -> Outcome:
        """Set a picture wherever that is possible.

        Args:
            post: of which video.
            source: where the picture is, see ``core/sources/base.py``.
            size_bytes: of the picture as far as it is known, else 0.
            chat_id: where the outcome is told.

        Raises:
            RefusedError: ``file_too_big`` or ``nothing_live``.
        """
        return await self._with_file(
            post, Operation.THUMBNAIL, source, {}, size_bytes=size_bytes, chat_id=chat_id
        )

    async def add_captions(
        self,
        post: Post,
        source: Mapping[str, Any],
        *,
        filename: str,
        note: str,
        size_bytes: int,
        chat_id: int,
    ) -> Outcome:
        """Add subtitles; their language stands in the file's name or in the words with it.

        Raises:
            RefusedError: ``captions_language``, ``file_too_big`` or ``nothing_live``.
        """
        changes = {"language": captions_language(filename, note), "name": ""}
        return await self._with_file(
            post, Operation.CAPTIONS, source, changes, size_bytes=size_bytes, chat_id=chat_id
        )

    async def _with_file(
        self,
        post: Post,
        kind: Operation,
        source: Mapping[str, Any],
        changes: Mapping[str, Any],
        *,
        size_bytes: int,
        chat_id: int,
    ) -> Outcome:
        if size_bytes > LARGEST_FILE:
            raise RefusedError("file_too_big", limit_mb=LARGEST_FILE // 2**20)
        uploads = await self._targets(post)
        plans = [Plan(upload=one, kind=kind, changes=changes) for one in uploads]
        allowed, cannot = await self._sorted(plans)
        await self._plan_all(allowed, file=dump(dict(source)), chat_id=chat_id)
        return sort_out(allowed, cannot)

    async def frames(self, post: Post) -> list[bytes]:
        """Return three pictures of the video; its file is fetched again where it has gone.

        Raises:
            RefusedError: ``frames_nowhere``, ``nothing_live`` or why the file cannot be had.
        """
        uploads = await self._targets(post)
        plans = [Plan(upload=one, kind=Operation.THUMBNAIL) for one in uploads]
        allowed, _ = await self._sorted(plans)
        if not allowed:
            raise RefusedError("frames_nowhere", post_id=post.id)
        return await self._frames.take(post)

    # After a finding

    async def act(self, upload: Upload, action: str, *, chat_id: int) -> bool:
        """Do what the button of a finding says; False when it is not known.

        Raises:
            RefusedError: ``nothing_live``.
        """
        if upload.state is not UploadState.LIVE:
            raise RefusedError("nothing_live", post_id=upload.post_id)
        match action:
            case "check":
                await self._watch.look_now(upload, chat_id)
            case "show":
                await self._show(upload, chat_id)
            case "publish":
                await self._publish_again(upload)
            case _:
                return False
        return True

    async def _show(self, upload: Upload, chat_id: int) -> None:
        """Make it as visible as was asked for."""
        known = await self._deps.operations.of_upload(upload.id)
        looks = [one for one in known if one.kind is Operation.CHECK]
        privacy = looks[-1].changes.get("privacy", "") if looks else ""
        if not privacy:
            raise RefusedError("nothing_live", post_id=upload.post_id)
        changes = {"privacy": privacy}
        plan = Plan(upload=upload, kind=Operation.VISIBILITY, changes=changes)
        await self._plan_all([plan], chat_id=chat_id)

    async def _publish_again(self, upload: Upload) -> None:
        """Publish the same video there once more, as a post of its own."""
        post = await self._deps.posts.require(upload.post_id)
        account = await self._deps.book.get(upload.account_id)
        if account is None or upload.visibility != GONE:
            raise RefusedError("nothing_live", post_id=post.id)
        wish = replace(post.wish, targets=(account.name,), publish_at=None)
        draft = replace(post, wish=wish, state=PostState.DRAFT, album="", note="", until_at=None)
        draft = replace(draft, created_at=self._deps.clock.now(), sha256="", question="")
        posts = self._deps.posts
        async with self._deps.store.transaction() as tx:
            # One press publishes once, however often it is pressed.
            await tx.run("operations.set_visibility", id=upload.id, visibility=REMOVED)
            number = await posts.insert_draft(tx, draft, question="")
            fresh = replace(draft, id=number, fetched_bytes=0, source_version="", generation=1)
            if post.text is not None:
                await self._deps.operations.rewrite(tx, fresh, text=post.text)
            await posts.open_post(tx, fresh, [Target(account=account)], again=True)

    # Shared

    async def _targets(self, post: Post) -> list[Upload]:
        """Return the uploads that are live or may become so.

        Raises:
            RefusedError: ``nothing_live``.
        """
        uploads = present(post, await self._deps.posts.uploads(post.id))
        if not uploads:
            raise RefusedError("nothing_live", post_id=post.id)
        return uploads

    async def _sorted(self, plans: Sequence[Plan]) -> tuple[list[Plan], list[Refusal]]:
        allowed: list[Plan] = []
        cannot: list[Refusal] = []
        for plan in plans:
            reason = self._hindrance(plan, await self._deps.book.get(plan.upload.account_id))
            if reason is None:
                allowed.append(plan)
            else:
                cannot.append(reason)
        return allowed, cannot

    def _hindrance(self, plan: Plan, account: Account | None) -> Refusal | None:
        capabilities = self._capabilities(plan.upload)
        needed = capabilities.operations.get(plan.kind)
        if needed is None:
            return Refusal(upload=plan.upload, key=_never(plan, capabilities))
        if plan.upload.state is UploadState.LIVE and not media_id(plan.upload):
            return Refusal(upload=plan.upload, key=UNSEEN)
        privacy = plan.changes.get("privacy")
        if privacy is not None and privacy not in capabilities.privacy:
            known = [choice.value for choice in capabilities.privacy]
            facts = {"privacy": privacy, "known": known}
            return Refusal(upload=plan.upload, key="privacy", facts=facts)
        granted = account.scopes if account else ()
        if needed and granted and not set(needed) & set(granted):
            asked = askable(plan.upload.platform, granted)
            key = "scope" if not asked or asked & set(needed) else "sign_in"
            return Refusal(upload=plan.upload, key=key)
        return None

    def _capabilities(self, upload: Upload) -> Capabilities:
        return self._deps.require_platform(upload.platform).capabilities

    async def _plan_all(self, plans: Sequence[Plan], *, chat_id: int, file: str = "") -> None:
        batch = uuid4().hex
        async with self._deps.store.transaction() as tx:
            for plan in plans:
                await self._plan(tx, plan, batch=batch, chat_id=chat_id, file=file)

    async def _plan(self, tx: Tx, plan: Plan, *, batch: str, chat_id: int, file: str = "") -> None:
        await self._deps.operations.plan(
            tx,
            plan.upload,
            plan.kind,
            changes=plan.changes,
            file=file,
            batch=batch,
            due_at=self._deps.clock.now(),
            chat_id=chat_id,
        )


def _never(plan: Plan, capabilities: Capabilities) -> str:
    """Return why a platform never does something; before it is live other words are true."""
    if plan.kind is not Operation.THUMBNAIL or plan.upload.state is UploadState.LIVE:
        return plan.kind.value
    is_early = plan.upload.state is UploadState.WAITING and not plan.upload.session.get("stage")
    return "cover" if is_early and offers(capabilities, "cover") else "own_picture"


def _there(row: Row | None) -> Row:
    if row is None:
        raise AssertionError("the row exists")
    return row
