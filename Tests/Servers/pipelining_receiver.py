"""A small pipelining SMTP receiver that counts: it answers each final dot after a delay and keeps nothing.

Prints {"port": ..} when it listens; for each line on standard input prints {"messages": .., "bytes": ..}; ends when
standard input closes. Replies to what one read brought leave in one write. With --hold N only the first N messages are
answered, until a line says "go"; with --together N none is answered before N connections wait for it.
"""

import argparse
import asyncio
import json
import selectors
import socket
import sys


class Receiver(asyncio.Protocol):
    delay = 0.0
    offers = []
    messages = 0
    bytes = 0
    drop_after = 0
    # How many messages are answered before those that hold wait; None: all are.
    hold = None
    together = 0
    holding = []

    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        self.in_data = False
        self.waiting = False
        self.handle = None
        self.loop = asyncio.get_running_loop()
        transport.write(b"220 receiver.test ESMTP\r\n")

    def connection_lost(self, error):
        if self.handle:
            self.handle.cancel()

    def data_received(self, data):
        self.buffer += data
        if not self.waiting:
            self.work()

    def work(self):
        out = bytearray()
        while True:
            if self.in_data:
                # The content may be empty: then the dot stands at the very start.
                if self.buffer.startswith(b".\r\n"):
                    end, size = 0, 3
                else:
                    end, size = self.buffer.find(b"\r\n.\r\n"), 5
                if end < 0:
                    break
                Receiver.bytes += end
                Receiver.messages += 1
                del self.buffer[:end + size]
                self.in_data = False
                if Receiver.drop_after and Receiver.messages == Receiver.drop_after:
                    self.transport.abort()
                    return
                if Receiver.hold is not None and Receiver.messages > Receiver.hold:
                    self.waiting = True
                    Receiver.holding.append(self)
                    if len(Receiver.holding) == Receiver.together:
                        self.loop.call_soon(Receiver.go)
                    break
                if self.delay:
                    self.waiting = True
                    self.handle = self.loop.call_later(self.delay, self.answer)
                    break
                out += b"250 2.0.0 Ok\r\n"
                continue
            end = self.buffer.find(b"\r\n")
            if end < 0:
                break
            verb = bytes(self.buffer[:4]).upper()
            del self.buffer[:end + 2]
            if verb == b"DATA":
                out += b"354 go on\r\n"
                self.in_data = True
            elif verb in (b"MAIL", b"RCPT", b"RSET", b"NOOP"):
                out += b"250 2.1.0 Ok\r\n"
            elif verb == b"EHLO":
                lines = ["receiver.test", *self.offers]
                for number, text in enumerate(lines):
                    out += f"250{'-' if number + 1 < len(lines) else ' '}{text}\r\n".encode()
            elif verb == b"QUIT":
                self.transport.write(bytes(out) + b"221 2.0.0 Bye\r\n")
                self.transport.close()
                return
            else:
                out += b"502 5.5.1 no\r\n"
        if out:
            self.transport.write(bytes(out))

    @classmethod
    def go(cls):
        cls.hold, held, cls.holding = None, cls.holding, []
        for one in held:
            if not one.transport.is_closing():
                one.answer()

    def answer(self):
        self.waiting = False
        self.handle = None
        # The replies to the next group leave together with this one.
        transport, self.transport = self.transport, Gather()
        self.work()
        gathered, self.transport = self.transport, transport
        transport.write(b"250 2.0.0 Ok\r\n" + bytes(gathered.bytes))
        if gathered.closed:
            transport.close()


class Gather:
    def __init__(self):
        self.bytes = bytearray()
        self.closed = False

    def write(self, data):
        self.bytes += data

    def close(self):
        self.closed = True

    abort = close


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--offers", default="PIPELINING,8BITMIME,SMTPUTF8,DSN,SIZE 52428800")
    parser.add_argument("--drop-after", type=int, default=0, help="close at the final dot of this message, unanswered")
    parser.add_argument("--hold", type=int, help="answer so many messages, the others not before a line says go")
    parser.add_argument("--together", type=int, help="answer none before so many connections wait for an answer")
    arguments = parser.parse_args()
    Receiver.hold = 0 if arguments.together else arguments.hold
    Receiver.together = arguments.together
    Receiver.delay = arguments.delay_ms / 1000
    Receiver.offers = [offer for offer in arguments.offers.split(",") if offer]
    Receiver.drop_after = arguments.drop_after
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Receiver, "127.0.0.1", 0, backlog=256)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
        if line.strip() == b"go":
            Receiver.go()
        print(json.dumps({"messages": Receiver.messages, "bytes": Receiver.bytes}), flush=True)


if __name__ == "__main__":
    # select() takes fractions of a millisecond; epoll, the default, rounds every delay up to a whole one.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    try:
        loop.run_until_complete(main())
    finally:
        loop.close()
