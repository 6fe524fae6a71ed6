from __future__ import annotations

import asyncio
import base64
import json
import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.accounts.keyfile import KeyFile
from core.accounts.keys import LOST, Keys
from core.accounts.sealed_values import used_keys
from core.accounts.vault import Vault, VaultError, key_of
from core.errors import KarvonError
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import KEY

OTHER = bytes(range(100, 132))
ADMINS = (7, 8)


class Bench:
    """Accounts with sealed tokens, and the keys they are sealed with."""

    def __init__(self, store: SqliteStore, folder: Path, clock: ManualClock) -> None:
        self.store = store
        self.clock = clock
        self.file = KeyFile(folder, clock)
        self.vault = Vault.of(self.file.read_or_make(()))
        self.keys = Keys(store, self.vault, self.file, clock)

    async def open_again(self) -> None:
        """Go on as after a restart."""
        self.vault = Vault.of(self.file.read_or_make(await used_keys(self.store)))
        self.keys = Keys(self.store, self.vault, self.file, self.clock)

    def fill(self, count: int, vault: Vault | None = None) -> None:
        for number in range(count):
            sealed = (vault or self.vault).seal(f"token{number}", context=f"youtube:UC{number}")
            self.write(
                "INSERT INTO accounts (platform, name, remote_id, tokens, created_at) VALUES "
                "('youtube', ?, ?, ?, 0) ON CONFLICT (platform, remote_id) DO UPDATE "
                "SET tokens = excluded.tokens, state = 'ok', trouble = ''",
                *(f"name{number}", f"UC{number}", sealed),
            )

    def write(self, sql: str, *values: str) -> None:
        """Write as other parts of the program do."""
        with closing(sqlite3.connect(self.store.path)) as raw, raw:
            raw.execute(sql, values)

    async def sealed(self) -> dict[str, str]:
        rows = await self.store.all("keys.account_values")
        return {row["remote_id"]: row["sealed"] for row in rows}

    def overwrite(self, remote_id: str, sealed: str) -> None:
        self.write("UPDATE accounts SET tokens = ? WHERE remote_id = ?", sealed, remote_id)

    async def opened(self) -> dict[str, str]:
        values = await self.sealed()
        return {
            remote_id: self.vault.open(sealed, context=f"youtube:{remote_id}")
            for remote_id, sealed in values.items()
        }

    async def states(self) -> dict[str, str]:
        rows = await self.store.all("keys.account_values")
        return {row["remote_id"]: row["state"] for row in rows}

    async def told(self) -> list[tuple[int, str]]:
        rows = await self.store.all("chat.due_messages", now=1e12, limit=50)
        return [(row["chat_id"], row["sentence"]) for row in rows]


@pytest.fixture
def bench(store: SqliteStore, tmp_path: Path, clock: ManualClock) -> Bench:
    return Bench(store, tmp_path / "data", clock)


def tokens(count: int) -> dict[str, str]:
    return {f"UC{number}": f"token{number}" for number in range(count)}


def written(current: str, **keys: bytes) -> str:
    encoded = {name: base64.b64encode(key).decode() for name, key in keys.items()}
    return json.dumps({"current": current, "keys": encoded})


async def test_a_rotation_seals_everything_anew_and_puts_the_old_key_aside(bench: Bench) -> None:
    bench.fill(45)
    steps: list[tuple[int, int]] = []
    change = await bench.keys.rotate(lambda done, total: steps.append((done, total)))
    assert (change.current, change.is_new, change.resealed) == ("k2", True, 45)
    assert change.retired == ("k1",)
    assert steps == [(20, 45), (40, 45), (45, 45)]
    assert {key_of(value) for value in (await bench.sealed()).values()} == {"k2"}
    await bench.open_again()
    assert await bench.opened() == tokens(45)


async def test_sign_ins_are_sealed_anew_too(bench: Bench, store: SqliteStore) -> None:
    sealed = bench.vault.seal("verifier", context="sign_in:digest", field="sealed")
    bench.write(
        "INSERT INTO sign_ins (state, ticket, login, user_id, chat_id, sealed, created_at, "
        "expires_at) VALUES ('digest', 'ticket', 'google', 1, 1, ?, 0, 1e12)",
        sealed,
    )
    _ = await bench.keys.rotate()
    (row,) = await store.all("keys.sign_in_values")
    assert key_of(row["sealed"]) == "k2"
    opened = bench.vault.open(row["sealed"], context="sign_in:digest", field="sealed")
    assert opened == "verifier"


