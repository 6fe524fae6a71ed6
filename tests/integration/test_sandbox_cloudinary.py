from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import cloudinary  # type: ignore[import-untyped]
import pytest
from cloudinary import exceptions, uploader, utils

from tests.sandbox_kit import JSON, Answer, Remote, new_session
from tests.storage_kit import make_file
from utils.sandbox.cloudinary import API_KEY, API_SECRET, CLOUD, Cloudinary
from utils.sandbox.server import Sandbox, SandboxOptions

CHUNK = 5_300_000
UPLOAD = f"/v1_1/{CLOUD}/video/upload"
DESTROY = f"/v1_1/{CLOUD}/video/destroy"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(), [Cloudinary]) as running:
        yield running


@pytest.fixture
async def remote(sandbox: Sandbox) -> AsyncIterator[Remote]:
    async with new_session() as session:
        yield Remote(session, sandbox.address("cloudinary"))


@pytest.fixture
def configured(sandbox: Sandbox) -> dict[str, Any]:
    """Point the official client at the stand-in."""
    cloudinary.reset_config()
    return {
        "cloud_name": CLOUD,
        "api_key": API_KEY,
        "api_secret": API_SECRET,
        "upload_prefix": sandbox.address("cloudinary"),
        "timeout": 10,
    }


async def ask(call: Callable[..., JSON], *args: Any, **options: Any) -> JSON:
    return await asyncio.to_thread(call, *args, **options)


def signed(sandbox: Sandbox, **params: Any) -> dict[str, str]:
    """Sign by the words of the sheet, in the simplest way: version 1, SHA-1."""
    told = {"timestamp": str(int(sandbox.clock.now())), **{k: str(v) for k, v in params.items()}}
    text = "&".join(f"{name}={told[name]}" for name in sorted(told) if told[name])
    signature = hashlib.sha1((text + API_SECRET).encode(), usedforsecurity=False).hexdigest()
    return {**told, "api_key": API_KEY, "signature": signature}


async def upload(
    remote: Remote,
    fields: dict[str, str],
    content: bytes = b"video",
    headers: dict[str, str] | None = None,
    path: str = UPLOAD,
) -> Answer:
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    form.add_field("file", io.BytesIO(content), filename="clip.mp4")
    return await remote("POST", path, data=form, headers=headers or {})


def chunk(start: int, end: int, total: int, upload_id: str = "u1") -> dict[str, str]:
    return {
        "X-Unique-Upload-Id": upload_id,
        "Content-Range": f"bytes {start}-{end - 1}/{total}",
    }


def problem(answer: Answer) -> tuple[int, str]:
    assert answer.headers["x-request-id"]
    message = str(answer.json["error"]["message"])
    assert answer.headers["x-cld-error"] == message
    return answer.status, message


# The official client


async def test_sdk_uploads_and_destroys(
    configured: dict[str, Any], remote: Remote, tmp_path: Path
) -> None:
    path = make_file(tmp_path)

    made = await ask(
        uploader.upload, str(path), resource_type="video", public_id="f/one", **configured
    )

    assert (made["public_id"], made["resource_type"], made["bytes"]) == ("f/one", "video", 300_000)
    assert made["etag"] == hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    assert (await remote("GET", made["secure_url"])).body == path.read_bytes()
    gone = {"resource_type": "video", "invalidate": True, **configured}
    assert await ask(uploader.destroy, "f/one", **gone) == {"result": "ok"}
    assert await ask(uploader.destroy, "f/one", **gone) == {"result": "not found"}
    assert problem(await remote("GET", made["secure_url"])) == (404, "Resource not found - f/one")


async def test_sdk_uploads_in_chunks(
    sandbox: Sandbox, configured: dict[str, Any], remote: Remote, tmp_path: Path
) -> None:
    path = make_file(tmp_path, 2 * CHUNK + 7)

    made = await ask(
        uploader.upload_large,
        str(path),
        resource_type="video",
        public_id="two",
        chunk_size=CHUNK,
        **configured,
    )

    assert made["done"]
    assert made["bytes"] == 2 * CHUNK + 7
    assert len(sandbox.journal.rows(step="upload")) == 3
    assert (await remote("GET", made["secure_url"])).body == path.read_bytes()


