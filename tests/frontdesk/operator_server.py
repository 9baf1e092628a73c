"""Stands where the public server does: the routes for the business's people, with one conversation."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "an action secret for the tests, long enough"
HELLO = {"id": "m-1", "from": "customer", "text": "Hello, [bold]anybody\x1b[2J there?", "at": 1_764_000_000.0}
OFFER = {
    "id": "m-1/0",
    "from": "bot",
    "text": "A person?",
    "at": 1_764_000_001.0,
    "buttons": [{"id": "m-1/0/0", "title": "转人工"}],
}


class OperatorServer:
    """Use it as a context manager. `trouble` holds what goes wrong with the next events, one each: `before` it is
    taken in, `after`, or `busy`.
    """

    def __init__(self) -> None:
        self.entries = [HELLO, OFFER]
        self.operator = None
        self.online = True
        self.trouble = []
        self.pushed = []  # each call that came in whole
        self._known = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.served = self
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, event):
        self.pushed.append(event)
        if event["id"] in self._known:
            return
        self._known.add(event["id"])
        entry = {"id": f"p-{event['id']}", "name": event["name"], "at": 1_764_000_100.0 + len(self._known)}
        if event["event"] == "operator_message":
            self.entries.append({**entry, "from": "operator", "text": event["text"]})
        else:
            self.operator = event["name"] if event["event"] == "operator_joined" else None
            self.entries.append({**entry, "from": "system", "event": event["event"]})

    def said(self):
        return [(entry["from"], entry.get("text") or entry.get("event")) for entry in self.entries[2:]]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        served = self.server.served
        if self._is_allowed():
            self._answer(200, {"entries": served.entries, "operator": served.operator, "online": served.online})

    def do_POST(self):
        served = self.server.served
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        trouble = served.trouble.pop(0) if served.trouble else None
        if trouble == "busy":
            self._answer(503, {"error": "busy"})
        elif trouble != "before" and self._is_allowed():
            served.take(event)
            if trouble != "after":
                self._answer(200, {"status": "ok"})

    def _is_allowed(self):
        if self.headers["Authorization"] != f"Bearer {SECRET}":
            self._answer(401, {"error": "The shared secret is missing or wrong."})
        elif self.path.split("/")[3] != "web-1":
            self._answer(404, {"error": "not_found"})
        else:
            return True
        return False

    def _answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass
