"""A workspace for measures: one series of (U) text, one list, and as many readers as asked for, on email-plain."""

import csv
import datetime
import pathlib
import shutil
import subprocess

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
  optional: []
  guidance: { Bottom line: "Words to fill a message of a given size." }
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
        self.words = 40
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

    def bulletin(self, stem, words=None, size=None):
        words = words or size // len(SENTENCE)
        today = datetime.date.today()
        text = SENTENCE * words
        path = self.folder / f"bulletins/{stem}.md"
        path.write_text(
            f'---\nseries: bench\ntitle: "(U) Measure {stem}"\nshort-title: "(U) Measure {stem}"\nauthors: [r00000]\n'
            f"info-cutoff: {today}\nexpires: {today + datetime.timedelta(days=30)}\n---\n\n## (U) Bottom line\n\n(U) {text.strip()}\n")
        return path

    def tune(self, size):
        """Chooses the number of words with which a message comes nearest to the size, and tells that size."""
        sizes = {}
        for _ in range(6):
            path = self.bulletin("tune", words=self.words)
            out = self.folder / "tune"
            shutil.rmtree(out, ignore_errors=True)
            self.run("render", path, "--as", "r00001", "--channel", "email-plain", "--format", "eml", "-o", out)
            sizes[self.words] = next(out.rglob("*.eml")).stat().st_size
            self.words = max(1, self.words + round((size - sizes[self.words]) / len(SENTENCE)))
            if self.words in sizes:
                break
        (self.folder / "bulletins/tune.md").unlink()
        self.words = min(sizes, key=lambda words: abs(sizes[words] - size))
        return sizes[self.words]

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
