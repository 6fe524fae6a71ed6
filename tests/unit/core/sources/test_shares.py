from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints
from urllib.parse import SplitResult

import pytest

from core.errors import SettingsError, SourceError
from core.sources.shares import registry
from core.sources.shares.registry import direct_address, known_shares

DRIVE = "https://drive.usercontent.google.com/download?id=1AbC_d-EfGhIj&export=download&confirm=t"


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("https://drive.google.com/file/d/1AbC_d-EfGhIj/view?usp=sharing", DRIVE),
        ("https://drive.google.com/file/d/1AbC_d-EfGhIj", DRIVE),
        ("https://drive.google.com/a/corp.example/file/d/1AbC_d-EfGhIj/preview", DRIVE),
        ("https://drive.google.com/file/u/0/d/1AbC_d-EfGhIj/edit", DRIVE),
        ("https://drive.google.com/open?id=1AbC_d-EfGhIj", DRIVE),
        ("https://drive.google.com/uc?export=download&id=1AbC_d-EfGhIj", DRIVE),
        (
            "https://drive.google.com/file/d/1AbC_d-EfGhIj/view?resourcekey=0-x",
            f"{DRIVE}&resourcekey=0-x",
        ),
        (
            "https://www.dropbox.com/s/abc/clip.mp4?dl=0",
            "https://www.dropbox.com/s/abc/clip.mp4?dl=1",
        ),
        (
            "https://www.dropbox.com/scl/fi/abc/clip.mp4?rlkey=k%3D&raw=1#x",
            "https://www.dropbox.com/scl/fi/abc/clip.mp4?rlkey=k%3D&dl=1",
        ),
    ],
)
def test_share_pages_lead_to_their_file(page: str, address: str) -> None:
    assert direct_address(page) == address


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/file/d/1AbC_d-EfGhIj/view",
        "https://drive.google.com.example.org/file/d/1AbC_d-EfGhIj",
        "https://drive.google.com/drive/my-drive",
        "https://www.dropbox.com/home",
        "https://docs.google.com/document/d/1AbC_d-EfGhIj/edit",
    ],
)
def test_other_links_stay_as_they_are(url: str) -> None:
    assert direct_address(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://drive.google.com/drive/folders/1AbC",
        "https://drive.google.com/drive/u/0/folders/1AbC",
        "https://www.dropbox.com/sh/abc/def?dl=0",
        "https://www.dropbox.com/scl/fo/abc/h?rlkey=1",
    ],
)
def test_folders_are_told_apart(url: str) -> None:
    with pytest.raises(SourceError, match="link_folder"):
        direct_address(url)


def elsewhere(page: SplitResult) -> str | None:
    return f"https://files.example{page.path}" if page.hostname == "share.example" else None


def broken(page: SplitResult) -> str | None:
    raise ValueError(page.path)


def test_third_parties_add_theirs_and_cannot_break_the_others() -> None:
    shares = (broken, elsewhere)

    assert direct_address("https://share.example/v", shares) == "https://files.example/v"
    assert direct_address("https://other.example/v", shares) is None


@pytest.mark.parametrize(("value", "is_good"), [("elsewhere", True), ("DRIVE", False)])
def test_entry_points_are_loaded_once(
    monkeypatch: pytest.MonkeyPatch, value: str, *, is_good: bool
) -> None:
    entry = EntryPoint(name="mine", value=f"{__name__}:{value}", group=registry.GROUP)
    monkeypatch.setattr(EntryPoint, "load", lambda _: globals()[value])
    monkeypatch.setattr(registry, "entry_points", lambda group: EntryPoints([entry]))
    known_shares.cache_clear()
    try:
        if is_good:
            assert known_shares()[-1] is elsewhere
            return
        with pytest.raises(SettingsError, match="mine"):
            known_shares()
    finally:
        known_shares.cache_clear()
