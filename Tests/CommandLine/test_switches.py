"""pause, resume and halt: what is stopped stays stopped over restarts, is listed and audited, and loses nobody."""

import os

import pytest
from conftest import OFFICER_SAFETY, SITUATION, relay

LATER = "2026-11-22T12:30:00-05:00"


@pytest.fixture
def released(site, mail_server):
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    relay(site, server.port, tls="required", authority=server.authority, password="pass word", name="main")
    site.release(SITUATION, "--accept", "D02", expect=0)
    return site, server


def counts(site):
    (status,) = site.run("status", SITUATION, "--json", expect=0).objects
    return {state: count for state, count in status["states"].items() if count}


SCOPES = {
    "all": [],
    "lane": ["--lane", "routine"],
    "relay": ["--relay", "main"],
    "channel": ["--channel", "email-tls"],
    "release": ["--release", SITUATION],
}


@pytest.mark.parametrize("scope", ["halt", *SCOPES])
def test_stops_and_lets_go(released, scope):
    site, server = released
    lane = site.run("status", SITUATION, "--json").objects[0]["lane"]
    words = {**SCOPES, "lane": ["--lane", lane]}.get(scope, [])
    before = counts(site)
    stop = ["halt"] if scope == "halt" else ["pause", *words]
    (said,) = site.run(*stop, "--by", "p.munroe", "--reason", "wrong map", "--json", expect=0).objects
    assert said["stopped"] == scope and said["changed"] and said["by"] == "p.munroe" and said["reason"] == "wrong map"
    site.run("dispatch", now=LATER)
    # Readers with another channel got it by that one.
    left = counts(site)
    assert left["pending"] > 50 and (scope == "channel" or left == before)
    (listed,) = [line for line in site.run("status", "--json", expect=0).objects if "stopped" in line]
    assert listed["stopped"] == scope and listed["name"] == said["name"]
    text = site.run("status", expect=0).out
    assert ("HALTED" if scope == "halt" else "PAUSED") in text and "wrong map" in text
    # A second time changes nothing, and the first word stands.
    (again,) = site.run(*stop, "--by", "somebody", "--json", expect=0).objects
    assert not again["changed"] and again["by"] == "p.munroe"

    resume = ["resume", "--halt"] if scope == "halt" else ["resume", *words]
    assert "resumed" in site.run(*resume, "--by", "p.munroe", "--reason", "right map", expect=0).out
    ran = site.run(*resume, expect=1)
    assert "not paused" in ran.err or "nothing is halted" in ran.err
    site.run("dispatch", now="2026-11-22T12:45:00-05:00", expect=0)
    assert counts(site)["accepted"] == before["pending"]
    arrived = server.arrived()
    assert len(arrived) == len({tuple(message["to"]) for message in arrived}) == before["pending"]
    log = [line for line in site.rows() if line.startswith('INSERT INTO "audit"')]
    stopped = [line for line in log if f"'{'halt' if scope == 'halt' else 'pause'}'" in line]
    assert len(stopped) == 1 and "wrong map" in stopped[0]
    assert len([line for line in log if "'resume'" in line and "right map" in line]) == 1


def test_a_halt_is_lifted_by_its_own_word(released):
    site, _ = released
    site.run("halt", "--reason", "leak", expect=0)
    ran = site.run("resume", expect=1)
    assert "HALTED" in ran.err and "leak" in ran.err
    assert "HALTED" in site.run("status", expect=0).out
    site.run("pause", expect=0)
    ran = site.run("resume", "--halt", expect=0)
    assert "still PAUSED: everything" in ran.out


def test_a_paused_relay_leaves_the_others(released, mail_server):
    site, server = released
    settings = site.folder / "revere.yaml"
    other = mail_server("--tls", "required", "--auth", "revere:pass word")
    text = settings.read_text()
    second = text.split("  relays:\n")[1].split("store:")[0].replace("main", "second")
    second = second.replace(str(server.port), str(other.port)).replace(server.authority, other.authority)
    settings.write_text(text.replace("store: sqlite", second + "store: sqlite"))
    site.run("pause", "--relay", "main", expect=0)
    site.run("dispatch", now=LATER, expect=0)
    assert counts(site)["accepted"] > 50
    assert server.arrived() == [] and len(other.arrived()) > 50


