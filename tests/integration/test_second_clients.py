"""What others wrote judges our requests and our stand-ins."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from gcp_storage_emulator.server import create_server

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Access, FittedText, Job, Operation, Session, Step, Work, check_job
from core.platforms.registry import require_platform
from core.platforms.youtube_answers import SEND
from core.platforms.youtube_metadata import change_resource
from core.posts.models import MediaFacts, Privacy
from tests.media_kit import noise
from tests.operation_kit import Live
from tests.terminal import stand_ins
from utils.http import Request
from utils.sandbox.server import Sandbox
from utils.transport import HttpTransport

CHUNK = 256 * 1024
SIZE = 3 * CHUNK + 12_345
YOUTUBE = require_platform("youtube")
BUCKET = "videos"


def make_job(base: str, options: Mapping[str, str] | None = None) -> Job:
    return Job(
        upload_id=1,
        access=Access(remote_id="UC1", access_token="token", options=options or {}),
        endpoints={"youtube": base},
        text=FittedText(title="Sunrise", description="Over the city", tags=("sea", "old city")),
        privacy=Privacy.UNLISTED,
        facts=MediaFacts(mime_type="video/mp4"),
        size_bytes=SIZE,
        filename="clip.mp4",
        content_type="video/mp4",
        options=options or {},
    )


# The resumable chunk loop, against an emulator of Google's storage


@pytest.fixture
def storage() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = create_server("127.0.0.1", port, in_memory=True, default_bucket=BUCKET)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
async def transport() -> AsyncIterator[HttpTransport]:
    async with HttpTransport() as opened:
        yield opened


async def open_session(transport: HttpTransport, storage: str, job: Job) -> Session:
    """Begin as the emulator wants it: only the address differs from YouTube's."""
    begin = YOUTUBE.build_begin(Session(), job)
    query = urlencode({"uploadType": "resumable", "name": "clip.mp4"})
    url = f"{storage}/upload/storage/v1/b/{BUCKET}/o?{query}"
    response = await transport.send(replace(begin, url=url))
    return YOUTUBE.read_begin(Session(), job, response)


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]


async def send_part(
    transport: HttpTransport, session: Session, job: Job, content: bytes
) -> Session:
    span = YOUTUBE.next_span(session, job)
    request = YOUTUBE.build_part(session, job, span)
    response = await transport.send(request, pieces(content[span.start : span.end]))
    return YOUTUBE.read_part(session, job, span, response)


async def recover(transport: HttpTransport, session: Session, job: Job) -> Session:
    response = await transport.send(YOUTUBE.build_recover(session, job))
    return YOUTUBE.read_recover(session, job, response)


async def stored(storage: str) -> str:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{storage}/storage/v1/b/{BUCKET}/o/clip.mp4?alt=media")
    answer.raise_for_status()
    return hashlib.sha256(answer.content).hexdigest()


@pytest.mark.parametrize("part_bytes", [CHUNK, 2 * CHUNK, None])
async def test_parts_arrive_whole_and_in_order(
    transport: HttpTransport, storage: str, part_bytes: int | None
) -> None:
    content, job = noise(SIZE), make_job(storage)
    session = replace(await open_session(transport, storage, job), part_bytes=part_bytes)
    offsets = []
    while session.step is Step.PARTS:
        session = await send_part(transport, session, job, content)
        offsets.append(session.offset)
    assert session.step is Step.STATUS
    assert offsets[-1] == SIZE
    assert offsets == sorted(set(offsets))
    assert await stored(storage) == hashlib.sha256(content).hexdigest()


async def test_a_restarted_upload_goes_on_where_the_remote_says(
    transport: HttpTransport, storage: str
) -> None:
    content, job = noise(SIZE), make_job(storage)
    opened = await open_session(transport, storage, job)
    _ = await send_part(transport, replace(opened, part_bytes=2 * CHUNK), job, content)
    saved = Session.from_dict(json.loads(json.dumps(opened.to_dict())))
    session = await recover(transport, saved, job)
    assert (session.step, session.offset) == (Step.PARTS, 2 * CHUNK)
    session = await send_part(transport, session, job, content)
    assert session.step is Step.STATUS
    assert await stored(storage) == hashlib.sha256(content).hexdigest()


