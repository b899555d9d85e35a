"""Twenty kills of the crash harness; `make torture` makes 200."""

import os

import crashes


def test_twenty_kills(program, tmp_path):
    seed = int(os.environ.get("REVERE_SEED") or int.from_bytes(os.urandom(4), "big"))
    print(f"seed {seed}")
    counts = crashes.Crashes(program, tmp_path, seed).run(20)
    assert counts.kills == 20 and counts.rows == counts.releases * crashes.READERS
    assert counts.accepted + counts.bounced + counts.uncertain == counts.rows
