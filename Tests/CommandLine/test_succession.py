"""After the release: updates, corrections, recalls and early ends reach whoever holds a copy, in one thread; who got
what is on record; readers confirm that they read it by a link of their own."""

import csv
import email
import email.policy
import io
import os
import re

from conftest import OFFICER_SAFETY, relay

SERIAL = "CFC-OS-2026-0001"
ORDER = ["--consent", "s4", "--reason", "ATF agreed", "--accept", "D02"]
LINK = re.compile(r"https://portal\.cfc\.example\.gov/ack/([A-Za-z0-9_-]+)")


def address_to(readers, site):
    """`to:` in place of the lists."""
    path = site.bulletin(OFFICER_SAFETY)
    text = re.sub(r"^(urgency: priority|to: .*)$", f"to: [{', '.join(readers)}]", path.read_text(), flags=re.M)
    path.write_text(text)


def send(site, mail_server, now, keep=None):
    """What the relay took in one run, by address."""
    server = mail_server("--tls", "required", *(["--keep", keep] if keep else []))
    relay(site, server.port, tls="required", authority=server.authority)
    assert site.run("dispatch", now=now).code == 0
    arrived = server.arrived()
    assert len({message["to"][0] for message in arrived}) == len(arrived), "somebody got two"
    assert not any(message["defects"] for message in arrived)
    return {message["to"][0].split("@")[0]: message for message in arrived}


def test_one_thread_from_the_first_version_to_the_recall(site, mail_server):
    address_to(["a.langtree", "s.kowalski"], site)
    site.release(OFFICER_SAFETY, *ORDER, expect=0)
    first = send(site, mail_server, "2026-11-22T12:30:00-05:00")
    assert first.keys() == {"amara.langtree", "stefan.kowalski"}
    # The second version is for others in part.
    address_to(["a.langtree", "a.okafor"], site)
    updated = site.run("update", site.bulletin(OFFICER_SAFETY), "--by", "p.munroe", "--second", "t.renfrew", *ORDER,
                       now="2026-11-22T13:00:00-05:00", expect=0)
    assert f"{SERIAL}-U1" in updated.out and "1 readers hold an earlier version" in updated.out
    second = send(site, mail_server, "2026-11-22T13:30:00-05:00")
    assert second.keys() == {"amara.langtree", "adaeze.okafor", "stefan.kowalski"}
    told = second["stefan.kowalski"]
    assert told["subject"].startswith("(U) No longer current: ") and told["types"][0] == "multipart/alternative"
    assert SERIAL in told["text"] and "-U1" not in str(told) and "pdate" not in told["text"]
    assert told["header"]["References"] == first["stefan.kowalski"]["messageID"]
    assert second["amara.langtree"]["header"]["References"] == first["amara.langtree"]["messageID"]
    assert "References" not in second["adaeze.okafor"]["header"]

    recalled = site.run("recall", SERIAL, "--by", "t.renfrew", "--reason", "a source took it back",
                        now="2026-11-22T14:00:00-05:00", expect=0)
    assert f"Recalled {SERIAL}." in recalled.out and "3 readers were sent it" in recalled.out
    third = send(site, mail_server, "2026-11-22T14:30:00-05:00")
    assert third.keys() == second.keys()
    for reader, message in third.items():
        assert message["subject"].startswith("(U) Recalled: ")
        assert f"recalled {SERIAL}." in message["text"] and "source took it back" not in message["text"]
        earlier = [run[reader]["messageID"] for run in (first, second) if reader in run]
        assert message["header"]["References"].split() == earlier
        assert message["messageID"] not in earlier
    # The ledger of the notices has a name of its own, and the version's status tells of it.
    rows = site.run("deliveries", f"{SERIAL}-recall", "--json", expect=0).objects
    assert {row["state"] for row in rows} == {"accepted"} and {row["kind"] for row in rows} == {"notice"}
    assert sorted(row["reasons"] for row in rows) == [
        [f"was-sent({SERIAL})"], [f"was-sent({SERIAL}-U1)"], [f"was-sent({SERIAL}-U1)"]]
    shown = site.run("status", f"{SERIAL}-U1", "--json", expect=0).objects
    assert [status["kind"] for status in shown] == ["update", "recall"]
    assert f"{SERIAL}-recall" in site.run("status", SERIAL, expect=0).out
    # Nothing is left to say, and nothing of it may be followed.
    assert send(site, mail_server, "2026-11-23T14:30:00-05:00") == {}
    again = site.run("recall", f"{SERIAL}-U1", "--by", "p.munroe", "--reason", "x", expect=1)
    assert f"{SERIAL} was recalled at" in again.err
    address_to(["a.langtree"], site)
    for verb in ("update", "correct", "release"):
        refused = site.run(verb, site.bulletin(OFFICER_SAFETY), "--by", "p.munroe", *ORDER, expect=1)
        assert "was recalled" in refused.err and f"supersedes: {SERIAL}" in refused.err


