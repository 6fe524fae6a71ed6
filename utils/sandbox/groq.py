"""A stand-in for Groq: chat completions with structured output, models and transcriptions."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from aiohttp import BodyPartReader, web

from utils.sandbox.groq_text import answer, plain_answer, schema_fault
from utils.sandbox.server import Sandbox, Service

API_KEY = "gsk_sandbox0000000000000000000000000000000000000000000000"
MODELS = {
    "openai/gpt-oss-20b": 131_072,
    "openai/gpt-oss-120b": 131_072,
    "qwen/qwen3.6-27b": 131_072,
    "whisper-large-v3-turbo": 448,
    "whisper-large-v3": 448,
}
DEAD_MODELS = frozenset(
    {
        "llama-3.1-8b-instant",
        "llama-3.3-70b-versatile",
        "qwen/qwen3-32b",
        "meta-llama/llama-4-scout-17b-16e-instruct",
    }
)
EFFORTS = {"openai/": ("low", "medium", "high"), "qwen/": ("none", "default")}
AUDIO_LIMIT_BYTES = 25_000_000
AUDIO_FORMS = frozenset({"json", "text", "verbose_json"})
REASONING_TOKENS = 200
_UNSUPPORTED = ("logprobs", "logit_bias", "top_logprobs")
_MINUTE, _DAY = 60.0, 86_400.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class GroqError(Exception):
    """A refusal in Groq's own words, turned into its answer by ``_guarded``."""

    def __init__(
        self,
        status: int,
        code: str | None,
        message: str,
        *,
        kind: str = "invalid_request_error",
        extra: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.body = {"message": message, "type": kind, "code": code, **(extra or {})}

    def response(self) -> web.Response:
        return web.json_response({"error": self.body}, status=self.status, headers=self.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Audio:
    """What a transcription request carried."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    file_size: int | None = None
    """None when no file was attached."""

    def one(self, name: str, default: str = "") -> str:
        return self.fields.get(name, [default])[0]


class Groq(Service):
    """Groq's OpenAI-shaped API under ``/openai/v1``."""

    name: ClassVar[str] = "groq"

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self._keys = sandbox.collection("groq.keys")
        self._windows = sandbox.collection("groq.windows")
        self._answers = sandbox.collection("groq.answers")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/openai/v1/chat/completions", self._guarded(self._chat)),
            web.get("/openai/v1/models", self._guarded(self._models)),
            web.get("/openai/v1/models/{model:.+}", self._guarded(self._model)),
            web.post("/openai/v1/audio/transcriptions", self._guarded(self._audio)),
            web.post("/openai/v1/audio/translations", self._guarded(self._audio)),
            web.route("*", "/{tail:.*}", self._unknown),
        ]

    async def _unknown(self, request: web.Request) -> web.Response:
        return self.error(404, f"{request.method} {request.path}")

    def step(self, request: web.Request) -> str:
        for part in ("chat", "audio", "models"):
            if request.path.startswith(f"/openai/v1/{part}"):
                return part
        return "unknown"

    def seed(self) -> None:
        if self._keys.get(API_KEY) is None:
            self._keys.put(API_KEY, {"organization": "karvon"})

    def settings(self) -> dict[str, Any]:
        return {"groq": {"api_key": API_KEY}}

    def error(self, status: int, message: str) -> web.Response:
        if status == 404:
            return GroqError(404, "unknown_url", f"Unknown request URL: {message}").response()
        kind = "invalid_request_error" if status < 500 else "internal_server_error"
        return GroqError(status, None, message, kind=kind).response()

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                organization = self._authorize(request)
                response = await handler(request)
            except GroqError as refusal:
                response = refusal.response()
                organization = "karvon"
            response.headers.update(self._rate_headers(organization))
            return response

        return guarded

    def _authorize(self, request: web.Request) -> str:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        known = self._keys.get(key) if scheme == "Bearer" else None
        if known is None or self.sandbox.faults.take(self.name, self.step(request), "revoke"):
            raise GroqError(401, "invalid_api_key", "Invalid API Key")
        return str(known["organization"])

    def _switch(self, name: str, default: Any) -> Any:  # noqa: ANN401 - a switch holds any JSON
        return self.sandbox.options.switch(self.name, name, default)

    async def _models(self, _request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [_model(name) for name in MODELS]})

    async def _model(self, request: web.Request) -> web.Response:
        return web.json_response(_model(_known_model(request.match_info["model"])))

    async def _chat(self, request: web.Request) -> web.Response:
        body = await _json_body(request)
        model = _known_model(body.get("model"))
        _check_chat(model, body)
        if self.sandbox.faults.take(self.name, "chat", "capacity"):
            raise GroqError(498, "capacity_exceeded", "Flex tier capacity exceeded.")
        prompt_tokens = _tokens(json.dumps(body["messages"], ensure_ascii=False))
        self._charge(model, prompt_tokens, body.get("max_completion_tokens") or 0)
        content, finish = self._content(model, body)
        completion = _completion(model, content, finish, prompt_tokens)
        number = self._answers.next_id()
        completion.update(id=f"chatcmpl-{number}", created=int(self.sandbox.clock.now()))
        self._spend_tokens(completion["usage"]["completion_tokens"])
        return web.json_response(completion)

    def _content(self, model: str, body: dict[str, Any]) -> tuple[str, str]:
        limit = body.get("max_completion_tokens") or 8192
        if model.startswith("openai/gpt-oss") and limit < REASONING_TOKENS:
            return "", "length"
        prompt = _last_user_text(body["messages"])
        form = body.get("response_format") or {"type": "text"}
        if form["type"] == "text":
            return plain_answer(prompt), "stop"
        if form["type"] == "json_object":
            free = {key: {"type": "string"} for key in ("title", "description")}
            return json.dumps(answer({"type": "object", "properties": free}, prompt)), "stop"
        self._maybe_fail(form["json_schema"])
        filled = answer(form["json_schema"]["schema"], prompt)
        return json.dumps(filled, ensure_ascii=False), "stop"

    def _maybe_fail(self, asked: dict[str, Any]) -> None:
        """Refuse every tenth answer that is not made under constrained decoding."""
        if asked.get("strict"):
            return
        tries = self.sandbox.collection("groq.best_effort").next_id()
        if tries % self._switch("best_effort_fails_every", 10) == 0:
            raise GroqError(
                400,
                "json_validate_failed",
                "Failed to validate JSON. Please adjust your prompt.",
                extra={"failed_generation": '{"title": '},
            )

    def _charge(self, model: str, prompt_tokens: int, asked_tokens: int) -> None:
        """Count a request against the organization's windows, or refuse it."""
        limit = int(self._switch("tokens_per_minute", 8_000))
        if not self._switch("rate_limits", True):
            return
        if prompt_tokens + asked_tokens > limit:
            message = f"Request too large for model `{model}`: limit {limit} tokens per minute."
            raise GroqError(413, "rate_limit_exceeded", message, kind="tokens")
        for name, most, seconds, cost in (
            ("requests_per_minute", 30, _MINUTE, 1),
            ("requests_per_day", 1_000, _DAY, 1),
            ("tokens_per_minute", 8_000, _MINUTE, prompt_tokens),
        ):
            used, resets_in = self._window(name, seconds)
            if used + cost > int(self._switch(name, most)):
                raise _limited(model, name, resets_in)
        for name, cost in (("requests_per_minute", 1), ("requests_per_day", 1)):
            self._add(name, cost)
        self._spend_tokens(prompt_tokens)

    def _spend_tokens(self, count: int) -> None:
        self._window("tokens_per_minute", _MINUTE)
        self._add("tokens_per_minute", count)

    def _window(self, name: str, seconds: float) -> tuple[int, float]:
        """Return (what is used, seconds until the window opens again); opens it when due."""
        now = self.sandbox.clock.now()
        row = self._windows.get(name)
        if row is None or now >= row["started"] + seconds:
            row = {"started": now, "used": 0}
            self._windows.put(name, row)
        return int(row["used"]), float(row["started"]) + seconds - now

    def _add(self, name: str, count: int) -> None:
        row = self._windows.get(name) or {"started": self.sandbox.clock.now(), "used": 0}
        self._windows.put(name, {**row, "used": row["used"] + count})

    def _rate_headers(self, _organization: str) -> dict[str, str]:
        headers: dict[str, str] = {}
        for name, window, most, seconds in (
            ("requests", "requests_per_day", 1_000, _DAY),
            ("tokens", "tokens_per_minute", 8_000, _MINUTE),
        ):
            used, resets_in = self._window(window, seconds)
            limit = int(self._switch(window, most))
            headers[f"x-ratelimit-limit-{name}"] = str(limit)
            headers[f"x-ratelimit-remaining-{name}"] = str(max(0, limit - used))
            headers[f"x-ratelimit-reset-{name}"] = _odd_duration(resets_in if used else 0.0)
        return headers

    async def _audio(self, request: web.Request) -> web.Response:
        audio = await self._read_audio(request)
        model = _known_model(audio.one("model"))
        translates = request.path.endswith("translations")
        _check_audio(model, audio, translates=translates)
        form = audio.one("response_format", "json")
        text = plain_answer(audio.one("prompt", "spoken words of the recording"))
        if form == "text":
            return web.Response(text=text)
        if form == "json":
            return web.json_response({"text": text})
        return web.json_response(_verbose(text, audio.fields))

    async def _read_audio(self, request: web.Request) -> _Audio:
        if not request.content_type.startswith("multipart/"):
            raise GroqError(400, None, "request Content-Type isn't multipart/form-data")
        fields: dict[str, list[str]] = {}
        size: int | None = None
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.name == "file":
                size = await _drain(part)
            else:
                fields.setdefault(str(part.name), []).append(await part.text())
        return _Audio(fields=fields, file_size=size)


