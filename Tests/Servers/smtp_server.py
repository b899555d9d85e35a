"""An SMTP server of the tests, on aiosmtpd: strict turns, STARTTLS or implicit TLS, AUTH, and misbehaviour on demand.

Prints {"port": .., "ca": ..} when it listens, then one JSON line per message taken; ends when standard input closes.

A recipient's local part says what happens to it:
  550-5.1.1@..   that reply at RCPT (any code)          421@..          421 at RCPT, then the connection closes
  dot-451@..     that reply at the final dot            data-hang@..    no answer to the final dot
  drop@..        taken, then closed without an answer   rcpt-hang@..    no answer to RCPT
A sender's local part `mail-552-5.3.4` gets that reply at MAIL.
"""

import argparse
import asyncio
import os
import ssl
import sys
import tempfile
import time

from aiosmtpd.smtp import SMTP, AuthResult

from certificates import make_authority
from received import describe, line


def reply_of(local):
    parts = local.split("-")
    if len(parts[0]) == 3 and parts[0].isdigit():
        enhanced = f"{parts[1]} " if len(parts) > 1 else ""
        return f"{parts[0]} {enhanced}said by the test"
    return None


class Handler:
    def __init__(self, keep, quiet):
        self.keep = keep
        self.quiet = quiet
        self.count = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        if local.startswith("mail-"):
            return reply_of(local[5:])
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        if local == "rcpt-hang":
            await asyncio.Event().wait()
        if local == "421":
            await server.push("421 4.3.2 closing")
            server.transport.close()
            await asyncio.Event().wait()
        reply = reply_of(local)
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        local = envelope.rcpt_tos[0].split("@")[0]
        if local == "data-hang":
            await asyncio.Event().wait()
        if local.startswith("dot-"):
            return reply_of(local[4:])
        self.count += 1
        if self.keep:
            self.store(envelope)
        if not self.quiet:
            value = describe(envelope.content, envelope.mail_from, envelope.rcpt_tos,
                             envelope.mail_options + envelope.rcpt_options)
            value["tls"] = server.transport.get_extra_info("sslcontext") is not None
            value["user"] = session.auth_data if isinstance(session.auth_data, str) else None
            print(line(value), flush=True)
        if local == "drop":
            server.transport.abort()
            await asyncio.Event().wait()
        return f"250 2.0.0 Ok: queued as T{self.count:05d}"

    def store(self, envelope):
        """Maildir: written beside, then renamed."""
        name = f"{int(time.time())}.{os.getpid()}_{self.count}.test"
        path = os.path.join(self.keep, "tmp", name)
        with open(path, "wb") as file:
            file.write(f"Return-Path: <{envelope.mail_from}>\r\n".encode())
            file.write(f"X-Original-To: {', '.join(envelope.rcpt_tos)}\r\n".encode())
            file.write(envelope.content)
        os.rename(path, os.path.join(self.keep, "new", name))


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", choices=["none", "required", "implicit", "offered"], default="none")
    parser.add_argument("--name", default="localhost", help="the name in the certificate")
    parser.add_argument("--auth", help="user:password; mail without login is then refused")
    parser.add_argument("--keep", help="a Maildir for what arrives")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--quiet", action="store_true")
    arguments = parser.parse_args()
    folder = tempfile.TemporaryDirectory(prefix="revere-smtp-")
    ready = {}
    context = None
    if arguments.tls != "none":
        ca, certificate, key = make_authority(folder.name, arguments.name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        ready["ca"] = ca
    if arguments.keep:
        for part in ("tmp", "new", "cur"):
            os.makedirs(os.path.join(arguments.keep, part), exist_ok=True)

    def authenticate(server, session, envelope, mechanism, data):
        user, password = arguments.auth.split(":", 1)
        good = data.login == user.encode() and data.password == password.encode()
        return AuthResult(success=good, handled=good, auth_data=user if good else None)

    handler = Handler(arguments.keep, arguments.quiet)

    def make():
        starttls = context if arguments.tls in ("required", "offered") else None
        return SMTP(
            handler, hostname="relay.test", ident="test", enable_SMTPUTF8=True, tls_context=starttls,
            require_starttls=arguments.tls == "required", auth_required=bool(arguments.auth),
            auth_require_tls=arguments.tls in ("required", "offered"),
            authenticator=authenticate if arguments.auth else None, loop=asyncio.get_running_loop())

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        make, "127.0.0.1", arguments.port, ssl=context if arguments.tls == "implicit" else None)
    ready["port"] = server.sockets[0].getsockname()[1]
    print(line(ready), flush=True)
    await loop.run_in_executor(None, sys.stdin.buffer.read)
    folder.cleanup()
    # Sessions that hang on purpose would keep the loop.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
