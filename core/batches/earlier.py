"""What was published before: which targets of an entry are still missing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from core.accounts.rotation import Target
from core.batches.wording import Words
from core.posts.models import Upload, UploadState
from core.posts.repository import Posts
from core.store.base import Store

ENDED_BADLY = frozenset({UploadState.FAILED, UploadState.CANCELLED})

Key = tuple[str, int]


def identity_of(path: str, words: Words, targets: Sequence[str]) -> str:
    """Return what tells an entry from others: its place, its words, where it goes."""
    value = [
        path,
        words.text.title,
        words.text.description,
        sorted(words.text.tags),
        words.privacy.value if words.privacy else "",
        sorted(one.casefold() for one in targets),
    ]
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What is left to do for one entry."""

    targets: tuple[Target, ...]
    """Where it was never sent."""
    again: tuple[Upload, ...]
    """What failed or was cancelled, to be tried again."""
    there: tuple[Upload, ...]
    """What is live or under way since earlier."""
    known: bool
    """This very entry was published before, and not only the same video."""

    @property
    def is_done(self) -> bool:
        return not self.targets and not self.again


class Earlier:
    """Looks things up in the ledger and in earlier batches."""

    def __init__(self, store: Store, posts: Posts) -> None:
        self._store = store
        self._posts = posts

    async def live_sizes(self) -> frozenset[int]:
        """Return the sizes of everything that is live: only such a file can be there already."""
        rows = await self._store.all("batches.live_sizes")
        return frozenset(row["size_bytes"] for row in rows)

    async def missing(
        self, identity: str, fingerprints: Sequence[str], targets: Sequence[Target]
    ) -> Missing:
        """Return what is left of an entry.

        Args:
            identity: see `identity_of`.
            fingerprints: of the file as it is now; none when it is gone.
            targets: where it shall be.
        """
        before = await self._before(identity, fingerprints)
        there = {_of_upload(one): one for one in before if one.state not in ENDED_BADLY}
        ended = {_of_upload(one): one for one in before if one.state in ENDED_BADLY}
        left: list[Target] = []
        again: list[Upload] = []
        owners = await self._owners(fingerprints)
        kept: list[Upload] = []
        for target in targets:
            key = _of_target(target)
            if (upload := there.get(key)) is not None:
                kept.append(upload)
            elif target.account.id in owners:
                kept.append(await self._posts.require_upload(owners[target.account.id]))
            elif key in ended:
                again.append(ended[key])
            else:
                left.append(target)
        return Missing(
            targets=tuple(left), again=tuple(again), there=tuple(kept), known=bool(there)
        )

    async def _before(self, identity: str, fingerprints: Sequence[str]) -> list[Upload]:
        """Return the uploads of the same entry in earlier batches, of the same content."""
        found = []
        for row in await self._store.all("batches.earlier", identity=identity):
            upload = await self._posts.upload(row["upload_id"])
            if upload is None:
                continue
            post = await self._posts.require(upload.post_id)
            content = f"sha256:{post.sha256}"
            if not fingerprints or post.fingerprint in fingerprints or content in fingerprints:
                found.append(upload)
        return found

    async def _owners(self, fingerprints: Sequence[str]) -> dict[int, int]:
        """Return by account which upload has, or had last, this very file."""
        found: dict[int, int] = {}
        for fingerprint in fingerprints:
            for row in await self._store.all("batches.owners", fingerprint=fingerprint):
                found.setdefault(row["account_id"], row["upload_id"])
        return found


def _of_target(target: Target) -> Key:
    if target.group_id is not None:
        return f"group {target.group_id} {target.account.platform}", 0
    return "account", target.account.id


def _of_upload(upload: Upload) -> Key:
    if upload.group_id is not None:
        return f"group {upload.group_id} {upload.platform}", 0
    return "account", upload.account_id
