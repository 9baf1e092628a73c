// The chat page: opens a session, sends messages, shows replies with their buttons, sources and thumbs.
// Every text goes into the page as text; nothing is parsed as HTML.
"use strict";

const chat = document.getElementById("chat");
const log = document.getElementById("log");
const form = document.getElementById("form");
const box = document.getElementById("text");
const language = chat.dataset.language;
const words = {
  en: { sources: "Sources", up: "This helped", down: "This did not help", again: "Not sent. Press to send again.",
        too_many_messages: "That was rather fast. Please wait a moment and send it again.",
        too_long: "That message is too long.", hello: "Hello! What would you like to know?" },
  zh: { sources: "出处", up: "有帮助", down: "没帮助", again: "没有发出去，点这里重发。",
        too_many_messages: "发得有点快，请稍等片刻再发。", too_long: "这条消息太长了。", hello: "您好，请问想了解什么？" },
}[language];
let token = sessionStorage.getItem("frontdesk-token");
let queue = Promise.resolve(); // one message at a time, in order

function element(tag, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
}

function add(who, ...children) {
  const message = element("div", { className: `message ${who}` }, ...children);
  log.append(message);
  log.scrollTop = log.scrollHeight;
  return message;
}

async function call(path, body, headers = {}) {
  const answer = await fetch(path, {
    method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers },
  });
  return { status: answer.status, body: await answer.json().catch(() => ({})) };
}

async function openSession() {
  const opened = await call("/api/sessions", {});
  if (opened.status !== 200) throw new Error(opened.body.error);
  token = opened.body.token;
  sessionStorage.setItem("frontdesk-token", token);
}

async function deliver(message) {
  if (!token) await openSession();
  let answer = await call("/api/messages", message, { Authorization: `Bearer ${token}` });
  if (answer.status === 401) {
    await openSession();
    // The new conversation has not offered the button that was pressed: its title says the same, a vote says nothing.
    if (message.payload && !message.spoken) return { status: 200, body: { messages: [] } };
    const { payload, ...plain } = message;
    answer = await call("/api/messages", payload ? { ...plain, text: message.title } : message, { Authorization: `Bearer ${token}` });
  }
  return answer;
}

function send(shown, content) {
  const message = { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, language, ...content };
  const own = shown ? add("customer", element("div", { className: "bubble", textContent: shown })) : null;
  queue = queue.then(() => attempt(message, own));
}

async function attempt(message, own) {
  const typing = add("bot typing", element("div", { className: "bubble" }));
  try {
    const answer = await deliver(message);
    typing.remove();
    own?.classList.remove("failed");
    if (answer.status === 200) answer.body.messages.forEach(show);
    else add("bot", element("div", { className: "bubble", textContent: words[answer.body.error] ?? words.again }));
  } catch {
    typing.remove();
    retryLater(message, own);
  }
}

function retryLater(message, own) {
  own?.classList.add("failed");
  const again = element("button", { type: "button", textContent: words.again });
  const note = add("bot", again);
  again.onclick = () => { note.remove(); queue = queue.then(() => attempt(message, own)); };
}

function documentLink(citation, text) {
  const address = `/documents/${encodeURIComponent(citation.document)}?start=${citation.start}&end=${citation.end}#quote`;
  return element("a", { href: address, target: "_blank", rel: "noopener", textContent: text, title: citation.title });
}

function bubble(text, citations) {
  const shown = element("div", { className: "bubble" });
  const byId = new Map(citations.map((c) => [c.id, c]));
  for (const part of text.split(/(\[\d+\])/)) {
    const citation = byId.get(part.slice(1, -1));
    shown.append(citation && /^\[\d+\]$/.test(part) ? element("sup", {}, documentLink(citation, part)) : part);
  }
  return shown;
}

function sources(citations) {
  const titles = new Map();
  for (const citation of citations) {
    const found = titles.get(citation.title) ?? [];
    titles.set(citation.title, [...found, citation]);
  }
  const items = [...titles.values()].map((group) =>
    element("li", {}, `${words.sources} ${group.map((c) => `[${c.id}]`).join(" ")} `, documentLink(group[0], group[0].title)));
  return element("ul", { className: "sources" }, ...items);
}

// Drawn here: not every system has a font with the thumbs.
function thumb(vote) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", vote);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M3 10h4v11H3zM9 21h8.5a2 2 0 0 0 2-1.6l1.4-7A2 2 0 0 0 19 10h-5l.8-4.6A2 2 0 0 0 12.8 3L9 10z");
  picture.append(path);
  return picture;
}

function votes(custom) {
  const bar = element("div", { className: "votes" });
  for (const [vote, sign] of [["up", "👍"], ["down", "👎"]]) {
    const button = element("button", { type: "button", title: words[vote], ariaLabel: words[vote], ariaPressed: "false" }, thumb(vote));
    button.onclick = () => {
      for (const other of bar.children) { other.disabled = true; }
      button.ariaPressed = "true";
      send("", { payload: custom.votes[vote], title: sign });
    };
    bar.append(button);
  }
  return bar;
}

function buttons(list) {
  const bar = element("div", { className: "buttons" });
  for (const { title, payload } of list) {
    const button = element("button", { type: "button", textContent: title });
    button.onclick = () => {
      for (const other of bar.children) other.disabled = true;
      send(title, { payload, title, spoken: true });
    };
    bar.append(button);
  }
  return bar;
}

function show(message) {
  const custom = message.custom?.frontdesk ?? {};
  const citations = custom.citations ?? [];
  const parts = [bubble(message.text ?? "", citations)];
  if (citations.length) parts.push(sources(citations));
  if (message.buttons?.length) parts.push(buttons(message.buttons));
  if (custom.votes) parts.push(votes(custom));
  add("bot", ...parts);
}

form.onsubmit = (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  box.style.height = "";
  send(text, { text });
};
box.onkeydown = (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
};
box.oninput = () => { box.style.height = ""; box.style.height = `${box.scrollHeight}px`; };
show({ text: words.hello });
box.focus();
