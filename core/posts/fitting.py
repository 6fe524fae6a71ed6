"""The way of a fitted file: wanted or asked for, chosen, made, and sent by its uploads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.accounts.quotas import upload_place
from core.errors import ErrorKind, LostFenceError, RefusedError
from core.media.fit.recipe import Recipe
from core.media.specs import blocks
from core.platforms.base import MediaLimits, Session, Step
from core.posts.fits import (
    ASKED,
    FIT_OPEN,
    Fit,
    FitState,
    is_asked,
    read_fit,
    waits_for_fit,
)
from core.posts.models import (
    POST_FINAL,
    MediaFacts,
    Post,
    PostState,
    Upload,
    UploadState,
    WaitReason,
)
from core.posts.moves import Moves
from core.posts.preflight import Judgement, Verdict, is_probed
from core.posts.records import dump, read_account
from core.posts.tasks import fit_task
from core.store.base import Tx

LENGTHS = ("cut", "speed")
SHAPES = ("blur", "pad", "crop")
FRESH: Mapping[str, Any] = {
    "session": {},
    "confirmed_bytes": 0,
    "resumed_from": 0,
    "staged_at": None,
    "error_kind": "",
    "error_text": "",
}
"""What an upload forgets when it is to send another file than before."""
OPENED = frozenset({PostState.PUBLISHING})
"""States of a post whose uploads have been opened: they may be given tasks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an attempt has to send."""

    upload: Upload
    fit: Fit | None = None
    """The fitted file; None for the one that came."""
    waits: bool = False
    """The upload waits now, and somebody else goes on with it."""


class Fitting(Moves):
    """Wants, makes and hands over fitted files; each step is one commit."""

    async def fits(self, post_id: int) -> list[Fit]:
        return [read_fit(row) for row in await self._store.all("fits.of_post", post_id=post_id)]

    async def fit(self, fit_id: int) -> Fit | None:
        row = await self._store.one("fits.get", id=fit_id)
        return read_fit(row) if row else None

    async def open_fits(self) -> list[Fit]:
        """Return what is still to be made, of all posts."""
        return [read_fit(row) for row in await self._store.all("fits.open")]

    async def kept_fits(self) -> set[int]:
        """Return the fitted files that an upload may still send."""
        return {row["fit_id"] for row in await self._store.all("fits.kept")}

    # Before anything is sent.

    async def preflight(self, tx: Tx, post_id: int) -> None:
        """Look which targets do not take the video as it is, by what is known of it by now."""
        post = await self._post(tx, post_id)
        if post.state in POST_FINAL:
            return
        for upload in await self._uploads(tx, post_id):
            if await self._is_undecided(tx, upload):
                await self._settle_fit(tx, post, upload)

    async def _is_undecided(self, tx: Tx, upload: Upload) -> bool:
        """Return whether an upload has sent nothing yet, and no file for it is being made."""
        if upload.state is not UploadState.WAITING or upload.intent_at is not None:
            return False
        session = Session.from_dict(upload.session)
        if session.step is not Step.BEGIN or session.stage:
            return False
        if upload.fit_id is None:
            return True
        row = await tx.one("fits.get", id=upload.fit_id)
        return row is None or FitState(row["state"]) is FitState.WANTED

    async def settle_fit(
        self, upload: Upload, facts: MediaFacts, limits: MediaLimits
    ) -> tuple[Taken, Judgement]:
        """The file that came is not taken: want another one, ask, or tell that nothing helps.

        ``facts`` are those that the attempt knows; those of the probe count where they are saved.
        What was begun with the file that came is given up: nothing of it was committed.
        """
        async with self._store.transaction() as tx:
            post = await self._post(tx, upload.post_id)
            fresh = await self._fresh(tx, upload)
            known = post if is_probed(post.facts) else replace(post, facts=facts)
            judgement = await self._judge(tx, known, fresh, limits)
            moved = await self._carry_out(tx, known, fresh, judgement)
            waits = moved.reason in {WaitReason.FIT, WaitReason.PERSON}
            return Taken(upload=moved, waits=waits), judgement

    async def take_fit(self, upload: Upload) -> Taken:
        """Return what an attempt sends; it waits when that is not there yet."""
        async with self._store.transaction() as tx:
            fresh = await self._fresh(tx, upload)
            row = await tx.one("fits.get", id=fresh.fit_id) if fresh.fit_id else None
            fit = read_fit(row) if row else None
            if fit is not None and fit.state is FitState.READY:
                return Taken(upload=fresh, fit=fit)
            if fit is not None and fit.state in FIT_OPEN:
                moved = await self._await_fit(tx, fresh, fit)
                return Taken(upload=moved, waits=True)
            return await self._without_fit(tx, fresh)

    async def _without_fit(self, tx: Tx, upload: Upload) -> Taken:
        """Nothing is made for it (any more): judge anew where that was meant to be."""
        if upload.fit_id is None and not waits_for_fit(upload):
            return Taken(upload=upload)
        post = await self._post(tx, upload.post_id)
        bare = await self._move(tx, upload, upload.state, fit_id=None, **_kept(upload))
        moved = await self._settle_fit(tx, post, bare)
        # What was moved has a task of its own, or waits for the probe or a person.
        return Taken(upload=moved, waits=moved is not bare or waits_for_fit(moved))

    async def _settle_fit(self, tx: Tx, post: Post, upload: Upload) -> Upload:
        touched = is_asked(upload) or waits_for_fit(upload)
        if not touched and not blocks(self.judge.look(post.facts, upload)):
            return upload
        judgement = await self._judge(tx, post, upload, None)
        verdict = judgement.verdict
        if verdict is Verdict.GO:
            return await self._go_on(tx, post, upload, fit=None) if touched else upload
        if verdict is Verdict.REFUSE and not touched:
            # Told by its own attempt, as everything that a target refuses.
            return upload
        if verdict is Verdict.LATER and not touched:
            return upload
        if verdict is Verdict.REFUSE:
            return await self._refuse(tx, upload, judgement)
        return await self._carry_out(tx, post, upload, judgement)

    async def _judge(
        self, tx: Tx, post: Post, upload: Upload, limits: MediaLimits | None
    ) -> Judgement:
        row = await tx.one("accounts.get", id=upload.account_id)
        defaults = read_account(row).defaults if row else {}
        mode = self.judge.mode(post.wish, defaults)
        limits = limits or self.judge.limits(upload.platform)
        return self.judge.judge(post.facts, limits, mode, upload.fit)

    async def _carry_out(self, tx: Tx, post: Post, upload: Upload, judgement: Judgement) -> Upload:
        match judgement.verdict:
            case Verdict.FIT if judgement.plan.recipe is not None:
                return await self._want(tx, post, upload, judgement, judgement.plan.recipe)
            case Verdict.ASK:
                return await self._ask_fit(tx, upload, judgement)
            case Verdict.LATER:
                told = judgement.told(chosen=bool(upload.fit.get("chosen")))
                held = await self._hold_for_fit(tx, upload, fit_id=None, fit=told)
                await self._drop_unwanted(tx, post.id)
                return held
            case _:
                return upload

    async def _want(
        self, tx: Tx, post: Post, upload: Upload, judgement: Judgement, recipe: Recipe
    ) -> Upload:
        """Want a file of this recipe; equal recipes of a post share one."""
        row = await tx.one("fits.want", post_id=post.id, recipe=recipe.key, now=self._seconds())
        if row is None:
            raise AssertionError("an upsert returns its row")
        fit = read_fit(row)
        if upload.fit_id == fit.id and waits_for_fit(upload) and fit.state in FIT_OPEN:
            return upload
        told = judgement.told(chosen=bool(upload.fit.get("chosen")))
        moved = await self._hold_for_fit(tx, upload, fit_id=fit.id, fit=told, event="fit_wanted")
        await self._drop_unwanted(tx, post.id)
        if fit.state is FitState.READY:
            return await self._go_on(tx, post, moved, fit=fit)
        if fit.state is FitState.WANTED:
            await self._submit_fits(tx, post)
        return moved

    async def _hold_for_fit(
        self, tx: Tx, upload: Upload, *, fit_id: int | None, fit: dict[str, Any], event: str = ""
    ) -> Upload:
        if waits_for_fit(upload) and upload.fit_id == fit_id and upload.fit == fit:
            return upload
        taken = await self._silence(tx, upload)
        return await self._move(
            tx,
            taken,
            UploadState.WAITING,
            event=event,
            reason=WaitReason.FIT,
            until_at=None,
            error_code="",
            fit_id=fit_id,
            fit=fit,
            **FRESH,
        )

    async def _await_fit(self, tx: Tx, upload: Upload, fit: Fit) -> Upload:
        """An attempt came before its file."""
        if waits_for_fit(upload):
            return upload
        return await self._move(
            tx,
            upload,
            UploadState.WAITING,
            reason=WaitReason.FIT,
            until_at=None,
            fit_id=fit.id,
            error_code="",
            **FRESH,
        )

    async def _ask_fit(self, tx: Tx, upload: Upload, judgement: Judgement) -> Upload:
        told = judgement.told(chosen=False)
        if is_asked(upload) and upload.fit == told:
            return upload
        event = "" if is_asked(upload) else "fit_asked"
        taken = await self._silence(tx, upload)
        moved = await self._move(
            tx,
            taken,
            UploadState.WAITING,
            event=event,
            reason=WaitReason.PERSON,
            until_at=None,
            error_code=ASKED,
            fit_id=None,
            fit=told,
            **FRESH,
        )
        await self._drop_unwanted(tx, upload.post_id)
        return moved

    async def _refuse(self, tx: Tx, upload: Upload, judgement: Judgement) -> Upload:
        found = judgement.reason
        return await self._move(
            tx,
            upload,
            UploadState.FAILED,
            error_kind=ErrorKind.REJECTED.value,
            error_code=f"fit.{found.key}",
            error_text=dump(found.facts),
        )

    async def _silence(self, tx: Tx, upload: Upload) -> Upload:
        """Take an upload from an attempt that may be on its way, and give its units back."""
        await tx.run(
            "posts.end_attempt",
            upload_id=upload.id,
            fence=upload.fence,
            outcome="waiting",
            now=self._seconds(),
            error_kind="",
            error_text="",
            bytes_sent=upload.bytes_sent,
        )
        row = await tx.one("fits.take_upload", id=upload.id)
        if row is None:
            raise LostFenceError(f"upload {upload.id} is gone")
        if await self.quotas.release(tx, upload.id):
            await self._wake_for_quota(tx, upload_place(upload), but=upload.id)
        return replace(upload, fence=row["fence"])

    async def _go_on(self, tx: Tx, post: Post, upload: Upload, *, fit: Fit | None) -> Upload:
        """It has what it sends: its turn, or its time, comes."""
        later = upload.not_before
        if later is not None and later <= self._clock.now():
            later = None
        opened = post.state in OPENED
        reason = WaitReason.TIME if later else WaitReason.TURN if opened else WaitReason.MEDIA
        told = {**upload.fit, "made": _made(fit)} if fit is not None else _kept(upload)["fit"]
        moved = await self._move(
            tx,
            upload,
            UploadState.WAITING,
            reason=reason,
            until_at=later,
            error_code="",
            fit=told,
            fit_id=fit.id if fit else None,
            size_bytes=fit.size_bytes if fit else post.facts.size_bytes,
            **FRESH,
        )
        await self._drop_unwanted(tx, post.id)
        return await self._resubmit(tx, moved) if opened else moved

    # What a person says.

    async def choose_fit(self, upload_id: int, word: str) -> Upload:
        """Carry out what a person chose for one target: ``fix``, a way to fix it, or ``out``.

        Where both the length and the shape are wrong, a way is only noted, until ``fix``.

        Raises:
            RefusedError: ``fit_decided``: nobody asks any more; ``old_button``: it is no choice.
        """
        if word == "out":
            await self._leave_out(upload_id)
            return await self.require_upload(upload_id)
        async with self._store.transaction() as tx:
            upload = await self._asked(tx, upload_id)
            return await self._choose(tx, upload, word)

    async def choose_all(self, post_id: int) -> int:
        """Fix every target of a post that is asked about; returns how many.

        Raises:
            RefusedError: ``fit_decided``: nobody asks any more.
        """
        async with self._store.transaction() as tx:
            asked = [one for one in await self._uploads(tx, post_id) if is_asked(one)]
            if not asked:
                raise RefusedError("fit_decided", post_id=post_id)
            for upload in asked:
                _ = await self._choose(tx, await self._upload(tx, upload.id), "fix")
        return len(asked)

    async def _asked(self, tx: Tx, upload_id: int) -> Upload:
        upload = await self._upload(tx, upload_id)
        if not is_asked(upload):
            raise RefusedError("fit_decided", post_id=upload.post_id)
        return upload

    async def _leave_out(self, upload_id: int) -> None:
        async with self._store.transaction() as tx:
            upload = await self._asked(tx, upload_id)
            _ = await self._move(tx, upload, UploadState.CANCELLED, event="fit_left_out")

    async def _choose(self, tx: Tx, upload: Upload, word: str) -> Upload:
        offers = set(upload.fit.get("offers", ()))
        if word != "fix" and word not in offers:
            raise RefusedError("old_button")
        choices = dict(upload.fit.get("choices", {}))
        if word != "fix":
            choices["length" if word in LENGTHS else "shape"] = word
        both = bool(offers & set(LENGTHS)) and bool(offers & set(SHAPES))
        goes = word == "fix" or not both
        fit = {**upload.fit, "choices": choices, "chosen": goes}
        if not goes:
            return await self._move(
                tx,
                upload,
                upload.state,
                fit=fit,
                reason=upload.reason,
            )
        await self._event(tx, upload.post_id, upload.id, "fit_chosen", choice=word)
        post = await self._post(tx, upload.post_id)
        return await self._settle_fit(tx, post, replace(upload, fit=fit))

    # The task that makes them.

    async def _submit_fits(self, tx: Tx, post: Post, run_at: datetime | None = None) -> None:
        """Give what is wanted of a post one new task; an older one finds nothing to do."""
        row = await tx.one("fits.next_generation", post_id=post.id)
        if row is None:
            raise AssertionError("an aggregate always has a row")
        generation = int(row["generation"])
        if await tx.run("fits.hand_over", post_id=post.id, generation=generation):
            task = fit_task(post, generation, run_at=run_at)
            _ = await self._engine.submit(task, tx)

    # What follows from other changes.

    async def _fit_left(self, tx: Tx, upload: Upload) -> None:
        """An upload ended: what only it wanted is not made any more."""
        if upload.fit_id is not None:
            await self._drop_unwanted(tx, upload.post_id)

    async def _drop_unwanted(self, tx: Tx, post_id: int) -> None:
        await tx.run("fits.drop_unwanted", post_id=post_id, now=self._seconds())

    async def _source_is_whole(self, tx: Tx, post_id: int) -> None:
        """All of the video is on the disk: what is wanted of it is made now."""
        if await tx.all("fits.of_post", post_id=post_id):
            await self._submit_fits(tx, await self._post(tx, post_id))

    async def _void_fits(self, tx: Tx, post_id: int) -> None:
        """The source changed: files made of what it was before are not sent any more."""
        post = await self._post(tx, post_id)
        for upload in await self._uploads(tx, post_id):
            if upload.state is not UploadState.WAITING or upload.intent_at is not None:
                continue
            if upload.fit_id is None and not waits_for_fit(upload):
                continue
            kept = await self._move(tx, upload, upload.state, fit_id=None, **_kept(upload))
            _ = await self._go_on(tx, post, kept, fit=None)
        await tx.run("fits.void", post_id=post_id, now=self._seconds())


def _kept(upload: Upload) -> dict[str, Any]:
    """Return changes that keep what a person chose, and how the upload waits."""
    names = ("choices", "chosen") if upload.fit.get("chosen") else ()
    fit = {name: upload.fit[name] for name in names if name in upload.fit}
    return {"fit": fit, "reason": upload.reason, "until_at": upload.until_at}


def _made(fit: Fit) -> dict[str, Any]:
    """Return what programs and people are told of a fitted file."""
    return {
        "recipe": fit.recipe.to_dict(),
        "seconds": fit.seconds,
        "bytes": fit.size_bytes,
        "sha256": fit.sha256,
    }
