// Product and order cards; several stand side by side and can be scrolled.
import { element, icon, iconButton } from "./dom.js";
import { safeAddress, link } from "./markdown.js";
import { fill } from "./words.js";

const GOOD = ["delivered", "in_stock", "refunded"];
const BAD = ["cancelled", "lost", "out_of_stock", "discontinued"];

/** All cards of a reply; `press(button)` is called with a button of one. */
export function cardsOf(cards, words, press) {
  const items = cards.map((card) => element("li", {}, cardOf(card, words, press)));
  const name = cards.some((card) => card.kind === "order") ? words.orders : words.cards;
  if (items.length === 1) return element("ul", { class: "cards one", "aria-label": name }, ...items);
  const row = element("ul", { class: "cards", tabindex: 0, "aria-label": name }, ...items);
  const move = (direction) => () => row.scrollBy({ left: direction * (items[0].offsetWidth + 10), behavior: calm() ? "auto" : "smooth" });
  const back = iconButton("previous", words.previous, "round step", move(-1));
  const on = iconButton("next", words.next, "round step", move(1));
  const update = () => {
    back.disabled = row.scrollLeft < 4;
    on.disabled = row.scrollLeft + row.clientWidth > row.scrollWidth - 4;
  };
  row.addEventListener("scroll", update, { passive: true });
  new ResizeObserver(update).observe(row);
  return element("div", { class: "carousel" }, row, element("div", { class: "steps" }, back, on));
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function cardOf(card, words, press) {
  const address = card.url ? safeAddress(card.url) : null;
  const picture = card.image ? safeAddress(card.image) : null;
  const top = element("div", { class: "card-top" },
    picture ? element("img", { src: picture, alt: "", loading: "lazy" })
      : element("span", { class: "card-sign" }, icon(card.kind === "order" ? "parcel" : "cup")),
    element("div", {},
      element("p", { class: "card-title" }, address ? link(address, card.title) : card.title),
      card.subtitle ? element("p", { class: "card-subtitle" }, card.subtitle) : null));
  const price = card.price || card.status
    ? element("p", { class: "card-price" },
      card.price ? element("strong", {}, card.price) : null,
      card.was ? element("s", { "aria-label": fill(words.was, { price: card.was }) }, card.was) : null,
      card.status ? element("span", { class: `status ${tone(card.status)}` }, words.statuses[card.status] ?? card.status) : null)
    : null;
  const lines = (card.lines ?? []).flatMap(({ label, value }) => [element("dt", {}, label), element("dd", {}, value)]);
  const buttons = (card.buttons ?? []).filter((button) => button.id).map((button) =>
    element("button", { type: "button", class: "card-button", onclick: () => press(button) }, button.title));
  return element("article", { class: `card ${card.kind === "order" ? "order" : "product"}` },
    top, price, lines.length ? element("dl", {}, ...lines) : null, ...buttons);
}

function tone(status) {
  return GOOD.includes(status) ? "good" : BAD.includes(status) ? "bad" : "";
}
