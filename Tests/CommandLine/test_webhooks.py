"""Webhooks end to end: release, dispatch to a real HTTPS server, and what `standardwebhooks` says of the signatures."""

import base64
import contextlib
import datetime
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from conftest import NOW, ROOT, SITUATION, relay

LATER = "2026-11-22T12:30:00-05:00"
READER = "system.northway-webhook"


class HookServer:
    """Tests/Servers/webhook_server.py on a free port; readiness and requests are lines of JSON."""

    def __init__(self, *secrets):
        arguments = [part for secret in secrets
                     for part in ([secret] if secret.startswith("--") else ["--secret", secret])]
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(ROOT / "Tests/Servers/webhook_server.py"), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())
        self.port, self.authority = self.ready["port"], self.ready["ca"]
        self.lines = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True)
        self.reader.start()

    def requests(self, count):
        """Waits for so many requests, at most 30 s, and gives all."""
        for _ in range(300):
            if len(self.lines) >= count:
                break
            self.reader.join(timeout=0.1)
        return [json.loads(line) for line in self.lines]

    def close(self):
        if not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(timeout=60)
        self.reader.join(timeout=60)
        self.process.stdout.close()


@pytest.fixture
def hook_server():
    servers = []

    def start(*secrets):
        servers.append(HookServer(*secrets))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def new_secret():
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


def hook(site, server, path="/ok", secret=None, allow="[127.0.0.0/8]", **keys):
    """One endpoint for the sample's partner system, and a bulletin for it alone."""
    relay(site, 9)
    settings = site.folder / "revere.yaml"
    settings.write_text(settings.read_text() + f"webhooks: {{ allow-networks: {allow}, ca-file: {server.authority} }}\n")
    lines = [f"id: northway, stakeholder: {READER}", f'url: "https://localhost:{server.port}{path}"']
    if secret:
        (site.folder / "var").mkdir(exist_ok=True)
        (site.folder / "var" / "hook-secret").write_text(secret + "\n")
        lines.append("secret-file: var/hook-secret")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in keys.items()]
    (site.folder / "distribution-lists" / "endpoints.yaml").write_text(f"endpoints:\n  - {{ {', '.join(lines)} }}\n")
    path = site.bulletin(SITUATION)
    if "\nto: [" not in path.read_text():
        site.edit(path.relative_to(site.folder), "urgency: routine", f"urgency: routine\nto: [{READER}]")


def released(site, *arguments, **options):
    # The decisions that are recorded with the sample are about its own revision.
    order = ["--accept", "D02", "--accept", "D06", "--private-release", "--reason", "for the test"]
    return site.release(SITUATION, *order, *arguments, **options, expect=0)


def row(site):
    (found,) = site.run("deliveries", SITUATION, "--json", expect=0).objects
    return found


def test_a_thin_event_is_signed_and_recorded(site, hook_server):
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, secret=secret)
    released(site)
    before = row(site)
    assert before["channel"] == "webhook" and before["address"] == "northway" and before["state"] == "pending"
    ran = site.run("dispatch", now=LATER, expect=0)
    assert "webhooks: 1 accepted" in ran.out
    (seen,) = server.requests(1)
    assert seen["signed"] == [secret]
    body = json.loads(seen["body"])
    assert body["type"] == "bulletin.released" and body["timestamp"] == "2026-11-22T17:00:00Z"
    assert body["data"].keys() == {"id", "serial", "version", "banner", "link"}
    assert body["data"]["serial"] == "CFC-SA-2026-0001" and body["data"]["banner"].startswith("UNCLASSIFIED//")
    assert body["data"]["link"] == "https://portal.cfc.example.gov/bulletins/CFC-SA-2026-0001"
    assert len(seen["body"]) < 4096 and seen["headers"]["content-type"] == "application/json"
    after = row(site)
    assert after["state"] == "accepted" and after["replyCode"] == 204
    assert after["messageID"] == seen["headers"]["webhook-id"]
    # Nothing is left to do.
    assert "webhooks" not in site.run("dispatch", now=LATER, expect=0).out


