"""What those who run it see and do: doctor, status, the log, backup and restore, as a shell sees them."""

import contextlib
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from conftest import OFFICER_SAFETY, ROOT, SITUATION, relay

LATER = "2026-11-22T12:30:00-05:00"
ADDRESS = re.compile(r"[\w.+=-]+@[\w.-]+")


@pytest.fixture
def released(site):
    site.release(SITUATION, "--accept", "D02", expect=0)
    return site


def doctor(site, *arguments, **options):
    ran = site.run("doctor", "--json", *arguments, **options)
    return ran, {check["name"]: check for check in ran.objects}


def wait_for(condition, seconds=60):
    """A condition with a bound, not a time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


# --- doctor -----------------------------------------------------------------------------------------------------------

def test_doctor_of_a_sound_site(released, mail_server):
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    relay(released, server.port, tls="required", authority=server.authority, password="pass word")
    os.chmod(released.folder / "var" / "relay-password", 0o600)
    os.chmod(released.folder / "var", 0o700)
    released.run("dispatch", now=LATER, expect=0)
    with contextlib.closing(sqlite3.connect(released.database)) as database:
        accepted, = database.execute("SELECT COUNT(*) FROM deliveries WHERE state = 'accepted'").fetchone()
        assert database.execute("SELECT relay, accepted FROM worker_relays").fetchall() == [("test", accepted)]
        assert database.execute("SELECT in_flight, ended_at >= started_at FROM workers").fetchall() == [(0, 1)]
    ran, checks = doctor(released, "--deep", now=LATER)
    assert {name: check["says"] for name, check in checks.items() if check["verdict"] == "failure"
            and not name.startswith("relay")} == {}
    assert {"settings", "lists", "database", "schema", "backlog", "workers", "leases", "pauses", "import", "disk",
            "clock", "integrity", "audit", "relay test", "secret var/relay-password"} <= checks.keys()
    # The certificate of the test server lives for some days only; that it was read is the point.
    assert re.search(r"certificate (verified, |ends in )\d+ days", checks["relay test"]["says"]), checks["relay test"]
    assert ran.code == {"ok": 0, "warning": 1, "failure": 3}[worst(checks)]
    text = released.run("doctor", "--offline", now=LATER)
    assert "relay test" not in text.out and "ok       settings" in text.out


def worst(checks):
    return max((check["verdict"] for check in checks.values()), key=["ok", "warning", "failure"].index)


def test_doctor_names_what_is_wrong(released, mail_server):
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    relay(released, server.port, tls="required", authority=server.authority, password="wrong word")
    os.chmod(released.folder / "var" / "relay-password", 0o644)
    os.chmod(released.folder / "var", 0o755)
    with contextlib.closing(sqlite3.connect(released.database)) as database, database:
        database.execute("INSERT INTO pauses VALUES ('halt', '', 'p.munroe', 1795363200000, 'drill')")
        database.execute("INSERT INTO settings VALUES ('import-failure', 'policy.yaml:3', 0)")
    before = released.state()
    ran, checks = doctor(released, now="2026-11-22T18:00:00-05:00")
    assert ran.code == 3 and "wrong word" not in ran.out + ran.err
    assert {"relay test", "secret var/relay-password", "pauses", "import", "workers", "backlog"} <= {
        name for name, check in checks.items() if check["verdict"] == "failure"}
    assert "login" in checks["relay test"]["says"] and "drill" in checks["pauses"]["says"]
    assert all(check["advice"] for check in checks.values() if check["verdict"] != "ok")
    assert released.state() == before
    # The clock was set back behind what the database knows.
    _, checks = doctor(released, "--offline", now="2026-11-22T11:00:00-05:00")
    assert checks["clock"]["verdict"] == "failure" and checks["clock"]["advice"]


def test_doctor_of_a_relay_that_is_not_there_or_not_trusted(site, mail_server):
    server = mail_server("--tls", "required")
    relay(site, server.port, tls="required")  # Not trusted: its authority is not named.
    _, checks = doctor(site)
    assert checks["relay test"]["verdict"] == "failure" and "tls" in checks["relay test"]["says"]
    server.close()
    ran, checks = doctor(site)
    assert ran.code == 3 and "connect" in checks["relay test"]["says"] and checks["database"]["verdict"] == "ok"


def test_doctor_of_the_way_out_of_webhooks(site):
    (site.folder / "distribution-lists/endpoints.yaml").write_text(
        "endpoints:\n  - { id: a, stakeholder: system.northway-webhook, url: 'https://h.example/',"
        " client-certificate-file: a.pem, client-key-file: a.key }\n")
    (site.folder / "a.key").write_text("key\n")
    (site.folder / "a.key").chmod(0o644)
    site.folder.chmod(0o755)
    settings = site.folder / "revere.yaml"
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        url = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        settings.write_text(settings.read_text() + f"webhooks: {{ proxy: '{url}' }}\n")
        _, checks = doctor(site)
        assert checks["webhook-proxy"]["verdict"] == "ok" and url in checks["webhook-proxy"]["says"]
    assert checks["client-certificate a"]["verdict"] == "failure" and "a.pem" in checks["client-certificate a"]["says"]
    assert checks["secret a.key"]["verdict"] == "failure" and "`a`" in checks["secret a.key"]["says"]
    ran, checks = doctor(site)
    assert ran.code == 3 and checks["webhook-proxy"]["verdict"] == "failure" and checks["webhook-proxy"]["advice"]
    (site.folder / "a.key").chmod(0o600)
    (site.folder / "a.pem").write_text("certificate\n")
    _, checks = doctor(site, "--offline")
    assert checks["secret a.key"]["verdict"] == "ok" and not {"webhook-proxy", "client-certificate a"} & checks.keys()


def test_doctor_of_broken_settings(site):
    site.edit("revere.yaml", "time-zone:", "time-zoen:")
    ran, checks = doctor(site)
    assert ran.code == 3 and list(checks) == ["settings"] and "revere.yaml" in checks["settings"]["says"]


def test_settings_and_where_they_come_from(site):
    lines = {line["setting"]: line for line in site.run("doctor", "--settings", "--json", expect=0).objects}
    assert lines["site.id"]["origin"].startswith("revere.yaml:")
    assert lines["delivery.reserved-connections"]["origin"] == "default"
    assert lines["workspace"]["origin"] == "--workspace"
    ran = site.run("doctor", "--settings", "--json", workspace=False, cwd=site.folder,
                   env={**os.environ, "REVERE_STORE": "sqlite:var/other.db"}, expect=0)
    lines = {line["setting"]: line for line in ran.objects}
    assert lines["store"] == {"setting": "store", "value": "sqlite:var/other.db",
                              "origin": "environment REVERE_STORE"}
    assert site.run("status", workspace=False, cwd="/", env={**os.environ, "REVERE_WORKSPACE": str(site.folder)},
                    expect=3).err.count("nothing has been released")


# --- the log ----------------------------------------------------------------------------------------------------------

def test_log_has_no_address_above_debug(site, mail_server):
    for old, new in (("amara.langtree@", "550-5.1.1@"), ("stefan.kowalski@", "450-4.2.1@")):
        site.edit("distribution-lists/stakeholders.yaml", old, new)
    site.release(SITUATION, "--accept", "D02", expect=0)
    released = site
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    relay(released, server.port, tls="required", authority=server.authority, password="pass word")
    ran = released.run("dispatch", "--log-format", "json", "--log-level", "debug", now=LATER)
    records = [json.loads(line) for line in ran.err.splitlines()]
    assert all({"time", "level", "event", "message"} <= record.keys() for record in records)
    events = [record["event"] for record in records]
    assert events[0] == "started" and events[-1] == "ended"
    settled = [record for record in records if record["event"] == "settled"]
    assert len(settled) > 50 and all(record["waited"] >= 0 for record in settled)
    for record in records:
        if record["level"] != "debug":
            assert not ADDRESS.search(json.dumps(record)), record
    assert "pass word" not in ran.err


def test_log_as_text(released):
    relay(released, 9, tls="none")
    ran = released.run("dispatch", "--log-format", "text", now=LATER)
    assert ran.code == 1
    lines = ran.err.splitlines()
    assert re.match(r"2026-11-22T17:30:0\d\.\d{3}Z info started: ", lines[0]), lines[0]
    assert any(" warning relay-alert: " in line and "relay=test" in line for line in lines)
    assert released.run("dispatch", now=LATER, env={**os.environ, "REVERE_LOG_FORMAT": "xml"}, expect=2)


def test_rows_that_no_relay_may_carry(released):
    """Decided for a relay with TLS, which the settings name no more: dispatch and doctor say so, and how many."""
    relay(released, 9, tls="none", name="plain")
    settings = released.folder / "revere.yaml"
    settings.write_text(settings.read_text().replace("header-ceiling: email-tls", "header-ceiling: email-plain"))
    with contextlib.closing(sqlite3.connect(released.database)) as database, database:
        database.execute("UPDATE deliveries SET channel = 'email-tls' WHERE channel = 'email-plain'")
        count, = database.execute(
            "SELECT COUNT(*) FROM deliveries WHERE state = 'pending' AND channel = 'email-tls'").fetchone()
    words = f"{count} rows need a relay of class email-tls; `plain` is email-plain"
    ran = released.run("dispatch", now=LATER, expect=1)
    # As it begins, and what is left of them as it ends; no relay failed.
    assert ran.err.count(words) == 2 and "tls: required" in ran.err and "no relay could be used" not in ran.err
    logged = released.run("dispatch", "--log-format", "json", now=LATER, expect=1)
    record, = [one for one in map(json.loads, logged.err.splitlines()[:-2]) if one["event"] == "no-relay"]
    assert record["class"] == "email-tls" and record["rows"] == record["due"] == count and record["relays"] == "plain"
    checks = doctor(released, "--offline", now=LATER)[1]
    assert checks["relay-classes"]["verdict"] == "failure" and checks["relay-classes"]["says"] == words
    assert words in released.run("doctor", "--offline", now=LATER).out


# --- status -----------------------------------------------------------------------------------------------------------

def test_status_goes_on_as_lines(released):
    process = subprocess.Popen(
        [released.program, "status", "--watch", "--interval", "0.1", "--workspace", released.folder, "--now", LATER],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    assert "pending" in first and "\x1b" not in first
    with contextlib.closing(sqlite3.connect(released.database)) as database, database:
        database.execute("INSERT INTO pauses VALUES ('halt', '', 'p.munroe', 1795363200000, 'drill')")
    assert "HALTED" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    process.stdout.close()
    process.stderr.close()


def test_status_is_live_on_a_terminal(released):
    import fcntl
    import termios
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(released.program, [released.program, "status", "--watch", "--interval", "0.1", "--workspace",
                                    str(released.folder), "--now", LATER])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    seen = b""

    def read_until(words, seconds=60):
        nonlocal seen
        end = time.monotonic() + seconds
        while words not in seen:
            assert time.monotonic() < end, seen
            if select.select([terminal], [], [], 0.2)[0]:
                try:
                    part = os.read(terminal, 65536)
                except OSError:
                    part = b""
                if not part:
                    break
                seen += part
        assert words in seen, seen

    read_until(b"CFC-SA-2026-0001")
    assert b"\x1b[?1049h" in seen and b"no worker is sending" in seen
    frames = [frame for frame in seen.split(b"\x1b[?2026h")[1:]]
    # A frame begins at the top and never clears what it is about to draw over.
    assert all(frame.startswith(b"\x1b[H") and b"\x1b[2J" not in frame for frame in frames)
    os.write(terminal, b"q")
    read_until(b"\x1b[?1049l")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    os.close(terminal)


# --- backup and restore -----------------------------------------------------------------------------------------------

def test_backup_while_a_dispatcher_runs(released, mail_server, tmp_path):
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    relay(released, server.port, tls="required", authority=server.authority, password="pass word")
    process = subprocess.Popen(
        [released.program, "dispatch", "--watch", "--workspace", released.folder, "--now", LATER],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        assert " started: " in process.stderr.readline()
        done = []
        drain = threading.Thread(target=lambda: done.extend(process.stderr), daemon=True)
        drain.start()
        copies = []

        def settled():
            (line,) = released.run("backup", tmp_path / f"copy-{len(copies)}.db", "--json", now=LATER, expect=0).objects
            copies.append(line)
            return line["open"] == 0

        wait_for(settled)
        for copy in copies:
            with contextlib.closing(sqlite3.connect(copy["file"])) as database:
                assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert database.execute("PRAGMA journal_mode").fetchone() == ("delete",)
                assert database.execute("SELECT COUNT(*) FROM deliveries").fetchone() == (copy["rows"],)
        assert os.stat(copies[0]["file"]).st_mode & 0o777 == 0o600
        # Not over a database that somebody has open, and nothing is changed by trying.
        before = released.rows()
        ran = released.run("restore", copies[0]["file"], now=LATER, expect=3)
        assert f"process {process.pid}" in ran.err and released.rows() == before
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        process.stderr.close()


def test_a_restored_ledger_sends_nothing_unasked(released, mail_server, tmp_path):
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    relay(released, server.port, tls="required", authority=server.authority, password="pass word")
    folder = tmp_path / "backups"
    folder.mkdir()
    assert "integrity checked" in released.run("backup", folder, now=LATER, expect=0).out
    (copy,) = folder.iterdir()
    # After the backup everything is sent.
    released.run("dispatch", now=LATER, expect=0)
    accepted = [row for row in released.run("deliveries", SITUATION, "--json").objects if row["state"] == "accepted"]
    assert len(accepted) > 50
    ran = released.run("restore", copy, "--by", "t.renfrew", now=LATER, expect=0)
    assert "HALTED" in ran.out and "CFC-SA-2026-0001" in ran.out and ".replaced-" in ran.out
    # Of the copy, not of its restoring.
    assert "the newest entry is of 2026-11-22T12:0" in ran.out
    again = mail_server("--tls", "required", "--auth", "revere:pass word")
    relay(released, again.port, tls="required", authority=again.authority, password="pass word")
    ran = released.run("dispatch", now=LATER)
    assert "halted by t.renfrew" in ran.err and "restored from" in ran.err
    # The end of the halt is not enough: the release has its own pause.
    released.run("resume", "--halt", now=LATER, expect=0)
    released.run("dispatch", now=LATER)
    assert again.arrived() == []
    # Let go by a person: second copies, recognizable by the id of the first.
    released.run("resume", "--release", "CFC-SA-2026-0001", now=LATER, expect=0)
    last = mail_server("--tls", "required", "--auth", "revere:pass word")
    relay(released, last.port, tls="required", authority=last.authority, password="pass word")
    released.run("dispatch", now=LATER, expect=0)
    assert {m["messageID"] for m in last.arrived()} == {row["messageID"] for row in accepted}


def test_no_serial_is_given_twice(released, tmp_path):
    copy = tmp_path / "copy.db"
    released.run("backup", copy, expect=0)
    released.database.unlink()
    for beside in released.database.parent.glob("revere.db-*"):
        beside.unlink()
    ran = released.run("restore", copy, "--issued", "CFC-SA-2026-0041", "--issued", "CFC-OS-2026-0007", expect=0)
    assert "go on after 41" in ran.out and "go on after 7" in ran.out
    with contextlib.closing(sqlite3.connect(released.database)) as database:
        assert dict(database.execute("SELECT series, last FROM serial_counters")) == {
            "situational-awareness": 41, "officer-safety": 7}
    assert "CFC-OS-2026-0008" in released.release(
        OFFICER_SAFETY, "--consent", "s4", "--reason", "ATF agreed", "--accept", "D02", expect=0).out
    assert released.run("restore", copy, "--issued", "41", expect=2)
    assert released.run("restore", copy, "--issued", "CFC-XX-2026-0041", expect=2)


def test_what_is_no_backup_is_refused(released, tmp_path):
    before = released.rows()
    text = tmp_path / "text.db"
    text.write_text("not a database at all\n" * 100)
    foreign = tmp_path / "foreign.db"
    with contextlib.closing(sqlite3.connect(foreign)) as database, database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    for path in [text, foreign]:
        ran = released.run("restore", path, expect=3)
        assert "no database" in ran.err or "another program" in ran.err, ran
        assert str(path) in ran.err and "revere backup" in ran.err and "store setting" not in ran.err
    assert released.run("restore", tmp_path / "none.db", expect=2)
    assert released.rows() == before
    assert sorted(path.name for path in released.database.parent.glob("revere.db.*")) == []
    # Nor is anything overwritten by a backup.
    err = released.run("backup", text, expect=3).err
    assert "of this name already" in err and "cannot be opened" not in err


# --- rows that wait for a person --------------------------------------------------------------------------------------

def test_a_person_settles_what_is_uncertain(site, mail_server):
    """The connection is lost after the final dot; this series asks a person."""
    server = mail_server("--tls", "required", "--auth", "revere:pass word", "--quiet")
    for old, new in (("amara.langtree@", "drop@"), ("stefan.kowalski@", "drop@x."), ("hester.quill@", "drop@y.")):
        site.edit("distribution-lists/stakeholders.yaml", old, new)
    site.edit("templates/officer-safety/template.yaml", "on-uncertain: resend", "on-uncertain: hold")
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "urgency: priority", "to: [a.langtree, s.kowalski, h.quill, a.okafor]")
    site.release(OFFICER_SAFETY, "--consent", "s4", "--reason", "ATF agreed", "--accept", "D02", expect=0)
    relay(site, server.port, tls="required", authority=server.authority, password="pass word")
    site.run("dispatch", now=LATER)

    def states():
        return {row["reader"]: row["state"] for row in site.run("deliveries", OFFICER_SAFETY, "--json").objects}

    assert states() == {"a.langtree": "uncertain", "s.kowalski": "uncertain", "h.quill": "uncertain",
                        "a.okafor": "accepted"}
    _, checks = doctor(site, "--offline", now=LATER)
    assert checks["held-rows"]["verdict"] == "warning" and "3 uncertain" in checks["held-rows"]["says"]
    ran = site.run("settle", OFFICER_SAFETY, "sent", "--reader", "a.langtree", "--by", "p.munroe", "--reason",
                   "queue id found", now=LATER, expect=0)
    assert "1 rows settled as sent; 2 still wait" in ran.out
    site.run("settle", OFFICER_SAFETY, "failed", "--reader", "s.kowalski", now=LATER, expect=0)
    (line,) = site.run("settle", OFFICER_SAFETY, "again", "--json", now=LATER, expect=0).objects
    assert line["rows"] == 1 and line["waiting"] == 0
    assert states() == {"a.langtree": "accepted", "s.kowalski": "bounced", "h.quill": "deferred", "a.okafor": "accepted"}
    (row,) = [row for row in site.run("deliveries", OFFICER_SAFETY, "--json").objects if row["reader"] == "h.quill"]
    assert row["secondCopies"] == 1
    assert "no row waits" in site.run("settle", OFFICER_SAFETY, "sent", now=LATER, expect=1).err
    with contextlib.closing(sqlite3.connect(site.database)) as database:
        words = database.execute("SELECT actor, detail FROM audit WHERE action = 'settle' ORDER BY id").fetchall()
    assert words[0] == ("p.munroe", "sent: 1 rows; queue id found") and len(words) == 3


# --- metrics ----------------------------------------------------------------------------------------------------------

def free_port():
    with contextlib.closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def samples(page):
    """{(name, labels): value}, as Prometheus' own client reads the page."""
    families = list(text_string_to_metric_families(page))
    assert len({family.name for family in families}) == len(families)
    return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in families for sample in family.samples}


