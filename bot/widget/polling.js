// The line by plain requests, while no socket is open: delivers what waits, fetches what is new, and again later.
import { frameOf } from "./outbox.js";
import { Refused, Requests } from "./requests.js";
import { waitAfter } from "./waiting.js";

const POLL = 6000; // ms; asking counts as a message in the server's limits
const SLOWER = 4; // times, while nobody looks

export class Polling {
  /** `line` is the Connection whose messages and token these are. */
  constructor(line, server) {
    this.line = line;
    this.requests = new Requests(server);
    this.works = false;
    this.asking = false;
    this.failures = 0;
  }

  stop() {
    this.works = false;
    this.failures = 0;
    clearTimeout(this.later);
  }

  get needed() { return this.line.running && !this.line.welcomed; }

  async ask() {
    if (this.asking || !this.needed) return;
    this.asking = true;
    clearTimeout(this.later);
    try {
      if (!this.line.token) this.line.keepToken((await this.requests.open()).token);
      await this.deliver();
      await this.fetch();
    } catch (error) {
      this.failed(error);
    }
    this.asking = false;
    if (this.needed) this.later = setTimeout(() => this.ask(), this.wait());
  }

  wait() {
    if (!this.works) return waitAfter(this.failures);
    const written = this.line.outbox.due.some((message) => message.state === "waiting"); // while this was under way
    return written ? 0 : POLL * (document.hidden ? SLOWER : 1);
  }

  async fetch() {
    const { entries, operator } = await this.requests.history(this.line.token);
    if (!this.needed) return;
    this.failures = 0;
    this.works = true;
    this.line.on.online(true);
    this.line.on.entries(entries, true);
    this.line.on.operator(operator ?? null);
  }

  async deliver() {
    for (const message of this.line.outbox.due) {
      if (!this.needed) return;
      this.line.mark(message, "sending");
      this.line.on.typing("bot");
      try {
        const { entries } = await this.requests.send(this.line.token, frameOf(message));
        this.line.outbox.delivered(message.id);
        this.line.on.delivery({ ...message, state: "sent" });
        this.line.on.entries(entries, false);
      } catch (error) {
        if (!(error instanceof Refused) || [0, 401].includes(error.status) || error.status >= 500) {
          this.line.mark(message, "waiting");
          throw error;
        }
        this.line.refused(error.code, message.id);
      } finally {
        this.line.on.typing(null);
      }
    }
  }

  failed(error) {
    if (error.code === "too_many_messages") return; // later, then
    if (error.status === 401) {
      this.line.memory.setShared("token", null);
      this.line.on.ended();
    }
    if (error.code === "too_many_sessions") this.line.on.busy();
    this.failures += 1;
    this.works = false;
    this.line.on.online(false);
  }
}
