from __future__ import annotations

import base64
import hashlib

import pytest
from multidict import CIMultiDict

from core.errors import SourceError
from core.sources.heads import (
    is_same_content,
    promised_digest,
    range_headers,
    read_duplicates,
    read_head,
    refusal,
    version_of,
)

DIGEST = hashlib.sha256(b"video")
TOLD = base64.b64encode(DIGEST.digest()).decode()


def headers(**values: str) -> CIMultiDict[str]:
    return CIMultiDict({name.replace("_", "-"): value for name, value in values.items()})


@pytest.mark.parametrize(
    "told",
    [
        headers(Repr_Digest=f"sha-256=:{TOLD}:"),
        headers(Repr_Digest=f"md5=:abc=:, sha-256=:{TOLD}:"),
        headers(Digest=f"SHA-256={TOLD}"),
    ],
)
def test_promised_digest_is_part_of_the_version(told: CIMultiDict[str]) -> None:
    assert promised_digest(version_of(told, 5)) == DIGEST.hexdigest()


def test_digest_of_a_part_or_of_another_kind_is_no_promise() -> None:
    assert promised_digest(version_of(headers(Content_Digest=f"sha-256=:{TOLD}:"), 5)) == ""
    assert promised_digest(version_of(headers(Digest="md5=abc"), 5)) == ""


def test_tag_is_asked_for_without_the_digest() -> None:
    told = headers(ETag='"v1"', Repr_Digest=f"sha-256=:{TOLD}:")

    assert range_headers(7, version_of(told, 5)) == {"range": "bytes=7-", "if-range": '"v1"'}


@pytest.mark.parametrize(
    ("found", "version", "is_same", "is_proved"),
    [
        ('"a"', '"a"', True, True),
        ('"a"', '"b"', False, False),
        ('W/"a"', 'W/"a"', True, False),
        ("size:5", "size:5", True, False),
        ("Mon, 01 Jan 2024 00:00:00 GMT", "Mon, 01 Jan 2024 00:00:00 GMT", True, False),
        ('"a" sha-256:00', '"b" sha-256:00', True, True),
        ('"a" sha-256:00', '"a" sha-256:11', False, False),
        ('"a"', '"a" sha-256:00', True, True),
        ("size:5", "size:5 sha-256:00", True, False),
    ],
)
def test_only_strong_tags_and_digests_prove_it_between_servers(
    found: str, version: str, *, is_same: bool, is_proved: bool
) -> None:
    assert is_same_content(found, version, strict=False) is is_same
    assert is_same_content(found, version, strict=True) is is_proved


def test_rest_from_another_server_keeps_the_version_of_the_first() -> None:
    told = headers(ETag='"mine"', Repr_Digest=f"sha-256=:{TOLD}:", Content_Range="bytes 2-4/5")
    version = f'"other" sha-256:{DIGEST.hexdigest()}'
    head = read_head(206, told, 2, version, strict=True)

    assert head is not None
    assert (head.start, head.size, head.version) == (2, 5, version)


def test_rest_from_another_server_without_a_proof_is_not_taken() -> None:
    told = headers(Last_Modified="x", Content_Range="bytes 2-4/5")

    assert read_head(206, told, 2, "x", strict=True) is None
    assert read_head(206, told, 2, "x") is not None


def test_length_beside_chunks_means_nothing() -> None:
    told = headers(Content_Length="5", Transfer_Encoding="chunked")
    head = read_head(200, told, 0, "")

    assert head is not None
    assert head.size is None


@pytest.mark.parametrize(
    ("told", "key"),
    [
        (headers(Content_Type="application/vnd.apple.mpegurl"), "link_playlist"),
        (headers(Content_Type="application/dash+xml"), "link_playlist"),
        (headers(Content_Type="TEXT/HTML; charset=utf-8"), "not_a_file"),
        (headers(Content_Encoding="br"), "source_encoded"),
        (headers(Transfer_Encoding="gzip, chunked"), "source_encoded"),
    ],
)
def test_what_is_no_plain_file_is_refused(told: CIMultiDict[str], key: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_head(200, told, 0, "")

    assert (caught.value.key, caught.value.retry) == (key, False)


@pytest.mark.parametrize(
    ("wait", "seconds"), [("17", 17), ("99999999", 60), ("soon", None), ("-1", None)]
)
def test_waiting_time_is_read_within_bounds(wait: str, seconds: int | None) -> None:
    error = refusal(503, headers(Retry_After=wait))

    assert error.retry
    assert error.facts.get("retry_after") == seconds


def test_duplicates_are_read_the_best_first() -> None:
    told = (
        "<http://c/v>; rel=duplicate, <http://b/v>; rel=duplicate; pri=2; geo=de, "
        '</style.css>; rel="stylesheet", <http://a/v>; pri=1; rel="duplicate"'
    )

    assert read_duplicates(told) == ("http://a/v", "http://b/v", "http://c/v")
    assert read_duplicates("") == ()
    assert read_duplicates("<<<;;;rel=,,<>") == ()
