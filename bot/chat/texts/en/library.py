"""English sentences about the library of media."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

ADD: Sentences = {
    "cmd_add": "add a file to the library",
    "help_library": (
        "/add – put a file into your library, as its caption or in reply to it\n"
        "/library – look through your library"
    ),
    "add_usage": (
        "Send me a video, a sound or a picture with the caption <code>/add</code>, reply "
        "<code>/add</code> to one, or write <code>/add</code> and a link.\n"
        "You can say more in the same line: <code>/add template #tag mood:upbeat "
        "platform:tiktok name:Night drive</code>. Also <code>category:</code>, "
        "<code>licence:</code>, <code>origin:</code>, <code>attribution:</code> and "
        "<code>rights:</code>."
    ),
    "add_next": "Send or forward me the file now, and it goes into the library.",
    "add_unknown_word": (
        "I do not know “{given}:”. Did you mean <code>{suggestion}:</code>? I know {known}."
    ),
    "add_bad_platform": "I do not know the platform “{given}”. I know {known}.",
    "add_bad_rights": (
        "I do not understand “rights: {given}”. Write <code>rights: mine</code> or "
        "<code>rights: licensed</code>, or leave it out and I ask."
    ),
    "add_not_media": (
        "“{name}” is no video, sound or picture. Send a media file, or a document with one."
    ),
    "add_too_big_for_cloud": (
        "Telegram hands bots only files up to {limit}. Send me a link to the file after "
        "<code>/add</code>, put it into a folder that I watch, or use a Bot API server of your "
        "own."
    ),
    "add_too_big": (
        "The file has {size}; at most {limit} are taken. Send a smaller one, or let an admin "
        "raise <code>library.max_bytes</code>."
    ),
    "add_many": ("You have {most} files on the way already. Answer or cancel some of them first."),
    "add_unknown": "I do not know that file any more. Send it again with /add.",
    "add_press": "Press one of the buttons below the question, please.",
    "add_not_yours": "Somebody else adds that file; only they and admins may decide on it.",
    "add_closed": "That is decided already. Send the file again with /add to decide anew.",
    "add_ask_kind": "📥 <b>{name}</b>\nWhat is it for?",
    "add_ask_rights": (
        "📥 <b>{name}</b> · {kind}\nMay you use it? I keep your answer with the file, and use the "
        "file only after it."
    ),
    "add_ask_licence": (
        "📥 <b>{name}</b> · {kind}\nWhich licence is it? Choose one, or reply to this message "
        "with its name."
    ),
    "add_ask_attribution": (
        "📥 <b>{name}</b> · {kind}\nWho has to be named? Reply to this message with the line that "
        "must be shown, such as <code>Music: Jane Doe (CC BY 4.0)</code>."
    ),
    "add_fetching": "📥 <b>{name}</b> · {kind}\nAdding it …",
    "add_fetching_some": "📥 <b>{name}</b> · {kind}\n{done} of {total} fetched ({percent})",
    "add_fetching_open": "📥 <b>{name}</b> · {kind}\n{done} fetched",
    "add_waiting": "⏳ <b>{name}</b> · {kind}\n{why}\nI try again by myself.",
    "add_added": "✅ <b>{name}</b> is in your library.\n{facts}",
    "add_there": "✅ That file is there already, as <b>{name}</b>.\n{facts}",
    "add_there_gone": "✅ <b>{name}</b> was added, and is gone from the library since.",
    "add_failed": "⚠️ <b>{name}</b> was not added.\n{why}",
    "add_cancelled": "✖ <b>{name}</b>: not added.",
    "add_source": "I could not fetch it: {why}.",
    "add_internal": "I made a mistake with it; the log says more. Try it once more.",
    "button_add_mine": "It is mine",
    "button_add_licensed": "I have a licence",
    "button_add_unnamed": "Nobody has to be named",
    "button_add_permission": "I was allowed to",
    "button_add_bought": "I bought it",
    "button_add_cancel": "✖ Cancel",
    "button_add_again": "🔁 Try again",
    "button_add_open": "🗂 Show it",
    "add_licence_permission": "written permission",
    "add_licence_bought": "bought licence",
}

KINDS: Sentences = {
    "library_kind_source": "own clip",
    "library_kind_template": "template",
    "library_kind_hot": "hot video",
    "library_kind_audio": "music",
    "library_kind_product": "product",
    "library_kind_mashup": "mashup",
    "library_kind_thumbnail": "thumbnail",
    "library_kinds_source": {"one": "1 own clip", "other": "{count} own clips"},
    "library_kinds_template": {"one": "1 template", "other": "{count} templates"},
    "library_kinds_hot": {"one": "1 hot video", "other": "{count} hot videos"},
    "library_kinds_audio": {"one": "1 piece of music", "other": "{count} pieces of music"},
    "library_kinds_product": {"one": "1 product", "other": "{count} products"},
    "library_kinds_mashup": {"one": "1 mashup", "other": "{count} mashups"},
    "library_kinds_thumbnail": {"one": "1 thumbnail", "other": "{count} thumbnails"},
    "library_media_video": "video",
    "library_media_audio": "sound",
    "library_media_image": "picture",
    "library_mark_video": "🎬",
    "library_mark_audio": "🎵",
    "library_mark_image": "🖼",
}

LIST: Sentences = {
    "cmd_library": "look through your library",
    "library_head": {
        "one": "🗂 <b>Library</b> · one file",
        "other": "🗂 <b>Library</b> · {count} files",
    },
    "library_filtered": {
        "one": "🗂 <b>Library</b> · one file of: {filters}",
        "other": "🗂 <b>Library</b> · {count} files of: {filters}",
    },
    "library_empty": (
        "🗂 Your library is empty. Send me a video, a sound or a picture with the caption "
        "<code>/add</code>."
    ),
    "library_nothing": (
        "🗂 <b>Library</b> · nothing of: {filters}\nTake a filter away, or reply with other words."
    ),
    "library_filter_words": "“{text}”",
    "library_row": "{number}. {mark} <b>{name}</b> · {facts}",
    "library_page": "Page {page} of {pages}",
    "library_hint": "Press a number to see more. Reply to this message with words to search.",
    "library_uses": {"one": "used once", "other": "used {count} times"},
    "library_unused": "not used yet",
    "library_other_list": "That list belongs to somebody else. /library opens your own.",
    "library_not_yours": "Somebody else added that file; only they and admins may change it.",
    "library_closed": "I do not know that list any more. Open a new one with /library.",
    "library_choose_kind": "🗂 Which kind do you want to see?",
    "library_choose_mood": "🗂 Which mood?",
    "library_choose_platform": "🗂 For which platform?",
    "library_choose_tag": "🗂 Which tag?",
    "library_no_words": "There is none yet.",
    "library_stats": "📊 <b>Library</b>",
    "library_stats_row": "{kinds} · {size}{length} · {uses}",
    "library_stats_length": " · {length} long",
    "library_stats_total": {
        "one": "<b>All in all</b>: one file, {size}",
        "other": "<b>All in all</b>: {count} files, {size}",
    },
    "library_picture_row": "{number}. {name}",
    "library_no_pictures": "None of these has a picture.",
    "button_library_kind": "Kind",
    "button_library_kind_on": "✓ Kind",
    "button_library_mood": "Mood",
    "button_library_mood_on": "✓ Mood",
    "button_library_platform": "Platform",
    "button_library_platform_on": "✓ Platform",
    "button_library_tag": "Tag",
    "button_library_tag_on": "✓ Tag",
    "button_library_clear": "✖ Show all",
    "button_library_stats": "📊 Numbers",
    "button_library_pictures": "🖼 Pictures",
    "button_library_number": "{number}",
    "button_library_earlier": "◀",
    "button_library_later": "▶",
    "button_library_any": "Any",
    "button_library_word": "{word}",
    "button_library_back": "◀ Back",
}

ASSET: Sentences = {
    "library_asset": "{mark} <b>{name}</b>\n{facts}",
    "library_asset_tags": "Tags: {tags}",
    "library_asset_mood": "Mood: {mood}",
    "library_asset_platform": "For {platform}",
    "library_asset_category": "Category: {category}",
    "library_asset_rights_mine": "Rights: it is your own",
    "library_asset_rights_licensed": "Rights: licensed",
    "library_asset_rights_unsaid": (
        "⚠️ Nobody has said whether it may be used. Press “Rights” to say it."
    ),
    "library_asset_licence": "Licence: {licence}",
    "library_asset_no_licence": (
        "⚠️ Its licence is not named. Reply with <code>licence: CC BY 4.0</code>."
    ),
    "library_asset_origin": "From: {origin}",
    "library_asset_attribution": "To be named: {attribution}",
    "library_asset_used": {
        "one": "Used once, {last}",
        "other": "Used {count} times, the last time {last}",
    },
    "library_asset_use": "• {what}, {at}",
    "library_use_render": "render {number}",
    "library_use_post": "post {number}",
    "library_use_other": "{holder}",
    "library_asset_added": "Added {at}",
    "library_asset_added_by": "Added {at} by {user}",
    "library_asset_going": (
        "🗑 It is deleted as soon as nothing needs it any more. It is not offered any more."
    ),
    "library_asset_hint": (
        "Reply with lines such as <code>licence: CC BY 4.0</code>, <code>origin: …</code> or "
        "<code>attribution: …</code> to change them."
    ),
    "library_ask_rename": "✏️ Reply to this message with the new name of <b>{name}</b>.",
    "library_ask_tags": (
        "# Reply to this message with the tags of <b>{name}</b>. They take the place of the old "
        "ones: {tags}."
    ),
    "library_ask_no_tags": "# Reply to this message with the tags of <b>{name}</b>.",
    "library_ask_mood": (
        "Which mood has <b>{name}</b>? Choose one, or reply with a word of your own."
    ),
    "library_ask_platform": "For which platform is <b>{name}</b>?",
    "library_ask_rights": "May you use <b>{name}</b>?",
    "library_ask_delete": "🗑 Delete <b>{name}</b> for good?",
    "library_ask_delete_used": (
        "🗑 Delete <b>{name}</b>? Something is being made with it right now: it is not offered any "
        "more at once, and deleted when that is done."
    ),
    "library_deleted": "🗑 <b>{name}</b> is deleted.",
    "library_deleted_later": (
        "🗑 <b>{name}</b> is not offered any more. It is deleted when what is being made with it "
        "is done."
    ),
    "library_gone": "That file is not in the library any more.",
    "library_what_to_change": (
        "I do not understand that. Press a button below the file first, or reply with a line such "
        "as <code>licence: CC BY 4.0</code>."
    ),
    "library_play_asked": "Sending it …",
    "library_play_many": "I am sending several files already. Try again in a moment.",
    "library_play_large": (
        "“{name}” has {size}, and bots may send at most {limit}. Here is its picture."
    ),
    "library_play_large_only": "“{name}” has {size}, and bots may send at most {limit}.",
    "library_play_failed": "“{name}” could not be sent now. Try again in a moment.",
    "button_library_play": "▶️ Play",
    "button_library_show": "🖼 Show",
    "button_library_rename": "✏️ Name",
    "button_library_tags": "# Tags",
    "button_library_set_mood": "Mood",
    "button_library_set_platform": "Platform",
    "button_library_rights": "Rights",
    "button_library_delete": "🗑 Delete",
    "button_library_delete_yes": "🗑 Yes, delete it",
    "button_library_keep": "Keep it",
    "button_library_none": "None",
}

TROUBLE: Sentences = {
    "studio_not_media": (
        "The file is no video, sound or picture that I can read. Save it as MP4, MP3, JPEG or PNG "
        "and send it again."
    ),
    "studio_broken_media": "The file is broken. Export it once more and send it again.",
    "studio_cut_off": "The file is cut off: its end is missing. Copy it once more and send it.",
    "studio_empty_file": "The file is empty. Send it again.",
    "studio_not_a_file": "That is a folder or a device, no file.",
    "studio_cannot_read": "The file cannot be read ({reason}).",
    "studio_cannot_write": (
        "The data folder cannot be written to ({reason}). It goes on when that works again; an "
        "admin has to look."
    ),
    "studio_changed_meanwhile": "The file changed while it was read.",
    "studio_look_too_long": "It took too long to look into the file.",
    "studio_no_ffmpeg": "No file can be looked into, ffmpeg is missing; an admin can install it.",
    "studio_large_picture": (
        "The picture is too large ({width} × {height}). Make it smaller and send it again."
    ),
    "studio_too_big": (
        "The file is larger than what is taken ({limit}). Send a smaller one, or let an admin "
        "raise <code>library.max_bytes</code>."
    ),
    "studio_disk_full": (
        "The disk is full. It goes on when there is room: delete what is not needed, or ask an "
        "admin."
    ),
    "studio_no_name": "A name needs at least one sign that can be seen.",
    "studio_wrong_media": "The file is a {media}, and {kind} has to be one of these: {taken}.",
    "studio_nothing_to_pick": (
        "Nothing of the kind {kind} can be chosen now: none fits, or all that fit were used "
        "lately. Add more with /add, or choose one yourself."
    ),
    "studio_no_asset": "That file is not in the library (any more).",
    "studio_text_too_long": "“{text}” is too long; at most {limit} characters are kept.",
    "studio_too_many_tags": "These are too many tags; at most {limit} are kept.",
    "studio_unknown_field": "I do not know “{field}”. I know {known}.",
    "studio_unknown_kind": "I do not know the kind “{kind}”. I know {known}.",
    "studio_unknown_rights": "I do not know the rights “{rights}”. I know {known}.",
}

WATCH: Sentences = {
    "library_watch_refused": {
        "one": "📂 A file in {folder} cannot be added to the library. It is left where it is.",
        "other": (
            "📂 {count} files in {folder} cannot be added to the library. They are left where "
            "they are."
        ),
    },
    "library_watch_row": "• <b>{name}</b>: {why}",
    "library_watch_more": {"one": "… and one more", "other": "… and {count} more"},
    "library_watch_waiting": (
        "📂 New files in {folder} have to wait: {why} They are added by themselves after that."
    ),
    "library_watch_missing": (
        "📂 The watched folder {folder} cannot be read ({reason}). It is looked at again by "
        "itself; take it out of <code>library.watch</code> if it is not needed any more."
    ),
}

STORAGE: Sentences = {
    "studio_storage_unreachable": (
        "The media storage {storage} does not answer as it should ({reason}). Try again in a "
        "while."
    ),
    "studio_storage_busy": (
        "The media storage {storage} takes nothing more for now. Try again later."
    ),
    "studio_storage_refused": "The media storage {storage} refuses that: {reason}.",
    "studio_storage_sign_in": (
        "The media storage {storage} does not accept our keys ({reason}). An admin has to check "
        "<code>storage.key_id</code> and <code>storage.secret</code>, and what they may do."
    ),
    "studio_storage_clock": (
        "The media storage {storage} says that our clock is wrong. An admin has to set the clock "
        "of this machine."
    ),
    "studio_storage_full": (
        "The media storage {storage} is full. Delete what is not needed, or ask an admin for room."
    ),
    "studio_storage_too_large": (
        "The file is larger than the media storage {storage} takes. Send a smaller one, or ask an "
        "admin."
    ),
    "studio_storage_gone": (
        "A file of the library is not where it should be ({key}). Add it again, or ask an admin."
    ),
    "studio_storage_damaged": (
        "A file of the library is damaged in its storage ({sha256}). Delete it and add it again."
    ),
    "studio_storage_changed": (
        "The file changed while it was stored, so nothing was stored. Add it again when it is "
        "whole."
    ),
    "studio_storage_bad_key": "No file can be stored under the name “{key}”.",
    "studio_storage_url": (
        "“{url}” is no media storage. Write file:///folder, s3://bucket/folder or "
        "cloudinary://cloud, and put keys into <code>storage.key_id</code> and "
        "<code>storage.secret</code>."
    ),
    "studio_storage_keys": (
        "The media storage {storage} needs keys. An admin has to set <code>storage.key_id</code> "
        "and <code>storage.secret</code>."
    ),
    "studio_storage_address": (
        "The media storage {storage} hands files out at {host}. An admin has to set "
        "<code>storage.public_url</code> to that address."
    ),
    "studio_storage_unknown": (
        "Files lie in the media storage {storage}, and nobody knows any more how to reach it. Ask "
        "an admin to bring the database back from a backup."
    ),
    "studio_storage_sealed": (
        "The keys of the media storage {storage} cannot be opened, because the key that sealed "
        "them is lost. An admin can take it back with <code>karvon keys restore</code>."
    ),
    "studio_storage_moving": "The library is being moved already. Wait until that has ended.",
    "studio_storage_change_setting": (
        "Now set <code>storage.url</code> to {storage}, with its endpoint and keys if it has any, "
        "and start Karvon again. Until then new files go there too, as the move is remembered."
    ),
}

SENTENCES: Sentences = {**ADD, **KINDS, **LIST, **ASSET, **TROUBLE, **WATCH, **STORAGE}
