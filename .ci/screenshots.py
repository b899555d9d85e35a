"""Takes the pictures of the README with headless Chromium: REVERE [FOLDER]."""

import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/CommandLine"))
from browser import Browser  # noqa: E402

# The samples are of this day.
NOW = "2026-11-22T12:00:00-05:00"
PHONE = dict(width=390, height=844)
# Name, bulletin, reader, dark.
PHONES = [
    ("phone-officer-safety", "officer-safety-conversion-devices", "a.langtree", False),
    ("phone-situational-awareness", "situational-awareness-false-contractors", "a.langtree", False),
    ("phone-opioid-arrests-dark", "opioid-arrests-2026-q3", "a.langtree", True),
]
PAPER = ("print-officer-safety", "officer-safety-conversion-devices", "a.langtree")


def main(revere, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, Browser() as browser:
        work = pathlib.Path(work)
        site = work / "site"
        subprocess.run([revere, "init", site, "--sample", "--kit", ROOT], check=True, stdout=subprocess.DEVNULL)

        def render(bulletin, reader, kind):
            done = subprocess.run(
                [revere, "render", site / f"bulletins/{bulletin}.md", "--as", reader, "--channel", "email-tls",
                 "--format", kind, "--workspace", site, "--now", NOW], check=True, capture_output=True)
            path = work / f"product.{kind}"
            path.write_bytes(done.stdout)
            return path

        tab = browser.page()
        for name, bulletin, reader, dark in PHONES:
            tab.view(dark=dark, **PHONE)
            tab.open(render(bulletin, reader, "html"))
            tab.picture(folder / f"{name}.png", whole=False)

        name, bulletin, reader = PAPER
        paper = render(bulletin, reader, "pdf")
        subprocess.run(["pdftoppm", "-r", "72", "-f", "1", "-l", "1", "-singlefile", "-png", paper, folder / name],
                       check=True)

        # With something to find: a mark mistyped, whose item nobody sees until it is mended.
        draft = site / f"bulletins/{bulletin}.md"
        text = draft.read_text()
        assert "- (U) Printed parts" in text
        draft.write_text(text.replace("- (U) Printed parts", "- (U//FOU) Printed parts"))
        preview = subprocess.Popen(
            [revere, "preview", draft, "--workspace", site, "--now", NOW, "--json"],
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
