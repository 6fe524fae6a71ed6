-- In which language people and chats are spoken to.

-- name: language_of_person
SELECT language, chosen FROM people WHERE user_id = :user_id;

-- name: meet_person
INSERT INTO people (user_id, language, chosen) VALUES (:user_id, :language, 0)
ON CONFLICT (user_id) DO UPDATE SET language = excluded.language WHERE people.chosen = 0;

-- name: person_chose
INSERT INTO people (user_id, language, chosen) VALUES (:user_id, :language, 1)
ON CONFLICT (user_id) DO UPDATE SET language = excluded.language, chosen = 1;

-- name: chats_with_language
SELECT user_id AS chat_id, language FROM people WHERE chosen = 1
UNION ALL
SELECT chat_id, language FROM chats WHERE language <> '' AND gone = '' AND chat_id < 0;

-- name: language_of_chat
SELECT language FROM chats WHERE chat_id = :chat_id;

-- name: meet_chat
INSERT INTO chats (chat_id, language) VALUES (:chat_id, :language)
ON CONFLICT (chat_id) DO UPDATE SET language = excluded.language WHERE chats.language = '';

-- name: chat_chose
INSERT INTO chats (chat_id, language) VALUES (:chat_id, :language)
ON CONFLICT (chat_id) DO UPDATE SET language = excluded.language;

-- name: move_chat
INSERT INTO chats (chat_id, language)
SELECT :to, language FROM chats WHERE chat_id = :chat_id AND language <> ''
ON CONFLICT (chat_id) DO UPDATE SET language = excluded.language;

-- name: redraw_cards
UPDATE cards SET wanted = wanted + 1
WHERE chat_id = :chat_id AND (
    final = 0 OR post_id IN (
        SELECT latest.post_id FROM cards AS latest
        WHERE latest.chat_id = :chat_id ORDER BY latest.post_id DESC LIMIT :latest
    )
);
