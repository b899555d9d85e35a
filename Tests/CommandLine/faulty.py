"""What the tests of faults and the crash harness share: a workspace of many readers, the server that fails on command
(Tests/Servers/fault_server.py), and the ledger read beside the program, with Python's own sqlite3.
"""

import contextlib
import csv
import datetime
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What one worker may have begun without a recorded outcome, beside one message for each connection (delivery.md).
BATCH = 64
# pytest names the running test in os.environ, each time anew. A process that another thread begins at that moment by the
# environment of this one may find it torn, and is refused (EFAULT): so all are given a copy.
SURROUNDINGS = dict(os.environ)
START = datetime.datetime(2026, 11, 22, 17, 0, tzinfo=datetime.timezone.utc)

TEMPLATE = """\
name: Faults
code: {code}
public-name: Faults
default-expiry: 30 days
urgency: routine
on-uncertain: {on_uncertain}
default-lists: [everybody]
sections:
  required: [Bottom line]
  required-if-present: []
  optional: []
  guidance: {{ Bottom line: "One sentence." }}
front-matter: [authors, info-cutoff]
gates: []
lint: {{ C09: off }}
"""
LIST = """\
id: everybody
name: Everybody
description: All readers.
owner: keeper
ceiling: [GOV]
series: [hold, resend]
members: { level: [state, local], except: [keeper] }
may-leave: false
review-every: 90 days
alert-on-change: 100%
"""
BULLETIN = """\
---
series: {series}
title: "(U) Faults {stem}"
short-title: "(U) Faults {stem}"
authors: [keeper]
info-cutoff: 2026-11-22
expires: 2026-12-20
---

## (U) Bottom line

(U) This bulletin is sent by way of a relay that fails.
"""


