"""`make bench`: every measure of the project against its peer in the same run, as a table and as JSON.

Ours and the peer take turns, and the median of the rounds' ratios counts, since a shared machine is never quiet.
Ends with 1 when a bar does not hold. Measures of single functions are made by `revere-bench` (Functions/), one process
for each, so that its peak memory is its own.
"""

import argparse
import base64
import email
import email.policy
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

from feeds import rates
from hooks import SECRET, Nginx
from lanes import immediate, restart
from previews import median_and_worst, save_to_sight
from relays import SmtpSink, SlowReceiver, smtp_source
from workspace import Workspace, length_for, padding_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".build-bench"
ROUNDS = 5
# Of the dispatcher, whose rounds differ by a tenth: three busy threads beside the sink on two cores, and a disk.
DISPATCH_ROUNDS = 9
SIZE = 4096


def row(what, ours, unit, bar, holds, peer=None, ratio=None, note=""):
    return dict(what=what, ours=ours, peer=peer, unit=unit, ratio=ratio, bar=bar, holds=bool(holds), note=note)


def limit(what, value, bar, unit, note=""):
    """A plain figure that must stay below a bar."""
    return row(what, value, unit, f"< {bar:,}", value < bar, note=note)


def seconds(arguments):
    start = time.monotonic()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def commands(revere, readers):
    """Start of the program, and the check of a small file."""
    workspace = Workspace(FOLDER / "small", revere, readers=10)
    file = workspace.bulletin("small", length=600)
    version = statistics.median(seconds([revere, "--version"]) for _ in range(20))
    check = statistics.median(seconds([revere, "check", "--workspace", workspace.folder, file]) for _ in range(20))
    yield limit("revere --version", version * 1000, 50, "ms")
    yield limit("revere check of a small file", check * 1000, 100, "ms")


def dispatch(revere, readers):
    """Individually addressed messages of 4,096 bytes to smtp-sink, with the ledger on, beside smtp-source.

    What counts is the rate at the wire, from the first arrival to the last: a worker of a center runs all day. The note
    has the ratio of the whole commands too, ours with its start, the reading of its lists and its end.
    """
    ours, peer, commits, whole = [], [], [], []
    length, size = length_for(SIZE, revere, FOLDER / "tune")
    with SmtpSink() as sink:
        workspace = Workspace(FOLDER / "dispatch", revere, readers=readers)
        workspace.relay(sink.port, connections=20)
        for number in range(DISPATCH_ROUNDS):
            workspace.release(workspace.bulletin(f"bulk-{number}", length))
            with sink.arrivals(readers) as rate:
                start = time.monotonic()
                said = workspace.dispatch()
                took = time.monotonic() - start
            ours += rate
            commits += [float(found) for found in re.findall(r"\((\d+) commits/s\)", said)]
            with sink.arrivals(readers) as rate:
                peer_took = smtp_source(sink.port, size, readers)
            peer += rate
            whole.append(peer_took / took)
    ratio = statistics.median(a / b for a, b in zip(ours, peer))
    yield row(f"dispatch {readers:,} messages of {size:,} bytes, 20 connections", statistics.median(ours), "messages/s",
              ">= 1.0 x smtp-source", ratio >= 1.0, peer=statistics.median(peer), ratio=ratio,
              note=f"{statistics.median(commits):,.0f} commits/s; whole commands {statistics.median(whole):.2f}")


def slow_relay(revere, readers):
    """A relay that takes 50 ms for each final reply: throughput must grow with connections."""
    length, _ = length_for(SIZE, revere, FOLDER / "tune")
    for connections, count in ((1, 200), (20, 4000)):
        with SlowReceiver(milliseconds=50) as receiver:
            workspace = Workspace(FOLDER / f"slow-{connections}", revere, readers=count)
            workspace.relay(receiver.port, connections=connections)
            workspace.release(workspace.bulletin("slow", length))
            start = time.monotonic()
            workspace.dispatch()
            rate = receiver.count()["messages"] / (time.monotonic() - start)
        best = connections / 0.05
        yield row(f"50 ms for each final reply, {connections} connection{'s'[:connections - 1]}", rate, "messages/s",
                  ">= 0.95 x connections/0.05 s", rate / best >= 0.95, peer=best, ratio=rate / best)


