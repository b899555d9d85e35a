"""Records in, tables out, by the real program: the three exports of the samples, the tables of the sample bulletin, a
search by somebody who is cleared and by somebody who is not; no record in any file that is written."""

import csv
import json
import re

import pytest

from conftest import ROOT

EXPORTS = ROOT / "Tests/Fixtures/samples/data/exports"
MERGED = ROOT / "Tests/Fixtures/samples/data/opioid-arrests-2026-q3.csv"
NAMES = ["state-police", "city-consortium", "county-task-forces"]
KEY = re.compile(r"\b[0-9a-f]{16}\b")


def run_import(site, name, *arguments, **options):
    return site.run("data", "import", EXPORTS / f"{name}-2026-q3.csv", "--map", f"templates/data/{name}.yaml",
                    "--as-of", "2026-10-20", *arguments, **options)


@pytest.fixture
def filled(site):
    for name in NAMES:
        run_import(site, name, expect=0)
    return site


def test_every_line_is_accounted_for(site):
    found = [run_import(site, name, "--json", "--lines", expect=0).objects for name in NAMES]
    assert [len(lines) - 1 for lines in found] == [706, 1117, 217]
    sums = [lines[-1] for lines in found]
    assert sum(line["mapped"] for line in sums) == 2000
    assert sum(line["dropped"] for line in sums) == 26
    assert sum(line["doubled"] for line in sums) == 14
    doubles = [line for line in found[2] if line.get("fate") == "doubled"]
    assert any("line 34 of city-consortium-2026-q3.csv (import 2, source B)" in line["why"] for line in doubles)
    again = run_import(site, NAMES[0], expect=0)
    assert "Import 1 has this very file already" in again.out
    assert [line["import"] for line in site.run("data", "imports", "--json", expect=0).objects] == [1, 2, 3]


def test_the_two_thousand_rows(filled):
    ran = filled.run("data", "search", "--as", "l.baptiste", "--period", "2026", "--limit", 5000, "--json", expect=0)
    with open(MERGED, newline="") as file:
        wanted = {(row["incident-id"], row["person-id"]): row for row in csv.DictReader(file)}
    assert len(ran.objects) == len(wanted) == 2000
    for row in ran.objects:
        assert row == wanted[row["incident-id"], row["person-id"]]


def test_an_unknown_cell_keeps_everything_out(site, tmp_path):
    lines = (EXPORTS / "city-consortium-2026-q3.csv").read_text().splitlines()
    lines[4] = lines[4].replace("FEN", "FNT")
    broken = tmp_path / "broken.csv"
    broken.write_text("\n".join(lines) + "\n")
    arguments = ["data", "import", broken, "--map", "templates/data/city-consortium.yaml"]
    ran = site.run(*arguments, expect=1)
    assert f"{broken}:5: unknown: `drug_local`: FNT" in ran.out and "nothing is stored" in ran.err
    assert site.run("data", "imports", expect=0).out == "Nothing is imported.\n"
    assert "1 unknown" in site.run(*arguments, "--accept-unknown", expect=0).out


def test_a_column_that_appears_is_reported(site, tmp_path):
    text = (EXPORTS / "county-task-forces-2026-q3.csv").read_text()
    changed = tmp_path / "changed.csv"
    changed.write_text(text.replace("Inc#;", "Incident#;", 1))
    ran = site.run("data", "import", changed, "--map", "templates/data/county-task-forces.yaml", expect=3)
    assert "does not know the column `Incident#`" in ran.err and "no column `Inc#`" in ran.err


def test_tables_of_the_bulletin(filled, tmp_path):
    out = tmp_path / "tables"
    earlier = tmp_path / "earlier.csv"
    earlier.write_text("period,region,arrests\n2026-Q2,state,1977\n")
    ran = filled.run("data", "table", "opioid-arrests", "--period", "2026-Q3", "--compare", "2026-Q2", "--earlier",
                     earlier, "--out", out, "--json", expect=0)
    (said,) = ran.objects
    assert said["arrests"] == 2000 and said["asOf"] == "2026-10-20"
    # One confirmed morphine, two methadone, and the next so that they cannot be worked out.
    assert said["hidden"] == 3 and (out / "table-7-laboratory.csv").read_text().count("*") == 3
    text = (out / "opioid-arrests-2026-q3-tables.md").read_text()
    assert "| Fentanyl alone | 1,211 | 60.5% |" in text and "As of 2026-10-20" in text
    assert "26 entries for other drugs, 0 entries without a substance, 0 entries for persons under eighteen and 14 double entries" in " ".join(text.split())
    bulletins = ROOT / "templates/sample/bulletins"
    mix = "opioid-mix-by-month.csv"
    assert (out / mix).read_text() == (bulletins / mix).read_text()
    # Only tables leave: no key of a person or an incident is in any file.
    for path in out.iterdir():
        assert not KEY.search(path.read_text()), path
    refused = filled.run("data", "table", "opioid-arrests", "--period", "2026-Q3", "--out", out, expect=2)
    assert "--force" in refused.err


def test_small_counts_are_hidden_for_a_short_period(filled, tmp_path):
    out = tmp_path / "tables"
    filled.run("data", "table", "opioid-arrests", "--period", "2026-07-01..2026-07-03", "--out", out, expect=0)
    hidden = 0
    for path in out.glob("*.csv"):
        with open(path, newline="") as file:
            rows = list(csv.reader(file))
        if "largest" in path.name:
            continue
        for row in rows[1:]:
            for name, cell in zip(rows[0], row):
                hidden += cell == "*"
                assert name == "Seized, kg" or cell not in ("1", "2", "3", "4"), (path.name, row)
    assert hidden > 10


