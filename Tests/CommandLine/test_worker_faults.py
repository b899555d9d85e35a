"""What happens around a worker while it sends: disk full, clocks that jump, a database that goes away, a second worker,
a stop past the lease, relays that die. Each by the real program; whatever happens, nobody is skipped, second copies
are bounded and have the Message-ID of the first.

One file, since all of it stands on the same two workspaces and the same gates.

A gate of the server holds a run where a test wants it: nothing here depends on how fast anything is.
"""

import contextlib
import os
import pathlib
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest
from faulty import BATCH, FaultServer, FaultSite, end

READERS = [f"r{n:03d}" for n in range(400)]
CONNECTIONS = 4
BOUND = CONNECTIONS + BATCH


@pytest.fixture(scope="module")
def prepared(program, tmp_path_factory):
    """One workspace for each series, its bulletin released to 400 readers."""
    folder = tmp_path_factory.mktemp("workers")
    sites = {}
    for series in ("hold", "resend"):
        sites[series] = FaultSite.make(program, folder / series, READERS)
        sites[series].release("bulk", series)
    return sites


@pytest.fixture
def server():
    with contextlib.closing(FaultServer()) as server:
        yield server


@pytest.fixture
def second_server():
    with contextlib.closing(FaultServer()) as server:
        yield server


@pytest.fixture(params=["hold", "resend"])
def site(request, prepared, tmp_path, server):
    site = FaultSite.copy(prepared[request.param], tmp_path / "site")
    site.series = request.param
    site.relays({"port": server.port, "max-connections": CONNECTIONS})
    return site


def gate(skip):
    """Every message after the first so many is held before its answer, until the gates open."""
    return {"at": "dot", "do": "gate", "skip": skip}


@contextlib.contextmanager
def gated(site, server, skip=100, connections=CONNECTIONS, arguments=(), **options):
    """A worker that has sent about 100 messages and waits on every connection."""
    server.faults(gate(skip))
    process = site.start(*arguments, **options)
    try:
        server.wait(waiting=connections)
        yield process
    finally:
        end(process)


def ends(process, code):
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, (out, err)
    return out + err


def begun(site, **options):
    return {reader for reader, row in site.rows("bulk", **options).items() if row["sending_since"] is not None}


def settle(site):
    """Runs to the end, second tries included."""
    for _ in range(20):
        site.run("dispatch")
        if not site.states(stem="bulk").keys() & {"pending", "leased", "deferred"}:
            return
        site.advance(hours=1)
    raise AssertionError(site.states(stem="bulk"))


def check(site, *servers, bound=BOUND, perhaps=None, readers=READERS):
    """Nobody is skipped; how many second copies there are. `perhaps`: the only readers that may have two, or be
    uncertain."""
    copies = {}
    for server in servers:
        for address, ids in server.copies().items():
            copies.setdefault(address, []).extend(ids)
    rows = site.rows("bulk")
    assert rows.keys() == set(readers)
    extra = 0
    for reader, row in rows.items():
        ids = copies.pop(row["address"], [])
        if row["state"] != "accepted":
            assert row["state"] == "uncertain" and site.series == "hold" and row["reply_text"], dict(row)
        else:
            assert ids, f"{reader} is accepted in the ledger, and no relay took anything"
        assert len(set(ids)) <= 1 and (row["message_id"] is None or set(ids) <= {row["message_id"]}), ids
        if perhaps is not None and (len(ids) > 1 or row["state"] == "uncertain"):
            assert reader in perhaps, dict(row)
        extra += max(0, len(ids) - 1)
    assert copies == {}, "a relay has what the ledger has not"
    assert extra <= bound, f"{extra} second copies"
    assert sum(row["state"] == "uncertain" for row in rows.values()) <= bound
    site.check_database()
    return extra


def until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s in vain"