def test_full_bodies_for_those_who_are_approved(site, hook_server):
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, secret=secret, full_body="true")
    released(site)
    site.run("dispatch", now=LATER, expect=0)
    (seen,) = server.requests(1)
    data = json.loads(seen["body"])["data"]
    assert seen["signed"] == [secret]
    assert data["title"].startswith("(U") and "CFC-SA-2026-0001" in data["text"] and data["html"].startswith("<!")
    assert data["banner"] in data["text"] and "cid:" not in data["html"] and "\u0001" not in data["text"]


@pytest.mark.parametrize("format", ["slack", "teams", "mattermost"])
def test_chats_are_thin_and_need_no_secret(site, hook_server, format):
    server = hook_server()
    hook(site, server, format=format)
    released(site)
    site.run("dispatch", now=LATER, expect=0)
    (seen,) = server.requests(1)
    assert "webhook-signature" not in seen["headers"] and len(seen["body"]) < 4096
    body = json.loads(seen["body"])
    text = body["text"] if format != "teams" else json.dumps(body["attachments"][0]["content"])
    assert "2026" in text and "released" in text and "UNCLASSIFIED" in text
    for word in ("contractor", "Situational"):
        assert word not in seen["body"]


def test_a_chat_with_full_bodies_is_an_error(site, hook_server):
    hook(site, hook_server(), format="slack", full_body="true")
    assert "full-body" in site.run("lists", "check").out
    assert "full-body" in site.release(SITUATION, "--accept", "D02", expect=3).err


def test_one_stakeholder_has_one_endpoint(site, hook_server):
    server = hook_server()
    hook(site, server)
    path = site.folder / "distribution-lists" / "endpoints.yaml"
    path.write_text(path.read_text() + f'  - {{ id: second, stakeholder: {READER}, url: "https://localhost/x" }}\n')
    assert "L03" in site.run("lists", "check").rules


def test_what_cannot_be_called_says_why(site, hook_server):
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, secret=secret, allow="[]")
    released(site)
    ran = site.run("dispatch", now=LATER, expect=0)
    assert "not called: loopback" in ran.err
    found = row(site)
    assert found["state"] == "deferred" and "loopback" in found["replyText"] and found["nextAttempt"]
    assert server.requests(0) == []
    assert site.run("webhooks", "list", "--json", expect=0).objects[0]["state"] == "failing"


def test_a_redirect_is_not_followed_and_gone_is_gone(site, hook_server):
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, path="/302", secret=secret)
    released(site)
    site.run("dispatch", now=LATER, expect=0)
    assert row(site)["state"] == "deferred" and row(site)["replyCode"] == 302
    failing = site.run("webhooks", "list", "--json", expect=0).objects[0]
    assert failing["state"] == "failing" and failing["lastFailureAt"] and "disabledBy" not in failing
    assert f"last at {failing['lastFailureAt']}" in site.run("webhooks", "list", expect=0).out
    hook(site, server, path="/410", secret=secret)
    ran = site.run("dispatch", now="2026-11-22T13:30:00-05:00", expect=0)
    assert "endpoint northway is disabled: it answered 410" in ran.err
    assert row(site)["state"] == "bounced"
    assert [seen["path"] for seen in server.requests(2)] == ["/302", "/410"]
    first, second = (seen["headers"]["webhook-id"] for seen in server.requests(2))
    assert first == second
    standing = site.run("webhooks", "list", "--json", expect=0).objects[0]
    assert standing["state"] == "disabled" and "410" in standing["why"]
    assert "northway" in site.run("status", expect=0).out
    # Whoever runs it hears of it by the exit status of doctor.
    ran = site.run("doctor", "--offline", "--json", now="2026-11-22T13:30:00-05:00")
    (check,) = [check for check in ran.objects if check["name"] == "endpoint northway"]
    assert ran.code and check["verdict"] == "warning" and "410" in check["says"]
    assert "webhooks enable northway" in check["advice"]
    assert "enable it first" in site.run("webhooks", "replay", "northway", "--since", "2026-11-22T00:00:00Z",
                                         now=LATER, expect=1).err
    hook(site, server, path="/ok", secret=secret)
    site.run("webhooks", "enable", "northway", expect=0)
    again = site.run("webhooks", "replay", "northway", "--since", "2026-11-22T00:00:00Z", "--json",
                     now="2026-11-22T14:00:00-05:00", expect=0).objects
    assert [line["result"] for line in again] == ["accepted"] and again[0]["webhook-id"] == first
    assert server.requests(3)[2]["headers"]["webhook-id"] == first
    assert server.requests(3)[2]["signed"] == [secret]


