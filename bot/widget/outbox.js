// What the customer has sent and the server has not yet accepted, in order; a reload keeps it.

/** A message's states: waiting (for the line), sending, failed (with a reason), sent. */
export class Outbox {
  constructor(memory) {
    this.memory = memory;
    const kept = memory.own("outbox");
    this.messages = (Array.isArray(kept) ? kept : []).map((message) =>
      message.state === "failed" ? message : { ...message, state: "waiting" });
  }

  /** The message with this id, while it is not delivered. */
  find(id) { return this.messages.find((message) => message.id === id); }

  /** What is to be delivered, oldest first. */
  get due() { return this.messages.filter((message) => message.state !== "failed"); }

  add(message) {
    this.messages.push(message);
    this.keep();
  }

  /** Forget a message that was delivered; returns it. */
  delivered(id) {
    const message = this.find(id);
    this.messages = this.messages.filter((other) => other !== message);
    this.keep();
    return message;
  }

  clear() {
    this.messages = [];
    this.keep();
  }

  keep() { this.memory.setOwn("outbox", this.messages.length ? this.messages : null); }
}

/** What of a message goes over the line. */
export function frameOf({ id, text, button, comment, language, page }) {
  return { type: "message", id, ...(button ? { button } : { text }), comment, language, page };
}

/** An id that nobody else uses; `crypto.randomUUID` exists on secure pages only. */
export function newId() {
  return `c-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
