"""An urgent bulletin during a bulk run, and a worker that starts before a million rows.

Times are the ledger's: when a row's acceptance was recorded, by the machine's clock, which is this one's too.
"""

import contextlib
import pathlib
import signal
import sqlite3
import statistics
import subprocess
import time

from relays import ROOT, SlowReceiver, SmtpSink, wait_until
from workspace import LIST, TEMPLATE, Workspace

FOLDER = ROOT / ".build-bench"
ROUNDS = 3
URGENT = 2_000


@contextlib.contextmanager
def worker(workspace):
    process = subprocess.Popen(
        [workspace.revere, "dispatch", "--watch", "--quiet", "--workspace", workspace.folder],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def ledger(workspace, query, *values):
    path = pathlib.Path(workspace.folder) / "var/revere.db"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as database:
        return database.execute(query, values).fetchall()


def accepted(workspace, stem):
    """How many readers have a bulletin, and when the first and the last of them got it."""
    return ledger(workspace, """
        SELECT COUNT(*), MIN(d.changed_at), MAX(d.changed_at) FROM deliveries d JOIN releases r ON r.id = d.release_id
        JOIN bulletins b ON b.id = r.bulletin_id WHERE b.stem = ? AND d.state = 'accepted'""", stem)[0]


def urgent_series(workspace):
    """A series of the immediate lane, with a list of its own."""
    folder = workspace.folder / "templates/urgent"
    folder.mkdir()
    folder.joinpath("template.yaml").write_text(
        TEMPLATE.replace("code: BB", "code: UU").replace("urgency: routine", "urgency: immediate")
        .replace("[everybody]", "[some]"))
    folder.joinpath("template.md").write_text("---\nseries: urgent\n---\n")
    readers = ", ".join(f"r{n:05d}" for n in range(URGENT))
    (workspace.folder / "distribution-lists/lists/some.yaml").write_text(
        LIST.replace("id: everybody", "id: some").replace("series: [bench]", "series: [urgent]")
        .replace("members: { level: [state, local] }", f"members: {{ stakeholders: [{readers}] }}"))


def urgent(workspace, stem):
    """Releases an urgent bulletin; seconds from then to the first reader and to the last."""
    path = workspace.bulletin(stem, length=3_000)
    path.write_text(path.read_text().replace("series: bench", "series: urgent"))
    workspace.release(path)
    start = time.time() * 1_000
    wait_until(lambda: accepted(workspace, stem)[0] >= URGENT, f"{URGENT} urgent messages")
    _, first, last = accepted(workspace, stem)
    return (first - start) / 1_000, (last - start) / 1_000


def immediate(revere, readers):
    """An urgent bulletin for 2,000 during a bulk run for 100,000, by a relay that takes 20 ms for each message on each
    of 20 connections; beside the same one when nothing else is sent."""
    workspace = Workspace(FOLDER / "lanes", revere, readers=100_000)
    urgent_series(workspace)
    with SlowReceiver(milliseconds=20) as receiver:
        workspace.relay(receiver.port, connections=20)
        workspace.release(workspace.bulletin("bulk", length=3_000))
        during, alone = [], []
        with worker(workspace):
            wait_until(lambda: accepted(workspace, "bulk")[0] > 500, "the bulk run")
            for number in range(ROUNDS):
                during.append(urgent(workspace, f"during-{number}"))
                still = ledger(workspace, "SELECT COUNT(*) FROM deliveries WHERE state = 'pending'")[0][0]
                if still == 0:
                    raise SystemExit("the bulk run ended before the urgent bulletin was out")
                workspace.run("pause", "--lane", "routine")
                wait_until(lambda: not ledger(workspace, "SELECT 1 FROM deliveries WHERE state = 'leased'"), "the pause")
                alone.append(urgent(workspace, f"alone-{number}"))
                workspace.run("resume", "--lane", "routine")
        with worker(workspace), worker(workspace):
            before = accepted(workspace, "bulk")[0]
            wait_until(lambda: accepted(workspace, "bulk")[0] > before + 500, "the bulk run of two workers")
            workspace.run("halt")
            wait_until(lambda: not ledger(workspace, "SELECT 1 FROM deliveries WHERE state = 'leased'"), "the halt")
            ((ordered,),) = ledger(workspace, "SELECT set_at FROM pauses WHERE scope = 'halt'")
            stopped = (accepted(workspace, "bulk")[2] - ordered) / 1_000
    first = max(first for first, _ in during)
    yield dict(what="urgent bulletin in a 100,000-reader bulk run: first message", ours=first, peer=None, unit="s",
               ratio=None, bar="< 1", holds=first < 1, note=f"the slowest of {ROUNDS} releases")
    ours, peer = (statistics.median(last for _, last in times) for times in (during, alone))
    yield dict(what=f"the same: last of {URGENT:,}", ours=ours, peer=peer, unit="s", ratio=ours / peer,
               bar="<= 1.1 x alone", holds=ours <= 1.1 * peer, note="")
    yield dict(what="halt in a bulk run of two workers: last message after it", ours=stopped, peer=None, unit="s",
               ratio=None, bar="< 1", holds=stopped < 1, note="20 connections each, 20 ms a message")


def restart(revere, readers):
    """A worker started before 1,000,000 rows that wait: until its first message is at the relay."""
    workspace = Workspace(FOLDER / "restart", revere, readers=20_000)
    for number in range(50):
        workspace.release(workspace.bulletin(f"bulk-{number}", length=300))
    rows = ledger(workspace, "SELECT COUNT(*) FROM deliveries WHERE state = 'pending'")[0][0]
    times = []
    with SmtpSink() as sink:
        workspace.relay(sink.port, connections=20)
        for _ in range(ROUNDS):
            before, start = sink.messages(), time.monotonic()
            with worker(workspace):
                wait_until(lambda: sink.messages() > before, "the first message")
                times.append(time.monotonic() - start)
    first = statistics.median(times)
    yield dict(what=f"restart with {rows:,} pending rows: first message", ours=first, peer=None, unit="s", ratio=None,
               bar="< 1", holds=first < 1, note="50 releases, 20,000 readers")
