// The list of what was said: keeps its nodes as they are while entries come, so that focus and screen reader stay.
import { element } from "./dom.js";
import { entryNode, showDelivery, showVote } from "./messages.js";

const NEAR = 80; // px from the end that still count as reading along
const PAUSE = 15 * 60; // s after which the time is shown

export class Log {
  constructor(chat) {
    this.chat = chat;
    this.nodes = new Map();
    this.typing = element("div", { class: "message bot typing", "aria-hidden": "true", hidden: true },
      element("div", { class: "bubble" }, element("i"), element("i"), element("i")));
    this.list = element("div", { class: "entries" });
    this.node = element("div", { class: "log", role: "log", "aria-live": "polite", tabindex: 0 }, this.list, this.typing);
    this.node.addEventListener("scroll", () => {
      this.following = this.nearEnd;
      if (this.following) chat.readToTheEnd();
    }, { passive: true });
    new ResizeObserver(() => this.following && this.toEnd()).observe(this.node);
    this.following = true;
  }

  get nearEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR;
  }

  /** Everything anew: another language, or another conversation. */
  clear() {
    this.nodes.clear();
    this.list.replaceChildren();
  }

  /**
   * Show `entries` in order; `outbox` says how far the customer's own have come. `quiet` for what is no news, such as
   * the history after a reload.
   */
  show(entries, outbox, quiet) {
    const follow = this.nearEnd;
    if (quiet) this.node.setAttribute("aria-live", "off");
    const kept = new Set();
    let before = null;
    let added = null;
    let last = 0;
    for (const entry of entries) {
      if (entry.at && entry.at - last > PAUSE) before = this.place(`time ${entry.id}`, () => timeNode(entry.at, this.chat), before, kept);
      last = entry.at ?? last;
      const isNew = !this.nodes.has(entry.id);
      before = this.place(entry.id, () => entryNode(entry, this.chat), before, kept);
      if (isNew && entry.from !== "customer") added ??= before;
    }
    this.refresh(entries, outbox);
    for (const [id, node] of this.nodes) {
      if (kept.has(id)) continue;
      node.remove();
      this.nodes.delete(id);
    }
    if (quiet) setTimeout(() => this.node.setAttribute("aria-live", "polite"), 500);
    if (quiet || follow || entries.at(-1)?.from === "customer") this.follow(quiet ? null : added);
    else if (added) this.chat.newBelow();
  }

  place(id, make, before, kept) {
    const node = this.nodes.get(id) ?? make();
    this.nodes.set(id, node);
    kept.add(id);
    const next = before ? before.nextSibling : this.list.firstChild;
    if (next !== node) this.list.insertBefore(node, next);
    return node;
  }

  /** What changes in nodes that stay: delivery, and thumbs, quick replies that time has passed. */
  refresh(entries, outbox) {
    const own = entries.filter((entry) => entry.from === "customer");
    const lastSaid = entries.findLastIndex((entry) => entry.from !== "bot"); // by the customer or a person
    for (const entry of own) showDelivery(this.nodes.get(entry.id), outbox.find(entry.id), this.chat, entry === entries.at(-1));
    entries.forEach((entry, index) => {
      if (entry.custom?.votes) showVote(this.nodes.get(entry.id), this.chat.voteOn(entry.id));
      const replies = this.nodes.get(entry.id).querySelector(".replies");
      if (replies) replies.hidden = index < lastSaid;
    });
  }

  /** To the end, but not past the beginning of `added`, a reply longer than the window. */
  follow(added) {
    this.toEnd();
    if (!added) return;
    const above = added.offsetTop - this.node.offsetTop - 12;
    if (above < this.node.scrollTop) this.node.scrollTop = above;
    if (!this.nearEnd) this.chat.newBelow();
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
  }

  /** The dots, while `on`. */
  showTyping(on) {
    const follow = this.nearEnd;
    this.typing.hidden = !on;
    if (on && follow) this.toEnd();
  }
}

function timeNode(at, chat) {
  const date = new Date(at * 1000);
  const today = date.toDateString() === new Date().toDateString();
  const form = { hour: "2-digit", minute: "2-digit", ...(today ? {} : { day: "numeric", month: "short" }) };
  const shown = new Intl.DateTimeFormat(chat.language === "zh" ? "zh-CN" : "en-GB", form).format(date);
  return element("div", { class: "time" }, element("time", { datetime: date.toISOString() }, shown));
}
