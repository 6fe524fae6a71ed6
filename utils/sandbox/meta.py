"""What Meta's two Graph hosts have in common: calls, tokens, usage headers and errors."""

from __future__ import annotations

import json
import re
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import IO, Any

from aiohttp import web

from utils.sandbox.server import Sandbox
from utils.sandbox.telegram.multipart import MultipartError, MultipartParser, PartHead

JSON = dict[str, Any]

DAY = 86_400.0
HOUR = 3_600.0
OLDEST_VERSION, NEWEST_VERSION = 21, 26
VERSION = r"{version:v\d+\.\d+}"
SPOOL_BYTES = 1024 * 1024
FIRST_WAIT_MINUTES = 5
EXPIRED = 463
BUSINESS_CODES = {"pages": 80001, "instagram": 80002}

_UNSIGNED = re.compile(r"\d+")


class GraphError(Exception):
    """A refusal in the shape of the Graph API."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = 400,
        kind: str = "OAuthException",
        transient: bool = False,
        title: str = "",
        data: JSON | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.body: JSON = {"message": message, "type": kind, "code": code}
        if subcode is not None:
            self.body["error_subcode"] = subcode
        self.body["is_transient"] = transient
        if title:
            self.body.update(error_user_title=title, error_user_msg=message)
        if data is not None:
            self.body["error_data"] = data

    def response(self) -> web.Response:
        trace = uuid.uuid4().hex[:16]
        error = {**self.body, "fbtrace_id": f"A{trace}"}
        return web.json_response({"error": error}, status=self.status)


def missing(name: str) -> GraphError:
    return GraphError(100, f"(#100) The parameter {name} is required")


def not_there(node: str) -> GraphError:
    """Say what is said both of things that do not exist and of things of others."""
    message = (
        f"Unsupported request. Object with ID '{node}' does not exist, cannot be loaded due to"
        " missing permissions, or does not support this operation"
    )
    return GraphError(100, message, subcode=33, kind="GraphMethodException")


@dataclass(slots=True, kw_only=True)
class Call:
    """One request to a Graph host, with its parameters and who makes it."""

    face: str
    """The service that was called: ``graph`` or ``instagram``."""
    request: web.Request
    version: str
    params: dict[str, Any]
    access: str
    token: JSON
    files: dict[str, IO[bytes]] = field(default_factory=dict)
    """Parts of a multipart form that carry a file name, rewound."""
    business: tuple[str, str] | None = None
    """Id and type (``pages`` or ``instagram``) of whom the call is counted against."""

    def require(self, name: str) -> str:
        value = self.params.get(name)
        if value in (None, ""):
            raise missing(name)
        return str(value)

    def number(self, name: str) -> int:
        """Return a parameter that must be a whole number not below 0."""
        value = self.require(name)
        if not _UNSIGNED.fullmatch(value):
            raise GraphError(100, f"(#100) Param {name} must be an integer")
        return int(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.params.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in {"true", "1"}

    def items(self, name: str) -> list[Any]:
        """Return a list that may come as JSON text or as names between commas."""
        value = self.params.get(name, [])
        if isinstance(value, list):
            return value
        text = str(value).strip()
        found = json.loads(text) if text.startswith("[") else text.split(",")
        return [one for one in found if one != ""]

    def require_scopes(self, *scopes: str, code: int = 10) -> None:
        lacking = [scope for scope in scopes if scope not in self.token["scopes"]]
        if lacking:
            told = f"(#{code}) Requires {', '.join(lacking)} permission"
            raise GraphError(code, told)


Handler = Callable[[Call], Awaitable[Any]]


class MetaState:
    """The collections that Meta's stand-ins share."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.apps = sandbox.collection("meta.apps")
        self.tokens = sandbox.collection("meta.tokens")
        self.codes = sandbox.collection("meta.codes")
        self.users = sandbox.collection("meta.users")
        self.pages = sandbox.collection("meta.pages")
        self.ig_users = sandbox.collection("meta.ig_users")
        self.containers = sandbox.collection("meta.containers")
        self.media = sandbox.collection("meta.media")
        self.videos = sandbox.collection("meta.videos")
        self.usage = sandbox.collection("meta.usage")
        self._declined = sandbox.collection("meta.declined")
        self._ids = sandbox.collection("meta.ids")

    def now(self) -> float:
        return self.sandbox.clock.now()

    def switch(self, service: str, name: str, default: Any) -> Any:  # noqa: ANN401 - any JSON
        return self.sandbox.options.switch(service, name, default)

    def new_id(self, first: int) -> str:
        """Return a digit string longer than 53 bits."""
        return str(first + self._ids.next_id())

    def token_of(self, access: str) -> JSON:
        """Return a living token.

        Raises:
            GraphError: 190, with the subcode that says why it is dead.
        """
        token = self.tokens.get(access)
        if token is None:
            status = int(self.switch("graph", "auth_status", 400))
            raise GraphError(190, "Invalid OAuth access token.", status=status)
        subcode = self.dead_subcode(token)
        if subcode is not None:
            status = int(self.switch("graph", "auth_status", 400))
            message = "Error validating access token: the session is no longer valid."
            raise GraphError(190, message, subcode=subcode, status=status)
        return token

    def dead_subcode(self, token: JSON) -> int | None:
        """Return the subcode that says why a token is dead, None while it lives."""
        dead: int | None = token.get("dead_subcode")
        if dead is None and token["expires_at"] is not None and token["expires_at"] <= self.now():
            return EXPIRED
        return dead

    def kill(self, access: str, subcode: int) -> None:
        """Let a token die for a reason; one that is unknown stays so."""
        token = self.tokens.get(access)
        if token is not None:
            self.tokens.put(access, {**token, "dead_subcode": subcode})

    def kill_where(self, subcode: int, **facts: object) -> None:
        """Let all tokens die that have these facts, like a `user_id`."""
        for access, token in self.tokens.items():
            if all(token[name] == value for name, value in facts.items()):
                self.kill(access, subcode)

    def linked(self, pages: Iterable[str]) -> list[str]:
        """Return the Instagram accounts that are linked to Pages."""
        found = ((self.pages.get(page_id) or {}).get("ig_id") for page_id in pages)
        return [ig_id for ig_id in found if ig_id]

    def declined(self, user_id: str, app_id: str) -> list[str]:
        """Return the permissions that a person declined to an application."""
        row = self._declined.get(f"{user_id}/{app_id}")
        return [] if row is None else list(row["scopes"])

    def note_declined(
        self, user_id: str, app_id: str, declined: Iterable[str], granted: Iterable[str]
    ) -> None:
        kept = {*self.declined(user_id, app_id), *declined} - set(granted)
        self._declined.put(f"{user_id}/{app_id}", {"scopes": sorted(kept)})

    def charge(self, key: str, budget: int, seconds: float) -> tuple[int, int]:
        """Count a call; return (percent used, minutes to wait, 0 when the call may go on).

        Whoever calls on while blocked is blocked for longer.
        """
        now = self.now()
        row = self.usage.get(key)
        if (
            row is None
            or now >= row["started"] + seconds
            or (row["blocked_until"] and row["blocked_until"] <= now)
        ):
            row = {"started": now, "count": 0, "blocked_until": 0.0}
        row["count"] += 1
        if row["blocked_until"]:
            row["blocked_until"] += 60.0
        elif row["count"] > budget:
            row["blocked_until"] = now + FIRST_WAIT_MINUTES * 60.0
        self.usage.put(key, row)
        wait = max(0.0, row["blocked_until"] - now)
        return min(100, row["count"] * 100 // budget), int(-(-wait // 60))


class Face:
    """One Graph host: checks what is the same for all of its calls.

    Switches: ``app_calls`` (an hour) and ``business_calls`` (a day) are the budgets;
    ``app_usage`` and ``business_usage`` are objects that are laid over the usage headers.
    """

    def __init__(self, state: MetaState, service: str, kinds: frozenset[str]) -> None:
        self._state = state
        self._service = service
        self._kinds = kinds

    def call(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Wrap a handler: parameters, version, token, limits, headers, errors."""

        async def answered(request: web.Request) -> web.Response:
            business: tuple[str, str] | None = None
            try:
                call = await self._read(request)
                self._charge_app(call)
                try:
                    response = web.json_response(await handler(call))
                finally:
                    business = call.business
                    for file in call.files.values():
                        file.close()
            except GraphError as refusal:
                response = refusal.response()
            response.headers.update(self._usage_headers(business))
            return response

        return answered

    def charge_business(self, call: Call, business_id: str, kind: str) -> None:
        """Count a call against the account that it is about.

        Raises:
            GraphError: 80001 or 80002 when the account's budget is used up.
        """
        call.business = (business_id, kind)
        budget = int(self._state.switch(self._service, "business_calls", 1_000_000))
        _, wait = self._state.charge(f"business:{business_id}", budget, DAY)
        if wait:
            message = "There have been too many calls to this account. Wait a bit and try again."
            raise GraphError(BUSINESS_CODES[kind], message)

    async def _read(self, request: web.Request) -> Call:
        version = request.match_info.get("version", f"v{NEWEST_VERSION}.0")
        self._require_version(version)
        params, files = await read_params(self._state.sandbox, request)
        if "date_format" in params:
            raise GraphError(100, "(#100) date_format is not supported")
        access = _access_token(request, params)
        return Call(
            face=self._service,
            request=request,
            version=version,
            params=params,
            access=access,
            token=self._token(access, request),
            files=files,
        )

    def _require_version(self, version: str) -> None:
        if not is_known_version(self._state, self._service, version):
            raise GraphError(2635, f"(#2635) You are calling a deprecated version {version}.")

    def _token(self, access: str, request: web.Request) -> JSON:
        if not access:
            raise GraphError(190, "An access token is required to request this resource.")
        service = self._state.sandbox.services[self._service]
        step, also = service.step(request), service.also(request)
        ordered = self._state.sandbox.faults.take(self._service, step, "expire_token", *also)
        if ordered is not None:
            self._state.kill(access, int(ordered.number("subcode", EXPIRED)))
        token = self._state.token_of(access)
        if token["kind"] not in self._kinds:
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
        return token

    def _charge_app(self, call: Call) -> None:
        budget = int(self._state.switch(self._service, "app_calls", 1_000_000))
        _, wait = self._state.charge(f"app:{self._service}", budget, HOUR)
        if wait:
            raise GraphError(4, "(#4) Application request limit reached", transient=True)

    def _usage_headers(self, business: tuple[str, str] | None) -> dict[str, str]:
        usage = self._state.usage.get(f"app:{self._service}") or {"count": 0}
        budget = int(self._state.switch(self._service, "app_calls", 1_000_000))
        share = min(100, usage["count"] * 100 // budget)
        told = {"call_count": share, "total_time": share // 2, "total_cputime": share // 2}
        told |= self._state.switch(self._service, "app_usage", {})
        headers = {"X-App-Usage": json.dumps(told)}
        if business is None:
            return headers
        business_id, kind = business
        row = self._state.usage.get(f"business:{business_id}") or {"count": 0, "blocked_until": 0}
        budget = int(self._state.switch(self._service, "business_calls", 1_000_000))
        share = min(100, row["count"] * 100 // budget)
        wait = max(0.0, row["blocked_until"] - self._state.now())
        detail = {
            "type": kind,
            "call_count": share,
            "total_cputime": share // 2,
            "total_time": share // 2,
            "estimated_time_to_regain_access": int(-(-wait // 60)),
        }
        detail |= self._state.switch(self._service, "business_usage", {})
        headers["X-Business-Use-Case-Usage"] = json.dumps({business_id: [detail]})
        return headers


def is_known_version(state: MetaState, service: str, version: str) -> bool:
    """Tell whether a version is served: the living ones, on request also those before."""
    major = int(version[1:].partition(".")[0])
    if OLDEST_VERSION <= major <= NEWEST_VERSION and version.endswith(".0"):
        return True
    return bool(state.switch(service, "old_versions", "refuse") != "refuse")


def _access_token(request: web.Request, params: JSON) -> str:
    scheme, _, access = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        return access
    return str(params.get("access_token", ""))


async def read_params(
    sandbox: Sandbox, request: web.Request
) -> tuple[dict[str, Any], dict[str, IO[bytes]]]:
    """Return the parameters of a request, wherever they stand, and the files of its form."""
    params: dict[str, Any] = dict(request.query)
    if not request.can_read_body and not request.body_exists:
        return params, {}
    if request.content_type == "multipart/form-data":
        fields, files = await _read_multipart(sandbox, request)
        return {**params, **fields}, files
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError as error:
            raise GraphError(100, "(#100) The body is no JSON") from error
        return {**params, **(body if isinstance(body, dict) else {})}, {}
    return {**params, **{name: str(value) for name, value in (await request.post()).items()}}, {}


async def _read_multipart(
    sandbox: Sandbox, request: web.Request
) -> tuple[dict[str, Any], dict[str, IO[bytes]]]:
    fields: dict[str, bytearray] = {}
    files: dict[str, IO[bytes]] = {}

    def begin(part: PartHead) -> Callable[[bytes], object]:
        if part.filename is None:
            return fields.setdefault(part.name, bytearray()).extend
        # Closed by whoever made the call, when it has been answered.
        spool = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115
        files[part.name] = spool
        return spool.write

    boundary = str(request.headers["Content-Type"]).partition("boundary=")[2].strip('" ')
    parser = MultipartParser(boundary, lambda part: _sink(begin(part)))
    try:
        async for piece in sandbox.stream_body(request):
            parser.feed(piece)
        parser.close()
    except MultipartError as error:
        raise GraphError(100, f"(#100) {error}") from error
    for file in files.values():
        file.seek(0)
    return {name: bytes(value).decode() for name, value in fields.items()}, files


def _sink(write: Callable[[bytes], object]) -> Callable[[bytes], None]:
    def store(data: bytes) -> None:
        write(data)

    return store


_FIELD = re.compile(r"([\w.()]+)(\{[^{}]*(?:\{[^{}]*\})?[^{}]*\})?")


def select(node: JSON, call: Call, default: tuple[str, ...] = ("id",)) -> JSON:
    """Return the asked fields of a node, and always its id.

    A value of None is left out, as the Graph API leaves out what is not set.

    Raises:
        GraphError: 100 when a field does not exist.
    """
    asked = call.params.get("fields")
    return pick(node, str(asked) if asked else ",".join(default))


def pick(node: JSON, fields: str) -> JSON:
    picked: JSON = {}
    for name, inner in _FIELD.findall(fields):
        plain = name.partition(".")[0]
        if plain not in node:
            raise GraphError(100, f"(#100) Tried accessing nonexisting field ({plain})")
        value = node[plain]
        if inner and isinstance(value, dict):
            value = pick(value, inner[1:-1])
        if value is not None:
            picked[plain] = value
    return {**picked, "id": node["id"]} if "id" in node else picked


def unsigned(text: str | None) -> int | None:
    """Return the number a header holds, or None when it is none."""
    return int(text) if text is not None and _UNSIGNED.fullmatch(text.strip()) else None
