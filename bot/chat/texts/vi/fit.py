"""Vietnamese sentences about files that do not fit and what is done about it."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSED: Sentences = {
    "fit_too_big": "Tệp nặng {actual}, {platform} chỉ nhận đến {limit}. Hãy làm nhẹ bớt.",
    "fit_too_long": "Video dài {actual}, {platform} chỉ nhận đến {limit}. Hãy cắt bớt.",
    "fit_too_short": "Video dài {actual}, {platform} cần ít nhất {limit}. Hãy gửi video dài hơn.",
    "fit_frame_rate_high": "Video có {actual} khung hình/giây, {platform} chỉ nhận đến {limit}.",
    "fit_frame_rate_low": "Video có {actual} khung hình/giây, {platform} cần ít nhất {limit}.",
    "fit_too_wide": "Rộng {actual} px, {platform} chỉ nhận đến {limit}. Hãy thu nhỏ.",
    "fit_too_narrow": "Rộng {actual} px, {platform} cần ít nhất {limit}.",
    "fit_too_high": "Cao {actual} px, {platform} chỉ nhận đến {limit}. Hãy thu nhỏ.",
    "fit_too_low": "Cao {actual} px, {platform} cần ít nhất {limit}.",
    "fit_aspect_wide": "Khung hình quá rộng đối với {platform} ({actual}, tối đa {limit}).",
    "fit_aspect_tall": "Khung hình quá cao đối với {platform} ({actual}, tối thiểu {limit}).",
    "fit_side_long": "Cạnh dài {actual} px, {platform} chỉ nhận đến {limit}. Hãy thu nhỏ.",
    "fit_side_short": "Cạnh ngắn {actual} px, {platform} cần ít nhất {limit}.",
    "fit_container": "{platform} không nhận định dạng {actual}. Hãy gửi MP4.",
    "fit_video_codec": "{platform} không nhận codec hình {actual}. Hãy gửi H.264.",
    "fit_audio_codec": "{platform} không nhận codec tiếng {actual}. Hãy gửi AAC.",
    "fit_index_last": (
        "Chỉ mục nằm ở cuối tệp, {platform} không nhận. Hãy lưu video cho web (“fast start”)."
    ),
    "fit_empty_file": "Tệp trống. Hãy gửi lại.",
    "fit_other": "Tệp không hợp với {platform} ({text}): {actual}, cho phép {limit}.",
}

ADVICE: Sentences = {}

REMEDIES: Sentences = {}

ERRORS: Sentences = {}

COMMAND: Sentences = {}

SENTENCES: Sentences = {**REFUSED, **ADVICE, **REMEDIES, **ERRORS, **COMMAND}
