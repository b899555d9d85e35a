"""What the tests of feeds share: the running server, partners with credentials, and the plain requests of a partner's
engineer. Real clients are in the tests themselves. Nothing but loopback, and every server has a free port."""

import base64
import contextlib
import dataclasses
import datetime
import email
import email.policy
import http.client
import json
import pathlib
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
from email.utils import parsedate_to_datetime

import pytest

from conftest import NOW, OFFICER_SAFETY, OPIOIDS, ROOT, SITUATION

# Partner systems of the sample lists. The first is cleared for LES and its owner attests its users; nobody attests
# those of the second, so that it sees what is FOUO at most. Neither is of the regions of the officer safety bulletin.
FULLER = "system.ct-fusion-taxii"
LESSER = "system.ri-fusion-taxii"
# Attested and of Hampden County: the officer safety bulletin is for it.
COUNTY = "system.hampden-feed"

# When servers start. What happens before is of NOW; what happens meanwhile is of the server's time.
PULLED = "2026-11-22T12:30:00-05:00"

# What of the sample bulletins only some may see.
LES_WORDS = "dissolved in 2021"
TEAR_LINE_WORDS = "Police spoke with one driver"
OPEN_WORDS = "unannounced visitor"
HIDDEN_WORDS = ["conversion device", "CFC-OS-"]


@dataclasses.dataclass
class Partner:
    reader: str
    user: str
    password: str

    def address(self, base, path):
        """With the credentials in it, as feed readers want to be told them. No such address ever comes from us."""
        place = urllib.parse.urlsplit(base)
        user, password = (urllib.parse.quote(word, safe="") for word in (self.user, self.password))
        return f"{place.scheme}://{user}:{password}@{place.netloc}{path}"


@dataclasses.dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def public(self):
        """What an answer tells: everything but the time and what counts requests."""
        moving = {"date", "revere-sequence", "x-request-id", "keep-alive"}
        return self.status, sorted((name.lower(), value) for name, value in self.headers.items()
                                   if name.lower() not in moving), self.body


