from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import build_parser
from bot.commands.account_change import change
from core.errors import KarvonError, RefusedError
from tests.acceptance.system import open_world, whole
from tests.terminal import restored_log


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    with restored_log():
        yield


def parse(*words: str) -> Namespace:
    return build_parser().parse_args(["account", *words])


async def test_an_account_is_changed_while_karvon_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with whole(tmp_path) as system:
        settings, book = system.parts.settings, system.parts.book
        name = (await book.all())[0].name
        assert await change(settings, parse("pause", name)) == 0
        assert (await book.all())[0].state == "paused"
        with pytest.raises(KarvonError, match="cannot be paused"):
            await change(settings, parse("pause", "1"))
        assert await change(settings, parse("resume", "1")) == 0
        assert await change(settings, parse("rename", "1", "My channel")) == 0
        assert (await book.all())[0].name == "My channel"
        with pytest.raises(KarvonError, match="I know no account"):
            await change(settings, parse("rename", "nobody", "x"))
        assert await change(settings, parse("disconnect", "1", "--yes")) == 0
        assert 1 not in [account.id for account in await book.all()]
    said = capsys.readouterr().out
    assert f"{name} (" in said
    assert "My channel" in said
    assert "disconnected: " in said
    assert "comes back at the next start" in said


async def test_an_account_is_changed_when_none_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        assert await change(settings, parse("pause", "1")) == 0
        with pytest.raises(RefusedError, match="account_not_pausable"):
            await change(settings, parse("pause", "1"))
    assert capsys.readouterr().out.endswith(": paused\n")


async def test_a_disconnection_without_a_terminal_wants_a_yes(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        settings = world.settings(tmp_path / "data")
        with pytest.raises(KarvonError, match="--yes"):
            await change(settings, parse("disconnect", "1"))
        with pytest.raises(RefusedError, match="account_unknown"):
            await change(settings, parse("disconnect", "99"))
