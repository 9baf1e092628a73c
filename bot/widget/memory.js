// What outlives a page: the token for every tab (localStorage), what is not delivered yet for this tab (sessionStorage).
// A browser that forbids storage costs the memory, not the chat.

export class Memory {
  /** `server` keeps the chats of two servers on one page apart. */
  constructor(server) {
    this.prefix = `frontdesk ${server} `;
    this.fallback = new Map();
  }

  /** What is kept for every tab under `name`, or null. */
  shared(name) { return this.read(() => localStorage, name); }
  setShared(name, value) { this.write(() => localStorage, name, value); }

  /** What is kept for this tab under `name`, or null. */
  own(name) { return this.read(() => sessionStorage, name); }
  setOwn(name, value) { this.write(() => sessionStorage, name, value); }

  /** Calls `listener(value)` when another tab changes what is kept under `name`. */
  watch(name, listener) {
    addEventListener("storage", (event) => {
      if (event.key === this.prefix + name) listener(parsed(event.newValue));
    });
  }

  read(area, name) {
    try {
      return parsed(area().getItem(this.prefix + name));
    } catch {
      return this.fallback.get(name) ?? null;
    }
  }

  write(area, name, value) {
    try {
      if (value === null) area().removeItem(this.prefix + name);
      else area().setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      this.fallback.set(name, value);
    }
  }
}

function parsed(text) {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
