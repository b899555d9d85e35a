"""What the server would send, by the program: feeds of a released bulletin for a partner system, its recall, and words for
what is not there."""

import contextlib
import json
import sqlite3
import xml.etree.ElementTree as ElementTree

from conftest import OFFICER_SAFETY, OPIOIDS
from feeds import (FULLER, LESSER, changed, partner, recalled, released,
                   serve)  # noqa: F401 - the fixture is among them

PARTNER = "system.hampden-feed"
SERIAL = "CFC-OS-2026-0001"
ORDER = ["--consent", "s4", "--reason", "ATF agreed", "--accept", "D02"]
LATER = "2026-11-22T14:00:00-05:00"
# After the bulletin expired, while the partner is still what it is.
AHEAD = "2026-12-24T14:00:00-05:00"
ATOM = "{http://www.w3.org/2005/Atom}"


def render(site, *arguments, reader=PARTNER, now=LATER, **options):
    return site.run("feeds", "render", *arguments, "--as", reader, now=now, **options)


def entries(text):
    return ElementTree.fromstring(text).findall(ATOM + "entry")


def test_feeds_of_a_release_and_its_recall(site, tmp_path):
    site.release(OFFICER_SAFETY, *ORDER, expect=0)
    atom = render(site, "atom", expect=0).out
    assert len(entries(atom)) == 1 and SERIAL in atom
    assert atom == render(site, "atom", "-o", tmp_path / "all.atom", expect=0).out + (tmp_path / "all.atom").read_text()
    feed = json.loads(render(site, "json", "--feed", "officer-safety", expect=0).out)
    assert feed["version"].endswith("1.1") and len(feed["items"]) == 1
    assert "<html" not in feed["items"][0]["content_html"] and SERIAL in feed["items"][0]["content_text"]
    archive = render(site, "atom", "--month", "2026-11", expect=0).out
    assert len(entries(archive)) == 1
    assert SERIAL in render(site, "rss", expect=0).out and SERIAL in render(site, "cap", expect=0).out
    alert = ElementTree.fromstring(render(site, "cap", "--serial", SERIAL, expect=0).out)
    assert alert.findtext("{urn:oasis:names:tc:emergency:cap:1.2}msgType") == "Alert"
    body = feed["items"][0]["content_text"]

    site.run("recall", SERIAL, "--by", "p.munroe", "--second", "t.renfrew", "--reason", "it was wrong",
             now="2026-11-22T13:00:00-05:00", expect=0)
    recalled = json.loads(render(site, "json", expect=0).out)
    assert len(recalled["items"]) == 1 and recalled["items"][0]["content_text"] != body
    assert "deleted-entry" in render(site, "atom", expect=0).out
    cancel = ElementTree.fromstring(render(site, "cap", "--serial", SERIAL, expect=0).out)
    assert cancel.findtext("{urn:oasis:names:tc:emergency:cap:1.2}msgType") == "Cancel"


def test_any_serial_of_a_bulletin_means_the_newest_message_about_it(site):
    released(site)
    changed(site)
    changed(site, old="six sites", new="seven sites", kind="correct")
    serials = [line["serial"] for line in site.run("status", "--json", expect=0).objects]
    assert len(serials) == 3

    def alerts(reader=FULLER):
        return {render(site, "cap", "--serial", serial, reader=reader, expect=0).out for serial in serials}

    (newest,) = alerts()
    assert "seven sites" in newest and "<msgType>Update" in newest
    recalled(site)
    (end,) = alerts()
    assert "<msgType>Cancel" in end and "seven sites" not in end