async def test_a_session_without_bytes_begins_at_its_start(
    transport: HttpTransport, storage: str
) -> None:
    job = make_job(storage)
    session = await recover(transport, await open_session(transport, storage, job), job)
    # The emulator answers a session without a byte with the range 0-0, which is one byte.
    assert (session.step, session.offset) in {(Step.PARTS, 0), (Step.PARTS, 1)}


async def test_an_unknown_session_is_lost(transport: HttpTransport, storage: str) -> None:
    job = make_job(storage)
    opened = await open_session(transport, storage, job)
    gone = replace(opened, upload_url=opened.upload_url.rpartition("=")[0] + "=never")
    with pytest.raises(RemoteError) as caught:
        await recover(transport, gone, job)
    assert caught.value.kind is ErrorKind.SESSION_LOST


# Our requests, against the description that Google publishes

DESCRIPTION = json.loads(
    files("googleapiclient.discovery_cache.documents").joinpath("youtube.v3.json").read_text()
)
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}


def contradictions(value: object, schema: Mapping[str, Any], place: str = "body") -> list[str]:
    """Return where a value is not as the description says."""
    if "$ref" in schema:
        schema = DESCRIPTION["schemas"][schema["$ref"]]
    kind = schema["type"]
    if not isinstance(value, TYPES[kind]) or (kind == "integer" and isinstance(value, bool)):
        return [f"{place} is no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{place} is none of {schema['enum']}"]
    found = []
    if isinstance(value, list):
        for number, item in enumerate(value):
            found += contradictions(item, schema["items"], f"{place}[{number}]")
    if isinstance(value, dict):
        for key, item in value.items():
            known = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            found += (
                [f"{place}.{key} is not known"]
                if known is None
                else contradictions(item, known, f"{place}.{key}")
            )
    return found


def check_request(
    request: Request, resource: str, name: str, *, upload: bool = False
) -> list[str]:
    """Return where a request is not as the description says."""
    method = DESCRIPTION["resources"][resource]["methods"][name]
    parts = urlsplit(request.url)
    path = f"/{DESCRIPTION['servicePath']}{method['path']}"
    if upload:
        path = method["mediaUpload"]["protocols"]["simple"]["path"]
    found = [] if parts.path == path else [f"{parts.path} instead of {path}"]
    found += [] if request.method == method["httpMethod"] else [f"method {request.method}"]
    known = {**DESCRIPTION["parameters"], **method["parameters"]}
    query = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    for key, values in query.items():
        if key not in known:
            found.append(f"parameter {key} is not known")
        elif known[key]["type"] == "boolean" and not set(values) <= {"true", "false"}:
            found.append(f"parameter {key} is no boolean")
    needed = {key for key, rule in method["parameters"].items() if rule.get("required")}
    found += [f"parameter {key} is missing" for key in needed - set(query)]
    if request.json is not None:
        found += contradictions(request.json, method["request"])
    return found


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"notify": "no", "kids": "yes", "ai": "yes", "category": "27", "language": "en"},
        {"license": "creativecommon", "embed": "no"},
        {"language": "en", "title.uz": "Tong", "text.uz": "Shahar ustida", "title.de": "Morgen"},
    ],
)
@pytest.mark.parametrize("privacy", YOUTUBE.capabilities.privacy)
def test_the_request_that_begins_is_as_described(
    options: dict[str, str], privacy: Privacy
) -> None:
    job = replace(make_job("https://youtube.googleapis.com", options), privacy=privacy)
    begin = YOUTUBE.build_begin(Session(), job)
    assert check_request(begin, "videos", "insert", upload=True) == []
    sections = set(parse_qs(urlsplit(begin.url).query)["part"][0].split(","))
    assert begin.json is not None
    assert set(begin.json) == sections


def test_questions_are_as_described() -> None:
    job = make_job("https://youtube.googleapis.com")
    status = YOUTUBE.build_status(Session(media_id="abc"), job)
    assert check_request(status, "videos", "list") == []
    trying = check_job(job.access, job.endpoints, YOUTUBE.capabilities)
    assert check_request(YOUTUBE.build_check(trying), "channels", "list") == []


