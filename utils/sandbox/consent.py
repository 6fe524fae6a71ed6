"""The page on which a person allows or refuses what an application asks for."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from aiohttp import web

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:16px system-ui;max-width:30em;margin:3em auto;padding:0 1em}}
button{{font:inherit;padding:.6em 1.4em;margin:1em 1em 0 0}}label{{display:block}}</style>
</head><body><h1>{title}</h1>{body}</body></html>"""


def consent_page(service: str, request: web.Request, scopes: Sequence[str]) -> web.Response:
    """Ask the person; the answer comes back to the same address as ``decision``."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in request.query.items()
    )
    boxes = "".join(
        f'<label><input type="checkbox" name="granted" value="{escape(scope)}" checked>'
        f" {escape(scope)}</label>"
        for scope in scopes
    )
    body = (
        f'<p>An application asks for:</p><form method="get">{hidden}{boxes}'
        '<button name="decision" value="allow">Allow</button>'
        '<button name="decision" value="deny">Deny</button></form>'
    )
    page = _PAGE.format(title=escape(f"{service} (stand-in)"), body=body)
    return web.Response(text=page, content_type="text/html")


def error_page(message: str) -> web.Response:
    """Say what is wrong to the person; nothing is sent back to the application."""
    body = f"<p>{escape(message)}</p>"
    page = _PAGE.format(title="Something went wrong", body=body)
    return web.Response(status=400, text=page, content_type="text/html")


def redirect(address: str, parameters: dict[str, str], tail: str = "") -> web.Response:
    """Send the browser back, every sign of the parameters percent-encoded."""
    # Built by hand: aiohttp's own redirect would decode some of the signs again.
    location = f"{address}?{urlencode(parameters)}{tail}"
    return web.Response(status=302, headers={"Location": location})
