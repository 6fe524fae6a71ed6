from __future__ import annotations

import pytest

from utils.http import Request, Response, Span, content_range, redact, redact_url

SECRETS = {
    "a bot's token": "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "a bot's token in a path": "bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe",
    "a TikTok token": "act.abcdef0123456789!4321.va",
    "a TikTok refresh token": "rft.abcdef0123456789!4321.va",
    "a Google token": "ya29.a0AfH6SMBx-abc_def",
    "a Google refresh token": "1//0gabcdefghijklm-opq",
    "a Graph token": "EAABsbCS1iHgBAKZC0ZD",
    "an Instagram token": "IGAAabcdefghij0123",
    "a longer Instagram token": "IGQVJabcdefghij0123",
    "a signed address": "https://cdn.example/v.mp4?X-Amz-Signature=0123456789abcdef&x=1",
    "a shared address": "https://files.example/v.mp4?sig=0123456789abcdef&x=1",
    "a password in an address": "https://anna:pass0rd@files.example/v.mp4",
    "a header in small letters": "authorization: bearer abcdefghijklmnop",
    "a Groq key": "gsk_abcdefghijklmnop",
    "a token in a query": "access_token=plain-token&fields=id",
    "an upload's address": "upload_id=ABPtcPpzzzz&x=1",
    "a header": "Authorization: Bearer abcdefghijklmnop",
    "a header of the upload host": "Authorization: OAuth abcdefghijklmnop",
}
VALUES = {
    "a token in a query": "plain-token",
    "an upload's address": "ABPtcPpzzzz",
    "a header": "abcdefghijklmnop",
    "a header of the upload host": "abcdefghijklmnop",
    "a signed address": "0123456789abcdef",
    "a shared address": "0123456789abcdef",
    "a password in an address": "pass0rd",
    "a header in small letters": "abcdefghijklmnop",
    "a bot's token in a path": "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
}


@pytest.mark.parametrize("name", SECRETS)
def test_credentials_are_taken_out_of_texts(name: str) -> None:
    cleaned = redact(f"it failed: {SECRETS[name]} again")
    assert VALUES.get(name, SECRETS[name]) not in cleaned
    assert "***" in cleaned
    assert cleaned.startswith("it failed: ")


@pytest.mark.parametrize(
    "text",
    [
        "post 123456: accepted at 12:30:45",
        "https://www.youtube.com/watch?v=ywQ2x-hoPWE",
        "sha256 625a979860fb4379286747b57f97d54165c6c3c66ee153c71b9a7950d6bd81c1",
        "a bearer of news",
        "http://host:8080/a@b?page_token=CAUQAA",
        "EAA is no token",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert redact(text) == text


def test_addresses_are_shown_without_query_and_fragment() -> None:
    url = "https://host:8443/v26.0/1/videos?access_token=secret#part"
    assert redact_url(url) == "https://host:8443/v26.0/1/videos"


def test_a_request_shows_neither_headers_nor_body() -> None:
    request = Request(
        method="POST",
        url="https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe?a=b",
        headers={"authorization": "Bearer secret"},
        form={"token": "secret"},
    )
    assert repr(request) == "<Request POST https://api.telegram.org/bot***/getMe>"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'"text"', b"\xff", b"null"])
def test_an_answer_that_is_no_object_reads_as_an_empty_one(body: bytes) -> None:
    assert Response(status=502, body=body).json() == {}


def test_an_answer_shows_its_size_only() -> None:
    assert repr(Response(status=200, body=b'{"access_token": "x"}')) == "<Response 200 21 bytes>"


@pytest.mark.parametrize(
    ("start", "end", "total", "header"),
    [(0, 1, 1, "bytes 0-0/1"), (5, 10, 20, "bytes 5-9/20"), (10, 20, 20, "bytes 10-19/20")],
)
def test_spans_are_half_open_and_the_header_is_not(
    start: int, end: int, total: int, header: str
) -> None:
    span = Span(start=start, end=end)
    assert content_range(span, total) == header
    assert span.size == end - start