@pytest.mark.parametrize("words", [
    ["--lane", "fast"], ["--relay", "nobody"], ["--channel", "none"], ["--release", "CFC-XX-2026-0001"],
    ["--lane", "routine", "--relay", "main"],
])
@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_names_that_are_none(released, verb, words):
    site, _ = released
    before = site.state()
    ran = site.run(verb, *words, expect=2)
    assert words[1] in ran.err or "exclude each other" in ran.err
    assert site.state() == before


def test_halt_needs_no_sound_lists(released):
    site, _ = released
    (site.folder / "distribution-lists/lists/broken.yaml").write_text("id: [\n")
    site.run("halt", expect=0)
    site.run("resume", "--halt", expect=0)


def test_an_urgent_release_is_sent_while_the_rest_is_paused(released):
    site, server = released
    before = counts(site)
    lane = site.run("status", SITUATION, "--json").objects[0]["lane"]
    assert lane != "immediate"
    site.run("pause", "--lane", lane, expect=0)
    site.release(OFFICER_SAFETY, expect=0)
    site.run("dispatch", now=LATER, expect=0)
    assert counts(site) == before
    (urgent,) = site.run("status", OFFICER_SAFETY, "--json", expect=0).objects
    assert urgent["finished"] and urgent["states"]["accepted"] > 0


BROKEN = {
    "a key": lambda text: text.replace("contacts:", "contactz:", 1),
    "no site": lambda text: text.replace("site:", "sight:", 1),
    "no YAML": lambda text: "::: {\n" + text,
}


@pytest.mark.parametrize("how", BROKEN)
def test_switches_work_with_broken_settings(released, how):
    site, server = released
    settings = site.folder / "revere.yaml"
    sound = settings.read_text()
    before = counts(site)
    settings.write_text(BROKEN[how](sound))
    ran = site.run("halt", "--reason", "leak", "--json", expect=0)
    assert ran.objects[0]["stopped"] == "halt" and ran.objects[0]["changed"]
    assert "revere.yaml:" in ran.err and "the ledger is sqlite:var/revere.db" in ran.err
    assert ("cannot be read" in ran.err) == (how == "no YAML")
    assert "HALTED" in site.run("status", expect=0).out
    site.run("pause", "--lane", "routine", expect=0)
    site.run("resume", "--lane", "routine", expect=0)
    settings.write_text(sound)
    site.run("dispatch", now=LATER)
    assert counts(site) == before and server.arrived() == []
    settings.write_text(BROKEN[how](sound))
    site.run("resume", "--halt", expect=0)
    # What decides about readers asks for a sound file.
    site.run("recall", SITUATION, "--by", "p.munroe", "--reason", "x", expect=3)


def test_a_halt_before_the_first_release_stands(site, mail_server):
    server = mail_server("--tls", "required", "--auth", "revere:pass word")
    relay(site, server.port, tls="required", authority=server.authority, password="pass word", name="main")
    site.run("pause", expect=3)
    assert not site.database.exists()
    assert site.run("halt", "--json", expect=0).objects[0]["changed"]
    site.release(SITUATION, "--accept", "D02", expect=0)
    site.run("dispatch", now=LATER)
    assert server.arrived() == []
    assert "HALTED" in site.run("status", expect=0).out


def test_no_ledger_is_made_on_a_guess(site):
    """The worker's may be elsewhere: a halt in a new one would stop nothing."""
    settings = site.folder / "revere.yaml"
    settings.write_text("::: {\n" + settings.read_text())
    ran = site.run("halt", expect=3)
    assert "REVERE_STORE" in ran.err and not site.database.exists()
    other = site.folder / "var" / "other.db"
    site.run("halt", env={**os.environ, "REVERE_STORE": f"sqlite:{other}"}, expect=0)
    assert other.exists() and not site.database.exists()
