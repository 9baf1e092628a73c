// What was said so far, in order, out of what the server tells and what waits in the outbox.

export class Conversation {
  constructor(outbox) {
    this.outbox = outbox;
    this.restored = false;
    this.clear();
  }

  /** Nothing but what waits to be sent. */
  clear() {
    this.entries = [];
    this.votes = new Map(); // entry id -> "up" or "down"
    this.offered = new Map(); // button id -> {entry, vote}
    for (const message of this.outbox.messages) if (!message.vote) this.say(message);
  }

  /** Take in entries; `whole` when they are all (of the last hundred). Returns those of others that are new. */
  take(entries, whole) {
    const shown = entries.filter((entry) => !this.isVote(entry));
    const known = new Set(this.entries.map((entry) => entry.id));
    if (whole) {
      const overlap = this.entries.findIndex((entry) => entry.id === shown[0]?.id);
      const earlier = this.entries.slice(0, Math.max(0, overlap));
      const inside = new Set(shown.map((entry) => entry.id));
      const waiting = this.entries.filter((entry) => this.outbox.find(entry.id) && !inside.has(entry.id));
      this.entries = [...earlier, ...shown, ...waiting];
    } else shown.forEach((entry) => this.add(entry));
    return shown.filter((entry) => !known.has(entry.id) && isOfOthers(entry));
  }

  add(entry) {
    const index = this.entries.findIndex((other) => other.id === entry.id);
    if (index < 0) this.entries.push(entry);
    else this.entries[index] = entry;
  }

  /** A thumb is kept as a message of the customer, but nobody said it: it shows in the answer that it is about. */
  isVote(entry) {
    for (const [vote, { id }] of Object.entries(entry.custom?.votes ?? {})) this.offered.set(id, { entry: entry.id, vote });
    const given = entry.from === "customer" && this.offered.get(entry.button);
    if (given) this.votes.set(given.entry, given.vote);
    return Boolean(given);
  }

  /** Show what the customer has just sent. */
  say(message) {
    this.add({ id: message.id, from: "customer", text: message.title ?? message.text, at: message.at });
  }

  /** How many entries of others came after the one that was read last. */
  unreadAfter(readId) {
    const read = this.entries.findIndex((entry) => entry.id === readId);
    return read < 0 ? 0 : this.entries.slice(read + 1).filter(isOfOthers).length;
  }
}

function isOfOthers(entry) {
  return entry.from === "bot" || entry.from === "operator";
}
