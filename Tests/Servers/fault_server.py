"""An SMTP server that fails on command, and remembers every message that it took: by Message-ID and reader.

Prints {"port": .., "ca": ..} when it listens. Each line on standard input is a JSON command, answered by one line:
  {"faults": [RULE, ..]}   replaces the rules
  {"listen": false}        refuses connections from now on (the port stays its own); true takes them again
  {"open": true}           lets everything go on that waits at a gate
  {"wait": {"accepted": N, "faults": N, "waiting": N}, "seconds": S}   answers once all of these are reached, or time is up
  {"copies": true}         for each reader the Message-IDs of the messages taken, in order
  {"forget": true}         no message was taken so far
  {}                       what is so: accepted, connections (ever), live, faults (applied), waiting (at a gate)
It ends when standard input closes. Pipelines: the replies to what one read brought leave in one write.

A rule: {"at": STEP, "do": WHAT, ..}; the first that fits a step is applied.
  STEP  connect, hello, starttls, handshake, hello-tls, auth, mail, rcpt, data, body, dot, rset, quit
  WHAT  reply (with "text")   that reply instead; 421 closes the connection after it
        drop, reset           the connection ends by FIN, by RST, without a reply
        hang                  nothing is answered any more
        slow (with "ms")      the usual reply, later
        gate                  the usual reply after "open"
        garbage, half, oversized, endless, mixed
                              bytes that are no reply; half a reply and the end; a line of 20,000 bytes; 1,000 lines;
                              a reply of two codes
        twice                 the usual reply, two times over; early (at data): the answer to the final dot with it
        drip                  the usual reply's code and then a byte now and then, without end
        break-tls             bytes that are not TLS in the middle of the session
  at handshake: drop, half (in the middle of the server's answer), garbage, hang
  Further: "reader": only where the recipient begins with this (rcpt and later); "times": so often, then no more;
  "skip": not for the first so many; "connection": only on the n-th, from 1; "above": only while more connections than
  this are open; "accepted": true at dot: the message is taken before the fault.
"""

import argparse
import asyncio
import base64
import json
import os
import re
import selectors
import socket
import ssl
import struct
import sys
import tempfile

from certificates import make_authority

MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>\r\n]*>)", re.IGNORECASE | re.MULTILINE)


class Server:
    """What all connections share."""

    def __init__(self, arguments):
        self.offers = [offer for offer in arguments.offers.split(",") if offer]
        self.protection = arguments.tls
        self.login = arguments.auth
        self.rules = []
        self.copies = {}
        self.accepted = 0
        self.connections = 0
        self.faults = 0
        self.live = set()
        self.gated = []
        self.waiters = []
        self.context = None

    def state(self):
        return {"accepted": self.accepted, "connections": self.connections, "live": len(self.live),
                "faults": self.faults, "waiting": len(self.gated)}

    def rule(self, step, session):
        for rule in self.rules:
            if rule["at"] != step or rule.get("times") == 0:
                continue
            if "connection" in rule and rule["connection"] != session.number:
                continue
            if "above" in rule and len(self.live) <= rule["above"]:
                continue
            if "reader" in rule and not session.reader.startswith(rule["reader"]):
                continue
            if rule.get("skip", 0) > 0:
                rule["skip"] -= 1
                continue
            if "times" in rule:
                rule["times"] -= 1
            self.faults += 1
            self.changed()
            return rule
        return None

    def take(self, reader, content):
        found = MESSAGE_ID.search(content)
        self.copies.setdefault(reader, []).append(found.group(1).decode() if found else "")
        self.accepted += 1
        if self.waiters:
            self.changed()

    def changed(self):
        state = self.state()
        for waiter in [one for one in self.waiters if all(state[name] >= n for name, n in one[0].items())]:
            self.waiters.remove(waiter)
            if not waiter[1].done():
                waiter[1].set_result(None)


