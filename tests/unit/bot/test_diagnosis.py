"""Each finding of the doctor in each of its states, brought about by the condition itself."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.texts import has
from bot.diagnosis.accounts import look_at_accounts
from bot.diagnosis.database import BACKED_UP, look_at_database
from bot.diagnosis.examine import _looked
from bot.diagnosis.findings import Action, Finding, State
from bot.diagnosis.keys import look_at_keys
from bot.diagnosis.library import look_at_library
from bot.diagnosis.machine import look_at_disk, look_at_tools
from bot.diagnosis.patient import Patient, at_rest
from bot.diagnosis.quotas import look_at_quotas
from bot.diagnosis.telegram import judge_updates
from bot.diagnosis.work import look_at_work
from core.accounts.keyfile import KeyFile
from core.accounts.keys import Keys
from core.accounts.sealed_values import used_keys
from core.accounts.vault import Vault
from core.platforms.registry import platform_names, require_platform
from core.settings import Settings, fixed_settings
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock

Look = Callable[[Patient], AsyncIterator[Finding]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return fixed_settings({"data_dir": str(tmp_path / "data"), "min_free_disk": 0})


@pytest.fixture
def patient(settings: Settings, clock: ManualClock, store: SqliteStore) -> Patient:
    return Patient(settings=settings, clock=clock, store=store, is_running=True)


async def found(look: Look, patient: Patient) -> dict[str, Finding]:
    """Return the findings by key; every one of them has its words."""
    findings = {}
    async with aclosing(look(patient)) as stream:  # type: ignore[type-var]
        async for finding in stream:
            assert finding.text
            assert "{" not in finding.text + finding.remedy
            assert bool(finding.remedy) == (finding.state is not State.OK), finding.key
            findings[finding.key] = finding
    return findings


def changed(patient: Patient, **settings: Any) -> Patient:
    values = patient.settings.model_dump()
    return replace(patient, settings=fixed_settings({**values, **settings}))


def write(patient: Patient, sql: str, *values: Any) -> None:
    path = patient.settings.data_dir / "karvon.db"
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(sql, values)


# The machine


async def test_media_tools(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(await found(look_at_tools, patient)) == ["tools"]
    monkeypatch.setenv("KARVON_FFMPEG", "/nowhere/ffmpeg")
    finding = (await found(look_at_tools, patient))["no_tools"]
    assert finding.state is State.BROKEN


async def test_the_disk(patient: Patient) -> None:
    free = shutil.disk_usage("/tmp").free
    for kept, key in ((0, "disk"), (int(free * 0.9), "disk_narrow"), (2**60, "disk_full")):
        assert list(await found(look_at_disk, changed(patient, min_free_disk=kept))) == [key]


# Keys


@pytest.fixture
async def keys(patient: Patient, store: SqliteStore) -> Keys:
    """Make keys and an account that is sealed with them."""
    file = KeyFile(patient.settings.data_dir, patient.clock)
    vault = Vault.of(file.read_or_make(await used_keys(store)))
    seal_account(patient, vault)
    return Keys(store, vault, file, patient.clock)


def seal_account(patient: Patient, vault: Vault, number: int = 1) -> None:
    sealed = vault.seal("token", context=f"youtube:UC{number}")
    write(
        patient,
        "INSERT INTO accounts (platform, name, remote_id, tokens, created_at) "
        "VALUES ('youtube', ?, ?, ?, 0)",
        *(f"channel {number}", f"UC{number}", sealed),
    )


async def test_before_the_first_start_there_are_no_keys(patient: Patient) -> None:
    assert list(await found(look_at_keys, patient)) == ["no_keys"]


async def test_keys_that_seal_something(patient: Patient, keys: Keys) -> None:
    finding = (await found(look_at_keys, patient))["keys"]
    assert finding.text == "Keys: k1 seals, one value is sealed"
    _ = await keys.rotate()
    assert "k2 seals" in (await found(look_at_keys, patient))["keys"].text


@pytest.mark.usefixtures("keys")
async def test_keys_that_are_gone(patient: Patient) -> None:
    (patient.settings.data_dir / "keys.json").unlink()
    assert (await found(look_at_keys, patient))["keys_gone"].state is State.BROKEN


@pytest.mark.usefixtures("keys")
async def test_a_key_that_is_lost_names_its_accounts(patient: Patient) -> None:
    folder = patient.settings.data_dir
    (folder / "keys.json").unlink()
    _ = KeyFile(folder, patient.clock).read_or_make({"k1"})
    finding = (await found(look_at_keys, patient))["lost_key"]
    assert finding.state is State.BROKEN
    assert "youtube:channel 1" in finding.text
    assert "karvon keys restore" in finding.remedy


@pytest.mark.usefixtures("keys")
async def test_tokens_that_were_changed(patient: Patient) -> None:
    write(patient, "UPDATE accounts SET tokens = tokens || 'AAAA'")
    assert "channel 1" in (await found(look_at_keys, patient))["damaged_tokens"].text


async def test_a_rotation_that_was_not_finished(patient: Patient, keys: Keys) -> None:
    await keys._begin()
    finding = (await found(look_at_keys, patient))["older_keys"]
    assert finding.state is State.WARNING
    assert "karvon keys rotate" in finding.remedy


@pytest.mark.usefixtures("keys")
async def test_keys_that_cannot_be_read(patient: Patient) -> None:
    (patient.settings.data_dir / "keys.json").write_text("{}")
    assert (await found(look_at_keys, patient))["bad_keys"].state is State.BROKEN


@pytest.mark.usefixtures("keys")
async def test_keys_that_others_can_read(patient: Patient) -> None:
    (patient.settings.data_dir / "keys.json").chmod(0o644)
    assert (await found(look_at_keys, patient))["open_keys"].state is State.BROKEN


@pytest.mark.usefixtures("keys")
async def test_copies_of_keys_that_lie_about(patient: Patient) -> None:
    (patient.settings.data_dir / "keys.json.bak").write_text("{}")
    assert "keys.json.bak" in (await found(look_at_keys, patient))["stray_keys"].text


# The database


async def test_a_sound_database(patient: Patient) -> None:
    assert list(await found(look_at_database, patient)) == ["database"]


async def test_a_database_that_is_none(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "karvon.db").write_bytes(b"words" * 1000)
    other = changed(patient, data_dir=str(tmp_path / "other"))
    assert (await found(look_at_database, other))["bad_database"].state is State.BROKEN
    missing = changed(patient, data_dir=str(tmp_path / "missing"))
    assert list(await found(look_at_database, missing)) == ["no_database"]


async def test_a_log_that_grew_too_large(patient: Patient, tmp_path: Path) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    async with await SqliteStore.open(folder / "karvon.db", clock=patient.clock):
        pass
    with (folder / "karvon.db-wal").open("wb") as log:
        log.truncate(300 * 1024 * 1024)
    findings = await found(look_at_database, changed(patient, data_dir=str(folder)))
    assert findings["swollen_database"].state is State.WARNING


async def test_backups(patient: Patient, clock: ManualClock, store: SqliteStore) -> None:
    add_post(patient)
    finding = (await found(look_at_database, patient))["no_backup"]
    assert finding.action is Action.BACKUP
    async with store.transaction() as tx:
        await tx.run("chat.set_fact", name=BACKED_UP, value=str(clock.now().timestamp()))
    assert "backup" in await found(look_at_database, patient)
    await clock.advance(8 * 86_400)
    finding = (await found(look_at_database, patient))["old_backup"]
    assert (finding.state, finding.action) == (State.WARNING, Action.BACKUP)


def add_post(patient: Patient) -> None:
    write(
        patient,
        "INSERT INTO posts (id, state, chat_id, user_id, message_id, source, wish, facts, "
        "fingerprint, created_at) VALUES (1, 'publishing', 1, 1, 1, '{}', '{}', '{}', 'f', 0)",
    )


# Accounts


def add_account(patient: Patient, **values: Any) -> None:
    row = {
        "platform": "youtube",
        "name": "channel",
        "remote_id": "UC1",
        "created_at": 0,
        "scopes": "[]",
        **values,
    }
    names, places = ", ".join(row), ", ".join("?" * len(row))
    write(patient, f"INSERT INTO accounts ({names}) VALUES ({places})", *row.values())


async def test_no_account(patient: Patient) -> None:
    assert list(await found(look_at_accounts, patient)) == ["no_accounts"]


async def test_an_account_that_is_well(patient: Patient) -> None:
    add_account(patient)
    assert list(await found(look_at_accounts, patient)) == ["accounts"]


async def test_an_account_that_must_be_connected_again(patient: Patient) -> None:
    add_account(patient, state="reconnect", trouble="the password was changed")
    findings = await found(look_at_accounts, patient)
    out = findings["account_out"]
    assert (out.state, out.action, out.target) == (State.BROKEN, Action.CONNECT, 1)
    assert "the password was changed" in out.text
    assert findings["accounts_to_connect"].state is State.BROKEN


async def test_a_paused_account(patient: Patient) -> None:
    add_account(patient, state="paused")
    paused = (await found(look_at_accounts, patient))["account_paused"]
    assert (paused.state, paused.action, paused.target) == (State.WARNING, Action.RESUME, 1)


async def test_an_account_without_the_permission_to_publish(patient: Patient) -> None:
    add_account(patient, scopes=json.dumps(["openid"]))
    findings = await found(look_at_accounts, patient)
    assert findings["account_scopes"].state is State.BROKEN
    assert "accounts_broken" in findings


async def test_an_account_that_may_publish_but_not_edit(patient: Patient) -> None:
    upload = "https://www.googleapis.com/auth/youtube.upload"
    read = "https://www.googleapis.com/auth/youtube.readonly"
    add_account(patient, scopes=json.dumps([upload, read]))
    finding = (await found(look_at_accounts, patient))["account_operations"]
    assert finding.state is State.WARNING
    assert "changing title and description later" in finding.text


@pytest.mark.parametrize("platform", [name for name in platform_names() if name != "telegram"])
async def test_all_permissions_are_enough(patient: Patient, platform: str) -> None:
    capabilities = require_platform(platform).capabilities
    needed = {scope for scopes in capabilities.operations.values() for scope in scopes}
    scopes = sorted({*capabilities.scopes, *needed})
    add_account(patient, platform=platform, scopes=json.dumps(scopes))
    assert list(await found(look_at_accounts, patient)) == ["accounts"]


@pytest.mark.parametrize(
    ("days", "key"), [(-1, "account_ended"), (3, "account_ends"), (30, "accounts")]
)
async def test_the_end_of_a_sign_in(patient: Patient, days: int, key: str) -> None:
    end = patient.clock.now() + timedelta(days=days)
    add_account(patient, sign_in_expires_at=end.timestamp())
    assert key in await found(look_at_accounts, patient)


async def test_a_token_that_should_have_been_renewed(patient: Patient) -> None:
    ended = patient.clock.now() - timedelta(hours=1)
    add_account(patient, expires_at=ended.timestamp())
    assert "account_not_renewed" in await found(look_at_accounts, patient)
    # Nobody renews while nothing runs.
    assert list(await found(look_at_accounts, replace(patient, is_running=False))) == ["accounts"]


# Quotas


def spend(patient: Patient, units: int) -> None:
    now = patient.clock.now().timestamp()
    write(
        patient,
        "INSERT INTO spending (scope, name, action, units, state, at) "
        "VALUES ('account:1', 'per_channel_a_day', 'publish', ?, 'spent', ?)",
        *(units, now - 3600),
    )


@pytest.mark.parametrize(
    ("units", "key"), [(0, "quotas"), (39, "quotas"), (40, "quota_low"), (50, "quota_out")]
)
async def test_quotas(patient: Patient, units: int, key: str) -> None:
    add_account(patient)
    spend(patient, units)
    finding = (await found(look_at_quotas, patient))[key]
    assert finding.state is (State.OK if key == "quotas" else State.WARNING)
    if units >= 40:
        assert f"{units} of 50" in finding.text
        assert "11:00" in finding.remedy


async def test_the_share_from_which_quotas_are_told_can_be_set(patient: Patient) -> None:
    add_account(patient)
    spend(patient, 25)
    low = changed(patient, quotas={"warn_percent": 50})
    assert list(await found(look_at_quotas, low)) == ["quota_low"]
    more = changed(patient, uploads={"per_channel_a_day": 100})
    assert list(await found(look_at_quotas, more)) == ["quotas"]


# Work


async def test_nothing_lies_undone(patient: Patient) -> None:
    well = {"outbox", "no_decisions", "no_failures", "renders"}
    assert set(await found(look_at_work, patient)) == well


@pytest.mark.parametrize(("minutes", "state"), [(5, State.WARNING), (90, State.BROKEN)])
async def test_messages_that_do_not_leave(patient: Patient, minutes: int, state: State) -> None:
    due = (patient.clock.now() - timedelta(minutes=minutes)).timestamp()
    write(
        patient,
        "INSERT INTO outbox (chat_id, sentence, due_at, created_at) VALUES (1, 'x', ?, ?)",
        *(due, due),
    )
    assert (await found(look_at_work, patient))["late_outbox"].state is state
    assert "outbox" in await found(look_at_work, replace(patient, is_running=False))


async def test_uploads_that_wait_for_a_person(patient: Patient) -> None:
    add_upload(patient, state="unknown", reason="person")
    finding = (await found(look_at_work, patient))["decisions"]
    assert finding.state is State.WARNING
    assert "/post 1" in finding.remedy


async def test_uploads_that_failed(patient: Patient) -> None:
    now = patient.clock.now().timestamp()
    add_upload(patient, state="failed", finished_at=now - 3600)
    finding = (await found(look_at_work, patient))["failures"]
    assert (finding.state, finding.action) == (State.WARNING, Action.RETRY)
    write(patient, "UPDATE uploads SET finished_at = ?", now - 2 * 86_400)
    assert "no_failures" in await found(look_at_work, patient)


async def test_mashups_that_wait_or_failed(patient: Patient) -> None:
    now = patient.clock.now().timestamp()
    names = "state, reason, mashup, created_at, finished_at"
    add = f"INSERT INTO renders ({names}) VALUES (?, ?, '', ?, ?)"
    write(patient, add, "failed", "", now, now - 3600)
    write(patient, add, "pending", "", now, None)
    assert "One mashup could" in (await found(look_at_work, patient))["failed_renders"].text
    write(patient, add, "pending", "disk", now, None)
    assert "/renders" in (await found(look_at_work, patient))["late_renders"].remedy
    write(patient, "DELETE FROM renders WHERE reason = 'disk'")
    write(patient, "UPDATE renders SET finished_at = ?", now - 2 * 86_400)
    assert "renders" in await found(look_at_work, patient)


def add_upload(patient: Patient, **values: Any) -> None:
    add_account(patient)
    add_post(patient)
    row = {"post_id": 1, "account_id": 1, "platform": "youtube", **values}
    names, places = ", ".join(row), ", ".join("?" * len(row))
    write(patient, f"INSERT INTO uploads ({names}) VALUES ({places})", *row.values())


# Updates

WEBHOOK = {
    "telegram": {"webhook_secret": "secret-of-the-webhook"},
    "web": {"public_url": "https://karvon.test"},
}
NOW = datetime(2026, 1, 1, tzinfo=UTC)
OURS = {"url": "https://karvon.test/telegram", "pending_update_count": 0}


@pytest.mark.parametrize(
    ("webhook", "info", "key", "state"),
    [
        (False, {"url": "", "pending_update_count": 3}, "updates_polling", State.OK),
        (False, {"url": "", "pending_update_count": 500}, "many_updates", State.WARNING),
        (False, {"url": "https://other.test/x"}, "webhook_in_the_way", State.BROKEN),
        (True, OURS, "updates_webhook", State.OK),
        (True, {"url": ""}, "no_webhook", State.BROKEN),
        (True, {"url": "https://other.test/x"}, "webhook_elsewhere", State.BROKEN),
        (
            True,
            {**OURS, "last_error_date": NOW.timestamp().__int__() - 60, "last_error_message": "x"},
            "webhook_fails",
            State.WARNING,
        ),
        (True, {**OURS, "last_error_date": 1}, "updates_webhook", State.OK),
    ],
)
def test_how_updates_come(
    settings: Settings, webhook: bool, info: dict[str, Any], key: str, state: State
) -> None:
    wanted = fixed_settings({**settings.model_dump(), **WEBHOOK}) if webhook else settings
    finding = judge_updates(wanted, info, NOW, True)
    assert (finding.key, finding.state) == (key, state)
    assert bool(finding.remedy) == (state is not State.OK)


# The library


def add_file(patient: Patient, sha256: str, storage: str) -> None:
    sql = "INSERT INTO stored_files (sha256, storage, key, size_bytes, at) VALUES (?, ?, ?, 7, 0)"
    write(patient, sql, sha256, storage, sha256)


async def test_a_library_that_is_not_moved_wholly(patient: Patient) -> None:
    here = (patient.settings.data_dir / "media").as_uri()
    assert await found(look_at_library, patient) == {}
    add_file(patient, "a", here)
    assert list(await found(look_at_library, patient)) == ["library"]
    there = "s3://media/clips?endpoint=https://s3.example"
    sql = "INSERT INTO storages (name, place, moves_to, at) VALUES (?, '{}', ?, 0)"
    write(patient, sql, here, there)
    add_file(patient, "b", there)
    finding = (await found(look_at_library, patient))["library_unmoved"]
    assert (finding.state, finding.facts["count"]) == (State.WARNING, 1)
    command = "karvon library move s3://media/clips --endpoint https://s3.example"
    assert command in finding.remedy
    write(patient, "UPDATE stored_files SET storage = ?", there)
    assert list(await found(look_at_library, patient)) == ["library"]


async def test_a_setting_that_is_no_place_for_media(patient: Patient) -> None:
    bad = changed(patient, storage={"url": "ftp://somewhere/x"})
    finding = (await found(look_at_library, bad))["library_bad_setting"]
    assert "ftp://somewhere/x" in finding.text


# The whole


async def test_a_look_that_fails_is_a_finding_and_hides_no_other(
    caplog: pytest.LogCaptureFixture, patient: Patient
) -> None:
    async def look() -> AsyncIterator[Finding]:
        async with aclosing(look_at_accounts(patient)) as stream:  # type: ignore[type-var]
            async for finding in stream:
                yield finding
        raise LookupError("a bug")

    seen = await _looked("accounts", look())
    assert [finding.key for finding in seen] == ["no_accounts", "blind"]
    assert "LookupError" in seen[1].text
    assert "the doctor failed" in caplog.text


async def test_what_lies_at_rest_is_looked_at_and_left_as_it_is(patient: Patient) -> None:
    add_account(patient, state="reconnect")
    folder = patient.settings.data_dir
    before = (folder / "karvon.db").read_bytes()
    async with at_rest(patient.settings) as resting:
        assert "account_out" in await found(look_at_accounts, resting)
        assert not resting.is_running
    assert (folder / "karvon.db").read_bytes() == before
    assert {path.name for path in folder.iterdir()} <= {
        f"karvon.db{ending}" for ending in ("", "-wal", "-shm", ".lock")
    }


def test_every_action_has_a_button() -> None:
    assert not [action for action in Action if not has(f"button_doctor_{action}")]
