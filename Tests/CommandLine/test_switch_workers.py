"""A switch as two workers take it, by the real program: after both have taken it, nothing that they had not begun
before reaches the relay; what they had begun ends; and nobody is left out or served twice when it is let go.

The server holds every answer at a gate, so that nothing here depends on how fast anything is.
"""

import contextlib
import json
import threading
import time

import pytest
from faulty import BATCH, BULLETIN, FaultServer, FaultSite

READERS = [f"r{n:04d}" for n in range(1_600)]
# Two of them are kept for urgent bulletins.
CONNECTIONS, RESERVED = 4, 2
SCOPES = {"halt": ["halt"], "all": ["pause"], "lane": ["pause", "--lane", "routine"],
          "release": ["pause", "--release", "bulk"]}


@pytest.fixture(scope="module")
def prepared(program, tmp_path_factory):
    site = FaultSite.make(program, tmp_path_factory.mktemp("switches") / "site", READERS)
    site.release("bulk")
    return site


@pytest.fixture
def server():
    with contextlib.closing(FaultServer()) as server:
        yield server


class Worker:
    """`dispatch --watch` with its log as it comes."""

    def __init__(self, site):
        self.events = []
        self.process = site.start("--watch", "--log-format", "json")
        self.readers = [threading.Thread(target=self.read, daemon=True),
                        threading.Thread(target=self.process.stdout.read, daemon=True)]
        for reader in self.readers:
            reader.start()

    def read(self):
        for line in self.process.stderr:
            self.events.append(json.loads(line)["event"])

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=60)
        for reader in self.readers:
            reader.join(timeout=60)
        self.process.stdout.close()
        self.process.stderr.close()


def until(what, holds, seconds=60):
    """Asks again until it holds; how long that takes says nothing."""
    limit = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < limit, f"waited {seconds} s in vain for {what}"
        time.sleep(0.02)
    return found


def another(site):
    """One more bulletin for everybody, in another lane."""
    path = site.folder / "bulletins/another.md"
    text = BULLETIN.format(series="hold", stem="another")
    path.write_text(text.replace("expires:", "urgency: priority\nexpires:"))
    site.run("release", path, "--by", "keeper")


@pytest.mark.parametrize("scope", SCOPES)
def test_nothing_begins_after_the_switch(prepared, tmp_path, server, scope):
    site = FaultSite.copy(prepared, tmp_path / "site")
    site.relays({"port": server.port, "max-connections": CONNECTIONS})
    server.faults({"at": "dot", "do": "gate", "skip": 100})
    with contextlib.ExitStack() as stack:
        workers = [Worker(site) for _ in range(2)]
        for worker in workers:
            stack.callback(worker.close)
        server.wait(waiting=2 * (CONNECTIONS - RESERVED))
        site.run(*SCOPES[scope], "--by", "keeper")

        # Taken: what was claimed and not begun is given back, and who is stopped altogether says so.
        if scope in ("halt", "all"):
            until("both workers' word", lambda: all("halted" in worker.events for worker in workers))
        until("what was not begun", lambda: not site.query(
            "SELECT 1 FROM deliveries WHERE state = 'leased' AND sending_since IS NULL"))
        begun = {reader for reader, row in site.rows("bulk").items() if row["attempts"] > 0}
        assert len(begun) <= 100 + 2 * (CONNECTIONS + BATCH) < len(READERS)

        server.faults()
        server.ask(open=True)
        until("the end of what was begun", lambda: not site.query("SELECT 1 FROM deliveries WHERE state = 'leased'"))
        if scope in ("lane", "release"):
            # The workers are at work, and not at this.
            another(site)
            until("the other bulletin", lambda: site.states(stem="another") == {"accepted": len(READERS)})
        rows = site.rows("bulk")
        assert {reader for reader, row in rows.items() if row["attempts"] > 0} <= begun
        assert {row["state"] for row in rows.values()} == {"accepted", "pending"}
        sent = {row["address"]: [row["message_id"]] for row in rows.values() if row["state"] == "accepted"}
        copies = {address: [ids[0]] for address, ids in server.copies().items()}
        assert sent.keys() <= copies.keys() and (scope in ("lane", "release") or copies == sent)

        site.run("resume", *(["--halt"] if scope == "halt" else SCOPES[scope][1:]), "--by", "keeper")
        until("everybody", lambda: site.states(stem="bulk") == {"accepted": len(READERS)})
        assert all(worker.process.poll() is None for worker in workers)
    wanted = 2 if scope in ("lane", "release") else 1
    copies = server.copies()
    assert len(copies) == len(READERS)
    assert all(len(ids) == len(set(ids)) == wanted for ids in copies.values())
    site.check_database()
