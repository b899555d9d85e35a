"""Arguments, exit codes, help and completion: 0 clean, 1 findings, 2 usage, 3 environment."""

import json
import subprocess

import pytest
from conftest import NOW, OFFICER_SAFETY, OPIOIDS, SITUATION

VERBS = ["init", "templates", "new", "check", "lists", "render", "audience", "release", "dispatch", "status", "deliveries",
         "update", "correct", "recall", "expire", "who", "acknowledge"]


def plain(program, *arguments, **options):
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, **options)


def test_version_and_help(program):
    shown = plain(program, "--version")
    assert shown.returncode == 0 and shown.stdout.strip().count(".") == 2
    shown = plain(program, "--help")
    assert shown.returncode == 0
    for verb in VERBS:
        assert f"  {verb} " in shown.stdout
        help_of = plain(program, verb, "--help")
        assert help_of.returncode == 0 and "USAGE" in help_of.stdout
    assert plain(program).returncode == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(program, shell):
    script = plain(program, "--generate-completion-script", shell)
    assert script.returncode == 0
    for verb in VERBS:
        assert verb in script.stdout
    if shell == "bash":
        assert subprocess.run(["bash", "-n"], input=script.stdout, text=True).returncode == 0


@pytest.mark.parametrize("arguments", [
    ["--bogus"], ["frobnicate"], ["release", "x.md"], ["check", "--format", "html"], ["render", "x.md"],
    ["audience", "x.md", "--all-channels"], ["audience", "x.md", "--explain", "a", "--json"],
    ["dispatch", "--once", "--watch"], ["release", "x.md", "--by", "a", "--update", "--correct"],
    ["deliveries", "X", "--state", "lost"], ["status", "--limit", "0"], ["status", "--limit", "x"],
    ["render", "x.md", "--as", "a", "--all-variants", "-o", "d"], ["render", "x.md", "--channel", "portal", "-o", "d"],
    ["render", "x.md", "--as", "a", "--channel", "pigeon"],
    ["init", ""], ["check", "--workspace", ""], ["render", "x.md", "--as", "a", "-o", ""],
])
def test_usage(program, arguments):
    done = plain(program, *arguments)
    assert done.returncode == 2, done
    assert done.stdout == "" and done.stderr.startswith("Error: ")


@pytest.mark.parametrize("time", ["yesterday", "2026-11-22", "2026-02-30T12:00:00Z", "2026-11-22T12:00:00", ""])
def test_a_clock_that_is_no_time(shared_site, time):
    ran = shared_site.run("check", "--now", time, now=None, expect=2)
    assert "--now takes a time" in ran.err


@pytest.mark.parametrize("arguments", [
    ["new", "opioid"], ["audience", "bulletins/x.md"], ["status", "CFC-OS-2026-0001"], ["deliveries", "x"],
])
def test_nothing_there(shared_site, arguments):
    ran = shared_site.run(*arguments)
    assert ran.code in (2, 3) and ran.out == "" and ran.err.startswith("revere: ")


def test_environment(program, tmp_path, shared_site):
    nowhere = plain(program, "check", cwd="/")
    assert nowhere.returncode == 3 and "revere init" in nowhere.stderr
    shared_site.run("check", "--workspace", tmp_path, workspace=False, expect=3)
    assert "no such file" in shared_site.run("check", "no-such-file.md", expect=3).err
    shared_site.run("check", shared_site.folder, expect=3)
    # Before the first release there is nothing to send or tell.
    for verb in (["dispatch"], ["status"], ["deliveries", "x"]):
        assert "nothing has been released" in shared_site.run(*verb, expect=3).err
    assert not shared_site.database.exists()


def test_the_workspace_is_the_nearest_folder_above(shared_site):
    ran = shared_site.run("check", f"{OPIOIDS}.md", "--skip", "D02", workspace=False,
                          cwd=shared_site.folder / "bulletins", expect=0)
    assert "nothing found" in ran.out


