// Calls of the person's side. Every answer is JSON; a refusal becomes an Error with its words.

async function read(response) {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || `The server said ${response.status}`);
  return answer;
}

async function get(path) {
  return read(await fetch(`/_phone/${path}`));
}

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return read(await fetch(`/_phone/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

export const loadState = () => get("state");
export const loadMessages = (after) => get(`messages?after=${after}`);
export const loadLaunchData = async () => (await get("init_data")).init_data;
export const press = (chatId, messageId, data) =>
  post("press", { chat_id: chatId, message_id: messageId, data });

export const makeChannel = (title) => post("channel", { title, bot_is_admin: false });
export const letBotIn = (chatId, isAdmin) => post("channel", { chat_id: chatId, bot_is_admin: isAdmin });

// XMLHttpRequest, because fetch does not tell how far an upload is.
export function send({ chatId, text, replyTo, files, kind }, onProgress) {
  const form = new FormData();
  form.append("chat_id", chatId);
  if (replyTo) form.append("reply_to_message_id", replyTo);
  form.append(files.length ? "caption" : "text", text);
  form.append("kind", kind);
  for (const file of files) form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/_phone/send");
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onerror = () => reject(new Error("The sandbox does not answer"));
    request.onload = () => {
      const answer = request.response || {};
      if (request.status === 200) resolve(answer);
      else reject(new Error(answer.error || `The server said ${request.status}`));
    };
    request.send(form);
  });
}

// Calls handlers[kind](data) for each event; the browser reconnects by itself.
export function listen(kinds, onEvent, onConnection) {
  const source = new EventSource("/_phone/events");
  source.onopen = () => onConnection(true);
  source.onerror = () => onConnection(false);
  for (const kind of kinds) {
    source.addEventListener(kind, (event) => onEvent(kind, JSON.parse(event.data)));
  }
}
