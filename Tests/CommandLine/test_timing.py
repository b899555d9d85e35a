"""When things go: releases with `not-before`, quiet hours, and the digest of readers who asked for one message a day.
By the real program and a real SMTP server; time is what `--now` says.
"""

import contextlib
import csv
import json
import subprocess

import pytest
from faulty import BULLETIN, FaultServer, FaultSite, end

READERS = [f"r{n}" for n in range(6)]
# These asked for a digest; r4 and r5 did not.
DIGESTS = READERS[:4]


@pytest.fixture(scope="module")
def prepared(program, tmp_path_factory):
    site = FaultSite.make(program, tmp_path_factory.mktemp("timing") / "site", READERS)
    path = site.folder / "distribution-lists/stakeholders.csv"
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(rows[0] + ["delivery"])
        for row in rows[1:]:
            # One of each format.
            row[-1] = "html" if row[0] in ("r0", "r4") else "text"
            out.writerow(row + ["digest" if row[0] in DIGESTS else "each"])
    return site


@pytest.fixture
def server():
    with contextlib.closing(FaultServer()) as server:
        yield server


@pytest.fixture
def site(prepared, tmp_path, server):
    site = FaultSite.copy(prepared, tmp_path / "site")
    site.relays({"port": server.port, "max-connections": 2})
    return site


def settings(site, line):
    path = site.folder / "revere.yaml"
    path.write_text(path.read_text() + "\n" + line + "\n")


def release(site, stem, front="", series="hold"):
    path = site.folder / "bulletins" / f"{stem}.md"
    path.write_text(BULLETIN.format(series=series, stem=stem).replace("expires:", front + "expires:", 1))
    return site.run("release", path, "--by", "keeper", "--reason", "test").stdout


def status(site, stem, now=None):
    return json.loads(site.run("status", stem, "--json", now=now).stdout)


def deliveries(site, stem):
    lines = site.run("deliveries", stem, "--json").stdout.splitlines()
    return {row["reader"]: row for row in map(json.loads, lines)}


def took(server):
    """Reader: how many messages."""
    return {address.split("@")[0]: len(ids) for address, ids in server.copies().items()}


def states(site, reader, *stems):
    return [site.rows(stem)[reader]["state"] for stem in stems]


def test_one_message_a_day(site, server):
    release(site, "one")
    release(site, "two")
    site.run("dispatch")
    assert took(server) == {"r4": 2, "r5": 2}
    row = deliveries(site, "one")["r0"]
    assert row["state"] == "pending" and row["waitsFor"] == "digest"
    assert row["digest"] == row["waitsUntil"] == "2026-11-23T07:00:00-05:00"
    found = status(site, "one")
    assert found["inDigests"] == 4 and found["nextDigest"] == row["digest"] and not found["finished"]
    assert "wait for their reader's digest" in site.run("status", "one").stdout
    # The same day, and a bulletin that cannot wait.
    release(site, "alarm", "urgency: priority\n")
    site.run("dispatch")
    assert took(server) == {"r0": 1, "r1": 1, "r2": 1, "r3": 1, "r4": 3, "r5": 3}

    site.advance(hours=20)
    assert site.run("dispatch").stdout.startswith("8 accepted")
    assert took(server) == {"r0": 2, "r1": 2, "r2": 2, "r3": 2, "r4": 3, "r5": 3}
    for reader in DIGESTS:
        one, two = (site.rows(stem)[reader] for stem in ("one", "two"))
        assert one["state"] == two["state"] == "accepted" and one["attempts"] == two["attempts"] == 1
        assert one["message_id"] == two["message_id"] and one["queue_id"] == two["queue_id"]
        assert one["message_id"] in server.copies()[one["address"]]
    assert len({site.rows("one")[reader]["message_id"] for reader in DIGESTS}) == len(DIGESTS)
    assert status(site, "one")["finished"]
    site.run("dispatch")
    assert sum(took(server).values()) == 14
    site.check_database()