def test_unknown_names(site):
    site.release(OPIOIDS, expect=0)
    for arguments in (["status", "CFC-OS-2026-0009"], ["deliveries", "CFC-OS-2026-0009"],
                      ["audience", site.bulletin(), "--explain", "nobody"], ["new", "officer-savety", "--author", "x"],
                      ["new", "officer-safety", "--author", "nobody"], ["new", "officer-safety"],
                      ["render", site.bulletin(), "--as", "nobody"]):
        ran = site.run(*arguments, expect=2)
        assert ran.out == "" and ran.err.startswith("revere: ")
    assert "did you mean `officer-safety`?" in site.run("new", "officer-savety", "--author", "a.okafor").err


def test_init_twice(program, site):
    before = site.state()
    again = plain(program, "init", str(site.folder), "--sample", "--kit", "/nonexistent")
    assert again.returncode == 3 and "--kit" in again.stderr
    from conftest import ROOT
    again = plain(program, "init", str(site.folder), "--sample", "--kit", str(ROOT))
    assert again.returncode == 3 and "already" in again.stderr
    assert site.state() == before


def test_now_is_honoured(site):
    """Agreements and expiry are judged by the clock that is given."""
    site.run("check", site.bulletin(), "--skip", "D02", expect=0)
    late = "2027-06-01T00:00:00Z"
    ran = site.run("release", site.bulletin(), "--by", "p.munroe", now=late, expect=1)
    assert "expir" in ran.err
    now = site.run("audience", site.bulletin(), "--all-channels", "--json").objects
    then = site.run("audience", site.bulletin(), "--all-channels", "--json", now=late).objects
    assert any(record["decision"] == "full" for record in now)
    assert not any(record["decision"] == "full" for record in then)
    assert any(record["reasons"] == ["expired"] for record in then)
    site.release(OFFICER_SAFETY, expect=0)
    (status,) = site.run("status", "--json", now=late).objects
    assert status["releasedAt"].startswith("2026-11-22T12:00:0")


def test_json_of_every_verb(site):
    keys = {"reader", "channel", "decision", "cut", "thin", "variant", "banner", "tlp", "title", "reasons"}
    records = site.run("audience", site.bulletin(SITUATION), "--all-channels", "--json", expect=0).objects
    assert len(records) == 302 * 6 and all(set(record) == keys for record in records)
    pushed = site.run("audience", site.bulletin(SITUATION), "--json", expect=0).objects
    assert all(set(record) == keys for record in pushed)
    release = json.loads(site.release(SITUATION, "--json", expect=0).out)
    assert release["serial"] == "CFC-SA-2026-0001" and release["readers"] == len(pushed)
    assert sum(line["readers"] for line in release["variants"]) + sum(release["withheld"].values()) == len(pushed)
    (status,) = site.run("status", release["serial"], "--json", expect=0).objects
    assert status["readers"] == len(pushed) and not status["finished"] and sum(status["states"].values()) == len(pushed)
    assert site.run("status", SITUATION, "--json", expect=0).objects == [status]
    rows = site.run("deliveries", release["serial"], "--json", expect=0).objects
    assert {row["reader"] for row in rows} == {record["reader"] for record in pushed}
    withheld = site.run("deliveries", release["serial"], "--state", "withheld", "--json", expect=0).objects
    assert withheld == [row for row in rows if row["state"] == "withheld"] and all(row["reasons"] for row in withheld)
    assert len(withheld) == sum(release["withheld"].values())
    for finding in site.run("lists", "check", "--format", "json", expect=1).objects:
        assert {"file", "line", "column", "severity", "rule", "message"} <= set(finding)


def test_a_refusal_leaves_standard_output_to_machines(site):
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "(U//FOUO) Three vehicle stops", "Three vehicle stops")
    ran = site.release(OFFICER_SAFETY, "--json", expect=1)
    assert ran.out == "" and "[M01]" in ran.err and "not released" in ran.err


def test_new_then_check(site):
    path = site.run("new", "officer-safety", "--author", "a.okafor", "--quiet", expect=0).out.strip()
    ran = site.run("check", path)
    assert not [rule for rule in ran.rules if ": error:" in ran.out], ran.out
    text = open(path).read()
    assert "info-cutoff: 2026-11-22" in text and "expires: 2026-12-22" in text and "{{" not in text
    assert site.run("new", "officer-safety", "--author", "a.okafor", "--name", "../x", expect=3).err
    assert NOW[:10] in path
