"""Intake: draft → preflight → post, uploads and task in one commit → accepted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from core.accounts.groups import Group, Groups
from core.accounts.rotation import Rotation, Target, without_paused
from core.errors import RefusedError
from core.platforms.base import Platform
from core.ports import Engine, Task
from core.posts.caption import parse_caption, unique
from core.posts.models import Account, MediaFacts, Post, PostId, PostState, PostText, Privacy, Wish
from core.posts.options import check_options
from core.posts.preflight import Verdict
from core.posts.reading import Duplicate
from core.posts.repository import Posts
from core.posts.timing import publish_at
from core.store.base import Store, Tx
from utils.clock import Clock

CLOUD_DOWNLOAD_BYTES = 20 * 1024 * 1024
"""Source: core.telegram.org/bots/api, getFile, 2026-06-18."""
ALBUM_PAUSE = timedelta(seconds=0.7)
"""Items of an album come as separate updates without a last mark."""
ALBUM_QUESTION = "album"
"""What an item waits for whose album was asked about at another item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A video that somebody sends, as far as it is known before a byte is fetched."""

    source: dict[str, Any]
    caption: str
    facts: MediaFacts
    fingerprint: str
    filename: str = ""
    chat_id: int = 0
    user_id: int = 0
    message_id: int = 0
    update_id: int | None = None
    album: str = ""
    again: bool = False
    """Publish it also where the same content is live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of it."""

    status: str
    """``accepted``, ``asked``, ``collecting``, ``cancelled`` or ``duplicate_update``."""
    post_id: int | None = None


Follow = Callable[[Tx, Outcome], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRules:
    """What the settings say about taking things in."""

    timezone: str
    cloud: bool
    """The Bot API is the cloud's, so files above 20 MB cannot be fetched."""
    sort_by_size: bool
    require_platform: Callable[[str], Platform]
    platform_names: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)
    """Options that all accounts have, such as ``local`` of the Bot API server."""
    need_disk: Callable[[int], Awaitable[None]]
    """Raises ``RefusedError("disk_full")`` when a file of that size can never fit."""
    gap_seconds: float = 0.0
    """Pause between the accounts of one video, where a group has none of its own."""


