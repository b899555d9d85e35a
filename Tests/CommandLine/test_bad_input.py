"""Bad input: a clear message, an exit code, and nothing changed half way."""

import os
import subprocess

import pytest
from conftest import OFFICER_SAFETY, OPIOIDS, relay


def good(site):
    return site.bulletin().read_text()


def many_portions(site):
    return good(site).replace("## (U) Reporting", "## (U) Reporting\n\n" + "(U) One more.\n\n" * 10_000, 1)


# Name, what the bulletin becomes, the rules of which one must be found.
BULLETINS = {
    "not-utf-8": (lambda s: good(s).encode()[:300] + b"\xff\xfe" + good(s).encode()[300:], {"F03"}),
    "utf-16": (lambda s: good(s).encode("utf-16"), {"F03"}),
    "nul": (lambda s: good(s).replace("In 2024", "In\0 2024"), {"F03"}),
    "quotes-in-quotes": (lambda s: good(s) + "\n" + ">" * 10_000 + " (U) x\n", {"S01", "S05", "M01", "F03"}),
    "lists-in-lists": (lambda s: good(s) + "\n" + "\n".join(" " * i + "- (U) x" for i in range(0, 1_200, 2)) + "\n",
                       {"S01", "S05", "M01", "F03"}),
    "sequences-in-sequences": (lambda s: "---\nseries: " + "[" * 20_000 + "\n---\n\n## (U) x\n", {"F03"}),
    "maps-in-maps": (lambda s: "---\nseries: " + "{a: " * 5_000 + "\n---\n\n## (U) x\n", {"F03"}),
    "yaml-bomb": (lambda s: "---\na: &a [x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(20)) + "series: *u\n---\n\nx\n",
        {"F03"}),
    "repeated-key": (lambda s: good(s).replace("scheme: legacy\n", "scheme: legacy\nscheme: tlp\n"), {"F02"}),
    "repeated-key-inside": (lambda s: good(s).replace("juvenile: { value: false }",
                                                      "juvenile: { value: false, value: true }"), {"F02"}),
    "no-such-date": (lambda s: good(s).replace("expires: 2026-12-20", "expires: 2026-11-31"), {"F04"}),
    "no-such-source-date": (lambda s: good(s).replace("date: 2025-01-08", "date: 2025-02-29"), {"F04"}),
    "no-front-matter": (lambda s: "## (U) Bottom line\n\n(U) x\n", {"F01"}),
    "front-matter-without-end": (lambda s: "---\nseries: officer-safety\n", {"F01"}),
    "empty": (lambda s: "", {"F01"}),
    "raw-html": (lambda s: good(s) + "\n(U) <script>alert(1)</script>\n", {"S04", "F03", "M01", "S05"}),
    "figure-outside": (lambda s: good(s).replace("(conversion-device.png", "(../../../etc/passwd"), {"S05"}),
    "no-such-file": (lambda s: good(s).replace("(conversion-device.png", "(nothing.png"), {"F07"}),
    "no-such-list": (lambda s: good(s).replace("urgency: priority", "lists: [no-such-list]"), {"F07"}),
    "nobody-named": (lambda s: good(s).replace("urgency: priority", "to: [no-such-reader]"), {"F07"}),
}


@pytest.mark.parametrize("case", BULLETINS)
def test_a_bulletin_that_cannot_be_used(site, case):
    make, rules = BULLETINS[case]
    text = make(site)
    path = site.bulletin("bad")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = site.state()
    ran = site.run("check", path, expect=1)
    assert rules & set(ran.rules), ran
    ran = site.release("bad", "--accept", "M15", expect=1)
    assert rules & set(ran.rules) and "not released" in ran.err
    assert site.state() == before
    # By no outlet does anybody get a word of it.
    records = site.run("audience", path, "--all-channels", "--json").objects
    if case not in ("no-such-list", "nobody-named", "raw-html", "quotes-in-quotes", "lists-in-lists"):
        assert not [record for record in records if record["decision"] != "withheld"]
    assert site.state() == before


def test_fifty_megabytes(site):
    path = site.bulletin("large")
    path.write_text(good(site) + "(U) word\n\n" * 5_000_000)
    before = site.state()
    for ran in (site.run("check", path), site.release("large")):
        assert ran.code == 3 and "limit" in ran.err and str(path) in ran.err
    assert site.state() == before


