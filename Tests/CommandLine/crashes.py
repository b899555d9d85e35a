"""The crash harness: `kill -9` at random instants while 2,000 readers are served, restart, again.

`make torture` makes 200 kills, `make test` 20 (test_crashes.py). What must hold after each kill and at the end of each
release is asserted here; the first that does not hold ends the run with the seed that repeats it.
"""

import argparse
import contextlib
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from faulty import BATCH, FaultServer, FaultSite, end

READERS = 2_000
CONNECTIONS = 8
# Of the readers: addresses that the relay does not know, and mailboxes that are full at the first try.
BAD, BUSY = 20, 20


class Counts:
    def __init__(self):
        self.kills = self.releases = self.rows = self.accepted = self.bounced = self.uncertain = 0
        self.copies = self.most = self.restarts = 0


class Crashes:
    def __init__(self, program, folder, seed, readers=READERS, connections=CONNECTIONS, say=print):
        self.random = random.Random(seed)
        self.program = program
        self.folder = pathlib.Path(folder)
        self.names = ([f"bad{n}" for n in range(BAD)] + [f"busy{n}" for n in range(BUSY)]
                      + [f"r{n:05d}" for n in range(readers - BAD - BUSY)])
        self.random.shuffle(self.names)
        self.bound = connections + BATCH
        self.connections = connections
        self.counts = Counts()
        self.say = say
        # How long a run that nobody disturbs takes: the first release is left alone, to learn it.
        self.span = None

    def run(self, kills):
        self.server = FaultServer()
        try:
            while self.counts.kills < kills:
                # A new ledger now and then; the releases between share one.
                if self.counts.releases % 10 == 0:
                    self.site = FaultSite.make(self.program, self.folder / f"site-{self.counts.releases}", self.names)
                    self.site.relays({"port": self.server.port, "max-connections": self.connections})
                self.release(kills, "hold" if self.counts.releases % 2 else "resend")
        finally:
            self.server.close()
        return self.counts

    # MARK: One release

    def release(self, kills, series):
        began, counts = time.monotonic(), self.counts
        self.stem = f"crash-{counts.releases}"
        self.series = series
        # Some releases meet a relay that fails too, and some are sent by two workers at once.
        chaos = self.chaos() if counts.releases % 3 == 2 else []
        self.chaotic = bool(chaos)
        # After the final dot of so many messages nobody will know, without any kill.
        self.lost = sum(rule["times"] for rule in chaos if rule["at"] == "dot" and rule["do"] != "reply")
        self.server.ask(forget=True, faults=[
            {"at": "rcpt", "do": "reply", "text": "550 5.1.1 unknown", "reader": "bad"},
            {"at": "rcpt", "do": "reply", "text": "450 4.2.2 full", "reader": "busy", "times": BUSY}, *chaos])
        self.site.release(self.stem, series)
        # What the kills of this release may cost: rows that were begun when a worker died.
        self.owners, self.killed, self.held = {}, 0, 0
        if self.span is None:
            start = time.monotonic()
            self.site.run("dispatch")
            self.span = time.monotonic() - start
        while counts.kills < kills and not self.start_and_kill(kills - counts.kills):
            pass
        self.finish()
        self.begun = sum(self.owners.values())
        copies = self.check_end()
        counts.releases += 1
        counts.copies += copies
        self.say(f"  {self.stem}, {series}: {self.killed} kills ({counts.kills} of {kills}), {self.begun} rows begun"
                 f" when their worker died, {copies} second copies, {self.held} uncertain-held"
                 f"{', the relay fails too' if chaos else ''}; {time.monotonic() - began:.1f} s")

    def chaos(self):
        """Some faults of the relay at random places of the run."""
        def rule():
            do = self.random.choice(["drop", "half", "garbage", "reply"])
            found = {"at": self.random.choice(["mail", "rcpt", "data", "dot", "dot"]), "do": do,
                     "times": self.random.randint(1, 3), "skip": self.random.randrange(READERS)}
            if do == "reply":
                found["text"] = self.random.choice(["421 4.3.2 going down", "451 4.3.0 not now"])
            elif found["at"] == "dot":
                found["accepted"] = self.random.random() < 0.5
            return found

        return [rule() for _ in range(6)]

    def start_and_kill(self, most):
        """True when the run ended before its kill."""
        began = time.monotonic()
        processes = [
            subprocess.Popen(self.site.command("dispatch"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for _ in range(min(most, self.random.choice([1, 1, 2])))]
        # At a random time, or when the relay has taken a random number of further messages.
        deadline = began + self.random.uniform(0, self.span)
        killed = 0
        try:
            if self.random.random() < 0.5:
                wanted = self.server.ask()["accepted"] + self.random.randrange(READERS // 4)
                while any(process.poll() is None for process in processes):
                    if "late" not in self.server.ask(wait={"accepted": wanted}, seconds=0.2):
                        break
                deadline = time.monotonic()
            for process in processes:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=max(0, deadline - time.monotonic()))
            # All before any is reaped: until then nobody takes a dead worker's rows for a dead worker's.
            for process in processes:
                process.kill()
            for process in processes:
                out, _ = process.communicate()
                killed += process.returncode == -signal.SIGKILL
                assert process.returncode in ((-signal.SIGKILL, 0, 1) if self.chaotic else (-signal.SIGKILL, 0)), \
                    f"exit {process.returncode}: {out}"
        finally:
            for process in processes:
                end(process)
        if not killed:
            return True
        self.counts.kills += killed
        self.killed += killed
        self.check_kill()
        return False

    def check_kill(self):
        """What the dead workers left; then, now and then, a look at what the next one makes of it."""
        rows = self.site.rows(stem=self.stem)
        begun = [row for row in rows.values() if row["sending_since"] is not None]
        owners = [row["lease_owner"] for row in begun]
        for owner in set(owners):
            assert owners.count(owner) <= self.bound, f"{owners.count(owner)} rows were begun by {owner}"
            self.counts.most = max(self.counts.most, owners.count(owner))
        taken = self.server.ask()["accepted"]
        recorded = sum(row["state"] == "accepted" for row in rows.values())
        # Every message that the relay took and the ledger does not know of is one of a row that was begun.
        known = recorded + sum(row["second_copies"] for row in rows.values()) \
            + sum(row["state"] == "uncertain" for row in rows.values())
        assert taken <= known + len(begun), f"the relay took {taken}, {known} recorded, {len(begun)} begun"
        # A worker that dies before it looked leaves the rows of the one before where they were.
        self.owners |= {owner: owners.count(owner) for owner in owners}
        self.site.check_database()
        if self.random.random() < 0.3:
            self.check_restart(rows)

    def check_restart(self, before):
        """A worker that may not send: what was claimed and never begun is pending again, what was begun is not."""
        self.site.halt()
        self.site.run("dispatch")
        after = self.site.rows(stem=self.stem)
        for reader, row in before.items():
            now = after[reader]
            if row["state"] != "leased":
                assert tuple(now) == tuple(row), f"{reader}: {dict(row)} became {dict(now)}"
            elif row["sending_since"] is None:
                assert (now["state"], now["attempts"], now["second_copies"]) == (
                    "pending", row["attempts"], row["second_copies"]), dict(now)
            elif self.series == "hold":
                assert (now["state"], now["attempts"]) == ("uncertain", row["attempts"]), dict(now)
            else:
                assert (now["state"], now["second_copies"]) == ("deferred", row["second_copies"] + 1), dict(now)
        self.site.resume()
        self.counts.restarts += 1

    def finish(self):
        """Undisturbed to the end; second tries come when their time has come."""
        for _ in range(20):
            self.site.run("dispatch", expect=None if self.chaotic else 0)
            states = self.site.states(stem=self.stem)
            if not states.keys() & {"pending", "leased", "deferred"}:
                return
            self.site.advance(hours=1)
        raise AssertionError(f"not finished: {states}")

    def check_end(self):
        counts, rows = self.counts, self.site.rows(stem=self.stem)
        assert rows.keys() == set(self.names), "a reader has no row"
        copies = self.server.copies()
        extra = 0
        for reader, row in rows.items():
            ids = copies.get(row["address"], [])
            if row["state"] == "accepted":
                assert ids, f"{reader} is accepted in the ledger, and the relay took nothing"
            elif row["state"] == "bounced":
                assert reader.startswith("bad") and not ids, f"{reader}: {ids}"
            else:
                assert row["state"] == "uncertain" and self.series == "hold", dict(row)
                assert row["reply_text"], f"{reader}: nobody says why it is uncertain"
                self.held += 1
            assert set(ids) <= {row["message_id"]} or row["message_id"] is None and len(set(ids)) == 1, \
                f"{reader}: {ids}, {row['message_id']}"
            assert len(ids) <= 1 + row["second_copies"], f"{reader}: {len(ids)} copies, {row['second_copies']} told"
            extra += max(0, len(ids) - 1)
        assert {row["address"] for row in rows.values()} >= copies.keys()
        assert extra <= self.begun + self.lost, f"{extra} second copies, {self.begun} begun, {self.lost} lost"
        assert self.begun <= self.killed * self.bound
        self.check_audit(rows)
        counts.rows += len(rows)
        counts.uncertain += self.held
        for state in ("accepted", "bounced"):
            setattr(counts, state, getattr(counts, state) + sum(row["state"] == state for row in rows.values()))
        return extra

    def check_audit(self, rows):
        """The audit says how many readers there are, and what became of what dead workers had begun."""
        entries = self.site.check_database()
        release = [entry for entry in entries if entry["action"] == "release" and f"{self.stem} " in entry["detail"]]
        assert len(release) == 1 and f", {len(rows)} readers." in release[0]["detail"], [tuple(e) for e in release]
        begun = sum(int(entry["detail"].split(" begun")[0].split()[-1]) for entry in entries
                    if entry["action"] == "lapse" and entry["id"] > release[0]["id"])
        told = sum(row["second_copies"] for row in rows.values()) + self.held
        assert begun == self.begun, f"the audit has {begun} rows begun by dead workers, {self.begun} were seen"
        assert begun <= told <= begun + self.lost, \
            f"the audit has {begun} rows of dead workers, the ledger {told}; the relay failed {self.lost} times"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--revere", required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    given = parser.parse_args()
    print(f"torture: {given.kills} kills, {given.readers} readers, {given.connections} connections, seed {given.seed}",
          flush=True)
    began = time.monotonic()

    def say(line):
        print(line, flush=True)

    with tempfile.TemporaryDirectory(prefix="revere-torture-") as folder:
        crashes = Crashes(given.revere, folder, given.seed, given.readers, given.connections, say)
        try:
            counts = crashes.run(given.kills)
        except BaseException:
            print(f"torture: failed after {crashes.counts.kills} kills; again with: --seed {given.seed}", flush=True)
            raise
    print(f"torture: {counts.kills} kills in {counts.releases} releases to {given.readers} readers,"
          f" {time.monotonic() - began:.0f} s, seed {given.seed}: of {counts.rows} rows {counts.accepted} accepted,"
          f" {counts.bounced} bounced, {counts.uncertain} uncertain-held, nobody skipped; {counts.copies} second copies,"
          f" each with the Message-ID of the first; at most {counts.most} rows begun at a kill"
          f" (bound {crashes.bound}); {counts.restarts} restarts looked at; audit and ledger agree; integrity_check ok",
          flush=True)


if __name__ == "__main__":
    sys.exit(main())
