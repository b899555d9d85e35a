"""What comes back after sending: read from files and mailboxes, recorded once, honoured at the next attempt."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from conftest import OFFICER_SAFETY, ROOT, relay

LATER = "2026-11-22T12:30:00-05:00"
ORDER = ["--consent", "s4", "--reason", "ATF agreed", "--accept", "D02"]


def report(envelope, address, status="5.1.1", action="failed", words="550 5.1.1 user unknown", number=1, envid=True):
    """A report of RFC 3464 about the delivery whose return path is `envelope`."""
    token = envelope.split("+", 1)[1].split("@")[0]
    return f"""Return-Path: <>
Delivered-To: {envelope}
From: MAILER-DAEMON@mx.example.gov (Mail Delivery System)
To: {envelope}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}@mx.example.gov>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

It did not go.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.gov
{f"Original-Envelope-Id: {token}" if envid else "X-None: 1"}

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--b--
"""


class Sent:
    """A site that has sent one bulletin to two readers."""

    def __init__(self, site, mail_server):
        self.site = site
        self.mail_server = mail_server
        site.edit(f"bulletins/{OFFICER_SAFETY}.md", "urgency: priority", "to: [a.langtree, s.kowalski]")
        site.release(OFFICER_SAFETY, *ORDER, expect=0)
        self.envelopes = {message["to"][0]: message["from"] for message in self.dispatch()}
        rows = {row["reader"]: row for row in self.rows("CFC-OS-2026-0001")}
        self.address = rows["a.langtree"]["address"]
        self.other = rows["s.kowalski"]["address"]
        assert set(self.envelopes) == {self.address, self.other}
        self.envelope = self.envelopes[self.address]

    def dispatch(self, now=LATER):
        """Mail of class email-tls needs a relay that is verified."""
        server = self.mail_server("--tls", "required", "--auth", "revere:pass word")
        relay(self.site, server.port, tls="required", authority=server.authority, password="pass word")
        assert self.site.run("dispatch", now=now).code == 0
        return server.arrived()

    def rows(self, serial):
        return self.site.run("deliveries", serial, "--json", expect=0).objects

    def state(self, reader="a.langtree", serial="CFC-OS-2026-0001"):
        return {row["reader"]: row for row in self.rows(serial)}[reader]

    def file(self, text, name="report.eml"):
        path = self.site.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def read(self, *arguments, expect=0, **options):
        return self.site.run("bounces", "read", *arguments, "--json", now=LATER, expect=expect, **options).objects

    def list(self, *arguments):
        return self.site.run("suppressions", *arguments, "--json", now=LATER, expect=0).objects


@pytest.fixture
def sent(site, mail_server):
    return Sent(site, mail_server)


def test_a_hard_report_bounces_suppresses_and_opens_a_task(sent):
    (said,) = sent.read(sent.file(report(sent.envelope, sent.address)))
    number = int(sent.envelope.split("+")[1].split(".")[0])
    assert said["kind"] == "hard" and said["outcome"] == "bounced" and said["delivery"] == number
    assert said["readers"] == [{"address": sent.address, "status": "5.1.1", "action": "failed",
                                "diagnostic": "550 5.1.1 user unknown"}]
    assert said["file"].endswith("report.eml")
    row = sent.state()
    assert (row["state"], row["replyCode"], row["replyEnhanced"]) == ("bounced", 550, "5.1.1")
    assert sent.state("s.kowalski")["state"] == "accepted"
    (suppressed,) = sent.list("list")
    assert suppressed["address"] == sent.address.lower() and suppressed["reason"] == "hard-bounce"
    assert suppressed["until"].startswith("2027-05-21") and suppressed["delivery"] == number
    (task,) = sent.list("tasks")
    assert task["reader"] == "a.langtree" and task["organization"] and "user unknown" in task["why"]
    # The same mail again, and a second report of the same thing, open nothing new.
    (again,) = sent.read(sent.file(report(sent.envelope, sent.address)))
    assert again["outcome"] == "known"
    (second,) = sent.read(sent.file(report(sent.envelope, sent.address, number=2)))
    assert second["outcome"] == "noted" and len(sent.list("tasks")) == 1

    # The next version is withheld from that address, with the reason in the ledger; the other reader gets it.
    site = sent.site
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "to: [a.langtree, s.kowalski]", "to: [s.kowalski, a.langtree]")
    site.release(OFFICER_SAFETY, *ORDER, "--update", expect=0)
    assert [message["to"][0] for message in sent.dispatch()] == [sent.other]
    row = sent.state(serial="CFC-OS-2026-0001-U1")
    assert row["state"] == "withheld" and row["reasons"] == [
        "no-channel", "was-sent(CFC-OS-2026-0001)"]
    assert "hard-bounce" in row["words"][0] and "user unknown" in row["words"][0]
    assert sent.address not in row["words"][0]

    # A person lifts it, closes the task, and the third version goes out.
    site.run("suppressions", "remove", sent.address, now=LATER, expect=0)
    site.run("suppressions", "remove", sent.address, now=LATER, expect=2)
    site.run("suppressions", "tasks", "--close", task["number"], now=LATER, expect=0)
    assert sent.list("tasks") == [] and sent.list("list") == []
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "to: [s.kowalski, a.langtree]", "to: [a.langtree, s.kowalski]")
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "\n## ", "\n\n## ")
    site.release(OFFICER_SAFETY, *ORDER, "--update", expect=0)
    assert {message["to"][0] for message in sent.dispatch()} == {sent.address, sent.other}


def test_what_is_not_ours_changes_nothing(sent):
    number, tag = sent.envelope.split("+")[1].split("@")[0].split(".")
    domain = sent.envelope.split("@")[1]
    before = sent.site.rows()
    other_tag = ("a" if tag[0] != "a" else "b") + tag[1:]
    cases = {
        "wrong-token": report(f"bounce+{number}.{other_tag}@{domain}", sent.address),
        "no-token": report(f"bounce+{number}@{domain}", sent.address, envid=False),
        "other-address": report(sent.envelope, sent.other),
        "ambiguous": report(sent.envelope, sent.address).replace(
            "To: bounce", f"X-Original-To: {sent.envelopes[sent.other]}\nTo: bounce"),
        "ignored": report(sent.envelope, sent.address).replace("message/delivery-status", "message/feedback-report"),
    }
    for outcome, text in cases.items():
        (said,) = sent.read(sent.file(text))
        assert said["outcome"] == outcome and said["words"], said
    assert sent.site.rows() == before
    # Deliveries that this ledger does not have.
    assert sent.state()["state"] == "accepted" and sent.list("list") == []


def test_soft_delayed_and_success_reports(sent):
    (said,) = sent.read(sent.file(report(sent.envelope, sent.address, "4.4.1", "delayed", "connection refused")))
    assert said["kind"] == "delayed" and said["outcome"] == "noted" and sent.state()["state"] == "accepted"
    (said,) = sent.read(sent.file(report(sent.envelope, sent.address, "2.0.0", "delivered", "250 ok")))
    assert said["kind"] == "success" and said["outcome"] == "noted"
    (said,) = sent.read(sent.file(report(sent.envelope, sent.address, "5.2.2", "failed", "552 5.2.2 mailbox full")))
    assert said["kind"] == "soft" and said["outcome"] == "bounced"
    row = sent.state()
    assert row["state"] == "bounced" and "mailbox full" in row["replyText"]
    assert sent.list("list") == [] and sent.list("tasks") == []


def test_mbox_standard_input_and_dry_run(sent):
    hard = report(sent.envelope, sent.address)
    absent = f"From: x@example.gov\nTo: {sent.envelope}\nSubject: Out of office\n\nBack soon.\n"
    box = "".join(f"From MAILER-DAEMON Sun Nov 22 02:20:11 2026\n{mail}\n" for mail in (absent, hard))
    before = sent.site.rows()
    said = sent.read(sent.file(box, "reports.mbox"), "--dry-run")
    assert [line["kind"] for line in said] == ["auto-reply", "hard"] and "outcome" not in said[1]
    assert said[1]["delivery"] and said[1]["file"].endswith("reports.mbox:2")
    assert sent.site.rows() == before
    said = sent.read("-", input=box.encode())
    assert [line["outcome"] for line in said] == ["ignored", "bounced"]
    assert said[0]["file"] == "standard input:1"
    ran = sent.site.run("bounces", "read", sent.site.folder / "none.eml", now=LATER)
    assert ran.code == 3 and "none.eml" in ran.err
    assert sent.site.run("bounces", "read", now=LATER).code == 2


def test_poison_is_set_aside_and_stops_nothing(sent):
    poison = "From: x@example.gov\n" + "Content-Type: message/rfc822\n\n" * 2_000
    files = [sent.file(poison, "a.eml"), sent.file(b"", "b.eml"), sent.file(bytes(range(256)) * 20, "c.eml"),
             sent.file(report(sent.envelope, sent.address), "d.eml")]
    ran = sent.site.run("bounces", "read", *files, "--json", now=LATER, expect=1)
    assert [line["outcome"] for line in ran.objects][-1] == "bounced"
    assert ran.objects[0]["outcome"] == "set-aside" and ran.objects[0]["kind"] == "unreadable"
    aside = sent.site.run("bounces", "aside", "--json", now=LATER, expect=0).objects
    assert len(aside) == 3 and "parts" in aside[0]["reason"] and aside[0]["file"].endswith("a.eml")
    assert all(mail["reason"] for mail in aside)
    shown = sent.site.run("bounces", "aside", "--show", aside[0]["number"], now=LATER, expect=0)
    assert shown.out == poison


CRASH = """
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
/* A fault of the library: it ends the program over a mail with a certain word. */
void *g_mime_stream_mem_new_with_buffer(const char *buffer, size_t count) {
  if (memmem(buffer, count, "poisonous", 9)) abort();
  void *(*real)(const char *, size_t) = dlsym(RTLD_NEXT, "g_mime_stream_mem_new_with_buffer");
  return real(buffer, count);
}
"""


@pytest.fixture(scope="module")
def crashing(tmp_path_factory):
    """Surroundings in which the mail library ends the program over some mails."""
    folder = tmp_path_factory.mktemp("crash")
    (folder / "crash.c").write_text("#define _GNU_SOURCE\n" + CRASH)
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        pytest.fail("no C compiler")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", folder / "crash.so", folder / "crash.c", "-ldl"], check=True)
    return {**os.environ, "LD_PRELOAD": str(folder / "crash.so"), "SWIFT_BACKTRACE": "enable=no"}


def test_a_mail_that_ends_the_program_ends_it_once(sent, crashing, tmp_path):
    """The poll dies; the next one sets that mail aside with a task and reads all the others; nothing is lost."""
    site = sent.site
    box = tmp_path / "Maildir"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    poison = "From: x@example.gov\nSubject: poisonous\n\nwords\n"
    mails = ["From: a@b.example\nSubject: hello\n\nA person.\n", poison, report(sent.envelope, sent.address)]
    for number, mail in enumerate(mails):
        (box / "new" / f"{number}.a").write_text(mail)
    settings = site.folder / "revere.yaml"
    settings.write_text(settings.read_text() + f"bounces: {{ protocol: maildir, path: {box}, after: delete }}\n")
    command = [site.program, "bounces", "poll", "--workspace", str(site.folder), "--now", LATER, "--json"]
    died = subprocess.run(command, env=crashing, capture_output=True, timeout=120)
    assert died.returncode < 0 and len(list((box / "new").iterdir())) == 3
    assert sent.state()["state"] == "accepted"

    said = site.run("bounces", "poll", "--json", now=LATER, env=crashing, expect=1).objects
    assert [line["outcome"] for line in said] == ["set-aside", "ignored", "set-aside", "bounced"], said
    assert all("ended while it read" in line["words"] for line in said if line["outcome"] == "set-aside")
    assert list((box / "new").iterdir()) == [] and sent.state()["state"] == "bounced"
    (aside,) = site.run("bounces", "aside", "--json", now=LATER, expect=0).objects
    assert aside["file"].endswith("1.a")
    assert site.run("bounces", "aside", "--show", aside["number"], now=LATER, expect=0).out == poison
    assert [task for task in sent.list("tasks") if "1.a" in task["why"]]
    assert not list((site.folder / "var/reading").iterdir())
    # Sent once more, it is not read again.
    (box / "new" / "9.a").write_text(poison)
    (again,) = site.run("bounces", "poll", "--json", now=LATER, env=crashing, expect=1).objects
    assert again["outcome"] == "set-aside"


def test_a_mail_whose_file_name_is_no_text_is_named(sent, tmp_path):
    box = tmp_path / "Maildir"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    (box / "new" / "1.a").write_text("From: a@b.example\nSubject: hello\n\nA person.\n")
    with open(os.path.join(os.fsencode(box / "new"), b"\xff\xfe.a"), "wb") as file:
        file.write(report(sent.envelope, sent.address).encode())
    ran = sent.site.run("bounces", "read", "--maildir", box, "--json", now=LATER)
    assert ran.code and len(ran.objects) == 1 and "not UTF-8" in ran.err, ran
    assert sent.state()["state"] == "accepted"


class Dovecot:
    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "Tests/Servers/dovecot_server.py")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.ready = json.loads(self.process.stdout.readline())

    def deliver(self, name, text):
        box = pathlib.Path(self.ready["maildir"])
        (box / "tmp" / name).write_text(text)
        os.chmod(box / "tmp" / name, 0o666)
        os.rename(box / "tmp" / name, box / "new" / name)

    def mails(self):
        box = pathlib.Path(self.ready["maildir"])
        return sorted(path.name for folder in ("new", "cur") for path in (box / folder).iterdir())

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def dovecot():
    server = Dovecot()
    if "skip" in server.ready:
        server.close()
        if os.environ.get("REVERE_NO_SKIP"):
            pytest.fail(server.ready["skip"])
        pytest.skip(server.ready["skip"])
    yield server
    server.close()


@pytest.mark.parametrize("protocol,tls,after", [
    ("imap", "implicit", "delete"), ("imap", "required", "mark"), ("pop3", "implicit", "delete"),
    ("pop3", "required", "delete"), ("maildir", None, "delete"), ("maildir", None, "mark"),
])
def test_poll(sent, dovecot, protocol, tls, after, tmp_path):
    site = sent.site
    # A fresh name, so that nothing of another test is taken for it.
    for name in dovecot.mails():
        for folder in ("new", "cur"):
            (pathlib.Path(dovecot.ready["maildir"]) / folder / name).unlink(missing_ok=True)
    poison = "From: x@example.gov\n" + "Content-Type: message/rfc822\n\n" * 2_000
    mails = [report(sent.envelope, sent.address), poison, "From: a@b.example\nSubject: hello\n\nA person.\n"]
    for number, mail in enumerate(mails):
        dovecot.deliver(f"179536320{number}.M{number}.{protocol}", mail)
    settings = site.folder / "revere.yaml"
    if protocol == "maildir":
        block = f"bounces: {{ protocol: maildir, path: {dovecot.ready['maildir']}, after: {after} }}\n"
    else:
        port = dovecot.ready[protocol + ("s" if tls == "implicit" else "")]
        (site.folder / "var" / "mailbox-password").write_text(dovecot.ready["password"] + "\n")
        block = (f"bounces: {{ protocol: {protocol}, host: localhost, port: {port}, tls: {tls}, after: {after}, "
                 f"ca-file: {dovecot.ready['ca']}, user: reports, password-file: var/mailbox-password }}\n")
    settings.write_text(settings.read_text() + block)
    said = site.run("bounces", "poll", "--json", now=LATER, expect=1).objects
    assert [line["outcome"] for line in said] == ["bounced", "set-aside", "ignored"], said
    assert sent.state()["state"] == "bounced" and len(sent.list("list")) == 1
    assert len(dovecot.mails()) == (3 if after == "mark" else 0)
    again = site.run("bounces", "poll", "--json", now=LATER, expect=0)
    assert again.objects == []


def test_poll_tells_what_is_wrong(sent, dovecot):
    site = sent.site
    assert "bounces" in site.run("bounces", "poll", now=LATER, expect=3).err
    settings = site.folder / "revere.yaml"
    text = settings.read_text()
    (site.folder / "var" / "mailbox-password").write_text("wrong\n")

    def block(**keys):
        keys = {"protocol": "imap", "host": "localhost", "port": dovecot.ready["imaps"], "user": "reports",
                "password-file": "var/mailbox-password", "ca-file": dovecot.ready["ca"], **keys}
        settings.write_text(text + "bounces: { " + ", ".join(f"{key}: {value}" for key, value in keys.items()) + " }\n")
        return site.run("bounces", "poll", now=LATER, expect=3).err

    assert "user or password" in block()
    (site.folder / "var" / "mailbox-password").write_text(dovecot.ready["password"] + "\n")
    assert "TLS" in block(**{"ca-file": site.folder / "var" / "none.pem"})
    assert "revere.yaml" in block(after="mark", protocol="pop3")
    assert "searched" in block(folder="Nowhere")
    assert "clear" in block(host="mail.example.gov", tls="none")
