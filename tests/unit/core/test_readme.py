from __future__ import annotations

from pathlib import Path

import pytest

from core.platforms.base import CommitBy
from core.platforms.registry import platform_names, require_platform
from core.studio.layouts import LAYOUTS
from tests.layout_pictures import FOLDER, MOST_BYTES

README = (Path(__file__).parents[3] / "README.md").read_text()


def row(title: str) -> list[str]:
    """Return the cells of a platform's row in the table of platforms."""
    for line in README.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[0].startswith(title):
            return cells
    raise AssertionError(f"no row for {title}")


@pytest.mark.parametrize("name", platform_names())
def test_the_table_of_platforms_says_what_the_capabilities_say(name: str) -> None:
    capabilities = require_platform(name).capabilities
    _, _, step, lost, privacy = row(capabilities.title)
    told = {word.split()[0] for word in privacy.split(", ")}
    assert told == {choice.value for choice in capabilities.privacy}
    assert (step == "the last bytes") == (capabilities.commit is CommitBy.LAST_BYTES)
    assert lost.startswith("asked") == capabilities.askable


def test_every_layout_is_shown_in_a_small_picture() -> None:
    for name in LAYOUTS:
        assert f"![{name}](tests/data/layouts/{name}.jpg)" in README
        assert (FOLDER / f"{name}.jpg").stat().st_size <= MOST_BYTES
