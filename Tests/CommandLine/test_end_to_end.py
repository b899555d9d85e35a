"""From a Markdown file to inboxes: release, send by STARTTLS and login, and read back what arrived."""

import email
import email.policy
import os
import resource
import signal
import subprocess
import time

from conftest import NOW, OFFICER_SAFETY, SITUATION, relay

LATER = "2026-11-22T12:30:00-05:00"


def send(site, server):
    relay(site, server.port, tls="required", authority=server.authority, password="pass word")
    return site.run("dispatch", now=LATER)


def test_what_arrives_is_what_the_ledger_says(site, mail_server):
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    site.release(SITUATION, "--accept", "D02", expect=0)
    planned = {row["reader"]: row for row in site.run("audience", site.bulletin(SITUATION), "--json").objects}
    ran = send(site, server)
    assert ran.code == 0, ran
    arrived = {message["to"][0]: message for message in server.arrived()}
    rows = site.run("deliveries", SITUATION, "--json", expect=0).objects
    accepted = {row["address"]: row for row in rows if row["state"] == "accepted"}
    assert arrived.keys() == accepted.keys() and len(accepted) > 50
    assert {row["state"] for row in rows} == {"accepted", "withheld"}
    readers = {row["reader"]: row for row in rows}
    assert readers.keys() == planned.keys()
    for address, message in arrived.items():
        row = accepted[address]
        assert message["tls"] and message["user"] == "revere" and not message["defects"]
        assert message["messageID"] == row["messageID"] and row["replyCode"] == 250 and row["queueID"]
        assert row["attempts"] == 1 and row["secondCopies"] == 0
        assert message["from"].startswith("bounce+") and message["from"].endswith("@bounce.cfc.example.gov")
        assert address in message["header"]["To"]
        assert message["subject"].startswith("(U") and "CFC-SA-2026-0001" in message["text"]
        plan = planned[row["reader"]]
        assert plan["decision"] in ("full", "notice") and plan["channel"] == row["channel"]
        if plan["decision"] == "full":
            assert plan["banner"] in message["text"]
    for row in rows:
        if row["state"] == "withheld":
            assert row["reasons"] == sorted(row["reasons"]) or row["reasons"]
            assert set(row["reasons"]) == set(planned[row["reader"]]["reasons"])
    (status,) = site.run("status", SITUATION, "--json", expect=0).objects
    assert status["finished"] and status["states"]["accepted"] == len(accepted)
    # A second run has nothing left to do.
    again = mail_server("--tls", "required", "--auth", "revere:pass word")
    relay(site, again.port, tls="required", authority=again.authority, password="pass word")
    assert site.run("dispatch", now=LATER, expect=0).out.startswith("0 accepted")
    assert again.arrived() == []


def test_an_update_reaches_those_who_had_the_first(site, mail_server, tmp_path):
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "urgency: priority", "to: [a.langtree, s.kowalski]")
    order = ["--consent", "s4", "--reason", "ATF agreed", "--accept", "D02"]
    site.release(OFFICER_SAFETY, *order, expect=0)
    assert send(site, server).code == 0
    first = {message["to"][0]: message for message in server.arrived()}
    assert len(first) == 2
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "to: [a.langtree, s.kowalski]", "to: [a.langtree, s.kowalski, a.okafor]")
    assert "--update" in site.release(OFFICER_SAFETY, *order, expect=1).err
    assert "CFC-OS-2026-0001-U1" in site.release(OFFICER_SAFETY, *order, "--update", expect=0).out
    keep = tmp_path / "mail"
    server = mail_server("--tls", "required", "--auth", "revere:pass word", "--keep", keep)
    assert send(site, server).code == 0
    second = {message["to"][0]: message for message in server.arrived()}
    assert len(second) == 3
    for address, message in second.items():
        assert message["header"].get("References") == (first[address]["messageID"] if address in first else None)
        assert "CFC-OS-2026-0001-U1" in message["text"]
    for path in (keep / "new").iterdir():
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert [part.get_content_type() for part in message.walk()][0].startswith("multipart/")
        for part in message.walk():
            content = part.get_payload(decode=True) or b""
            assert b"Exif" not in content and b"pike-van" not in content


def test_refused_and_deferred_readers(site, mail_server):
    """What the relay says of one reader is that reader's alone."""
    server = mail_server("--tls", "required", "--auth", "revere:pass word", "--quiet")
    for old, new in (("amara.langtree@", "550-5.1.1@"), ("stefan.kowalski@", "450-4.2.1@"), ("hester.quill@", "drop@")):
        site.edit("distribution-lists/stakeholders.yaml", old, new)
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "urgency: priority",
              "to: [a.langtree, s.kowalski, a.okafor, h.quill]")
    site.release(OFFICER_SAFETY, "--consent", "s4", "--reason", "ATF agreed", "--accept", "D02", expect=0)
    ran = send(site, server)
    rows = {row["reader"]: row for row in site.run("deliveries", OFFICER_SAFETY, "--json", expect=0).objects}
    assert rows["a.okafor"]["state"] == "accepted"
    assert rows["a.langtree"]["state"] == "bounced" and rows["a.langtree"]["replyEnhanced"] == "5.1.1"
    assert rows["s.kowalski"]["state"] == "deferred" and rows["s.kowalski"]["nextAttempt"]
    # Officer safety is sent again when nobody knows: the second copy waits its time.
    assert rows["h.quill"]["state"] == "deferred" and rows["h.quill"]["secondCopies"] == 1, rows["h.quill"]
    assert "a.langtree: bounce" in ran.err
    assert [row["reader"] for row in site.run("deliveries", OFFICER_SAFETY, "--state", "bounced", "--json").objects
            ] == ["a.langtree"]
    missing = {row["reader"] for row in site.run("deliveries", OFFICER_SAFETY, "--missing", "--json").objects}
    assert missing == {"a.langtree", "s.kowalski", "h.quill"}


