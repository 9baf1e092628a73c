// What was said so far, in order, out of what the server tells and what waits in the outbox.

export class Conversation {
  constructor(memory, outbox) {
    this.memory = memory;
    this.outbox = outbox;
    this.votes = memory.own("votes") ?? {}; // entry id -> "up" or "down"
    this.silent = new Set(memory.own("silent")); // ids of messages that are votes: no one said them
    this.entries = [];
    this.restored = false;
    this.add(outbox.messages.filter((message) => !message.vote).map(entryOf));
  }

  /** Take in entries; `whole` when they are all (of the last hundred). Returns those of others that are new. */
  take(entries, whole) {
    const shown = entries.filter((entry) => !this.silent.has(entry.id) && !(entry.from === "customer" && !entry.text));
    const known = new Set(this.entries.map((entry) => entry.id));
    if (whole) {
      const overlap = this.entries.findIndex((entry) => entry.id === shown[0]?.id);
      const earlier = this.entries.slice(0, Math.max(0, overlap));
      const inside = new Set(shown.map((entry) => entry.id));
      const waiting = this.entries.filter((entry) => this.outbox.find(entry.id) && !inside.has(entry.id));
      this.entries = [...earlier, ...shown, ...waiting];
    } else this.add(shown);
    return shown.filter((entry) => !known.has(entry.id) && ["bot", "operator"].includes(entry.from));
  }

  add(entries) {
    for (const entry of entries) {
      const index = this.entries.findIndex((other) => other.id === entry.id);
      if (index < 0) this.entries.push(entry);
      else this.entries[index] = entry;
    }
  }

  /** Show what the customer has just sent. */
  say(message) { this.add([entryOf(message)]); }

  /** Remember a vote, so that a reload shows it. */
  vote(entryId, vote) {
    this.votes[entryId] = vote;
    this.memory.setOwn("votes", this.votes);
  }

  /** Remember that this message of the customer is not to be shown. */
  hide(messageId) {
    this.silent.add(messageId);
    this.memory.setOwn("silent", [...this.silent].slice(-200));
  }

  /** How many entries of others came after the one that was read last. */
  unreadAfter(readId) {
    const read = this.entries.findIndex((entry) => entry.id === readId);
    return read < 0 ? 0 : this.entries.slice(read + 1).filter((entry) => entry.from === "bot" || entry.from === "operator").length;
  }

  clear() {
    this.entries = [];
    this.add(this.outbox.messages.filter((message) => !message.vote).map(entryOf));
  }
}

function entryOf(message) {
  return { id: message.id, from: "customer", text: message.title ?? message.text, at: message.at };
}
