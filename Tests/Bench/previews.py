"""A save of the largest sample until its findings and its product are in hand again, through `revere preview`."""

import json
import pathlib
import statistics
import subprocess
import time
import urllib.request

NOW = "2026-11-22T12:00:00-05:00"


def told(stream):
    """The next version that the preview tells of."""
    while line := stream.readline():
        if line.startswith(b"data: "):
            return int(line[6:])
    raise SystemExit("bench: the preview ended")


def save_to_sight(revere, folder, kit, saves=20):
    """Milliseconds of each save, and what was saved."""
    folder = pathlib.Path(folder)
    subprocess.run([revere, "init", folder, "--sample", "--kit", kit], check=True, stdout=subprocess.DEVNULL)
    bulletin = max((folder / "bulletins").glob("*.md"), key=lambda path: path.stat().st_size)
    text = bulletin.read_text()
    process = subprocess.Popen([revere, "preview", bulletin, "--workspace", folder, "--now", NOW, "--json"],
                               stdout=subprocess.PIPE, text=True)
    try:
        address = json.loads(process.stdout.readline())["url"]
        stream = urllib.request.urlopen(address + "saves")
        told(stream)
        times = []
        for number in range(saves):
            start = time.monotonic()
            bulletin.write_text(text + "\n" * (number % 2 + 1))
            told(stream)
            urllib.request.urlopen(address + "state").read()
            urllib.request.urlopen(address + "product").read()
            times.append((time.monotonic() - start) * 1000)
    finally:
        process.terminate()
        process.wait()
    return times, bulletin.name


def median_and_worst(times):
    return statistics.median(times), max(times)
