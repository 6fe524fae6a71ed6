from __future__ import annotations

import base64
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.accounts.keyfile import KeyFile
from core.accounts.keys import Keys
from core.accounts.sealed_values import used_keys
from core.accounts.vault import Vault
from core.platforms.base import Session, Step
from core.posts.models import UploadState
from core.posts.repository import Posts
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import KEY, make_desk, make_incoming
from workers.engine.embedded import EmbeddedEngine

ADDRESS = "https://upload.test/session?upload_id=AbCdEfGhIjKlMnOp"


@pytest.fixture
def vault(tmp_path: Path, clock: ManualClock) -> Vault:
    """Use the key of the accounts that `make_desk` makes."""
    keys = {"current": "k1", "keys": {"k1": base64.b64encode(KEY).decode()}}
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "keys.json").write_text(json.dumps(keys))
    return Vault.of(KeyFile(tmp_path / "keys", clock).read())


@pytest.fixture
async def posts(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine, vault: Vault
) -> Posts:
    """An upload of a first post has a session with an address."""
    desk = await make_desk(store, clock, engine)
    _ = await desk.intake.receive(make_incoming())
    posts = Posts(store, clock, engine, vault=vault)
    upload = await posts.start(1)
    session = Session(step=Step.PARTS, upload_url=ADDRESS, remote_id="r1").to_dict()
    _ = await posts.save(upload, session=session)
    return posts


def stored(store: SqliteStore) -> str:
    """Return everything that the database holds."""
    with closing(sqlite3.connect(store.path)) as raw:
        return "\n".join(raw.iterdump())


async def test_the_address_of_a_session_is_sealed_and_opens(
    posts: Posts, store: SqliteStore
) -> None:
    assert "AbCdEfGhIjKlMnOp" not in stored(store)
    upload = await posts.require_upload(1)
    assert upload.session["upload_url"] == ADDRESS
    assert upload.session["remote_id"] == "r1"
    assert "AbCdEfGhIjKlMnOp" not in repr(upload)


async def test_a_rotation_seals_it_anew(
    posts: Posts, store: SqliteStore, vault: Vault, clock: ManualClock, tmp_path: Path
) -> None:
    file = KeyFile(tmp_path / "keys", clock)
    assert "k1" in await used_keys(store)
    change = await Keys(store, vault, file, clock).rotate()
    assert "k1" in change.retired
    assert (await posts.require_upload(1)).session["upload_url"] == ADDRESS
    assert '"upload_url":"v1.k2.' in stored(store)


async def test_an_address_moved_to_another_upload_does_not_open(
    posts: Posts, store: SqliteStore
) -> None:
    with closing(sqlite3.connect(store.path)) as raw, raw:
        raw.execute("UPDATE uploads SET session = (SELECT session FROM uploads WHERE id = 1)")
    assert (await posts.require_upload(2)).session["upload_url"] == ""


async def test_what_has_ended_keeps_no_address(posts: Posts, store: SqliteStore) -> None:
    await posts.fail_upload(1, "no more")
    upload = await posts.require_upload(1)
    assert upload.state is UploadState.FAILED
    assert upload.session["upload_url"] == ""
    assert "v1.k1" not in stored(store).split('INSERT INTO "uploads"', 1)[1].split("\n")[0]


async def test_an_address_of_before_opens_as_it_is(posts: Posts, store: SqliteStore) -> None:
    with closing(sqlite3.connect(store.path)) as raw, raw:
        text = json.dumps(Session(step=Step.PARTS, upload_url=ADDRESS).to_dict())
        raw.execute("UPDATE uploads SET session = ? WHERE id = 1", (text,))
    assert (await posts.require_upload(1)).session["upload_url"] == ADDRESS
