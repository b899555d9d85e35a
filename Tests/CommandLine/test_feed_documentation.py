"""Documentation/feeds.md as a partner's engineer follows it: every example of it is run, in order, as it stands; every name
that it gives is one that is sent, and every one that is sent stands there."""

import re
import subprocess
import sys

import feedparser
from lxml import etree

from conftest import OFFICER_SAFETY, OPIOIDS, ROOT, SITUATION
from feeds import COUNTY, FULLER, partner, recalled, released, serve  # noqa: F401 - the fixture is among them

EXAMPLE = re.compile(r"^```(sh|python)\n(.*?)^```$", re.M | re.S)
HOST = "feeds.cfc.example.gov"


def script(server, reader):
    """One shell script of all examples: only the address, the user and the password are put in."""
    text = (ROOT / "Documentation/feeds.md").read_text()
    parts = ["set -eu"]
    for language, example in EXAMPLE.findall(text):
        parts.append(example if language == "sh" else f'"{sys.executable}" - <<"END OF PYTHON"\n{example}END OF PYTHON\n')
    whole = "\n".join(parts).replace(f"https://{HOST}", server.address).replace(HOST, server.place.hostname)
    return whole.replace("login USER password PASSWORD", f"login {reader.user} password {reader.password}")


def test_every_example(site, serve, tmp_path):  # noqa: F811
    reader = partner(site, FULLER)
    released(site)
    released(site, OPIOIDS)
    server = serve(site)
    server.settled("/feeds/all.rss", reader)
    ran = subprocess.run(["bash", "-c", script(server, reader)], cwd=tmp_path, capture_output=True, text=True,
                         timeout=120)
    assert ran.returncode == 0, ran.stderr + ran.stdout
    assert "contractors" in ran.stdout and "live" in ran.stdout
    for name in ("all.json", "all.atom", "all.rss", "cap.atom"):
        assert b"contractors" in (tmp_path / name).read_bytes(), name
    assert (tmp_path / "feeds.netrc").stat().st_mode & 0o777 == 0o600
    statuses = [access["status"] for access in server.accesses()]
    assert statuses.count(304) == 3 and set(statuses) == {200, 304}


def documented():
    """The names of each column of the table, what stands in brackets left out."""
    table = (ROOT / "Documentation/feeds.md").read_text().split("## What stands beside the words")[1].split("\n\n")[1]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]]
    return [{name for cell in column for name in re.findall("`([^`]+)`", re.sub(r"\([^)]*\)", "", cell))}
            for column in list(zip(*rows))[1:]]


def test_every_name(site, serve):  # noqa: F811
    """Of a bulletin with a TLP, and of one with everything else that may be left out."""
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "corrections], regions", "corrections], sectors: [emergency-services], regions")
    reader = partner(site, COUNTY)
    released(site, SITUATION)
    released(site, OFFICER_SAFETY)
    server = serve(site)
    schemes, facts, parameters, stix = documented()
    for form in ("atom", "rss"):
        feed = feedparser.parse(server.page(f"/feeds/all.{form}", reader).body)
        assert {tag.scheme.rsplit("/schemes/")[1] for entry in feed.entries for tag in entry.tags} == schemes, form
    items = server.page("/feeds/all.json", reader).json["items"]
    assert {name for item in items for name in item["_revere"]} == facts
    alerts = [etree.fromstring(server.page(f"/cap/{item['_revere']['serial']}.1.xml", reader).body) for item in items]
    names = {name.text for alert in alerts for name in alert.findall(".//{*}parameter/{*}valueName")}
    assert {name.removeprefix("revere:") for name in names} == parameters
    assert {area.findtext("{*}areaDesc") for alert in alerts for area in alert.findall(".//{*}area")} == {"Statewide"}
    reports = server.page("/taxii2/bulletins/collections/all/objects/?match[type]=report", reader).json["objects"]
    assert {"bulletin", "serial"} == {one["source_name"] for report in reports for one in report["external_references"]}
    labels = {label for report in reports for label in report["labels"]}
    assert {"officer-safety", "emergency-services", "urgency-routine", "hsec-8"} <= labels
    assert {"bulletin", "serial", "object_refs", "object_marking_refs"} <= stix


def test_alerts_of_what_the_feed_of_cap_no_longer_lists(site, serve):  # noqa: F811
    reader = partner(site, FULLER)
    released(site)
    released(site, OPIOIDS)
    recalled(site, OPIOIDS)
    server = serve(site)
    archive = server.page("/feeds/all/2026-11.json", reader).json["items"]
    live = [item["_revere"] for item in archive if item["_revere"]["standing"] == "live"]
    assert [fact["serial"] for fact in live] == ["CFC-SA-2026-0001"] and len(archive) == 2
    for fact in live:
        alert = etree.fromstring(server.page(f"/cap/{fact['serial']}.{fact['version']}.xml", reader).body)
        assert alert.findtext("{*}msgType") == "Alert"