async def test_a_token_renewed_meanwhile_is_not_overwritten(bench: Bench) -> None:
    bench.fill(3)
    await bench.keys._begin()
    stale = await bench.keys._stale()
    renewed = bench.vault.seal("renewed", context="youtube:UC1")
    bench.overwrite("UC1", renewed)
    assert await bench.keys._reseal(stale, None) == 2
    assert (await bench.opened())["UC1"] == "renewed"


async def test_values_sealed_with_the_older_key_meanwhile_keep_it_alive(bench: Bench) -> None:
    bench.fill(2)
    late = Vault.of(bench.file.read())

    def write_late(done: int, total: int) -> None:
        assert done == total
        values.append(late.seal("late", context="youtube:UC0"))

    values: list[str] = []
    _ = await bench.keys.rotate(write_late)
    bench.overwrite("UC0", values[0])
    assert (await bench.opened())["UC0"] == "late"
    await bench.open_again()
    change = await bench.keys.finish()
    assert change is not None
    assert change.resealed == 1
    assert key_of((await bench.sealed())["UC0"]) == "k2"


async def test_one_rotation_at_a_time(bench: Bench) -> None:
    bench.fill(3)
    outcomes = await asyncio.gather(
        bench.keys.rotate(), bench.keys.rotate(), return_exceptions=True
    )
    assert [str(outcome)[:34] for outcome in outcomes if isinstance(outcome, KarvonError)] == [
        "the keys are being rotated already"
    ]
    assert bench.vault.current == "k2"


async def test_a_rotation_that_was_begun_is_finished_without_another_key(bench: Bench) -> None:
    bench.fill(3)
    _ = bench.file.add(bench.file.read(), ())
    await bench.open_again()
    change = await bench.keys.rotate()
    assert (change.current, change.is_new, change.resealed) == ("k2", False, 3)
    assert change.retired == ("k1",)


async def test_nothing_to_finish_is_nothing_done(bench: Bench) -> None:
    bench.fill(3)
    assert await bench.keys.finish() is None


async def test_a_restored_backup_is_sealed_anew_with_the_key_in_use(bench: Bench) -> None:
    bench.fill(3)
    backup = await bench.sealed()
    _ = await bench.keys.rotate()
    for remote_id, sealed in backup.items():
        bench.overwrite(remote_id, sealed)
    await bench.open_again()
    assert await bench.keys.miss(ADMINS) == {}
    assert await bench.keys.finish() is not None
    assert await bench.opened() == tokens(3)
    assert {key_of(value) for value in (await bench.sealed()).values()} == {"k2"}


async def test_a_changed_value_keeps_its_key_and_is_named(bench: Bench) -> None:
    bench.fill(2)
    damaged = (await bench.sealed())["UC0"][:-4] + "AAAA"
    bench.overwrite("UC0", damaged)
    change = await bench.keys.rotate()
    assert change.unreadable == ("youtube:name0",)
    assert not change.retired
    assert (await bench.keys.report()).damaged == ("youtube:name0",)
    again = await bench.keys.rotate()
    assert (again.is_new, again.current) == (True, "k3")
    assert again.retired == ("k2",)


async def test_the_report_counts_what_each_key_seals(bench: Bench) -> None:
    bench.fill(3)
    _ = await bench.keys.rotate()
    report = await bench.keys.report()
    assert {(key.id, key.state, key.values) for key in report.keys} == {
        ("k1", "retired", 0),
        ("k2", "current", 3),
    }
    assert not report.from_environment


# The environment


