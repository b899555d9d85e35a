"""What a policy says of itself, and what a change of it does to readers."""

import re

import pytest

from conftest import OFFICER_SAFETY, ROOT, SITUATION

POLICY = "distribution-lists/release-policy.yaml"


def test_a_version_that_goes_down(site):
    """The ledger remembers the version of the latest import; files without a ledger are judged alone."""
    assert "P05" not in site.run("lists", "check").rules
    site.release(OFFICER_SAFETY, expect=0)
    assert "P05" not in site.run("lists", "check").rules
    site.edit(POLICY, "version: 2\n", "version: 1\n")
    (found,) = [record for record in site.run("lists", "check", "--format", "json", expect=1).objects
                if record["rule"] == "P05"]
    assert (found["file"], found["line"], found["severity"]) == (POLICY, 5, "warning")
    assert "1 is lower than 2" in found["message"] and "higher version" in found["explanation"]
    site.release(SITUATION, expect=0)
    # What was imported last counts.
    assert "P05" not in site.run("lists", "check").rules


def test_a_policy_of_next_month(site):
    site.edit(POLICY, "effective: 2026-11-15", "effective: 2026-12-15")
    ran = site.run("lists", "check", expect=1)
    assert f"{POLICY}:6:12: warning: [P05]" in ran.out and "2026-12-15" in ran.out
    assert "P05" not in site.run("lists", "check", now="2026-12-15T12:00:00-05:00").rules


@pytest.mark.parametrize("old, new", [("version: 2\n", "version: two\n"), ("2026-11-15", "2026-11-31")])
def test_a_head_that_cannot_be_read(site, old, new):
    site.edit(POLICY, old, new)
    assert site.run("lists", "check", expect=1).out.startswith(f"{POLICY}:")
    assert "L04" in site.release(expect=3).rules


def test_what_a_change_of_the_policy_does(site):
    same = site.run("audience", site.bulletin(), "--against", site.folder / POLICY, expect=0)
    assert "0 readers gain" in same.out and "0 lose" in same.out
    assert site.run("audience", site.bulletin(), "--against", ROOT / POLICY, "--json", expect=0).objects == []
    old = site.folder / "policy-before.yaml"
    text, count = re.subn(r"  LES:\n(?:    .*\n)+", "  LES: { any: [] }\n", (site.folder / POLICY).read_text())
    assert count == 1
    old.write_text(text.replace("version: 2", "version: 1"))
    before = site.state()
    changes = site.run("audience", site.bulletin(), "--against", old, "--json", expect=0).objects
    assert changes and all(set(change) == {"reader", "channel", "change", "reasons", "before", "after"} for change in changes)
    assert {change["change"] for change in changes} == {"gains"}
    assert all("atom(LES)" in change["reasons"] for change in changes)
    lines = {(record["reader"], record["channel"]): record for record in
             site.run("audience", site.bulletin(), "--all-channels", "--json", expect=0).objects}
    assert all(change["after"] == lines[change["reader"], change["channel"]] for change in changes)
    shown = site.run("audience", site.bulletin(), "--against", old, expect=0)
    readers = len({change["reader"] for change in changes})
    assert f"cfc 1 ({old}) to cfc 2: {readers} readers gain" in shown.out and "\nemail-tls\n" in shown.out
    assert "[atom(LES)]" in shown.out
    assert site.state() == before
    old.write_text(text.replace("LES: {", "LESS: {"))
    ran = site.run("audience", site.bulletin(), "--against", old, expect=3)
    assert f"{old}:23:3: error: [P01]" in ran.err


@pytest.mark.parametrize("extra", [["--all-channels", "--json"], ["--explain", "a.okafor"]])
def test_against_stands_with_json_alone(site, extra):
    site.run("audience", site.bulletin(), "--against", site.folder / POLICY, *extra, expect=2)


def test_a_policy_that_is_not_there(site):
    ran = site.run("audience", site.bulletin(), "--against", "nowhere.yaml", expect=3)
    assert "nowhere.yaml" in ran.err and "no such file" in ran.err
