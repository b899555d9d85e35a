"""Partner systems by the program: credentials that are shown once, their scopes, ends and rotation, and what stays on the
disk."""

import base64
import contextlib
import csv
import io
import json
import re
import sqlite3

from feeds import (FULLER, LESSER, ledger_time, partner, recalled, released,
                   serve)  # noqa: F401 - the fixture is among them

FEED = "system.hampden-feed"
TAXII = "system.ct-fusion-taxii"
SERIAL = "CFC-SA-2026-0001"
DAY_LATER = "2026-11-23T12:00:00-05:00"


def added(site, *arguments, partner=FEED, **options):
    return site.run("partners", "add", partner, "--by", "p.munroe", "--json", *arguments, expect=0, **options).objects[0]


def listed(site, **options):
    return {line["id"]: line for line in site.run("partners", "list", "--json", expect=0, **options).objects}


def audit(site):
    with contextlib.closing(sqlite3.connect(site.database)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM audit ORDER BY id")]


def test_a_feed_is_named_once(site):
    assert added(site, "--feed", "cap", "--feed", "all", "--feed", "cap")["feeds"] == ["cap", "all"]
    assert "  cap, all  " in site.run("partners", "list", expect=0).out


def test_a_credential_is_shown_once(site):
    assert "no partner" in site.run("partners", "list", expect=0).out
    made = added(site, "--feed", "all", "--feed", "officer-safety", "--taxii", "--rate", "90", "--days", "30")
    assert re.fullmatch(r"[0-9a-f]{12}", made["credential"])
    assert len(base64.urlsafe_b64decode(made["secret"] + "=")) == 32
    assert made["feeds"] == ["all", "officer-safety"] and made["taxii"] and made["expires"].startswith("2026-12-22")
    line = listed(site)[FEED]
    assert line["organization"] == "hampden-sheriff" and line["clearance"] == "les" and line["isReader"]
    assert line["agreements"] == {"nda": "2027-09-30", "p23": "2027-04-30"} and line["requestsPerMinute"] == 90
    assert line["sequence"] == 0 and line["gaps"] == [] and line.get("lastPull") is None
    (credential,) = line["credentials"]
    assert credential["id"] == made["credential"] and credential["state"] == "open"
    text = site.run("partners", "list", expect=0).out
    assert "all, officer-safety, TAXII" in text and "never pulled" in text and "nda until 2027-09-30" in text
    # Neither the list, nor any file of the site, nor the audit log has the secret.
    assert made["secret"] not in text + json.dumps(line) + json.dumps(audit(site))
    for path in (site.folder / "var").rglob("*"):
        assert not path.is_file() or made["secret"].encode() not in path.read_bytes(), path
    entry = audit(site)[-1]
    assert entry["action"] == "partner-added" and entry["actor"] == "p.munroe" and made["credential"] in entry["detail"]


def test_for_people(site):
    ran = site.run("partners", "add", TAXII, "--by", "p.munroe", expect=0)
    assert re.match(r"user name  \S{12}\npassword   \S{43}\n$", ran.out) and "this once" in ran.err


def test_a_machine_with_the_entry_of_a_person(site):
    assert "no system" not in site.run("partners", "add", TAXII, "--by", "p.munroe", expect=0).err
    ran = site.run("partners", "add", "w.castellow", "--by", "p.munroe", expect=0)
    assert "w.castellow is no system" in ran.err and "mailbox: system" in ran.err and "password" in ran.out


def test_rotation_overlaps(site):
    added(site, "--feed", "all", "--taxii")
    site.run("partners", "revoke", FEED, expect=0)
    first = added(site, "--feed", "cap")
    ran = site.run("partners", "rotate", FEED, "--by", "p.munroe", "--overlap", "12", "--json", expect=0).objects[0]
    assert ran["credential"] != first["credential"] and ran["feeds"] == ["cap"] and not ran["taxii"]
    _, old, new = listed(site)[FEED]["credentials"]
    assert (old["id"], new["id"]) == (first["credential"], ran["credential"])
    assert old["expires"].startswith("2026-11-23T00:00") and old["state"] == "open"
    assert [c["state"] for c in listed(site, now=DAY_LATER)[FEED]["credentials"]] == ["revoked", "expired", "open"]
    # The list for people leaves closed ones out.
    assert first["credential"] not in site.run("partners", "list", now=DAY_LATER, expect=0).out
    assert first["credential"] in site.run("partners", "list", "--all", now=DAY_LATER, expect=0).out


def test_one_credential_never_takes_the_place_of_different_ones(site):
    wide, twin, narrow = added(site, "--taxii"), added(site, "--taxii"), added(site, "--feed", "cap")
    before = listed(site)
    refused = site.run("partners", "rotate", FEED, "--by", "p.munroe", expect=2).err
    assert f"{wide['credential']} for every feed, TAXII; {twin['credential']} for every feed, TAXII; " in refused
    assert f"{narrow['credential']} for cap" in refused and "partners rotate CREDENTIAL" in refused
    assert listed(site) == before
    ran = site.run("partners", "rotate", wide["credential"], "--by", "p.munroe", "--json", expect=0).objects[0]
    assert ran["partner"] == FEED and ran["taxii"] and ran.get("feeds") is None
    ends = {c["id"]: c["expires"] for c in listed(site)[FEED]["credentials"]}
    assert ends.pop(wide["credential"]).startswith("2026-11-23T12:00") and len(ends) == 3
    assert all(end > "2027" for end in ends.values()), ends
    assert audit(site)[-1]["subject"] == FEED
    # The same feeds in another order are the same; then a partner's name is enough.
    site.run("partners", "revoke", FEED, expect=0)
    one, two = added(site, "--feed", "all", "--feed", "cap"), added(site, "--feed", "cap", "--feed", "all")
    new = site.run("partners", "rotate", FEED, "--by", "p.munroe", "--overlap", "1", "--json", expect=0).objects[0]
    assert set(new["feeds"]) == {"all", "cap"}
    ends = {c["id"]: c["expires"] for c in listed(site)[FEED]["credentials"] if c["state"] == "open"}
    assert all(ends[old["credential"]].startswith("2026-11-22T13:00") for old in (one, two))


def test_ends(site):
    one, two, three = (added(site) for _ in range(3))
    ran = site.run("partners", "revoke", one["credential"], "--reason", "laptop lost", expect=0)
    assert ran.out == f"{one['credential']} of {FEED} is revoked.\n"
    site.run("partners", "expire", two["credential"], "--until", "2026-11-22", expect=0)
    states = {c["id"]: c for c in listed(site)[FEED]["credentials"]}
    assert states[one["credential"]]["state"] == "revoked" and states[two["credential"]]["state"] == "open"
    assert states[two["credential"]]["expires"].startswith("2026-11-23T00:00")
    assert any("laptop lost" in entry["detail"] for entry in audit(site))
    # All that are open, by the partner's name.
    ended = site.run("partners", "revoke", FEED, "--json", expect=0).objects
    assert {line["credential"] for line in ended} == {two["credential"], three["credential"]}
    assert "no open credential" in site.run("partners", "list", expect=0).out


def test_what_cannot_be(site):
    by = ("--by", "p.munroe")
    assert "no reader" in site.run("partners", "add", "nobody", *by, expect=2).err
    assert "feed `weather`" in site.run("partners", "add", FEED, "--feed", "weather", *by, expect=2).err
    assert "--days" in site.run("partners", "add", FEED, "--days", "0", *by, expect=2).err
    for rate in ("0", "10000001", "99999999999"):
        assert "--rate" in site.run("partners", "add", FEED, "--rate", rate, *by, expect=2).err
    added(site)
    assert "no partner" in site.run("partners", "rotate", TAXII, *by, expect=2).err
    # Each with the usage of the verb that was meant.
    for day in ("2026-11-01", "2027-02-30", "soon"):
        refused = site.run("partners", "expire", FEED, "--until", day, expect=2).err
        assert "--until takes" in refused and "Usage: revere partners expire " in refused
    site.run("partners", "expire", FEED, expect=0)
    for verb in (("rotate", *by), ("revoke",), ("expire",)):
        # Later: the clock runs on from what --now says.
        assert "no credential" in site.run("partners", *verb, FEED, expect=2, now=DAY_LATER).err
    site.edit("distribution-lists/stakeholders.yaml", "id: system.ct-fusion-taxii, name: Connecticut Fusion TAXII client,"
              " email: taxii@ct-fusion.example.gov, organization: ct-fusion, role: civilian, status: active",
              "id: system.ct-fusion-taxii, name: Connecticut Fusion TAXII client, email: taxii@ct-fusion.example.gov,"
              " organization: ct-fusion, role: civilian, status: suspended")
    assert "not active" in site.run("partners", "add", TAXII, *by, expect=1).err


def test_access_is_opened_by_a_release_authority(site):
    made = added(site)
    before = site.rows()
    for verb in (("add", FEED), ("rotate", FEED), ("unlock", made["credential"])):
        site.run("partners", *verb, expect=2)
        for nobody in ("nobody", "a.langtree"):
            refused = site.run("partners", *verb, "--by", nobody, expect=1).err
            assert f"`{nobody}` is no release authority" in refused and "p.munroe, t.renfrew" in refused
    assert site.rows() == before


def test_a_lock_out_is_seen_and_lifted(site, serve):  # noqa: F811
    made = added(site)
    server = serve(site)

    def status(secret):
        return server.get("/feeds/all.atom", credentials=(made["credential"], secret)).status

    wrong = "A" * 43
    assert [status(wrong) for _ in range(6)] == [401] * 5 + [429] and status(made["secret"]) == 429
    now = ledger_time(site)
    (credential,) = listed(site, now=now)[FEED]["credentials"]
    assert credential["lockedUntil"] > now[:19]
    assert f"locked out until {credential['lockedUntil']}" in site.run("partners", "list", now=now, expect=0).out
    ran = site.run("partners", "unlock", FEED, "--by", "p.munroe", now=now, expect=0)
    assert ran.out == f"credential {made['credential']} of {FEED} is not locked out any more.\n"
    assert status(made["secret"]) == 200
    assert "lockedUntil" not in listed(site, now=now)[FEED]["credentials"][0]
    assert "not locked out" in site.run("partners", "unlock", FEED, "--by", "p.munroe", now=now, expect=2).err
    entry = audit(site)[-1]
    assert (entry["action"], entry["actor"], entry["subject"]) == ("partner-unlocked", "p.munroe", FEED)


def test_pulls_stand_where_deliveries_do(site):
    added(site)
    site.release()
    serial = site.run("status", "--json", expect=0).objects[0]["serial"]
    with contextlib.closing(sqlite3.connect(site.database)) as database:
        release = database.execute("SELECT MIN(id) FROM releases").fetchone()[0]
        database.execute(
            "INSERT INTO feed_pulls VALUES (?, ?, 'all', 'text', 'v1', 'UNCLASSIFIED', 1, 1795370400000, 1795374000000, 3)",
            (FEED, release))
        database.commit()
    (who,) = [line for line in site.run("who", serial, "--json", expect=0).objects if line["state"] == "pulled"]
    assert (who["reader"], who["channel"], who["feed"], who["pulls"]) == (FEED, "feed", "all", 3)
    assert who["organization"] == "hampden-sheriff" and who["certain"] and who["lastPulledAt"] > who["sentAt"]
    assert (who["carries"], who["banner"]) == ("variant", "UNCLASSIFIED")
    assert f"{serial}  {FEED}  Hampden County feed reader" in site.run("who", serial, expect=0).out
    assert "pulled by all" in site.run("who", serial, expect=0).out
    assert site.run("who", serial, "--csv", expect=0).out.splitlines()[-1].endswith(",3,,p.munroe,,")
    assert "pulled" not in site.run("who", serial, "--not-acknowledged", expect=0).out
    assert f"pulled      {FEED}  feed all  UNCLASSIFIED" in site.run("deliveries", serial, expect=0).out
    assert "pulled" not in site.run("deliveries", serial, "--missing", expect=0).out


def test_the_record_says_what_a_partner_has_and_when_it_was_told_of_the_end(site, serve):  # noqa: F811
    fuller, lesser = (partner(site, name) for name in (FULLER, LESSER))
    released(site)
    server = serve(site)

    def pulled(reader):
        return [row for row in site.run("who", SERIAL, "--json", expect=0).objects
                if row["channel"] == "feed" and row["reader"] == reader.reader]

    server.page("/feeds/cap.atom", lesser)
    server.page("/feeds/all.atom", fuller)
    ((title,), (text,)) = (pulled(reader) for reader in (lesser, fuller))
    assert (title["carries"], text["carries"]) == ("title", "variant") and title["feed"] == "cap"
    assert "LES" in text["banner"] and "LES" not in title["banner"] and "FOUO" in title["banner"]
    server.page(f"/cap/{SERIAL}.1.xml", lesser)
    assert [row["carries"] for row in pulled(lesser)] == ["title", "variant"]
    said = recalled(site).out
    assert "2 partner systems pulled it" in said and "nobody needs to be told" not in said
    # Neither has heard of it; then one of them has, and when.
    assert {row["event"] for reader in (lesser, fuller) for row in pulled(reader)} == {"release"}
    server.page(f"/cap/{SERIAL}.1-recalled.xml", lesser)
    told = pulled(lesser)[-1]
    assert (told["event"], told["carries"], told["state"]) == ("recall", "notice", "pulled")
    assert told["sentAt"] > "2026-11-22T12:3" and {row["event"] for row in pulled(fuller)} == {"release"}
    assert f"{SERIAL} recall  {lesser.reader}" in site.run("who", SERIAL, expect=0).out
    (line,) = [row for row in csv.DictReader(io.StringIO(site.run("who", SERIAL, "--csv", expect=0).out))
               if row["event"] == "recall" and row["channel"] == "feed"]
    assert (line["carries"], line["banner"], line["sent"]) == ("notice", told["banner"], told["sentAt"])
    assert "recall notice" in site.run("deliveries", SERIAL, expect=0).out


def test_a_recall_names_the_partners_whose_feeds_will_not_tell_them(site, serve):  # noqa: F811
    fuller, lesser = (partner(site, name) for name in (FULLER, LESSER))
    released(site)
    server = serve(site)
    for each in (fuller, lesser):
        server.page("/feeds/all.atom", each)
    site.run("partners", "revoke", FULLER, expect=0)
    partner(site, FULLER, "--feed", "officer-safety")
    said = recalled(site).out
    assert "2 partner systems pulled it, or its title: the feeds of 1 say so from now on" in said
    assert re.search(rf"^  {re.escape(FULLER)} +no credential for a feed that holds it +a person must", said, re.M), said
    assert LESSER not in said


def test_what_was_revoked_stays_revoked(site, tmp_path):
    one, two = added(site), added(site)
    copy = tmp_path / "copy.db"
    site.run("backup", copy, expect=0)
    site.run("partners", "revoke", one["credential"], expect=0)
    ran = site.run("restore", copy, "--by", "t.renfrew", expect=0)
    assert "1 credentials of partners were revoked or ended since; they stay so." in ran.out
    states = {c["id"]: c["state"] for c in listed(site)[FEED]["credentials"]}
    assert states == {one["credential"]: "revoked", two["credential"]: "open"}