def test_a_wrong_password_is_the_relays_failure(site, mail_server):
    server = mail_server("--tls", "required", "--auth", "revere:another")
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "urgency: priority", "to: [a.okafor]")
    site.release(OFFICER_SAFETY, "--consent", "s4", "--reason", "ATF agreed", "--accept", "D02", expect=0)
    ran = send(site, server)
    assert ran.code == 1 and "pass word" not in ran.out + ran.err
    (row,) = site.run("deliveries", OFFICER_SAFETY, "--json", expect=0).objects
    assert row["state"] == "pending" and row["attempts"] == 0


def test_a_certificate_that_is_not_trusted(site, mail_server):
    server = mail_server("--tls", "required")
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "urgency: priority", "to: [a.okafor]")
    site.release(OFFICER_SAFETY, "--consent", "s4", "--reason", "ATF agreed", "--accept", "D02", expect=0)
    relay(site, server.port, tls="required")
    assert site.run("dispatch", now=LATER, expect=1).err
    assert server.arrived() == []


def test_an_agreement_that_ran_out_between_release_and_attempt(site, mail_server):
    server = mail_server("--tls", "required")
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "urgency: priority", "to: [a.okafor, s.kowalski]")
    site.release(OFFICER_SAFETY, "--consent", "s4", "--reason", "ATF agreed", "--accept", "D02", expect=0)
    path = site.folder / "distribution-lists/stakeholders.yaml"
    lines = path.read_text().splitlines(keepends=True)
    lines = [line.replace("nda: 2027-12-31", "nda: 2026-11-21") if "id: s.kowalski," in line else line for line in lines]
    path.write_text("".join(lines))
    relay(site, server.port, tls="required", authority=server.authority)
    site.run("dispatch", now=LATER, expect=0)
    assert [message["to"] for message in server.arrived()] == [["adaeze.okafor@cfc.example.gov"]]
    rows = {row["reader"]: row for row in site.run("deliveries", OFFICER_SAFETY, "--json").objects}
    assert rows["s.kowalski"]["state"] == "withheld" and "nda expired 2026-11-21" in " ".join(rows["s.kowalski"]["words"])


def test_watch_ends_cleanly_on_sigterm(site, mail_server):
    server = mail_server("--tls", "required")
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "urgency: priority", "to: [a.okafor]")
    site.release(OFFICER_SAFETY, "--consent", "s4", "--reason", "ATF agreed", "--accept", "D02", expect=0)
    relay(site, server.port, tls="required", authority=server.authority)
    process = subprocess.Popen(
        [site.program, "dispatch", "--watch", "--workspace", str(site.folder), "--now", LATER],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            (row,) = site.run("deliveries", OFFICER_SAFETY, "--json").objects
            if row["state"] == "accepted":
                break
        assert row["state"] == "accepted" and process.poll() is None
        os.kill(process.pid, signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0 and out.startswith("1 accepted"), (out, err)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    assert len(server.arrived()) == 1
    assert NOW


def settle(site, server):
    """Sends the rest, second copies too, then compares what arrived with what the ledger promises."""
    assert site.run("dispatch", now=LATER).code == 0
    rows = site.run("deliveries", OFFICER_SAFETY, "--json", expect=0).objects
    # The connections that a relay has unless the settings say more, and one batch that was not committed, at most.
    again = [row for row in rows if row["state"] == "deferred"]
    assert len(again) <= 4 + 64 and all(row["secondCopies"] == 1 for row in again)
    assert site.run("dispatch", now="2026-11-22T13:30:00-05:00").code == 0
    arrived = {}
    for message in server.arrived():
        arrived.setdefault(message["to"][0], []).append(message["messageID"])
    rows = [row for row in site.run("deliveries", OFFICER_SAFETY, "--json", expect=0).objects
            if row["state"] != "withheld"]
    assert {row["state"] for row in rows} == {"accepted"}
    # Nobody is skipped, and a second copy is the same message to every mail program.
    assert arrived.keys() == {row["address"] for row in rows}
    for row in rows:
        assert set(arrived[row["address"]]) == {row["messageID"]}
    assert sum(len(ids) - 1 for ids in arrived.values()) <= len(again)


def test_a_disk_that_fills_while_sending(site, mail_server):
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    site.release(OFFICER_SAFETY, "--accept", "D02", expect=0)
    relay(site, server.port, tls="required", authority=server.authority, password="pass word")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    ran = site.run("dispatch", now=LATER, preexec_fn=limit, expect=3)
    assert "revere.db" in ran.err
    settle(site, server)


def test_a_worker_that_is_killed(site, mail_server):
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    site.release(OFFICER_SAFETY, "--accept", "D02", expect=0)
    relay(site, server.port, tls="required", authority=server.authority, password="pass word")
    process = subprocess.Popen(
        [site.program, "dispatch", "--workspace", str(site.folder), "--now", LATER],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while len(server.lines) < 20 and process.poll() is None and time.monotonic() < until:
        pass
    process.kill()
    process.wait()
    assert len(server.lines) >= 20
    settle(site, server)
