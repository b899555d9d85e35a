"""An HTTP proxy that knows CONNECT alone: a line of JSON for each, with the target as it was asked for.

With --user NAME:PASSWORD it wants that login (Basic); with --refuse STATUS it lets nobody through.
"""

import argparse
import base64
import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def say(values):
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def pump(source, sink):
    try:
        while chunk := source.recv(65536):
            sink.sendall(chunk)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Handler(BaseHTTPRequestHandler):
    login = None
    refuse = None

    def do_CONNECT(self):
        given = self.headers.get("proxy-authorization")
        say(dict(target=self.path, host=self.headers.get("host"), login=given is not None,
                 headers=sorted(name.lower() for name in self.headers)))
        self.close_connection = True
        if self.login and given != self.login:
            self.answer(407, "proxy-authenticate: Basic realm=x\r\n")
        elif self.refuse:
            self.answer(self.refuse)
        else:
            host, _, port = self.path.rpartition(":")
            try:
                target = socket.create_connection((host.strip("[]"), int(port)), timeout=10)
            except OSError:
                self.answer(502)
                return
            target.settimeout(None)
            self.answer(200)
            back = threading.Thread(target=pump, args=(target, self.connection), daemon=True)
            back.start()
            pump(self.connection, target)
            back.join()

    def answer(self, status, more=""):
        self.wfile.write(f"HTTP/1.1 {status} so\r\n{more}\r\n".encode())

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--user")
    arguments.add_argument("--refuse", type=int)
    given = arguments.parse_args()
    if given.user:
        Handler.login = "Basic " + base64.b64encode(given.user.encode()).decode()
    Handler.refuse = given.refuse
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say(dict(port=server.server_port))
    sys.stdin.read()
    server.shutdown()


main()
