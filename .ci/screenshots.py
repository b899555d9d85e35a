"""Takes the pictures of the README with headless Chromium: REVERE [FOLDER]. The products are shown as they arrive: the
samples are released and sent to a mail server of the tests."""

import base64
import email
import email.policy
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/CommandLine"))
from browser import Browser  # noqa: E402
from conftest import MailServer, Site, relay  # noqa: E402

# The samples are of this day.
NOW = "2026-11-22T12:00:00-05:00"
PHONE = dict(width=390, height=844)
READER = "amara.langtree@cfc.example.gov"
OFFICER_SAFETY = "officer-safety-conversion-devices"
# Bulletin, what its release needs, the picture's name, dark.
PHONES = [
    (OFFICER_SAFETY, ["--consent", "s4", "--reason", "ATF agreed"], "phone-officer-safety", False),
    ("situational-awareness-false-contractors", [], "phone-situational-awareness", False),
    ("opioid-arrests-2026-q3", [], "phone-opioid-arrests-dark", True),
]
PAPER = "print-officer-safety"


def arrived(site, work, bulletin, order):
    """The page that the reader's mail program shows, with its pictures in it."""
    site.release(bulletin, *order, now=NOW, expect=0)
    kept = work / f"mail-{bulletin}"
    kept.mkdir()
    server = MailServer("--tls", "required", "--keep", kept)
    relay(site, server.port, tls="required", authority=server.authority)
    site.run("dispatch", now=NOW, expect=0)
    server.arrived()
    messages = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                for path in kept.rglob("*") if path.is_file()]
    message, = [message for message in messages if READER in message["to"]]
    html = message.get_body(("html",)).get_content()
    for part in message.walk():
        if name := part["content-id"]:
            data = base64.b64encode(part.get_content()).decode()
            html = html.replace(f"cid:{name.strip('<>')}", f"data:{part.get_content_type()};base64,{data}")
    page = work / f"{bulletin}.html"
    page.write_text(html)
    return page


def main(revere, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, Browser() as browser:
        work = pathlib.Path(work)
        site = Site(revere, work / "site")
        site.run("init", site.folder, "--sample", "--kit", ROOT, workspace=False, now=None, expect=0)
        tab = browser.page()
        pages = {}
        for bulletin, order, name, dark in PHONES:
            pages[bulletin] = arrived(site, work, bulletin, order)
            tab.view(dark=dark, **PHONE)
            tab.open(pages[bulletin])
            tab.picture(folder / f"{name}.png", whole=False)

        tab.view(width=816, height=1056)
        tab.open(pages[OFFICER_SAFETY])
        tab.printed(work / "printed.pdf")
        subprocess.run(["pdftoppm", "-r", "72", "-f", "1", "-l", "1", "-singlefile", "-png", work / "printed.pdf",
                        folder / PAPER], check=True)

        # With something to find: a mark mistyped, whose item nobody sees until it is mended.
        draft = site.bulletin(OFFICER_SAFETY)
        text = draft.read_text()
        assert "- (U) Printed parts" in text
        draft.write_text(text.replace("- (U) Printed parts", "- (U//FOU) Printed parts"))
        preview = subprocess.Popen(
            [revere, "preview", draft, "--workspace", site.folder, "--now", NOW, "--json"],
            stdout=subprocess.PIPE, text=True)
        try:
            tab.view(width=1100, height=720)
            tab.open(json.loads(preview.stdout.readline())["url"])
            while not tab.run("document.body.dataset.shown"):
                tab.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            tab.picture(folder / "preview.png", whole=False)
        finally:
            preview.terminate()
            preview.wait()
    for path in sorted(folder.glob("*.png")):
        print(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}: {path.stat().st_size // 1024} KB")


main(sys.argv[1], pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "Documentation/pictures")
