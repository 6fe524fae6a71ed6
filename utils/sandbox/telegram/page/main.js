// The chat page: keeps what it knows in step with the server and puts it on the screen.

import { letBotIn, listen, loadLaunchData, loadMessages, loadState, makeChannel, press } from "./api.js";
import { drawMessage } from "./bubble.js";
import { Chats } from "./chats.js";
import { Composer } from "./composer.js";
import { alertBox, avatarOf, byId, dayWords, element, toast } from "./dom.js";

const ACTION_SECONDS = 5;
const ACTIONS = { typing: "is typing…", upload_video: "is sending a video…", upload_document: "is sending a file…" };
const EVENTS = ["message", "draft", "action", "answer", "chat", "keyboard", "commands", "menu", "reset"];

const list = byId("messages");
const composer = new Composer();
const chats = new Chats(openChat);
const waitingKeys = new Map();
let bot = {};
let change = 0;

const actions = {
  reply: (message) => composer.reply(message),
  say: (text) => composer.say(text),
  show: (id) => list.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ behavior: "smooth", block: "center" }),
  openApp: async (url) => {
    const data = encodeURIComponent(await loadLaunchData());
    const join = url.includes("#") ? "&" : "#";
    open(`${url}${join}tgWebAppData=${data}&tgWebAppVersion=9.0&tgWebAppPlatform=web`, "_blank");
  },
  copy: async (text) => {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  },
  press: async (message, data, key) => {
    key.classList.add("waiting");
    try {
      const { query_id: query } = await press(message.chat_id, message.message_id, data);
      waitingKeys.set(query, key);
      setTimeout(() => key.classList.remove("waiting"), 15000);
    } catch (error) {
      key.classList.remove("waiting");
      toast(error.message);
    }
  },
};

const handlers = {
  message: takeMessage,
  chat: (raw) => {
    chats.put(raw, bot);
    chats.draw();
    drawHead();
  },
  draft: (draft) => {
    const chat = chats.all.get(draft.chat_id);
    if (chat) chat.draft = draft.draft_id ? draft : null;
    if (chat === chats.current) keepingEnd(drawDraft);
  },
  action: ({ chat_id: id, action }) => {
    const chat = chats.all.get(id);
    if (!chat) return;
    chat.action = ACTIONS[action] || "is busy…";
    clearTimeout(chat.actionTimer);
    chat.actionTimer = setTimeout(() => stopAction(chat), ACTION_SECONDS * 1000);
    drawHead();
  },
  answer: ({ query_id: query, text, show_alert: isAlert, url }) => {
    waitingKeys.get(query)?.classList.remove("waiting");
    if (!waitingKeys.delete(query)) return;
    if (text) (isAlert ? alertBox : toast)(text);
    if (url) open(url, "_blank", "noopener");
  },
  keyboard: ({ chat_id: id, markup }) => {
    const chat = chats.all.get(id);
    if (!chat) return;
    chat.keyboard = markup.keyboard ? markup : null;
    if (chat === chats.current) composer.drawKeyboard();
  },
  commands: (commands) => {
    composer.commands = commands;
    byId("slash").hidden = chats.current?.type !== "private" || !commands.length;
  },
  menu: drawMenu,
  reset: () => location.reload(),
};

function takeMessage(message) {
  change = Math.max(change, message.change);
  const isOpen = chats.current?.id === message.chat_id && !document.hidden;
  const taken = chats.take(message, isOpen);
  if (!taken) return;
  if (message.is_from_bot) stopAction(taken.chat);
  else if (!taken.before && taken.chat === chats.current) isAtEnd = true;
  chats.draw();
  if (taken.chat === chats.current) keepingEnd(() => placeMessage(message, taken.before));
}

function placeMessage(message, before) {
  const old = list.querySelector(`[data-id="${message.message_id}"]`);
  if (message.is_deleted) {
    old?.remove();
    return;
  }
  list.querySelector(".empty")?.remove();
  const drawn = drawMessage(message, actions, old);
  drawn.classList.add(before ? "changed" : "fresh");
  if (old) old.replaceWith(drawn);
  else {
    append(message, drawn);
    drawDraft();
  }
}

// Items of an album stand side by side in a frame of their own.
function append(message, drawn) {
  drawDay(message);
  const group = message.media_group_id;
  if (!group) {
    list.append(drawn);
    return;
  }
  let album = list.querySelector(`[data-group="${CSS.escape(group)}"]`);
  if (!album) {
    album = element("div", "album");
    album.dataset.group = group;
    album.classList.toggle("mine", !message.is_from_bot);
    list.append(album);
  }
  album.append(drawn);
}

let lastDay = "";

function drawDay(message) {
  const day = dayWords(message.date);
  if (day !== lastDay) list.append(element("div", "day", day));
  lastDay = day;
}

