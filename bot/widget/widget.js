// What the one script tag does: puts <frontdesk-chat> on the page with the tag's data-... as its attributes.
import { defineChat } from "./chat.js";

const tag = document.currentScript;
const server = new URL(tag?.src || location.href, location.href).origin;

function onPage() {
  const chat = document.querySelector("frontdesk-chat") ?? document.createElement("frontdesk-chat");
  for (const [name, value] of Object.entries(tag?.dataset ?? {})) {
    const attribute = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (!chat.hasAttribute(attribute)) chat.setAttribute(attribute, value);
  }
  if (!chat.isConnected) document.body.append(chat);
  defineChat(STYLES, server); // STYLES: widget.css, put before this by bot/channels/bundle.py
  globalThis.Frontdesk = {
    open: () => chat.open(),
    close: () => chat.close(),
    send: (text) => {
      chat.open();
      chat.send(String(text));
    },
    setPage: ({ product = null, name = null } = {}) => {
      for (const [attribute, value] of [["product-name", name], ["product", product]]) {
        if (value) chat.setAttribute(attribute, value);
        else chat.removeAttribute(attribute);
      }
    },
  };
  performance.mark("frontdesk-interactive");
  dispatchEvent(new Event("frontdesk-ready"));
}

if (!customElements.get("frontdesk-chat")) {
  performance.mark("frontdesk-start");
  if (document.body && document.readyState !== "loading") onPage();
  else addEventListener("DOMContentLoaded", onPage, { once: true });
}
