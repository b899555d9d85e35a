"""`revere check`: the text format that editors read, JSON and SARIF, fixes, explanations, looking again at each save."""

import csv
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess

import pydantic
import pytest
from conftest import NOW, OFFICER_SAFETY, ROOT, SITUATION
from pydantic_sarif import model as sarif_schema

BROKEN = ROOT / "Tests/Fixtures/samples/broken"
LINE = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): (?P<severity>error|warning): "
                  r"\[(?P<rule>[A-Z]\d\d)\] (?P<message>\S.*)$")


def expected():
    with open(BROKEN / "expected.csv", newline="") as file:
        return [(row["file"], row["rule"], int(row["line"])) for row in csv.DictReader(file)
                if row["rule"] != "M11" and known(row["file"])]


def known(file):
    """Its series has a template; F06 has none by intent."""
    series = re.search(r"^series: (\S+)$", (BROKEN / file).read_text(), re.M).group(1)
    return file.startswith("F06") or (ROOT / "templates" / series).is_dir()


@pytest.mark.parametrize("stem", sorted(path.stem for path in (ROOT / "templates/sample/bulletins").glob("*.md")))
def test_good_samples_are_clean(shared_site, stem):
    ran = shared_site.run("check", shared_site.bulletin(stem), *READERS, expect=0)
    assert ran.out.strip() == "1 file, nothing found." and ran.err == ""


def test_every_broken_sample(site):
    """All in one run: what the table says, on its line, as text and as JSON."""
    folder = site.folder / "bulletins"
    for path in BROKEN.iterdir():
        shutil.copy(path, folder)
    names = [name for name, _, _ in expected()]
    ran = site.run("check", *[folder / name for name in names], expect=1)
    found = [LINE.match(line) for line in ran.out.splitlines() if not line.startswith("    ")]
    assert found[-1] is None and re.fullmatch(r"\d+ errors?, \d+ warnings? in \d+ files\.", ran.out.splitlines()[-1])
    assert all(found[:-1]), "a line that no editor can read"
    seen = {(match["file"].rsplit("/", 1)[1], match["rule"], int(match["line"])) for match in found[:-1]
            if match["rule"] != "D02"}
    assert seen == set(expected())
    records = site.run("check", *[folder / name for name in names], "--format", "json", expect=1).objects
    assert [(r["file"], r["line"], r["column"], r["severity"], r["rule"], r["message"]) for r in records] == [
        (m["file"], int(m["line"]), int(m["column"]), m["severity"], m["rule"], m["message"]) for m in found[:-1]]
    assert all(record["line"] >= 1 and record["column"] >= 1 for record in records)


def test_the_designation_indicator(site):
    shutil.copy(BROKEN / "M11-no-designation-indicator.md", site.folder / "bulletins")
    text = (site.folder / "revere.yaml").read_text()
    (site.folder / "revere.yaml").write_text(re.sub(r"  cui:\n    .*\n    .*\n", "", text))
    ran = site.run("check", site.bulletin("M11-no-designation-indicator"), expect=1)
    assert "M11" in ran.rules


@pytest.mark.parametrize("name", ["stakeholders", "organizations", "lists/officer-safety-statewide"])
def test_a_site_that_cannot_be_read(site, name):
    """What refuses every release is said once, in place of names that seem not to be there."""
    path = f"distribution-lists/{name}.yaml"
    (site.folder / path).write_text("- [\n")
    found = site.run("check", site.bulletin(), site.bulletin("situational-awareness-false-contractors"),
                     "--format", "json", expect=1).objects
    (unread,) = [record for record in found if record["file"] == path]
    assert (unread["rule"], unread["severity"]) == ("L04", "error")
    assert "F07" not in {record["rule"] for record in found}


def test_words_of_the_file_do_not_reach_the_terminal_raw(site):
    path = site.bulletin("escape")
    path.write_text("---\nseries: \"off\\e[2J\\u009b31m\\nx.md:1:1: error: [M99] forged\"\n---\n\n## (U) \x1b[31mRed\n\nText\n")
    ran = site.run("check", path, expect=1)
    assert "\x1b" not in ran.out and "\x9b" not in ran.out
    assert not [line for line in ran.out.splitlines() if line.startswith("x.md")]


# Findings about readers of the sample site whose facts ended; they may stand beside any bulletin.
READERS = ["--skip", "D02"]


