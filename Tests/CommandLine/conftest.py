"""Runs the built `revere` as its users do: arguments in, text, files and exit codes out. Nothing but loopback.

The program is REVERE_BIN, else the debug build of this checkout. Every test has a copy of the sample site of its own.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import threading

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The samples are of this day.
NOW = "2026-11-22T12:00:00-05:00"
OFFICER_SAFETY = "officer-safety-conversion-devices"
SITUATION = "situational-awareness-false-contractors"
OPIOIDS = "opioid-arrests-2026-q3"
# What a shell prints of a Swift value that nobody put into words.
RAW = ["Error Domain", "Swift.", "StoreError(", "WorkspaceProblem(", "FindingsFailure(", "LayoutProblem(", "Optional(",
       "Fatal error", "ParserError", "rawValue", "NSCocoa", "something failed that should not"]


@dataclasses.dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def objects(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def rules(self):
        """The rules of the findings that `check` printed."""
        return [line.split("[", 1)[1].split("]")[0] for line in (self.out + self.err).splitlines()
                if ": error: [" in line or ": warning: [" in line]


def find_program():
    named = os.environ.get("REVERE_BIN")
    if named:
        return named
    shown = subprocess.run(["swift", "build", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True, check=True)
    path = pathlib.Path(shown.stdout.strip()) / "revere"
    assert path.exists(), f"{path} is not there: build it with `swift build`, or name it with REVERE_BIN"
    return str(path)


@pytest.fixture(scope="session")
def program():
    return find_program()


class Site:
    """A workspace folder and the program run in it."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)

    def run(self, *arguments, now=NOW, workspace=True, expect=None, **options):
        command = [self.program, *map(str, arguments)]
        if workspace:
            command += ["--workspace", str(self.folder)]
        if now:
            command += ["--now", now]
        options.setdefault("timeout", 240)
        done = subprocess.run(command, capture_output=True, **options)
        ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
        for words in RAW:
            assert words not in ran.out + ran.err, f"raw error: {ran}"
        assert ran.code >= 0, f"ended by a signal: {ran}"
        if ran.code:
            assert ran.out + ran.err, "an exit code without a word"
        if expect is not None:
            assert ran.code == expect, f"{command}: {ran}"
        return ran

    def bulletin(self, stem=OFFICER_SAFETY):
        return self.folder / "bulletins" / f"{stem}.md"

    def release(self, stem=OFFICER_SAFETY, *arguments, **options):
        """By a release authority who knows that the facts of some readers of the sample ended."""
        if "D02" not in arguments:
            arguments = (*arguments, "--accept", "D02")
        return self.run("release", self.bulletin(stem), "--by", "p.munroe", *arguments, **options)

    def edit(self, path, old, new):
        path = self.folder / path
        text = path.read_text()
        assert old in text, f"{old!r} is not in {path}"
        path.write_text(text.replace(old, new, 1))

    @property
    def database(self):
        return self.folder / "var" / "revere.db"

    def state(self):
        """Everything that a failed command may not change: the files, and the rows of the database."""
        files = {str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
                 for path in sorted(self.folder.rglob("*"))
                 if path.is_file() and "revere.db" not in path.name}
        return files, self.rows()

    def rows(self):
        if not self.database.exists():
            return []
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            # The schema's own record has the time of its making; an empty database says as much as none.
            return [line for line in database.iterdump()
                    if line.startswith("INSERT") and not line.startswith('INSERT INTO "schema')]


@pytest.fixture(scope="session")
def pristine(program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "site"
    done = subprocess.run([program, "init", str(folder), "--sample", "--kit", str(ROOT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def site(program, pristine, tmp_path):
    shutil.copytree(pristine, tmp_path / "site")
    return Site(program, tmp_path / "site")


@pytest.fixture(scope="session")
def shared_site(program, pristine, tmp_path_factory):
    """For tests that only read."""
    folder = tmp_path_factory.mktemp("shared") / "site"
    shutil.copytree(pristine, folder)
    return Site(program, folder)


class MailServer:
    """Tests/Servers/smtp_server.py on a free port; readiness and arrivals are lines of JSON."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(ROOT / "Tests/Servers/smtp_server.py"), *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())
        # Read as it comes: a full pipe would stop the server.
        self.lines = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True)
        self.reader.start()
        self.port = self.ready["port"]
        self.authority = self.ready.get("ca")

    def arrived(self):
        """Ends the server and gives what it printed of every message."""
        self.close()
        return [json.loads(line) for line in self.lines]

    def close(self):
        if not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(timeout=60)
        self.reader.join(timeout=60)
        self.process.stdout.close()


@pytest.fixture
def mail_server():
    servers = []

    def start(*arguments):
        servers.append(MailServer(*arguments))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def relay(site, port, tls="none", authority=None, password=None, name="test"):
    """Puts one relay in the place of the sample's."""
    settings = site.folder / "revere.yaml"
    head = settings.read_text().split("  relays:")[0]
    lines = [f"    - name: {name}", "      host: localhost", f"      port: {port}", f"      tls: {tls}"]
    if authority:
        lines.append(f"      ca-file: {authority}")
    if password:
        (site.folder / "var" / "relay-password").write_text(password + "\n")
        lines += ["      user: revere", "      password-file: var/relay-password"]
    settings.write_text(head + "  relays:\n" + "\n".join(lines) + "\nstore: sqlite:var/revere.db\n"
                        "header-ceiling: email-tls\n")