def test_a_device_is_no_bulletin(site):
    path = site.bulletin("zero")
    path.symlink_to("/dev/zero")
    pipe = site.bulletin("pipe")
    os.mkfifo(pipe)
    for bad in (path, pipe, site.folder / "bulletins"):
        assert site.run("check", bad, timeout=20, expect=3).err


def test_ten_thousand_portions(site):
    path = site.bulletin("many")
    path.write_text(many_portions(site))
    site.run("check", path, "--skip", "D02", expect=0)
    path.write_text(many_portions(site).replace("(U) One more.", "One more.", 5_000))
    before = site.state()
    ran = site.run("check", path, expect=1)
    assert ran.rules.count("M01") >= 5_000
    site.release("many", expect=1)
    assert site.state() == before


# File, old text, new text, the rules of which one must be found.
SITE_FILES = {
    "line-end-in-a-name": ("distribution-lists/stakeholders.yaml", "name: Amara Langtree",
                           'name: "Amara\\r\\nBcc: x@y.example"', {"L04"}),
    "line-end-in-an-address": ("distribution-lists/stakeholders.yaml", "email: amara.langtree@cfc.example.gov",
                               'email: "amara.langtree@cfc.example.gov\\r\\nRCPT TO:<x@y.example>"', {"L04"}),
    "two-with-one-id": ("distribution-lists/stakeholders.yaml", "{ id: a.langtree,", "{ id: a.okafor,", {"L03"}),
    "repeated-key": ("distribution-lists/stakeholders.yaml", "{ id: a.langtree,", "{ id: a.langtree, id: b,", {"F02", "L04"}),
    "no-such-reader": ("distribution-lists/lists/officer-safety-statewide.yaml", "except: [s.overmyer]",
                       "except: [s.overmeyer]", {"L02"}),
    "no-such-organization": ("distribution-lists/lists/energy-and-water-partners.yaml", "members:\n  any:",
                             "members:\n  any:\n    - organizations: [no-such]", {"L02"}),
    "no-such-authority": ("revere.yaml", "[p.munroe, t.renfrew]", "[p.munroe, nobody]", {"L02"}),
    "policy-bomb": ("distribution-lists/release-policy.yaml", "atoms:", "x: &x [a]\natoms: *x\nother:", {"L04", "F03"}),
    "policy-without-fouo": ("distribution-lists/release-policy.yaml", "  LES:\n    all:\n      - clearance: les\n      - agreement: nda\n      - vetting: current\n",
                            "  LES:\n    all:\n", {"P03"}),
    "policy-unknown-test": ("distribution-lists/release-policy.yaml", "- clearance: fouo", "- clearence: fouo", {"P01"}),
    "template-without-sections": ("templates/officer-safety/template.yaml", "sections:\n", "sectionz:\n", {"F02", "F01"}),
    "template-without-required": ("templates/officer-safety/template.yaml", "  required: [Bottom line, Threat, "
                                  "Indicators, Recommended action, Source summary, Reporting, Privacy and civil rights]\n",
                                  "  required: []\n", {"F01", "F02"}),
    "template-empty": ("templates/officer-safety/template.yaml", None, "", {"F01"}),
    "layout-open": ("templates/layouts/product.html.mustache", "<body", "{{#never}}<body", {"M10"}),
    "decision-broken": (f"distribution-lists/decisions/{OFFICER_SAFETY}.yaml", "consents: [s4]", "consents: {", {"L04", "F03"}),
}


@pytest.mark.parametrize("case", SITE_FILES)
def test_a_site_that_cannot_be_used(site, case):
    """Nothing is released by it; `lists check` says why, and nothing that was released before is sent."""
    site.release(OPIOIDS, expect=0)
    path, old, new, rules = SITE_FILES[case]
    if old is None:
        (site.folder / path).write_text(new)
    else:
        site.edit(path, old, new)
    before = site.state()
    ran = site.run("lists", "check", expect=1)
    assert rules & set(ran.rules), ran
    ran = site.release(expect=3)
    assert rules & set(ran.rules), ran
    assert "nothing is decided" in ran.err
    assert site.state() == before
    relay(site, 1)
    ran = site.run("dispatch", expect=3)
    assert "nothing is sent" in ran.err
    rows = site.run("deliveries", OPIOIDS, "--json", expect=0).objects
    assert not [row for row in rows if row["attempts"]]


