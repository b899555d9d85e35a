"""Debian's servers and load generators as `.ci/unpack` leaves them: never installed, found below .build-NAME/root."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRIVATE = {"postfix": ["usr/lib/postfix"],
           "dovecot": ["usr/lib/dovecot", "usr/lib/dovecot/modules", "usr/lib/dovecot/modules/old-stats"]}


class Missing(Exception):
    """Why it cannot be had here."""


def unpacked(name):
    """The root folder of the package, unpacked now if it is not there."""
    done = subprocess.run([ROOT / ".ci/unpack", name], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise Missing((done.stderr.strip().splitlines() or [f"{name} cannot be unpacked"])[-1])
    return str(ROOT / f".build-{name}" / "root")


def surroundings(name):
    """The environment in which its programs find the libraries that came with them."""
    root = ROOT / f".build-{name}" / "root"
    folders = [root / folder for folder in PRIVATE.get(name, [])]
    folders += [*root.glob("usr/lib/*-linux-*"), *root.glob("lib/*-linux-*")]
    path = ":".join(str(folder) for folder in folders)
    return {"PATH": os.environ["PATH"], "LANG": "C", **({"LD_LIBRARY_PATH": path} if path else {})}
