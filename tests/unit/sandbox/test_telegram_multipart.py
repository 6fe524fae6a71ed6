from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.sandbox.telegram.multipart import MultipartError, MultipartParser, PartHead, Sink

BOUNDARY = "frontier"


def build(parts: list[tuple[str, bytes]]) -> bytes:
    pieces = [
        b"--frontier\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + body
        for head, body in parts
    ]
    return b"\r\n".join([*pieces, b"--frontier--\r\n"])


def take_apart(body: bytes, size: int) -> list[tuple[PartHead, bytes]]:
    found: list[tuple[PartHead, bytearray]] = []

    def begin(head: PartHead) -> Sink:
        found.append((head, bytearray()))
        return found[-1][1].extend

    parser = MultipartParser(BOUNDARY, begin)
    for start in range(0, len(body), size):
        parser.feed(body[start : start + size])
    parser.close()
    return [(head, bytes(data)) for head, data in found]


@given(
    first=st.binary(max_size=200),
    second=st.binary(max_size=200),
    size=st.integers(min_value=1, max_value=300),
)
def test_any_split_gives_the_same_parts(first: bytes, second: bytes, size: int) -> None:
    if b"\r\n--frontier" in first + b"\r\n" + second:
        return
    body = build([('name="a"', first), ('name="f"; filename="v.mp4"', second)])
    found = take_apart(body, size)
    assert [(head.name, head.filename, data) for head, data in found] == [
        ("a", None, first),
        ("f", "v.mp4", second),
    ]


def test_names_are_decoded() -> None:
    ((head, _),) = take_apart(build([('name="f"; filename="caf%C3%A9.mp4"', b"x")]), 10)
    assert head.filename == "café.mp4"


def test_a_form_that_ends_early_is_refused() -> None:
    with pytest.raises(MultipartError, match="middle"):
        take_apart(build([('name="a"', b"xyz")])[:-6], 7)


@pytest.mark.parametrize(
    "body",
    [
        b"--frontierX\r\n\r\n",
        b"--frontier\r\nContent-Disposition: form-data\r\n\r\nx\r\n--frontier--",
        b"--frontier\r\n" + b"a" * 20_000,
    ],
)
def test_malformed_forms_are_refused(body: bytes) -> None:
    with pytest.raises(MultipartError):
        take_apart(body, 1000)