def test_skip(shared_site):
    path = shared_site.bulletin(OFFICER_SAFETY)
    ran = shared_site.run("check", path, expect=1)
    assert ran.rules == ["D02"] and "because facts about them expired" in ran.out
    assert shared_site.run("check", path, "--skip", "d02", expect=0).out.strip() == "1 file, nothing found."
    assert "no rule `D99`" in shared_site.run("check", path, "--skip", "D99", expect=2).err


def test_explain(program):
    shown = subprocess.run([program, "check", "--explain", "m05"], capture_output=True, text=True)
    assert shown.returncode == 0 and shown.stdout.startswith("M05  FOUO beside LES")
    assert "Bad:\n    (U//FOUO//LES)" in shown.stdout and "Source: " in shown.stdout
    for arguments in (["--explain", "Z99"], ["--explain", "M05", "x.md"], ["--watch", "--fix"],
                      ["--watch", "--format", "sarif"]):
        assert subprocess.run([program, "check", *arguments], capture_output=True).returncode == 2


def copied(site, rule, name="mended"):
    path = site.bulletin(name)
    file = next(file for file, found, _ in expected() if found == rule)
    path.write_bytes((BROKEN / file).read_bytes())
    return path


@pytest.mark.parametrize("rule", ["F03", "M03", "M04", "M05", "M09"])
def test_fix(site, rule):
    path = copied(site, rule)
    path.chmod(0o640)
    before = path.read_text()
    ran = site.run("check", path, "--fix", *READERS, expect=0)
    line = next(line for file, found, line in expected() if found == rule)
    assert re.search(rf"^.*mended\.md:{line}: fixed: \[{rule}\] .+ -> .+$", ran.out, re.M)
    assert ran.out.endswith("1 file, nothing found.\n")
    after = path.read_text()
    assert sum(a != b for a, b in zip(before.splitlines(), after.splitlines())) == 1
    assert path.stat().st_mode & 0o777 == 0o640 and list(path.parent.glob("*mended*")) == [path]
    # A second run has nothing to do, and does not write.
    stamp = path.stat().st_mtime_ns
    assert "fixed:" not in site.run("check", path, "--fix", *READERS, expect=0).out
    assert path.stat().st_mtime_ns == stamp and path.read_text() == after


def test_fix_leaves_what_only_the_author_can_say(site):
    path = copied(site, "M02")
    before = path.read_bytes()
    assert "M02" in site.run("check", path, "--fix", expect=1).rules
    assert path.read_bytes() == before
    path = copied(site, "M03")
    ran = site.run("check", path, "--fix", "--format", "json", *READERS, expect=0)
    assert ran.out == "" and "fixed: [M03]" in ran.err


def test_fix_cannot_write(site):
    path = copied(site, "M03")
    before = path.read_bytes()
    path.parent.chmod(0o555)
    try:
        if not os.access(path.parent, os.W_OK):
            assert "cannot be written" in site.run("check", path, "--fix", expect=3).err
        assert path.read_bytes() == before or os.access(path.parent, os.W_OK)
    finally:
        path.parent.chmod(0o755)


def sarif_uri(location):
    assert re.fullmatch(r"(file:///)?[A-Za-z0-9._~!$&'()*+,=@/%-]+", location["uri"])
    assert not re.search(r"%(?![0-9A-F]{2})", location["uri"])


def sarif(log):
    """The log against the schema of SARIF 2.1.0 (OASIS), with its unknown keys refused, and what a schema cannot say."""
    sarif_schema.StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate_json(json.dumps(log), strict=True)
    assert log["$schema"].endswith("sarif-2.1.0.json")
    run, = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints" and run["tool"]["driver"]["name"] == "revere"
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(ids)) == len(ids)
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"] and result["level"] in ("warning", "error")
        location, = result["locations"]
        sarif_uri(location["physicalLocation"]["artifactLocation"])
        assert {"startLine", "startColumn"} <= set(location["physicalLocation"]["region"])
        for fix in result.get("fixes", []):
            change, = fix["artifactChanges"]
            sarif_uri(change["artifactLocation"])
            replacement, = change["replacements"]
            region = replacement["deletedRegion"]
            assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])
    return run


@pytest.mark.parametrize("change", [
    lambda log: log.update(extra=1), lambda log: log.update(version="2.0.0"),
    lambda log: log["runs"][0]["results"][0].update(level="bad"),
    lambda log: log["runs"][0]["results"][0].pop("message"),
    lambda log: log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0),
])
def test_the_schema_of_sarif_refuses(site, change):
    path = site.folder / "bulletins/broken.md"
    path.write_text("no front matter\n")
    log = json.loads(site.run("check", path, "--format", "sarif", expect=1).out)
    assert sarif(log)["results"]
    change(log)
    with pytest.raises(pydantic.ValidationError):
        sarif(log)


