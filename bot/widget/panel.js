// The frame around the conversation: launcher, header, menu, notices, the box to write in. Knows nodes, no protocol.
import { element, icon, iconButton } from "./dom.js";
import { safeAddress } from "./markdown.js";
import { canListen, canSpeak } from "./speech.js";
import { fill } from "./words.js";

const FULL_SCREEN = matchMedia("(max-width: 520px)");
const FOCUSABLE = "button:not([disabled]), a[href], textarea, input, [tabindex='0']";

export class Panel {
  /** `act` holds what the controls do; `log` is the node of the conversation. */
  constructor(act, log, whole) {
    this.act = act;
    this.whole = whole;
    this.launcher = element("button", { type: "button", class: "launcher", "aria-expanded": "false", "aria-controls": "panel", onclick: act.toggle },
      icon("chat"), icon("down"), (this.badge = element("span", { class: "badge", "aria-hidden": "true", hidden: true })));
    this.makeHeader();
    this.makeMenu();
    this.makeComposer();
    this.banner = element("p", { class: "banner", role: "status" });
    this.confirm = element("div", { class: "confirm", role: "alertdialog", "aria-labelledby": "confirm-text", hidden: true });
    this.below = element("button", { type: "button", class: "below", hidden: true, onclick: act.toEnd }, icon("down"), element("span"));
    this.context = element("div", { class: "context", hidden: true });
    this.consent = element("p", { class: "consent" });
    this.news = element("p", { class: "hidden", role: "status" });
    this.node = element(whole ? "div" : "section", { id: "panel", class: "panel", role: whole ? null : "dialog", tabindex: "-1", hidden: true, onkeydown: (event) => this.key(event) },
      this.header, this.menu, this.banner, element("div", { class: "middle" }, log, this.below), this.confirm, this.context, this.form, this.consent, this.news);
  }

  makeHeader() {
    this.avatar = element("span", { class: "avatar", "aria-hidden": "true" });
    this.title = element(this.whole ? "h1" : "h2", { id: "title" });
    this.status = element("p", { class: "who", role: "status" });
    this.more = iconButton("more", "", "round", () => this.showMenu(this.menu.hidden));
    this.more.setAttribute("aria-expanded", "false");
    this.more.setAttribute("aria-controls", "menu");
    this.closer = iconButton("close", "", "round closer", this.act.close);
    this.header = element("header", {}, this.avatar, element("div", { class: "heading" }, this.title, this.status), this.more, this.whole ? null : this.closer);
  }