function drawDraft() {
  list.querySelector(".draft")?.remove();
  const draft = chats.current?.draft;
  if (!draft) return;
  const text = element("div", "text");
  if (draft.html) text.innerHTML = draft.html;
  else text.textContent = "Thinking…";
  list.append(element("article", "message draft", element("div", "bubble", text)));
  setTimeout(() => {
    if (chats.current?.draft !== draft) return;
    chats.current.draft = null;
    drawDraft();
  }, Math.max(0, draft.expires_at * 1000 - Date.now()));
}

function openChat(chat) {
  byId("app").dataset.view = "room";
  lastDay = "";
  list.replaceChildren();
  for (const message of chat.messages.values()) append(message, drawMessage(message, actions, null));
  if (!chat.messages.size) list.append(drawEmpty(chat));
  drawDraft();
  drawHead();
  drawMenu(menu);
  composer.open(chat);
  isAtEnd = true;
  list.scrollTop = list.scrollHeight;
}

function drawEmpty(chat) {
  const words = chat.type === "private"
    ? ["Send a video", "Drop one here, or use the paper clip. Its caption becomes the title."]
    : ["Nothing published yet", "What the bot publishes to this channel appears here."];
  return element("div", "empty", element("b", "", words[0]), words[1]);
}

function drawHead() {
  const chat = chats.current;
  if (!chat) return;
  avatarOf(byId("room-avatar"), chat);
  byId("room-title").textContent = chat.name;
  byId("room-status").textContent = chat.action || chat.about;
  byId("room-status").classList.toggle("busy", Boolean(chat.action));
  byId("bot-admin").hidden = chat.type === "private";
  byId("bot-admin").textContent = chat.isAdmin ? "Remove the bot" : "Make the bot admin";
}

function stopAction(chat) {
  chat.action = "";
  if (chat === chats.current) drawHead();
}

let menu = { type: "default" };

function drawMenu(button) {
  menu = button;
  byId("menu").hidden = menu.type !== "web_app" || chats.current?.type !== "private";
  byId("menu").textContent = menu.text || "";
}

// Runs a change of the list and stays at its end if that is where the person was.
function keepingEnd(draw) {
  draw();
  if (isAtEnd) list.scrollTop = list.scrollHeight;
  else byId("to-end").hidden = false;
}

let isAtEnd = true;

async function catchUp(take) {
  const news = await loadMessages(change);
  for (const message of news.messages) take(message);
  change = Math.max(change, news.change);
  for (const draft of news.drafts) handlers.draft(draft);
  chats.draw();
}

async function start() {
  const state = await loadState();
  bot = state.bot;
  for (const raw of state.chats) chats.put(raw, bot);
  composer.commands = state.commands;
  await catchUp((message) => chats.take(message, true));
  const wanted = Number(location.hash.slice(1));
  menu = state.menu;
  const isWide = matchMedia("(min-width: 721px)").matches;
  if (chats.all.has(wanted)) chats.choose(wanted);
  else if (isWide) chats.choose([...chats.all.keys()][0]);
  listen(
    EVENTS,
    (kind, data) => handlers[kind](data),
    async (isThere) => {
      byId("connection").hidden = isThere;
      if (isThere) await catchUp(takeMessage);
    },
  );
}

byId("back").addEventListener("click", () => {
  byId("app").dataset.view = "list";
  chats.current = null;
  chats.draw();
});
byId("bot-admin").addEventListener("click", () => {
  const chat = chats.current;
  letBotIn(chat.id, !chat.isAdmin).catch((error) => toast(error.message));
});
byId("new-channel").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const made = await makeChannel(byId("new-title").value.trim());
    byId("new-channel").reset();
    chats.put(made, bot);
    chats.choose(made.id);
  } catch (error) {
    toast(error.message);
  }
});
byId("menu").addEventListener("click", () => actions.openApp(menu.web_app.url));
byId("to-end").addEventListener("click", () => list.scrollTo({ top: list.scrollHeight, behavior: "smooth" }));
let lastTop = 0;
list.addEventListener("scroll", () => {
  // Only going up leaves the end; a list that shrinks or grows does not.
  const isNear = list.scrollHeight - list.scrollTop - list.clientHeight < 90;
  isAtEnd = isNear || (isAtEnd && list.scrollTop >= lastTop);
  lastTop = list.scrollTop;
  byId("to-end").hidden = isAtEnd;
});
new ResizeObserver(() => { if (isAtEnd) list.scrollTop = list.scrollHeight; }).observe(list);
// A picture or video that gets its size late must not push the end out of sight.
for (const kind of ["load", "loadedmetadata"]) {
  list.addEventListener(kind, () => { if (isAtEnd) list.scrollTop = list.scrollHeight; }, true);
}
addEventListener("hashchange", () => {
  const id = Number(location.hash.slice(1));
  if (chats.all.has(id)) chats.choose(id);
});

start().catch((error) => toast(`The sandbox does not answer: ${error.message}`));