def webhooks(revere, readers):
    """Webhooks of 2 KB, each signed and recorded, to nginx, beside wrk with one ready body and aiohttp that signs."""
    # So many that the start, and opening the connections, weigh little: a worker of a center runs all day.
    connections, count, batches = 50, 2_000, 40
    ours, ready, signing, workers, size = [], [], [], [], 2_048
    body = json.dumps({"data": "x" * (size - 12)})
    with Nginx() as nginx:
        secret = "whsec_" + base64.b64encode(SECRET).decode()
        padding = padding_for(size, nginx, secret, revere, FOLDER / "tune")
        workspace = Workspace(FOLDER / "webhooks", revere, readers=count)
        workspace.webhooks(nginx.url(), nginx.authority, secret, connections, padding)
        # The first run imports the secrets.
        workspace.release(workspace.bulletin("hook-first", 600))
        workspace.dispatch()
        for number in range(3):
            for batch in range(batches):
                workspace.release(workspace.bulletin(f"hook-{number}-{batch}", 600))
            start = time.monotonic()
            said = workspace.dispatch()
            took = time.monotonic() - start
            accepted = int(re.search(r"webhooks: (\d+) accepted", said).group(1))
            if accepted != count * batches:
                raise SystemExit(f"{accepted} of {count * batches} webhooks were accepted:\n{said}")
            ours.append(accepted / took)
            ready.append(nginx.wrk(body, connections, seconds=3))
            # Long enough that opening their connections weighs as little as in ours.
            signing.append(nginx.aiohttp(body, connections, 8, count))
            workers.append(nginx.aiohttp(body, connections, 8, count, workers=True))
    middle = statistics.median

    def times(peer):
        return middle(a / b for a, b in zip(ours, peer))

    for peer, name, bar, note in (
            (ready, "wrk, one ready body", 0.2, ""),
            (signing, "aiohttp that signs", 3, f"{times(workers):.2f} x one with a worker for each connection")):
        yield row(f"webhooks of {size:,} bytes, signed and recorded, {connections} connections", middle(ours),
                  "requests/s", f">= {bar} x {name}", times(peer) >= bar, peer=middle(peer), ratio=times(peer), note=note)


def measured(revere, *arguments):
    """One measure of `revere-bench`, as a dictionary of figures."""
    run = subprocess.run([pathlib.Path(revere).with_name("revere-bench"), *arguments], text=True, capture_output=True)
    if run.returncode != 0:
        raise SystemExit(f"revere-bench {arguments[0]}: exit {run.returncode}\n{run.stdout}{run.stderr}")
    return json.loads(run.stdout)


def bounces(revere, readers):
    """Reports read and recorded, 100 a commit; the peer is Python's mail parser, which only takes them apart."""
    corpus = ROOT / "Tests/Fixtures/reports"
    mails = [path.read_bytes() for path in sorted(corpus.glob("*.eml"))]
    rounds = 10

    def parse():
        for _ in range(rounds):
            for mail in mails:
                for part in email.message_from_bytes(mail, policy=email.policy.default).walk():
                    if not part.is_multipart():
                        part.get_payload(decode=True)

    began = time.monotonic()
    parse()
    peer = rounds * len(mails) / (time.monotonic() - began)
    folder = FOLDER / "bounces"
    folder.mkdir()
    found = measured(revere, "bounces", folder, corpus)
    shutil.rmtree(folder)
    rate = found["recorded-per-second"]
    yield row("read 20,000 reports and record them", rate, "reports/s", ">= 2,000", rate >= 2_000, peer=peer,
              ratio=rate / peer, note=f"{found['read-per-second']:,.0f} without recording; peer: Python's mail parser")


def previews(revere, readers):
    """From a save to findings and product, in the preview of the largest sample."""
    times, name = save_to_sight(revere, FOLDER / "preview", ROOT)
    middle, worst = median_and_worst(times)
    yield limit("findings and preview after a save", middle, 150, "ms", note=f"{name}; slowest {worst:.0f} ms")


def feeds(revere, readers):
    """What partner systems pull, authenticated, filtered and recorded, beside nginx with the same bytes as a file."""
    for status, (size, ours, peer, ratio) in rates(revere, FOLDER / "feeds").items():
        what = f"Atom feed of 50 entries, {size:,} bytes" if status == 200 else "the same, not modified"
        yield row(what, ours, "requests/s", ">= 0.8 x nginx, 1 worker", ratio >= 0.8, peer=peer, ratio=ratio)


