"""Named statements, read once from ``queries/<subject>.sql``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

QUERIES = Path(__file__).parent / "queries"

_HEADER = re.compile(r"^--\s*name:\s*(\S+)\s*$")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_QUOTED = re.compile(r"'(?:[^']|'')*'|--[^\n]*")
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
_RETURNING = re.compile(r"^\s*(SELECT|WITH|VALUES)\b|\bRETURNING\b", re.IGNORECASE)


class StatementError(Exception):
    """A file of statements is wrong, or a call of one is: a mistake in the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One named SQL statement."""

    name: str
    """``subject.statement``."""
    sql: str
    parameters: frozenset[str]
    returns_rows: bool

    def check(self, given: Set[str]) -> None:
        """Raise unless exactly the parameters of the statement are given."""
        if given != self.parameters:
            message = f"{self.name} takes {sorted(self.parameters)}, not {sorted(given)}"
            raise StatementError(message)


def load_statements(folder: Path = QUERIES) -> Mapping[str, Statement]:
    """Read all statements; each is introduced by a line ``-- name: statement``.

    Raises:
        StatementError: a header is bad, a name is used twice, or a statement is empty.
    """
    found: dict[str, Statement] = {}
    for path in sorted(folder.glob("*.sql")):
        for statement in _read(path):
            if statement.name in found:
                raise StatementError(f"{path.name}: {statement.name} is there twice")
            found[statement.name] = statement
    return found


def _read(path: Path) -> Iterator[Statement]:
    name = ""
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if header := _HEADER.match(line):
            if name:
                yield _statement(path, name, lines)
            name, lines = header.group(1), []
        else:
            lines.append(line)
    if name:
        yield _statement(path, name, lines)


def _statement(path: Path, name: str, lines: list[str]) -> Statement:
    if not _NAME.fullmatch(name):
        raise StatementError(f"{path.name}: {name!r} is no name of a statement")
    bare = _QUOTED.sub(" ", "\n".join(lines)).strip()
    if not bare.strip(";"):
        raise StatementError(f"{path.name}: {name} is empty")
    if ";" in bare.rstrip(";"):
        raise StatementError(f"{path.name}: {name} is more than one statement")
    return Statement(
        name=f"{path.stem}.{name}",
        sql="\n".join(lines).strip().rstrip(";"),
        parameters=frozenset(_PARAMETER.findall(bare)),
        returns_rows=_RETURNING.search(bare) is not None,
    )
