"""Storages for tests: a folder, a real S3 server of this machine, the stand-in of Cloudinary."""

from __future__ import annotations

import atexit
import hashlib
import io
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from core.accounts.vault import Vault
from core.media.storage.base import Storage
from core.media.storage.open import Tools, open_storage
from core.settings import MIB, Settings, StorageSettings, fixed_settings
from core.store.sqlite import SqliteStore
from core.studio.moving import Mover
from core.studio.shelves import Shelves, open_shelves
from tests.factories import KEY
from tests.http_kit import serve
from utils.clock import SystemClock
from utils.sandbox.cloudinary import API_KEY, API_SECRET, CLOUD, Cloudinary
from utils.sandbox.server import Sandbox, SandboxOptions
from utils.transport import HttpTransport

S3_KEY = "KARVONKEY"
S3_SECRET = "karvonS3secretOfTheTests"
BUCKET = "media"


class Quick(SystemClock):
    """A clock whose waits are over at once."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        await super().sleep(0)


def make_file(folder: Path, size: int = 300_000, name: str = "clip.mp4", seed: int = 1) -> Path:
    """Write a file whose every part differs from every other."""
    path = folder / name
    block = b"".join(hashlib.sha256(f"{seed}-{n}".encode()).digest() for n in range(2048))
    with path.open("wb") as file:
        for start in range(0, size, len(block)):
            file.write((start.to_bytes(8) + block)[: min(len(block), size - start)])
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def read(storage: Storage, key: str, start: int = 0, length: int | None = None) -> bytes:
    return b"".join([piece async for piece in storage.open(key, start, length)])


@cache
def s3_server() -> tuple[str, str]:
    """Start an S3 server once for the session; return its address and that of its files."""
    for _ in range(3):
        # A port that was free may be somebody else's a moment later.
        if (started := _start_s3()) is not None:
            return started
    raise AssertionError("the S3 server did not start")


def _start_s3() -> tuple[str, str] | None:
    folder = Path(tempfile.mkdtemp(prefix="karvon-s3-"))
    names = ("master", "volume", "filer", "s3")
    ports = {name: _two_free_ports() for name in names}
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": S3_KEY, "secretKey": S3_SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    chosen = [
        f"-{name}.{kind}={port}"
        for name, (http, grpc) in ports.items()
        for kind, port in (("port", http), ("port.grpc", grpc))
    ]
    command = [
        *(str(Path(sys.executable).with_name("weed")), "-logtostderr=true", "server"),
        *(f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *chosen),
        *("-filer", f"-filer.localSocket={folder}/filer.sock", "-filer.maxMB=16"),
        *("-s3", f"-s3.config={folder}/s3.json", "-s3.iam=false"),
        *("-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.localSocket={folder}/s3.sock"),
        *("-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=12"),
    ]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE)
    atexit.register(_end, process, folder, [port for both in ports.values() for port in both])
    assert process.stderr is not None
    for line in process.stderr:
        if b"Start Seaweed S3 API Server" in line:
            break
    else:
        return None
    threading.Thread(target=process.stderr.read, daemon=True).start()
    return tuple(f"http://127.0.0.1:{ports[name][0]}" for name in ("s3", "filer"))  # type: ignore[return-value]


def _two_free_ports() -> tuple[int, int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in "ab"]
        first, second = (int(one.getsockname()[1]) for one in sockets)
    return first, second


def _end(process: subprocess.Popen[bytes], folder: Path, ports: list[int]) -> None:
    process.kill()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)
    # It names these sockets itself.
    for port in ports:
        for left in Path(tempfile.gettempdir()).glob(f"seaweedfs-*-{port}.sock"):
            left.unlink(missing_ok=True)


def s3_place(address: str = "", prefix: str = "library", **changes: Any) -> StorageSettings:
    values: dict[str, Any] = {
        "url": f"s3://{BUCKET}/{prefix}",
        "endpoint": address or s3_server()[0],
        "key_id": S3_KEY,
        "secret": SecretStr(S3_SECRET),
    }
    return StorageSettings(**{**values, **changes})


def cloudinary_place(sandbox: Sandbox, **changes: Any) -> StorageSettings:
    values: dict[str, Any] = {
        "url": f"cloudinary://{CLOUD}/library",
        "key_id": API_KEY,
        "secret": SecretStr(API_SECRET),
        "public_url": sandbox.address("cloudinary"),
    }
    return StorageSettings(**{**values, **changes})


def folder_place(folder: Path, **changes: Any) -> StorageSettings:
    return StorageSettings(url=folder.as_uri(), **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What storages are opened with, and the stand-in."""

    sandbox: Sandbox
    tools: Tools
    clock: Quick
    folder: Path
    transport: HttpTransport

    def place(self, kind: str, name: str = "library") -> StorageSettings:
        if kind == "folder":
            return folder_place(self.folder / name)
        if kind == "s3":
            return s3_place(prefix=f"{self.folder.name}/{name}")
        return cloudinary_place(self.sandbox, url=f"cloudinary://{CLOUD}/{name}")

    def open(self, kind: str, **changes: Any) -> Storage:
        return open_storage(self.place(kind).model_copy(update=changes), self.tools)

    def settings(self, kind: str, **changes: Any) -> Settings:
        place = self.place(kind).model_dump()
        return fixed_settings(
            {
                "data_dir": self.folder / "data",
                "storage": place,
                "endpoints": {"cloudinary": self.tools.cloudinary},
                "min_free_disk": 0,
                **changes,
            }
        )


@asynccontextmanager
async def make_world(folder: Path) -> AsyncIterator[World]:
    clock = Quick()
    async with Sandbox(SandboxOptions(), [Cloudinary]) as sandbox, HttpTransport() as transport:
        tools = Tools(
            transport=transport,
            clock=clock,
            cloudinary=sandbox.address("cloudinary"),
            part_bytes=5 * MIB,
        )
        yield World(sandbox=sandbox, tools=tools, clock=clock, folder=folder, transport=transport)


def make_vault() -> Vault:
    return Vault({"k1": KEY}, "k1")


Fault = Callable[[web.Request], web.Response | None]
"""Returns an answer in place of the server's, or None to let it answer."""


@asynccontextmanager
async def before_s3(fault: Fault) -> AsyncIterator[str]:
    """Stand in front of the S3 server and answer some requests in its place."""
    async with aiohttp.ClientSession(auto_decompress=False) as session:

        async def handle(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            answer = fault(request)
            if answer is not None:
                return answer
            url = s3_server()[0] + request.raw_path
            async with session.request(
                request.method,
                url,
                headers=request.headers,
                data=io.BytesIO(body),
                allow_redirects=False,
            ) as response:
                content = await response.read()
                kept = {
                    name: value
                    for name, value in response.headers.items()
                    if name.lower() not in {"transfer-encoding", "content-length"}
                }
                if request.method == "HEAD":
                    kept["Content-Length"] = response.headers.get("Content-Length", "0")
                return web.Response(status=response.status, headers=kept, body=content)

        async with serve(handle) as address:
            yield address


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Shelves on a database, and what they stand on."""

    shelves: Shelves
    store: SqliteStore
    mover: Mover


@asynccontextmanager
async def open_desk(world: World, kind: str = "folder", **changes: Any) -> AsyncIterator[Desk]:
    """Open shelves as a start of the program does; the same database every time."""
    settings = world.settings(kind, **changes)
    settings.data_dir.mkdir(exist_ok=True)
    path = settings.data_dir / "karvon.db"
    async with (
        await SqliteStore.open(path, clock=world.clock) as store,
        open_shelves(settings, store, world.clock, world.transport, make_vault()) as shelves,
    ):
        yield Desk(shelves=shelves, store=store, mover=Mover(shelves, world.clock))


async def fill(shelves: Shelves, folder: Path, count: int, size: int = 20_000) -> dict[str, Path]:
    """Put files away; return them by their digests."""
    made = [make_file(folder, size + n, f"in-{n}.mp4", seed=n) for n in range(count)]
    found = {digest(path): path for path in made}
    for sha256, path in found.items():
        _ = await shelves.put(sha256, ".mp4", path)
    return found


async def require_all(shelves: Shelves, files: dict[str, Path]) -> None:
    """Read every file and compare."""
    for sha256, path in files.items():
        async with shelves.file(sha256) as found:
            assert found.read_bytes() == path.read_bytes()


def stored_in(world: World, kind: str, name: str = "library") -> int:
    """Return how many files a folder or the stand-in holds, whoever knows of them."""
    if kind == "folder":
        folder = world.folder / name
        return sum(path.is_file() for path in folder.rglob("*")) if folder.exists() else 0
    assets = world.sandbox.collection("cloudinary.assets").items()
    return sum(asset["public_id"].startswith(f"{name}/") for _, asset in assets)
