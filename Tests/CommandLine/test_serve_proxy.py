"""`revere serve` behind a proxy that ends TLS: the settings and the nginx block of Documentation/operations.md as they
stand, with the addresses of the test put in."""

import base64
import contextlib
import http.client
import os
import re
import socket
import ssl
import subprocess
import sys

import pytest
from taxii2client.v21 import Server, as_pages

from conftest import ROOT
from feeds import FULLER, partner, released, serve, unpacked  # noqa: F401 - the fixture is among them

NGINX = """\
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log crit; {user}
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{secure} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};
    {block}
  }}
  server {{
    listen 127.0.0.1:{plain};
    {block}
  }}
}}
"""
# Not the proxy's own, so that it is seen who is taken for the caller.
CALLER = "127.0.0.2"


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Proxy:
    def __init__(self, folder):
        sys.path.insert(0, str(ROOT / "Tests/Servers"))
        from certificates import make_authority
        self.folder = folder
        folder.mkdir()
        self.authority, self.certificate, self.key = make_authority(str(folder))
        self.secure, self.plain = free_ports(2)
        self.address = f"https://localhost:{self.secure}"
        self.text = (ROOT / "Documentation/operations.md").read_text()
        self.process = None

    def settings(self):
        """The line of revere.yaml; where the server listens is told it on the command line."""
        line = re.search(r"^serve: \{.*\}$", self.text, re.M)[0]
        return line.replace("https://feeds.example.gov", self.address).replace("10.20.0.4", "127.0.0.1")

    def start(self, place):
        block = re.search(r"^location .*?^}$", self.text, re.M | re.S)[0].replace("10.20.0.5:8440", place)
        (self.folder / "conf").write_text(NGINX.format(
            folder=self.folder, secure=self.secure, plain=self.plain, block=block, certificate=self.certificate,
            key=self.key, user="user root;" if os.getuid() == 0 else ""))
        root = unpacked("nginx")
        libraries = ":".join(str(path) for path in root.glob("usr/lib/*-linux-*"))
        command = [root / "usr/sbin/nginx", "-p", self.folder, "-c", self.folder / "conf", "-e",
                   self.folder / "error.log"]
        # It fails here what it would fail at later, in words.
        checked = subprocess.run([*command, "-t"], env={**os.environ, "LD_LIBRARY_PATH": libraries}, capture_output=True,
                                 text=True)
        assert checked.returncode == 0, checked.stderr
        self.process = subprocess.Popen(command, env={**os.environ, "LD_LIBRARY_PATH": libraries})

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.secure)) == 0

    def get(self, path, reader, port=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Authorization"] = "Basic " + base64.b64encode(f"{reader.user}:{reader.password}".encode()).decode()
        if port:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(CALLER, 0))
        else:
            trusting = ssl.create_default_context(cafile=self.authority)
            line = http.client.HTTPSConnection("localhost", self.secure, timeout=60, source_address=(CALLER, 0),
                                               context=trusting)
        with contextlib.closing(line):
            line.request("GET", path, headers=sent)
            answer = line.getresponse()
            answer.bytes = answer.read()
            return answer

    def close(self):
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=30)


@pytest.fixture
def proxy(tmp_path):
    made = Proxy(tmp_path / "proxy")
    yield made
    made.close()


def test_nginx_as_documented(site, serve, proxy, monkeypatch):  # noqa: F811
    # The client's library would take these before the authority that it is told.
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with (site.folder / "revere.yaml").open("a") as settings:
        settings.write("\n" + proxy.settings() + "\n")
    reader = partner(site, FULLER)
    released(site)
    server = serve(site)
    proxy.start(server.place.netloc)
    server.until(proxy.listens)

    first = proxy.get("/feeds/all.json", reader)
    assert first.status == 200 and f'"feed_url":"{proxy.address}/feeds/all.json"'.encode() in first.bytes
    assert "max-age" in first.headers["Strict-Transport-Security"]
    again = proxy.get("/feeds/all.json", reader, if_none_match=first.headers["ETag"])
    assert (again.status, again.bytes) == (304, b"")
    assert proxy.get("/feeds/all.json", reader, accept_encoding="gzip").headers["Content-Encoding"] == "gzip"
    assert proxy.get("/feeds/none.json", reader).status == 404
    # With the slash that clients put there and without; what is not of feeds stays inside.
    taxii = "application/taxii+json;version=2.1"
    assert [proxy.get(path, reader, accept=taxii).status for path in ["/taxii2/", "/taxii2", "/taxii2x", "/healthz"]] == [
        200, 200, 404, 404]

    # A client that follows the addresses which it is told comes back by the proxy.
    root = Server(proxy.address + "/taxii2/", user=reader.user, password=reader.password, verify=proxy.authority).default
    assert root.url == proxy.address + "/taxii2/bulletins/"
    (everything,) = [one for one in root.collections if one.alias == "all"]
    pages = list(as_pages(everything.get_objects, per_request=50))
    assert sum(found["type"] == "report" for page in pages for found in page["objects"]) == 1 and len(pages) > 1

    # What comes without TLS is refused whatever it says of itself, and who calls is who came to the proxy.
    assert proxy.get("/feeds/all.json", reader, port=proxy.plain, x_forwarded_proto="https").status == 403
    assert proxy.get("/feeds/all.json", reader, x_forwarded_for="192.0.2.9").status == 200
    seen = [access["address"] for access in server.accesses() if access["path"] == "/feeds/all.json"]
    assert set(seen) == {CALLER} and len(seen) == 4
