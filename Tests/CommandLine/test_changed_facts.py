"""What changes while a worker runs counts for what it has prepared already: facts of readers, suppressions, and files that
nothing can be decided by, which it survives. And what it has not begun is not its own any more when it is to stop.

The server holds every answer at a gate, so that nothing here depends on how fast anything is.
"""

import contextlib
import signal
import subprocess

import pytest
from faulty import BATCH, FaultServer, FaultSite, end
from test_switch_workers import Worker, until

READERS = [f"r{n:04d}" for n in range(700)]
CONNECTIONS, SENT = 2, 20
NOT_BEGUN = "SELECT reader, address FROM deliveries WHERE state = 'leased' AND sending_since IS NULL"
PEOPLE = "distribution-lists/stakeholders.csv"


@pytest.fixture(scope="module")
def empty(program, tmp_path_factory):
    return FaultSite.make(program, tmp_path_factory.mktemp("facts") / "site", READERS)


@pytest.fixture(scope="module")
def prepared(empty, tmp_path_factory):
    site = FaultSite.copy(empty, tmp_path_factory.mktemp("released") / "site")
    site.release("bulk")
    return site


@pytest.fixture
def server():
    with contextlib.closing(FaultServer()) as server:
        yield server


@contextlib.contextmanager
def waiting_worker(site, server):
    """Some messages are taken, the relay has gone silent, and the worker holds hundreds that it has prepared."""
    site.relays({"port": server.port, "max-connections": CONNECTIONS})
    server.faults({"at": "dot", "do": "gate", "skip": SENT})
    worker = Worker(site)
    try:
        server.wait(waiting=1)
        until("a full stock", lambda: len(site.query(NOT_BEGUN)) > 300)
        yield worker
    finally:
        worker.close()


def open_gate(server):
    server.faults()
    server.ask(open=True)


def leased(site):
    return site.query("SELECT 1 FROM deliveries WHERE state = 'leased'")


def test_suspended_readers_get_nothing_more(prepared, tmp_path, server):
    site = FaultSite.copy(prepared, tmp_path / "site")
    with waiting_worker(site, server) as worker:
        people = site.folder / PEOPLE
        lines = people.read_text().splitlines(keepends=True)
        people.write_text("".join(line if line.startswith("keeper") else line.replace(",active,", ",suspended,")
                                  for line in lines))
        until("the new decisions", lambda: site.states().get("withheld", 0) > len(READERS) - SENT - BATCH)
        open_gate(server)
        until("the end of what was on the wire", lambda: not leased(site))
        states = site.states()
        # Two messages at most are on each connection.
        assert states == {"accepted": states["accepted"], "withheld": len(READERS) - states["accepted"]}
        assert states["accepted"] <= SENT + 2 * CONNECTIONS
        assert len(server.copies()) == states["accepted"] and worker.process.poll() is None


def test_a_suppressed_address_gets_nothing_more(prepared, tmp_path, server):
    site = FaultSite.copy(prepared, tmp_path / "site")
    with waiting_worker(site, server):
        # The last: the first may be next on a connection that is being opened.
        reader, address = site.query(NOT_BEGUN + " ORDER BY id")[-1]
        done = subprocess.run([site.program, "suppressions", "add", address, "--by", "keeper", "--reason", "gone",
                               "--workspace", str(site.folder), "--now", site.now], capture_output=True)
        assert done.returncode == 0, done
        # Given back, and perhaps decided anew already.
        until("the end of its lease", lambda: site.rows()[reader]["state"] in ("pending", "withheld"))
        open_gate(server)
        until("everybody else", lambda: site.states() == {"accepted": len(READERS) - 1, "withheld": 1})
        assert address not in server.copies()


@pytest.mark.parametrize("path", [PEOPLE, "revere.yaml"])
def test_files_are_broken_and_mended(prepared, tmp_path, server, path):
    site = FaultSite.copy(prepared, tmp_path / "site")
    with waiting_worker(site, server) as worker:
        file = site.folder / path
        sound = file.read_text()
        file.write_text("}" + sound)
        until("the word of it", lambda: "unusable-site" in worker.events)
        until("what was not begun", lambda: not site.query(NOT_BEGUN))
        open_gate(server)
        until("the end of what was on the wire", lambda: not leased(site))
        states = site.states()
        assert states["pending"] >= len(READERS) - SENT - 2 * CONNECTIONS and "usable-site" not in worker.events
        assert "mend" in site.run("doctor", "--offline", expect=3).stdout
        file.write_text(sound)
        until("everybody", lambda: site.states() == {"accepted": len(READERS)})
        assert worker.events.count("unusable-site") == worker.events.count("usable-site") == 1
        assert worker.process.poll() is None
    assert all(len(ids) == 1 for ids in server.copies().values())


def test_it_is_there_before_anything_is_released(empty, tmp_path, server):
    site = FaultSite.copy(empty, tmp_path / "site")
    site.relays({"port": server.port})
    people = site.folder / PEOPLE
    sound = people.read_text()
    worker = Worker(site)
    try:
        until("the start", lambda: "started" in worker.events)
        site.release("bulk")
        until("everybody", lambda: site.database.exists() and site.states() == {"accepted": len(READERS)})
        worker.process.send_signal(signal.SIGTERM)
        assert worker.process.wait(timeout=60) == 0
    finally:
        worker.close()

    # Lists that are broken when it starts are mended while it waits.
    site.release("another")
    people.write_text("}" + sound)
    worker = Worker(site)
    try:
        until("the word of it", lambda: "unusable-site" in worker.events)
        assert site.states(stem="another") == {"pending": len(READERS)}
        people.write_text(sound)
        until("everybody", lambda: site.states(stem="another") == {"accepted": len(READERS)})
    finally:
        worker.close()
    # Who sends once is told, and ends.
    people.write_text("}" + sound)
    once = site.start()
    try:
        _, words = once.communicate(timeout=60)
        assert once.returncode == 3 and PEOPLE in words
    finally:
        end(once)


def test_a_stop_gives_back_at_once(prepared, tmp_path, server):
    site = FaultSite.copy(prepared, tmp_path / "site")
    with waiting_worker(site, server) as worker:
        worker.process.send_signal(signal.SIGTERM)
        until("what was not begun", lambda: not site.query(NOT_BEGUN))
        assert worker.process.poll() is None and leased(site)
        open_gate(server)
        assert worker.process.wait(timeout=60) == 0
        states = site.states()
        assert states == {"accepted": states["accepted"], "pending": len(READERS) - states["accepted"]}
        assert SENT <= states["accepted"] <= SENT + 2 * CONNECTIONS