METHODS = {
    Operation.EDIT: ("videos", ["list", "update"]),
    Operation.VISIBILITY: ("videos", ["list", "update"]),
    Operation.DELETE: ("videos", ["delete"]),
    Operation.CHECK: ("videos", ["list"]),
    Operation.STATISTICS: ("videos", ["batchGetStats"]),
    Operation.THUMBNAIL: ("thumbnails", ["set"]),
    Operation.CAPTIONS: ("captions", ["insert"]),
    Operation.PLAYLIST: ("playlistItems", ["list", "insert"]),
}
"""Operation → resource and methods of its stages, as the description names them."""
RESOURCE = {
    "snippet": {"title": "T", "tags": ["a"], "categoryId": "22", "defaultLanguage": "en"},
    "status": {"privacyStatus": "private", "embeddable": True, "license": "youtube"},
    "localizations": {"uz": {"title": "Tong", "description": "Shahar"}},
}
CHANGES: dict[str, Any] = {
    "title": "Dusk",
    "tags": ["night"],
    "privacy": "public",
    "kids": "yes",
    "title.de": "Abend",
    "language": "en",
    "name": "English",
    "playlist": "PL1",
}


@pytest.mark.parametrize("operation", METHODS)
def test_operations_are_as_described(operation: Operation) -> None:
    job = make_job("https://youtube.googleapis.com")
    resource, methods = METHODS[operation]
    body = b"\x89PNG\r\n\x1a\n" if operation is Operation.THUMBNAIL else b"1\n"
    work = Work(operation=operation, media_id="abc", changes=CHANGES, body=body)
    for number, name in enumerate(methods):
        stage = SEND if number or operation is Operation.THUMBNAIL else ""
        data = {"resource": change_resource({"id": "abc", **RESOURCE}, CHANGES)}
        request = YOUTUBE.build_operation(replace(work, stage=stage, data=data), job)
        upload = request.content is not None
        assert check_request(request, resource, name, upload=upload) == []


@pytest.mark.parametrize("operation", METHODS)
def test_the_scopes_of_operations_do(operation: Operation) -> None:
    resource, methods = METHODS[operation]
    for name in methods:
        known = DESCRIPTION["resources"][resource]["methods"][name]["scopes"]
        assert set(YOUTUBE.capabilities.operations[operation]) <= set(known), name


def test_the_scopes_that_are_asked_for_are_known_and_do() -> None:
    asked = set(YOUTUBE.capabilities.scopes)
    assert asked <= set(DESCRIPTION["auth"]["oauth2"]["scopes"])
    for resource, name in (("videos", "insert"), ("videos", "list"), ("channels", "list")):
        method = DESCRIPTION["resources"][resource]["methods"][name]
        assert asked & set(method["scopes"]), name


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"snippet": {"titel": "x"}}, "snippet.titel is not known"),
        ({"snippet": {"tags": "x"}}, "snippet.tags is no array"),
        ({"status": {"privacyStatus": "secret"}}, "is none of"),
        ({"status": {"selfDeclaredMadeForKids": "no"}}, "is no boolean"),
    ],
)
def test_the_judge_sees_what_is_wrong(change: dict[str, Any], part: str) -> None:
    begin = YOUTUBE.build_begin(Session(), make_job("https://youtube.googleapis.com"))
    found = check_request(replace(begin, json=change), "videos", "insert", upload=True)
    assert any(part in line for line in found)


# Meta's own client, against the Graph stand-in


async def test_metas_own_client_works_against_the_stand_in() -> None:
    async with stand_ins() as sandbox:
        accounts = {a["platform"]: a for a in sandbox.settings()["accounts"]}
        graph = sandbox.address("graph")
        told = await asyncio.to_thread(ask_with_metas_client, graph, accounts)
    assert told["page"] == accounts["facebook"]["name"]
    assert told["left"] > 0
    assert "/ig-api-upload/" in told["container"]["uri"]
    assert "/video-upload/" in told["reel"]["upload_url"]
    assert told["refused"] == 190