def test_what_may_not_be_ended(site):
    site.run("recall", SERIAL, "--by", "p.munroe", "--reason", "x", expect=3)
    address_to(["a.langtree"], site)
    site.release(OFFICER_SAFETY, *ORDER, expect=0)
    before = site.state()
    assert "no release named" in site.run("recall", "CFC-OS-2026-0009", "--by", "p.munroe", "--reason", "x", expect=2).err
    assert "no release authority" in site.run("recall", SERIAL, "--by", "a.okafor", "--reason", "x", expect=1).err
    assert "--reason" in site.run("recall", SERIAL, "--by", "p.munroe", "--reason", " ", expect=1).err
    assert "another" in site.run(
        "expire", SERIAL, "--by", "p.munroe", "--second", "p.munroe", "--reason", "x", expect=1).err
    site.run("recall", SERIAL, "--by", "p.munroe", expect=2)
    assert site.state() == before
    ended = site.run("expire", SERIAL, "--by", "p.munroe", "--reason", "x", "--json", expect=0).objects[0]
    assert ended["holders"] == 0 and ended["cancelled"] == 1 and ended["kind"] == "expiry"
    assert "was ended at" in site.run("expire", SERIAL, "--by", "p.munroe", "--reason", "x", expect=1).err
    site.edit(f"bulletins/{OFFICER_SAFETY}.md", "to: [a.langtree]", "to: [a.okafor]")
    assert "was ended at" in site.run("correct", site.bulletin(), "--by", "p.munroe", *ORDER, expect=1).err