def test_one_fate(site, server):
    release(site, "one")
    release(site, "two")
    site.run("dispatch")
    site.advance(hours=20)
    server.faults(
        {"at": "rcpt", "do": "reply", "text": "550 5.1.1 no such user", "reader": "r0@"},
        {"at": "rcpt", "do": "reply", "text": "451 4.2.1 later", "reader": "r1@", "times": 1},
        {"at": "dot", "do": "drop", "accepted": True, "reader": "r2@"})
    site.run("dispatch", expect=None)
    assert states(site, "r0", "one", "two") == ["bounced", "bounced"]
    assert states(site, "r1", "one", "two") == ["deferred", "deferred"]
    assert states(site, "r2", "one", "two") == ["uncertain", "uncertain"]
    assert states(site, "r3", "one", "two") == ["accepted", "accepted"]
    one, two = (site.rows(stem)["r1"] for stem in ("one", "two"))
    assert one["next_attempt_at"] == two["next_attempt_at"]
    server.faults()
    site.advance(hours=1)
    site.run("dispatch")
    assert states(site, "r1", "one", "two") == ["accepted", "accepted"]
    assert took(server)["r1"] == 1 and took(server)["r2"] == 1 and "r0" not in took(server)


@pytest.mark.parametrize("second", ["hold", "resend"])
def test_killed_while_sending(site, server, second):
    """Nobody is skipped; what was on the wire is uncertain as a whole, or comes again as a whole under its id."""
    release(site, "one", series="resend")
    release(site, "two", series=second)
    site.run("dispatch")
    server.ask(forget=True)
    site.advance(hours=20)
    # Both connections have handed a digest over and wait for the answer.
    server.faults({"at": "dot", "do": "gate"})
    process = site.start()
    try:
        server.wait(waiting=2)
    finally:
        end(process)
    sending = [reader for reader in DIGESTS if site.rows("one")[reader]["sending_since"] is not None]
    assert 2 <= len(sending) <= 4
    for reader in DIGESTS:
        one, two = (site.rows(stem)[reader]["sending_since"] for stem in ("one", "two"))
        assert (one is None) == (two is None)
    server.ask(open=True)
    server.faults()
    for _ in range(4):
        site.run("dispatch")
        site.advance(hours=1)
    for reader in DIGESTS:
        expected = "uncertain" if reader in sending and second == "hold" else "accepted"
        assert states(site, reader, "one", "two") == [expected, expected], reader
    for address, ids in server.copies().items():
        reader = address.split("@")[0]
        assert len(ids) <= (2 if reader in sending else 1) and len(set(ids)) == 1, (address, ids)
    site.check_database()


def test_withheld_leaves_the_digest(site, server):
    release(site, "one", "to: [r0, r1]\n")
    release(site, "two")
    site.run("dispatch")
    server.ask(forget=True)
    path = site.folder / "distribution-lists/stakeholders.csv"
    path.write_text("".join(line.replace(",active,", ",departed,") if line.startswith("r1,") else line
                            for line in path.read_text().splitlines(keepends=True)))
    site.advance(hours=20)
    site.run("dispatch")
    assert states(site, "r0", "one", "two") == ["accepted", "accepted"]
    assert states(site, "r1", "one", "two") == ["withheld", "withheld"]
    assert took(server) == {"r0": 1, "r2": 1, "r3": 1}


def test_recalled_before_it_goes(site, server):
    """What was recalled is in no digest, and nobody is told of what nobody got."""
    release(site, "one", "to: [r0, r1]\n")
    release(site, "two")
    site.run("recall", "one", "--by", "keeper", "--reason", "wrong")
    site.run("dispatch")
    site.advance(hours=20)
    site.run("dispatch")
    assert states(site, "r0", "two") == ["accepted"]
    assert took(server) == {reader: 1 for reader in READERS}
    found = site.query("SELECT d.state FROM deliveries d JOIN releases r ON r.id = d.release_id"
                       " JOIN bulletins b ON b.id = r.bulletin_id WHERE b.stem = 'one'")
    assert [row["state"] for row in found] == ["cancelled", "cancelled"]