class Session(asyncio.Protocol):
    server = None

    def connection_made(self, transport):
        self.server.connections += 1
        self.number = self.server.connections
        self.server.live.add(self)
        self.transport = transport
        self.socket = transport.get_extra_info("socket")
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.loop = asyncio.get_running_loop()
        self.buffer = bytearray()
        self.out = bytearray()
        self.secure = False
        self.known = not self.server.login
        self.content = False
        self.dialogue = False
        # Busy with something that must end before the next command is read.
        self.blocked = False
        self.ended = False
        self.handshake = None
        self.clear()
        if self.server.protection == "implicit":
            self.secure = True
            self.begin_tls(then=self.greet)
        else:
            self.greet()

    def connection_lost(self, error):
        self.ended = True
        self.server.live.discard(self)
        self.server.gated = [gated for gated in self.server.gated if gated[0] is not self]

    def clear(self):
        self.sender = None
        self.readers = []
        self.reader = ""

    def data_received(self, data):
        if self.handshake:
            return self.spoil_handshake(data)
        self.buffer += data
        self.work()

    def eof_received(self):
        return False

    # MARK: Replies

    def greet(self):
        self.answer("connect", b"220 faults.test ESMTP\r\n")
        self.flush()

    def flush(self):
        if self.out and not self.ended:
            self.transport.write(bytes(self.out))
        self.out.clear()

    def end(self, reset=False):
        self.flush()
        self.ended = True
        if reset:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()
        else:
            self.transport.close()

    def answer(self, step, usual, after=None):
        """The usual reply, or what a rule says; `after` is called once the usual reply is given. True if it was."""
        rule = self.server.rule(step, self)
        if rule is None:
            self.out += usual
            if after:
                after()
            return True
        what = rule["do"]
        if rule.get("accepted") and self.content_taken is not None:
            self.keep()
            after = None
        if what == "reply":
            self.out += rule["text"].encode() + b"\r\n"
            if rule["text"].startswith("421"):
                self.end()
        elif what in ("drop", "reset"):
            self.end(reset=what == "reset")
        elif what == "hang":
            self.flush()
            self.blocked = True
        elif what in ("slow", "gate"):
            self.flush()
            self.blocked = True

            def go_on():
                if self.ended:
                    return
                self.blocked = False
                self.out += usual
                if after:
                    after()
                self.work()
                self.flush()

            if what == "slow":
                self.loop.call_later(rule["ms"] / 1000, go_on)
            else:
                self.server.gated.append((self, go_on))
                self.server.changed()
        elif what == "garbage":
            self.out += b"\x16\x03\x01\x00\xff nothing that SMTP knows\r\n"
        elif what == "half":
            self.out += usual[:max(2, len(usual) // 2)].rstrip(b"\r\n")
            self.end()
        elif what == "oversized":
            self.out += usual[:3] + b" " + b"x" * 20_000 + b"\r\n"
        elif what == "endless":
            self.out += (usual[:3] + b"-on and on\r\n") * 1_000 + usual[:3] + b" end\r\n"
        elif what == "mixed":
            self.out += usual[:3] + b"-one\r\n" + (b"550" if usual[:1] != b"5" else b"250") + b" other\r\n"
        elif what in ("twice", "early"):
            self.out += usual * 2 if what == "twice" else usual + b"250 2.0.0 Ok already\r\n"
            if after:
                after()
        elif what == "drip":
            self.out += usual[:3] + b" "
            self.flush()
            self.blocked = True

            def drip():
                if not self.ended:
                    self.transport.write(b".")
                    self.loop.call_later(0.1, drip)

            drip()
        elif what == "break-tls":
            self.flush()
            os.write(self.socket.fileno(), b"this is not a TLS record at all, and it never will be\r\n" * 4)
            self.blocked = True
        else:
            raise ValueError(f"unknown fault {what}")
        return False

    # MARK: Commands

    content_taken = None

    def work(self):
        while not self.blocked and not self.ended:
            if self.content:
                if not self.read_content():
                    break
                continue
            end = self.buffer.find(b"\r\n")
            if end < 0:
                break
            line = bytes(self.buffer[:end])
            del self.buffer[:end + 2]
            self.command(line)
        self.flush()

    def command(self, line):
        verb = line[:4].upper()
        if self.dialogue:
            self.dialogue = False
            self.take_login(line)
        elif verb == b"EHLO":
            offers = ["faults.test", *self.server.offers]
            if self.server.protection == "starttls" and not self.secure:
                offers.append("STARTTLS")
            if self.server.login and (self.secure or self.server.protection == "none"):
                offers.append("AUTH PLAIN")
            usual = "".join(f"250{'-' if n + 1 < len(offers) else ' '}{text}\r\n" for n, text in enumerate(offers))
            self.answer("hello-tls" if self.secure else "hello", usual.encode())
        elif verb == b"HELO":
            self.out += b"250 faults.test\r\n"
        elif line.upper().startswith(b"STARTTLS"):
            self.answer("starttls", b"220 2.0.0 Ready\r\n", after=self.begin_tls)
        elif verb == b"AUTH":
            words = line.split(b" ")
            if len(words) > 2:
                self.take_login(words[2])
            else:
                self.dialogue = True
                self.out += b"334 \r\n"
        elif verb == b"MAIL":
            self.clear()
            if not self.known:
                self.out += b"530 5.7.0 Authentication required\r\n"
            else:
                self.answer("mail", b"250 2.1.0 Ok\r\n", after=lambda: self.begin_mail(line))
        elif verb == b"RCPT":
            found = re.search(rb"<([^>]*)>", line)
            self.reader = found.group(1).decode() if found else ""
            if self.sender is None:
                self.out += b"503 5.5.1 MAIL first\r\n"
            else:
                reader = self.reader
                self.answer("rcpt", b"250 2.1.5 Ok\r\n", after=lambda: self.readers.append(reader))
        elif verb == b"DATA":
            if not self.readers:
                self.out += b"503 5.5.1 no recipient\r\n" if self.sender is None else b"554 5.5.1 no valid recipients\r\n"
            else:
                self.answer("data", b"354 go on\r\n", after=self.begin_content)
        elif verb == b"RSET":
            self.clear()
            self.answer("rset", b"250 2.0.0 Ok\r\n")
        elif verb == b"NOOP":
            self.out += b"250 2.0.0 Ok\r\n"
        elif verb == b"QUIT":
            self.answer("quit", b"221 2.0.0 Bye\r\n", after=self.end)
        else:
            self.out += b"502 5.5.2 not understood\r\n"

    def begin_mail(self, line):
        self.sender = line

    def begin_content(self):
        self.content = True
        self.body_rule_asked = False

    def read_content(self):
        """True when the whole content was there and has its answer, or the connection its fault."""
        if not self.body_rule_asked and len(self.buffer) > 16:
            self.body_rule_asked = True
            if any(rule["at"] == "body" for rule in self.server.rules):
                # The usual thing is to say nothing.
                if not self.answer("body", b""):
                    return True
        if self.buffer.startswith(b".\r\n"):
            end, size = 0, 3
        else:
            end, size = self.buffer.find(b"\r\n.\r\n"), 5
        if end < 0:
            return False
        self.content_taken = bytes(self.buffer[:end])
        del self.buffer[:end + size]
        self.content = False
        self.answer("dot", b"250 2.0.0 Ok: queued as %08X\r\n" % (self.server.accepted + 1), after=self.keep)
        # A gate or a slow answer still needs the content.
        if not self.blocked:
            self.content_taken = None
        return True

    def keep(self):
        """Taken from here on, whether the reply arrives or not."""
        for reader in self.readers:
            self.server.take(reader, self.content_taken)

    def take_login(self, word):
        try:
            given = base64.b64decode(word).split(b"\0")[1:]
        except ValueError:
            given = []

        def know():
            self.known = True

        if ":".join(part.decode() for part in given) == self.server.login:
            self.answer("auth", b"235 2.7.0 welcome\r\n", after=know)
        else:
            self.out += b"535 5.7.8 no\r\n"

    # MARK: TLS

    def begin_tls(self, then=None):
        self.flush()
        self.buffer.clear()
        rule = self.server.rule("handshake", self)
        if rule:
            self.handshake = rule["do"]
            return
        self.blocked = True
        self.loop.create_task(self.upgrade(then))

    async def upgrade(self, then):
        try:
            transport = await self.loop.start_tls(
                self.transport, self, self.server.context, server_side=True, ssl_handshake_timeout=30)
        except (OSError, ssl.SSLError):
            # The client did not want our certificate, or is gone.
            self.connection_lost(None)
            return
        if transport is None:
            return
        self.transport = transport
        self.secure = True
        self.blocked = False
        if then:
            then()
        self.work()

    def spoil_handshake(self, data):
        if self.handshake == "drop":
            self.end()
        elif self.handshake == "garbage":
            self.transport.write(b"no TLS is spoken here\r\n" * 8)
        elif self.handshake == "half":
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            partner = self.server.context.wrap_bio(incoming, outgoing, server_side=True)
            incoming.write(data)
            try:
                partner.do_handshake()
            except ssl.SSLWantReadError:
                pass
            answer = outgoing.read()
            self.transport.write(answer[:len(answer) // 2])
            self.end()


class Control:
    def __init__(self, server, listening):
        self.server = server
        self.listening = listening
        self.port = listening.sockets[0].getsockname()[1]

    async def command(self, command):
        server = self.server
        if "faults" in command:
            server.rules = command["faults"]
            server.faults = 0
        if "listen" in command:
            await self.listen(command["listen"])
        if command.get("open"):
            gated, server.gated = server.gated, []
            for _, go_on in gated:
                go_on()
        if "wait" in command:
            future = asyncio.get_running_loop().create_future()
            server.waiters.append((command["wait"], future))
            server.changed()
            try:
                await asyncio.wait_for(future, command.get("seconds", 60))
            except asyncio.TimeoutError:
                server.waiters = [waiter for waiter in server.waiters if waiter[1] is not future]
                return {"late": True, **server.state()}
        if command.get("forget"):
            server.copies, server.accepted, server.connections = {}, 0, 0
        if command.get("copies"):
            return {"copies": server.copies}
        return server.state()

    async def listen(self, wanted):
        if self.listening and not wanted:
            self.listening.close()
            self.listening = None
            for session in list(self.server.live):
                session.end(reset=True)
        elif wanted and not self.listening:
            self.listening = await asyncio.get_running_loop().create_server(
                Session, "127.0.0.1", self.port, backlog=256)


def certificate(kind, folder):
    """(ca, certificate, key): `good`, `wrong-name`, `expired` or `stranger` (of an authority that the client does not
    know)."""
    name = "elsewhere.test" if kind == "wrong-name" else "localhost"
    ca, chain, key = make_authority(folder, name, days=-1 if kind == "expired" else 2)
    if kind == "stranger":
        other = os.path.join(folder, "other")
        os.mkdir(other)
        ca, _, _ = make_authority(other)
    return ca, chain, key


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--certificate", choices=["good", "wrong-name", "expired", "stranger"], default="good")
    parser.add_argument("--auth", default="", help="user:password that is asked for")
    parser.add_argument("--offers", default="PIPELINING,8BITMIME,SMTPUTF8,DSN,SIZE 52428800")
    parser.add_argument("--faults", default="[]", help="the first rules, as JSON")
    arguments = parser.parse_args()
    server = Server(arguments)
    server.rules = json.loads(arguments.faults)
    Session.server = server
    ready = {}
    with tempfile.TemporaryDirectory(prefix="revere-faults-") as folder:
        if arguments.tls != "none":
            ready["ca"], chain, key = certificate(arguments.certificate, folder)
            server.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            server.context.load_cert_chain(chain, key)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: None if isinstance(
            context.get("exception"), (ConnectionError, ssl.SSLError)) else loop.default_exception_handler(context))
        listening = await loop.create_server(Session, "127.0.0.1", 0, backlog=256)
        control = Control(server, listening)
        print(json.dumps({"port": control.port, **ready}), flush=True)
        while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
            print(json.dumps(await control.command(json.loads(line))), flush=True)


if __name__ == "__main__":
    # select() takes fractions of a millisecond; epoll, the default, rounds every delay up to a whole one.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    try:
        loop.run_until_complete(main())
    finally:
        loop.close()
