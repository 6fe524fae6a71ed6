"""Sentences about options of platforms in captions."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSALS: Sentences = {
    "bad_option": (
        "“{given}” does not go with <b>{key}:</b>. It takes: {known}.\n{help}\nCorrect the line "
        "and send it again."
    ),
    "option_nowhere": (
        "{targets} cannot do <b>{key}:</b>. Only {owners} can. Leave the line out, or add such a "
        "target with <code>to:</code>."
    ),
}

HELP: Sentences = {
    "help_options": (
        "<b>More lines for a caption.</b> Behind each: who has it. The others ignore it, and the "
        "card says so."
    ),
    "help_option": "{line} <i>{owners}</i>",
    "option_category": "<code>category: Education</code> – the category, by name or number",
    "option_playlist": "<code>playlist: PL…</code> – puts the video into this list of yours",
    "option_kids": "<code>kids: yes</code> – made for children",
    "option_ai": "<code>ai: yes</code> – shows that it was made or changed by AI",
    "option_notify": "<code>notify: no</code> – does not tell the subscribers",
    "option_language": "<code>language: en</code> – the language of title and description",
    "option_license": "<code>license: creativecommon</code> – or youtube",
    "option_embed": "<code>embed: no</code> – other sites may not show it",
    "option_title": "<code>title.de: …</code> – the title in another language",
    "option_text": "<code>text.de: …</code> – the description in another language",
    "option_comments": "<code>comments: no</code> – nobody may comment",
    "option_duet": "<code>duet: no</code> – nobody may make a duet",
    "option_stitch": "<code>stitch: no</code> – nobody may stitch it",
    "option_brand": (
        "<code>brand: own</code> – advertises your own brand; paid: a partner pays; both, none"
    ),
    "option_draft": "<code>draft: yes</code> – only as a draft, you publish it in the app",
    "option_cover": "<code>cover: 2.5</code> – the picture at this second is the cover",
    "option_feed": "<code>feed: no</code> – only among the reels, not in the feed",
    "option_collaborators": "<code>collaborators: ann, bob</code> – invites up to 3 co-authors",
    "option_together": "<code>together: yes</code> – everywhere at the same minute",
    "option_fit": (
        "<code>fit: auto</code> – changes the video where a target does not take it; ask: asks "
        "first; off: leaves it as it is"
    ),
    "option_onfail": (
        "<code>onfail: hold</code> – with together: if one target fails, the others wait for "
        "you; go: they do not wait"
    ),
}

SENTENCES: Sentences = {**REFUSALS, **HELP}
