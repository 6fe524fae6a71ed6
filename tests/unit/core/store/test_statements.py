from __future__ import annotations

from pathlib import Path

import pytest

from core.store.statements import StatementError, load_statements


def write(folder: Path, text: str) -> Path:
    (folder / "posts.sql").write_text(text)
    return folder


def test_a_statement_is_named_after_its_file(tmp_path: Path) -> None:
    found = load_statements(write(tmp_path, "-- About.\n\n-- name: get\nSELECT :id;\n"))
    assert set(found) == {"posts.get"}
    assert found["posts.get"].sql == "SELECT :id"


def test_parameters_are_found_outside_of_text_and_casts(tmp_path: Path) -> None:
    sql = "-- name: x\nSELECT ':no', :yes, a::text -- :neither\nWHERE b = :yes AND c=:other;"
    statement = load_statements(write(tmp_path, sql))["posts.x"]
    assert statement.parameters == {"yes", "other"}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True),
        ("INSERT INTO a VALUES (1) RETURNING id", True),
        ("DELETE FROM a", False),
        ("UPDATE a SET b = 'RETURNING'", False),
        ("INSERT INTO a SELECT 1", False),
    ],
)
def test_it_is_known_which_statements_return_rows(
    tmp_path: Path, sql: str, expected: bool
) -> None:
    statement = load_statements(write(tmp_path, f"-- name: x\n{sql}"))["posts.x"]
    assert statement.returns_rows is expected


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("-- name: x\nSELECT 1;\n-- name: x\nSELECT 2;", "twice"),
        ("-- name: x\n-- nothing\n", "empty"),
        ("-- name: X-Y\nSELECT 1;", "no name"),
        ("-- name: x\nSELECT 1; SELECT 2;", "more than one"),
    ],
)
def test_mistakes_in_a_file_are_named(tmp_path: Path, sql: str, message: str) -> None:
    with pytest.raises(StatementError, match=message):
        load_statements(write(tmp_path, sql))


def test_missing_and_unknown_parameters_are_refused(tmp_path: Path) -> None:
    statement = load_statements(write(tmp_path, "-- name: x\nSELECT :a, :b;"))["posts.x"]
    statement.check({"a", "b"})
    with pytest.raises(StatementError, match=r"posts\.x"):
        statement.check({"a"})
    with pytest.raises(StatementError, match=r"posts\.x"):
        statement.check({"a", "b", "c"})
