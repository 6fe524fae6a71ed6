"""Sentences about batches."""

from __future__ import annotations

from bot.chat.texts.forms import Sentences

FILE: Sentences = {
    "batch_file_large": "The file has {size_bytes}; at most {limit_bytes} are taken.",
    "batch_file_large_do": "Split it into several files.",
    "batch_file_empty": "The file is empty.",
    "batch_file_empty_do": "Save it again and send it once more.",
    "batch_encoding": "The text is not UTF-8 (byte {position}).",
    "batch_encoding_do": "Save the file as UTF-8.",
    "batch_entries_many": "The file lists {count} clips; at most {limit} are taken.",
    "batch_entries_many_do": "Split it into several files.",
    "batch_no_entries": "The file lists no clip.",
    "batch_no_entries_do": "Add at least one entry with a path.",
    "batch_bad_json": "This is not JSON (column {column}): {why}.",
    "batch_bad_json_do": "Correct the file at this place.",
    "batch_bad_config": "The configuration is not JSON (column {column}): {why}.",
    "batch_bad_config_do": "Correct the configuration at this place.",
    "batch_clips_no_list": "“clips” is no list: {given}.",
    "batch_clips_no_list_do": "Write the clips as a list in square brackets.",
    "batch_no_clips": "The file has no list “clips”.",
    "batch_no_clips_do": "Send a file with “video_id” and “clips”, a table, or JSON lines.",
    "batch_entry_no_object": "This entry is no JSON object: {given}.",
    "batch_entry_no_object_do": "Write the entry in curly brackets, with a path.",
    "batch_bad_table": "The table cannot be read from here on: {why}.",
    "batch_bad_table_do": "Look for a quote that is not closed.",
    "batch_column_twice": "The column “{name}” is there twice.",
    "batch_column_twice_do": "Give each column its own name.",
    "batch_no_path_column": "The table has no column “path” or “filename”; it has: {names}.",
    "batch_no_path_column_do": "Name the column with the files “path”.",
    "batch_row_long": "The row has {cells} cells, the header {columns}.",
    "batch_row_long_do": "Put values with a delimiter in them into quotes.",
    "batch_bad_value": "“{field}” cannot be “{given}”: {why}.",
    "batch_bad_value_do": "Correct this value.",
    "batch_more_findings": "Findings that are not listed: {count}.",
    "batch_more_findings_do": "Correct those above and look again.",
}

TEMPLATES: Sentences = {
    "batch_unknown_placeholder": "There is no field “{name}” for {field}.{near}",
    "batch_unknown_placeholder_do": "Use one of these fields: {known}.",
    "batch_near": " Did you mean {near}?",
    "batch_empty_placeholder": "This clip has no “{name}”, so {field} has a gap there.",
    "batch_empty_placeholder_do": "Add “{name}” to the clip, or take it out of the template.",
    "batch_template_syntax": "{field} cannot be read: {why}.",
    "batch_template_syntax_do": "Write the name of a field between { and }, once each.",
    "batch_template_forbidden": "{field} does more than name a field ({what}).",
    "batch_template_forbidden_do": "Only names of fields and simple filters are taken.",
    "batch_template_filter": "{field} uses a filter that there is not: “{name}”.",
    "batch_template_filter_do": "Use one of these filters: {known}.",
    "batch_template_long": "{field} grows longer than {limit} characters.",
    "batch_template_long_do": "Make it shorter.",
    "batch_template_value": "{field} does not work with the fields of this clip: {why}.",
    "batch_template_value_do": "Correct the field, or leave the filter out.",
    "batch_text_long": "{platform}: the {what} has {actual} {unit}, at most {limit} are taken.",
    "batch_text_long_do": "Make {field} shorter, or leave {platform} out.",
    "batch_tags_long": "{platform}: the tags have {actual} characters; {limit} are taken.",
    "batch_tags_long_do": "Some tags are left out; take fewer to choose which.",
    "batch_title": "title",
    "batch_description": "description",
    "batch_unit_characters": "characters",
    "batch_unit_utf16": "characters",
    "batch_unit_bytes": "bytes",
}

