"""The storages that files lie in, by name, and which of them new files go to."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack

from pydantic import SecretStr

from core.accounts.vault import Vault, VaultError
from core.media.storage.base import Storage
from core.media.storage.open import Tools, name_of, open_storage
from core.posts.records import dump
from core.settings import StorageSettings
from core.store.base import Row, Store
from core.studio.errors import StudioError
from utils.clock import Clock

FIELD = "secret"
"""What the sealed secret of a storage is bound to, besides its name."""


class Places:
    """Opens storages when they are needed; an async context manager that closes them.

    How a storage is reached is remembered, so that files are found also after the settings name
    another one.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        vault: Vault,
        tools: Tools,
        configured: StorageSettings,
    ) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._tools = tools
        self._configured = configured
        self._storages: dict[str, Storage] = {}
        self._places: dict[str, StorageSettings] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Places:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def configured(self) -> str:
        """Return the name of the storage that the settings name."""
        return name_of(self._configured)

    async def current(self) -> Storage:
        """Return where new files go: what the settings name, or what it was moved to.

        Raises:
            StudioError: the settings name nothing that can be opened.
        """
        name = await self.current_name()
        if name == self.configured:
            return await self.add(self._configured)
        return await self.require(name)

    async def current_name(self) -> str:
        row = await self._store.one("shelves.storage", name=self.configured)
        return str(row["moves_to"]) if row and row["moves_to"] else self.configured

    async def require(self, name: str) -> Storage:
        """Return a storage that was used before.

        Raises:
            StudioError: ``storage_unknown`` when nobody remembers how it is reached.
        """
        if name not in self._storages:
            self._keep(await self._recall(name))
        return self._storages[name]

    async def add(self, place: StorageSettings) -> Storage:
        """Open a storage and remember how it is reached.

        Raises:
            StudioError: ``storage_url``, ``storage_keys``.
        """
        name = name_of(place)
        if self._places.get(name) == place:
            return self._storages[name]
        opened = open_storage(place, self._tools)
        secret = place.secret.get_secret_value()
        sealed = self._vault.seal(secret, context=context_of(name), field=FIELD) if secret else ""
        async with self._store.transaction() as tx:
            await tx.run(
                "shelves.remember",
                name=name,
                place=_told(place),
                secret=sealed,
                now=self._clock.now().timestamp(),
            )
        # Somebody may still read through the one of before: it is closed at the end.
        self._stack.push_async_callback(opened.close)
        self._storages[name], self._places[name] = opened, place
        return opened

    async def find(self, url: str, endpoint: str = "") -> StorageSettings | None:
        """Return a place of this address that was used before, or that the settings name."""
        wanted = StorageSettings(url=url, endpoint=endpoint)
        name = name_of(wanted)
        rows = await self._store.all("shelves.storages")
        for place in [self._configured, *(self._read(row) for row in reversed(rows))]:
            bare = place if endpoint else place.model_copy(update={"endpoint": ""})
            if name_of(bare) == name:
                return place
        return None

    async def settle(self) -> None:
        """Forget where other settings than these let new files go."""
        async with self._store.transaction() as tx:
            await tx.run("shelves.forget_redirects", name=self.configured)

    async def redirect(self, target: str) -> None:
        """Let new files go to another storage, whatever the settings name."""
        moves_to = "" if target == self.configured else target
        async with self._store.transaction() as tx:
            # What the settings name may never have been opened: its keys are missing.
            await tx.run(
                "shelves.redirect",
                name=self.configured,
                place=_told(self._configured),
                moves_to=moves_to,
                now=self._clock.now().timestamp(),
            )

    def _keep(self, place: StorageSettings) -> None:
        name = name_of(place)
        opened = open_storage(place, self._tools)
        self._stack.push_async_callback(opened.close)
        self._storages[name], self._places[name] = opened, place

    async def _recall(self, name: str) -> StorageSettings:
        if name == self.configured:
            return self._configured
        row = await self._store.one("shelves.storage", name=name)
        if row is None:
            raise StudioError("storage_unknown", {"storage": name})
        return self._read(row)

    def _read(self, row: Row) -> StorageSettings:
        name, sealed = row["name"], row["secret"]
        try:
            secret = (
                self._vault.open(sealed, context=context_of(name), field=FIELD) if sealed else ""
            )
        except VaultError as error:
            raise StudioError("storage_sealed", {"storage": name}) from error
        place = StorageSettings(**json.loads(row["place"]))
        return place.model_copy(update={"secret": SecretStr(secret)})


def _told(place: StorageSettings) -> str:
    return dump(place.model_dump(mode="json", exclude={"secret"}))


def context_of(name: str) -> str:
    """Return what binds a sealed secret to its storage."""
    return f"storage:{name}"
