from __future__ import annotations

import json
from typing import Any

import pytest

from core.batches.entries import Entry, read_clip
from core.batches.findings import Finding
from core.batches.listing import (
    MOST_BYTES,
    Kind,
    UnreadableError,
    kind_of,
    read_listing,
)
from tests.batch_kit import make_clip, make_clips


def entries(data: bytes, kind: Kind) -> list[Entry]:
    return list(read_listing(data, kind).entries())


def found(data: bytes, kind: Kind = Kind.CLIPS) -> list[Finding]:
    return read_listing(data, kind).found


def broken(data: bytes, kind: Kind = Kind.CLIPS) -> Finding:
    with pytest.raises(UnreadableError) as caught:
        read_listing(data, kind)
    return caught.value.finding


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("clips_metadata.json", Kind.CLIPS),
        ("A.CSV", Kind.TABLE),
        ("a.tsv", Kind.TABLE),
        ("a.jsonl", Kind.LINES),
        ("a.ndjson", Kind.LINES),
        ("a.mp4", None),
        ("json", None),
    ],
)
def test_the_name_tells_the_kind(name: str, kind: Kind | None) -> None:
    assert kind_of(name) is kind


def test_clips_have_their_number_line_and_the_keys_of_the_file() -> None:
    data = make_clips(make_clip(0, score=1.5), make_clip(1, mood="calm"), campaign="spring")
    first, second = entries(data, Kind.CLIPS)
    lines = data.decode().splitlines()
    assert (first.number, second.number) == (1, 2)
    assert '"clip_id": 1' in lines[second.line_of("clip_id") - 1]
    assert '"path"' in lines[second.line_of("path") - 1]
    assert first.values["video_id"] == "abc"
    assert first.values["score"] == 1.5
    assert second.values["mood"] == "calm"
    assert second.values["campaign"] == "spring"


def test_what_stands_behind_the_clips_counts_for_them_too() -> None:
    data = json.dumps({"clips": [make_clip()], "video_id": "late"}).encode()
    listing = read_listing(data, Kind.CLIPS)
    assert [entry.values["video_id"] for entry in listing.entries()] == ["late"]


def test_a_list_alone_is_taken_as_the_clips() -> None:
    assert len(entries(json.dumps([make_clip(0), make_clip(1)]).encode(), Kind.CLIPS)) == 2


def test_one_broken_entry_does_not_hide_the_others() -> None:
    data = b'{"clips": [\n{"path": "a"},\n7,\n{"path": "b"}\n]}'
    listing = read_listing(data, Kind.CLIPS)
    assert [entry.number for entry in listing.entries()] == [1, 3]
    (finding,) = listing.found
    assert (finding.key, finding.entry, finding.line) == ("entry_no_object", 2, 3)
    assert listing.count == 3


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ('{"clips": [{"path": "a"},]}', "bad_json", 1),
        ('{"clips": [\n{"path": "a"}\n{"path": "b"}]}', "bad_json", 3),
        ('{"clips": [{"path": NaN}]}', "bad_json", 1),
        ('{"clips": [{"score": ' + "9" * 5000 + "}]}", "bad_json", 1),
        ('{"clips": [' + "[" * 100_000, "bad_json", 1),
        ('{"clips": [{"a": ' + "[" * 100_000, "bad_json", 1),
        ('{"clips": []} more', "bad_json", 1),
        ("{'clips': []}", "bad_json", 1),
        ('{"clips": {}}', "clips_no_list", 1),
        ('{"video_id": "a"}', "no_clips", 1),
        ('{"clips": []}', "no_entries", None),
        ("7", "bad_json", 1),
    ],
)
def test_a_broken_document_is_told_with_its_line(text: str, key: str, line: int | None) -> None:
    finding = found(text.encode())[-1]
    assert (finding.key, finding.line) == (key, line)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "file_empty"),
        (b" \n\t", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\xff\xfe\xff", "encoding"),
        (b'{"video_id":\n"caf\xe9"}', "encoding"),
        (b" " * (MOST_BYTES + 1), "file_large"),
    ],
    ids=["empty", "blank", "mark", "half", "latin", "large"],
)
def test_what_is_no_text_is_refused(data: bytes, key: str) -> None:
    assert broken(data).key == key


def test_the_line_of_the_wrong_byte_is_told() -> None:
    assert broken(b'{"video_id":\n"caf\xe9"}').line == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_tell_the_encoding(encoding: str) -> None:
    text = json.dumps({"video_id": "Zürich", "clips": [make_clip()]}, ensure_ascii=False)
    (entry,) = entries(text.encode(encoding), Kind.CLIPS)
    assert entry.values["video_id"] == "Zürich"


@pytest.mark.parametrize(
    "text",
    [
        "path,title,score\nclips/a.mp4,Hello,1.5\n",
        "path;title;score\nclips/a.mp4;Hello;1.5\n",
        "path\ttitle\tscore\nclips/a.mp4\tHello\t1.5\n",
        "path|title|score\nclips/a.mp4|Hello|1.5\n",
        '"path","title","score"\r\n"clips/a.mp4","Hello","1.5"\r\n',
        "\n\nPath , TITLE,Score\nclips/a.mp4,Hello,1.5",
    ],
    ids=["comma", "semicolon", "tab", "bar", "quoted", "capitals"],
)
def test_tables_are_read_however_they_are_written(text: str) -> None:
    (entry,) = entries(text.encode(), Kind.TABLE)
    clip, problems = read_clip(entry)
    assert not problems
    assert clip is not None
    assert (clip.path, clip.title, clip.score) == ("clips/a.mp4", "Hello", 1.5)


