"""What can be wrong with a database, each with its remedy.

::

    StoreError                 a statement or a connection failed
    ├── StoreClosedError       the store was closed before
    ├── StoreLockedError       another program holds the database
    ├── StoreFullError         the disk is full
    ├── StoreReadOnlyError     the database or its folder cannot be written
    ├── StoreCorruptError      the file is damaged, or not a database of ours
    ├── StoreNewerError        a newer version of the program wrote it
    ├── StoreChangedError      a migration is not the one that was applied
    └── ConstraintError        the rows would contradict the schema
"""

from __future__ import annotations

from core.errors import KarvonError


class StoreError(KarvonError):
    """A statement or a connection failed; the text ends with what to do about it."""

    remedy = "Look at the log for the cause."

    def __init__(self, message: str, *, remedy: str = "") -> None:
        self.remedy = remedy or type(self).remedy
        super().__init__(f"{message} {self.remedy}")


class StoreClosedError(StoreError):
    """The store was closed before."""

    remedy = "Open it again."


class StoreLockedError(StoreError):
    """Another program holds the database."""

    remedy = "Close the other program that has the database open; it is tried again by itself."


class StoreFullError(StoreError):
    """The disk is full."""

    remedy = "Free some disk space; work goes on by itself."


class StoreReadOnlyError(StoreError):
    """The database or its folder cannot be written."""

    remedy = "Give this user the right to write to the file and its folder."


class StoreCorruptError(StoreError):
    """The file is damaged, or it is no database of this program."""

    remedy = "Restore a backup with `karvon restore`."


class StoreNewerError(StoreError):
    """A newer version of the program wrote the database."""

    remedy = "Install that version again, or restore a backup made by this one."


class StoreChangedError(StoreError):
    """A migration is not the one that was applied to this database."""

    remedy = "Install the program again, unchanged."


class ConstraintError(StoreError):
    """The rows would contradict the schema."""

    remedy = "This is a mistake in the program; please report it."
