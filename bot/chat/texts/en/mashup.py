"""English sentences about making mashups."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

WIZARD: Sentences = {
    "cmd_mashup": "make a video out of parts",
    "help_mashup": (
        "/mashup – make a video out of parts, step by step; /mashup 20 upbeat makes many\n"
        "/renders – what was made and what is being made"
    ),
    "mashup_head": "🎬 <b>Mashup</b> · step {number} of {of}",
    "mashup_step_source": (
        "<b>Which video is it about?</b> Choose one, or send me a video or a picture without a "
        "caption, or reply to this message with one. Words that you write search the list."
    ),
    "mashup_step_template": (
        "<b>What plays beside it?</b> Choose a template, or send me one without a caption. Skip "
        "it to have your video alone."
    ),
    "mashup_step_music": (
        "<b>Which music?</b> ▶ lets you listen; you can send me a piece, too. Skip it to keep the "
        "sound of your video."
    ),
    "mashup_step_layout": "<b>How do the parts share the picture?</b>",
    "mashup_step_words": (
        "<b>Words over the picture?</b> Write them, or send an SRT or ASS file. A line such as "
        "<code>watermark: @name</code> puts a mark into the corner, and <code>credit: …</code> "
        "names somebody at the foot."
    ),
    "mashup_step_targets": (
        "<b>Where does it go?</b> Choose the places and write the caption for them, with the same "
        "lines as ever, such as <code>to: youtube</code>. Choose nothing to only make it."
    ),
    "mashup_step_review": "<b>Ready.</b> Look at three seconds of it, or make it now.",
    "mashup_nearly": "<b>Nearly ready.</b> What is missing is named below.",
    "mashup_chosen_source": "Video: {name}",
    "mashup_chosen_template": "Beside it: {name}",
    "mashup_chosen_no_source": "Video: not chosen yet",
    "mashup_chosen_no_template": "Beside it: nothing",
    "mashup_chosen_music": "Music: {name}",
    "mashup_chosen_no_music": "Music: none",
    "mashup_chosen_layout": "Picture: {layout}, {aspect}, {length}",
    "mashup_chosen_words": "Words: {text}",
    "mashup_chosen_file": "Words: from {name}",
    "mashup_chosen_no_words": "Words: none",
    "mashup_chosen_watermark": "Mark: {text}",
    "mashup_chosen_foot": "At the foot: {text}",
    "mashup_chosen_targets": "Goes to: {names}",
    "mashup_chosen_no_targets": "Goes to: nowhere, it is only made",
    "mashup_chosen_post": "Caption: {text}",
    "mashup_drawn": "🎲 {line}",
    "mashup_seed": "🎲 Surprise {seed}",
    "mashup_unnamed": "without a name",
    "mashup_layout_side": "side by side",
    "mashup_layout_stack": "one above the other",
    "mashup_layout_full": "the whole picture",
    "mashup_layout_corner": "small in the corner",
    "mashup_layout_sequence": "one after the other",
    "mashup_length": "{length} long",
    "mashup_as_source": "as long as the video",
    "mashup_row": "▫️ {number}. {name} · {facts}",
    "mashup_row_on": "☑️ {number}. {name} · {facts}",
    "mashup_picture": "a picture",
    "mashup_uses": {"one": "used once", "other": "used {count} times"},
    "mashup_page": "Page {page} of {pages}",
    "mashup_none_source": (
        "Your library has no video yet. Send me one now, or add some with /add."
    ),
    "mashup_none_template": "Your library has no template yet. /add adds one; or skip this.",
    "mashup_none_music": "Your library has no music yet. /add adds some; or skip this.",
    "mashup_none_found": "Nothing of that kind is there. Write other words, or choose another.",
    "mashup_no_accounts": "No channel is connected, so it is only made. /connect connects one.",
    "mashup_only_made": "No place is chosen: it is only made, and you can publish it later.",
    "mashup_needs_post": "⚠️ Write the caption that is published with it.",
    "mashup_more_findings": {"one": "… and one more", "other": "… and {count} more"},
    "mashup_blocked": "It cannot be made like this. Go back and change what is named above.",
}

NOTES: Sentences = {
    "mashup_note_deleted": "⚠️ What you had chosen here is not in the library any more.",
    "mashup_note_added": "“{name}” is in your library now.",
    "mashup_note_known": "“{name}” was in your library already; I take that one.",
    "mashup_note_fetching": "⬇️ Your file is on its way. It is chosen as soon as it is here.",
    "mashup_note_not_added": "⚠️ Your file was not taken. Its message tells why.",
    "mashup_note_searched": "Shown is what “{search}” finds.",
    "mashup_note_words": "Your words are kept.",
    "mashup_note_captions": "The words of “{name}” are kept.",
    "mashup_note_post": "Your caption is kept.",
    "mashup_note_preview": "👁 Three seconds of it are on their way.",
}

ENDS: Sentences = {
    "mashup_again": (
        "You have a mashup that is not finished (step {number} of {of}). Go on with it, or start "
        "anew?"
    ),
    "mashup_goes_on": (
        "🎬 “{name}” is chosen. The mashup goes on in the message that this one answers."
    ),
    "mashup_left": "🎬 Left as it is; nothing is made. /mashup begins a new one.",
    "mashup_expired": "🎬 This mashup waited too long and was put away. /mashup begins a new one.",
    "mashup_sent": "🎬 Sent to be made: render {render_id}. Its card tells how far it is.",
    "mashup_sent_many": {
        "one": "🎬 One mashup is sent to be made. Its card tells how far it is.",
        "other": "🎬 {count} mashups are sent to be made. Their card tells how far they are.",
    },
    "mashup_closed": "That mashup is closed. /mashup begins a new one.",
    "mashup_not_yours": "That mashup belongs to somebody else. /mashup begins your own.",
    "mashup_moved": "That button is from an earlier step. The message shows where you are.",
    "mashup_write_post": "Write the caption first, or choose “Only make it”.",
    "mashup_not_fetched": "Your file could not be fetched: {why}.",
    "mashup_no_source": "Choose a video first.",
    "mashup_caption_long": "That is too long: {limit} characters at most. Write it shorter.",
    "mashup_not_captions": "That is no file of subtitles. Send one that ends in .srt or .ass.",
    "mashup_captions_big": "That file is too big for subtitles ({size}). {limit} at most.",
    "mashup_not_yet": "Your file is still on its way. Wait until it is here.",
    "mashup_not_here": (
        "This step has no use for that. Choose from the list, or send what its message asks for."
    ),
    "mashup_press": "This step has no use for that. Press one of the buttons of its message.",
    "mashup_all_chosen": (
        "You chose everything yourself. Go back to the step that is to be chosen by chance."
    ),
    "mashup_unclear_place": (
        "“{place}” cannot be named alone: another account is called the same, or its name has a "
        "comma. Rename it in /accounts."
    ),
    "mashup_asset_gone": "That is not in the library any more. Choose another one.",
}

MANY: Sentences = {
    "mashup_many_head": (
        "🎬 <b>{count} mashups</b> from {sources}, {templates} and {music}; {seconds} in all.\n"
        "🎲 Plan {seed}"
    ),
    "mashup_many_sources": {"one": "one video", "other": "{count} videos"},
    "mashup_many_templates": {"one": "one template", "other": "{count} templates"},
    "mashup_many_music": {"one": "one piece of music", "other": "{count} pieces of music"},
    "mashup_many_example": "• {names} · ♪ {music}",
    "mashup_many_example_plain": "• {names}",
    "mashup_many_more": {"one": "… and one more", "other": "… and {count} more"},
    "mashup_many_changed": (
        "⚠️ The library has changed meanwhile. This is what would be made now; press again."
    ),
    "mashup_many_usage": (
        "Write how many you want, {most} at most, and the mood of the music: <code>/mashup 20 "
        "upbeat</code>. Lines below name the parts: <code>from: beach, #cats, 12</code>, "
        "<code>templates: …</code>, <code>music: …</code>. /mashup alone makes one, step by step."
    ),
    "mashup_many_mood": (
        "No music has the mood “{mood}”. There is: {known}. Write one of these, or none."
    ),
    "mashup_many_no_moods": (
        "No music in the library has a mood. Write <code>/mashup {count}</code> alone, or add "
        "music with /add."
    ),
    "mashup_many_key": (
        "I know no line “{given}:”. These name the parts of many mashups: {known}. The caption "
        "is written afterwards."
    ),
    "mashup_many_from_source": "Only these videos: {names}",
    "mashup_many_from_template": "Only these templates: {names}",
    "mashup_many_from_music": "Only this music: {names}",
    "mashup_many_mooded": "Mood of the music: {mood}",
    "mashup_many_choose_source": (
        "🎬 <b>Which videos</b> are the {count} mashups made from? Press their numbers; words "
        "that you write search the list."
    ),
    "mashup_many_choose_template": (
        "🎬 <b>Which templates</b> play beside them? Press their numbers; words that you write "
        "search the list."
    ),
    "mashup_many_choose_music": (
        "🎬 <b>Which music</b> is taken? Press the numbers; words that you write search the list."
    ),
    "mashup_many_chosen": {"one": "One is chosen.", "other": "{count} are chosen."},
    "mashup_many_chosen_none": "None is chosen, so all of the library may be taken.",
    "mashup_many_chosen_most": "No more than {most} can be chosen. Leave some out first.",
    "mashup_no_such_source": (
        "None of your videos is called “{name}” or has such words. Write a name, words, a number "
        "or a #tag that /library shows."
    ),
    "mashup_no_such_template": (
        "None of your templates is called “{name}” or has such words. Write a name, words, a "
        "number or a #tag that /library shows."
    ),
    "mashup_no_such_music": (
        "None of your music is called “{name}” or has such words. Write a name, words, a number "
        "or a #tag that /library shows."
    ),
}

BUTTONS: Sentences = {
    "button_mashup_number": "{number}",
    "button_mashup_on": "✓ {words}",
    "button_mashup_listen": "▶ {number}",
    "button_mashup_pictures": "🖼 Pictures",
    "button_mashup_earlier": "◀",
    "button_mashup_later": "▶",
    "button_mashup_kind_source": "Videos",
    "button_mashup_kind_template": "Templates",
    "button_mashup_kind_hot": "Hot videos",
    "button_mashup_kind_product": "Products",
    "button_mashup_any_mood": "Any mood",
    "button_mashup_mood": "{mood}",
    "button_mashup_layout_side": "◧ Side by side",
    "button_mashup_layout_stack": "⬒ One above the other",
    "button_mashup_layout_full": "▢ The whole picture",
    "button_mashup_layout_corner": "◳ Small in the corner",
    "button_mashup_layout_sequence": "⇥ One after the other",
    "button_mashup_aspect": "{aspect}",
    "button_mashup_length": "{length}",
    "button_mashup_look_outline": "Letters: outlined",
    "button_mashup_look_box": "Letters: in a box",
    "button_mashup_place_top": "Place: top",
    "button_mashup_place_middle": "Place: middle",
    "button_mashup_place_bottom": "Place: bottom",
    "button_mashup_no_words": "No words",
    "button_mashup_no_mark": "No mark",
    "button_mashup_no_credit": "No credit",
    "button_mashup_all": "✖ Show all",
    "button_mashup_target": "{platform} · {name}",
    "button_mashup_target_group": "👥 {name}",
    "button_mashup_only_make": "Only make it",
    "button_mashup_back": "‹ Back",
    "button_mashup_skip": "Skip",
    "button_mashup_next": "Next ›",
    "button_mashup_surprise": "🎲 Surprise me",
    "button_mashup_another": "🎲 Another one",
    "button_mashup_cancel": "✖ Cancel",
    "button_mashup_preview": "👁 Show three seconds",
    "button_mashup_go": "🚀 Make it",
    "button_mashup_go_many": "🚀 Make {count}",
    "button_mashup_go_on": "▶ Go on",
    "button_mashup_anew": "Start anew",
    "button_mashup_choose_source": "☑ Videos",
    "button_mashup_choose_template": "☑ Templates",
    "button_mashup_choose_music": "☑ Music",
    "button_mashup_everything": "All of them",
    "button_mashup_chosen": "‹ Done",
    "button_mashup_twins": "The same file on purpose",
}

STUDIO: Sentences = {
    "studio_policy": "The rules block it. /mashup shows which ones before anything is made.",
    "studio_crashed": (
        "Karvon ended again and again while it was made. Shorter parts or a lower preset may "
        "help; Retry makes it again."
    ),
    "studio_internal": (
        "An internal error. The log of the render tells more; Retry makes it again."
    ),
    "studio_other": "That cannot be done: {what}.",
    "studio_no_glyph": (
        "No font has these characters: {characters}. Leave them out, or put a font that has them "
        "into a folder named in the setting studio.fonts."
    ),
    "studio_unknown_font": (
        "There is no font {font}. These are there: {known}. Choose one of them, or put yours into "
        "a folder named in the setting studio.fonts."
    ),
    "studio_music_start": (
        "The music is to start at {start} s, and it is over after {length} s. Choose an earlier "
        "start."
    ),
    "studio_captions_too_large": (
        "“{name}” is too large for captions: {limit} at most. Send the SRT or ASS file itself."
    ),
    "studio_captions_charset": (
        "Nobody can tell in which encoding “{name}” is written. Save it as UTF-8 and send it "
        "again."
    ),
    "studio_captions_broken": (
        "“{name}” holds no captions that can be read. Send an SRT, WebVTT or ASS file with words "
        "and times."
    ),
    "studio_bad_count": "{count} is no number of mashups. Write one from 1 to {limit}.",
    "studio_missing_kinds": "The library has none of these: {kinds}. Add some with /add.",
    "studio_missing_parts": (
        "The library has none of these: {kinds}. Add some with /add, or wish for another mood."
    ),
    "studio_too_few_parts": (
        "{count} different mashups were asked for, and only {room} can be made of what is there "
        "({kinds}). Add {more} more of the kind {kind}, or ask for fewer."
    ),
}

RENDER: Sentences = {
    "studio_unknown_layout": "There is no layout {layout}. These are there: {known}.",
    "studio_unknown_profile": "There is no profile {profile}. These are there: {known}.",
    "studio_unknown_aspect": "There is no shape {aspect}. These are there: {known}.",
    "studio_parts_missing": (
        "The layout {layout} shows {wanted} parts, and only {given} are given. Add one, or choose "
        "another layout."
    ),
    "studio_parts_many": (
        "The layout {layout} shows {wanted} parts, and {given} are given. Leave some out, or "
        "choose another layout."
    ),
    "studio_missing": "There is no file “{name}”.",
    "studio_empty": "“{name}” is empty. Take another copy of it.",
    "studio_no_access": "A file or folder may not be read or written: {text}.",
    "studio_unreadable": "“{name}” cannot be read: it is broken, or no video, sound or picture.",
    "studio_cut_off_input": "“{name}” is cut off: its end is missing. Take another copy of it.",
    "studio_too_small": "The picture of “{name}” is too small ({size}).",
    "studio_too_many_pixels": "The picture “{name}” is too large ({size}). Make it smaller.",
    "studio_zero_length": "“{name}” has no length that could be shown or heard.",
    "studio_changed": (
        "“{name}” is another file than the one that is meant. Take the right one, or leave out "
        "its digest."
    ),
    "studio_replaced": (
        "“{name}” was changed while the video was made of it. Make it again once it stays the "
        "same."
    ),
    "studio_busy": (
        "“{name}” is being made already. Wait until it is there, or choose another name."
    ),
    "studio_no_picture": "“{name}” has no picture, only sound. Use it as music.",
    "studio_no_sound": "“{name}” has no sound, so it cannot be the music.",
    "studio_no_still": "“{name}” is no still picture. Take a PNG, JPEG or WebP as the watermark.",
    "studio_start_late": (
        "“{name}” is to start at {start} s, and it is over after {length} s. Choose an earlier "
        "start."
    ),
    "studio_no_time_left": (
        "Intro and outro leave nothing of the {seconds} s for the video. Make it longer, or leave "
        "one of them out."
    ),
    "studio_too_long": (
        "It would last {seconds} s; {profile} takes {limit} s at most. Make it shorter."
    ),
    "studio_bad_sheet": "“{name}” does not describe a mashup: {text}.",
    "studio_damaged": "The result was not whole ({text}) and was thrown away. Try again.",
    "studio_over_time": (
        "It took longer than {minutes} minutes and was ended. Make it shorter, or raise the "
        "setting studio.minutes."
    ),
    "studio_over_memory": (
        "It took more memory than {limit} MiB and was ended. Use smaller files, or raise the "
        "setting studio.memory_bytes."
    ),
    "studio_no_memory": "There was not enough memory. Close other programs and try again.",
    "studio_no_filter": "This ffmpeg lacks what is needed ({text}). Install a newer one.",
    "studio_no_encoder": (
        "This ffmpeg lacks an encoder ({text}). Install one with libx264 and AAC."
    ),
    "studio_index_large": "The index of the video was larger than its room. Try again.",
    "studio_stalled": "ffmpeg stood still and was ended. Try again.",
    "studio_killed": "ffmpeg was ended from outside ({text}). Try again.",
    "studio_broken": "ffmpeg could not make it: {text}.",
}

POLICY: Sentences = {
    "policy_other": "The rule “{rule}” is not kept.",
    "policy_own_time": (
        "Something of your own is seen in {percent} % of the time; more than {limit} % is asked "
        "for. Make your part longer, or the others shorter."
    ),
    "policy_own_picture": (
        "Your own parts fill {percent} % of the picture; more than {limit} % is asked for. Put "
        "your part into the larger place, or choose another layout."
    ),
    "policy_unknown_licence": (
        "Nobody said by what right “{name}” is used. Add it to the library with its licence."
    ),
    "policy_no_licence": (
        "“{name}” has no licence. Open it in /library and write down its licence, or that it is "
        "yours."
    ),
    "policy_no_attribution": (
        "The licence of “{name}” ({licence}) wants its maker named, and nobody is. Open it in "
        "/library and write down the attribution."
    ),
    "policy_not_credited": (
        "“{name}” wants this said in the video, and it is not: {attribution}. Add it to the line "
        "at the foot."
    ),
    "policy_reuse": {
        "one": "“{name}” was used {used} times for {account} in the last 7 days; {limit} at most "
        "are allowed. Choose another one, or wait a day.",
        "other": "“{name}” was used {used} times for {account} in the last 7 days; {limit} at "
        "most are allowed. Choose another one, or wait {count} days.",
    },
    "policy_twins": (
        "{account} and {other} would get the very same video within an hour. Make one for each, "
        "or leave one out."
    ),
    "policy_twins_lately": (
        "{other} got the very same video less than an hour ago (render {render_id}), and now "
        "{account} would. Change something, or wait until the hour is over."
    ),
}

SENTENCES: Sentences = {
    **WIZARD,
    **NOTES,
    **ENDS,
    **MANY,
    **BUTTONS,
    **STUDIO,
    **RENDER,
    **POLICY,
}
