"""The files that list clips: ``clips_metadata.json``, tables and JSON lines, read as a stream."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.batches.cursor import Cursor, JsonError, read_object
from core.batches.entries import KNOWN, Entry
from core.batches.findings import Finding, Severity, short

MOST_BYTES = 64 * 1024 * 1024
MOST_ENTRIES = 100_000
SNIFFED = 4096
DELIMITERS = ",;\t|"
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""Byte order marks, the longer ones first."""


class Kind(StrEnum):
    """What a file is."""

    CLIPS = "clips"
    TABLE = "table"
    LINES = "lines"


ENDINGS = {
    ".json": Kind.CLIPS,
    ".csv": Kind.TABLE,
    ".tsv": Kind.TABLE,
    ".jsonl": Kind.LINES,
    ".ndjson": Kind.LINES,
}

Item = Entry | Finding


def kind_of(name: str) -> Kind | None:
    """Return what a file is by its name; None for no batch."""
    lower = name.casefold()
    return next((kind for ending, kind in ENDINGS.items() if lower.endswith(ending)), None)


class UnreadableError(Exception):
    """Nothing of a file can be read; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.key)
        self.finding = finding


def decode(data: bytes) -> str:
    """Return the text of a file.

    Raises:
        UnreadableError: it is too large, empty or in no known encoding.
    """
    if len(data) > MOST_BYTES:
        raise _unreadable("file_large", size_bytes=len(data), limit_bytes=MOST_BYTES)
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable("encoding", line=line, position=error.start) from error
    if not text or text.isspace():
        raise _unreadable("file_empty")
    return text


def _unreadable(key: str, line: int | None = None, **facts: Any) -> UnreadableError:
    return UnreadableError(Finding(severity=Severity.BLOCK, key=key, line=line, facts=facts))


@dataclass(slots=True, kw_only=True)
class Listing:
    """A file whose entries are read again at each walk; only its text is held."""

    kind: Kind
    text: str
    header: dict[str, Any] = field(default_factory=dict)
    """What stands beside the clips, such as ``video_id``."""
    names: set[str] = field(default_factory=set)
    """Every key that some entry has."""
    count: int = 0
    found: list[Finding] = field(default_factory=list)
    """What cannot be read."""

    def entries(self) -> Iterator[Entry]:
        """Yield the entries in order."""
        for item in _READERS[self.kind](self):
            if isinstance(item, Entry):
                if item.number > MOST_ENTRIES:
                    return
                yield item


def read_listing(data: bytes, kind: Kind) -> Listing:
    """Look through a file once: its header, its keys, how many entries, what cannot be read.

    Raises:
        UnreadableError: nothing of it can be read.
    """
    listing = Listing(kind=kind, text=decode(data))
    for item in _READERS[kind](listing):
        if isinstance(item, Finding):
            listing.found.append(item)
            listing.count += item.entry is not None
            continue
        listing.count += 1
        listing.names.update(item.values)
    if listing.count > MOST_ENTRIES:
        facts = {"count": listing.count, "limit": MOST_ENTRIES}
        listing.found.append(Finding(severity=Severity.BLOCK, key="entries_many", facts=facts))
    listing.names.update(listing.header)
    if not listing.count and not listing.found:
        listing.found.append(Finding(severity=Severity.BLOCK, key="no_entries"))
    return listing


def _read_clips(listing: Listing) -> Iterator[Item]:
    cursor = Cursor(listing.text)
    try:
        if cursor.peek() == "[":
            yield from _read_items(cursor, listing)
        else:
            yield from _read_document(cursor, listing)
        cursor.end()
    except JsonError as error:
        yield _bad_json(error)


def _read_document(cursor: Cursor, listing: Listing) -> Iterator[Item]:
    has_clips = False
    for key, line in cursor.members():
        if key != "clips":
            listing.header[key] = cursor.value()
        elif cursor.peek() == "[":
            has_clips = True
            yield from _read_items(cursor, listing)
        else:
            has_clips = True
            given = short(cursor.value())
            yield _broken("clips_no_list", line, field="clips", given=given)
    if not has_clips:
        yield _broken("no_clips", 1, field="clips")


def _read_items(cursor: Cursor, listing: Listing) -> Iterator[Item]:
    for number, line in enumerate(cursor.items(), start=1):
        if cursor.peek() == "{":
            yield _entry(number, line, *read_object(cursor), header=listing.header)
        else:
            given = short(cursor.value())
            yield _broken("entry_no_object", line, entry=number, given=given)


def _read_lines(listing: Listing) -> Iterator[Item]:
    number = 0
    for line, text in enumerate(_lines(listing.text), start=1):
        if not text.strip():
            continue
        number += 1
        cursor = Cursor(text, first_line=line)
        try:
            if cursor.peek() != "{":
                yield _broken("entry_no_object", line, entry=number, given=short(cursor.value()))
                continue
            values, lines = read_object(cursor)
            cursor.end()
        except JsonError as error:
            yield _bad_json(error, entry=number)
        else:
            yield _entry(number, line, values, lines, header={})


def _lines(text: str) -> Iterator[str]:
    """Yield lines; only real line ends count, not every sign that Unicode breaks lines at."""
    yield from io.StringIO(text, newline=None)


def _entry(
    number: int,
    line: int,
    values: dict[str, Any],
    lines: dict[str, int],
    *,
    header: Mapping[str, Any],
) -> Entry:
    differing = {key: at for key, at in lines.items() if at != line}
    return Entry(number=number, line=line, values={**header, **values}, lines=differing)


def _read_table(listing: Listing) -> Iterator[Item]:
    rows = csv.reader(io.StringIO(listing.text, newline=""), sniff(listing.text), strict=True)
    names: list[str] = []
    number = 0
    start = 1
    try:
        for row in rows:
            line, start = start, rows.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if not names:
                names = [_name(cell) for cell in row]
                yield from _check_header(names, line)
                continue
            number += 1
            yield _read_row(names, row, number, line)
    except csv.Error as error:
        yield _broken("bad_table", start, entry=number + 1 if names else None, why=str(error))


def sniff(text: str) -> type[csv.Dialect]:
    """Return how a table is written, by its first lines."""
    end = text.rfind("\n", 0, SNIFFED) + 1
    sample = text[: end or SNIFFED]
    try:
        found = csv.Sniffer().sniff(sample, DELIMITERS)
    except csv.Error:
        found = csv.excel
    if found.quotechar not in {'"', "'"} or found.delimiter not in sample.partition("\n")[0]:
        found = csv.excel
    # A quote inside of quotes is doubled; the sniffer tells so only when it saw one.
    found.doublequote = True
    return found


def _name(cell: str) -> str:
    name = cell.strip()
    folded = name.casefold().replace(" ", "_")
    return folded if folded in KNOWN else name


def _check_header(names: list[str], line: int) -> Iterator[Finding]:
    for name in dict.fromkeys(names):
        if name and names.count(name) > 1:
            yield _broken("column_twice", line, field=name, name=short(name))
    if not {"path", "filename"} & set(names):
        yield _broken("no_path_column", line, field="path", names=[short(one) for one in names])


def _read_row(names: list[str], row: list[str], number: int, line: int) -> Item:
    if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
        return _broken("row_long", line, entry=number, cells=len(row), columns=len(names))
    pairs = zip(names, row, strict=False)
    values = {name: cell for name, cell in pairs if name and cell.strip()}
    return Entry(number=number, line=line, values=values)


def _bad_json(error: JsonError, entry: int | None = None) -> Finding:
    facts = {"why": error.why, "column": error.column}
    return Finding(
        severity=Severity.BLOCK, key="bad_json", entry=entry, line=error.line, facts=facts
    )


def _broken(
    key: str, line: int, *, entry: int | None = None, field: str = "", **facts: Any
) -> Finding:
    return Finding(
        severity=Severity.BLOCK, key=key, field=field, entry=entry, line=line, facts=facts
    )


_READERS: dict[Kind, Callable[[Listing], Iterator[Item]]] = {
    Kind.CLIPS: _read_clips,
    Kind.TABLE: _read_table,
    Kind.LINES: _read_lines,
}
