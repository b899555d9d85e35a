"""A consumer that polls while 500 releases, updates and recalls happen ends with exactly the live set, in order, without
a duplicate: by TAXII with `added_after`, and by conditional requests for the Atom feed."""

import csv
import random
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import feedparser
from taxii2client.v21 import Server, as_pages

from conftest import ROOT, Site
from feeds import ledger_time, partner, serve  # noqa: F401 - the fixture is among them

CHANGES = 500
WORKERS = 2
SEED = 20261122
READER = "system.watch"
TEMPLATE = """\
name: Flow Bulletin
code: FB
public-name: Flow
default-expiry: 30 days
urgency: routine
on-uncertain: resend
default-lists: [everybody]
sections:
  required: [Bottom line]
  required-if-present: []
  optional: []
  guidance: { Bottom line: "One sentence." }
front-matter: [authors, info-cutoff]
gates: []
lint: { C09: off }
"""
LIST = """\
id: everybody
name: Everybody
description: All readers of the test.
owner: chief
ceiling: [GOV]
series: [flow]
members: { level: [state, local] }
may-leave: false
review-every: 90 days
alert-on-change: 100%
"""
BULLETIN = """\
---
series: flow
title: "(U) Event {number}"
short-title: "(U) Event {number}"
authors: [chief]
info-cutoff: 2026-11-20
expires: 2026-12-20
---

## (U) Bottom line

(U) This is version {version} of event {number}.
"""


