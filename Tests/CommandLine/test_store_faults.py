"""A database that is locked, full, corrupt, read-only or somebody else's; a relay that is absent."""

import contextlib
import ctypes
import os
import resource
import shutil
import socket
import sqlite3
import subprocess

import pytest
from conftest import NOW, OFFICER_SAFETY, OPIOIDS, relay

CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
PR_CAPBSET_DROP = 24


def as_ordinary_user():
    """Root may write what nobody may; without this capability root is held to permissions like everybody."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


@pytest.fixture
def released(site):
    site.release(OPIOIDS, expect=0)
    return site


def test_locked(released):
    before = released.state()
    with contextlib.closing(sqlite3.connect(released.database, isolation_level=None)) as other:
        # A log that holds something, as beside a worker; SQLite makes it anew for the first who opens the file.
        other.execute("PRAGMA user_version = 0")
        other.execute("BEGIN IMMEDIATE")
        ran = released.release(expect=3)
        assert "locked by another" in ran.err or "keeps the database locked" in ran.err
        # Reading goes on beside a writer.
        released.run("status", expect=0)
        other.execute("ROLLBACK")
    assert released.state() == before
    released.release(expect=0)


def test_full(released):
    """As a disk quota does it: no file may grow beyond a limit."""
    before = released.state()

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    ran = released.release(preexec_fn=limit, expect=3)
    assert "revere.db" in ran.err and ran.out == ""
    assert released.state() == before
    serials = [status["serial"] for status in released.run("status", "--json", expect=0).objects]
    assert serials == ["CFC-OA-2026-0001"]
    # No number was lost.
    assert "CFC-OS-2026-0001" in released.release(expect=0).out


def test_not_a_database(site):
    site.database.write_text("This is no database at all. " * 100)
    before = (site.folder / "var/revere.db").read_bytes()
    for arguments in (["status"], ["release", site.bulletin(), "--by", "p.munroe"], ["dispatch"],
                      ["audience", site.bulletin()]):
        ran = site.run(*arguments, expect=3)
        assert "revere.db" in ran.err and ran.out == ""
    assert site.database.read_bytes() == before


def test_another_programs_database(site):
    with contextlib.closing(sqlite3.connect(site.database)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.commit()
    before = site.state()
    ran = site.run("status", expect=3)
    assert "another program" in ran.err
    site.release(expect=3)
    assert site.state() == before


def test_a_newer_database(released):
    with contextlib.closing(sqlite3.connect(released.database)) as other:
        tables = [row[0] for row in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        changes = next(name for name in tables if name.startswith("schema"))
        columns = [row[1] for row in other.execute(f"PRAGMA table_info({changes})")]
        row = list(other.execute(f"SELECT * FROM {changes} ORDER BY 1 DESC LIMIT 1").fetchone())
        row[0] += 1_000
        other.execute(f"INSERT INTO {changes} VALUES ({', '.join('?' * len(columns))})", row)
        other.commit()
    before = released.state()
    for arguments in (["status"], ["release", released.bulletin(), "--by", "p.munroe"]):
        assert "newer" in released.run(*arguments, expect=3).err
    assert released.state() == before


def test_corrupt(released):
    size = released.database.stat().st_size
    with contextlib.closing(sqlite3.connect(released.database)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(released.database, "r+b") as file:
        file.seek(4_096)
        file.write(os.urandom(size - 4_096))
    ran = released.release(expect=3)
    assert "damaged" in ran.err or "no database" in ran.err, ran
    ran = released.run("deliveries", OPIOIDS)
    assert ran.code == 3 and "revere.db" in ran.err


def test_truncated(released):
    with contextlib.closing(sqlite3.connect(released.database)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(released.database, "r+b") as file:
        file.truncate(10_000)
    assert "revere.db" in released.release(expect=3).err


def test_read_only(released):
    with contextlib.closing(sqlite3.connect(released.database)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = released.state()
    var = released.folder / "var"
    for path in var.glob("revere.db*"):
        path.chmod(0o444)
    var.chmod(0o555)
    try:
        ran = released.release(preexec_fn=as_ordinary_user, expect=3)
        assert "revere.db" in ran.err and ran.out == ""
        ran = released.run("dispatch", preexec_fn=as_ordinary_user)
        assert ran.code == 3
    finally:
        var.chmod(0o755)
        for path in var.glob("revere.db*"):
            path.chmod(0o644)
    assert released.state() == before


def test_unreadable_files(site):
    path = site.folder / "distribution-lists/stakeholders.yaml"
    path.chmod(0o000)
    try:
        ran = site.release(preexec_fn=as_ordinary_user, expect=3)
        assert "stakeholders.yaml" in ran.err and "cannot be read" in ran.err
    finally:
        path.chmod(0o644)
    # A file that restricts and leads nowhere is not taken for one that is absent.
    (site.folder / "distribution-lists/release-policy.site.yaml").symlink_to("nowhere.yaml")
    assert "release-policy.site.yaml" in site.release(expect=3).err
    assert site.rows() == []


def test_a_folder_that_cannot_be_written(site):
    shutil.rmtree(site.folder / "var")
    ran = site.release(expect=3)
    assert "var/revere.db" in ran.err and "folder" in ran.err


def test_the_export_that_cannot_be_written(site):
    folder = site.folder / "distribution-lists/decisions"
    folder.chmod(0o555)
    try:
        ran = site.release(OFFICER_SAFETY, "--private-release", "--reason", "they act on it",
                           preexec_fn=as_ordinary_user, expect=3)
    finally:
        folder.chmod(0o755)
    # The release stands and is said; the record in the store rules.
    assert "CFC-OS-2026-0001" in ran.out and "could not be exported" in ran.err
    assert len(site.run("status", "--json", expect=0).objects) == 1


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_an_absent_relay(released):
    relay(released, free_port(), tls="required")
    before = released.run("deliveries", OPIOIDS, "--json", expect=0).objects
    ran = released.run("dispatch", expect=1)
    assert "no relay could be used" in ran.err and "relay test" in ran.err
    after = released.run("deliveries", OPIOIDS, "--json", expect=0).objects
    # Never a reader's failure: the rows wait, without an attempt.
    assert [(row["reader"], row["state"], row["attempts"]) for row in after] == [
        (row["reader"], row["state"], row["attempts"]) for row in before]


@pytest.mark.parametrize("fault", ["no-relay", "no-password-file", "empty-password-file", "no-ca-file"])
def test_relay_settings(released, fault):
    port = free_port()
    if fault == "no-relay":
        text = (released.folder / "revere.yaml").read_text().split("  relays:")[0]
        (released.folder / "revere.yaml").write_text(text + "  relays: []\n")
    elif fault == "no-ca-file":
        relay(released, port, tls="required", authority="var/nowhere.pem")
    else:
        relay(released, port, tls="required", password="secret")
        if fault == "no-password-file":
            (released.folder / "var/relay-password").unlink()
        elif fault == "empty-password-file":
            (released.folder / "var/relay-password").write_text("\n")
    before = released.state()
    ran = released.run("dispatch")
    assert ran.code in (1, 3) and ran.err
    assert "secret" not in ran.err + ran.out
    if fault != "no-ca-file":
        assert ran.code == 3 and released.state() == before


def test_two_releases_at_once(released):
    """Of the same file one is refused; of two files both get their number, and no number is lost."""
    site = released
    def start(stem):
        return subprocess.Popen(
            [site.program, "release", str(site.bulletin(stem)), "--by", "p.munroe", "--accept", "D02", "--workspace",
             str(site.folder), "--now", NOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    second = site.folder / "bulletins/officer-safety-again.md"
    second.write_text(site.bulletin().read_text())
    running = [start(OFFICER_SAFETY), start(OFFICER_SAFETY), start("officer-safety-again")]
    results = [(*process.communicate(timeout=240), process.returncode) for process in running]
    assert sorted(code for _, _, code in results) == [0, 0, 1], results
    assert [err for _, err, code in results if code][0].count("exactly this revision was released") == 1
    serials = sorted(status["serial"] for status in site.run("status", "--json", expect=0).objects)
    assert serials == ["CFC-OA-2026-0001", "CFC-OS-2026-0001", "CFC-OS-2026-0002"]


@pytest.mark.parametrize("milliseconds", [50, 150, 300, 450, 600, 800, 1_000, 1_300])
def test_killed_while_releasing(released, milliseconds):
    """All of it or nothing, whenever the power goes."""
    before = released.rows()
    process = subprocess.Popen(
        [released.program, "release", str(released.bulletin()), "--by", "p.munroe", "--workspace", str(released.folder),
         "--now", NOW], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=milliseconds / 1_000)
    process.kill()
    process.wait()
    statuses = {status["serial"]: status for status in released.run("status", "--json", expect=0).objects}
    if "CFC-OS-2026-0001" in statuses:
        assert statuses["CFC-OS-2026-0001"]["readers"] == 178
        released.release(expect=1)
    else:
        assert released.rows() == before
        assert "CFC-OS-2026-0001" in released.release(expect=0).out