def stop(process, site):
    """SIGSTOP, but not while it holds the database's lock: nobody could take that from it."""
    def stopped():
        os.kill(process.pid, signal.SIGSTOP)
        until(lambda: pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T")
        with contextlib.closing(sqlite3.connect(site.database, timeout=0, isolation_level=None)) as database:
            try:
                database.execute("BEGIN IMMEDIATE")
                database.execute("ROLLBACK")
                return True
            except sqlite3.OperationalError:
                os.kill(process.pid, signal.SIGCONT)
                return False

    until(stopped)


# MARK: Workers


def test_two_workers(site, server):
    """On one ledger at the same time: each reader once."""
    processes = [site.start(), site.start(), site.start()]
    try:
        for process in processes:
            ends(process, 0)
    finally:
        for process in processes:
            end(process)
    assert check(site, server, bound=0, perhaps=set()) == 0


def test_one_of_two_workers_is_killed(program, tmp_path, server):
    """More rows than one worker claims at a time; what the dead one had begun is known, and the other's is its own."""
    readers = [f"r{n:04d}" for n in range(1_200)]
    site = FaultSite.make(program, tmp_path / "site", readers)
    site.series = "resend"
    site.release("bulk", "resend")
    site.relays({"port": server.port, "max-connections": CONNECTIONS})
    with gated(site, server) as killed:
        other = site.start()
        try:
            server.wait(waiting=2 * CONNECTIONS)
            both = begun(site)
            killed.kill()
            killed.wait()
            server.faults()
            server.ask(open=True)
            ends(other, 0)
            lost = begun(site)
            assert lost < both and len(lost) <= BOUND
        finally:
            end(other)
    settle(site)
    check(site, server, perhaps=lost, readers=readers)


@pytest.mark.parametrize("wakes", ["before", "after"])
def test_stopped_past_its_lease(site, server, wakes):
    """SIGSTOP, the lease ends, another takes over, SIGCONT: of what was taken over nothing is sent again; what had
    been begun is bounded."""
    with gated(site, server) as stopped:
        stop(stopped, site)
        rows = site.rows("bulk")
        sending = begun(site)
        claimed = {reader for reader, row in rows.items() if row["state"] == "leased"} - sending
        assert 1 <= len(sending) <= BOUND and claimed
        # The relay answers, and nobody hears it.
        server.faults()
        server.ask(open=True)
        site.advance(hours=1)
        site.run("dispatch")
        after = site.rows("bulk")
        assert {after[reader]["state"] for reader in claimed} == {"accepted"}
        if wakes == "before":
            # What was begun waits for its second try, or for a person; then its own worker wakes and knows.
            assert {after[reader]["state"] for reader in sending} == {
                "uncertain" if site.series == "hold" else "deferred"}
        else:
            settle(site)
        os.kill(stopped.pid, signal.SIGCONT)
        ends(stopped, 0)
    settle(site)
    extra = check(site, server, bound=len(sending), perhaps=sending)
    if wakes == "before":
        # The late answers settled their rows: no second try was needed.
        assert extra == 0 and site.states(stem="bulk") == {"accepted": len(READERS)}


# MARK: Clocks


@pytest.mark.parametrize("hours", [-1, 1])
def test_the_clock_jumps_between_runs(site, server, hours):
    """A worker dies, the clock is set back or forward, the next worker starts: it sends all, at once."""
    server.faults({"at": "rcpt", "do": "reply", "text": "450 4.2.2 later", "reader": "r000", "times": 1}, gate(100))
    process = site.start()
    try:
        server.wait(waiting=CONNECTIONS)
    finally:
        end(process)
    lost = begun(site)
    server.faults()
    site.advance(hours=hours)
    site.run("dispatch")
    rows = site.rows("bulk")
    waiting = {reader for reader, row in rows.items() if row["state"] != "accepted"}
    assert waiting <= lost | {"r000"}, {reader: rows[reader]["state"] for reader in waiting}
    assert hours > 0 or "r000" in waiting
    # Second tries wait their minute by the new clock, not an hour longer.
    site.advance(minutes=2)
    site.run("dispatch")
    assert site.states(stem="bulk").keys() <= {"accepted", "uncertain"}
    check(site, server, perhaps=lost)


def test_a_release_by_a_clock_that_was_ahead(site, server):
    """Set back by an hour after the release: nobody waits an hour for it."""
    site.advance(hours=-1)
    site.run("dispatch")
    assert site.states(stem="bulk") == {"accepted": len(READERS)}
    assert check(site, server, bound=0, perhaps=set()) == 0
    (entry,) = [entry for entry in site.check_database() if entry["action"] == "clock-back"]
    assert entry["detail"].startswith(f"{len(READERS)} rows")


def test_the_clock_is_set_back_while_it_runs(site, server):
    """The running worker's time goes on; a release of the new time goes out by it."""
    # With --watch two connections are kept for the immediate lane.
    with gated(site, server, connections=CONNECTIONS - 2, arguments=["--watch"]) as process:
        site.advance(hours=-1)
        site.release("later", site.series)
        server.faults()
        server.ask(open=True)
        server.wait(accepted=2 * len(READERS))
        os.kill(process.pid, signal.SIGTERM)
        ends(process, 0)
    assert site.states(stem="later") == {"accepted": len(READERS)} == site.states(stem="bulk")
    site.check_database()


# MARK: The database


@contextlib.contextmanager
def small_disk(folder, megabytes):
    """A file system of its own below the folder, with what is in it; None where nobody may mount."""
    away = folder.with_name(folder.name + "-away")
    folder.rename(away)
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True)
    for path in away.iterdir():
        shutil.copy2(path, folder)
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("left", [0, 60_000, 150_000])
def test_disk_full(site, server, left):
    """No room for the ledger's next words: nothing is sent that it does not know of."""
    with small_disk(site.folder / "var", 16) as mounted:
        options = {}
        if mounted:
            filler = site.folder / "var/filler"
            space = os.statvfs(site.folder / "var")
            with open(filler, "wb") as file:
                file.write(bytes(max(0, space.f_bavail * space.f_frsize - left)))
        else:
            limit = site.database.stat().st_size + left
            options["preexec_fn"] = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        done = site.run("dispatch", expect=3, **options)
        assert "revere.db" in done.stderr and re.search("no room|failed", done.stderr), done
        taken = server.ask()["accepted"]
        if mounted:
            filler.unlink()
        recorded = site.states(stem="bulk").get("accepted", 0)
        lost = begun(site)
        assert taken - recorded <= len(lost) <= BOUND, (taken, recorded, len(lost))
        assert left or taken == 0
        settle(site)
        check(site, server, perhaps=lost)


