"""`revere serve`: the program as partners and operators meet it. The server's HTTP is tested by WebConsoleTests."""

import base64
import contextlib
import functools
import http.client
import json
import re
import resource
import signal
import socket
import subprocess
import time

import pytest

from conftest import NOW, OFFICER_SAFETY, relay

SYSTEM = "system.hampden-feed"


class Server:
    """The running command; its log is read until it listens."""

    def __init__(self, site, *arguments, **options):
        self.process = subprocess.Popen(
            [site.program, "serve", "--listen", "127.0.0.1:0", "--workspace", str(site.folder), "--now", NOW,
             "--log-format", "json", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        self.lines = []
        while not any('"listens"' in line for line in self.lines):
            line = self.process.stderr.readline()
            assert line, self.lines
            self.lines.append(line)
        address = next(json.loads(line)["address"] for line in self.lines if '"listens"' in line)
        self.port = int(address.removeprefix("127.0.0.1:"))

    def get(self, path, credential=None, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        if credential:
            headers["Authorization"] = "Basic " + base64.b64encode(credential.encode()).decode()
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.words = answer.read().decode()
        connection.close()
        return answer

    def stop(self):
        """Ends it as a service manager does, and gives its log."""
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, [json.loads(line) for line in self.lines + err.splitlines() if line.startswith("{")], out + err


@contextlib.contextmanager
def running(site, *arguments, **options):
    server = Server(site, *arguments, **options)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.communicate()


def credential(site, *arguments):
    said = site.run("partners", "add", SYSTEM, "--by", "p.munroe", *arguments, expect=0)
    found = dict(re.findall(r"^(user name|password) +(\S+)$", said.out + said.err, re.MULTILINE))
    return f"{found['user name']}:{found['password']}"


@pytest.fixture
def released(site):
    site.release(OFFICER_SAFETY, expect=0)
    return site


def test_a_partner_pulls_and_asks_again(released):
    known = credential(released)
    with running(released) as server:
        first = server.get("/feeds/all.atom", known)
        # Of port 0 the one that was taken is told, and stands in the feeds.
        assert f"http://127.0.0.1:{server.port}/feeds/all.atom" in first.words and server.port
        assert first.status == 200 and first.headers["Content-Type"].startswith("application/atom+xml")
        again = server.get("/feeds/all.atom", known, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status, again.words) == (304, "")
        assert int(again.headers["Revere-Sequence"]) == int(first.headers["Revere-Sequence"]) + 1
        for path in ["/feeds/all.json", "/feeds/all.rss", "/feeds/cap.atom"]:
            assert server.get(path, known).status == 200, path
        assert server.get("/feeds/none.atom", known).status == 404
        assert server.get("/feeds/all.atom").status == 401
        assert server.get("/feeds/all.atom", known + "x").status == 401
        # The credential is not for TAXII, and nothing was looked up.
        assert server.get("/taxii2/", known).status == 403
        code, log, text = server.stop()
    assert code == 0
    assert known.split(":")[1] not in text
    requests = [line for line in log if line["event"] == "request"]
    assert [line["status"] for line in requests][:2] == [200, 304] and requests[0]["partner"] == SYSTEM
    assert log[-1]["event"] == "ended"


def test_the_next_request_after_a_person_acts_sees_it(released):
    known = credential(released)
    with running(released) as server:
        assert server.get("/feeds/all.atom", known).status == 200
        released.run("halt", "--by", "p.munroe", "--reason", "a test", expect=0)
        halted = server.get("/feeds/all.atom", known)
        assert halted.status == 503 and int(halted.headers["Retry-After"]) > 0
        released.run("resume", "--halt", "--by", "p.munroe", expect=0)
        assert server.get("/feeds/all.atom", known).status == 200
        released.run("partners", "revoke", known.split(":")[0], "--by", "p.munroe", expect=0)
        assert server.get("/feeds/all.atom", known).status == 401


def test_each_outage_is_told_and_shown(released):
    known = credential(released)
    with running(released) as server:
        def figures():
            return dict(line.rsplit(" ", 1) for line in server.get("/metrics").words.splitlines() if line[0] != "#")

        def await_figure(wanted):
            end = time.monotonic() + 60
            while (shown := figures())['revere_feeds_unavailable{why="unusable-site"}'] != wanted:
                assert time.monotonic() < end, shown
            return shown

        assert server.get("/feeds/all.atom", known).status == 200
        assert server.get("/feeds/all.atom", known + "x").status == 401
        for _ in range(2):
            released.run("halt", "--by", "p.munroe", "--reason", "a test", expect=0)
            assert [server.get("/feeds/all.atom", known).status for _ in range(2)] == [503, 503]
            released.run("resume", "--halt", "--by", "p.munroe", expect=0)
            assert server.get("/feeds/all.atom", known).status == 200
        lists = released.folder / "distribution-lists/stakeholders.yaml"
        good = lists.read_text()
        lists.write_text("stakeholders: [")
        # Files are looked at again after a second.
        shown = await_figure("1")
        assert server.get("/feeds/all.atom", known).status == 503
        assert shown['revere_feeds_unavailable{why="halted"}'] == "0"
        assert shown['revere_feed_requests_total{status="503"}'] == "4"
        assert shown['revere_feed_requests_total{status="401"}'] == "1" and shown["revere_feed_lock_outs_total"] == "0"
        lists.write_text(good)
        await_figure("0")
        assert server.get("/feeds/all.atom", known).status == 200
        log = server.stop()[1]
    told = [(line["event"], line.get("why")) for line in log if line["event"] in ("available", "unavailable")]
    assert told == [("unavailable", "halted"), ("available", None)] * 2 + [("unavailable", "unusable-site"), ("available", None)]
    assert "distribution-lists/stakeholders.yaml:2: " in [line for line in log if line["event"] == "unavailable"][-1]["detail"]


def test_a_connection_that_asks_the_same_sees_it_too(released):
    """What is asked again in the same bytes is not read again, but looked at anew."""
    known = credential(released)
    fields = {"Authorization": "Basic " + base64.b64encode(known.encode()).decode()}
    with running(released) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.connect()
        local = connection.sock.getsockname()

        def get():
            connection.request("GET", "/feeds/all.atom", headers=fields)
            answer = connection.getresponse()
            answer.words = answer.read().decode()
            assert connection.sock.getsockname() == local, "another connection"
            return answer

        numbers = [int(get().headers["Revere-Sequence"]) for _ in range(5)]
        assert numbers == list(range(numbers[0], numbers[0] + 5))
        before = get().words
        released.run("halt", "--by", "p.munroe", "--reason", "a test", expect=0)
        assert get().status == 503
        released.run("resume", "--halt", "--by", "p.munroe", expect=0)
        assert [get().words for _ in range(3)] == [before] * 3
        released.run("partners", "revoke", known.split(":")[0], "--by", "p.munroe", expect=0)
        assert [get().status for _ in range(2)] == [401, 401]
        code, log, _ = server.stop()
    assert [line["status"] for line in log if line["event"] == "request"].count(200) == 9


def test_the_callers_of_one_address_are_bounded(released):
    with (released.folder / "revere.yaml").open("a") as settings:
        settings.write("\nserve: { connections-per-address: 2 }\n")
    with running(released) as server:
        kept = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=60) for _ in range(2)]
        for connection in kept:
            connection.request("GET", "/healthz")
            assert connection.getresponse().read() == b"ok\n"
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            server.get("/healthz")
        kept[0].request("GET", "/healthz")
        assert kept[0].getresponse().read() == b"ok\n"
        _, log, _ = server.stop()
    assert [line["address"] for line in log if line["event"] == "crowded"] == ["127.0.0.1"]


def test_what_operators_look_at(site):
    with running(site) as server:
        assert server.get("/healthz").words == "ok\n"
        assert "revere_build_info" in server.get("/metrics").words
        for path in ["/healthz", "/metrics"]:
            head = server.get(path, method="HEAD")
            assert (head.status, head.words) == (200, "") and int(head.headers["Content-Length"]) > 0
        # A proxy that nobody named, told once.
        for path in ["/metrics", "/healthz"]:
            assert server.get(path, **{"X-Forwarded-For": "192.0.2.1"}).status == 403
        code, log, _ = server.stop()
    assert code == 0
    assert ["trusted-proxies" in line["message"] for line in log if line["event"] == "refused"] == [True]


def test_sending_beside_it(released, mail_server):
    arrivals = mail_server("--tls", "required")
    relay(released, arrivals.port, tls="required", authority=arrivals.authority)
    with running(released, "--with-dispatch") as server:
        while not arrivals.lines:
            assert server.process.poll() is None
        code, _, text = server.stop()
    assert code == 0, text
    assert arrivals.arrived()


@pytest.mark.parametrize("beside", [True, False])
def test_a_stop_while_no_relay_can_be_reached_is_no_failure(released, beside):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        relay(released, nobody.getsockname()[1], tls="required")
        verb = ["serve", "--listen", "127.0.0.1:0", "--with-dispatch"] if beside else ["dispatch", "--watch"]
        with subprocess.Popen([released.program, *verb, "--workspace", str(released.folder), "--now", NOW,
                               "--log-format", "json"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              text=True) as process:
            try:
                assert any('"relay-alert"' in line for line in process.stderr)
            finally:
                process.terminate()
            log = process.stderr.read()
    assert process.returncode == 0, log
    assert "rows are left: no relay could be used" in log


def test_it_listens_only_once_it_could_send(released):
    with socket.socket() as somewhere:
        somewhere.bind(("127.0.0.1", 0))
        relay(released, somewhere.getsockname()[1], password="pass word")
        (released.folder / "var/relay-password").unlink()
        ran = released.run("serve", "--with-dispatch", "--listen", "127.0.0.1:0", expect=3)
    assert "password-file" in ran.err and "listens" not in ran.err
    settings = released.folder / "revere.yaml"
    settings.write_text(re.sub(r"^mail:$.*?(?=^\S)", "", settings.read_text(), flags=re.M | re.S))
    ran = released.run("serve", "--with-dispatch", "--listen", "127.0.0.1:0", expect=3)
    assert "names no relay" in ran.err and "listens" not in ran.err


def test_nothing_is_sent_beside_a_server_that_cannot_listen(released, mail_server):
    arrivals = mail_server("--tls", "required")
    relay(released, arrivals.port, tls="required", authority=arrivals.authority)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = released.run("serve", "--with-dispatch", "--listen", f"127.0.0.1:{taken.getsockname()[1]}", expect=3)
    assert "cannot listen on" in ran.err and "started" not in ran.err
    assert not arrivals.lines


@pytest.mark.parametrize("line, words", [
    ("serve: { listen: nowhere }", "no address to listen at"), ("serve: { trusted-proxies: [10.0.0.1/8] }", "no network"),
    ("serve: { address: ftp://x }", "no address of a server"), ("serve: { lisen: 127.0.0.1:1 }", "listen"),
])
def test_settings_that_cannot_be_meant(site, line, words):
    with (site.folder / "revere.yaml").open("a") as settings:
        settings.write("\n" + line + "\n")
    ran = site.run("doctor")
    assert words in ran.out + ran.err
    assert "revere.yaml" in ran.out + ran.err


def test_nobody_else_is_served_without_tls(site):
    ran = site.run("serve", "--listen", "0.0.0.0:8440", expect=3)
    assert "trusted-proxies" in ran.err
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        ran = site.run("serve", "--listen", place, expect=3)
    assert f"cannot listen on {place}: Address already in use\n" in ran.err
    assert "ended" not in ran.err


def test_partners_are_not_sent_past_the_proxy(site):
    with (site.folder / "revere.yaml").open("a") as settings:
        settings.write('\nserve: { listen: "0.0.0.0:8440", trusted-proxies: [10.20.0.4] }\n')
    ran = site.run("serve", expect=3)
    assert "past the proxy" in ran.err and "address:" in ran.err


@pytest.mark.parametrize("soft, hard, connections", [(200, 200, 100), (200, 2_000, None)])
def test_open_files_are_enough_for_all_connections(site, soft, hard, connections):
    # As from a proxy on this machine: it may have every connection that there is.
    with (site.folder / "revere.yaml").open("a") as settings:
        settings.write("\nserve: { trusted-proxies: [127.0.0.1], address: https://feeds.example.gov }\n")
    limit = functools.partial(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
    with running(site, preexec_fn=limit) as server, contextlib.ExitStack() as callers:
        for _ in range(300):
            callers.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
        if connections is None:
            # There is room beside them.
            assert server.get("/healthz").status == 200
        callers.close()
        assert server.get("/healthz").status == 200
        code, log, text = server.stop()
    assert code == 0, text
    told = [line["connections"] for line in log if line["event"] == "limited"]
    assert told == ([connections] if connections else []), text
