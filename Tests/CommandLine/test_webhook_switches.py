"""Pauses and disabled endpoints: what a person's own requests may not send, and what waits for an endpoint."""

import json

from conftest import SITUATION
from test_webhooks import LATER, hook, hook_server, new_secret, released  # noqa: F401 - a fixture among them


def test_replay_leaves_what_is_paused(site, hook_server):  # noqa: F811
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, secret=secret)
    released(site)
    site.run("dispatch", now=LATER, expect=0)
    lane = site.run("status", SITUATION, "--json", expect=0).objects[0]["lane"]
    assert lane in ("priority", "routine")
    replay = ["webhooks", "replay", "northway", "--since", "2026-11-22T00:00:00Z"]
    for words, said in [(["--release", "CFC-SA-2026-0001"], "release CFC-SA-2026-0001"),
                        (["--lane", "priority"], "lane priority"), (["--lane", "routine"], "lane routine")]:
        site.run("pause", *words, now=LATER, expect=0)
        left = site.run(*replay, "--json", now=LATER, expect=0).objects
        if words[0] == "--release" or words[1] == lane:
            assert [line["result"] for line in left] == ["left"] and left[0]["message"] == f"paused: {said}"
        else:
            assert [line["result"] for line in left] == ["accepted"]
        site.run("resume", *words, now=LATER, expect=0)
    sent = len(server.requests(2))
    assert sent == 2
    for stop, words in [(["halt"], "everything is halted"), (["pause", "--channel", "webhook"], "channel webhook is")]:
        site.run(*stop, "--by", "p.munroe", now=LATER, expect=0)
        for verb in [replay, ["webhooks", "test", "northway"]]:
            ran = site.run(*verb, now=LATER, expect=1)
            assert "endpoint northway: nothing is sent" in ran.err and words in ran.err and "p.munroe" in ran.err
        site.run("resume", "--halt" if stop == ["halt"] else "--channel", *stop[2:], now=LATER, expect=0)
    assert len(server.requests(2)) == sent


def test_a_recall_waits_for_a_disabled_endpoint(site, hook_server):  # noqa: F811
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, secret=secret)
    released(site)
    site.run("dispatch", now=LATER, expect=0)
    site.run("webhooks", "disable", "northway", now=LATER, expect=0)
    said = site.run("recall", "CFC-SA-2026-0001", "--by", "p.munroe", "--reason", "x", now=LATER, expect=0).out
    assert "1 of these notices wait" in said and "cannot be told" not in said
    site.run("dispatch", now=LATER, expect=0)
    assert len(server.requests(1)) == 1
    assert "1 deliveries" in site.run("webhooks", "enable", "northway", now=LATER, expect=0).out
    site.run("dispatch", now=LATER, expect=0)
    assert json.loads(server.requests(2)[1]["body"])["type"] == "bulletin.recalled"