def functions(revere, readers):
    """What `revere-bench` measures: reading, rendering, checking, deciding, enqueueing, importing."""
    def figures(*arguments):
        return measured(revere, *arguments)

    workspace = FOLDER / "sample"
    subprocess.run([revere, "init", workspace, "--sample"], check=True, stdout=subprocess.DEVNULL)
    found = figures("read", workspace)
    ours = found["read-ms"] + found["render-ms"]
    yield row(f"read {found['bytes']:,.0f} bytes and render a variant as HTML and text", ours, "ms", "<= 3 x cmark-gfm",
              found["ratio-html-text"] <= 3, peer=found["cmark-html-text-ms"], ratio=found["ratio-html-text"],
              note=f"{found['portions']:.0f} portions; {found['ratio-html']:.2f} x cmark-gfm without its plain text")
    yield limit("render a variant as HTML and text", found["render-ms"], 1, "ms")
    found = figures("variants", workspace)
    yield limit("render all variants of a bulletin, charts included", found["all-ms"], 50, "ms",
                f"{found['variants']:.0f} variants; {found['first-ms']:.0f} ms with the first look for fonts")
    yield limit("HTML and text of a variant whose charts are drawn", found["variant-ms"], 1, "ms")
    found = figures("check", workspace)
    yield limit(f"check {found['bytes']:,.0f} bytes with every rule", found["check-ms"], 20, "ms",
                f"{found['rules']:.0f} rules, {found['readers']:.0f} readers; {found['words-ms']:.1f} ms of it for words")
    found = figures("decide")
    yield limit("decide and group 100,000 readers, 60 portions", found["seconds"], 1, "s",
                f"{found['variants']:.0f} variants")
    yield limit("memory for it", found["peak-mb"], 150, "MB")
    folder = FOLDER / "enqueue"
    folder.mkdir()
    found = figures("enqueue", folder)
    shutil.rmtree(folder)
    rate = found["rows-per-second"]
    yield row("enqueue 1,000,000 ledger rows", rate, "rows/s", ">= 100,000", rate >= 100_000)
    yield limit("memory for it", found["peak-mb"], 200, "MB")
    folder = FOLDER / "pulls"
    folder.mkdir()
    found = figures("pulls", folder)
    shutil.rmtree(folder)
    yield limit("admit a known partner and record 50 versions again", found["microseconds"], 2, "us",
                f"the first time {found['first-ms']:.0f} ms")
    folder = FOLDER / "import"
    folder.mkdir()
    found = figures("import", workspace, folder)
    shutil.rmtree(folder)
    rate = found["rows-per-second"]
    yield row("import 1,000,000 rows of an export", rate, "rows/s", ">= 200,000", rate >= 200_000,
              note=f"{found['file-mb']:.0f} MB of CSV")
    yield limit("memory for it", found["peak-mb"], 300, "MB")
    folder = FOLDER / "first-pulls"
    folder.mkdir()
    found = figures("feeds", workspace, folder)
    shutil.rmtree(folder)
    yield row("slowest first request of 1,000 partners after a release", found["slowest-ms"], "ms",
              "< 100, one build a set", found["slowest-ms"] < 100 and found["builds"] == found["sets"] == 40,
              note=f"{found['builds']:.0f} builds for {found['sets']:.0f} visible sets, {found['bytes']:,.0f} bytes; "
              f"median {found['median-ms']:.2f} ms")
    folder = FOLDER / "taxii"
    folder.mkdir()
    found = figures("taxii", workspace, folder)
    shutil.rmtree(folder)
    yield row("TAXII walk of 100,000 by pages of 100: dearest place", found["ratio"], "x first", "<= 1.5",
              found["ratio"] <= 1.5,
              note=f"{found['place-0-ms']:.0f} ms a page that nobody asked for before; an object by its id "
              f"{found['object-ms']:.1f} ms")


PARTS = (commands, dispatch, slow_relay, webhooks, feeds, previews, functions, immediate, restart, bounces)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--revere", required=True, help="a release build of the program")
    arguments.add_argument("--readers", type=int, default=20_000)
    arguments.add_argument("--only", nargs="*", choices=[part.__name__ for part in PARTS])
    given = arguments.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()

    results = []
    print(f"{'':4} {'measure':58} {'ours':>12} {'peer':>12} {'ratio':>6}  {'bar':27}")
    for part in PARTS:
        if given.only and part.__name__ not in given.only:
            continue
        for entry in part(given.revere, given.readers):
            results.append(entry)
            digits = 0 if entry["ours"] >= 1000 else 2
            peer = "" if entry["peer"] is None else f"{entry['peer']:,.{digits}f}"
            ratio = "" if entry["ratio"] is None else f"{entry['ratio']:.2f}"
            line = (f"{'ok' if entry['holds'] else 'MISS':4} {entry['what']:58} {entry['ours']:>12,.{digits}f} {peer:>12}"
                    f" {ratio:>6}  {entry['bar']:27} {entry['unit']}")
            print(line + (f" ({entry['note']})" if entry["note"] else ""), flush=True)
    (FOLDER / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    print(f"as JSON: {FOLDER.relative_to(ROOT)}/results.json")
    sys.exit(0 if results and all(entry["holds"] for entry in results) else 1)


main()
