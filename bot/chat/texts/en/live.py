"""Sentences about what is published: figures, edits, pictures, removal, and what was found."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

REFUSALS: Sentences = {
    "nothing_live": "Nothing of post {post_id} is live. /post {post_id} shows how it stands.",
    "nothing_live_yet": "Nothing is live yet. Send a video.",
    "edit_empty": (
        "Post {post_id}: I found no new words. Reply with a text, <code>title: …</code>, "
        "<code>tags: …</code> or <code>privacy: …</code>."
    ),
    "edit_line": (
        "The line <b>{line}:</b> cannot be changed once a post is accepted. Leave it out, or "
        "/cancel {post_id} and send the video again."
    ),
    "edit_option": "No target of this post has <b>{option}:</b>. Leave that line out.",
    "file_too_big": "That file is too large. Send one of at most {limit_mb} MB.",
    "captions_language": (
        "In which language are the subtitles? Name the file like <code>video.de.srt</code>, or "
        "send it with the words <code>language: de</code>."
    ),
    "frames_no_file": (
        "The video of post {post_id} cannot be had any more. Reply to its card with a picture "
        "instead."
    ),
    "frames_too_large": (
        "The video of post {post_id} is not here any more, and above {limit_mb} MB I do not fetch "
        "it again for pictures. Reply to its card with a picture instead."
    ),
    "frames_no_room": (
        "There is no room on the disk to fetch the video of post {post_id} again. Make room, or "
        "reply to its card with a picture."
    ),
    "frames_not_now": (
        "The video of post {post_id} cannot be fetched again right now. Write /thumbnail "
        "{post_id} in a minute, or reply to its card with a picture."
    ),
    "frames_nowhere": "No target of post {post_id} lets me change the picture.",
    "frames_old": "These pictures are gone. Write /thumbnail {post_id} again.",
    "frames_busy": "Telegram does not take the pictures now. Write the command again in a minute.",
    "delete_usage": "Write the number of the post: /delete 12. /queue and /stats show them.",
    "thumbnail_usage": (
        "Write the number of the post: /thumbnail 12. Or reply to its card with a picture."
    ),
}

WISHES: Sentences = {
    "edit_head": "✏️ Post {post_id}, new words:\n{lines}",
    "thumbnail_head": "🖼 Post {post_id}, a new picture:\n{lines}",
    "captions_head": "💬 Post {post_id}, subtitles:\n{lines}",
    "delete_head": "🗑 Post {post_id}:\n{lines}",
    "wish_nowhere": "Post {post_id}: that can be done nowhere.\n{lines}",
    "wish_asked": "• {place}: is being changed",
    "wish_removed": "• {place}: is being removed",
    "wish_later": "• {place}: is changed as soon as it is live",
    "wish_fresh": "• {place}: is published that way",
    "wish_cannot": "• {place}: {why}",
    "cannot_edit": "a published video cannot be edited; delete it and post again",
    "cannot_visibility": "who can see a published video cannot be changed; do it in the app",
    "cannot_privacy": "there is no “{privacy}”, only {known}",
    "cannot_option": "“{option}” holds for the upload and cannot be changed afterwards",
    "cannot_scope": ("the account was connected without the right to do that; /connect it again"),
    "cannot_sign_in": "this kind of sign-in never allows that; do it in the app. {url}",
    "cannot_delete": "bots cannot remove a video; do it in the app. {url}",
    "cannot_thumbnail": "the picture of a published video cannot be changed",
    "cannot_own_picture": "it takes no picture, only one out of the video itself",
    "cannot_cover": (
        "it takes no picture, only one out of the video itself; reply to the card with "
        "<code>cover: 2.5</code> for the one at 2.5 seconds"
    ),
    "cannot_captions": "subtitle files are not taken",
    "cannot_playlist": "there are no playlists",
    "cannot_unseen": "its answer was lost, so I do not know the address; do it in the app",
    "delete_ask": ("Remove post {post_id}? What is removed cannot be brought back.\n{lines}"),
    "delete_place": "• {place}: is removed. {url}",
    "delete_left": "Nothing is removed.",
    "frames_choose": "Which picture shall post {post_id} have? Or reply to its card with one.",
    "frames_left": "The picture stays.",
    "finding_asked": "I am looking.",
    "finding_show": "I am asking for it.",
    "finding_publish": "It is published there again.",
    "button_delete_all": "🗑 Delete everywhere",
    "button_delete_yes": "🗑 Yes, remove",
    "button_frame": "{number}",
}

OUTCOMES: Sentences = {
    "outcome_edit": "✏️ <b>Edited</b> · post {post_id}\n{lines}",
    "outcome_visibility": "👁 <b>Changed who can see it</b> · post {post_id}\n{lines}",
    "outcome_delete": "🗑 <b>Removed</b> · post {post_id}\n{lines}",
    "outcome_thumbnail": "🖼 <b>New picture</b> · post {post_id}\n{lines}",
    "outcome_captions": "💬 <b>Subtitles added</b> · post {post_id}\n{lines}",
    "outcome_playlist": "📃 <b>In the playlist</b> · post {post_id}\n{lines}",
    "outcome_partly": "⚠️ <b>Done, but not everywhere</b> · post {post_id}\n{lines}",
    "outcome_failed": "❌ <b>Not done</b> · post {post_id}\n{lines}",
    "outcome_done_line": "✅ {place}",
    "outcome_failed_line": "❌ {place}: {why}",
    "error_gone": "The video is not there any more.",
    "error_no_picture": "That file is no JPEG or PNG picture. Reply with one.",
    "finding_gone": (
        "⚠️ {place}: the video of post {post_id} is not there any more, and I did not remove "
        "it. Look into the app for a notice; I can publish it again."
    ),
    "finding_blocked": (
        "⚠️ {place}: the video of post {post_id} is blocked: {why}. Look there what can be "
        "done, then let me look again."
    ),
    "finding_visibility": (
        "⚠️ {place}: post {post_id} should be {wanted}, but it is {why}. Look there whether "
        "the platform has limited it."
    ),
    "finding_fine": "✅ {place}: post {post_id} is there, and as visible as it should be.",
    "button_publish_live": "🔁 Publish again",
    "button_check_live": "🔁 Look again",
    "button_show_live": "🔧 Make it so",
    "button_look": "👁 Open",
    "upload_removed": "🗑 {place}: removed",
    "upload_gone": "⚠️ {place}: not there any more",
    "card_removed": "🗑 <b>Removed</b> · post {post_id}",
    "card_partly_removed": "🗑 <b>Removed, but not everywhere</b> · post {post_id}",
}

FIGURES: Sentences = {
    "figures_post": "<b>{post_id}</b> · {title}",
    "figures_line": (
        "• {place}: views {views} · likes {likes} · comments {comments} · shares {shares}{age}"
    ),
    "figures_none": "• {place}: no figures yet",
    "figures_none_why": "• {place}: no figures: {why}",
    "figures_never": "bots are told none here; look into the app",
    "figures_grown": "{now} (+{more})",
    "figures_shrunk": "{now} (−{less})",
    "figures_age": " ({span} ago)",
    "figures_trouble": " – nothing newer: {why}",
    "figures_more": {
        "one": "… and one more post: /stats with its number",
        "other": "… and {count} more posts: /stats with a number",
    },
    "help_live": (
        "<b>When it is live</b>: reply to the card with new words, a picture or subtitles (.srt)\n"
        "/stats 12 – views and likes\n/thumbnail 12 – choose a picture\n/delete 12 – remove it "
        "everywhere"
    ),
    "cmd_stats": "views and likes",
    "cmd_thumbnail": "choose a picture",
    "cmd_delete": "remove a post everywhere",
}

EVENTS: Sentences = {
    "event_rewritten": "new words written",
    "event_edit_done": "{place}: edited",
    "event_edit_failed": "{place}: not edited. {error}",
    "event_visibility_done": "{place}: changed who can see it",
    "event_visibility_failed": "{place}: visibility not changed. {error}",
    "event_delete_done": "{place}: removed",
    "event_delete_failed": "{place}: not removed. {error}",
    "event_thumbnail_done": "{place}: new picture",
    "event_thumbnail_failed": "{place}: no new picture. {error}",
    "event_captions_done": "{place}: subtitles added",
    "event_captions_failed": "{place}: no subtitles. {error}",
    "event_playlist_done": "{place}: in the playlist",
    "event_playlist_failed": "{place}: not in the playlist. {error}",
    "event_check_done": "{place}: looked after",
    "event_check_failed": "{place}: could not be looked after. {error}",
}

SENTENCES: Sentences = {**REFUSALS, **WISHES, **OUTCOMES, **FIGURES, **EVENTS}
