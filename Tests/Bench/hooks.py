"""What takes the webhooks of the measures: nginx with a certificate made on the spot; and the peers: wrk with one ready
body, and a client on aiohttp that signs. nginx and wrk are unpacked (.ci/unpack), never installed.
"""

import asyncio
import base64
import datetime
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time

from relays import ROOT, wait_until

sys.path.insert(0, str(ROOT / "Tests/Servers"))
from certificates import make_authority  # noqa: E402

SECRET = b"an ample secret of the measure.."
CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
{user}
events {{ worker_connections 1024; }}
http {{
  access_log off;
  log_format size $content_length;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000000;
  keepalive_timeout 60s;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    location = /size {{ access_log {folder}/sizes size; return 204; }}
    location / {{ return 204; }}
  }}
}}
"""


def unpacked(name):
    root = ROOT / f".build-{name}/root"
    folders = [str(path) for path in [*root.glob("usr/lib/*-linux-*"), root / "usr/lib"] if path.is_dir()]
    return root, {**os.environ, "LD_LIBRARY_PATH": ":".join(folders)}


class Nginx:
    """Answers 204 to everything, over HTTPS with kept connections, and counts."""

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = tempfile.TemporaryDirectory()
        self.authority, certificate, key = make_authority(self.folder.name)
        configuration = pathlib.Path(self.folder.name) / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(
            folder=self.folder.name, port=self.port, certificate=certificate, key=key,
            user="user root;" if os.getuid() == 0 else ""))
        root, surroundings = unpacked("nginx")
        self.process = subprocess.Popen(
            [root / "usr/sbin/nginx", "-p", self.folder.name, "-c", configuration, "-e", f"{self.folder.name}/error.log"],
            env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.listens, "nginx")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def url(self, path="/hook"):
        return f"https://localhost:{self.port}{path}"

    def sizes(self):
        """Of the bodies that came to `/size`, in bytes."""
        return [int(line) for line in (pathlib.Path(self.folder.name) / "sizes").read_text().split()]

    def wrk(self, body, connections, seconds):
        """Requests a second of one ready body."""
        script = pathlib.Path(self.folder.name) / "post.lua"
        script.write_text('wrk.method = "POST"\n'
                          f"wrk.body = [==[{body}]==]\n"
                          'wrk.headers["Content-Type"] = "application/json"\n'
                          'wrk.headers["webhook-id"] = "msg_0123456789abcdef0123456789abcdef"\n'
                          'wrk.headers["webhook-timestamp"] = "1795368600"\n'
                          'wrk.headers["webhook-signature"] = "v1,H7uEqowlVGpx1pDnDZKyye1YQQ84tRBH75fSz94rDRM="\n')
        root, surroundings = unpacked("wrk")
        said = subprocess.run(
            [root / "usr/bin/wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "-s", script,
             f"https://127.0.0.1:{self.port}/hook"], env=surroundings, check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in said or "Socket errors" in said:
            raise SystemExit(f"wrk: {said}")
        return float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))

    def aiohttp(self, body, connections, bulletins, readers, workers=False):
        """Requests a second of a client that signs each with the library of Standard Webhooks, for one bulletin after the
        other: a task for each reader, and so many connections as the session's connector allows, which is how aiohttp's
        documentation limits them; or as many `workers` as connections, which take the readers from one list."""
        return asyncio.run(self._aiohttp(body, connections, bulletins, readers, workers))

    async def _aiohttp(self, body, connections, bulletins, readers, workers):
        import aiohttp
        from standardwebhooks import Webhook
        signer = Webhook("whsec_" + base64.b64encode(SECRET).decode())
        trust = ssl.create_default_context(cafile=self.authority)

        async def send(session, number):
            id, at = f"msg_{number:032x}", datetime.datetime.now(datetime.timezone.utc)
            headers = {"content-type": "application/json", "webhook-id": id,
                       "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signer.sign(id, at, body)}
            async with session.post(self.url(), data=body, headers=headers) as answer:
                if answer.status != 204:
                    raise SystemExit(f"aiohttp: {answer.status}")

        async def work(session, numbers):
            for number in numbers:
                await send(session, number)

        connector = aiohttp.TCPConnector(limit=connections, ssl=trust)
        async with aiohttp.ClientSession(connector=connector) as session:
            start = time.monotonic()
            for _ in range(bulletins):
                numbers = iter(range(readers))
                if workers:
                    await asyncio.gather(*(work(session, numbers) for _ in range(connections)))
                else:
                    await asyncio.gather(*(send(session, number) for number in numbers))
            return bulletins * readers / (time.monotonic() - start)