def test_an_address_out_of_use_gets_no_digest(site, server):
    release(site, "one")
    release(site, "two")
    command = site.command("suppressions", site.rows("one")["r0"]["address"], "--by", "keeper", "--reason", "left")
    command.insert(2, "add")
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    site.advance(hours=20)
    site.run("dispatch")
    assert states(site, "r0", "one", "two") == ["withheld", "withheld"]
    assert took(server) == {"r1": 1, "r2": 1, "r3": 1, "r4": 2, "r5": 2}


def test_quiet_hours(site, server):
    settings(site, "delivery: { quiet-hours: 22:00-06:00 }")
    site.advance(hours=11)
    release(site, "routine")
    release(site, "urgent", "urgency: priority\n")
    site.run("dispatch")
    assert took(server) == {reader: 1 for reader in READERS}
    assert states(site, "r4", "routine", "urgent") == ["pending", "accepted"]
    row = deliveries(site, "routine")["r4"]
    assert row["waitsFor"] == "quiet-hours" and row["waitsUntil"] == "2026-11-23T06:00:00-05:00"
    assert "quiet hours until 2026-11-23T06:00:00-05:00" in site.run("deliveries", "routine").stdout
    assert status(site, "routine")["quietUntil"] == "2026-11-23T06:00:00-05:00"
    assert "quiet hours: routine mail waits until" in site.run("status", "routine").stdout
    assert status(site, "urgent").get("quietUntil") is None
    site.advance(hours=7)
    site.run("dispatch")
    assert states(site, "r4", "routine") == ["accepted"] and states(site, "r0", "routine") == ["pending"]
    site.advance(hours=1)
    site.run("dispatch")
    assert states(site, "r0", "routine") == ["accepted"] and took(server) == {reader: 2 for reader in READERS}


@pytest.mark.parametrize("hours,words", [("22:00-22:00", "last all day"), ("22-6", "no span of hours")])
def test_quiet_hours_that_are_none(site, hours, words):
    settings(site, f"delivery: {{ quiet-hours: {hours} }}")
    done = site.run("status", expect=None)
    assert done.returncode == 3 and words in done.stderr and "revere.yaml:" in done.stderr, done


def test_scheduled(site, server):
    settings(site, "delivery: { hold: { routine: 60s } }")
    out = release(site, "later", "not-before: 2026-11-25\n")
    assert "Nothing is sent before 2026-11-25T00:00:00-05:00" in out
    found = status(site, "later")
    assert found["scheduled"] and found["startsAt"] == "2026-11-25T00:00:00-05:00"
    assert "scheduled" in site.run("status", "later").stdout
    assert "scheduled for 2026-11-25T00:00:00-05:00" in site.run("deliveries", "later").stdout
    release(site, "held")
    site.run("dispatch", now="2026-11-22T17:00:30Z")
    assert took(server) == {}
    site.run("dispatch", now="2026-11-22T17:05:00Z")
    assert took(server) == {"r4": 1, "r5": 1}
    # The last second before, and the first of the day at the center.
    site.run("dispatch", now="2026-11-25T04:59:59Z")
    assert states(site, "r4", "later") == ["pending"] and states(site, "r0", "held", "later") == ["accepted", "pending"]
    start = "2026-11-25T05:00:00Z"
    site.run("dispatch", now=start)
    assert states(site, "r4", "later") == ["accepted"] and not status(site, "later", now=start)["scheduled"]


def test_cancelled_before_its_start(site, server):
    release(site, "later", "not-before: 2026-11-25\n")
    site.run("recall", "later", "--by", "keeper", "--reason", "wrong")
    site.run("dispatch", now="2026-11-26T12:00:00Z")
    assert took(server) == {}
    found = site.query("SELECT state, COUNT(*) AS n FROM deliveries GROUP BY state")
    assert {row["state"]: row["n"] for row in found} == {"cancelled": len(READERS)}