async def test_sdk_makes_raw_of_a_large_video_unless_told(
    configured: dict[str, Any], tmp_path: Path
) -> None:
    made = await ask(uploader.upload_large, str(make_file(tmp_path)), **configured)
    assert made["resource_type"] == "raw"
    assert "/raw/upload/" in made["secure_url"]


async def test_sdk_signs_with_sha256_and_odd_values(
    configured: dict[str, Any], tmp_path: Path
) -> None:
    path = str(make_file(tmp_path))
    cases: list[dict[str, Any]] = [
        {"signature_algorithm": "sha256"},
        {"signature_version": 1},
        {"signature_version": 2},
    ]
    for number, more in enumerate(cases):
        public_id = f"a&b=c ü{number}"
        made = await ask(
            uploader.upload,
            path,
            resource_type="video",
            public_id=public_id,
            tags=["x", "y&z"],
            **configured,
            **more,
        )
        assert made["public_id"] == public_id


async def test_sdk_knows_the_refusals(configured: dict[str, Any], tmp_path: Path) -> None:
    path = str(make_file(tmp_path))
    wrong = {**configured, "api_secret": "wrong"}
    with pytest.raises(exceptions.AuthorizationRequired, match="String to sign"):
        await ask(uploader.upload, path, resource_type="video", **wrong)
    unknown = {**configured, "cloud_name": "other"}
    with pytest.raises(exceptions.AuthorizationRequired):
        await ask(uploader.upload, path, resource_type="video", **unknown)
    with pytest.raises(exceptions.BadRequest, match="5mb"):
        large = str(make_file(tmp_path, 11_000_000, "large.mp4"))
        await ask(
            uploader.upload_large, large, resource_type="video", chunk_size=4_000_000, **configured
        )


async def test_sdk_sees_rate_limits(
    sandbox: Sandbox, configured: dict[str, Any], tmp_path: Path
) -> None:
    sandbox.faults.add(
        {"service": "cloudinary", "step": "upload", "action": "status", "status": 420}
    )
    with pytest.raises(exceptions.RateLimited):
        await ask(uploader.upload, str(make_file(tmp_path)), **configured)


async def test_sdk_writes_addresses_that_are_served(
    configured: dict[str, Any], sandbox: Sandbox, remote: Remote, tmp_path: Path
) -> None:
    made = await ask(
        uploader.upload,
        str(make_file(tmp_path)),
        resource_type="video",
        public_id="f/three",
        **configured,
    )
    url, _ = utils.cloudinary_url(
        "f/three", resource_type="video", format="mp4", cloud_name=CLOUD, secure=True
    )
    path = url.partition(f"/{CLOUD}/")[2]
    assert path == "video/upload/v1/f/three.mp4"
    assert (await remote("HEAD", f"/{CLOUD}/{path}")).headers["content-length"] == "300000"
    assert made["secure_url"].startswith(sandbox.address("cloudinary"))


# What it refuses


@pytest.mark.parametrize("missing", ["api_key", "timestamp", "signature"])
async def test_missing_fields(sandbox: Sandbox, remote: Remote, missing: str) -> None:
    fields = signed(sandbox, public_id="a")
    del fields[missing]
    assert problem(await upload(remote, fields)) == (
        400,
        f"Missing required parameter - {missing}",
    )


async def test_stale_signature(sandbox: Sandbox, remote: Remote) -> None:
    fields = signed(sandbox, public_id="a")
    sandbox.advance(3590)
    assert (await upload(remote, fields)).status == 200
    sandbox.advance(20)
    status, message = problem(await upload(remote, fields))
    assert status == 401
    assert message.startswith("Stale request")


async def test_changed_field(sandbox: Sandbox, remote: Remote) -> None:
    fields = {**signed(sandbox, public_id="a"), "public_id": "b"}
    status, message = problem(await upload(remote, fields))
    assert status == 401
    assert "String to sign - 'public_id=b&timestamp=" in message
    assert API_SECRET not in message


BIG = bytes(CHUNK)


