"""Whatever is changed of a video, nothing else of it is reset."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.platforms.youtube_metadata import WRITABLE, change_resource

WORDS = st.text("abc ñ語", min_size=1, max_size=12).filter(str.strip)
FLAG = st.booleans()
SNIPPET = st.fixed_dictionaries(
    {
        "title": WORDS,
        "categoryId": st.sampled_from(["22", "27"]),
        "defaultLanguage": st.just("en"),
    },
    optional={
        "description": WORDS,
        "tags": st.lists(WORDS, max_size=3),
        "defaultAudioLanguage": st.just("uz"),
        "channelId": st.just("UC1"),
    },
)
STATUS = st.fixed_dictionaries(
    {"privacyStatus": st.sampled_from(["public", "unlisted", "private"])},
    optional={
        "license": st.sampled_from(["youtube", "creativeCommon"]),
        "embeddable": FLAG,
        "publicStatsViewable": FLAG,
        "selfDeclaredMadeForKids": FLAG,
        "containsSyntheticMedia": FLAG,
        "uploadStatus": st.just("processed"),
    },
)
LANGUAGES = st.dictionaries(
    st.sampled_from(["uz", "de", "fr"]),
    st.fixed_dictionaries({"title": WORDS, "description": WORDS}),
    max_size=2,
)
SWITCH = st.sampled_from(["yes", "no"])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": WORDS,
        "description": WORDS,
        "tags": st.lists(WORDS, max_size=3),
        "category": st.sampled_from(["22", "28"]),
        "kids": SWITCH,
        "ai": SWITCH,
        "embed": SWITCH,
        "license": st.sampled_from(["youtube", "creativecommon"]),
        "privacy": st.sampled_from(["public", "unlisted", "private"]),
        "title.de": WORDS,
        "text.uz": WORDS,
        "comments": SWITCH,
    },
)
FIELDS = {
    "title": "title",
    "description": "description",
    "tags": "tags",
    "category": "categoryId",
    "kids": "selfDeclaredMadeForKids",
    "ai": "containsSyntheticMedia",
    "embed": "embeddable",
    "license": "license",
    "privacy": "privacyStatus",
}


def written(video: dict[str, Any], resource: dict[str, Any]) -> dict[str, Any]:
    """Return the video as it is afterwards: a part that is written is replaced whole."""
    return {part: resource.get(part, video.get(part, {})) for part in ("snippet", "status")}


@given(snippet=SNIPPET, status=STATUS, languages=LANGUAGES, changes=CHANGES)
def test_what_is_not_changed_stays(
    snippet: dict[str, Any],
    status: dict[str, Any],
    languages: dict[str, Any],
    changes: dict[str, Any],
) -> None:
    video = {"snippet": snippet, "status": status, "localizations": languages}
    resource = change_resource(video, changes)
    after = written(video, resource)
    touched = {FIELDS[key] for key in changes if key in FIELDS}
    for part, fields in WRITABLE.items():
        for field in set(fields) & set(video[part]) - touched:
            assert after[part][field] == video[part][field]
    kept = resource.get("localizations", languages)
    for language in set(languages) - {"de", "uz"}:
        assert kept[language] == languages[language]


@given(snippet=SNIPPET, status=STATUS, languages=LANGUAGES, changes=CHANGES)
def test_a_change_that_was_made_is_not_made_again(
    snippet: dict[str, Any],
    status: dict[str, Any],
    languages: dict[str, Any],
    changes: dict[str, Any],
) -> None:
    video = {"snippet": snippet, "status": status, "localizations": languages}
    resource = change_resource(video, changes)
    assert change_resource({**video, **resource}, changes) == {}
