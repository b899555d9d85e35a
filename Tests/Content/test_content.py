"""What ships as content hangs together: templates, samples, lists, vocabularies, recorded decisions, documents.

Read with Python's own YAML and CSV, apart from the readers of the product, so that the two must agree.
"""

import csv
import hashlib
import pathlib
import re

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests/Fixtures/samples"
TEMPLATES = sorted(p.parent for p in ROOT.glob("templates/*/template.yaml"))
BULLETINS = sorted(ROOT.glob("templates/sample/bulletins/*.md"))
BROKEN = sorted(FIXTURES.glob("broken/*.md"))
DECISIONS = sorted(ROOT.glob("distribution-lists/decisions/*.yaml"))
GATES = {"pii", "us-persons", "p23", "sar", "juvenile", "first-amendment"}
TEMPLATE_KEYS = {
    "name", "code", "public-name", "default-expiry", "urgency", "on-uncertain", "default-lists", "sections",
    "front-matter", "gates", "lint", "fixed-text",
}


def read(path):
    return yaml.load(path.read_text(), Loader=yaml.BaseLoader)


def slugs(name, key="slug"):
    with open(ROOT / "templates/vocab" / name, newline="") as file:
        return {row[key] for row in csv.DictReader(file)}


def parts(text):
    """Front matter and body."""
    _, front, body = re.split(r"^---$", text, maxsplit=2, flags=re.M)
    return yaml.load(front, Loader=yaml.BaseLoader), body


def headings(body):
    return re.findall(r"^## \([^)]*\) (.+)$", body, flags=re.M)


def words(path):
    return path.stem if path.suffix else path.name


# What `revere new` fills in.
PLACEHOLDERS = {"author": "a.b", "today": "2026-11-22", "now": "2026-11-22T12:00:00-05:00", "expires": "2026-12-22",
                "quarter": "July to September 2026", "year": "2025", "event": "31 December 2026"}
# The order of 501 CMR 4.07(3); its narrative is in the bottom line, the trends and what the figures mean.
HATE_CRIME = ["Incidence", "By city or town and by type of bias", "By criminal act", "By target and injury", "Victims",
              "Offenders", "Weapons", "Trends", "What the figures mean"]


def filled(path):
    return re.sub(r"{{(.*?)}}", lambda found: PLACEHOLDERS[found[1]], path.read_text())


def test_the_eight_series_ship():
    assert {t.name for t in TEMPLATES} == {
        "officer-safety", "situational-awareness", "opioid-arrests", "high-profile-incident", "sar-quarterly",
        "special-event", "crime-statistics", "hate-crime"}
    assert {parts(path.read_text())[0]["series"] for path in BULLETINS} == {t.name for t in TEMPLATES}


def test_hate_crime_has_the_content_of_the_rule():
    required = read(ROOT / "templates/hate-crime/template.yaml")["sections"]["required"]
    assert [section for section in required if section in HATE_CRIME] == HATE_CRIME
    begun = filled(ROOT / "templates/hate-crime/template.md")
    assert "501 CMR 4.07(3)" in begun and set(HATE_CRIME) <= set(headings(parts(begun)[1]))
    # Each alone in its table: the first cell of a line names all of the line.
    for text in (begun, (ROOT / "templates/sample/bulletins/hate-crime-2025.md").read_text()):
        for column in ("Age", "Race", "Sex"):
            for unit in ("Victims", "Offenders"):
                assert text.count(f"\n| {column} | {unit} |\n") == 1
            assert text.count(f"| {column} |") == 2, "of victims and of offenders"


@pytest.mark.parametrize("folder", TEMPLATES, ids=words)
def test_template(folder):
    template = read(folder / "template.yaml")
    assert set(template) <= TEMPLATE_KEYS
    assert set(template["gates"]) <= GATES
    assert template["urgency"] in {"routine", "priority", "immediate"}
    assert template["on-uncertain"] in {"resend", "hold"}
    assert "default-expiry" in template or "expires" in template["front-matter"]
    sections = template["sections"]
    all_headings = sections["required"] + sections["required-if-present"] + sections["optional"]
    assert len(all_headings) == len(set(all_headings))
    assert set(sections["guidance"]) == set(all_headings), "every section has guidance, and nothing else has"
    assert all(len(text) > 60 for text in sections["guidance"].values()), "guidance that says something"

    starting = (folder / "template.md").read_text()
    assert {"author", "today", "expires"} <= set(re.findall(r"{{(.*?)}}", starting)) <= set(PLACEHOLDERS)
    front, body = parts(filled(folder / "template.md"))
    assert front["urgency"] == template["urgency"]
    assert front["series"] == folder.name
    assert set(template["front-matter"]) <= set(front)
    begun = headings(body)
    assert set(sections["required"]) <= set(begun) <= set(all_headings)
    assert [h for h in begun if h in sections["required"]] == sections["required"], "in the template's order"

    for name in template["default-lists"]:
        for lists in (ROOT / "distribution-lists/lists", ROOT / "templates/site/lists"):
            entry = read(lists / f"{name}.yaml")
            assert entry["id"] == name and folder.name in entry["series"]


