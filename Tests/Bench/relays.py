"""What takes the mail of the measures: Postfix's smtp-sink and a receiver that answers late; and Postfix's smtp-source.

Postfix is unpacked below .build-postfix, never installed.
"""

import contextlib
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
POSTFIX = ROOT / ".build-postfix/root"
SURROUNDINGS = {**os.environ, "LD_LIBRARY_PATH": str(POSTFIX / "usr/lib/postfix")}


def wait_until(true, what, seconds=120):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise SystemExit(f"waited {seconds} s in vain for {what}")
        time.sleep(0.002)


class SmtpSink:
    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        user = ["-u", "nobody"] if os.getuid() == 0 else []
        self.counters = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [POSTFIX / "usr/sbin/smtp-sink", *user, "-c", f"127.0.0.1:{self.port}", "1000"], env=SURROUNDINGS,
            stdout=self.counters, stderr=subprocess.STDOUT)
        wait_until(self.listens, "smtp-sink")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def messages(self):
        size = os.fstat(self.counters.fileno()).st_size
        tail = os.pread(self.counters.fileno(), 200, max(0, size - 200)).decode()
        found = re.findall(r"mesg=(\d+)", tail)
        return int(found[-1]) if found else 0

    @contextlib.contextmanager
    def arrivals(self, count):
        """Yields a list that holds, at the end, the messages per second from the first arrival to the last of so many.

        Looked at seldom, and by one thread: the two cores are for the sender and the sink. What a look comes late by, at
        most 1% of a second, is against the sender.
        """
        rate, seen, due = [], [], self.messages() + count

        def look():
            before = due - count
            while not seen or seen[-1][1] < due:
                found = self.messages()
                if found > (seen[-1][1] if seen else before):
                    seen.append((time.monotonic(), found))
                if stop.wait(0.01):
                    return

        stop, watcher = threading.Event(), threading.Thread(target=look)
        watcher.start()
        try:
            yield rate
            watcher.join(120)
            if watcher.is_alive():
                raise SystemExit(f"{due} messages at smtp-sink waited for in vain, {self.messages()} are there")
        finally:
            stop.set()
        (start, first), (end, last) = seen[0], seen[-1]
        rate.append((last - first) / (end - start))

    def wait_for(self, count):
        wait_until(lambda: self.messages() >= count, f"{count} messages at smtp-sink, {self.messages()} are there")


class SlowReceiver:
    def __init__(self, milliseconds):
        self.milliseconds = milliseconds

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "Tests/Servers/pipelining_receiver.py", "--delay-ms", str(self.milliseconds)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def count(self):
        """`messages` and `bytes` so far."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def smtp_source(port, size, count):
    """Seconds that Postfix's load generator takes."""
    start = time.monotonic()
    subprocess.run(
        [POSTFIX / "usr/sbin/smtp-source", "-d", "-s", "20", "-l", str(size), "-m", str(count), f"127.0.0.1:{port}"],
        env=SURROUNDINGS, check=True)
    return time.monotonic() - start
