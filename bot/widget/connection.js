// The line to the server: a WebSocket, and plain requests where none can be opened. Whatever happens to the line, a
// message goes out with the same id until the server has said that it has it.
import { frameOf, newId, Outbox } from "./outbox.js";
import { Polling } from "./polling.js";
import { waitAfter } from "./waiting.js";

const WAIT_BESIDE_REQUESTS = 60000; // between tries to open a socket while requests work
const FAILURES_BEFORE_REQUESTS = 2;
const PING = 25000;
const PATIENCE = 10000; // for a welcome, a pong, an acceptance

/**
 * Calls back: entries(list, whole), delivery(message), typing(from or null), operator(name or null), online(bool),
 * limit(characters), busy(), ended() when the server no longer knows the conversation, reset() when another tab has
 * started over.
 */
export class Connection {
  constructor(server, memory, on) {
    this.address = `${server.replace(/^http/, "ws")}/api/socket`;
    this.polling = new Polling(this, server);
    this.memory = memory;
    this.on = on;
    this.outbox = new Outbox(memory);
    this.running = false;
    this.welcomed = false;
    this.failures = 0;
    this.open = new Set(); // accepted messages whose turn is not over
    this.language = null;
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => this.socket && this.lose(this.socket));
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    memory.watch("token", (token) => this.tokenChanged(token));
  }

  get token() { return this.memory.shared("token"); }

  /** Open the line, and keep it open from now on. */
  start() {
    if (this.running) return;
    this.running = true;
    this.connect();
  }

  /** Send {text} or {button, title}; it waits in the outbox while there is no line. Returns the message. */
  send(content) {
    const message = { id: newId(), at: Date.now() / 1000, state: "waiting", ...content };
    this.outbox.add(message);
    this.start();
    this.deliver();
    return message;
  }

  /** Try a failed message again. */
  resend(id) {
    const message = this.outbox.find(id);
    if (!message) return;
    this.mark(message, "waiting");
    this.hurry();
    this.deliver();
  }

  /** Leave this conversation; the next message begins another. */
  startOver() {
    this.memory.setShared("token", null);
    this.drop();
  }

  drop() {
    this.outbox.clear();
    this.open.clear();
    this.running = false;
    this.polling.stop();
    clearTimeout(this.retry);
    this.socket?.close();
    this.socket = null;
    this.welcomed = false;
  }

  tokenChanged(token) {
    if (token === null) {
      this.drop();
      this.on.reset();
    } else if (token !== this.current) {
      // Another tab has begun or renewed a conversation; both may be told apart only by the server.
      this.running = true;
      this.reconnect();
    }
  }

  // The socket ------------------------------------------------------------------------------------------------------

  connect() {
    clearTimeout(this.retry);
    if (this.socket || !this.running) return;
    let socket;
    try {
      socket = new WebSocket(this.address);
    } catch {
      this.failed();
      return;
    }
    this.socket = socket;
    this.welcomed = false;
    this.expect(socket);
    socket.onopen = () => this.write({ type: "hello", token: (this.current = this.token), language: this.language });
    socket.onmessage = ({ data }) => this.socket === socket && this.read(data);
    socket.onclose = () => this.closed(socket);
  }

  /** Close the socket unless something arrives in time. */
  expect(socket) {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.lose(socket), PATIENCE);
  }

  /** Give a socket up without waiting for the other side to agree. */
  lose(socket) {
    socket.close();
    this.closed(socket);
  }

  /** Another greeting, on another socket. */
  reconnect() {
    const socket = this.socket;
    this.socket = null;
    this.welcomed = false;
    socket?.close();
    for (const message of this.outbox.due) this.mark(message, "waiting");
    this.connect();
  }

  closed(socket) {
    if (this.socket !== socket) return;
    this.socket = null;
    clearTimeout(this.patience);
    clearTimeout(this.pinging);
    for (const message of this.outbox.due) this.mark(message, "waiting");
    this.on.typing(null);
    const had = this.welcomed;
    this.welcomed = false;
    if (had) this.failures = 0;
    if (this.running) this.failed();
  }

  failed() {
    this.failures += 1;
    if (this.failures >= FAILURES_BEFORE_REQUESTS) this.polling.ask();
    if (!this.polling.works) this.on.online(false);
    this.retry = setTimeout(() => this.connect(), this.polling.works ? WAIT_BESIDE_REQUESTS : waitAfter(this.failures));
  }

  /** The network or the customer is back: do not wait any longer. */
  hurry() {
    if (!this.running || this.welcomed) return;
    this.connect();
    if (this.failures >= FAILURES_BEFORE_REQUESTS) this.polling.ask();
  }

  write(frame) { this.socket.send(JSON.stringify(frame)); }

  read(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    clearTimeout(this.patience);
    if (this.welcomed) this.pingLater();
    const handle = {
      welcome: () => this.welcome(frame),
      accepted: () => this.accepted(frame.id),
      done: () => this.done(frame.id),
      entries: () => this.on.entries(frame.entries, false),
      typing: () => this.on.typing(frame.on ? frame.from : null),
      operator: () => this.on.operator(frame.name),
      error: () => this.refused(frame.code, frame.id),
    };
    handle[frame.type]?.();
  }

  welcome(frame) {
    this.welcomed = true;
    this.failures = 0;
    this.polling.stop();
    if (frame.new && this.current) this.on.ended();
    this.keepToken(frame.token);
    if (frame.limit) this.on.limit(frame.limit);
    this.on.online(true);
    this.on.entries(frame.entries, true);
    this.on.operator(frame.operator ?? null);
    this.open.clear();
    this.pingLater();
    this.deliver();
  }

  keepToken(token) {
    this.current = token;
    if (token !== this.token) this.memory.setShared("token", token);
  }

  pingLater() {
    clearTimeout(this.pinging);
    const socket = this.socket;
    this.pinging = setTimeout(() => {
      if (this.socket !== socket) return;
      this.write({ type: "ping" });
      this.expect(socket);
    }, PING);
  }

  // Messages --------------------------------------------------------------------------------------------------------

  deliver() {
    if (this.welcomed) {
      for (const message of this.outbox.due.filter((waiting) => waiting.state === "waiting")) {
        this.write(frameOf(message));
        this.mark(message, "sending");
        this.expect(this.socket);
      }
    } else if (this.polling.works) this.polling.ask();
  }

  accepted(id) {
    const message = this.outbox.delivered(id);
    if (message) this.on.delivery({ ...message, state: "sent" });
    this.open.add(id);
    if (this.outbox.due.length) this.expect(this.socket);
  }

  done(id) {
    this.open.delete(id);
    if (!this.open.size) this.on.typing(null);
  }

  refused(code, id) {
    if (code === "session_expired") this.reconnect(); // the next hello gets a new session
    else if (code === "too_many_sessions") this.on.busy();
    const message = id && this.outbox.find(id);
    if (!message || code === "session_expired") return;
    if (code === "button_expired" && !message.vote && message.title) {
      // This conversation has not offered the button (any more): its title says the same.
      Object.assign(message, { text: message.title, button: undefined });
      this.mark(message, "waiting");
      this.deliver();
    } else this.mark(message, "failed", code);
  }

  mark(message, state, reason) {
    if (message.state === state) return;
    Object.assign(message, { state, reason });
    this.outbox.keep();
    this.on.delivery(message);
  }
}