@dataclass(slots=True)
class Intake:
    """Takes videos in; everything it promises is committed when it returns."""

    store: Store
    posts: Posts
    engine: Engine
    clock: Clock
    rules: IntakeRules
    groups: Groups
    rotation: Rotation

    async def receive(self, incoming: Incoming, follow: Follow | None = None) -> Outcome:
        """Take one video in; ``follow`` is told the outcome in the commit that makes it true.

        Raises:
            RefusedError: with the key of the sentence that says why and what to do.
        """
        await self._preflight(incoming)
        if incoming.album:
            return await self._collect(incoming)
        wish = self._wish(incoming.caption)
        targets = await self._targets(wish)
        self._check_targets(incoming.facts, targets, wish)
        draft = self._draft(incoming, wish)
        async with self.store.transaction() as tx:
            if not await self.posts.see_update(tx, incoming.update_id):
                return Outcome(status="duplicate_update")
            post_id = await self.posts.insert_draft(tx, draft, question="")
            post = replace(draft, id=post_id)
            outcome = await self._open(tx, post, targets, again=incoming.again, saved=True)
            if follow is not None:
                await follow(tx, outcome)
        return outcome

    async def targets_of(self, words: Sequence[str]) -> list[Target]:
        """Return where a video goes that names these targets; without names to all accounts.

        Raises:
            RefusedError: one of them is not known or cannot be used.
        """
        return await self._targets(Wish(targets=unique(words)))

    def check(self, facts: MediaFacts, targets: Sequence[Target], wish: Wish) -> None:
        """Refuse what no target takes.

        Raises:
            RefusedError: with the key of the sentence that says why.
        """
        self._check_targets(facts, targets, wish)

    async def open_written(
        self,
        tx: Tx,
        incoming: Incoming,
        wish: Wish,
        text: PostText,
        targets: Sequence[Target],
        *,
        priority: int,
    ) -> tuple[PostId, list[int]]:
        """Accept a video whose words are written, without a card; returns its uploads too."""
        draft = replace(self._draft(incoming, wish), priority=priority)
        post_id = await self.posts.insert_draft(tx, draft, question="")
        await self.posts.write_text(tx, post_id, text)
        post = replace(draft, id=post_id, text=text)
        uploads = await self.posts.open_post(
            tx, post, self._timed(wish, targets), again=False, card=False
        )
        return post_id, uploads

    async def require_words(self, caption: str) -> Wish:
        """Return what a caption asks for, before there is a video for it.

        Raises:
            RefusedError: a line cannot be read, or names a place where nothing can be published.
        """
        wish = self._wish(caption)
        self._check_targets(MediaFacts(), await self._targets(wish), wish)
        return wish

    async def receive_part(self, incoming: Incoming, follow: Follow) -> Outcome:
        """Take in one video of many: without a card, and only where it is not there already.

        ``follow`` is told the outcome in the commit that makes it true; the outcome is
        ``accepted``, or ``taken`` with the post that has published it or is about to.

        Raises:
            RefusedError: with the key of the sentence that says why and what to do.
        """
        await self._preflight(incoming)
        wish = self._wish(incoming.caption)
        targets = await self._targets(wish)
        self._check_targets(incoming.facts, targets, wish)
        draft = self._draft(incoming, wish)
        async with self.store.transaction() as tx:
            taken = await self.posts.duplicates(tx, draft.fingerprint, _accounts(targets))
            names = {(one.platform, one.account) for one in taken}
            left = [t for t in targets if (t.account.platform, t.account.name) not in names]
            if left:
                post = replace(draft, id=await self.posts.insert_draft(tx, draft, question=""))
                timed = self._timed(wish, left)
                _ = await self.posts.open_post(tx, post, timed, again=False, card=False)
                outcome = Outcome(status="accepted", post_id=post.id)
            else:
                outcome = Outcome(status="taken", post_id=taken[0].post_id)
            await follow(tx, outcome)
        return outcome

    async def answer(self, post_id: int, text: str, *, update_id: int | None) -> Outcome:
        """A person answers the question for a caption, or writes one for a draft.

        What the caption said before (targets, a time, ...) stays where the answer is silent.
        """
        post = await self._draft_of(post_id)
        wish = _completed(self._wish(text), post.wish)
        targets = await self._targets(wish)
        self._check_targets(post.facts, targets, wish)
        items = [replace(item, wish=wish) for item in await self._asked_with(post)]
        async with self.store.transaction() as tx:
            if not await self.posts.see_update(tx, update_id):
                return Outcome(status="duplicate_update", post_id=post_id)
            outcome = await self._open(tx, replace(post, wish=wish), targets)
            opened = await self._open_items(tx, items, targets)
        await self._cancel_refused(opened)
        return outcome

    async def choose(self, post_id: int, choice: str) -> Outcome:
        """A person pressed a button under a question: again, skip, nocaption or cancel."""
        post = await self._draft_of(post_id)
        items = [_named(item) for item in await self._asked_with(post)]
        if choice == "cancel":
            for item in [post, *items]:
                await self.posts.cancel_post(item.id, by="person")
            return Outcome(status="cancelled", post_id=post_id)
        if choice == "nocaption":
            post = _named(post)
        targets = await self._targets(post.wish)
        async with self.store.transaction() as tx:
            if choice == "skip":
                targets = await self._without_taken(tx, post, targets)
            outcome = await self._open(tx, post, targets, again=choice == "again")
            opened = await self._open_items(tx, items, targets)
        await self._cancel_refused(opened)
        return outcome

    async def _draft_of(self, post_id: int) -> Post:
        post = await self.posts.require(post_id)
        if post.state is not PostState.DRAFT:
            raise RefusedError("already_final", post_id=post_id, state=post.state.value)
        return post

    async def _asked_with(self, post: Post) -> list[Post]:
        """Return the other items of an album that the answer to its one question is for."""
        if not post.album or post.question not in {"caption", ALBUM_QUESTION}:
            return []
        return [
            item
            for item in await self.posts.album(post.chat_id, post.album)
            if item.state is PostState.DRAFT
            and item.question in {"caption", ALBUM_QUESTION}
            and item.id != post.id
        ]

    async def _without_taken(self, tx: Tx, post: Post, targets: Sequence[Target]) -> list[Target]:
        taken = await self.posts.duplicates(tx, post.fingerprint, _accounts(targets))
        names = {(item.platform, item.account) for item in taken}
        left = [t for t in targets if (t.account.platform, t.account.name) not in names]
        if not left:
            raise RefusedError("nothing_left", post_id=post.id)
        return left

    async def finish_album(self, chat_id: int, album: str) -> list[Outcome]:
        """All items of an album are here: they share the one caption, or the one question.

        An item that comes late takes the words of those before it.
        """
        known = await self.posts.album(chat_id, album)
        items = [p for p in known if p.state is PostState.DRAFT and not p.question]
        if not items:
            return []
        refused = [p for p in known if await self._was_refused(p)]
        try:
            wish = self._shared_wish(items, refused, known)
            targets = await self._targets(wish)
        except RefusedError as refusal:
            return await self._refuse_album(items, refusal, told=bool(refused))
        items = [replace(item, wish=wish) for item in items]
        async with self.store.transaction() as tx:
            if not wish.prompt and not wish.title:
                return await self._ask_album(tx, items, known)
            opened = await self._open_items(tx, items, targets)
        await self._cancel_refused(opened)
        return opened

    def _shared_wish(
        self, items: Sequence[Post], refused: Sequence[Post], known: Sequence[Post]
    ) -> Wish:
        """Return what the caption of the album asks for; items that wait hold it unread."""
        captions = [item.wish.prompt for item in [*items, *refused] if item.wish.prompt]
        if captions:
            return self._wish(captions[0])
        unopened = {PostState.DRAFT, PostState.CANCELLED}
        return next((post.wish for post in known if post.state not in unopened), Wish())

    async def _was_refused(self, post: Post) -> bool:
        """Return whether an item was cancelled before it was opened: its caption is unread."""
        return post.state is PostState.CANCELLED and not await self.posts.uploads(post.id)

    async def _ask_album(
        self, tx: Tx, items: Sequence[Post], known: Sequence[Post]
    ) -> list[Outcome]:
        """Ask for words once; the answer is for every item."""
        asked = any(p.state is PostState.DRAFT and p.question == "caption" for p in known)
        for number, post in enumerate(items):
            if number == 0 and not asked:
                await self._question(tx, post, "caption")
            else:
                await self.posts.save_wish(tx, post.id, post.wish, ALBUM_QUESTION)
        return [Outcome(status="asked", post_id=post.id) for post in items]

    async def _refuse_album(
        self, items: Sequence[Post], refusal: RefusedError, *, told: bool
    ) -> list[Outcome]:
        """Say once what is wrong with the words that all items share."""
        if not told:
            async with self.store.transaction() as tx:
                await self._tell(tx, items[0], refusal)
        outcomes = [Outcome(status="cancelled", post_id=post.id) for post in items]
        await self._cancel_refused(outcomes)
        return outcomes

    async def _open_items(
        self, tx: Tx, items: Sequence[Post], targets: Sequence[Target]
    ) -> list[Outcome]:
        """Open those that some target can take; of the others it is told why not."""
        outcomes = []
        for item in items:
            try:
                self._check_targets(item.facts, targets, item.wish)
            except RefusedError as refusal:
                await self._tell(tx, item, refusal)
                outcomes.append(Outcome(status="cancelled", post_id=item.id))
            else:
                outcomes.append(await self._open(tx, item, targets))
        return outcomes

    async def _cancel_refused(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.status == "cancelled" and outcome.post_id is not None:
                await self.posts.cancel_post(outcome.post_id, by="refused")

    async def _tell(self, tx: Tx, post: Post, refusal: RefusedError) -> None:
        await self.posts.say(
            post.chat_id,
            refusal.key,
            facts=refusal.facts,
            reply_to=post.message_id,
            post_id=post.id,
            tx=tx,
        )
        tx.after_commit(self.posts.changed)

    async def _collect(self, incoming: Incoming) -> Outcome:
        """Keep the item as a draft and look at the album when it has been quiet."""
        draft = self._draft(incoming, Wish(prompt=incoming.caption))
        album = f"{incoming.chat_id}:{incoming.album}"
        now = self.clock.now()
        async with self.store.transaction() as tx:
            if not await self.posts.see_update(tx, incoming.update_id):
                return Outcome(status="duplicate_update")
            post_id = await self.posts.insert_draft(tx, draft, question="")
            task = Task(
                kind="album",
                key=f"album:{album}#{post_id}",
                args={"chat_id": incoming.chat_id, "album": incoming.album},
                run_at=now + ALBUM_PAUSE,
                lock=f"album:{album}",
                queue="housekeeping",
            )
            await self.engine.submit(task, tx)
        return Outcome(status="collecting", post_id=post_id)

    async def _open(
        self,
        tx: Tx,
        post: Post,
        targets: Sequence[Target],
        *,
        again: bool = False,
        saved: bool = False,
    ) -> Outcome:
        if not saved:
            await self.posts.save_wish(tx, post.id, post.wish, "")
        if not post.wish.prompt and not post.wish.title:
            return await self._question(tx, post, "caption")
        if not again:
            taken = await self.posts.duplicates(tx, post.fingerprint, _accounts(targets))
            if taken:
                return await self._question(tx, post, "duplicate", taken, len(targets))
        await self.posts.open_post(tx, post, self._timed(post.wish, targets), again=again)
        await self.posts.preflight(tx, post.id)
        return Outcome(status="accepted", post_id=post.id)

    async def _question(
        self, tx: Tx, post: Post, question: str, taken: Sequence[Duplicate] = (), targets: int = 0
    ) -> Outcome:
        await self.posts.save_wish(tx, post.id, post.wish, question)
        choices = {"caption": ["nocaption", "cancel"], "duplicate": ["again", "cancel"]}[question]
        if question == "duplicate" and len(taken) < targets:
            choices.insert(1, "skip")
        if post.chat_id:
            await self.posts.say(
                post.chat_id,
                f"ask_{question}",
                facts={
                    "post_id": post.id,
                    "places": [
                        {
                            "platform": t.platform,
                            "account": t.account,
                            "url": t.url,
                            "live": t.live,
                        }
                        for t in taken
                    ],
                },
                buttons=[
                    {"text_key": f"button_{choice}", "data": f"q1:{post.id}:{choice}"}
                    for choice in choices
                ],
                reply_to=post.message_id,
                post_id=post.id,
                tx=tx,
            )
        tx.after_commit(self.posts.changed)
        return Outcome(status="asked", post_id=post.id)

    def _draft(self, incoming: Incoming, wish: Wish) -> Post:
        size = incoming.facts.size_bytes or 0
        return Post(
            id=PostId(0),
            state=PostState.DRAFT,
            chat_id=incoming.chat_id,
            user_id=incoming.user_id,
            message_id=incoming.message_id,
            source={**incoming.source, "filename": incoming.filename},
            wish=wish,
            facts=incoming.facts,
            text=None,
            fingerprint=incoming.fingerprint,
            sha256="",
            fetched_bytes=0,
            source_version="",
            priority=-(size // 1_000_000) if self.rules.sort_by_size else 0,
            generation=1,
            album=incoming.album,
            question="",
            note="",
            until_at=None,
            created_at=self.clock.now(),
            finished_at=None,
        )

    def _wish(self, caption: str) -> Wish:
        return parse_caption(caption, now=self.clock.now(), timezone=self.rules.timezone)

    async def _preflight(self, incoming: Incoming) -> None:
        """Refuse what surely cannot work, before a byte is fetched."""
        size = incoming.facts.size_bytes
        if size == 0:
            raise RefusedError("empty_file", filename=incoming.filename)
        from_cloud = incoming.source.get("kind") == "telegram" and self.rules.cloud
        if from_cloud and size is not None and size > CLOUD_DOWNLOAD_BYTES:
            raise RefusedError(
                "too_big_for_cloud", size_bytes=size, limit_bytes=CLOUD_DOWNLOAD_BYTES
            )
        is_here = incoming.source.get("kind") == "file" or bool(incoming.source.get("in_place"))
        if size is not None and not is_here:
            await self.rules.need_disk(size)

    async def _targets(self, wish: Wish) -> list[Target]:
        """Return where a video goes: what ``to:`` names, else every account that is a target."""
        accounts = await self.posts.accounts()
        if not accounts:
            raise RefusedError("no_account")
        if not wish.targets:
            chosen = [Target(account=a) for a in accounts if a.is_target and a.state != "paused"]
        else:
            chosen = await self._named(accounts, wish.targets)
        if wish.channel:
            kept = self._channel(_accounts(chosen), wish.channel)
            chosen = [target for target in chosen if target.account in kept]
        if not chosen:
            raise RefusedError("no_account")
        return chosen

    async def _named(self, accounts: Sequence[Account], words: Sequence[str]) -> list[Target]:
        groups = await self.groups.all()
        chosen: dict[int, Target] = {}
        for word in words:
            group = next((g for g in groups if g.name.casefold() == word.casefold()), None)
            named = (
                self._matching(accounts, word, groups)
                if group is None
                else await self._members(group, accounts)
            )
            for target in named:
                chosen.setdefault(target.account.id, target)
        return list(chosen.values())

    async def _members(self, group: Group, accounts: Sequence[Account]) -> list[Target]:
        members = [account for account in accounts if account.id in group.members]
        if not members:
            raise RefusedError("group_empty", name=group.name)
        picked = await self.rotation.pick(group, members)
        if not picked:
            raise RefusedError("target_paused", target=group.name)
        return picked

    def _timed(self, wish: Wish, targets: Sequence[Target]) -> list[Target]:
        """Return the targets with the time at which each begins."""
        if wish.options.get("together") == "yes":
            return list(targets)
        now, gap, timed = self.clock.now(), timedelta(0), []
        for target in targets:
            starts = self._starts_at(wish, target.account)
            if gap:
                starts = (wish.publish_at or now) + gap
            gap += timedelta(seconds=target.gap_seconds or self.rules.gap_seconds)
            timed.append(replace(target, starts_at=starts))
        return timed

    def _starts_at(self, wish: Wish, account: Account) -> datetime | None:
        """Return the time that is ours to keep; None where the platform keeps it."""
        capabilities = self.rules.require_platform(account.platform).capabilities
        now = self.clock.now()
        if publish_at(wish, account.defaults, capabilities, now) is not None:
            return None
        return wish.publish_at

    def _matching(
        self, accounts: Sequence[Account], target: str, groups: Sequence[Group]
    ) -> list[Target]:
        word = target.casefold()
        found = [a for a in accounts if word in {a.platform, a.name.casefold()}]
        usable = without_paused(found)
        if usable:
            return usable
        if found:
            raise RefusedError("target_paused", target=target)
        if word in self.rules.platform_names:
            raise RefusedError("no_account_there", platform=word)
        names = {a.platform for a in accounts} | {a.name for a in accounts}
        known = sorted(names | {group.name for group in groups})
        raise RefusedError("unknown_target", target=target, known=known)

    @staticmethod
    def _channel(accounts: Sequence[Account], channel: str) -> list[Account]:
        """``channel:`` narrows Telegram targets to one channel, by name, id or user name."""
        word = channel.casefold().lstrip("@")
        here = [
            a
            for a in accounts
            if a.platform != "telegram"
            or word in {a.name.casefold().lstrip("@"), a.remote_id.casefold().lstrip("@")}
        ]
        if not any(a.platform == "telegram" for a in here):
            known = sorted(a.name for a in accounts if a.platform == "telegram")
            raise RefusedError("unknown_channel", channel=channel, known=known)
        return here

    def _check_targets(self, facts: MediaFacts, targets: Sequence[Target], wish: Wish) -> None:
        """Refuse when nothing makes the file fit any target; what can be mended is asked."""
        reasons = {}
        for target in targets:
            platform = self.rules.require_platform(target.account.platform)
            judge, limits = self.posts.judge, platform.media_limits(self.rules.options)
            judgement = judge.judge(facts, limits, judge.mode(wish, target.account.defaults))
            if judgement.verdict is Verdict.REFUSE:
                found = judgement.reason
                reasons[platform.capabilities.title] = {"key": found.key, **found.facts}
            self._check_privacy(platform, wish.privacy)
        self._check_options(targets, wish)
        if reasons and len(reasons) == len({t.account.platform for t in targets}):
            raise RefusedError("fits_nowhere", reasons=reasons)

    def _check_options(self, targets: Sequence[Target], wish: Wish) -> None:
        """Refuse an option that no target has; the card says who leaves it out."""
        every = [self.rules.require_platform(n).capabilities for n in self.rules.platform_names]
        here = {target.account.platform for target in targets}
        check_options(wish.options, [one for one in every if one.name in here], every)

    @staticmethod
    def _check_privacy(platform: Platform, privacy: Privacy | None) -> None:
        if privacy is None or privacy in platform.capabilities.privacy:
            return
        raise RefusedError(
            "privacy_not_offered",
            platform=platform.capabilities.title,
            privacy=privacy.value,
            known=[choice.value for choice in platform.capabilities.privacy],
        )


def _accounts(targets: Sequence[Target]) -> list[Account]:
    return [target.account for target in targets]


def _completed(wish: Wish, earlier: Wish) -> Wish:
    """Return a wish whose gaps are filled with what was asked for earlier."""
    return replace(
        wish,
        prompt=wish.prompt or earlier.prompt,
        title=wish.title or earlier.title,
        tags=unique([*wish.tags, *earlier.tags]),
        targets=wish.targets or earlier.targets,
        privacy=wish.privacy or earlier.privacy,
        publish_at=wish.publish_at or earlier.publish_at,
        channel=wish.channel or earlier.channel,
        options={**earlier.options, **wish.options},
    )


def _named(post: Post) -> Post:
    """Return a post whose words are the name of its file."""
    return replace(post, wish=replace(post.wish, prompt=_prompt_from_name(post.source)))


def _prompt_from_name(source: dict[str, Any]) -> str:
    """Return words made of a file name, for a person who wants no caption."""
    name = str(source.get("filename") or "").rpartition("/")[2].rpartition(".")[0]
    words = name.replace("_", " ").replace("-", " ").strip()
    return words or "Video"