FILES: Sentences = {
    "batch_no_path": "The entry names no file.",
    "batch_no_path_do": "Add “path” or “filename”.",
    "batch_bad_path": "This is no path: {given}.",
    "batch_bad_path_do": "Correct the path.",
    "batch_path_outside": "The file lies outside of the allowed folders: {given}.",
    "batch_path_outside_do": "Move it there, or add its folder to batches.folders.",
    "batch_missing_file": "There is no such file: {given}.",
    "batch_missing_file_do": "Correct the path, or make the clip again.",
    "batch_no_file": "This is a folder or device, no file: {given}.",
    "batch_no_file_do": "Name the video itself.",
    "batch_file_forbidden": "The file may not be read: {given}.",
    "batch_file_forbidden_do": "Allow the user that Karvon runs as to read it.",
    "batch_file_changed": "The file changed since it was looked into: {given}.",
    "batch_empty_file": "The file is empty: {given}.",
    "batch_empty_file_do": "Make the clip again.",
    "batch_not_a_video": "This is no video that can be read: {given}.",
    "batch_not_a_video_do": "Make the clip again, or take the entry out.",
    "batch_cut_off": "The video is cut off, its end is missing: {given}.",
    "batch_cut_off_do": "Copy or make the clip again.",
    "batch_probe_slow": "Looking into the video took too long: {given}.",
    "batch_probe_slow_do": "See whether it plays; make the clip again if not.",
    "batch_no_ffprobe": "No video can be looked into: {why}.",
    "batch_no_ffprobe_do": "Install ffmpeg, and look with karvon doctor.",
    "batch_no_folders": "No folder is allowed for batches.",
    "batch_no_folders_do": "Add one to batches.folders in the settings.",
    "batch_file_twice": "Entry {first} has the same file for the same account.",
    "batch_file_twice_do": "Take one of the two out.",
    "batch_content_twice": "Entry {first} has the same video for the same account.",
    "batch_content_twice_do": "This one is left out; take one of the two out of the file.",
    "batch_duplicate": "The same video is there already: {places}.",
    "batch_duplicate_do": "It is not sent there again.",
    "batch_done_before": "This clip was published before.",
    "batch_done_before_do": "It is not sent again.",
    "batch_duration_differs": "The file says {written} s, the video has {actual} s.",
    "batch_duration_differs_do": "See whether this is the right clip.",
}

TARGETS: Sentences = {
    "batch_bad_target": "These targets cannot be used. {why}",
    "batch_bad_target_do": "Correct “platforms”, or connect the account.",
    "batch_target_refuses": "Not possible there. {why}",
    "batch_target_refuses_do": "Choose something else, or leave the target out.",
    "batch_does_not_fit": "{platform} does not take this video. {why}",
    "batch_does_not_fit_do": "Make another clip, or leave {platform} out.",
    "batch_is_fitted": "{platform} does not take this video as it is. {why}",
    "batch_is_fitted_do": "It is fitted: {remedies}.",
    "batch_over_quota": (
        "{platform} ({account}) takes {soon} of {count} videos soon; the last one starts {until}."
    ),
    "batch_over_quota_do": "Nothing is lost: the others wait. Use more accounts to be faster.",
    "batch_over_quota_never": "{platform} ({account}) can never take {count} videos.",
    "batch_over_quota_never_do": "Look at /limits, or leave this account out.",
    "batch_chunk_unused": "chunk_size has no effect on {platform}.",
    "batch_chunk_unused_do": "Nothing to do: it takes a video in one go.",
    "batch_chunk_changed": "{platform} takes parts of {taken} bytes instead of {asked}.",
    "batch_chunk_changed_do": "Nothing to do.",
}

