"""`revere templates check` and `show`: for sites that add a series of their own."""

import json
import shutil

import pytest
from conftest import ROOT

SERIES = sorted(path.parent.name for path in ROOT.glob("templates/*/template.yaml"))


def test_the_shipped_series_are_clean(shared_site):
    ran = shared_site.run("templates", "check", expect=0)
    assert ran.out.startswith("8 series: ") and "nothing found" in ran.out and ran.err == ""
    assert shared_site.run("templates", "check", "--json", expect=0).out == ""


def test_a_series_of_the_site(site):
    """Copied, renamed and changed: every mistake is told with file, line, what is wrong and what to do."""
    mine = site.folder / "templates/roll-call"
    shutil.copytree(site.folder / "templates/officer-safety", mine)
    ran = site.run("templates", "check", mine, expect=1)
    assert set(ran.rules) == {"T01", "T03", "T04"} and f"{mine}/template.yaml:4:" in ran.out
    site.edit("templates/roll-call/template.yaml", "code: OS", "code: RC")
    site.edit("templates/roll-call/template.md", "series: officer-safety", "series: roll-call")
    site.edit("distribution-lists/lists/officer-safety-statewide.yaml", "series: [", "series: [roll-call, ")
    site.run("templates", "check", mine, expect=0)
    site.run("templates", "check", "templates", cwd=site.folder, expect=0)
    path = site.run("new", "roll-call", "--author", "a.okafor", "--quiet", expect=0).out.strip()
    # What only the analyst can say is all that is left.
    assert set(site.run("check", path, "--skip", "D02", expect=1).rules) == {"S06"}
    site.edit("templates/roll-call/template.yaml", "urgency:", "urgnecy:")
    (record,) = site.run("templates", "check", mine, "--json", expect=1).objects
    assert record["line"] == 7 and record["rule"] == "F02" and "did you mean `urgency`?" in record["explanation"]
    assert record == site.run("templates", "check", mine, "--format", "json", expect=1).objects[0]


def test_two_series_with_one_code_release_nothing(site):
    shutil.copytree(site.folder / "templates/officer-safety", site.folder / "templates/roll-call")
    ran = site.release(expect=3)
    assert "T03" in ran.rules and "roll-call" in ran.err and not site.rows()


@pytest.mark.parametrize("folder", ["bulletins", "nowhere"])
def test_no_template_there(site, folder):
    ran = site.run("templates", "check", site.folder / folder, expect=3)
    assert "there is no template" in ran.err


@pytest.mark.parametrize("series", SERIES)
def test_show(shared_site, series):
    record = json.loads(shared_site.run("templates", "show", series, "--json", expect=0).out)
    text = shared_site.run("templates", "show", series, expect=0).out
    assert record["series"] == series and record["startingText"].startswith("---\n")
    assert text.startswith(f"{record['name']} ({series})\n") and max(map(len, text.splitlines())) <= 160
    plain = " ".join(text.split())
    for section in record["sections"]:
        assert section["heading"] in plain and section["guidance"] in plain
    assert {section["presence"] for section in record["sections"]} <= {"required", "if present", "optional"}
    for key in ("expires", "urgency", "publicName", "code"):
        assert record[key] in text


def test_show_all(shared_site):
    assert [line.split()[0] for line in shared_site.run("templates", "show", expect=0).out.splitlines()] == SERIES
    assert [record["series"] for record in shared_site.run("templates", "show", "--json", expect=0).objects] == SERIES


def test_show_what_is_not_there(shared_site):
    ran = shared_site.run("templates", "show", "officer-savety", expect=2)
    assert ran.out == "" and "did you mean `officer-safety`?" in ran.err