async def test_keys_of_the_environment_are_not_made_here(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KARVON_KEYS", written("k1", k1=KEY))
    await bench.open_again()
    with pytest.raises(KarvonError, match='add them as "k2" to "keys", leave "k1" there') as told:
        await bench.keys.rotate()
    assert base64.b64encode(KEY).decode() not in str(told.value)


async def test_with_both_keys_in_the_environment_everything_is_sealed_with_the_new_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KARVON_KEYS", written("k1", k1=KEY))
    await bench.open_again()
    bench.fill(3)
    monkeypatch.setenv("KARVON_KEYS", written("k2", k1=KEY, k2=OTHER))
    await bench.open_again()
    change = await bench.keys.rotate()
    assert (change.resealed, change.removable, change.retired) == (3, ("k1",), ())
    assert (await bench.keys.rotate()).removable == ("k1",)
    monkeypatch.setenv("KARVON_KEYS", written("k2", k2=OTHER))
    await bench.open_again()
    assert await bench.opened() == tokens(3)


# Keys that are lost


@pytest.fixture
async def lost(bench: Bench) -> Callable[[], str]:
    """Lose the keys; what is returned gives the text of the lost file."""
    bench.fill(2)
    text = bench.file.path.read_text()
    bench.file.path.unlink()
    await bench.open_again()
    return lambda: text


async def test_a_lost_key_is_told_once_and_its_accounts_wait(
    bench: Bench, lost: object, caplog: pytest.LogCaptureFixture
) -> None:
    del lost
    with caplog.at_level(logging.ERROR):
        found = await bench.keys.miss(ADMINS)
    assert found == {"k1": ("youtube:name0", "youtube:name1")}
    assert "karvon keys restore" in caplog.text
    assert set((await bench.states()).values()) == {"reconnect"}
    assert await bench.told() == [(7, "key_lost"), (8, "key_lost")]
    _ = await bench.keys.miss(ADMINS)
    assert len(await bench.told()) == 2


async def test_an_account_that_is_connected_again_is_not_missed(
    bench: Bench, lost: object
) -> None:
    del lost
    _ = await bench.keys.miss(ADMINS)
    bench.fill(1)
    assert await bench.keys.miss(ADMINS) == {"k1": ("youtube:name1",)}
    assert bench.vault.current == "k2"
    assert await bench.states() == {"UC0": "ok", "UC1": "reconnect"}


async def test_an_older_file_brings_the_accounts_back(
    bench: Bench, lost: Callable[[], str]
) -> None:
    _ = await bench.keys.miss(ADMINS)
    change = await bench.keys.take_back(lost())
    assert (change.current, change.resealed, change.retired) == ("k2", 2, ("k1",))
    assert set((await bench.states()).values()) == {"ok"}
    assert await bench.opened() == tokens(2)
    assert await bench.keys.miss(ADMINS) == {}


async def test_the_file_put_back_by_hand_brings_the_accounts_back_too(
    bench: Bench, lost: Callable[[], str]
) -> None:
    _ = await bench.keys.miss(ADMINS)
    bench.file.path.write_text(lost())
    await bench.open_again()
    assert await bench.keys.miss(ADMINS) == {}
    assert set((await bench.states()).values()) == {"ok"}


async def test_a_second_loss_is_told_again(bench: Bench, lost: Callable[[], str]) -> None:
    _ = await bench.keys.miss(ADMINS)
    _ = await bench.keys.take_back(lost())
    _ = await bench.keys.miss(ADMINS)
    for path in (bench.file.path, bench.file.retired_path):
        path.unlink()
    await bench.open_again()
    assert list(await bench.keys.miss(ADMINS)) == ["k2"]
    assert len(await bench.told()) == 4


async def test_a_paused_account_stays_paused(bench: Bench, lost: object) -> None:
    del lost
    bench.write("UPDATE accounts SET state = 'paused' WHERE remote_id = 'UC0'")
    _ = await bench.keys.miss(ADMINS)
    assert await bench.states() == {"UC0": "paused", "UC1": "reconnect"}


async def test_what_waits_for_another_reason_is_not_woken(bench: Bench) -> None:
    bench.fill(1)
    async with bench.store.transaction() as tx:
        await tx.run("keys.lost", id=1, trouble="the password was changed")
    await bench.keys.welcome()
    assert await bench.states() == {"UC0": "reconnect"}
    assert not LOST.startswith("the password")


async def test_keys_of_the_environment_are_taken_back_there(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KARVON_KEYS", written("k1", k1=KEY))
    with pytest.raises(VaultError, match="KARVON_KEYS"):
        await bench.keys.take_back(written("k2", k2=OTHER))
