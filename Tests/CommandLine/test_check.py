"""`revere check`: the text format that editors read, and the same as JSON."""

import csv
import re
import shutil

import pytest
from conftest import OFFICER_SAFETY, OPIOIDS, ROOT, SITUATION

BROKEN = ROOT / "Tests/Fixtures/samples/broken"
LINE = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): (?P<severity>error|warning): "
                  r"\[(?P<rule>[A-Z]\d\d)\] (?P<message>\S.*)$")


def expected():
    with open(BROKEN / "expected.csv", newline="") as file:
        return [(row["file"], row["rule"], int(row["line"])) for row in csv.DictReader(file)
                if row["rule"][0] in "FMS" and row["rule"] != "M11"]


@pytest.mark.parametrize("stem", [OFFICER_SAFETY, SITUATION, OPIOIDS])
def test_good_samples_are_clean(shared_site, stem):
    ran = shared_site.run("check", shared_site.bulletin(stem), expect=0)
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
            if match["rule"][0] in "FMS"}
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


def test_words_of_the_file_do_not_reach_the_terminal_raw(site):
    path = site.bulletin("escape")
    path.write_text("---\nseries: \"off\\e[2J\\u009b31m\\nx.md:1:1: error: [M99] forged\"\n---\n\n## (U) \x1b[31mRed\n\nText\n")
    ran = site.run("check", path, expect=1)
    assert "\x1b" not in ran.out and "\x9b" not in ran.out
    assert not [line for line in ran.out.splitlines() if line.startswith("x.md")]
