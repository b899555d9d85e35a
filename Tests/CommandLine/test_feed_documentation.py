"""Documentation/feeds.md as a partner's engineer follows it: every example of it is run, in order, as it stands."""

import re
import subprocess
import sys

from conftest import OPIOIDS, ROOT
from feeds import FULLER, partner, released, serve  # noqa: F401 - the fixture is among them

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