def test_codes_of_series_are_unique():
    codes = [read(t / "template.yaml")["code"] for t in TEMPLATES]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("path", BULLETINS, ids=words)
def test_sample_fits_its_template(path):
    front, body = parts(path.read_text())
    folder = ROOT / "templates" / front["series"]
    template = read(folder / "template.yaml")
    sections = template["sections"]
    assert set(sections["required"]) <= set(headings(body))
    assert set(headings(body)) <= {h for key in ("required", "required-if-present", "optional") for h in sections[key]}
    assert set(template["front-matter"]) <= set(front)
    assert set(front["topics"]) <= slugs("topics.csv")
    assert set(front["hsec"]) <= slugs("hsec-standing-needs.csv", "number")
    assert set(front["state-priorities"]) <= slugs("state-priorities.csv")


@pytest.mark.parametrize("path", DECISIONS, ids=words)
def test_decision_names_the_bytes_that_ship(path):
    decision = read(path)
    source = next(b for b in BULLETINS if b.stem == decision["bulletin"])
    text = source.read_text()
    named = set(re.findall(r"!\[[^\]]*\]\(([^ )]+)", text)) | set(re.findall(r"^photo: (\S+)$", text, flags=re.M))
    named |= {n for n in re.findall(r"^data: (\S+)$", text, flags=re.M) if n != "table"}
    lines = "".join(
        f"{hashlib.sha256((source.parent / name).read_bytes()).hexdigest()}  {name}\n"
        for name in [source.name, *sorted(named)])
    assert decision["revision"] == "sha256:" + hashlib.sha256(lines.encode()).hexdigest()


def test_every_broken_file_is_expected_to_be_found():
    with open(FIXTURES / "broken/expected.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["file"] for row in rows} == {path.name for path in BROKEN}
    for row in rows:
        count = len((FIXTURES / "broken" / row["file"]).read_text().splitlines())
        assert 1 <= int(row["line"]) <= count


def test_sample_people_and_organizations_hang_together():
    lists = ROOT / "distribution-lists"
    organizations = {o["id"] for o in read(lists / "organizations.yaml")["organizations"]}
    people = read(lists / "stakeholders.yaml")["stakeholders"]
    ids = {p["id"] for p in people}
    assert len(ids) == len(people)
    assert {p["organization"] for p in people} <= organizations
    assert all(re.search(r"@([a-z0-9-]+\.)*example\.(gov|org|com)$", p["email"]) for p in people), "invented addresses only"
    site = read(ROOT / "templates/sample/revere.yaml")["site"]
    assert set(site["release-authority"]) | set(site["privacy-officer"]) <= ids
    for path in lists.glob("lists/*.yaml"):
        entry = read(path)
        assert entry["id"] == path.stem and entry["owner"] in ids


def test_new_site_hangs_together():
    site = ROOT / "templates/site"
    organizations = {o["id"] for o in read(site / "organizations.yaml")["organizations"]}
    ids = {p["id"] for p in read(site / "stakeholders.yaml")["stakeholders"]}
    settings = read(site / "revere.yaml")["site"]
    assert set(settings["release-authority"]) | set(settings["privacy-officer"]) <= ids
    assert settings["id"] in organizations
    for path in site.glob("lists/*.yaml"):
        entry = read(path)
        assert entry["id"] == path.stem and entry["owner"] in ids


def test_region_tree_has_one_root_and_no_orphan():
    with open(ROOT / "templates/vocab/regions.csv", newline="") as file:
        upper = list(csv.DictReader(file))
    with open(ROOT / "templates/vocab/municipalities.csv", newline="") as file:
        towns = list(csv.DictReader(file))
    known = {row["slug"] for row in upper}
    assert [row["slug"] for row in upper if not row["parent"]] == ["statewide"]
    assert {row["parent"] for row in upper if row["parent"]} <= known
    assert {row["parent"] for row in towns} <= known
    assert len(towns) == len({row["slug"] for row in towns}) == 351


@pytest.mark.parametrize("path", sorted([ROOT / "README.md", *ROOT.glob("Documentation/**/*.md")]), ids=words)
def test_links_of_documents_lead_somewhere(path):
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.S)
    text = re.sub(r"`[^`\n]*`", "", text)
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        assert target.startswith("https://") or (path.parent / target).exists(), f"{path.name}: {target}"
