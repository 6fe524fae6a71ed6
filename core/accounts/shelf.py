"""Where accounts are kept: reading them, and opening and sealing what they hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from core.accounts.leases import Leases
from core.accounts.patience import Patience
from core.accounts.sealed import Holding, context_of, open_holding, seal_holding
from core.accounts.vault import Vault
from core.errors import ErrorKind, RefusedError, RemoteError
from core.ports import LostAnswerError, NotSentError, Transport
from core.posts.models import Account
from core.posts.notices import Notices
from core.posts.records import read_account
from core.store.base import Row, Store
from utils.clock import Clock
from utils.http import Request, Response

if TYPE_CHECKING:
    from core.posts.repository import Posts


class Shelf:
    """Reads accounts; what else an `AccountBook` does stands on it.

    ``common`` are options by platform that all its accounts have unless they have their own.
    News of an account whose chat is not known go to ``admins``. With ``posts`` whoever waits for
    news is woken, and uploads of an account that leaves end at once instead of at their next run.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        transport: Transport,
        clock: Clock,
        endpoints: Mapping[str, str],
        common: Mapping[str, Mapping[str, str]] | None = None,
        *,
        admins: Collection[int] = (),
        posts: Posts | None = None,
    ) -> None:
        self._common = common or {}
        self._store = store
        self._vault = vault
        self._transport = transport
        self._clock = clock
        self._endpoints = endpoints
        self._admins = tuple(admins)
        self._posts = posts
        self._notices: Notices = posts or Notices(store, clock)
        self._patience = Patience(clock)
        self.leases = Leases(store, clock)

    async def all(self) -> list[Account]:
        return [read_account(row) for row in await self._store.all("accounts.all")]

    async def get(self, account_id: int) -> Account | None:
        row = await self._store.one("accounts.get", id=account_id)
        return read_account(row) if row else None

    async def find(self, word: str) -> Account | None:
        """Return the account with that id, name, or ``platform:name``.

        Raises:
            RefusedError: ``account_ambiguous``, when several have that name.
        """
        accounts = await self.all()
        wanted = word.strip()
        if wanted.isdecimal():
            return next((each for each in accounts if each.id == int(wanted)), None)
        named = [each for each in accounts if wanted.casefold() in _names(each)]
        if len(named) > 1:
            places = ", ".join(f"{each.platform}:{each.name} ({each.id})" for each in named)
            raise RefusedError("account_ambiguous", given=wanted, places=places)
        return named[0] if named else None

    async def _require(self, account_id: int) -> Row:
        row = await self._store.one("accounts.get", id=account_id)
        if row is None or row["state"] == "removed":
            raise RemoteError(
                kind=ErrorKind.REJECTED, message="the account is no longer connected"
            )
        return row

    async def _known(self, account_id: int) -> Row:
        """Return the row of what a person names.

        Raises:
            RefusedError: ``account_unknown``.
        """
        row = await self._store.one("accounts.get", id=account_id)
        if row is None or row["state"] == "removed":
            raise RefusedError("account_unknown", given=account_id)
        return row

    def _open(self, row: Row) -> Holding:
        return open_holding(self._vault, row)

    def _seal(self, row: Row, holding: Holding) -> str:
        return seal_holding(self._vault, context_of(row), holding)

    def _options(self, row: Row, holding: Holding) -> dict[str, Any]:
        return {**self._common.get(row["platform"], {}), **holding.options}

    async def _ask(self, request: Request, silent: str) -> Response:
        """Send a call that may be repeated; ``silent`` says who did not answer."""
        try:
            return await self._transport.send(request)
        except (NotSentError, LostAnswerError) as error:
            raise RemoteError(kind=ErrorKind.TRANSIENT, message=silent) from error


def _names(account: Account) -> tuple[str, str]:
    name = account.name.casefold()
    return name, f"{account.platform}:{name}"
