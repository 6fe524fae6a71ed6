from __future__ import annotations

from typing import Any

import pytest

from core.batches.templates import (
    LONGEST_TEMPLATE,
    BadTemplateError,
    nearest,
    read_template,
)

VALUES: dict[str, Any] = {
    "video_id": "abc123",
    "clip_id": 0,
    "score": 1.56,
    "rank": "2.46",
    "nothing": None,
    "tags": ["a", "b"],
    "more": {"a": 1},
}


def expand(source: str, **values: Any) -> str:
    return read_template(source).expand({**VALUES, **values})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Best of {video_id} #{clip_id}", "Best of abc123 #0"),
        ("Score {score}", "Score 1.56"),
        ("{ video_id }", "abc123"),
        ("{nothing}!", "!"),
        ("{tags}", "a, b"),
        ("{more}", '{"a": 1}'),
        ("{score|round(1)}", "1.6"),
        ("{rank|round(1)}", "2.5"),
        ("{score|round}", "2"),
        ("{rank|int}", "2"),
        ("{video_id|upper}", "ABC123"),
        ("{video_id|upper|lower}", "abc123"),
        ("{video_id|truncate(3)}", "ab…"),
        ("{missing|default('none')}", "none"),
        ("{nothing|default('none')}", "none"),
        ("no field", "no field"),
        ("50 } and #", "50 } and #"),
        ("ends with a line\n", "ends with a line\n"),
        ("", ""),
    ],
)
def test_fields_are_filled_in(source: str, words: str) -> None:
    assert expand(source) == words


def test_what_is_filled_in_is_not_a_template_again() -> None:
    assert expand("{video_id}", video_id="{clip_id} {{ 7*7 }}") == "{clip_id} {{ 7*7 }}"


def test_needed_names_are_known_beforehand() -> None:
    template = read_template("{a} {b|upper} {c|default('x')} {a}")
    assert template.needed == {"a", "b"}


@pytest.mark.parametrize(
    "source",
    [
        "{video_id.__class__}",
        "{video_id.upper()}",
        "{''.__class__.__mro__}",
        "{().__class__.__bases__[0].__subclasses__()}",
        "{video_id['__class__']}",
        "{more.a}",
        "{more['a']}",
        "{tags[0]}",
        "{lipsum.__globals__}",
        "{lipsum()}",
        "{cycler()}",
        "{range(99999999)}",
        "{self}",
        "{self.__init__}",
        "{9**9**9}",
        "{'a' * 999999999}",
        "{video_id ~ video_id}",
        "{video_id + video_id}",
        "{video_id if clip_id else score}",
        "{clip_id == 0}",
        "{not clip_id}",
        "{ -clip_id}",
        "{[video_id]}",
        "{'text'}",
        "{1}",
        "{true}",
        "{video_id is defined}",
        "{video_id in tags}",
        "{missing|default(video_id)}",
        "{missing|default(video_id.__class__)}",
        "{video_id|truncate(length=3)}",
        "{video_id|truncate(*tags)}",
        "{score|round(1e400)}",
        "{missing|default(1e400)}",
        "{video_id|upper|upper|upper|upper|upper|upper|upper}",
        "{x" + "|upper" * 1500 + "}",
    ],
)
def test_nothing_but_fields_is_taken(source: str) -> None:
    with pytest.raises(BadTemplateError) as caught:
        expand(source)
    assert caught.value.key == "template_forbidden"


@pytest.mark.parametrize(
    "name", ["attr", "map", "format", "replace", "join", "center", "indent", "tojson", "xmlattr"]
)
def test_filters_that_reach_further_are_not_there(name: str) -> None:
    with pytest.raises(BadTemplateError) as caught:
        expand(f"{{video_id|{name}('__class__')}}")
    assert caught.value.key == "template_filter"
    assert "upper" in caught.value.facts["known"]


@pytest.mark.parametrize(
    "source",
    [
        "{",
        "{}",
        "{video_id",
        "{{video_id}}",
        "{% for x in tags %}x{% endfor %}",
        "{# note #}",
        "{score:.1f}",
        "{video_id!r}",
        "{" + "(" * 3000 + ")" * 3000 + "}",
        "a\x00b",
        "\x00% set x = 1 %\x00",
    ],
)
def test_what_cannot_be_read_says_so(source: str) -> None:
    with pytest.raises(BadTemplateError) as caught:
        expand(source)
    assert caught.value.key == "template_syntax"
    assert caught.value.facts["why"]


def test_long_templates_and_results_are_refused() -> None:
    with pytest.raises(BadTemplateError) as caught:
        read_template("x" * (LONGEST_TEMPLATE + 1))
    assert caught.value.key == "template_long"
    bomb = read_template("{video_id}" * 900)
    with pytest.raises(BadTemplateError) as caught:
        bomb.expand({"video_id": "x" * 1_000_000})
    assert caught.value.key == "template_long"


@pytest.mark.parametrize(
    "source", ["{video_id|int}", "{nothing|round}", "{tags|int}", "{score|truncate('x')}"]
)
def test_a_field_that_does_not_go_with_its_filter(source: str) -> None:
    with pytest.raises(BadTemplateError) as caught:
        expand(source)
    assert caught.value.key == "template_value"


def test_infinite_numbers_do_not_break_it() -> None:
    with pytest.raises(BadTemplateError):
        expand("{score|int}", score=float("inf"))


def test_deeply_nested_fields_do_not_break_it() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BadTemplateError):
        expand("{tags}", tags=deep)


def test_the_nearest_name_is_found() -> None:
    assert nearest("vidoe_id", {"video_id", "clip_id"}) == "video_id"
    assert nearest("Clip", {"video_id", "clip_id"}) == "clip_id"
    assert nearest("zzz", {"video_id"}) == ""