def test_the_bytes_are_those_of_the_server(site, serve):  # noqa: F811
    with (site.folder / "revere.yaml").open("a") as settings:
        settings.write("\nserve: { address: https://feeds.example.gov }\n")
    fuller, lesser = (partner(site, name) for name in (FULLER, LESSER))
    released(site)
    released(site, OPIOIDS)
    server = serve(site)
    forms = {("atom",): "/feeds/all.atom", ("json", "--feed", "situational-awareness"): "/feeds/situational-awareness.json",
             ("rss", "--month", "2026-11"): "/feeds/all/2026-11.rss", ("cap",): "/feeds/cap.atom",
             ("cap", "--serial", "CFC-SA-2026-0001"): "/cap/CFC-SA-2026-0001.1.xml",
             ("taxii",): "/taxii2/bulletins/collections/all/objects/",
             ("taxii", "--query", "limit=2&match[type]=report"):
                 "/taxii2/bulletins/collections/all/objects/?limit=2&match[type]=report"}
    for arguments, path in forms.items():
        assert render(site, *arguments, reader=fuller.reader, expect=0).out == server.page(path, fuller).text, path
    assert render(site, "json", reader=lesser.reader, expect=0).out == server.page("/feeds/all.json", lesser).text


def test_addresses_are_those_of_the_server_where_only_a_port_is_set(site):
    with (site.folder / "revere.yaml").open("a") as settings:
        settings.write("\nserve: { listen: '18440' }\n")
    released(site)
    assert "http://127.0.0.1:18440/feeds/all.atom" in site.run("feeds", "list", expect=0).out


def ledger(site):
    """All that the store holds, table by table."""
    with contextlib.closing(sqlite3.connect(site.folder / "var/revere.db")) as store:
        return list(store.iterdump())


def test_looking_ahead_writes_nothing(site, serve):  # noqa: F811
    """What is due by then ends in the answer alone, as it will end when the time has come."""
    with (site.folder / "revere.yaml").open("a") as settings:
        settings.write("\nserve: { address: https://feeds.example.gov }\n")
    reader = partner(site, PARTNER)
    site.release(OFFICER_SAFETY, *ORDER, expect=0)
    now = render(site, "json", expect=0).out
    before = ledger(site)
    ahead = {form: render(site, form, now=AHEAD, expect=0).out for form in ("atom", "json", "rss", "cap")}
    site.run("feeds", "list", now=AHEAD, expect=0)
    assert ledger(site) == before
    assert render(site, "json", expect=0).out == now != ahead["json"] and SERIAL in ahead["json"]
    assert "deleted-entry" in ahead["atom"]
    server = serve(site, now=AHEAD)
    for form, text in ahead.items():
        path = "/feeds/cap.atom" if form == "cap" else f"/feeds/all.{form}"
        assert server.page(path, reader).text == text, form


def test_what_is_not_there(site):
    site.release(OFFICER_SAFETY, *ORDER, expect=0)
    for arguments in (["atom", "--month", "2026-01"], ["atom", "--feed", "no-such"],
                      ["taxii", "--feed", "no-such"], ["cap", "--serial", SERIAL + "-U1"]):
        assert "404" in render(site, *arguments, expect=1).err
    assert "no reader" in render(site, "atom", reader="nobody", expect=2).err
    for arguments in (["cap", "--feed", "energy"], ["atom", "--serial", SERIAL], ["pdf"],
                      ["taxii", "--query", "limit=many"], ["atom", "--query", "limit=1"]):
        assert render(site, *arguments).code == 2


def test_what_stops_the_server_stops_this(site):
    site.release(OFFICER_SAFETY, *ORDER, expect=0)
    site.run("halt", "--by", "p.munroe", "--reason", "a test", expect=0)
    stopped = render(site, "atom", expect=1)
    assert stopped.out == "" and "feeds are not served: the kill switch is thrown" in stopped.err
    site.run("resume", "--halt", "--by", "p.munroe", expect=0)
    assert SERIAL in render(site, "atom", expect=0).out


def test_the_list_of_feeds(shared_site):
    shared_site.run("partners", "list", expect=0)
    lines = {line["feed"]: line for line in shared_site.run("feeds", "list", "--json", expect=0).objects}
    assert lines["all"]["holds"] == "all" and lines["energy"]["holds"] == "sector"
    assert lines["officer-safety"]["addresses"][0].endswith("/feeds/officer-safety.atom")
    assert lines["cap"]["addresses"] == ["http://127.0.0.1:8440/feeds/cap.atom"]
    assert lines["taxii"]["addresses"] == ["http://127.0.0.1:8440/taxii2/"]
    assert "officer-safety" in shared_site.run("feeds", "list", expect=0).out
