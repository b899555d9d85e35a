"""`kill -9` while webhooks are sent: nobody is skipped, a second copy is bounded and has the webhook-id of the first."""

import base64
import json
import os
import random
import subprocess
import sys
import threading
import time

import pytest
from faulty import BATCH, ROOT, FaultSite, end

READERS = [f"w{n:03d}" for n in range(300)]
KILLS = 4


class Receiver:
    """Tests/Servers/webhook_server.py; each request is a line."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "Tests/Servers/webhook_server.py")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        ready = json.loads(self.process.stdout.readline())
        self.port, self.authority = ready["port"], ready["ca"]
        self.ids = {}
        self.count = 0
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            request = json.loads(line)
            self.ids.setdefault(request["path"].strip("/"), []).append(request["headers"]["webhook-id"])
            self.count += 1

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.reader.join(timeout=60)
        self.process.stdout.close()


@pytest.fixture(params=["hold", "resend"])
def site(request, program, tmp_path):
    site = FaultSite.make(program, tmp_path / "site", READERS, channel="webhook")
    site.series = request.param
    receiver = Receiver()
    site.receiver = receiver
    site.relays({"port": 9})
    with open(site.folder / "revere.yaml", "a") as file:
        file.write(f"webhooks: {{ allow-networks: [127.0.0.0/8, '::1/128'], ca-file: {receiver.authority} }}\n")
    secret = site.folder / "var/endpoint-secret"
    secret.write_text("whsec_" + base64.b64encode(bytes(range(32))).decode() + "\n")
    secret.chmod(0o600)
    endpoints = [f"  - {{ id: hook-{name}, stakeholder: {name}, url: 'https://localhost:{receiver.port}/{name}',"
                 " secret-file: var/endpoint-secret }" for name in READERS]
    (site.folder / "distribution-lists/endpoints.yaml").write_text("endpoints:\n" + "\n".join(endpoints) + "\n")
    site.release("hooks", site.series)
    yield site
    receiver.close()


def test_kills_while_webhooks_are_sent(site):
    seed = int(os.environ.get("REVERE_SEED") or int.from_bytes(os.urandom(4), "big"))
    print(f"seed {seed}")
    dice = random.Random(seed)
    owners = {}
    for _ in range(KILLS):
        wanted = site.receiver.count + dice.randrange(len(READERS) // KILLS)
        process = site.start("--quiet")
        try:
            until = time.monotonic() + 60
            while site.receiver.count < wanted and process.poll() is None:
                assert time.monotonic() < until
        finally:
            end(process)
        begun = [row["lease_owner"] for row in site.rows().values() if row["sending_since"] is not None]
        for owner in set(begun):
            owners[owner] = begun.count(owner)
        site.check_database()
    for _ in range(20):
        done = site.run("dispatch", expect=None)
        if not site.states().keys() & {"pending", "leased", "deferred"}:
            break
        site.advance(hours=1)
    # Lines may come later than answers; at its end the receiver has told all.
    site.receiver.close()
    rows = site.rows()
    assert rows.keys() == set(READERS)
    extra = 0
    for reader, row in rows.items():
        ids = site.receiver.ids.get(reader, [])
        if row["state"] == "accepted":
            assert ids, f"{reader} is accepted in the ledger, and nothing arrived"
        else:
            assert row["state"] == "uncertain" and site.series == "hold" and row["reply_text"], (dict(row), done)
        assert len(set(ids)) <= 1, ids
        extra += max(0, len(ids) - 1)
    assert len({one for ids in site.receiver.ids.values() for one in ids}) == len(site.receiver.ids)
    assert extra <= sum(owners.values()), f"{extra} second copies, {owners} begun"
    # 32 connections at most (WebhookParcel.swift), and a batch.
    assert all(count <= 32 + BATCH for count in owners.values()), owners
    lapsed = sum(int(entry["detail"].split(" begun")[0]) for entry in site.check_database()
                 if entry["action"] == "lapse")
    assert lapsed == sum(owners.values()), (lapsed, owners)
