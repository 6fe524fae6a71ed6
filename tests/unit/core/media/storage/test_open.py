from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from core.media.storage.cloudinary import CloudinaryStorage
from core.media.storage.folder import FolderStorage
from core.media.storage.open import Tools, configured_place, name_of, open_storage
from core.media.storage.s3 import PARTS_MAX, S3Storage, part_size
from core.settings import MIB, StorageSettings, fixed_settings
from core.studio.errors import StudioError
from tests.clocks import ManualClock
from tests.factories import NoTransport

SECRET = "verysecretvalue"


def place(url: str, **changes: str) -> StorageSettings:
    values = {"key_id": "key", "secret": SecretStr(SECRET), **changes}
    return StorageSettings.model_validate({"url": url, **values})


@pytest.fixture
def tools() -> Tools:
    return Tools(transport=NoTransport(), clock=ManualClock())


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("file:///srv/media", FolderStorage),
        ("s3://bucket/media", S3Storage),
        ("s3://bucket", S3Storage),
        ("cloudinary://cloud", CloudinaryStorage),
        ("cloudinary://cloud/media", CloudinaryStorage),
    ],
)
async def test_the_scheme_says_which_storage(url: str, kind: type, tools: Tools) -> None:
    opened = open_storage(place(url), tools)

    assert isinstance(opened, kind)
    assert opened.name == url
    await opened.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "media",
        "/srv/media",
        "file://",
        "file:///",
        "file://host/srv",
        "file:///srv/../etc",
        "ftp://host/media",
        "s3://",
        "s3://b",
        "s3://bu cket",
        f"s3://key:{SECRET}@bucket",
        f"cloudinary://key:{SECRET}@cloud",
        "s3://bucket/a//b",
        "s3://bucket/../other",
        "s3://bucket/ü",
        "s3://bucket?x=1",
        "cloudinary://cl.oud",
        "http://[::1",
    ],
)
def test_bad_addresses_are_refused_without_their_secrets(url: str, tools: Tools) -> None:
    with pytest.raises(StudioError, match="storage_url") as caught:
        open_storage(place(url), tools)
    assert not caught.value.retry
    assert SECRET not in repr(caught.value.facts)


def test_cloudinary_needs_keys(tools: Tools) -> None:
    with pytest.raises(StudioError, match="storage_keys"):
        open_storage(StorageSettings(url="cloudinary://cloud"), tools)


def test_two_servers_have_two_names() -> None:
    one = name_of(place("s3://bucket/media/", endpoint="http://127.0.0.1:9000/"))
    two = name_of(place("s3://bucket/media", endpoint="minio.example"))

    assert one == "s3://bucket/media?endpoint=http://127.0.0.1:9000"
    assert two == "s3://bucket/media?endpoint=https://minio.example"
    assert name_of(place("s3://bucket/media")) == "s3://bucket/media"


@pytest.mark.parametrize("endpoint", ["ftp://x", "http://", f"http://key:{SECRET}@host"])
def test_bad_endpoints_are_refused(endpoint: str) -> None:
    with pytest.raises(StudioError, match="storage_url") as caught:
        name_of(place("s3://bucket", endpoint=endpoint))
    assert SECRET not in repr(caught.value.facts)


def test_without_a_setting_media_lies_in_the_data_folder(tmp_path: Path) -> None:
    settings = fixed_settings({"data_dir": tmp_path})
    assert configured_place(settings).url == (tmp_path / "media").as_uri()


def test_names_of_folders_may_be_odd(tmp_path: Path) -> None:
    folder = tmp_path / "Ünïcode and spaces"
    assert name_of(place(folder.as_uri())) == folder.as_uri()


@pytest.mark.parametrize(
    ("size", "wanted"),
    [(1, 5 * MIB), (60 * MIB, 16 * MIB), (200_000 * MIB, 16 * MIB), (10**14, 1)],
)
def test_parts_are_as_wanted_unless_there_were_too_many(size: int, wanted: int) -> None:
    part = part_size(size, wanted)

    assert -(-size // part) <= PARTS_MAX
    assert part == wanted or size > wanted * PARTS_MAX