def ask_with_metas_client(graph: str, accounts: Mapping[str, Any]) -> dict[str, Any]:
    """Make the calls that publish a reel, up to the bytes."""
    api = import_module("facebook_business.api")
    session = import_module("facebook_business.session")
    objects = "facebook_business.adobjects"
    errors = import_module("facebook_business.exceptions")

    def connect(token: str) -> Any:  # noqa: ANN401 - Meta's own class
        opened = session.FacebookSession(access_token=token)
        opened.GRAPH = graph
        return api.FacebookAdsApi(opened)

    page_id, user_id = (accounts[name]["remote_id"] for name in ("facebook", "instagram"))
    page_api = connect(accounts["facebook"]["access_token"])
    page = import_module(f"{objects}.page").Page(page_id, api=page_api)
    user_api = connect(accounts["instagram"]["access_token"])
    user = import_module(f"{objects}.iguser").IGUser(user_id, api=user_api)
    limit = user.get_content_publishing_limit(fields=["quota_usage", "config"])[0]
    container = {"media_type": "REELS", "upload_type": "resumable", "caption": "Sunrise"}
    told = {
        "page": page.api_get(fields=["id", "name"])["name"],
        "left": limit["config"]["quota_total"] - limit["quota_usage"],
        "container": dict(user.create_media(params=container)),
        "reel": dict(page.create_video_reel(params={"upload_phase": "start"})),
    }
    stranger = import_module(f"{objects}.page").Page(page_id, api=connect("nobody"))
    with pytest.raises(errors.FacebookRequestError) as caught:
        stranger.api_get(fields=["id"])
    return {**told, "refused": caught.value.api_error_code()}


def metas_api(graph: str, token: str) -> Any:  # noqa: ANN401 - Meta's own class
    session = import_module("facebook_business.session").FacebookSession(access_token=token)
    session.GRAPH = graph
    return import_module("facebook_business.api").FacebookAdsApi(session)


def metas_video(live: Live, media_id: str) -> Any:  # noqa: ANN401 - Meta's own class
    api = metas_api(live.sandbox.address("graph"), live.access.access_token)
    return import_module("facebook_business.adobjects.advideo").AdVideo(media_id, api=api)


async def meta_account(sandbox: Sandbox, transport: HttpTransport, name: str) -> Live:
    accounts = {a["platform"]: a for a in sandbox.settings()["accounts"]}
    access = Access(
        remote_id=accounts[name]["remote_id"], access_token=accounts[name]["access_token"]
    )
    sandbox.set_option("graph", "probe", value=False)
    return Live(
        platform=require_platform(name), transport=transport, sandbox=sandbox, access=access
    )


async def test_metas_own_client_sees_what_we_changed_and_removed(transport: HttpTransport) -> None:
    errors = import_module("facebook_business.exceptions")
    async with stand_ins() as sandbox:
        live = await meta_account(sandbox, transport, "facebook")
        session = await live.publish()
        await live.do(Operation.EDIT, session, changes={"description": "Other words"})
        video = metas_video(live, session.media_id)
        seen = await asyncio.to_thread(video.api_get, fields=["description", "published"])
        assert (seen["description"], seen["published"]) == ("Other words", True)
        await live.do(Operation.DELETE, session)
        with pytest.raises(errors.FacebookRequestError) as caught:
            await asyncio.to_thread(video.api_get, fields=["id"])
    assert (caught.value.api_error_code(), caught.value.api_error_subcode()) == (100, 33)


async def test_we_see_what_metas_own_client_changed_and_removed(transport: HttpTransport) -> None:
    async with stand_ins() as sandbox:
        live = await meta_account(sandbox, transport, "facebook")
        session = await live.publish()
        video = metas_video(live, session.media_id)
        assert (await live.do(Operation.CHECK, session)).facts["visibility"] == "public"
        await asyncio.to_thread(video.api_delete)
        assert (await live.do(Operation.CHECK, session)).facts["there"] is False
        assert (await live.do(Operation.DELETE, session)).facts == {"there": False}


async def test_metas_own_client_reads_the_reel_that_we_published(transport: HttpTransport) -> None:
    async with stand_ins() as sandbox:
        live = await meta_account(sandbox, transport, "instagram")
        session = await live.publish()
        api = metas_api(sandbox.address("graph"), live.access.access_token)
        media = import_module("facebook_business.adobjects.igmedia").IGMedia(
            session.media_id, api=api
        )
        seen = await asyncio.to_thread(media.api_get, fields=["caption", "permalink"])
        assert seen["permalink"] == session.url
        assert (await live.do(Operation.CHECK, session)).facts["url"] == session.url
        answer = await asyncio.to_thread(media.api_delete)
        assert answer is not None
        assert (await live.do(Operation.CHECK, session)).facts["there"] is False