SETTINGS = {
    "not-yaml": ("country: USA", "country: ["), "repeated": ("id: cfc", "id: cfc\n  id: cfc"),
    "unknown-key": ("country: USA", "contry: USA"), "zone": ("America/New_York", "America/Bostn"),
    "sender": ("bulletins@cfc.example.gov>", "bulletins@cfc.example.gov>\\r\\nBcc: <x@y.example>"),
    "port": ("port: 2465", "port: 99999"), "tls": ("tls: implicit", "tls: maybe"),
    "class": ("tls: implicit", "tls: none"), "bounce-domain": ("bounce.cfc.example.gov", "bounce cfc"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_settings_that_cannot_be_used(site, case):
    old, new = SETTINGS[case]
    if case == "sender":
        site.edit("revere.yaml", "from: Commonwealth Fusion Center <bulletins@cfc.example.gov>",
                  f'from: "Commonwealth Fusion Center <{new}"')
    else:
        site.edit("revere.yaml", old, new)
    before = site.state()
    for arguments in (["check"], ["lists", "check"], ["release", site.bulletin(), "--by", "p.munroe"]):
        ran = site.run(*arguments, expect=3)
        assert "revere.yaml" in ran.err and ran.rules
    assert site.state() == before


@pytest.mark.parametrize("address", ["amara@bücher.example", "jörg@cfc.example.gov", "amara@bü\u0308cher.example"])
def test_an_international_address(site, address):
    """Two that look alike must not be two readers: lists take the ASCII form alone, and say so."""
    site.edit("distribution-lists/stakeholders.yaml", "amara.langtree@cfc.example.gov", address)
    ran = site.run("lists", "check", expect=1)
    assert "L04" in ran.rules and "xn--" in ran.out
    site.release(expect=3)
    assert site.rows() == []


def test_the_ascii_form_of_an_international_address(site, mail_server):
    server = mail_server("--tls", "required")
    site.edit("distribution-lists/stakeholders.yaml", "amara.langtree@cfc.example.gov", "amara@xn--bcher-kva.example")
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "urgency: priority", "to: [a.langtree]")
    site.release(OFFICER_SAFETY, "--consent", "s4", "--reason", "agreed", "--accept", "D02", expect=0)
    relay(site, server.port, tls="required", authority=server.authority)
    site.run("dispatch", now="2026-11-22T12:30:00-05:00", expect=0)
    assert [message["to"] for message in server.arrived()] == [["amara@xn--bcher-kva.example"]]


def test_an_address_that_is_none(site):
    site.edit("distribution-lists/stakeholders.yaml", "amara.langtree@cfc.example.gov", "amara@@x..y")
    assert "L04" in site.run("lists", "check", expect=1).rules


def test_output_that_cannot_be_written(site):
    wall = site.folder / "wall"
    wall.write_text("a file")
    before = site.state()
    ran = site.run("render", site.bulletin(), "--all-variants", "-o", wall, expect=3)
    assert "cannot be written" in ran.err
    assert site.state() == before
    # A full standard output is not a crash.
    with open("/dev/full", "w") as full:
        done = subprocess.run([site.program, "check", "--workspace", str(site.folder), "--now", "2026-11-22T12:00:00Z"],
                              stdout=full, stderr=subprocess.DEVNULL, timeout=60)
        assert done.returncode >= 0


def test_names_of_files_are_only_names(site):
    """A stem is a name for good: it must fit into decisions, reports and other bulletins that name it."""
    for name in ("odd name; $(touch x) {y}: [z]", "x" * 81, "bülletin", "a\nb"):
        odd = site.bulletin(name)
        odd.write_text(good(site))
        site.run("check", odd, "--skip", "D02", expect=0)
        before = site.state()
        ran = site.run("release", odd, "--by", "p.munroe", "--consent", "s4", "--reason", "agreed: yes", expect=1)
        assert "cannot name a bulletin" in ran.err
        assert site.state() == before


def test_a_decision_is_read_back_as_it_was_given(site):
    """Whatever words people write as their reason."""
    reason = 'He said: "yes" # and \\ more\r\nsecond line: {x} [y] \x1b[31m ünï'
    site.release(OFFICER_SAFETY, "--private-release", "--foreign-release", "CAN", "--reason", reason, expect=0)
    path = site.folder / f"distribution-lists/decisions/{OFFICER_SAFETY}-2.yaml"
    assert "\x1b" not in path.read_text() and "private-release: true" in path.read_text()
    ran = site.run("lists", "check")
    assert " 0 errors" in " " + ran.out.splitlines()[-1] and "decisions" not in ran.out
