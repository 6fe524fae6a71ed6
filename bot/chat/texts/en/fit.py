"""Sentences about files that do not fit and what is done about it."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSED: Sentences = {
    "fit_too_big": "The file has {actual}, {platform} takes up to {limit}. Make it smaller.",
    "fit_much_too_big": (
        "It lasts {actual}: that long a video is not worth seeing in the {limit} that "
        "{platform} takes. Cut it."
    ),
    "fit_too_long": "It lasts {actual}, {platform} takes up to {limit}. Cut it.",
    "fit_too_short": "It lasts {actual}, {platform} wants at least {limit}. Send a longer one.",
    "fit_frame_rate_high": "It has {actual} frames a second, {platform} takes up to {limit}.",
    "fit_frame_rate_low": "It has {actual} frames a second, {platform} wants at least {limit}.",
    "fit_variable_rate": "Its frames come at uneven distances, which {platform} does not take.",
    "fit_too_wide": "It is {actual} px wide, {platform} takes up to {limit}. Scale it down.",
    "fit_too_narrow": "It is {actual} px wide, {platform} wants at least {limit}.",
    "fit_too_high": "It is {actual} px high, {platform} takes up to {limit}. Scale it down.",
    "fit_too_low": "It is {actual} px high, {platform} wants at least {limit}.",
    "fit_aspect_wide": "Its shape is too wide for {platform} ({actual}, allowed up to {limit}).",
    "fit_aspect_tall": "Its shape is too tall for {platform} ({actual}, allowed from {limit}).",
    "fit_side_long": (
        "Its longer side has {actual} px, {platform} takes up to {limit}. Scale it down."
    ),
    "fit_side_short": "Its shorter side has {actual} px, {platform} wants at least {limit}.",
    "fit_side_small": "Its longer side has {actual} px, {platform} wants at least {limit}.",
    "fit_container": "The container {actual} is not taken by {platform}. Send an MP4.",
    "fit_video_codec": "The video codec {actual} is not taken by {platform}. Send H.264.",
    "fit_audio_codec": "The sound codec {actual} is not taken by {platform}. Send AAC.",
    "fit_audio_rate": "Its sound has {actual} samples a second, {platform} takes up to {limit}.",
    "fit_audio_channels": "Its sound has {actual} channels, {platform} takes up to {limit}.",
    "fit_no_audio": "It has no sound, which {platform} demands.",
    "fit_pixel_format": "Its colours are kept as {actual}, which {platform} does not take.",
    "fit_hdr": "It is an HDR video; {platform} takes SDR.",
    "fit_bit_rate": "It has {actual}, {platform} takes up to {limit}. Make it smaller.",
    "fit_index_last": (
        "Its index stands at the end, which {platform} refuses. Save it for the web "
        "(“fast start”)."
    ),
    "fit_edit_list": (
        "It has an edit list, which {platform} refuses. Save it anew without cuts or shifts."
    ),
    "fit_empty_file": "The file is empty. Send it again.",
    "fit_unmeasured": "Its size or its length is not told in the file. Save it anew as MP4.",
    "fit_other": "The file does not fit {platform} ({text}): {actual}, allowed is {limit}.",
}

ADVICE: Sentences = {
    "fit_warn_aspect_wide": "{platform} recommends an upright picture ({limit}); it is {actual}.",
    "fit_warn_aspect_tall": "{platform} recommends a wider picture ({limit}); it is {actual}.",
    "fit_warn_container": "{platform} recommends MP4; it is {actual}.",
    "fit_warn_video_codec": "{platform} recommends H.264; it is {actual}.",
    "fit_warn_audio_codec": "{platform} recommends AAC for the sound; it is {actual}.",
    "fit_warn_audio_rate": "{platform} recommends {limit} samples a second; it has {actual}.",
    "fit_warn_audio_channels": "{platform} recommends {limit} channels of sound; it has {actual}.",
    "fit_warn_no_audio": "It has no sound; {platform} recommends a track of it, even if silent.",
    "fit_warn_pixel_format": "{platform} recommends colours as 4:2:0; it has {actual}.",
    "fit_warn_variable_rate": "Its frames come at uneven distances; {platform} likes them even.",
    "fit_warn_index_last": "Its index stands at the end: it plays on {platform} only later.",
    "fit_warn_edit_list": "It has an edit list, which {platform} may read in another way.",
}

REMEDIES: Sentences = {
    "remedy_remux": "written anew without loss",
    "remedy_cut": "the end is cut off",
    "remedy_speed": "played faster",
    "remedy_shape": "brought into shape",
    "remedy_scale": "scaled",
    "remedy_smaller": "made smaller",
    "remedy_encode": "encoded anew",
    "remedy_sound": "sound encoded anew",
    "remedy_silence": "a silent sound track is added",
    "remedy_loudness": "loudness evened out",
    "remedy_sdr": "HDR becomes SDR",
    "remedy_frame_rate": "frame rate changed",
}

ERRORS: Sentences = {
    "fit_error_disk_full": "The disk is full. Make room; it is tried again.",
    "fit_error_index_large": "Its index is larger than expected. It is tried again.",
    "fit_error_no_memory": "There is not enough memory for it. Lower fit.at_once or fit.threads.",
    "fit_error_no_access": "A folder can not be written to. Look at its rights.",
    "fit_error_no_filter": (
        "This ffmpeg lacks what is needed ({text}). Install one with libzimg, libx264 and AAC."
    ),
    "fit_error_no_encoder": (
        "This ffmpeg lacks what is needed ({text}). Install one with libzimg, libx264 and AAC."
    ),
    "fit_error_no_ffmpeg": "ffmpeg was not found: install it or set KARVON_FFMPEG.",
    "fit_error_stalled": "Fitting stood still and was ended. It is tried again.",
    "fit_error_killed": "Fitting was ended from outside ({text}). It is tried again.",
    "fit_error_source_gone": "The video is not where it was any more. Send it again.",
    "fit_error_broken": "The video is damaged and can not be fitted ({text}). Export it anew.",
    "fit_error_damaged": "What came out is not whole ({text}). Export the video anew.",
}

COMMAND: Sentences = {
    "source_cut_off": "the file is cut off: its end is missing",
    "fit_cut_off": "{path} is cut off: its end is missing. Copy or download it again.",
    "fit_line_ok": "✅ {platform}: takes it as it is",
    "fit_line_advice": "⚠️ {platform}: takes it as it is. {why}",
    "fit_line_fixable": "⚠️ {platform}: {why} → {remedies}",
    "fit_line_hopeless": "❌ {platform}: {why}",
    "fit_line_made": "   made: {path} ({size})",
    "fit_line_failed": "   ❌ {why}",
    "fit_not_a_video": "{path} is no video that can be read ({text}). Send another file.",
    "fit_unknown_platform": "{name} is no platform. There are {known}.",
}

SENTENCES: Sentences = {**REFUSED, **ADVICE, **REMEDIES, **ERRORS, **COMMAND}