def links(path):
    """The tokens in every alternative of a message."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    found = [LINK.findall(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
    return message["To"].addresses[0].addr_spec.split("@")[0], found


def test_acknowledgements_and_the_record(site, mail_server, tmp_path):
    site.edit("templates/officer-safety/template.yaml", "urgency:", "acknowledge: true\nurgency:")
    address_to(["a.langtree", "s.kowalski", "h.quill"], site)
    site.edit("distribution-lists/stakeholders.yaml", "hester.quill@", "550-5.1.1@")
    site.release(OFFICER_SAFETY, *ORDER, expect=0)
    key = site.folder / "var/secret.key"
    assert key.stat().st_mode & 0o777 == 0o600
    sent = send(site, mail_server, "2026-11-22T12:30:00-05:00", keep=tmp_path / "mail")
    assert sent.keys() == {"amara.langtree", "stefan.kowalski"}
    tokens = dict(links(path) for path in (tmp_path / "mail/new").iterdir())
    assert tokens.keys() == sent.keys()
    for alternatives in tokens.values():
        assert len(alternatives) == 2 and all(len(found) == 1 and len(found[0]) == 32 for found in alternatives)
        assert alternatives[0] == alternatives[1]
    token = tokens["amara.langtree"][0][0]
    assert token != tokens["stefan.kowalski"][0][0]

    done = site.run("acknowledge", "-", input=token.encode() + b"\n", expect=0)
    assert done.out == f"a.langtree has acknowledged {SERIAL}.\n"
    assert "already" in site.run("acknowledge", token, expect=0).out
    wrong = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert site.run("acknowledge", wrong, expect=1).err == "revere: this is no acknowledgement link of this site\n"
    site.run("acknowledge", expect=2)
    site.run("acknowledge", token, "--by", "p.munroe", expect=2)
    waiting = site.run("who", SERIAL, "--not-acknowledged", "--json", expect=0).objects
    assert {line["reader"] for line in waiting} == {"s.kowalski", "h.quill"}
    site.run("acknowledge", "--serial", SERIAL, "--reader", "h.quill", "--by", "t.renfrew", expect=0)
    assert "not among those" in site.run(
        "acknowledge", "--serial", SERIAL, "--reader", "a.okafor", "--by", "t.renfrew", expect=1).err

    record = list(csv.DictReader(io.StringIO(site.run("who", SERIAL, "--version", "1", "--csv", expect=0).out)))
    assert {line["reader"] for line in record} == {"a.langtree", "s.kowalski", "h.quill"}
    rows = {line["reader"]: line for line in record}
    assert rows["a.langtree"]["acknowledged by"] == "a.langtree" and rows["h.quill"]["acknowledged by"] == "t.renfrew"
    assert rows["s.kowalski"]["acknowledged"] == "" and rows["s.kowalski"]["sent"].startswith("2026-11-22T12:30:")
    assert rows["h.quill"]["state"] == "bounced" and rows["h.quill"]["sent"] == ""
    for line in record:
        assert line["serial"] == SERIAL and line["name"] and line["organization name"]
        assert line["why"] == line["brought by"] == "to" and line["released by"] == "p.munroe" and line["second"] == ""
        assert line["release reason"] == "ATF agreed"
        assert line["banner"].startswith("UNCLASSIFIED") and line["channel"] == "email-tls" and line["policy version"]
    assert "acknowledged" in site.run("who", SERIAL, expect=0).out
    site.run("who", SERIAL, "--version", "2", expect=2)
    site.run("who", SERIAL, "--csv", "--json", expect=2)
    # The token stands nowhere but in the reader's mail.
    for path in site.folder.rglob("*"):
        if path.is_file():
            assert token.encode() not in path.read_bytes(), path
    # Who never got it is not told of its recall; the one whose link was followed is.
    recalled = site.run("recall", OFFICER_SAFETY, "--by", "p.munroe", "--reason", "x", "--json", expect=0).objects[0]
    assert recalled["holders"] == 2 and recalled["unreachable"] == {}
    assert os.listdir(site.folder / "var").count("secret.key") == 1


def test_a_bulletin_that_takes_anothers_place(site, mail_server):
    address_to(["a.langtree", "s.kowalski"], site)
    site.release(OFFICER_SAFETY, *ORDER, expect=0)
    first = send(site, mail_server, "2026-11-22T12:30:00-05:00")
    # The new one is for one of the two, and for somebody else.
    address_to(["a.langtree", "a.okafor"], site)
    old = site.bulletin(OFFICER_SAFETY)
    new = old.with_name("visor-sheaths.md")
    lines = old.read_text().splitlines()
    for serial, expect in (("CFC-OS-2026-0099", 1), (SERIAL, 0)):
        new.write_text("\n".join([*lines[:1], f"supersedes: {serial}", *lines[1:]]) + "\n")
        ran = site.run("release", new, "--by", "p.munroe", *ORDER, "--json", now="2026-11-22T13:00:00-05:00",
                       expect=expect)
        if expect:
            assert f"{new.name}:2:" in ran.err and "[F07]" in ran.err and serial in ran.err, ran.err
    (done,) = ran.objects
    assert done["replaces"] == SERIAL and done["leftBehind"] == 1 and done["serial"] == "CFC-OS-2026-0002"
    second = send(site, mail_server, "2026-11-22T13:30:00-05:00")
    assert second.keys() == {"amara.langtree", "adaeze.okafor", "stefan.kowalski"}
    assert f"takes the place of {SERIAL}" in second["amara.langtree"]["text"]
    assert second["amara.langtree"]["header"]["References"] == first["amara.langtree"]["messageID"]
    told = second["stefan.kowalski"]
    assert told["subject"].startswith("(U) No longer current: ") and done["serial"] not in str(told)
    assert f"taken by {done['serial']}" in site.run("status", SERIAL, expect=0).out
    assert f"place of {SERIAL}" in site.run("status", done["serial"], expect=0).out
    who = site.run("who", SERIAL, "--json", expect=0).objects
    assert [(row["serial"], row["reader"]) for row in who if row["serial"] != SERIAL] == [
        (done["serial"], "s.kowalski")]