def test_cells_may_hold_lines_quotes_and_delimiters_and_rows_know_their_line() -> None:
    text = 'path,title\na.mp4,"Two\nlines, and ""quotes"""\nb.mp4,Next\n\nc.mp4,Last\n'
    first, second, third = entries(text.encode(), Kind.TABLE)
    assert first.values["title"] == 'Two\nlines, and "quotes"'
    assert (first.line, second.line, third.line) == (2, 4, 6)


def test_a_table_with_one_column_and_empty_cells() -> None:
    assert [e.values for e in entries(b"path\na.mp4\n\nb.mp4\n", Kind.TABLE)] == [
        {"path": "a.mp4"},
        {"path": "b.mp4"},
    ]
    (entry,) = entries(b"path,duration,mood\na.mp4,,\n", Kind.TABLE)
    assert entry.values == {"path": "a.mp4"}


def test_own_columns_are_kept_as_they_are_called() -> None:
    (entry,) = entries(b"path,Guest Name,mood\na.mp4,Ann,calm\n", Kind.TABLE)
    assert entry.values["Guest Name"] == "Ann"
    assert entry.values["mood"] == "calm"


def test_formulas_are_only_text() -> None:
    text = "path,title\na.mp4,\"=cmd|' /C calc'!A0\"\nb.mp4,+1+1\nc.mp4,@SUM(A1)\n"
    titles = [entry.values["title"] for entry in entries(text.encode(), Kind.TABLE)]
    assert titles == ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)"]


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("path,path\na,b\n", "column_twice", 1),
        ("title,score\na,1\n", "no_path_column", 1),
        ("path,title\na.mp4,x,y,z\n", "row_long", 2),
        ('path,title\na.mp4,"open\nb.mp4,x\n', "bad_table", 2),
        ("path,title\na.mp4," + "x" * 200_000 + "\n", "bad_table", 2),
    ],
    ids=["twice", "nowhere", "long", "quote", "huge"],
)
def test_broken_tables_are_told_with_their_line(text: str, key: str, line: int) -> None:
    told = [(one.key, one.line) for one in found(text.encode(), Kind.TABLE)]
    assert (key, line) in told


def test_json_lines_are_read_one_by_one() -> None:
    rows = [json.dumps({"video_id": "v", **make_clip(n)}) for n in range(3)]
    text = "\n".join([rows[0], "", "{broken", rows[1], "[]", '{"path": "x"} y', rows[2]])
    listing = read_listing(text.encode(), Kind.LINES)
    assert [entry.line for entry in listing.entries()] == [1, 4, 7]
    assert [(one.key, one.entry, one.line) for one in listing.found] == [
        ("bad_json", 2, 3),
        ("entry_no_object", 4, 5),
        ("bad_json", 5, 6),
    ]


def test_signs_that_only_unicode_breaks_lines_at_do_not_count() -> None:
    text = json.dumps({"path": "a", "title": "x\u2028y\x85z"}, ensure_ascii=False)
    assert [e.line for e in entries(f"{text}\n{text}".encode(), Kind.LINES)] == [1, 2]


def test_a_listing_is_read_again_at_each_walk() -> None:
    listing = read_listing(make_clips(make_clip(0), make_clip(1)), Kind.CLIPS)
    assert [e.number for e in listing.entries()] == [e.number for e in listing.entries()]


def test_names_are_those_of_all_entries() -> None:
    listing = read_listing(make_clips(make_clip(0), make_clip(1, mood="calm")), Kind.CLIPS)
    assert {"mood", "video_id", "clip_id"} <= listing.names


def test_more_entries_than_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.batches.listing.MOST_ENTRIES", 2)
    listing = read_listing(make_clips(*map(make_clip, range(4))), Kind.CLIPS)
    assert [one.key for one in listing.found] == ["entries_many"]
    assert len(list(listing.entries())) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"duration": -1}, "duration"),
        ({"duration": "long"}, "duration"),
        ({"score": [1]}, "score"),
        ({"path": {"a": 1}}, "path"),
        ({"tags": {"a": 1}}, "tags"),
        ({"priority": "high"}, "priority"),
    ],
)
def test_a_bad_value_is_told_with_its_field(changes: dict[str, Any], field: str) -> None:
    (entry,) = entries(make_clips(make_clip(**changes)), Kind.CLIPS)
    clip, problems = read_clip(entry)
    assert clip is None
    assert [(one.key, one.field, one.entry) for one in problems] == [("bad_value", field, 1)]
    assert problems[0].line == entry.line_of(field)


def test_everything_but_the_path_may_be_missing() -> None:
    (entry,) = entries(
        b'{"clips": [{"path": "a.mp4", "duration": null, "score": ""}]}', Kind.CLIPS
    )
    clip, problems = read_clip(entry)
    assert not problems
    assert clip is not None
    assert (clip.duration, clip.score, clip.tags) == (None, None, [])


def test_lists_of_words_in_a_cell() -> None:
    (entry,) = entries(b"path,tags,platforms\na.mp4,fun; sea,youtube\n", Kind.TABLE)
    clip, _ = read_clip(entry)
    assert clip is not None
    assert (clip.tags, clip.platforms) == (["fun", "sea"], ["youtube"])