def begin(command):
    """A helper of the tests in a process of its own."""
    return subprocess.Popen(
        [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=SURROUNDINGS)


class FaultServer:
    """The server in a process of its own; commands and answers are lines of JSON."""

    def __init__(self, *arguments):
        self.process = begin([sys.executable, "-W", "ignore", ROOT / "Tests/Servers/fault_server.py", *arguments])
        ready = json.loads(self.process.stdout.readline())
        self.port = ready["port"]
        self.authority = ready.get("ca")

    def ask(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def faults(self, *rules):
        return self.ask(faults=list(rules))

    def wait(self, seconds=60, **counts):
        """Until the server has counted so much; how things then are."""
        answer = self.ask(wait=counts, seconds=seconds)
        assert "late" not in answer, f"waited {seconds} s in vain for {counts}: {answer}"
        return answer

    def copies(self):
        """Reader's address: Message-IDs of what was taken for it."""
        return self.ask(copies=True)["copies"]

    def close(self):
        if not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


class FaultSite:
    """A workspace with its readers, relays as told, and a clock that every command is given."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.began = time.monotonic()
        self.later = datetime.timedelta()

    @classmethod
    def make(cls, program, folder, readers, channel="email-plain"):
        """`readers`: their ids; each address begins with the id."""
        done = subprocess.run(
            [program, "init", str(folder), "--kit", str(ROOT)], capture_output=True, text=True, timeout=240,
            env=SURROUNDINGS)
        assert done.returncode == 0, done.stderr
        site = cls(program, folder)
        for name, code in (("hold", "FH"), ("resend", "FR")):
            series = site.folder / "templates" / name
            series.mkdir()
            (series / "template.yaml").write_text(TEMPLATE.format(code=code, on_uncertain=name))
            (series / "template.md").write_text(f"---\nseries: {name}\n---\n")
        lists = site.folder / "distribution-lists"
        for old in [*lists.glob("lists/*.yaml"), lists / "stakeholders.yaml"]:
            old.unlink()
        (lists / "lists/everybody.yaml").write_text(LIST)
        with open(lists / "stakeholders.csv", "w", newline="") as file:
            out = csv.writer(file)
            out.writerow("id name email organization role status mailbox regions channels format".split())
            for n, name in enumerate(["keeper", *readers]):
                out.writerow([name, f"Reader {name}", f"{name}@agency{n % 50}.example.gov", "center", "civilian",
                              "active", "person", "statewide", channel, "text"])
        settings = (site.folder / "revere.yaml").read_text()
        (site.folder / "revere.yaml").write_text(
            settings.replace("[release.authority]", "[keeper]").replace("[privacy.officer]", "[keeper]"))
        return site

    @classmethod
    def copy(cls, site, folder):
        shutil.copytree(site.folder, folder)
        return cls(site.program, folder)

    # MARK: The program

    @property
    def now(self):
        """Rounded up, since --now knows whole seconds: no later command may see an earlier time."""
        passed = datetime.timedelta(seconds=int(time.monotonic() - self.began) + 1)
        return (START + self.later + passed).isoformat().replace("+00:00", "Z")

    def advance(self, **span):
        self.later += datetime.timedelta(**span)

    def command(self, verb, *arguments, now=None):
        return [self.program, verb, "--workspace", str(self.folder), "--now", now or self.now, *map(str, arguments)]

    def run(self, verb, *arguments, expect=0, now=None, **options):
        options.setdefault("timeout", 120)
        options.setdefault("env", SURROUNDINGS)
        command = self.command(verb, *arguments, now=now)
        done = subprocess.run(command, capture_output=True, text=True, **options)
        assert expect is None or done.returncode == expect, f"{command}: {done}"
        return done

    def start(self, *arguments, now=None, **options):
        """`dispatch` in the background."""
        options.setdefault("env", SURROUNDINGS)
        return subprocess.Popen(
            self.command("dispatch", *arguments, now=now), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            **options)

    def relays(self, *entries):
        """Each a map of settings; those of loopback without TLS are filled in."""
        lines = []
        for number, entry in enumerate(entries):
            entry = {"name": f"relay{number + 1}", "host": "localhost", "tls": "none", **entry}
            lines.append("    - { " + ", ".join(f"{key}: {value}" for key, value in entry.items()) + " }")
        path = self.folder / "revere.yaml"
        head, rest = path.read_text().split("  relays:", 1)
        tail = rest[rest.index("\nstore:"):]
        path.write_text(head + "  relays:\n" + "\n".join(lines) + tail)

    def release(self, stem, series="hold"):
        path = self.folder / "bulletins" / f"{stem}.md"
        path.write_text(BULLETIN.format(series=series, stem=stem))
        self.run("release", path, "--by", "keeper", "--reason", "test")

    # MARK: The ledger

    @property
    def database(self):
        return self.folder / "var/revere.db"

    def query(self, sql, *values, path=None):
        with contextlib.closing(sqlite3.connect(path or self.database, timeout=60)) as database:
            database.row_factory = sqlite3.Row
            rows = database.execute(sql, values).fetchall()
            database.commit()
            return rows

    def rows(self, stem=None, path=None):
        """The newest release's rows, or those of the bulletin, by reader."""
        sql = "SELECT * FROM deliveries WHERE release_id = "
        if stem:
            found = self.query(sql + "(SELECT r.id FROM releases r JOIN bulletins b ON b.id = r.bulletin_id"
                               " WHERE b.stem = ? ORDER BY r.id DESC LIMIT 1)", stem, path=path)
        else:
            found = self.query(sql + "(SELECT MAX(id) FROM releases)", path=path)
        return {row["reader"]: row for row in found}

    def states(self, **options):
        counts = {}
        for row in self.rows(**options).values():
            counts[row["state"]] = counts.get(row["state"], 0) + 1
        return counts

    def halt(self):
        self.query("INSERT INTO pauses (scope, name, set_by, set_at, reason) VALUES ('halt', '', 'test', 0, 'test')")

    def resume(self):
        self.query("DELETE FROM pauses")

    def check_database(self):
        """SQLite's own check, and the audit's chain computed anew: each hash covers the one before it."""
        assert [row[0] for row in self.query("PRAGMA integrity_check")] == ["ok"]
        assert self.query("PRAGMA foreign_key_check") == []
        previous = ""
        entries = self.query("SELECT * FROM audit ORDER BY id")
        for entry in entries:
            fields = [previous, str(entry["at"]), *(entry[name] for name in ("actor", "action", "subject", "detail"))]
            sealed = "".join(f"{len(field.encode())}:{field}," for field in fields)
            previous = hashlib.sha256(sealed.encode()).hexdigest()
            assert entry["hash"] == previous, f"audit entry {entry['id']}"
        return entries


def end(process):
    """Ends a process that the test started, whatever it does."""
    if process.poll() is None:
        process.kill()
    if not process.stdout or not process.stdout.closed:
        process.communicate()
