"""The seam of the store: named statements inside transactions, the same for every database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

Row = Mapping[str, Any]


class Tx(Protocol):
    """One transaction; every statement is named ``subject.statement`` in ``queries/``.

    A statement that fails ends the transaction: nothing more can be run in it and leaving the
    block raises, as on PostgreSQL. Where a conflict is expected, write ``ON CONFLICT``.
    Keep the block short: nobody else writes meanwhile.
    """

    async def all(self, name: str, /, **params: Any) -> list[Row]:
        """Run the statement and return its rows."""
        ...

    async def one(self, name: str, /, **params: Any) -> Row | None:
        """Run the statement and return its first row."""
        ...

    async def run(self, name: str, /, **params: Any) -> int:
        """Run the statement and return how many rows it changed."""
        ...

    async def many(self, name: str, /, rows: Sequence[Row]) -> int:
        """Run the statement once per row of parameters; return how many rows it changed in all."""
        ...

    async def each(self, name: str, /, rows: Sequence[Row]) -> list[list[Row]]:
        """Run the statement once per row of parameters in one go; return the rows of each."""
        ...

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call it once the transaction is on disk; not at all when it rolls back."""
        ...


class Store(Protocol):
    """A database with our schema."""

    def transaction(self) -> AbstractAsyncContextManager[Tx]:
        """Open a writing transaction; leaving the block commits durably, an exception rolls back.

        When the block is left without an exception, the data is on disk.
        """
        ...

    async def all(self, name: str, /, **params: Any) -> list[Row]:
        """Read committed rows outside of a transaction."""
        ...

    async def one(self, name: str, /, **params: Any) -> Row | None:
        """Read the first committed row."""
        ...

    async def close(self) -> None: ...