def test_a_disabled_endpoint_is_passed_over_at_release(site, hook_server):
    secret = new_secret()
    hook(site, hook_server(secret), secret=secret)
    site.run("webhooks", "disable", "northway", "--reason", "on holiday", "--by", "p.munroe", expect=0)
    assert site.run("webhooks", "list", "--json", expect=0).objects[0]["disabledBy"] == "p.munroe"
    assert "on holiday" in (said := site.run("webhooks", "list", expect=0).out) and "by p.munroe" in said
    released(site)
    assert row(site)["state"] == "withheld" and row(site)["reasons"] == ["no-channel"]


def test_a_disabled_endpoints_rows_wait(site, hook_server):
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, secret=secret)
    released(site)
    assert "1 deliveries wait" in site.run("webhooks", "disable", "northway", expect=0).out
    site.run("dispatch", now=LATER, expect=0)
    assert row(site)["held"] == "endpoint" and server.requests(0) == []
    checks = {check["name"]: check for check in site.run("doctor", "--offline", "--json", now=LATER).objects}
    assert checks["endpoint northway"]["verdict"] == "failure"
    assert "webhooks enable" in checks["held-rows"]["advice"] and "settle" not in checks["held-rows"]["advice"]
    for word in ("again", "cancel"):
        assert "webhooks enable" in site.run("settle", SITUATION, word, now=LATER, expect=1).err
    assert site.run("webhooks", "enable", "northway", "--json", expect=0).objects == [
        {"endpoint": "northway", "changed": True, "rows": 1}]
    site.run("dispatch", now=LATER, expect=0)
    assert row(site)["state"] == "accepted"


def test_rotation_overlaps_and_secrets_stay_secret(site, hook_server):
    first = new_secret()
    hook(site, hook_server(), secret=first)
    released(site)
    said = site.run("webhooks", "list", expect=0)
    rotated = site.run("webhooks", "rotate", "northway", "--json", now=NOW, expect=0).objects[0]
    second = rotated["secret"]
    assert second.startswith("whsec_") and second != first
    third = site.run("webhooks", "rotate", "northway", "--ed25519", now=NOW, expect=0).out.strip()
    assert third.startswith("whpk_")
    # What the file says no longer counts: it was imported.
    server = hook_server(first, second)
    hook(site, server, secret=new_secret())
    ran = site.run("dispatch", now=LATER, expect=0)
    (seen,) = server.requests(1)
    assert seen["signed"] == [first, second]
    kinds = [part.split(",")[0] for part in seen["headers"]["webhook-signature"].split()]
    assert sorted(kinds) == ["v1", "v1", "v1a"]
    # After the overlap the first one signs no more.
    day = "2026-11-23T12:30:00-05:00"
    site.run("webhooks", "replay", "northway", "--since", "2026-11-22T00:00:00Z", now=day, expect=0)
    assert server.requests(2)[1]["signed"] == [second]
    # At rest it is encrypted; no output and no log holds it.
    stored = b"".join(path.read_bytes() for path in site.folder.rglob("revere.db*"))
    outputs = said.out + said.err + ran.out + ran.err
    for secret in (first, second):
        text = secret.removeprefix("whsec_")
        assert text.encode() not in stored and base64.b64decode(text) not in stored
        assert text not in outputs and text not in seen["body"]
    mode = (site.folder / "var" / "secret.key").stat().st_mode & 0o777
    assert mode == 0o600


