"""Feeds as partner systems pull them, beside nginx with one worker that serves the same bytes as a file."""

import base64
import http.client
import os
import pathlib
import re
import socket
import statistics
import subprocess
import tempfile

from hooks import unpacked
from relays import wait_until
from workspace import Workspace

ROUNDS = 5
SECONDS = 2
CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
{user}
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  gzip off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000000;
  keepalive_timeout 60s;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/files;
  }}
}}
"""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Files:
    """nginx with one worker."""

    def __init__(self, path, body):
        self.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self.folder.name)
        file = folder / "files" / path.lstrip("/")
        file.parent.mkdir(parents=True)
        file.write_bytes(body)
        self.port = free_port()
        (folder / "nginx.conf").write_text(CONFIGURATION.format(
            folder=folder, port=self.port, user="user root;" if os.getuid() == 0 else ""))
        root, surroundings = unpacked("nginx")
        self.process = subprocess.Popen(
            [root / "usr/sbin/nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"],
            env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: listens(self.port), "nginx")

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


class Server:
    """`revere serve` and one partner; requests are not written to the log, as nginx writes none."""

    def __init__(self, workspace, partner):
        said = subprocess.run(
            [workspace.revere, "partners", "add", partner, "--rate", "10000000", "--by", partner,
             "--workspace", workspace.folder], check=True, capture_output=True, text=True).stdout
        found = dict(re.findall(r"^(user name|password) +(\S+)$", said, re.MULTILINE))
        secret = base64.b64encode(f"{found['user name']}:{found['password']}".encode()).decode()
        self.credential = f"Authorization: Basic {secret}"
        self.port = free_port()
        self.process = subprocess.Popen(
            [workspace.revere, "serve", "--workspace", workspace.folder, "--listen", f"127.0.0.1:{self.port}",
             "--log-level", "warning"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: listens(self.port), "revere serve")

    def close(self):
        self.process.terminate()
        self.process.wait()


def get(port, path, *fields):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers=dict(field.split(": ", 1) for field in fields))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def wrk(port, path, *fields):
    """Requests a second over 32 connections by one thread."""
    root, surroundings = unpacked("wrk")
    said = subprocess.run(
        [root / "usr/bin/wrk", "-t", "1", "-c", "32", "-d", f"{SECONDS}s",
         *[word for field in fields for word in ("-H", field)], f"http://127.0.0.1:{port}{path}"],
        env=surroundings, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said and not any("If-None-Match" in field for field in fields) or "Socket errors" in said:
        raise SystemExit(f"wrk: {said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))


def rates(revere, folder):
    """For a feed of 50 entries and for "not modified": bytes, ours and nginx's requests a second, in turns."""
    workspace = Workspace(folder, revere, readers=1)
    people = workspace.folder / "distribution-lists/stakeholders.csv"
    # Mail needs no relay here; what a feed may carry is what `feed` among the channels says.
    people.write_text(people.read_text().replace(",person,", ",system,").replace(",email-plain,", ",feed,"))
    for number in range(50):
        workspace.release(workspace.bulletin(f"feed-{number}", 1_000))
    server = Server(workspace, "r00000")
    path = "/feeds/all.atom"
    try:
        answer, body = get(server.port, path, server.credential)
        if answer.status != 200 or body.count(b"<entry>") != 50:
            raise SystemExit(f"the feed: {answer.status}, {body.count(b'<entry>')} entries")
        files = Files(path, body)
        try:
            theirs = get(files.port, path)[0].headers["ETag"]
            ours, peer = {200: [], 304: []}, {200: [], 304: []}
            for _ in range(ROUNDS):
                for status, mine, its in ((200, [], []), (304, [f"If-None-Match: {answer.headers['ETag']}"],
                                                          [f"If-None-Match: {theirs}"])):
                    if get(server.port, path, server.credential, *mine)[0].status != status:
                        raise SystemExit(f"{status} was expected")
                    ours[status].append(wrk(server.port, path, server.credential, *mine))
                    peer[status].append(wrk(files.port, path, *its))
        finally:
            files.close()
    finally:
        server.close()
    return {status: (len(body), statistics.median(ours[status]), statistics.median(peer[status]),
                     statistics.median(a / b for a, b in zip(ours[status], peer[status]))) for status in ours}