async def _drain(part: BodyPartReader) -> int:
    size = 0
    while chunk := await part.read_chunk(65_536):
        size += len(chunk)
        if size > AUDIO_LIMIT_BYTES:
            raise GroqError(413, "request_too_large", "Request Entity Too Large")
    return size


async def _json_body(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise GroqError(415, None, "Content-Type must be application/json")
    try:
        body = await request.json()
    except ValueError as error:
        raise GroqError(400, None, "could not parse the body as JSON") from error
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
        raise GroqError(400, None, "'messages' : property 'messages' is missing")
    if not body["messages"] or not all(isinstance(one, dict) for one in body["messages"]):
        raise GroqError(400, None, "'messages' : minimum number of items is 1")
    return body


def _known_model(name: Any) -> str:  # noqa: ANN401 - checked here
    if not isinstance(name, str) or not name:
        raise GroqError(400, None, "property 'model' is missing")
    if name in DEAD_MODELS:
        message = f"The model `{name}` has been decommissioned and is no longer supported."
        raise GroqError(400, "model_decommissioned", message)
    if name not in MODELS:
        message = f"The model `{name}` does not exist or you do not have access to it."
        raise GroqError(404, "model_not_found", message)
    return name


def _check_chat(model: str, body: dict[str, Any]) -> None:
    if model.startswith("whisper"):
        raise GroqError(400, None, f"The model `{model}` does not support chat completions")
    if body.get("n", 1) != 1:
        raise GroqError(400, None, "'n' : number must be at most 1")
    for name in _UNSUPPORTED:
        if body.get(name):
            raise GroqError(400, None, f"property '{name}' is unsupported")
    stops = body.get("stop")
    if isinstance(stops, list) and len(stops) > 4:
        raise GroqError(400, None, "'stop' : maximum number of items is 4")
    if body.get("stream"):
        raise GroqError(400, None, "streaming is not offered here")
    _check_effort(model, body.get("reasoning_effort"))
    _check_form(model, body.get("response_format"))


def _check_effort(model: str, effort: str | None) -> None:
    allowed = next(words for start, words in EFFORTS.items() if model.startswith(start))
    if effort is not None and effort not in allowed:
        raise GroqError(400, None, f"'reasoning_effort' : value must be one of {allowed}")


def _check_form(model: str, form: Any) -> None:  # noqa: ANN401 - checked here
    if form is None:
        return
    if not isinstance(form, dict) or form.get("type") not in {
        "text",
        "json_object",
        "json_schema",
    }:
        raise GroqError(400, None, "'response_format.type' : unknown value")
    if form["type"] != "json_schema":
        return
    asked = form.get("json_schema")
    if not isinstance(asked, dict) or not asked.get("name"):
        raise GroqError(400, None, "'response_format.json_schema.name' is missing")
    if not isinstance(asked.get("schema"), dict):
        raise GroqError(400, None, "'response_format.json_schema.schema' is missing")
    if not asked.get("strict"):
        return
    if not model.startswith("openai/gpt-oss"):
        raise GroqError(400, None, f"The model `{model}` does not support strict json_schema")
    fault = schema_fault(asked["schema"])
    if fault:
        message = f"invalid JSON schema for response_format: '{asked['name']}': {fault}"
        raise GroqError(400, None, message)


def _check_audio(model: str, audio: _Audio, *, translates: bool) -> None:
    if not model.startswith("whisper"):
        raise GroqError(400, None, f"The model `{model}` does not support audio")
    if translates and model != "whisper-large-v3":
        raise GroqError(400, None, f"The model `{model}` does not support translation")
    if audio.file_size is None and not audio.one("url"):
        raise GroqError(400, None, "one of `file` or `url` must be provided")
    form = audio.one("response_format", "json")
    if form not in AUDIO_FORMS:
        raise GroqError(400, None, f"response_format must be one of {sorted(AUDIO_FORMS)}")
    if audio.fields.get("timestamp_granularities[]") and form != "verbose_json":
        raise GroqError(400, None, "timestamp_granularities needs response_format verbose_json")


def _limited(model: str, window: str, resets_in: float) -> GroqError:
    kind = window.split("_", 1)[0]
    message = (
        f"Rate limit reached for model `{model}` on {window}."
        f" Please try again in {_odd_duration(resets_in)}."
    )
    wait = {"retry-after": str(int(resets_in) + 1)}
    return GroqError(429, "rate_limit_exceeded", message, kind=kind, headers=wait)


def _odd_duration(seconds: float) -> str:
    """Return seconds the way Groq writes them: ``2m59.56s``, ``7.66s``, ``120ms``."""
    if seconds < 1:
        return f"{seconds * 1000:.0f}ms"
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    text = f"{int(hours)}h" if hours else ""
    text += f"{int(minutes)}m" if hours or minutes else ""
    return f"{text}{rest:.2f}s".replace(".00s", "s")


def _last_user_text(messages: list[dict[str, Any]]) -> str:
    said = [one.get("content") for one in messages if one.get("role") == "user"]
    last = said[-1] if said else ""
    if isinstance(last, list):
        return " ".join(str(part.get("text", "")) for part in last)
    return str(last or "")


def _tokens(text: str) -> int:
    return max(1, len(text) // 4)


def _model(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "object": "model",
        "created": 1_754_407_957,
        "owned_by": name.partition("/")[0],
        "active": True,
        "context_window": MODELS[name],
    }


def _completion(model: str, content: str, finish: str, prompt_tokens: int) -> dict[str, Any]:
    completion_tokens = _tokens(content) + REASONING_TOKENS // 2
    message = {"role": "assistant", "content": content}
    return {
        "object": "chat.completion",
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
        },
    }


def _verbose(text: str, fields: dict[str, list[str]]) -> dict[str, Any]:
    segment = {
        "id": 0,
        "seek": 0,
        "start": 0.0,
        "end": 2.0,
        "text": text,
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": -0.2,
        "compression_ratio": 1.2,
        "no_speech_prob": 0.01,
    }
    told: dict[str, Any] = {"text": text, "language": "english", "duration": 2.0}
    kinds = fields.get("timestamp_granularities[]", ["segment"])
    if "segment" in kinds:
        told["segments"] = [segment]
    if "word" in kinds:
        words = text.split()
        pace = 2.0 / len(words)
        told["words"] = [
            {"word": word, "start": n * pace, "end": (n + 1) * pace}
            for n, word in enumerate(words)
        ]
    return told
