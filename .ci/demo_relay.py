"""The receiving mail server of the demo: aiosmtpd on loopback with required STARTTLS and AUTH, keeping a Maildir.

It promises to accept what an authenticated client sends over TLS and to write each message, with the recipient added
as Delivered-To, into the Maildir before it answers 250. It delivers nothing further. It ends when its parent ends.
"""

import argparse
import asyncio
import logging
import os
import pathlib
import signal
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Maildir:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.count = 0
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server, session, envelope):
        for recipient in envelope.rcpt_tos:
            self.count += 1
            safe = "".join(c if c.isalnum() or c in "@.-" else "_" for c in recipient)
            name = f"{self.count:06d}.{safe}.eml"
            trace = f"Return-Path: <{envelope.mail_from}>\r\nDelivered-To: {recipient}\r\n".encode()
            (self.folder / "tmp" / name).write_bytes(trace + envelope.original_content)
            os.rename(self.folder / "tmp" / name, self.folder / "new" / name)
        return "250 2.0.0 kept"


async def main():
    # aiosmtpd warns of its own session object at each login.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    arguments = argparse.ArgumentParser(description=__doc__)
    for name in ("certificate", "key", "user", "password-file", "maildir", "port-file"):
        arguments.add_argument("--" + name, required=True)
    given = arguments.parse_args()
    password = pathlib.Path(given.password_file).read_text().strip().encode()

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    tls.load_cert_chain(given.certificate, given.key)

    def authenticate(server, session, envelope, mechanism, data):
        right = data.login == given.user.encode() and data.password == password
        return AuthResult(success=right, handled=False)

    maildir = Maildir(pathlib.Path(given.maildir))
    loop = asyncio.get_running_loop()
    stop = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: stop.done() or stop.set_result(None))

    def session():
        return SMTP(maildir, hostname="localhost", tls_context=tls, require_starttls=True, auth_required=True,
                    authenticator=authenticate, enable_SMTPUTF8=True, loop=loop)

    server = await loop.create_server(session, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    # Whole or not at all: the script waits for this file.
    ready = pathlib.Path(given.port_file)
    ready.with_suffix(".tmp").write_text(f"{port}\n")
    os.rename(ready.with_suffix(".tmp"), ready)

    parent = os.getppid()
    while not stop.done() and os.getppid() == parent:
        await asyncio.wait([stop], timeout=0.5)
    server.close()


asyncio.run(main())
