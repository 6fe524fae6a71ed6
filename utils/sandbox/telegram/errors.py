"""Refusals of the Bot API, in its own words."""

from __future__ import annotations

from typing import Any

from aiohttp import web

PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    421: "Misdirected Request",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


class TelegramError(Exception):
    """An answer with ``ok: false``; the HTTP status equals the error code."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def response(self) -> web.Response:
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        headers = {}
        if self.parameters:
            body["parameters"] = self.parameters
        if "retry_after" in self.parameters:
            headers["Retry-After"] = str(self.parameters["retry_after"])
        return web.json_response(body, status=self.code, headers=headers)


class FrontError(TelegramError):
    """An answer of the web server in front of the Bot API: HTML instead of JSON."""

    def response(self) -> web.Response:
        title = f"{self.code} {self.description}"
        page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}"
        page += "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
        return web.Response(status=self.code, text=page, content_type="text/html")


def bad_request(text: str) -> TelegramError:
    """Return a 400; codes in capitals stay bare of any lower-casing."""
    return TelegramError(400, f"Bad Request: {text}")


def forbidden(text: str) -> TelegramError:
    return TelegramError(403, f"Forbidden: {text}")


def conflict(text: str) -> TelegramError:
    return TelegramError(409, f"Conflict: {text}")


def too_many(seconds: int, *, is_bare: bool = False) -> TelegramError:
    """Return a 429; a bare one leaves the parameters out, as old proxies do."""
    text = f"Too Many Requests: retry after {seconds}"
    return TelegramError(429, text) if is_bare else TelegramError(429, text, retry_after=seconds)


def too_large() -> TelegramError:
    return FrontError(413, "Request Entity Too Large")