def move(site, names, folder):
    folder.mkdir(exist_ok=True)
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            (site.folder / "var" / name).rename(folder / name)


@pytest.mark.parametrize("names", [["revere.db"], ["revere.db", "revere.db-wal", "revere.db-shm"]])
def test_database_moved_away(site, server, names, tmp_path):
    """The worker stops with words; what it had begun is bounded; put back, all goes on."""
    away = tmp_path / "away"
    with gated(site, server) as process:
        move(site, names, away)
        server.faults()
        server.ask(open=True)
        assert "moved or deleted" in ends(process, 3)
    taken = server.ask()["accepted"]
    assert not site.database.exists()
    for path in away.iterdir():
        path.rename(site.folder / "var" / path.name)
    lost = begun(site)
    assert taken - site.states(stem="bulk")["accepted"] <= len(lost) <= BOUND
    settle(site)
    check(site, server, perhaps=lost)


def test_database_replaced_by_an_older_one(site, server, second_server, tmp_path):
    """The old worker stops, and leaves the files of the new database and its worker alone."""
    backup = tmp_path / "backup.db"
    site.query("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy2(site.database, backup)
    with gated(site, server) as old:
        away = tmp_path / "away"
        move(site, ["revere.db", "revere.db-wal", "revere.db-shm"], away)
        shutil.copy2(backup, site.database)
        site.relays({"port": second_server.port, "max-connections": CONNECTIONS})
        with gated(site, second_server, skip=50) as new:
            files = {path.name: path.stat().st_ino for path in site.database.parent.glob("revere.db*")}
            assert "revere.db-wal" in files
            server.faults()
            server.ask(open=True)
            assert "moved or deleted" in ends(old, 3)
            assert {path.name: path.stat().st_ino for path in site.database.parent.glob("revere.db*")} == files
            until(lambda: site.states(stem="bulk").get("accepted", 0) > 0)
            recorded = site.states(stem="bulk")["accepted"]
            new.kill()
            new.wait()
        # What the killed worker had recorded is there.
        assert site.states(stem="bulk")["accepted"] >= recorded
    lost = begun(site, path=away / "revere.db")
    assert len(lost) <= BOUND
    second_server.faults()
    settle(site)
    # An older ledger does not know what was sent since: copies of those, with the same Message-IDs.
    sent_before = len(server.copies())
    assert check(site, server, second_server, bound=sent_before + BOUND) <= sent_before + BOUND


# MARK: Relays


@pytest.mark.parametrize("site", ["hold"], indirect=True)
def test_all_relays_are_dead(site, server, second_server):
    """Nobody's failure: all rows wait untouched, both relays are named; with --watch it goes on when one is back."""
    before = {reader: (row["state"], row["attempts"]) for reader, row in site.rows("bulk").items()}
    site.relays({"port": server.port}, {"port": second_server.port})
    for each in (server, second_server):
        each.ask(listen=False)
    done = site.run("dispatch", expect=1)
    assert "no relay could be used" in done.stderr and "nothing is lost" in done.stderr
    assert {reader: (row["state"], row["attempts"]) for reader, row in site.rows("bulk").items()} == before
    alerts = [entry for entry in site.check_database() if entry["action"] == "relay-alert"]
    assert {entry["subject"] for entry in alerts} == {"relay1", "relay2"}
    with contextlib.ExitStack() as stack:
        process = site.start("--watch")
        stack.callback(end, process)
        # It has given up both once more.
        until(lambda: len(site.query("SELECT id FROM audit WHERE action = 'relay-alert'")) >= 4)
        assert process.poll() is None
        second_server.ask(listen=True)
        second_server.wait(accepted=len(READERS))
        os.kill(process.pid, signal.SIGTERM)
        ends(process, 0)
    assert {row["relay"] for row in site.rows("bulk").values()} == {"relay2"}
    check(site, server, second_server, bound=0, perhaps=set())


def test_failover_to_the_second_relay(site, server, second_server):
    """The first relay dies in the middle of a run: what had no answer is uncertain, the rest goes by the second."""
    site.relays({"port": server.port, "max-connections": CONNECTIONS},
                {"port": second_server.port, "max-connections": CONNECTIONS})
    with gated(site, server) as process:
        server.ask(listen=False)
        ends(process, 0)
    rows = site.rows("bulk").values()
    relays = {}
    for row in rows:
        if row["state"] == "accepted":
            relays[row["relay"]] = relays.get(row["relay"], 0) + 1
    assert relays == {"relay1": 100, "relay2": len(READERS) - 100 - CONNECTIONS}
    lost = {row["reader"] for row in rows if row["state"] in ("uncertain", "deferred")}
    assert len(lost) == CONNECTIONS
    settle(site)
    check(site, server, second_server, bound=CONNECTIONS, perhaps=lost)


@pytest.mark.parametrize("site", ["hold"], indirect=True)
def test_a_relay_that_takes_fewer_connections(site, server):
    """It is up: two connections carry all, nobody is told off for the others."""
    site.relays({"port": server.port, "max-connections": CONNECTIONS, "messages-per-connection": 1000})
    server.faults({"at": "connect", "do": "reply", "text": "421 4.7.0 too many connections", "above": 2})
    site.run("dispatch")
    assert check(site, server, bound=0, perhaps=set()) == 0
    assert not [entry for entry in site.check_database() if entry["action"] == "relay-alert"]


@pytest.mark.parametrize("site", ["hold"], indirect=True)
def test_a_rate_is_waited_for(site, server):
    """Eight readers of each domain, and more of them wait than a worker holds: one run sends to all."""
    site.relays({"port": server.port, "max-connections": CONNECTIONS, "per-domain-rate": 2})
    done = site.run("dispatch", expect=0)
    assert done.stdout.startswith(f"{len(READERS)} accepted, ") and " put off by a rate" in done.stdout
    assert check(site, server, bound=0, perhaps=set()) == 0


@pytest.mark.parametrize("site", ["hold"], indirect=True)
def test_what_a_rate_leaves_is_said(site, server):
    site.relays({"port": server.port, "max-connections": CONNECTIONS, "per-domain-rate": 1})
    with contextlib.ExitStack() as stack:
        process = site.start()
        stack.callback(end, process)
        until(lambda: site.states(stem="bulk").get("deferred", 0) > 0)
        os.kill(process.pid, signal.SIGTERM)
        said = ends(process, 1)
    left = len(READERS) - site.states(stem="bulk").get("accepted", 0)
    assert f"{left} rows are left: a rate had not let them go before it was stopped" in said
    assert "nothing is lost" in said


@pytest.mark.parametrize("site", ["hold"], indirect=True)
def test_circuit_breaker(site, server, second_server):
    """A relay that fails three times in a row rests and is left alone; after its rest it is used again."""
    site.relays({"port": server.port, "max-connections": CONNECTIONS},
                {"port": second_server.port, "max-connections": CONNECTIONS})
    server.faults({"at": "connect", "do": "drop"})
    with contextlib.ExitStack() as stack:
        process = site.start("--watch")
        stack.callback(end, process)
        second_server.wait(accepted=len(READERS))
        assert server.ask()["connections"] == 3
        server.faults()
        number = 0

        def used_again():
            nonlocal number
            number += 1
            site.release(f"again-{number}", site.series)
            until(lambda: server.ask()["accepted"] + second_server.ask()["accepted"] == (number + 1) * len(READERS))
            return server.ask()["accepted"] > 0

        until(used_again)
        os.kill(process.pid, signal.SIGTERM)
        ends(process, 0)
    assert {row["relay"] for row in site.rows("bulk").values()} == {"relay2"}
    # Of each bulletin one copy for each reader.
    both = [server.copies(), second_server.copies()]
    for row in site.rows("bulk").values():
        ids = [one for copies in both for one in copies.get(row["address"], [])]
        assert len(ids) == len(set(ids)) == number + 1


@pytest.mark.parametrize("site", ["hold"], indirect=True)
def test_a_wrong_password_is_tried_once(site, second_server):
    with contextlib.closing(FaultServer("--tls", "starttls", "--auth", "revere:another")) as server:
        (site.folder / "var/relay-password").write_text("pass word\n")
        site.relays({"port": server.port, "max-connections": CONNECTIONS, "tls": "required",
                     "ca-file": server.authority, "user": "revere", "password-file": "var/relay-password"},
                    {"port": second_server.port, "max-connections": CONNECTIONS})
        site.run("dispatch")
        assert server.ask()["connections"] == 1
        check(site, server, second_server, bound=0, perhaps=set())
