from __future__ import annotations

import pytest

from core.diagnostics.clean import LONGEST, shown_error

BIDI = "\u202e"


@pytest.mark.parametrize(
    "secret",
    [
        "ya29.a0AfB_byC-secret",
        "act.example12345Example",
        "123456789:AAEhBP0av28fhhC0Bq1tN5fQ0z3kY7Tq8Wc",
        "EAAGm0PX4ZCpsBAKZC",
    ],
)
def test_credentials_are_taken_out(secret: str) -> None:
    told = shown_error(f"401 for token {secret} at https://x/?access_token={secret}")
    assert secret not in told
    assert "401" in told


def test_hostile_text_becomes_one_short_line_that_can_be_written() -> None:
    told = shown_error(f"a\nb\x00c\x1b[31m{BIDI}\ud800" + "x" * 5000)
    assert len(told) == LONGEST
    assert told.isprintable()
    assert told.encode("utf-8")


def test_a_short_line_stays_as_it_is() -> None:
    assert shown_error("the file is too <b>long</b>") == "the file is too <b>long</b>"
