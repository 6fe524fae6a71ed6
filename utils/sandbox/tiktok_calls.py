"""What the calls of the TikTok stand-in have in common: scopes, bodies and fields."""

from __future__ import annotations

from aiohttp import web

from utils.sandbox.tiktok_state import JSON, TikTokError


def require_scope(token: JSON, *scopes: str) -> None:
    """Refuse a token that has none of these scopes.

    Raises:
        TikTokError: 401 scope_not_authorized.
    """
    if not set(scopes) & set(token["scopes"]):
        raise TikTokError(401, "scope_not_authorized", f"needs {' or '.join(scopes)}")


async def read_object(request: web.Request) -> JSON:
    """Return the JSON object of a body.

    Raises:
        TikTokError: when it is none.
    """
    try:
        body = await request.json()
    except ValueError as error:
        raise TikTokError(400, "invalid_params", "the body is no JSON") from error
    if not isinstance(body, dict):
        raise TikTokError(400, "invalid_params", "the body is no object")
    return body


def read_fields(request: web.Request, known: frozenset[str]) -> list[str]:
    """Return the names in the query parameter `fields`, also of a POST.

    Raises:
        TikTokError: when there is none, or one is unknown.
    """
    fields = [name for name in request.query.get("fields", "").split(",") if name]
    if not fields:
        raise TikTokError(400, "invalid_params", "fields is missing")
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise TikTokError(400, "invalid_params", f"no such field: {unknown[0]}")
    return fields