def test_what_a_server_says_back_holds_no_secret(site, hook_server):
    hook(site, hook_server(), path="/echo-/hooks/SECRETxyz123token", secret=new_secret())
    released(site)
    words = ""
    for command in (["dispatch", "--log-format", "json", "--log-level", "debug"], ["webhooks", "list", "--json"],
                    ["webhooks", "test", "northway"], ["deliveries", SITUATION, "--json"], ["status"]):
        ran = site.run(*command, now=LATER)
        words += ran.out + ran.err
    assert "Cannot POST …" in words and row(site)["state"] == "deferred"
    assert "SECRETxyz" not in words and "123token" not in words and "by v1," not in words
    # Beside the list of endpoints as it was imported, the ledger holds it nowhere.
    stored = b"".join(path.read_bytes() for path in site.folder.rglob("revere.db*"))
    assert "Cannot POST …".encode() in stored and b"Cannot POST /" not in stored


def test_another_site_key_opens_nothing(site, hook_server):
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, secret=secret)
    released(site)
    site.run("webhooks", "rotate", "northway", expect=0)
    (site.folder / "var" / "secret.key").write_text(base64.b64encode(os.urandom(32)).decode() + "\n")
    ran = site.run("dispatch", now=LATER, expect=0)
    assert "another site key" in ran.err and row(site)["state"] == "deferred"
    assert server.requests(0) == []
    assert "another site key" in site.run("webhooks", "test", "northway", expect=3).err


def test_a_secret_of_one_endpoint_opens_for_no_other(site, hook_server):
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, secret=secret)
    released(site)
    site.run("webhooks", "rotate", "northway", expect=0)
    with contextlib.closing(sqlite3.connect(site.database)) as database:
        database.execute("UPDATE endpoint_secrets SET endpoint = 'other'")
        database.commit()
    path = site.folder / "distribution-lists" / "endpoints.yaml"
    path.write_text(path.read_text().replace("id: northway", "id: other"))
    assert "damaged" in site.run("webhooks", "test", "other", expect=3).err


def test_a_test_event_is_verified_by_the_receiver(site, hook_server):
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, secret=secret)
    # Without --now: the receiver looks at the time as well.
    said = site.run("webhooks", "test", "northway", "--json", now=None, expect=0).objects[0]
    assert said["result"] == "accepted" and said["status"] == 204
    (seen,) = server.requests(1)
    assert seen["verified"] == [secret] and json.loads(seen["body"])["type"] == "webhook.test"
    hook(site, server, path="/500", secret=secret)
    assert site.run("webhooks", "test", "northway", now=None, expect=1).out.startswith("northway  failed  HTTP 500")


@pytest.mark.parametrize("text, words", [
    ("short", "no secret of Standard Webhooks"), ("whsec_c2hvcnQ=", "no secret of Standard Webhooks"), (None, "no secret")])
def test_secrets_that_cannot_be_used(site, hook_server, text, words):
    server = hook_server()
    hook(site, server, secret=text)
    released(site)
    assert words in site.run("dispatch", now=LATER, expect=0).err
    assert row(site)["state"] == "deferred" and server.requests(0) == []
    ran = site.run("webhooks", "test", "northway", expect=3)
    assert words in ran.err and (text is None or text not in ran.err)


def test_only_the_events_that_it_wants(site, hook_server):
    secret = new_secret()
    hook(site, hook_server(secret), secret=secret, events="[bulletin.updated]")
    released(site)
    assert row(site)["state"] == "withheld" and row(site)["reasons"] == ["no-channel"]


def test_arguments(site, hook_server):
    assert "names none" in site.run("webhooks", "test", "northway", expect=2).err
    hook(site, hook_server())
    assert "northway" in site.run("webhooks", "rotate", "nothing", expect=2).err
    released(site)
    assert "--since takes" in site.run("webhooks", "replay", "northway", "--since", "yesterday", expect=2).err
    site.run("webhooks", "replay", "northway", "--since", "2026-11-23T00:00:00Z", now=NOW, expect=2)
    # A chat's address is its secret.
    assert "/ok" not in site.run("webhooks", "list", expect=0).out
    assert "/ok" not in site.run("webhooks", "list", "--json", expect=0).out


