"""Small pages for browsers: one sentence, nothing from elsewhere, nothing secret."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from aiohttp import web

from bot.chat.texts import plain, say, spoken

STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;max-width:32em;margin:12vh auto;padding:0 1.2em;"
    "color:#1c2733;background:#fff}h1{font-size:1.35em}p{white-space:pre-line}"
    "@media(prefers-color-scheme:dark){body{color:#e8edf2;background:#17212b}}"
)
_STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
}
"""For every answer of these addresses: what stands in them is for one pair of eyes, once."""


def page(title: str, text: str, *, status: int = 200) -> web.Response:
    """Return a page; title and text are plain and are escaped here."""
    body = (
        f'<!doctype html><html lang="{spoken()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape(title)} · Karvon</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1><p>{escape(text)}</p></main></body></html>"
    )
    return web.Response(text=body, status=status, content_type="text/html", headers=HEADERS)


def sentence_page(title_key: str, html: str, *, status: int = 200) -> web.Response:
    """Return a page for a sentence of the chat."""
    return page(plain(say(title_key)), plain(html), status=status)


def redirect(address: str) -> web.Response:
    """Send a browser elsewhere; built by hand, since aiohttp would decode some of the signs."""
    return web.Response(status=302, headers={**HEADERS, "Location": address})
