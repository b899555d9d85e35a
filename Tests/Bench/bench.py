"""`make bench`: every measure of the project against its peer in the same run, as a table and as JSON.

Ours and the peer take turns, three rounds each, and medians are compared, since a shared machine is never quiet.
Ends with 1 when a bar does not hold. Measures of single functions are Swift tests whose names contain `Bench`; they
print lines that begin with `measure: ` and are gathered here.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

from relays import SmtpSink, SlowReceiver, smtp_source
from workspace import Workspace

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".build-bench"
ROUNDS = 3


def measure(what, ours, peer, bar, unit="", note=""):
    """A rate against a peer's rate: holds when the ratio reaches the bar."""
    ratio = ours / peer
    return dict(what=what, ours=round(ours, 2), peer=round(peer, 2), unit=unit, ratio=round(ratio, 3), bar=f">= {bar}",
                holds=ratio >= bar, note=note)


def limit(what, value, bar, unit):
    """A plain figure that must stay below a bar."""
    return dict(what=what, ours=round(value, 2), peer=None, unit=unit, ratio=None, bar=f"< {bar}", holds=value < bar, note="")


def seconds(arguments):
    start = time.monotonic()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def commands(revere, readers):
    """Start of the program, and the check of a small file."""
    workspace = Workspace(FOLDER / "small", revere, readers=10)
    file = workspace.bulletin("small", size=600)
    version = statistics.median(seconds([revere, "--version"]) for _ in range(20))
    check = statistics.median(seconds([revere, "check", "--workspace", workspace.folder, file]) for _ in range(20))
    yield limit("revere --version", version * 1000, 50, "ms")
    yield limit("revere check of a small file", check * 1000, 100, "ms")


def dispatch(revere, readers):
    """20,000 individually addressed messages of 4,096 bytes to smtp-sink, with the ledger on, beside smtp-source."""
    ours, peer, commits = [], [], ""
    with SmtpSink() as sink:
        workspace = Workspace(FOLDER / "dispatch", revere, readers=readers)
        workspace.relay(sink.port, connections=20)
        size = workspace.tune(4096)
        for number in range(ROUNDS):
            workspace.release(workspace.bulletin(f"bulk-{number}", words=workspace.words))
            before, start = sink.messages(), time.monotonic()
            said = workspace.dispatch()
            sink.wait_for(before + readers)
            ours.append(readers / (time.monotonic() - start))
            commits = next((line.strip() for line in said.splitlines() if "commit" in line), commits)
            peer.append(readers / smtp_source(sink.port, size, readers))
    yield measure(f"dispatch of {readers} messages of {size} bytes, beside smtp-source -d -s 20", statistics.median(ours),
                  statistics.median(peer), 1.0, "messages/s", commits)


def slow_relay(revere, readers):
    """A relay that takes 50 ms for each final reply: throughput must grow with connections."""
    for connections, count in ((1, 200), (20, 4000)):
        with SlowReceiver(milliseconds=50) as receiver:
            workspace = Workspace(FOLDER / f"slow-{connections}", revere, readers=count)
            workspace.relay(receiver.port, connections=connections)
            workspace.release(workspace.bulletin("slow", size=2000))
            start = time.monotonic()
            workspace.dispatch()
            rate = receiver.messages() / (time.monotonic() - start)
        yield measure(f"50 ms for each final reply, {connections} connection(s)", rate, connections / 0.05, 0.95, "messages/s")


def functions(revere, readers):
    """What Swift measures itself: reading, rendering, deciding, enqueueing."""
    run = subprocess.run(["swift", "test", "-c", "release", "--filter", "Bench"], cwd=ROOT, text=True,
                         env={**os.environ, "REVERE_BENCH": "1"}, capture_output=True)
    found = [json.loads(line.split("measure: ", 1)[1]) for line in run.stdout.splitlines() if "measure: " in line]
    if run.returncode != 0 or not found:
        print(run.stdout[-3000:], run.stderr[-3000:], file=sys.stderr)
        yield dict(what="measures of functions", ours=0, peer=None, unit="", ratio=None, bar="runs", holds=False, note="failed")
    for entry in found:
        yield dict(dict(peer=None, ratio=None, unit="", note=""), **entry)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--revere", required=True, help="a release build of the program")
    arguments.add_argument("--readers", type=int, default=20_000)
    arguments.add_argument("--only", choices=["commands", "dispatch", "slow_relay", "functions"])
    given = arguments.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()

    results = []
    print(f"{'':4} {'measure':72} {'ours':>12} {'peer':>12} {'ratio':>7}  bar")
    for part in (commands, dispatch, slow_relay, functions):
        if given.only and part.__name__ != given.only:
            continue
        for row in part(given.revere, given.readers):
            results.append(row)
            peer = "" if row["peer"] is None else f"{row['peer']:,.2f}"
            ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
            print(f"{'ok' if row['holds'] else 'MISS':4} {row['what']:72} {row['ours']:>12,.2f} {peer:>12} {ratio:>7}"
                  f"  {row['bar']} {row['unit']} {row['note']}", flush=True)
    (FOLDER / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    print(f"as JSON: {FOLDER.relative_to(ROOT)}/results.json")
    sys.exit(0 if results and all(row["holds"] for row in results) else 1)


main()
