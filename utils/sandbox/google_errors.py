"""Errors in the shape in which Google's APIs tell them."""

from __future__ import annotations

from typing import Any

from aiohttp import web

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}

GENERIC_REASONS = {
    400: "badRequest",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    405: "httpMethodNotAllowed",
    410: "deleted",
    413: "uploadTooLarge",
    416: "requestedRangeNotSatisfiable",
    429: "rateLimitExceeded",
    500: "internalError",
    503: "backendError",
}

VIDEO = "youtube.video"
PART = "youtube.part"
QUOTA = "youtube.quota"
HEADER = "youtube.header"
THUMBNAIL = "youtube.thumbnail"
CAPTION = "youtube.caption"
GLOBAL = "global"


class ApiError(Exception):
    """A refusal: the HTTP status, and what stands in `errors[0]` of the envelope."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        domain: str = GLOBAL,
        location: str | None = None,
        location_type: str = "other",
        detail: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.domain = domain
        self.location = location
        self.location_type = location_type
        self.detail = detail

    def response(self) -> web.Response:
        row = {"message": self.message, "domain": self.domain, "reason": self.reason}
        if self.location is not None:
            row |= {"location": self.location, "locationType": self.location_type}
        error: dict[str, Any] = {
            "code": self.status,
            "message": self.message,
            "errors": [row],
        }
        if self.status in STATUS_NAMES:
            error["status"] = STATUS_NAMES[self.status]
        if self.detail is not None:
            error["details"] = [self.detail]
        response = web.json_response({"error": error}, status=self.status)
        if self.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/"'
        return response


def generic(status: int, message: str) -> ApiError:
    """Return an error that has no rule of its own."""
    return ApiError(
        status,
        GENERIC_REASONS.get(status, "badRequest" if status < 500 else "backendError"),
        message,
    )


def parameter_error(reason: str, name: str, message: str) -> ApiError:
    """Return the refusal of a query parameter."""
    return ApiError(400, reason, message, location=name, location_type="parameter")


def body_error(reason: str, field: str, message: str) -> ApiError:
    """Return the refusal of a field of a video resource; `field` like `snippet.title`."""
    return ApiError(400, reason, message, domain=VIDEO, location=f"body.{field}")