def test_metrics_agree_with_the_ledger(released, mail_server):
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    relay(released, server.port, tls="required", authority=server.authority, password="pass word")
    port = free_port()
    process = subprocess.Popen(
        [released.program, "dispatch", "--watch", "--metrics", str(port), "--workspace", released.folder, "--now", LATER],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    drain = threading.Thread(target=lambda: list(process.stderr), daemon=True)
    drain.start()

    def page(path="/metrics"):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            assert "text/plain" in answer.headers["Content-Type"]
            return answer.read().decode()

    def rows(state):
        try:
            found = samples(page())
        except OSError:
            return None
        return sum(value for (name, labels), value in found.items()
                   if name == "revere_rows" and ("state", state) in labels)

    try:
        wait_for(lambda: rows("pending") == 0 and rows("leased") == 0)
        text = page()
        found = samples(text)
        states = {}
        for row in released.run("deliveries", SITUATION, "--json").objects:
            states[row["state"]] = states.get(row["state"], 0) + 1
        accepted = states["accepted"]
        assert accepted > 50 and rows("accepted") == accepted and rows("withheld") == states["withheld"]
        assert found[("revere_outcomes_total", (("outcome", "accepted"), ("relay", "test")))] == accepted
        (lane,) = {dict(labels)["lane"] for (name, labels), value in found.items()
                   if name == "revere_time_to_accept_seconds_count" and value}
        assert found[("revere_time_to_accept_seconds_bucket", (("lane", lane), ("le", "+Inf")))] == accepted
        assert ("revere_recent_time_to_accept_seconds", (("lane", lane), ("quantile", "0.95"))) in found
        assert found[("revere_ledger_up", ())] == 1
        assert not ADDRESS.search(text) and "CFC-SA" not in text and "langtree" not in text
        assert page("/").startswith("revere")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            page("/elsewhere")
        # Hostile requests leave it standing.
        for junk in [b"GET /metrics\r\n\r\n", b"\x00" * 5_000, b"GET /metrics HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 9_999]:
            with contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as connection:
                with contextlib.suppress(OSError):
                    connection.sendall(junk)
                    connection.recv(100)
        assert rows("pending") == 0
        # The port is taken.
        ran = released.run("dispatch", "--metrics", port, now=LATER, expect=3)
        assert "cannot listen" in ran.err
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        drain.join(timeout=60)
        process.stderr.close()
    assert "takes a port" in released.run("dispatch", "--metrics", "here", now=LATER, expect=2).err


# --- the shell --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(site, shell):
    ran = site.run("--generate-completion-script", shell, workspace=False, now=None, expect=0)
    assert "doctor" in ran.out and "dispatch" in ran.out
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=ran.out.encode(), check=True)


def test_units_are_sound(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not here")
    units = []
    for unit in (ROOT / "Documentation" / "operations").iterdir():
        # The program and the folders are not installed here.
        text = unit.read_text().replace("/usr/bin/revere", "/bin/true")
        (tmp_path / unit.name).write_text(text)
        units.append(str(tmp_path / unit.name))
    assert len(units) >= 5
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "", done


def test_units_write_only_where_the_installation_makes_a_folder():
    """systemd does not start a service whose ReadWritePaths= is not there."""
    page = (ROOT / "Documentation" / "operations.md").read_text()
    made = {"/srv/revere/center/var"}  # By `revere init`.
    made |= {line.split()[-1] for line in re.findall(r"`(install -d [^`]*)`", page)}
    for unit in (ROOT / "Documentation" / "operations").glob("*.service"):
        needed = set(" ".join(re.findall(r"(?m)^ReadWritePaths=(.*)$", unit.read_text())).split())
        assert needed and needed <= made, unit