def small_site(program, folder):
    """One series of (U) text, one person, one partner system: a release costs little."""
    subprocess.run([program, "init", folder, "--kit", ROOT], check=True, capture_output=True)
    (folder / "templates/flow").mkdir()
    (folder / "templates/flow/template.yaml").write_text(TEMPLATE)
    (folder / "templates/flow/template.md").write_text("---\nseries: flow\n---\n")
    lists = folder / "distribution-lists"
    for old in [*lists.glob("lists/*.yaml"), lists / "stakeholders.yaml"]:
        old.unlink()
    (lists / "lists/everybody.yaml").write_text(LIST)
    with open(lists / "stakeholders.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "name", "email", "organization", "role", "status", "mailbox", "regions", "channels", "format"])
        out.writerow(["chief", "Chief", "chief@center.example.gov", "center", "civilian", "active", "person", "statewide",
                      "portal", "text"])
        out.writerow([READER, "Watch", "watch@center.example.gov", "center", "civilian", "active", "system", "statewide",
                      "feed", "text"])
    settings = (folder / "revere.yaml").read_text()
    settings = settings.replace("[release.authority]", "[chief]").replace("[privacy.officer]", "[chief]")
    (folder / "revere.yaml").write_text(settings)
    return Site(program, folder)


class Source:
    """Releases, updates and recalls by the program, some at once, each bulletin's by one worker in order."""

    def __init__(self, site, worker, changes):
        self.site = site
        self.worker = worker
        self.random = random.Random(SEED + worker)
        self.changes = changes
        # Number of each live bulletin, and its version.
        self.live = {}
        self.made = 0

    def run(self):
        for _ in range(self.changes):
            kind = self.random.choices(["release", "update", "recall"], [5, 3, 2])[0]
            if kind == "release" or not self.live:
                self.made += 1
                number, version = f"{self.worker}-{self.made}", 1
                self.publish("release", number, version)
            elif kind == "update":
                number = self.random.choice(sorted(self.live))
                version = self.live[number] + 1
                self.publish("update", number, version)
            else:
                number = self.random.choice(sorted(self.live))
                self.site.run("recall", f"event-{number}", "--by", "chief", "--reason", "test", now=ledger_time(self.site),
                              expect=0)
                del self.live[number]
                continue
            self.live[number] = version

    def publish(self, verb, number, version):
        path = self.site.bulletin(f"event-{number}")
        path.write_text(BULLETIN.format(number=number, version=version))
        self.site.run(verb, path, "--by", "chief", "--reason", "test", now=ledger_time(self.site), expect=0)


class TaxiiConsumer:
    """Asks for what was added after the last that it has, as the standard says; keeps what is not revoked."""

    def __init__(self, server, reader):
        root = Server(server.address + "/taxii2/", user=reader.user, password=reader.password).default
        (self.collection,) = [one for one in root.collections if one.alias == "all"]
        self.answers = []
        root._conn.session.hooks["response"].append(lambda answer, *_, **__: self.answers.append(answer))
        self.last = None
        self.kept = {}
        self.changes = []
        self.polls = 0

    def poll(self):
        self.polls += 1
        filters = {"added_after": self.last} if self.last else {}
        for page in as_pages(self.collection.get_objects, per_request=20, **filters):
            answer = self.answers.pop()
            for found in page.get("objects", []):
                if found["type"] != "report":
                    continue
                # The commands' clock has whole seconds, so that `modified` of two changes may be the same.
                key = (found["id"], found["modified"], found["description"])
                assert key not in self.changes, f"{key} came twice"
                self.changes.append(key)
                self.kept.pop(found["id"], None)
                if not found.get("revoked"):
                    self.kept[found["id"]] = said(found["description"])
            if page.get("objects"):
                last = answer.headers["X-TAXII-Date-Added-Last"]
                assert self.last is None or last > self.last
                self.last = last


class AtomConsumer:
    """Polls the current document with what it was told last time; what it says is gone goes."""

    def __init__(self, server, reader):
        self.server, self.reader = server, reader
        self.tag = None
        self.kept = {}
        self.order = []
        self.unchanged = 0

    def poll(self):
        headers = {"if_none_match": self.tag} if self.tag else {}
        answer = self.server.get("/feeds/all.atom", self.reader, **headers)
        if answer.status == 304:
            self.unchanged += 1
            return
        assert answer.status == 200
        self.tag = answer.headers["ETag"]
        feed = feedparser.parse(answer.body)
        assert not feed.bozo
        self.order = [entry.id for entry in feed.entries]
        assert len(set(self.order)) == len(self.order) <= 50
        for entry in reversed(feed.entries):
            self.kept.pop(entry.id, None)
            words = said("".join(part.value for part in entry.content))
            if words:
                self.kept[entry.id] = words


def said(text):
    """Which version of which event a text is; None for a notice."""
    found = re.search(r"version (\d+) of event (\d+-\d+)", " ".join(text.split()))
    return (found[2], int(found[1])) if found else None


def test_500_changes(program, tmp_path, serve):  # noqa: F811
    site = small_site(program, tmp_path / "site")
    reader = partner(site, READER, "--rate", 100_000, by="chief")
    server = serve(site)
    consumers = [TaxiiConsumer(server, reader), AtomConsumer(server, reader)]
    done = threading.Event()

    def follow(consumer):
        # Paced, so that what polls does not slow down what is polled.
        while not done.wait(0.5):
            consumer.poll()
        consumer.poll()

    sources = [Source(site, worker, CHANGES // WORKERS) for worker in range(WORKERS)]
    with ThreadPoolExecutor(WORKERS + len(consumers)) as pool:
        following = [pool.submit(follow, consumer) for consumer in consumers]
        try:
            for running in [pool.submit(source.run) for source in sources]:
                running.result()
        finally:
            done.set()
        for running in following:
            running.result()

    live = {(number, version) for source in sources for number, version in source.live.items()}
    taxii, atom = consumers
    assert len(taxii.kept) == len(live) and set(taxii.kept.values()) == live
    assert len(atom.kept) == len(live) and set(atom.kept.values()) == live
    # Both agree on the order, newest last, and so does who only comes now.
    assert list(taxii.kept.values()) == list(atom.kept.values())
    late = TaxiiConsumer(server, reader)
    late.poll()
    assert list(late.kept.items()) == list(taxii.kept.items())
    # It was polled while things happened, not only at the end.
    assert taxii.polls > 10 and len(taxii.changes) > len(late.changes)
