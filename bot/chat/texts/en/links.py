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

PAGES: Sentences = {
    "cmd_scrape": "publish the videos of a page",
    "scrape_usage": (
        "Write <code>/scrape https://example.org/videos</code>, the address of a page, a feed or "
        "a sitemap. Lines such as <code>to: youtube</code> may follow."
    ),
    "scrape_videos": {"one": "one video", "other": "{count} videos"},
    "scrape_pages": {"one": "one page", "other": "{count} pages"},
    "scrape_reading": "🔎 Looking at {host}: {pages} read, {videos} found so far.",
    "scrape_reading_first": "🔎 Looking at {host} …",
    "scrape_failed": "⚠️ {host}: {why}",
    "scrape_nothing": (
        "🔎 {host}: I found no video that I can fetch ({pages} read). Send the address of another "
        "page, or a link to the video itself."
    ),
    "scrape_head": "🔎 <b>{host}</b>: {videos}, {new} new ({pages} read)",
    "scrape_titled": "🔎 <b>{title}</b> · {host}: {videos}, {new} new ({pages} read)",
    "scrape_row": "{mark} {number}. {title}{facts}",
    "scrape_picked_mark": "☑️",
    "scrape_free_mark": "▫️",
    "scrape_row_facts": " · {facts}",
    "scrape_row_seen": "✓ taken before",
    "scrape_row_no_size": "size unknown",
    "scrape_page": "Page {page} of {pages}",
    "scrape_streams": {
        "one": "One stream (HLS or DASH) is left out: it is no file.",
        "other": "{count} streams (HLS or DASH) are left out: they are no files.",
    },
    "scrape_broken": {
        "one": "One link is left out: it cannot be fetched.",
        "other": "{count} links are left out: they cannot be fetched.",
    },
    "scrape_picked": "<b>{videos}</b> chosen, {size}",
    "scrape_picked_some": "<b>{videos}</b> chosen, {size} and {unknown} of unknown size",
    "scrape_picked_none": "Nothing is chosen yet. Choose below, then press go.",
    "scrape_sizes": "Choose the largest size. Only new videos of a known size are taken.",
    "scrape_sizes_none": "No new video has a known size. Choose in another way.",
    "scrape_ask_pattern": (
        "Reply to this message with a part of the name, or with a pattern such as "
        "<code>*trailer*.mp4</code>. Several lines are several patterns."
    ),
    "scrape_pattern": "I do not understand the pattern “{given}”. Write a part of the name.",
    "scrape_size": "I do not understand the size “{given}”. Write 200MB or 1.5GB.",
    "scrape_matched_none": "No video matches. Reply with another pattern.",
    "scrape_left": "🔎 {host}: left as it is. /scrape looks again.",
    "scrape_unknown": "I do not know that list any more. Look again with /scrape.",
    "scrape_closed": "That list is closed. Look again with /scrape.",
    "scrape_nothing_picked": "Nothing is chosen. Choose some videos first.",
    "scrape_many": "I look at {most} pages for you already. Wait until one of them is done.",
    "button_scrape_number": "{number}",
    "button_scrape_number_on": "✓ {number}",
    "button_scrape_all": "All",
    "button_scrape_new": "Only new",
    "button_scrape_none": "None",
    "button_scrape_size": "By size",
    "button_scrape_match": "By name",
    "button_scrape_up_to": "≤ {size} ({videos})",
    "button_scrape_back": "◀ Back",
    "button_scrape_earlier": "◀",
    "button_scrape_later": "▶",
    "button_scrape_parallel": "⇉ Side by side",
    "button_scrape_sequential": "→ One by one",
    "button_scrape_go": "🚀 Go ({videos})",
    "button_scrape_leave": "Leave",
    "button_scrape_cancel": "✖ Cancel the rest",
    "button_scrape_again": "🔎 Look again",
}

PULLS: Sentences = {
    "pull_head_pulling": "⬇️ <b>{host}</b>: {ended} of {links} done",
    "pull_head_cancelling": "✖ <b>{host}</b>: cancelling, {ended} of {links} done",
    "pull_head_done": "✅ <b>{host}</b>: {ended} of {links} done",
    "pull_head_mixed": "⚠️ <b>{host}</b>: {ended} of {links} done",
    "pull_head_cancelled": "✖ <b>{host}</b>: cancelled, {ended} of {links} done",
    "pull_head_failed": "⚠️ <b>{host}</b>: stopped, {ended} of {links} done",
    "pull_live": "{count} live",
    "pull_partly": "{count} live in some places only",
    "pull_there": {"one": "1 was there already", "other": "{count} were there already"},
    "pull_running": "{count} on the way",
    "pull_waiting": "{count} not begun",
    "pull_failed": "{count} failed – /retry failed tries them again",
    "pull_cancelled": "{count} cancelled",
    "pull_refused": "{count} not taken",
    "pull_left": "{count} left out",
    "pull_asking": {
        "one": "1 question waits for you – /waiting shows it",
        "other": "{count} questions wait for you – /waiting shows them",
    },
    "pull_bytes": "{fetched} of {size} fetched, {sent} sent",
    "pull_bytes_open": "{fetched} fetched, {sent} sent",
    "pull_refusal": "• {title}: {why}",
    "pull_note": "Why it stopped: {why}",
    "pull_place": (
        "I do not know the place {given} in that caption. I know {known}, each in braces."
    ),
    "pull_internal": "an internal error; the log says more",
}

FINDINGS: Sentences = {
    "scrape_finding_page_bad_url": "that is no web address",
    "scrape_finding_page_private": (
        "it leads to a private network, where I follow no links; an admin can allow the host in "
        "<code>sources.allowed_hosts</code>"
    ),
    "scrape_finding_page_gone": "a page is not there (any more)",
    "scrape_finding_page_forbidden": "a page is not open to everybody",
    "scrape_finding_page_status": "a page answers with {status} instead of its content",
    "scrape_finding_page_unavailable": "the server has trouble ({status}); try again later",
    "scrape_finding_page_unreachable": "the server cannot be reached; check the address",
    "scrape_finding_page_busy": "the server wants to be left alone for {wait} s; try again then",
    "scrape_finding_page_slow": "a page takes too long",
    "scrape_finding_page_broken": "a page is damaged",
    "scrape_finding_page_redirects": "a page leads on and on to other addresses",
    "scrape_finding_page_type": "it is no page but {type}; send the address of a page",
    "scrape_finding_page_encoded": "a page comes packed in a way that I cannot read",
    "scrape_finding_page_entities": (
        "a feed defines its own entities, which I do not read for safety"
    ),
    "scrape_finding_page_cut": "a page is very large or broke off; I read its beginning",
    "scrape_finding_robots_forbid": "the site asks programs to keep out (robots.txt)",
    "scrape_finding_robots_unknown": (
        "the site's robots.txt cannot be read, so nothing there is; try again later"
    ),
    "scrape_finding_look_pages": (
        "there are more pages; an admin can raise <code>scrape.pages</code>"
    ),
    "scrape_finding_look_links": "there are more videos than I keep of one look",
    "scrape_finding_look_long": "it took too long; what was found until then is here",
    "scrape_finding_look_stopped": "several pages in a row cannot be read, so I stopped",
}

SENTENCES: Sentences = {**LINKS, **PAGES, **PULLS, **FINDINGS}
