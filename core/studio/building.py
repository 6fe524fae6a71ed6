"""What a person chose, made into a mashup."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from core.studio.assets import Asset
from core.studio.choosing import file_of
from core.studio.credits import BETWEEN, MOST, credit_line, is_credited, is_own
from core.studio.layouts import layout
from core.studio.mashup import Captions, File, Mashup, Music, Part, Watermark
from core.studio.profiles import GENERAL, PROFILES
from core.studio.wizard import Choices

Assets = Mapping[int, Asset]
"""By number; what is not there is not in the library any more."""


def build(
    choices: Choices,
    assets: Assets,
    *,
    captions: Path | None = None,
    platforms: Collection[str] = (),
    loudness: float | None = -14.0,
) -> Mashup:
    """Return the mashup of these choices; its source has to be among the assets.

    Args:
        choices: what was chosen.
        assets: the assets that it names.
        captions: where the subtitles lie that it names.
        platforms: those that it goes to; a profile of its own where it is one.
        loudness: in LUFS.
    """
    parts = _parts(choices, assets)
    music = assets.get(choices.music_id or 0)
    return Mashup(
        layout=choices.layout,
        aspect=choices.aspect,
        parts=tuple(_part(choices, asset, number) for number, asset in enumerate(parts)),
        seconds=choices.seconds or None,
        music=Music(file=file_of(music)) if music else None,
        captions=_captions(choices, captions),
        watermark=Watermark(text=choices.watermark) if choices.watermark else None,
        attribution=foot_of(choices, assets),
        profile=profile_for(platforms),
        loudness=loudness,
    )


def foot_of(choices: Choices, assets: Assets) -> str:
    """Return the line at the foot: whom the assets name, and whom the person does."""
    music = assets.get(choices.music_id or 0)
    line = credit_line([*_parts(choices, assets), *([music] if music else [])])
    own = choices.credit
    if not own or is_credited(line, own):
        return line
    longer = f"{line}{BETWEEN}{own}" if line else own
    return longer if len(longer) <= MOST else line


def profile_for(platforms: Collection[str]) -> str:
    """Return the profile of the one platform that it goes to; of several the general one."""
    names = set(platforms)
    only = next(iter(names)) if len(names) == 1 else GENERAL
    return only if only in PROFILES else GENERAL


def _parts(choices: Choices, assets: Assets) -> list[Asset]:
    wanted = (choices.source_id, choices.template_id)
    return [assets[number] for number in wanted if number is not None and number in assets]


def _part(choices: Choices, asset: Asset, number: int) -> Part:
    # Of parts that are seen together only the first one is heard.
    is_heard = number == 0 or layout(choices.layout).is_sequence
    return Part(
        file=file_of(asset),
        role=asset.kind,
        is_own=is_own(asset),
        volume=1.0 if is_heard else 0.0,
    )


def _captions(choices: Choices, path: Path | None) -> Captions | None:
    if choices.caption:
        return Captions(text=choices.caption, look=choices.look, place=choices.place)
    if choices.caption_file and path is not None:
        return Captions(file=File(path=str(path)), look=choices.look, place=choices.place)
    return None


def drawn_choices(choices: Choices, mashup: Mashup, fields: Sequence[str], seed: int) -> Choices:
    """Return the choices with these fields as a surprise has them."""
    ids = [part.file.asset_id for part in mashup.parts]
    words = mashup.captions
    found: dict[str, object] = {
        "source_id": ids[0],
        "template_id": ids[1] if len(ids) > 1 else None,
        "music_id": mashup.music.file.asset_id if mashup.music else None,
        "layout": mashup.layout,
        "caption": words.text if words else "",
        "look": words.look if words else choices.look,
        "place": words.place if words else choices.place,
    }
    update = {name: value for name, value in found.items() if name in fields}
    return choices.model_copy(update={**update, "seed": seed, "drawn": tuple(fields)})
