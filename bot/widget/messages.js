// One entry of the conversation as nodes.
import { cardsOf } from "./cards.js";
import { element, icon, iconButton } from "./dom.js";
import { markdown } from "./markdown.js";
import { fill } from "./words.js";

const COMMENT_LIMIT = 500;

/** The node of `entry`; `chat` gives words, the server's address and what the buttons do. */
export function entryNode(entry, chat) {
  const made = { customer, bot, operator: bot, system }[entry.from];
  return made ? made(entry, chat) : element("div", { hidden: true });
}

function customer(entry, chat) {
  const bubble = element("div", { class: "bubble" }, element("span", { class: "hidden" }, `${chat.words.you}: `), entry.text ?? "");
  // Its own changes are no news to the one who wrote it.
  return element("div", { class: "message customer" }, bubble, element("div", { class: "delivery", "aria-live": "off" }));
}

/** Shows how far a message of the customer has come. */
export function showDelivery(node, message, chat, newest) {
  const place = node.querySelector(".delivery");
  const { words } = chat;
  const state = message?.state ?? "sent";
  node.classList.toggle("failed", state === "failed");
  node.classList.toggle("pending", state === "waiting" || state === "sending");
  const shown = `${state} ${newest} ${message?.reason} ${words.sent}`;
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  if (state === "failed") {
    const reason = words[message.reason] ?? words.again;
    place.replaceChildren(message.reason === "too_long" ? reason
      : element("button", { type: "button", class: "again", onclick: () => chat.resend(message.id) }, icon("again"), reason));
  } else if (state === "sent") place.replaceChildren(newest ? words.sent : "");
  else place.replaceChildren(words[state]);
}

function system(entry, chat) {
  return element("div", { class: "event" }, element("span", {}, fill(chat.words[entry.event] ?? "", entry)));
}

function bot(entry, chat) {
  const { words } = chat;
  const custom = entry.custom ?? {};
  const citations = custom.citations ?? [];
  const cite = (number) => {
    const citation = citations.find((one) => String(one.id) === number);
    return citation ? element("sup", {}, sourceLink(citation, chat, [number])) : null;
  };
  const who = entry.from === "operator" ? entry.name : words.bot;
  const text = entry.text ? element("div", { class: "bubble" }, element("span", { class: "hidden" }, `${who}: `), markdown(entry.text, cite)) : null;
  const cards = (custom.cards ?? []).length ? cardsOf(custom.cards, words, (button) => chat.press(button)) : null;
  const parts = [
    entry.from === "operator" ? element("p", { class: "name", "aria-hidden": "true" }, entry.name) : null,
    text,
    cards,
    citations.length ? sources(citations, chat) : null,
    custom.kind === "handoff" && custom.reference
      ? element("p", { class: "reference" }, icon("person"), fill(words.handoff, { reference: custom.reference })) : null,
    custom.votes ? votes(entry, custom.votes, chat) : null,
    entry.buttons?.length ? quickReplies(entry.buttons, chat) : null,
  ];
  return element("div", { class: `message ${entry.from}${cards ? " wide" : ""}` }, ...parts);
}

function sourceLink(citation, chat, children) {
  const name = encodeURIComponent(citation.document_id);
  const address = `${chat.server}/documents/${name}?start=${Number(citation.start)}&end=${Number(citation.end)}#quote`;
  const label = fill(chat.words.source, { number: citation.id, title: citation.title, quote: shortened(citation.quote ?? "") });
  return element("a", { href: address, target: "_blank", rel: "noopener", title: citation.quote ?? citation.title, "aria-label": label }, ...children);
}

function shortened(quote) {
  return quote.length > 160 ? `${quote.slice(0, 160)}…` : quote;
}

/** A link for each document, to the first of its passages. */
function sources(citations, chat) {
  const documents = new Map();
  for (const citation of citations) {
    const key = citation.document_id;
    documents.set(key, [...(documents.get(key) ?? []), citation]);
  }
  const items = [...documents.values()].map((group) =>
    element("li", {}, sourceLink(group[0], chat, [
      element("span", { class: "number" }, group.map((one) => one.id).join(", ")), element("span", { class: "source-title" }, group[0].title), icon("outside"),
    ])));
  return element("ul", { class: "sources", "aria-label": chat.words.sources }, ...items);
}

/** Buttons that answer for the customer; they go once something has been said after them. */
function quickReplies(buttons, chat) {
  const made = buttons.map((button) =>
    element("button", { type: "button", onclick: () => chat.press(button) }, button.title));
  return element("div", { class: "replies", role: "group", "aria-label": chat.words.quickReplies }, ...made);
}

function votes(entry, offered, chat) {
  const { words } = chat;
  const bar = element("div", { class: "votes" });
  const below = element("div", { class: "comment" });
  const buttons = ["up", "down"].filter((vote) => offered[vote]?.id).map((vote) => {
    const button = iconButton("thumb", words[vote], `round vote ${vote}`, () => {
      showVote(bar, vote);
      chat.vote(entry.id, vote, offered[vote].id);
      below.replaceChildren(commentForm(entry, vote, offered[vote].id, chat));
      if (matchMedia("(pointer: fine)").matches) below.querySelector("input").focus({ preventScroll: true });
    });
    button.dataset.vote = vote;
    return button;
  });
  bar.append(...buttons);
  return element("div", {}, bar, below);
}

/** Shows in `node` which thumb was given; it can be given once. */
export function showVote(node, given) {
  for (const button of node.querySelectorAll(".vote")) {
    button.disabled = Boolean(given);
    button.setAttribute("aria-pressed", String(button.dataset.vote === given));
  }
}

function commentForm(entry, vote, id, chat) {
  const { words } = chat;
  const label = vote === "up" ? words.commentUp : words.commentDown;
  const box = element("input", { type: "text", maxlength: COMMENT_LIMIT, placeholder: label, "aria-label": label, autocomplete: "off" });
  const close = (thanks) => {
    form.replaceWith(thanks ? element("p", { class: "thanks" }, thanks) : "");
    chat.focus();
  };
  const form = element("form", {
    onsubmit: (event) => {
      event.preventDefault();
      const comment = box.value.trim();
      if (comment) chat.comment(id, comment);
      close(comment && words.commented);
    },
  }, box, element("div", { class: "comment-buttons" },
    element("button", { type: "submit", class: "solid" }, words.commentSend),
    element("button", { type: "button", onclick: () => close() }, words.commentSkip)));
  return form;
}
