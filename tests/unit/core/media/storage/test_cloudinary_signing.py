from __future__ import annotations

from typing import Literal

import pytest
from cloudinary.utils import api_sign_request  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from core.media.storage.cloudinary_signing import resource_of, sign

EAGER = {
    "eager": "w_400,h_300,c_pad|w_260,h_200,c_crop",
    "public_id": "sample",
    "timestamp": "1315060510",
}


# Source: services.md 1.1, test vectors.
@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("sha1", "7e775a49f317e77d8f0af0fb11891b6e6edf21c0"),
        ("sha256", "7b36c75000ac5fd7bb429580ca06caba2242edbb362f78b27d5ac11cda1a3f4b"),
    ],
)
def test_signature_of_the_documents(algorithm: Literal["sha1", "sha256"], expected: str) -> None:
    assert sign(EAGER, "abcd", algorithm=algorithm) == expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (1, "02dbb12b0ef882fdded53a5aeb2e3492c2c9e6a1"),
        (2, "368b340cc521b1cd87742f387e69160439f8abe1"),
    ],
)
def test_both_versions(version: Literal[1, 2], expected: str) -> None:
    assert sign({"public_id": "a&b", "timestamp": "1"}, "abcd", version=version) == expected


def test_what_is_not_signed_changes_nothing() -> None:
    more = {**EAGER, "api_key": "1", "signature": "x", "resource_type": "video", "tags": ""}
    assert sign(more, "abcd") == sign(EAGER, "abcd")


WORDS = st.text("abc&=%|,_ üЖ", max_size=8)


@given(
    params=st.dictionaries(st.sampled_from(["public_id", "folder", "tags", "context"]), WORDS),
    version=st.sampled_from([1, 2]),
    algorithm=st.sampled_from(["sha1", "sha256"]),
)
def test_the_official_client_signs_the_same(
    params: dict[str, str], version: Literal[1, 2], algorithm: Literal["sha1", "sha256"]
) -> None:
    ours = sign(params, "abcd", version=version, algorithm=algorithm)
    assert ours == api_sign_request(params, "abcd", algorithm, version)


@pytest.mark.parametrize(
    ("key", "kind", "public_id", "path"),
    [
        ("ab/c.mp4", "video", "f/ab/c", "video/upload/v1/f/ab/c.mp4"),
        ("ab/c.MP3", "video", "f/ab/c", "video/upload/v1/f/ab/c.MP3"),
        ("ab/c.png", "image", "f/ab/c", "image/upload/v1/f/ab/c.png"),
        ("ab/c.srt", "raw", "f/ab/c.srt", "raw/upload/v1/f/ab/c.srt"),
        ("ab/c", "raw", "f/ab/c", "raw/upload/v1/f/ab/c"),
        ("video/upload/v17/x/ab/c.mov", "video", "x/ab/c", "video/upload/v17/x/ab/c.mov"),
        ("raw/upload/v17/x/ab/c.srt", "raw", "x/ab/c.srt", "raw/upload/v17/x/ab/c.srt"),
    ],
)
def test_keys_name_resources(key: str, kind: str, public_id: str, path: str) -> None:
    found = resource_of(key, "f")
    assert (found.kind, found.public_id, found.path) == (kind, public_id, path)