  makeMenu() {
    const item = (sign, act) => element("button", { type: "button", onclick: () => { this.showMenu(false, true); act(); } }, icon(sign), element("span"));
    this.items = {
      transcript: item("download", this.act.transcript),
      readAloud: canSpeak ? item("sound", this.act.readAloud) : null,
      otherLanguage: item("globe", this.act.otherLanguage),
      startOver: item("again", () => this.ask()),
    };
    this.menu = element("div", { id: "menu", class: "menu", role: "group", hidden: true }, ...Object.values(this.items));
    this.menu.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && relatedTarget !== this.more && !this.menu.contains(relatedTarget)) this.showMenu(false);
    });
  }

  makeComposer() {
    this.label = element("label", { for: "text", class: "hidden" });
    this.box = element("textarea", { id: "text", rows: 1, "aria-describedby": "count", enterkeyhint: "send" });
    this.count = element("span", { id: "count", class: "count" });
    this.mic = canListen ? iconButton("mic", "", "round mic", this.act.speak) : null;
    this.sender = element("button", { type: "submit", class: "round send" }, icon("send"));
    this.form = element("form", { class: "composer", onsubmit: (event) => this.submit(event) },
      this.label, this.box, this.count, this.mic, this.sender);
    this.box.addEventListener("input", () => this.grow());
    this.box.addEventListener("keydown", (event) => {
      // 229: an Enter that ends the input of a Chinese word, which Safari reports after the composition.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
  }

  submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    this.box.focus();
    if (!text) return;
    this.write("");
    this.act.send(text);
  }

  /** Put `text` into the box. */
  write(text) {
    this.box.value = text;
    this.grow();
  }

  grow() {
    this.act.draft(this.box.value);
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
    const left = this.box.maxLength - this.box.value.length;
    this.form.classList.toggle("filled", Boolean(this.box.value.trim()));
    this.count.textContent = this.box.maxLength > 0 && left < 100 ? fill(this.words.characters, { count: left }) : "";
  }

  /** Every label in `words`; `look` has the name, the logo and the consent line. */
  relabel(words, look) {
    this.words = words;
    this.title.textContent = look.name || words.title;
    this.avatar.replaceChildren(look.logo ? element("img", { src: look.logo, alt: "" }) : icon("chat"));
    this.node.setAttribute("aria-label", look.name ? `${look.name}: ${words.title}` : words.title);
    name(this.more, words.menu);
    name(this.closer, words.close);
    name(this.sender, words.send);
    if (this.mic) name(this.mic, words.speak);
    this.menu.setAttribute("aria-label", words.menu);
    for (const [key, item] of Object.entries(this.items)) if (item) item.lastChild.textContent = words[key];
    this.items.otherLanguage.lastChild.lang = look.language === "zh" ? "en" : "zh-CN";
    this.label.textContent = words.label;
    this.box.placeholder = words.placeholder;
    this.below.lastChild.textContent = words.newMessages;
    this.showConsent(look);
  }

  showConsent({ consent, consentLink }) {
    const address = consentLink && safeAddress(consentLink);
    const parts = [consent || (address ? this.words.consent : "")];
    if (address) parts.push(" ", element("a", { href: address, target: "_blank", rel: "noopener" }, this.words.privacy));
    this.consent.replaceChildren(...parts);
    this.consent.hidden = !parts[0] && !address;
  }

  /** Who answers: the assistant, or the person with this name. */
  showOperator(operator) {
    this.status.textContent = operator ? fill(this.words.operatorHere, { name: operator }) : this.words.status;
    this.header.classList.toggle("with-operator", Boolean(operator));
    this.avatar.dataset.initial = operator ? [...operator][0] : "";
  }

  /** The product that the customer is looking at, above the box. */
  showContext(product) {
    this.context.hidden = !product;
    if (!product) return;
    const away = iconButton("close", this.words.forgetProduct, "round small", () => { this.act.forgetProduct(); this.box.focus(); });
    this.context.replaceChildren(icon("cup"), element("span", {}, fill(this.words.aboutProduct, { product })), away);
  }

  showUnread(count, words) {
    this.badge.hidden = !count;
    this.badge.textContent = count > 9 ? "9+" : count;
    const label = this.isOpen ? words.close : count ? fill(words.unread, { count }) : words.open;
    name(this.launcher, label);
  }

  showListening(on) {
    this.mic.classList.toggle("on", on);
    this.mic.setAttribute("aria-pressed", String(on));
    this.box.placeholder = on ? this.words.listening : this.words.placeholder;
  }

  /** A line below the header; empty takes it away. */
  notice(text, good = false) {
    this.banner.textContent = text;
    this.banner.classList.toggle("good", good);
  }

  get isOpen() { return !this.node.hidden; }

  show(open) {
    this.node.hidden = !open;
    this.launcher.setAttribute("aria-expanded", String(open));
    this.launcher.classList.toggle("open", open);
    this.node.setAttribute("aria-modal", String(open && FULL_SCREEN.matches && !this.whole));
    if (this.whole) this.node.removeAttribute("aria-modal");
  }

  /** Into the box; on a touch screen that would bring the keyboard up over the conversation, so not there. */
  focus() {
    (matchMedia("(pointer: coarse)").matches ? this.node : this.box).focus({ preventScroll: true });
  }

  showMenu(on, giveBack = false) {
    this.menu.hidden = !on;
    this.more.setAttribute("aria-expanded", String(on));
    if (on) this.items.transcript.focus();
    else if (giveBack) this.more.focus();
  }

  /** Ask before the conversation is left. */
  ask() {
    const done = (yes) => { this.confirm.hidden = true; if (yes) this.act.startOver(); this.box.focus(); };
    const keep = element("button", { type: "button", onclick: () => done(false) }, this.words.keepIt);
    const go = element("button", { type: "button", class: "solid", onclick: () => done(true) }, this.words.startOverYes);
    this.confirm.replaceChildren(element("p", { id: "confirm-text" }, this.words.startOverAsk), element("div", {}, keep, go));
    this.confirm.hidden = false;
    keep.focus();
  }

  key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      if (!this.menu.hidden) this.showMenu(false, true);
      else if (!this.confirm.hidden) { this.confirm.hidden = true; this.box.focus(); }
      else this.act.close();
    } else if (event.key === "Tab" && FULL_SCREEN.matches && !this.whole) this.keepInside(event);
    else if (!this.menu.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) this.alongMenu(event);
  }

  /** On a phone the panel covers the page: Tab goes round in it. */
  keepInside(event) {
    const all = [...this.node.querySelectorAll(FOCUSABLE)].filter((node) => node.checkVisibility?.() ?? node.offsetParent);
    const [first, last] = [all[0], all.at(-1)];
    const active = this.node.getRootNode().activeElement;
    if (event.shiftKey ? active === first || active === this.node : active === last) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  }

  alongMenu(event) {
    event.preventDefault();
    const all = Object.values(this.items).filter(Boolean);
    const now = all.indexOf(this.node.getRootNode().activeElement);
    all.at((now + (event.key === "ArrowDown" ? 1 : -1)) % all.length).focus();
  }
}

function name(button, label) {
  button.setAttribute("aria-label", label);
  button.title = label;
}
