from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sources.names import (
    LONGEST_BYTES,
    clean_name,
    name_from_disposition,
    name_from_url,
)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="clip.mp4"', "clip.mp4"),
        ("attachment; filename=clip.mp4", "clip.mp4"),
        ("attachment; filename*=UTF-8''%D0%BA%D0%BB%D0%B8%D0%BF.mp4", "клип.mp4"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\temp\\\\clip.mp4"', "clip.mp4"),
        ('attachment; filename="a%20b.mp4"', "a b.mp4"),
        ("attachment; filename*=nonsense''%ff", "ÿ"),
        ("attachment", ""),
        ("", ""),
    ],
)
def test_name_in_the_head_of_an_answer(header: str, name: str) -> None:
    assert name_from_disposition(header) == name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a/v/clip.mp4?sig=1", "clip.mp4"),
        ("https://a/v/my%20clip.mp4", "my clip.mp4"),
        ("https://a/%2e%2e%2fetc", "etc"),
        ("https://a/", "video.mp4"),
        ("https://a/..", "video.mp4"),
        ("https://[bad/", "video.mp4"),
    ],
)
def test_name_in_a_link(url: str, name: str) -> None:
    assert name_from_url(url) == name


def test_long_names_keep_their_ending() -> None:
    name = clean_name("ж" * 500 + ".mp4")

    assert name.endswith("ж.mp4")
    assert len(name.encode()) <= LONGEST_BYTES


@given(st.text(max_size=300))
def test_names_are_harmless(text: str) -> None:
    name = clean_name(text)

    assert len(name.encode()) <= LONGEST_BYTES
    assert not set(name) & set('/\\:*?"<>|\x00\n\r\u202e')
    assert not name.startswith(".")
    assert name == name.strip()


@given(st.text(st.characters(exclude_characters="\r\n"), max_size=120))
def test_no_header_is_too_odd(text: str) -> None:
    for header in (text, f"attachment; filename={text}", f"attachment; filename*={text}"):
        assert clean_name(name_from_disposition(header)) == name_from_disposition(header)


def test_bytes_that_are_no_text_are_read() -> None:
    header = b'attachment; filename="\xffclip.mp4"'.decode("utf-8", "surrogateescape")

    assert name_from_disposition(header).endswith("clip.mp4")
