"""What a site's settings mean for its webhooks: the secret key, mail that is not there, a proxy, a certificate of its
own."""

import json
import re
import subprocess
import sys

from conftest import ROOT, SITUATION
from test_webhooks import LATER, hook, hook_server, new_secret, released, row  # noqa: F401 - a fixture among them


def without_mail(site):
    path = site.folder / "revere.yaml"
    text, count = re.subn(r"(?m)^mail:\n(?:  .*\n)+", "", path.read_text())
    assert count == 1
    path.write_text(text)


def test_a_site_of_webhooks_alone_needs_no_mail(site, hook_server):  # noqa: F811
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, secret=secret)
    without_mail(site)
    released(site)
    assert "webhooks: 1 accepted" in site.run("dispatch", now=LATER, expect=0).out
    assert row(site)["state"] == "accepted" and len(server.requests(1)) == 1
    site.run("recall", SITUATION, "--by", "p.munroe", "--reason", "for the test", expect=0)
    assert "webhooks: 1 accepted" in site.run("dispatch", now=LATER, expect=0).out
    # With nothing to send by at all, that is said.
    (site.folder / "distribution-lists/endpoints.yaml").write_text("endpoints: []\n")
    assert "names no relay" in site.run("dispatch", now=LATER, expect=3).err


def test_a_lost_key_is_said_and_never_made_anew(site, hook_server):  # noqa: F811
    secret = new_secret()
    server = hook_server(secret)
    hook(site, server, secret=secret)
    released(site)
    key = site.folder / "var/secret.key"
    assert key.stat().st_mode & 0o777 == 0o600
    site.run("dispatch", now=LATER, expect=0)
    kept = key.read_bytes()
    key.unlink()
    mail = site.folder / "report.eml"
    mail.write_text("From: a@b.example\nSubject: x\n\nno report\n")
    since = ["--since", "2026-11-22T00:00:00Z"]
    for command in (["dispatch"], ["webhooks", "test", "northway"], ["webhooks", "rotate", "northway"],
                    ["webhooks", "replay", "northway", *since], ["bounces", "read", mail],
                    ["update", site.bulletin(SITUATION), "--by", "p.munroe"]):
        ran = site.run(*command, now=LATER, expect=3)
        assert "secret.key" in ran.err and "not there" in ran.err and "backup" in ran.err, (command, ran)
        assert not key.exists(), command
    key.write_bytes(kept)
    assert site.run("webhooks", "test", "northway", now=LATER, expect=0).out.startswith("northway  accepted")
    site.run("dispatch", now=LATER, expect=0)


def test_by_a_proxy_with_a_certificate(site, hook_server):  # noqa: F811
    secret = new_secret()
    server = hook_server("--ask")
    proxy = subprocess.Popen(
        [sys.executable, str(ROOT / "Tests/Servers/connect_proxy.py"), "--user", "center:open sesame"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        port = json.loads(proxy.stdout.readline())["port"]
        hook(site, server, secret=secret, client_certificate_file=server.ready["certificate"],
             client_key_file=server.ready["key"])
        (site.folder / "var/proxy-password").write_text("open sesame\n")
        site.edit("revere.yaml", "webhooks: { ", f"webhooks: {{ proxy: 'http://127.0.0.1:{port}', proxy-user: center,"
                  " proxy-password-file: var/proxy-password, ")
        released(site)
        assert "webhooks: 1 accepted" in site.run("dispatch", now=LATER, expect=0).out
        asked = json.loads(proxy.stdout.readline())
        assert asked["target"] == f"127.0.0.1:{server.port}" and asked["login"]
        (site.folder / "var/proxy-password").write_text("wrong\n")
        ran = site.run("webhooks", "test", "northway", now=LATER, expect=1)
        assert "407" in ran.out and "sesame" not in ran.out + ran.err and "wrong" not in ran.out
    finally:
        proxy.stdin.close()
        proxy.wait(timeout=60)
        proxy.stdout.close()


def test_settings_of_a_proxy_that_cannot_be_used(site):
    path = site.folder / "revere.yaml"
    before = path.read_text()
    for wrong, words in (("proxy: proxy.example.gov", "no address of a proxy"),
                         ("proxy: 'http://a:b@proxy.example.gov:3128'", "no address of a proxy"),
                         ("proxy: 'http://proxy.example.gov:3128', proxy-user: x", "go together")):
        path.write_text(before + f"webhooks: {{ {wrong} }}\n")
        ran = site.run("check", site.bulletin(SITUATION), expect=3)
        assert words in ran.out + ran.err and "revere.yaml:" in ran.out + ran.err, ran
    path.write_text(before)
    (site.folder / "distribution-lists/endpoints.yaml").write_text(
        "endpoints:\n  - { id: a, stakeholder: system.northway-webhook, url: 'https://h.example/', client-key-file: k }\n")
    assert "without a certificate" in site.run("lists", "check", expect=1).out