@pytest.mark.parametrize("networks", ["[10.0.0.1/8]", "[localhost]", "10.0.0.0/33"])
def test_networks_that_are_none(site, hook_server, networks):
    hook(site, hook_server(), allow=networks)
    assert "allow-networks" in site.run("webhooks", "list", expect=3).err


NGINX = """\
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log crit; {user}
events {{ worker_connections 64; }}
http {{
  log_format protocol "$server_protocol $request_method $request_uri"; access_log {folder}/access.log protocol;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl http2; ssl_certificate {certificate}; ssl_certificate_key {key};
    location / {{ return 204; }}
  }}
}}
"""


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(true):
    """Looks again and again, bounded; for what happens in another program."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "waited 60 s in vain"
        time.sleep(0.02)


def test_http2_where_the_server_speaks_it(site, tmp_path):
    root = ROOT / ".build-nginx/root"
    if not (root / "usr/sbin/nginx").exists():
        pytest.skip("nginx is not unpacked: .ci/unpack nginx")
    sys.path.insert(0, str(ROOT / "Tests/Servers"))
    from certificates import make_authority
    folder = tmp_path / "nginx"
    folder.mkdir()
    authority, certificate, key = make_authority(str(folder))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "conf").write_text(NGINX.format(folder=folder, port=port, certificate=certificate, key=key,
                                              user="user root;" if os.getuid() == 0 else ""))
    libraries = ":".join(str(path) for path in root.glob("usr/lib/*-linux-*"))
    server = subprocess.Popen(
        [root / "usr/sbin/nginx", "-p", folder, "-c", folder / "conf", "-e", folder / "error.log"],
        env={**os.environ, "LD_LIBRARY_PATH": libraries})
    try:
        until(lambda: server.poll() is not None or listens(port))
        assert server.poll() is None, (folder / "error.log").read_text()
        server.authority, server.port = authority, port
        hook(site, server, secret=new_secret())
        said = site.run("webhooks", "test", "northway", "--json", expect=0).objects[0]
        assert said["status"] == 204
        # nginx writes its line after the answer.
        log = folder / "access.log"
        until(lambda: log.exists() and log.read_text().endswith("\n"))
        assert log.read_text() == "HTTP/2.0 POST /ok\n"
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_killed_while_it_posts(program, hook_server, tmp_path):
    """`kill -9` in the middle: nobody is skipped, second copies are bounded and have the id of the first."""
    sys.path.insert(0, str(ROOT / "Tests/Bench"))
    from workspace import Workspace
    readers, connections = 400, 8
    server = hook_server()
    workspace = Workspace(tmp_path / "site", program, readers=readers)
    workspace.webhooks(
        f"https://localhost:{server.port}/ok", server.authority, new_secret(), connections, padding=300)
    workspace.release(workspace.bulletin("one", 600))
    command = [program, "dispatch", "--workspace", str(workspace.folder)]
    kills = 0
    for enough in (40, 150):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and len(server.lines) < enough:
            time.sleep(0.001)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait(timeout=60)
    assert kills > 0
    for minutes in (0, 10, 20, 40):
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
        subprocess.run([*command, "--now", now.isoformat()], check=True, capture_output=True, timeout=120)
    with contextlib.closing(sqlite3.connect(workspace.folder / "var/revere.db")) as database:
        assert database.execute("SELECT state, COUNT(*) FROM deliveries GROUP BY state").fetchall() == [
            ("accepted", readers)]
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stored = {id for (id,) in database.execute("SELECT message_id FROM deliveries")}
    ids = [seen["headers"]["webhook-id"] for seen in server.requests(readers)]
    assert set(ids) == stored and len(stored) == readers
    assert len(ids) - readers <= kills * (connections + 64), f"{len(ids) - readers} second copies"
