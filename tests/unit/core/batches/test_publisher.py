from __future__ import annotations

import json
from typing import Any

import pytest

from core.batches.publisher import (
    from_wish,
    is_publisher,
    read_privacy,
    read_publisher,
)
from core.posts.models import Privacy, Wish
from tests.batch_kit import make_clips, make_config

EXAMPLE: dict[str, Any] = {
    "platforms": ["tiktok", "youtube"],
    "metadata": {
        "title_template": "Best of {video_id} #{clip_id}",
        "description_template": "Score {score}",
        "privacy": "public",
        "tags": ["gaming"],
    },
    "upload_options": {"auto_retry": True, "max_retries": 3, "chunk_size": 10485760},
}


def test_the_shape_that_other_programs_write() -> None:
    config = read_publisher(make_config(**EXAMPLE))
    publisher = config.publisher
    assert not config.found
    assert publisher.platforms == ["tiktok", "youtube"]
    assert publisher.metadata.title_template == "Best of {video_id} #{clip_id}"
    assert publisher.upload_options.wishes() == {"max_retries": "3", "part_bytes": "10485760"}


def test_everything_may_be_missing() -> None:
    config = read_publisher(b"{}")
    assert not config.found
    assert config.publisher.upload_options.wishes() == {}


def test_no_retry_is_said_without_a_number() -> None:
    config = read_publisher(make_config(upload_options={"auto_retry": False, "max_retries": 5}))
    assert config.publisher.upload_options.wishes() == {"max_retries": "0"}


def test_other_keys_are_kept_for_templates() -> None:
    config = read_publisher(make_config(campaign="spring", metadata={"host": "Ann"}))
    assert config.publisher.extras() == {"campaign": "spring", "host": "Ann"}


def test_a_document_cannot_bring_options_of_captions() -> None:
    config = read_publisher(make_config(options={"together": "yes"}))
    assert config.publisher.options == {}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"platforms": "tiktok"}, "platforms"),
        ({"platforms": [7]}, "platforms.0"),
        ({"metadata": {"privacy": "secret"}}, "metadata.privacy"),
        ({"metadata": {"tags": "a"}}, "metadata.tags"),
        ({"metadata": []}, "metadata"),
        ({"upload_options": {"max_retries": -1}}, "upload_options.max_retries"),
        ({"upload_options": {"max_retries": 9999}}, "upload_options.max_retries"),
        ({"upload_options": {"auto_retry": "yes"}}, "upload_options.auto_retry"),
        ({"upload_options": {"chunk_size": 0}}, "upload_options.chunk_size"),
    ],
)
def test_bad_values_are_told_with_field_and_line(values: dict[str, Any], field: str) -> None:
    data = make_config(campaign="x", **values)
    (finding,) = read_publisher(data).found
    assert (finding.key, finding.field) == ("bad_value", field)
    line = data.decode().splitlines()[(finding.line or 0) - 1]
    assert field.split(".")[-1 if not field.endswith("0") else 0] in line


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"{", "bad_config"),
        (b"[1]", "bad_config"),
        (b'{"a": 1} x', "bad_config"),
        (b"", "file_empty"),
        (b"\xff\xff", "encoding"),
        (b'{"a": ' + b"[" * 100_000, "bad_config"),
    ],
)
def test_what_is_no_configuration(data: bytes, key: str) -> None:
    assert [one.key for one in read_publisher(data).found] == [key]


def test_a_configuration_is_told_from_a_list() -> None:
    assert is_publisher(make_config(**EXAMPLE))
    assert not is_publisher(make_clips())
    assert not is_publisher(json.dumps({"clips": [], "platforms": []}).encode())
    assert not is_publisher(b"{broken")
    assert not is_publisher(b"\xff")


@pytest.mark.parametrize(
    ("word", "privacy"),
    [
        ("public", Privacy.PUBLIC),
        ("Private", Privacy.PRIVATE),
        ("PUBLIC_TO_EVERYONE", Privacy.PUBLIC),
        ("SELF_ONLY", Privacy.PRIVATE),
        ("secret", None),
    ],
)
def test_words_for_privacy(word: str, privacy: Privacy | None) -> None:
    assert read_privacy(word) is privacy


def test_the_lines_of_a_caption_are_a_configuration() -> None:
    wish = Wish(
        prompt="Score {score}",
        title="Best of {video_id}",
        targets=("youtube",),
        tags=("sea",),
        privacy=Privacy.PRIVATE,
        options={"kids": "no"},
    )
    publisher = from_wish(wish).publisher
    assert publisher.platforms == ["youtube"]
    assert publisher.metadata.title_template == "Best of {video_id}"
    assert publisher.metadata.description_template == "Score {score}"
    assert publisher.metadata.privacy == "private"
    assert publisher.options == {"kids": "no"}