CHAT: Sentences = {
    "batch_at_entry": "Entry {entry}, line {line}: {what}",
    "batch_at_number": "Entry {entry}: {what}",
    "batch_at_line": "Line {line}: {what}",
    "batch_received": (
        "I am looking into <b>{name}</b>. Nothing is published before you say so.\n"
        "A publisher configuration can still follow, as a document."
    ),
    "batch_received_config": (
        "I am looking into <b>{name}</b> with your configuration. Nothing is published before you "
        "say so."
    ),
    "batch_config_kept": "Configuration kept. Now send the list of clips within an hour.",
    "batch_config_used": "I am looking into <b>{name}</b> anew, with this configuration.",
    "batch_config_late": "Batch {batch_id} is under way already; its configuration stays.",
    "batch_checked": "<b>{name}</b>: {planned} of {entries} clips can be published.{done}{counts}",
    "batch_checked_none": (
        "<b>{name}</b>: none of {entries} clips can be published.{done}{counts}"
    ),
    "batch_checked_done": "\nPublished before: {count}.",
    "batch_checked_counts": "\n⛔ problems: {blocks}, ⚠️ to look at: {warns}",
    "batch_checked_more": "… and {count} more in the document below.",
    "batch_finding_block": "⛔ {what} <i>{remedy}</i>",
    "batch_finding_warn": "⚠️ {what} <i>{remedy}</i>",
    "batch_finding_note": "• {what} <i>{remedy}</i>",
    "batch_findings": "All that was found in <b>{name}</b>.",
    "batch_refused": "I cannot read this file. {what}\n{remedy}",
    "batch_fetch": "I could not fetch this file: {why}. Send it again.",
    "batch_unknown": "There is no batch {batch_id}.",
    "batch_line": "A batch cannot have the line <code>{line}:</code>. Take it out of the caption.",
    "batch_kind": (
        "{name} is no list of clips. Use .json with “clips”, .csv or .jsonl, one clip a line."
    ),
    "batch_broken": (
        "I could not look into <b>{name}</b>. Look with /doctor, then send it again."
    ),
    "batch_left": "Nothing of <b>{name}</b> is published.",
    "batch_result": (
        "Batch {batch_id} (<b>{name}</b>) has ended: {live} live, {failed} failed, {cancelled} "
        "cancelled."
    ),
    "batch_card": "<b>Batch {batch_id}</b>: {name}",
    "batch_card_stopping": "<b>Batch {batch_id}</b>: {name} – is being stopped",
    "batch_card_done": "<b>Batch {batch_id}</b>: {name} – done",
    "batch_card_progress": "{percent} – {ended} of {total} uploads",
    "batch_state_live": "✅ live: {count}",
    "batch_state_processing": "⚙️ processing: {count}",
    "batch_state_uploading": "⬆️ uploading: {count}",
    "batch_state_waiting": "⏳ waiting: {count}",
    "batch_state_unknown": "❓ outcome not known: {count}",
    "batch_state_failed": "❌ failed: {count}",
    "batch_state_cancelled": "🚫 cancelled: {count}",
    "batch_state_planned": "… not begun: {count}",
    "batch_state_bad": "⛔ left out, with a problem: {count}",
    "batch_state_left": "– left out: {count}",
    "batch_state_refused": "⛔ could not be taken: {count}",
    "batch_cause": "{count} × {platform}: {why}",
    "batch_cause_plain": "{count} × {platform}",
    "batch_asks": "Waits for you: {posts}",
    "batch_failed_posts": "Look at: {posts}",
    "button_batch_all": "Publish all",
    "button_batch_good": "Only those without ⚠️",
    "button_batch_leave": "Leave it",
    "button_batch_cancel": "Stop the batch",
    "button_batch_retry": "Try what failed again",
}

SENTENCES: Sentences = {**FILE, **TEMPLATES, **FILES, **TARGETS, **CHAT}
