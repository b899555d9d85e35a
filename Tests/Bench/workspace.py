"""A workspace for measures: one series of (U) text, one list, and as many readers as asked for, on email-plain."""

import csv
import datetime
import pathlib
import re
import shutil
import subprocess

from relays import SlowReceiver

TEMPLATE = """\
name: Bench Bulletin
code: BB
public-name: Bench
default-expiry: 30 days
urgency: routine
on-uncertain: resend
default-lists: [everybody]
sections:
  required: [Bottom line]
  required-if-present: []
  optional: [Details]
  guidance: { Bottom line: "One sentence.", Details: "Words to fill a message of a given size." }
front-matter: [authors, info-cutoff]
gates: []
lint: { C09: off }
"""
LIST = """\
id: everybody
name: Everybody
description: All readers of the measure.
owner: r00000
ceiling: [GOV]
series: [bench]
members: { level: [state, local] }
may-leave: false
review-every: 90 days
alert-on-change: 100%
"""
SENTENCE = "Small words fill this line so that the message has the size that the measure asks for. "


class Workspace:
    def __init__(self, folder, revere, readers):
        self.folder = pathlib.Path(folder)
        self.revere = revere
        shutil.rmtree(self.folder, ignore_errors=True)
        self.run("init", in_workspace=False)
        (self.folder / "templates/bench").mkdir()
        (self.folder / "templates/bench/template.yaml").write_text(TEMPLATE)
        (self.folder / "templates/bench/template.md").write_text("---\nseries: bench\n---\n")
        lists = self.folder / "distribution-lists"
        for old in [*lists.glob("lists/*.yaml"), lists / "stakeholders.yaml"]:
            old.unlink()
        (lists / "lists/everybody.yaml").write_text(LIST)
        with open(lists / "stakeholders.csv", "w", newline="") as file:
            out = csv.writer(file)
            out.writerow(["id", "name", "email", "organization", "role", "status", "mailbox", "regions", "channels", "format"])
            for n in range(readers):
                out.writerow([f"r{n:05d}", f"Reader {n:05d}", f"r{n:05d}@agency{n % 50}.example.gov", "center", "civilian",
                              "active", "person", "statewide", "email-plain", "text"])
        settings = (self.folder / "revere.yaml").read_text()
        settings = settings.replace("[release.authority]", "[r00000]").replace("[privacy.officer]", "[r00000]")
        (self.folder / "revere.yaml").write_text(settings)

    def relay(self, port, connections):
        path = self.folder / "revere.yaml"
        before, rest = path.read_text().split("  relays:\n", 1)
        after = rest[rest.index("\nstore:"):]
        path.write_text(
            f"{before}  relays:\n    - {{ name: sink, host: 127.0.0.1, port: {port}, tls: none,"
            f" max-connections: {connections}, messages-per-connection: 1000000 }}{after}")

    def webhooks(self, url, authority, secret, connections, padding):
        """Every reader by a webhook of its own, thin: a portal address with so many characters more than it needs gives
        the body its size."""
        lists = self.folder / "distribution-lists"
        people = lists / "stakeholders.csv"
        people.write_text(people.read_text().replace(",email-plain,", ",webhook,"))
        (self.folder / "var").mkdir(exist_ok=True)
        (self.folder / "var/hook-secret").write_text(secret + "\n")
        readers = [line.split(",")[0] for line in people.read_text().splitlines()[1:]]
        (lists / "endpoints.yaml").write_text("endpoints:\n" + "".join(
            f'  - {{ id: {id}, stakeholder: {id}, url: "{url}", format: standard,'
            " secret-file: var/hook-secret }\n" for id in readers))
        self.relay(9, connections=1)
        policy = lists / "release-policy.yaml"
        policy.write_text(re.sub(r"(?m)^webhook-thin-above: .*", "webhook-thin-above: []", policy.read_text()))
        settings = self.folder / "revere.yaml"
        text = re.sub(r"(?m)^  portal: .*\n", "", settings.read_text())
        portal = "https://portal.example.gov/" + "p" * padding
        settings.write_text(text.replace("site:\n", f"site:\n  portal: {portal}\n", 1) + (
            f"webhooks: {{ allow-networks: [127.0.0.0/8, '::1'], ca-file: {authority},"
            f" connections: {connections} }}\n"))

    def bulletin(self, stem, length):
        """Writes a bulletin with a text of so many characters."""
        today = datetime.date.today()
        text = (SENTENCE * (length // len(SENTENCE) + 1))[:length].rstrip(" .") + "."
        path = self.folder / f"bulletins/{stem}.md"
        path.write_text(
            f'---\nseries: bench\ntitle: "(U) Measure {stem}"\nshort-title: "(U) Measure {stem}"\nauthors: [r00000]\n'
            f"info-cutoff: {today}\nexpires: {today + datetime.timedelta(days=30)}\n---\n\n"
            f"## (U) Bottom line\n\n(U) This is a measure.\n\n## (U) Details\n\n(U) {text}\n")
        return path

    def release(self, path):
        self.run("release", path, "--by", "r00000", "--reason", "measure")

    def dispatch(self):
        return self.run("dispatch", "--once")

    def run(self, verb, *arguments, in_workspace=True):
        where = ["--workspace", self.folder] if in_workspace else [self.folder]
        run = subprocess.run([self.revere, verb, *where, *arguments], text=True, capture_output=True)
        if run.returncode != 0:
            raise SystemExit(f"revere {verb}: exit {run.returncode}\n{run.stdout[-2000:]}\n{run.stderr[-2000:]}")
        return run.stdout + run.stderr


def length_for(size, revere, folder):
    """The length of text with which one message, as it arrives, has the size in bytes, and the size it then has."""
    sizes = {}
    with SlowReceiver(milliseconds=0) as receiver:
        workspace = Workspace(folder, revere, readers=1)
        workspace.relay(receiver.port, connections=1)
        length = size // 2
        while length not in sizes and len(sizes) < 8:
            before = receiver.count()["bytes"]
            workspace.release(workspace.bulletin(f"tune-{len(sizes)}", length))
            workspace.dispatch()
            sizes[length] = receiver.count()["bytes"] - before
            length = max(1, length + size - sizes[length])
    best = min(sizes, key=lambda length: abs(sizes[length] - size))
    return best, sizes[best]


def padding_for(size, nginx, secret, revere, folder):
    """What `Workspace.webhooks` must be told so that a body has so many bytes, as the server sees it."""
    padding = 1
    for _ in range(2):
        workspace = Workspace(folder, revere, readers=1)
        workspace.webhooks(nginx.url("/size"), nginx.authority, secret, connections=1, padding=padding)
        workspace.release(workspace.bulletin("hook-size", 600))
        workspace.dispatch()
        found = nginx.sizes()[-1]
        if found == size:
            return padding
        padding += size - found
    raise SystemExit(f"no body of {size} bytes can be made")
