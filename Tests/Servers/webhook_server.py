"""An HTTPS receiver of webhooks for the tests, on the standard library, with a certificate made on the spot.

Prints {"port": .., "ca": ..} when it listens, then one JSON line per request: {path, headers, body, version}; ends when
standard input closes. With --secret (several may be given) `standardwebhooks` looks at each request: {.., signed, verified}
are the secrets under which a signature is right, and under which it is accepted now.

The path says what happens to a request:
  /ok             204                                  /410, /500, ..    that status
  /429-17         that status, Retry-After: 17         /302              a redirect to /ok
  /flaky-2        500 for the first 2, then 200        /hang             the whole request is read, no answer comes
  /drop           read, then closed without a word     /early            closed before the body is read
  /endless        200 and a body without end           /headers          200 and header lines without end
  /big            200 and 8,000 bytes                  /echo-...         404, and path and signature said back
"""

import argparse
import json
import queue
import ssl
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from certificates import make_authority

lock = threading.Lock()
seen = {}
stopped = threading.Event()


# Whoever listens may come late: a full pipe must not stop an answer.
lines = queue.SimpleQueue()


def say(value):
    lines.put(json.dumps(value))


def write_lines():
    while (line := lines.get()) is not None:
        print(line, flush=True)


def judged(secrets, headers, body):
    from datetime import datetime, timezone
    from standardwebhooks import Webhook, WebhookVerificationError
    signed, verified = [], []
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=timezone.utc)
    for secret in secrets:
        hook = Webhook(secret)
        if hook.sign(headers["webhook-id"], at, body) in headers["webhook-signature"].split():
            signed.append(secret)
        try:
            hook.verify(body, headers)
            verified.append(secret)
        except WebhookVerificationError:
            pass
    return dict(signed=signed, verified=verified)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    secrets = []

    def do_POST(self):
        if self.path == "/early":
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        line = dict(path=self.path, headers=headers, body=body.decode(), version=self.request_version)
        if self.secrets:
            line.update(judged(self.secrets, headers, body.decode()))
        say(line)
        word, _, rest = self.path.strip("/").partition("-")
        if word == "hang":
            stopped.wait()
        if word in ("hang", "drop"):
            self.close_connection = True
            return
        if word == "endless":
            self.send_response(200)
            self.send_header("content-length", str(1 << 40))
            self.end_headers()
            self.flood(b"x" * 65536)
            return
        if word == "headers":
            self.send_response(200)
            self.flush_headers()
            self.flood(b"x-more: " + b"y" * 1000 + b"\r\n")
            return
        status, extra = 204, {}
        if word.isdigit():
            status = int(word)
            if rest:
                extra["retry-after"] = rest
            if 300 <= status < 400:
                extra["location"] = "/ok"
        if word == "flaky":
            with lock:
                seen[self.path] = seen.get(self.path, 0) + 1
                status = 500 if seen[self.path] <= int(rest) else 200
        content = b"z" * 8000 if word == "big" else f"the server says {status}\nand more".encode()
        status = 200 if word == "big" else status
        if word == "echo":
            status, content = 404, f"Cannot POST {self.path} by {headers.get('webhook-signature')}".encode()
        if status == 204:
            content = b""
        self.send_response(status)
        for name, value in extra.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def flood(self, chunk):
        self.close_connection = True
        try:
            while not stopped.is_set():
                self.wfile.write(chunk)
        except OSError:
            pass

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--secret", action="append", default=[])
    arguments.add_argument("--name", default="localhost")
    arguments.add_argument("--ask", action="store_true", help="for a certificate of the caller by the same authority")
    arguments.add_argument("--old", action="store_true", help="TLS 1.1 at most")
    given = arguments.parse_args()
    Handler.secrets = given.secret
    with tempfile.TemporaryDirectory() as folder:
        authority, certificate, key = make_authority(folder, given.name)
        server = Server(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        if given.ask:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(authority)
        if given.old:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        # The handshake belongs to the connection's own thread, not to the one that accepts.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        writer = threading.Thread(target=write_lines, daemon=True)
        writer.start()
        # The server's own certificate does for a caller too.
        say(dict(port=server.server_port, ca=authority, certificate=certificate, key=key))
        sys.stdin.read()
        stopped.set()
        server.shutdown()
        # Every request is told before the end, to whoever still listens.
        lines.put(None)
        writer.join(timeout=10)


main()