@pytest.mark.parametrize(
    "ranges",
    [
        [(0, CHUNK, 3 * CHUNK), (2 * CHUNK, 3 * CHUNK, 3 * CHUNK)],  # a hole: the last one early
        [(0, CHUNK, 3 * CHUNK), (0, CHUNK, 3 * CHUNK)],  # the same again
        [(0, CHUNK, 3 * CHUNK), (CHUNK - 5, 2 * CHUNK - 5, 3 * CHUNK)],  # an overlap
        [(0, CHUNK, 3 * CHUNK), (CHUNK, 2 * CHUNK, 4 * CHUNK)],  # another total
        [(CHUNK, 2 * CHUNK, 2 * CHUNK)],  # not the first one first
        [(0, CHUNK + 1, 3 * CHUNK)],  # not what came
    ],
)
async def test_chunks_out_of_order(
    sandbox: Sandbox, remote: Remote, ranges: list[tuple[int, int, int]]
) -> None:
    answers = [
        await upload(remote, signed(sandbox, public_id="a"), BIG, chunk(*one)) for one in ranges
    ]
    assert [answer.status for answer in answers[:-1]] == [200] * (len(ranges) - 1)
    assert problem(answers[-1])[0] == 400


@pytest.mark.parametrize("text", ["0-9/20", "bytes=0-9/20", "bytes 0-9/*", "bytes 9-0/20"])
async def test_malformed_ranges(sandbox: Sandbox, remote: Remote, text: str) -> None:
    headers = {"X-Unique-Upload-Id": "u1", "Content-Range": text}
    answer = await upload(remote, signed(sandbox, public_id="a"), b"0123456789", headers)
    assert problem(answer)[0] == 400


async def test_a_middle_chunk_answers_without_an_address(sandbox: Sandbox, remote: Remote) -> None:
    answer = await upload(remote, signed(sandbox, public_id="a"), BIG, chunk(0, CHUNK, CHUNK + 10))
    assert answer.json == {"done": False, "public_id": "a"}
    other = await upload(
        remote,
        signed(sandbox, public_id="a"),
        b"0123456789",
        chunk(CHUNK, CHUNK + 10, CHUNK + 10, "u2"),
    )
    assert problem(other)[0] == 400


async def test_chunks_repeat_what_they_signed(sandbox: Sandbox, remote: Remote) -> None:
    fields = signed(sandbox, public_id="a", tags="x")
    await upload(remote, fields, BIG, chunk(0, CHUNK, CHUNK + 10))
    answer = await upload(
        remote,
        signed(sandbox, public_id="a", tags="y"),
        b"0123456789",
        chunk(CHUNK, CHUNK + 10, CHUNK + 10),
    )
    assert problem(answer)[0] == 400


async def test_other_bodies_and_methods(sandbox: Sandbox, remote: Remote) -> None:
    fields = signed(sandbox, public_id="a")
    assert (await remote("POST", UPLOAD, json=fields)).status == 415
    assert (await remote("POST", UPLOAD, data=fields)).status == 415
    assert (await remote("GET", UPLOAD)).status == 404
    assert (await remote("POST", f"/v1_1/{CLOUD}/song/upload", data=fields)).status == 404
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await remote("POST", UPLOAD, data=b"--x\r\nhello", headers=broken)).status == 400


async def test_destroy_of_another_type_finds_nothing(sandbox: Sandbox, remote: Remote) -> None:
    assert (await upload(remote, signed(sandbox, public_id="a"))).status == 200
    image = f"/v1_1/{CLOUD}/image/destroy"
    for path, result in ((image, "not found"), (DESTROY, "ok")):
        answer = await remote("POST", path, data=signed(sandbox, public_id="a"))
        assert (answer.status, answer.json) == (200, {"result": result})


async def test_ranges_of_what_is_delivered(sandbox: Sandbox, remote: Remote) -> None:
    url = (await upload(remote, signed(sandbox, public_id="a"), b"0123456789")).json["url"]
    part = await remote("GET", url, headers={"Range": "bytes=2-4"})
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    beyond = await remote("GET", url, headers={"Range": "bytes=10-"})
    assert problem(beyond)[0] == 416


async def test_transformations_take_a_while_when_switched_on(
    sandbox: Sandbox, remote: Remote
) -> None:
    await upload(remote, signed(sandbox, public_id="a"))
    sandbox.set_option("cloudinary", "slow_transformations", True)
    path = f"/{CLOUD}/video/upload/w_100,h_100/v1/a.mp4"
    assert [(await remote("GET", path)).status for _ in range(4)] == [423, 423, 423, 200]


async def test_too_much_for_one_request(
    sandbox: Sandbox, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("utils.sandbox.cloudinary.REQUEST_LIMIT_BYTES", 5000)
    status, message = problem(await upload(remote, signed(sandbox, public_id="a"), bytes(6000)))
    assert status == 400
    assert message.startswith("File size too large")