def test_sarif(site):
    folder = site.folder / "bulletins"
    for path in BROKEN.iterdir():
        shutil.copy(path, folder)
    names = [folder / name for name, _, _ in expected()]
    odd = folder / "a b#ü.md"
    shutil.copy(BROKEN / "M03-wrong-order.md", odd)
    ran = site.run("check", *names, odd, "--format", "sarif", expect=1)
    run = sarif(json.loads(ran.out))
    records = site.run("check", *names, odd, "--format", "json", expect=1).objects
    found = [(result["ruleId"], result["level"], result["locations"][0]["physicalLocation"]["region"]["startLine"],
              result["locations"][0]["physicalLocation"]["region"]["startColumn"]) for result in run["results"]]
    assert found == [(r["rule"], r["severity"], r["line"], r["column"]) for r in records]
    # A fix names exactly the text that it replaces.
    fixed = 0
    for result, record in zip(run["results"], records):
        for fix in result.get("fixes", []):
            region = fix["artifactChanges"][0]["replacements"][0]["deletedRegion"]
            line = pathlib.Path(record["file"]).read_text().splitlines()[region["startLine"] - 1]
            assert line[region["startColumn"] - 1:region["endColumn"] - 1] == record["fix"]["replacing"]
            fixed += 1
    assert fixed >= 6
    assert run["results"][-1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("a%20b%23%C3%BC.md")


def test_sarif_of_nothing_and_of_lists(site):
    ran = site.run("check", site.bulletin(SITUATION), "--format", "sarif", *READERS, expect=0)
    assert sarif(json.loads(ran.out))["results"] == []
    run = sarif(json.loads(site.run("lists", "check", "--format", "sarif", expect=1).out))
    assert {result["ruleId"] for result in run["results"]} >= {"L05"}


def test_watch(site, program):
    """One look at the start, one for each save; Ctrl-C ends it with the last look's exit code."""
    path = copied(site, "M03")
    command = [program, "check", str(path), "--watch", *READERS, "--workspace", str(site.folder), "--now", NOW]
    watch = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        def look():
            lines = []
            while not lines or not lines[-1].endswith(("found.", "file.")):
                line = watch.stdout.readline()
                assert line, "it ended by itself"
                lines.append(line.rstrip("\n"))
            return lines
        assert "[M03]" in look()[0]
        broken = path.read_text()
        path.write_text(broken.replace("(U//NF/FOUO)", "(U//FOUO/NF)"))
        assert look() == ["1 file, nothing found."]
        # As editors save: a file beside it, moved over it.
        beside = path.with_name(".mended.md.swp")
        beside.write_text(broken)
        beside.rename(path)
        assert "[M03]" in look()[0]
        (site.folder / "templates/officer-safety/template.yaml").touch()
        watch.send_signal(signal.SIGINT)
        rest, errors = watch.communicate(timeout=60)
        assert watch.returncode == 1 and errors == ""
    finally:
        if watch.poll() is None:
            watch.kill()
            watch.wait()


def test_pre_commit_example(site, program):
    """The hook of Documentation/check.md, in a repository of its own."""
    text = (ROOT / "Documentation/check.md").read_text()
    script = re.search(r"```sh\n(#!/bin/sh\n.*?)```", text, re.S).group(1)
    def git(*arguments, **options):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.gov", *arguments]
        return subprocess.run(command, cwd=site.folder, capture_output=True, text=True, **options)
    assert git("init", "-q").returncode == 0
    hook = site.folder / ".git/hooks/pre-commit"
    hook.write_text(script.replace("revere check", f"revere check --now {NOW}"))
    hook.chmod(0o755)
    folder = site.folder / ".git/bin"
    folder.mkdir()
    (folder / "revere").symlink_to(pathlib.Path(program).resolve())
    surroundings = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "REVERE_WORKSPACE": str(site.folder)}
    path = copied(site, "M03")
    git("add", str(path))
    refused = git("commit", "-q", "-m", "one", env=surroundings)
    assert refused.returncode != 0 and "[M03]" in refused.stdout + refused.stderr
    site.run("check", path, "--fix", *READERS, expect=0)
    git("add", str(path))
    assert git("commit", "-q", "-m", "one", env=surroundings).returncode == 0