class FeedServer:
    """`revere serve` on a free port of loopback; its clock starts at `now`, as a command's does."""

    def __init__(self, site, *arguments, now=PULLED):
        self.site = site
        self.lines = []
        command = [site.program, "serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--workspace", str(site.folder)]
        self.process = subprocess.Popen([*command, "--now", now, *map(str, arguments)], stderr=subprocess.PIPE, text=True)
        while (record := self.next_record()).get("event") != "listens":
            assert self.lines[-1], self.lines
        self.address = f"http://{record['address']}"
        self.place = urllib.parse.urlsplit(self.address)
        begun, start = time.monotonic(), datetime.datetime.fromisoformat(now)
        # In whole seconds, so that no command is ahead of the server.
        site.ledger_time = lambda: (
            start + datetime.timedelta(seconds=int(time.monotonic() - begun))).isoformat()
        # Read as it comes: a full pipe would stop the server.
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stderr), daemon=True)
        self.reader.start()

    def next_record(self):
        """One line of the log; where it ended, an empty one."""
        self.lines.append(self.process.stderr.readline())
        return as_record(self.lines[-1])

    def get(self, path, partner=None, method="GET", credentials=None, **headers):
        """One request on a connection of its own, nothing followed or unpacked: `if_none_match` is If-None-Match."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if partner:
            credentials = (partner.user, partner.password)
        if credentials:
            sent["Authorization"] = "Basic " + base64.b64encode(":".join(credentials).encode()).decode()
        with contextlib.closing(http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=60)) as line:
            line.request(method, path, headers=sent)
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def page(self, path, partner):
        answer = self.get(path, partner)
        assert answer.status == 200, (path, answer)
        return answer

    def settled(self, path, partner):
        """A page once it has a date, and commands are of no earlier time: times of HTTP have seconds only, and curl
        takes for unchanged what has the date that it knows."""
        def found():
            page = self.page(path, partner)
            date = page.headers["Last-Modified"]
            return page if date and parsedate_to_datetime(date) <= datetime.datetime.fromisoformat(
                ledger_time(self.site)) else None
        return self.until(found)

    def until(self, found):
        """What the function gives as soon as that is something, within 30 seconds."""
        for _ in range(300):
            if result := found():
                return result
            self.reader.join(timeout=0.1)
        raise AssertionError("it did not come")

    def accesses(self):
        """The access log, oldest first; the log is complete once the server ended."""
        self.close()
        return [record for record in map(as_record, self.lines) if record.get("event") == "request"]

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=60) == 0, self.lines
        self.reader.join(timeout=60)
        self.process.stderr.close()


def as_record(line):
    """A line of the log; empty where it is none."""
    try:
        return json.loads(line)
    except ValueError:
        return {}


@pytest.fixture
def serve():
    servers = []

    def start(site, *arguments, **options):
        servers.append(FeedServer(site, *arguments, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def partner(site, reader, *arguments, by="p.munroe", now=NOW, taxii=True):
    """A credential of a partner system, as `revere partners add` shows it once."""
    arguments = [*arguments, "--taxii"] if taxii else arguments
    ran = site.run("partners", "add", reader, "--by", by, "--json", *arguments, now=now, expect=0)
    (shown,) = ran.objects
    return Partner(reader, shown["credential"], shown["secret"])


def ledger_time(site):
    return getattr(site, "ledger_time", lambda: NOW)()


def released(site, stem=SITUATION, now=None):
    """A release of a sample, with what its authority decides about it."""
    decided = {SITUATION: ["--private-release"], OFFICER_SAFETY: ["--consent", "s4"]}
    return site.release(stem, *decided.get(stem, []), "--reason", "for the test", expect=0, now=now or ledger_time(site))


def changed(site, stem=SITUATION, old="five sites", new="six sites", kind="update"):
    """A newer version of it, for the same readers."""
    path = site.bulletin(stem)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    decided = ["--private-release"] if stem == SITUATION else []
    return site.run(kind, path, "--by", "p.munroe", "--accept", "D02", *decided, "--reason", "for the test", expect=0,
                    now=ledger_time(site))


def recalled(site, stem=SITUATION):
    return site.run("recall", stem, "--by", "p.munroe", "--reason", "a source took it back", expect=0,
                    now=ledger_time(site))


def unpacked(name):
    """The folder that `.ci/unpack` made of a package of Debian."""
    root = ROOT / f".build-{name}" / "root"
    assert root.is_dir(), f"{root} is not there: `make setup` unpacks it"
    return root


class Newsboat:
    """Debian's newsboat with one feed; what it knows is in its cache, a database of SQLite."""

    def __init__(self, folder, address):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        (self.folder / "config").write_text("auto-reload no\n")
        (self.folder / "urls").write_text(address + "\n")
        self.root = unpacked("newsboat")

    def reload(self):
        libraries = {str(path.parent) for path in self.root.rglob("libstfl.so.0")}
        command = [self.root / "usr/bin/newsboat", "-C", self.folder / "config", "-u", self.folder / "urls",
                   "-c", self.folder / "cache.db", "-x", "reload"]
        subprocess.run(command, check=True, capture_output=True, timeout=60, stdin=subprocess.DEVNULL,
                       env={"HOME": str(self.folder), "LD_LIBRARY_PATH": ":".join(libraries)})

    def rows(self):
        with contextlib.closing(sqlite3.connect(self.folder / "cache.db")) as cache:
            return list(cache.execute("SELECT guid, title, content FROM rss_item WHERE NOT deleted"))


class RssToEmail:
    """Debian's rss2email with one feed and a Maildir."""

    SETTINGS = """\
[DEFAULT]
from = feeds@partner.example
to = analyst@partner.example
email-protocol = maildir
maildir-path = {folder}
maildir-mailbox = mail
"""

    def __init__(self, folder, address):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        (self.folder / "settings").write_text(self.SETTINGS.format(folder=self.folder))
        self.root = unpacked("rss2email")
        self.command("add", "center", address)

    def command(self, *arguments):
        # Debian's modules, by the Python of the tests.
        packages = str(self.root / "usr/lib/python3/dist-packages")
        start = "import rss2email.main; rss2email.main.run()"
        ran = subprocess.run([sys.executable, "-W", "ignore", "-c", start, "-c", self.folder / "settings",
                              "-d", self.folder / "data.json", *arguments], capture_output=True, text=True,
                             timeout=60, env={"HOME": str(self.folder), "PYTHONPATH": packages})
        assert ran.returncode == 0 and "Traceback" not in ran.stderr, ran.stderr

    def mail(self):
        """Pulls, and gives every message so far, oldest first."""
        self.command("run")
        messages = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                    for path in sorted((self.folder / "mail/new").glob("*"), key=lambda path: path.stat().st_mtime_ns)]
        return messages
