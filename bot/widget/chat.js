// <frontdesk-chat>: brings the line, the conversation and the panel together.
import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { element } from "./dom.js";
import { Log } from "./log.js";
import { Memory } from "./memory.js";
import { Panel } from "./panel.js";
import { hush, listen, speak } from "./speech.js";
import { applyColour } from "./theme.js";
import { download, transcript } from "./transcript.js";
import { languageOfTag, languageOfText, WORDS } from "./words.js";

const LATE = 1500; // ms without a line before the customer is told

/** The element; `styles` is the style sheet, `server` the origin of its script. */
export function defineChat(styles, server) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);

  class FrontdeskChat extends HTMLElement {
    static observedAttributes = ["color", "logo", "greeting", "language", "name", "consent", "consent-link", "starters", "product", "product-name"];

    connectedCallback() {
      if (this.panel) return;
      this.server = this.getAttribute("server") ?? server;
      this.memory = new Memory(this.server);
      this.whole = this.getAttribute("display") === "page";
      const spoken = this.memory.own("language"); // on pages of this language
      this.language = spoken?.page === this.pageLanguage() ? spoken.language : this.pageLanguage();
      this.greetedAt = Date.now() / 1000;
      this.unread = 0;
      this.operator = null;
      this.makeLine();
      this.makeView();
      this.relabel();
      this.panel.write(this.memory.own("draft") ?? "");
      applyColour(this, this.getAttribute("color"));
      document.addEventListener("visibilitychange", () => this.readToTheEnd());
      new MutationObserver(() => this.pageLanguageChanged()).observe(document.documentElement, { attributeFilter: ["lang"] });
      if (this.whole || (this.memory.own("open") && innerWidth > 520)) this.open(this.whole);
      else if (this.memory.shared("token")) this.line.start(); // there may be an answer to an earlier question
    }

    attributeChangedCallback(name, before, after) {
      if (!this.panel || before === after) return;
      if (name === "color") applyColour(this, after);
      if (name === "language") this.setLanguage(this.pageLanguage());
      if (name === "product") this.aside = false;
      this.relabel();
    }

    makeLine() {
      this.line = new Connection(this.server, this.memory, {
        entries: (entries, whole) => this.receive(entries, whole),
        delivery: () => this.refresh(),
        typing: (from) => this.showTyping(from),
        operator: (name) => this.showOperator(name),
        online: (on) => this.showOnline(on),
        limit: (characters) => { this.panel.box.maxLength = characters; },
        busy: () => this.panel.notice(this.words.busy),
        ended: () => { this.begin(); this.panel.notice(this.words.ended); },
        reset: () => this.begin(),
      });
      this.line.language = this.language;
      this.conversation = new Conversation(this.line.outbox);
    }

    makeView() {
      this.log = new Log(this);
      this.panel = new Panel({
        toggle: () => (this.panel.isOpen ? this.close() : this.open()),
        close: () => this.close(),
        send: (text) => this.send(text),
        draft: (text) => this.memory.setOwn("draft", text || null),
        toEnd: () => { this.log.toEnd(); this.readToTheEnd(); },
        speak: () => this.listen(),
        forgetProduct: () => { this.aside = true; this.showContext(); },
        transcript: () => this.downloadTranscript(),
        readAloud: () => this.toggleReading(),
        otherLanguage: () => this.setLanguage(this.language === "zh" ? "en" : "zh"),
        startOver: () => this.startOver(),
      }, this.log.node, this.whole);
      const shadow = this.attachShadow({ mode: "open" });
      shadow.adoptedStyleSheets = [sheet];
      this.root = element(this.whole ? "main" : "aside", { class: "root" }, this.panel.node, this.whole ? null : this.panel.launcher);
      shadow.append(this.root);
      visualViewport?.addEventListener("resize", () => this.style.setProperty("--frontdesk-viewport", `${visualViewport.height}px`));
    }

    // Language and looks --------------------------------------------------------------------------------------------

    get words() { return WORDS[this.language]; }

    pageLanguage() {
      const asked = this.getAttribute("language");
      if (asked && asked !== "auto") return languageOfTag(asked);
      return languageOfTag(document.documentElement.lang || navigator.language);
    }

    pageLanguageChanged() {
      if (!this.conversation.entries.length) this.setLanguage(this.pageLanguage());
    }

    setLanguage(language) {
      if (language === this.language) return;
      this.language = this.line.language = language;
      this.memory.setOwn("language", { page: this.pageLanguage(), language });
      this.log.clear();
      this.relabel();
    }

    relabel() {
      this.root.lang = this.language === "zh" ? "zh-CN" : "en";
      const look = (name) => this.getAttribute(name);
      this.panel.relabel(this.words, {
        name: look("name"), logo: look("logo"), consent: look("consent"), consentLink: look("consent-link"), language: this.language,
      });
      this.root.setAttribute("aria-label", this.words.title);
      this.log.node.setAttribute("aria-label", this.words.log);
      this.panel.showOperator(this.operator);
      this.panel.items.readAloud?.setAttribute("aria-pressed", String(Boolean(this.memory.own("aloud"))));
      this.showContext();
      this.showUnread();
      this.log.nodes.get("greeting")?.remove();
      this.log.nodes.delete("greeting");
      this.refresh(true);
    }

    /** The greeting stands above everything and is never sent. */
    get greeting() {
      const own = (this.getAttribute("starters") ?? "").split("|").map((text) => text.trim()).filter(Boolean);
      const usual = this.product ? this.words.productStarters : this.words.starters;
      const buttons = (own.length ? own : usual).map((title) => ({ title }));
      return { id: "greeting", from: "bot", text: this.getAttribute("greeting") || this.words.hello, buttons };
    }

    get product() { return (!this.aside && this.getAttribute("product")) || null; }

    showContext() {
      this.panel.showContext(this.product && (this.getAttribute("product-name") || this.product));
    }

    // What is said --------------------------------------------------------------------------------------------------

    send(text) {
      const language = languageOfText(text);
      if (language) this.setLanguage(language);
      this.deliver({ text });
    }

    /** A quick reply or a button of a card; one without an id stands for its title. */
    press(button) {
      this.deliver(button.id ? { button: button.id, title: button.title } : { text: button.title });
      this.focus();
    }

    deliver(content) {
      hush();
      const message = this.line.send({ ...content, language: this.language, ...(this.product && { page: { product: this.product } }) });
      this.conversation.say(message);
      this.refresh();
    }

    vote(entryId, vote, button) {
      this.conversation.votes.set(entryId, vote);
      this.line.send({ button, vote: true, language: this.language });
    }

    comment(button, comment) {
      this.line.send({ button, comment, vote: true, language: this.language });
    }

    voteOn(entryId) { return this.conversation.votes.get(entryId); }

    resend(id) { this.line.resend(id); }

    receive(entries, whole) {
      const first = whole && !this.conversation.restored;
      const fresh = this.conversation.take(entries, whole);
      if (first) {
        this.conversation.restored = true;
        this.unread = this.conversation.unreadAfter(this.memory.shared("read"));
        this.followLanguage();
      } else if (fresh.length) {
        if (!this.attended) this.unread += fresh.length;
        if (this.memory.own("aloud")) fresh.forEach((entry) => entry.text && speak(entry.text, this.language));
      }
      this.refresh(first);
      this.readToTheEnd();
      this.showUnread();
    }

    /** After a reload the interface speaks what the customer last spoke. */
    followLanguage() {
      if (this.memory.own("language")) return;
      const said = this.conversation.entries.filter((entry) => entry.from === "customer").map((entry) => languageOfText(entry.text));
      const last = said.filter(Boolean).at(-1);
      if (last) this.setLanguage(last);
    }

    refresh(quiet = false) {
      this.log.show([this.greeting, ...this.conversation.entries], this.line.outbox, quiet);
      const failed = this.line.outbox.messages.some((message) => message.state === "failed");
      this.panel.news.textContent = failed ? this.words.again : "";
    }

    showTyping(from) {
      this.log.showTyping(from !== null);
      const { words } = this;
      this.panel.status.textContent = from === "bot" ? words.typing
        : from ? words.operatorTyping.replace("{name}", this.operator ?? "") : this.operator ? words.operatorHere.replace("{name}", this.operator) : words.status;
    }

    showOperator(name) {
      this.operator = name;
      this.panel.showOperator(name);
    }

    showOnline(on) {
      clearTimeout(this.late);
      if (on) {
        if (this.toldOffline) {
          this.panel.notice(this.words.online, true);
          setTimeout(() => this.panel.notice(""), 2500);
        }
        this.toldOffline = false;
      } else this.late = setTimeout(() => { this.toldOffline = true; this.panel.notice(this.words.offline); }, this.toldOffline ? 0 : LATE);
    }

    // Open, closed, read ----------------------------------------------------------------------------------------------

    open(quietly = false) {
      if (!this.panel.isOpen) {
        this.cameFrom = document.activeElement;
        this.panel.show(true);
        this.memory.setOwn("open", true);
        this.log.toEnd();
      }
      this.line.start();
      this.readToTheEnd();
      this.showUnread();
      if (quietly !== true || this.whole) this.focus();
    }

    close() {
      if (this.whole || !this.panel.isOpen) return;
      this.panel.show(false);
      this.memory.setOwn("open", null);
      hush();
      this.showUnread();
      const back = this.cameFrom && this.cameFrom !== document.body && this.cameFrom !== this ? this.cameFrom : this.panel.launcher;
      back.focus();
    }

    focus() { this.panel.focus(); }

    get attended() { return this.panel.isOpen && !document.hidden; }

    newBelow() { this.panel.below.hidden = false; }

    readToTheEnd() {
      if (!this.attended) return;
      if (this.log.nearEnd) this.panel.below.hidden = true;
      const last = this.conversation.entries.at(-1)?.id ?? null;
      if (last && last !== this.memory.shared("read")) this.memory.setShared("read", last);
      if (this.unread) {
        this.unread = 0;
        this.showUnread();
      }
    }

    showUnread() {
      this.panel.showUnread(this.unread, this.words);
      const bare = document.title.replace(/^\(\d+\) /, "");
      const title = this.unread ? `(${this.unread}) ${bare}` : bare;
      if (document.title !== title) document.title = title;
    }

    /** Another conversation: nothing of the old one stays on the screen. */
    begin() {
      this.conversation.clear();
      this.unread = 0;
      this.log.clear();
      this.showOperator(null);
      this.showTyping(null);
      this.relabel();
    }

    startOver() {
      this.line.startOver();
      this.memory.setShared("read", null);
      this.panel.notice("");
      this.begin();
      this.line.start();
    }

    // Out and in ------------------------------------------------------------------------------------------------------

    downloadTranscript() {
      const title = `${this.getAttribute("name") ?? ""} ${this.words.title}`.trim();
      download(transcript(this.conversation.entries, title, this.words, this.language), `chat-${new Date().toISOString().slice(0, 10)}.txt`);
    }

    toggleReading() {
      const on = !this.memory.own("aloud");
      this.memory.setOwn("aloud", on || null);
      if (!on) hush();
      this.panel.items.readAloud.setAttribute("aria-pressed", String(on));
    }

    listen() {
      if (this.stopListening) return this.stopListening();
      const before = this.panel.box.value.trim();
      hush();
      this.panel.showListening(true);
      this.stopListening = listen(this.language, (text) => this.panel.write([before, text].filter(Boolean).join(" ")), (problem) => {
        this.stopListening = null;
        this.panel.showListening(false);
        if (problem && problem !== "aborted") this.panel.notice(this.words.notHeard);
        this.panel.box.focus();
      });
    }
  }

  customElements.define("frontdesk-chat", FrontdeskChat);
}
