// Plain requests, for networks that let no WebSocket through: a message is posted, what is new is asked for.

const GIVE_UP = 30000;

/** A refusal with the server's code, or "unreachable". */
export class Refused extends Error {
  constructor(code, status) {
    super(code);
    this.code = code;
    this.status = status;
  }
}

export class Requests {
  constructor(server) {
    this.server = server;
  }

  /** A new session: {session, token}. */
  open() { return this.call("POST", "/api/sessions", {}); }

  /** Post a message: {entries}, the replies to it. */
  send(token, { type, ...message }) { return this.call("POST", "/api/messages", message, token); }

  /** The conversation so far: {entries, operator}. */
  history(token) { return this.call("GET", "/api/messages", undefined, token); }

  async call(method, path, body, token) {
    const headers = { ...(body && { "Content-Type": "application/json" }), ...(token && { Authorization: `Bearer ${token}` }) };
    let answer;
    try {
      answer = await fetch(this.server + path, {
        method, headers, body: body && JSON.stringify(body), credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(GIVE_UP),
      });
    } catch {
      throw new Refused("unreachable", 0);
    }
    const content = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(content.error ?? "unreachable", answer.status);
    return content;
  }
}