@pytest.mark.parametrize("reader, cleared", [("l.baptiste", True), ("g.osgood", False), ("w.castellow", False),
                                             ("r.hasting", False), ("d.farleigh", False), ("e.boisclair", False),
                                             ("j.pemberly", False)])
def test_searches_are_for_those_cleared(filled, reader, cleared):
    ran = filled.run("data", "search", "--as", reader, "--town", "Worcester", "--substance", "xylazine")
    assert (ran.code == 0) == cleared
    assert bool(KEY.search(ran.out)) == cleared
    assert any("data-search" in line and reader in line and "Worcester" in line for line in filled.rows())


def test_a_refused_search_says_what_is_lacking(filled):
    ran = filled.run("data", "search", "--as", "e.boisclair", "--town", "Boston", expect=1)
    assert ran.out == "" and "U//LES" in ran.err and "country of the organization is CAN" in ran.err
    # By the same words the bulletin is withheld from this reader.
    why = filled.run("audience", "bulletins/opioid-arrests-2026-q3.md", "--explain", "e.boisclair").out
    assert "country of the organization is CAN" in why


@pytest.mark.parametrize("option, word, near", [("--town", "Bostn", "`Boston`"), ("--substance", "xylazin3", "xylazine"),
                                                ("--agency", "Bostn Police", "Boston")])
def test_a_search_for_an_unknown_word(filled, option, word, near):
    ran = filled.run("data", "search", "--as", "l.baptiste", option, word, expect=2)
    assert ran.out == "" and f"no imported record has the {option[2:]} `{word}`" in ran.err and near in ran.err
    assert any(word in line for line in filled.rows())


def test_forget(filled):
    filled.run("data", "forget", 2, expect=0)
    assert [line["source"] for line in filled.run("data", "imports", "--json").objects] == ["A", "C"]
    assert filled.run("data", "forget", 2).code == 2


def test_reports_are_json(site):
    ran = run_import(site, NAMES[0], "--dry-run", "--json", expect=0)
    assert "import" not in json.loads(ran.out.splitlines()[-1])
    assert site.run("data", "imports", expect=0).out == "Nothing is imported.\n"


MINIMAL = """source: K
name: Cape records
precedence: 4
separator: ";"
encoding: windows-1252
decimal: ","
ignore: [weight]
fields:
  incident-id: { from: inc }
  person-id: { from: inc }
  report-date: { from: day, date: M/D/YYYY H:MM }
  arrest-date: { from: day, date: M/D/YYYY H:MM }
  town: { value: Barnstable }
  statute: { value: 94C-34 }
  offense: { value: possession }
  suspected-substance: { from: drug, words: { "HÉROÏNE": heroin, Coke: cocaine } }
  lab-status: { value: not-submitted }
"""


def minimal(site, tmp_path, rows, mapping=MINIMAL, **options):
    (tmp_path / "map.yaml").write_text(mapping)
    text = "inc;day;drug;weight\n" + "".join(f"{key:016x};7/1/2026 0:00;{drug};1,5\n" for key, drug in rows)
    (tmp_path / "cape.csv").write_bytes(text.encode("windows-1252"))
    return site.run("data", "import", tmp_path / "cape.csv", "--map", tmp_path / "map.yaml", "--as-of", "2026-07-20",
                    **options)


def test_a_spreadsheet_with_few_columns(site, tmp_path):
    rows = [(key, "HÉROÏNE") for key in range(1, 41)] + [(key, "Coke") for key in range(50, 57)]
    ran = minimal(site, tmp_path, rows + [(key, "HÉROÏNE") for key in range(1, 10)], expect=0)
    assert "56 rows: 40 mapped, 7 dropped, 9 doubled, 0 unknown." in ran.out
    assert "has no `age-band`: persons under eighteen are counted" in ran.err
    out = tmp_path / "tables"
    site.run("data", "table", "opioid-arrests", "--period", "2026-Q3", "--seizures", 3, "--out", out, expect=0)
    text = " ".join((out / "opioid-arrests-2026-q3-tables.md").read_text().split())
    for words in ["Seized", "Firearms were", "Largest", "overdose call;", "more than one agency.\n", "by age"]:
        assert words not in text
    assert "weights, firearms, overdose calls, naloxone, incidents of more than one agency, ages." in text
    assert "persons under eighteen may be among the arrests" in text
    assert "7 entries for other drugs, 0 entries without a substance, 0 entries for persons under eighteen and 9 double " \
        "entries were left out" in text


def test_the_wrong_encoding_says_what_to_do(site, tmp_path):
    ran = minimal(site, tmp_path, [(1, "HÉROÏNE")], MINIMAL.replace("encoding: windows-1252\n", ""), expect=3)
    assert "cape.csv:2" in ran.err and "this is not UTF-8 text" in ran.err and "encoding: windows-1252" in ran.err
    ran = minimal(site, tmp_path, [(1, "HÉROÏNE")], MINIMAL.replace('decimal: ","', "decimal: comma"), expect=3)
    assert "map.yaml:6" in ran.err and "`decimal` must be one of" in ran.err
