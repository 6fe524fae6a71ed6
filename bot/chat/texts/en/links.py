"""Sentences about links and pages of links."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

LINKS: Sentences = {
    "link_private": (
        "{host} is in a private network, and links there are not followed. An admin can add it to "
        "<code>sources.allowed_hosts</code>."
    ),
    "link_folder": "That link leads to a folder. Share the video itself and send that link.",
    "bad_rights": (
        "I do not understand “rights: {given}”. Write <code>rights: mine</code> if you may "
        "publish the video, else leave the line out."
    ),
    "many_mirrors": "Too many mirrors. Name {most} at most.",
    "source_link_private": (
        "the link leads into a private network; an admin can add its host to sources.allowed_hosts"
    ),
    "source_link_folder": "the link leads to a folder; share the video itself",
    "source_link_share_page": (
        "the storage service shows a page instead of the file; let anybody with the link see it, "
        "or try again tomorrow if too many fetched it today"
    ),
    "source_link_no_host": "no server has that name; check the link",
    "source_link_certificate": (
        "the server cannot prove who it is (its certificate is not valid); send another link"
    ),
    "source_link_too_big": (
        "the file is larger than links may be here; an admin can raise sources.max_bytes"
    ),
    "source_link_playlist": (
        "the link leads to a stream in pieces (HLS or DASH), not to one file; send the file"
    ),
    "source_link_rights": (
        "the link leads to a page; if you may publish its video, send the link again with the "
        "line “rights: mine” under it"
    ),
    "source_link_pages_off": (
        "the link leads to a page; an admin can switch on sources.yt_dlp to have pages read, or "
        "send the address of the file itself"
    ),
    "source_link_pages_missing": (
        "pages are read by yt-dlp, which is not installed; an admin can install it with the extra "
        "“pages”"
    ),
    "source_link_page_slow": "the page takes too long to read",
    "source_link_no_video": (
        "no video was found on the page; send the address of the file itself"
    ),
    "source_source_stalled": "the server sends nothing for too long",
    "source_source_damaged": "the file does not match the checksum that its server tells",
}

SENTENCES: Sentences = {**LINKS}
