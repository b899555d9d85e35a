"""Every fault of the relay that fails on command, and what the ledger says afterwards: state, reason, and whom it hit.

Three readers, one connection, r1's message is the second. A fault of a transaction is r1's alone and the others get
theirs; a fault before the first transaction is nobody's failure: all rows wait, untouched, and an alert says why.
The entries run beside each other, each with a workspace and a server of its own.
"""

import concurrent.futures
import contextlib
import dataclasses
import threading

import pytest
from faulty import FaultServer, FaultSite

READERS = ["r0", "r1", "r2"]
# Of `hang`: no test waits as long as RFC 5321 would.
PATIENCE = "1s"
PIPELINED = ()
STRICT = ("--offers", "8BITMIME,DSN,SIZE 52428800")
LOGIN = ("--tls", "starttls", "--auth", "revere:pass word")


@dataclasses.dataclass
class Entry:
    name: str
    server: tuple
    rules: list
    # What becomes of r1: state, code of the reply, words in its reason.
    state: str
    code: int = None
    words: str = ""
    held: str = None
    # How many messages for r1 the relay took.
    taken: int = 0
    # The rows of r0 and r2: accepted, or this.
    others: str = "accepted"
    exit: int = 0
    series: str = "hold"
    relay: dict = dataclasses.field(default_factory=dict)


def only_r1(at, do, **more):
    """By position for the steps that know no recipient yet."""
    where = {"skip": 1, "times": 1} if at == "mail" else {"reader": "r1"}
    return {"at": at, "do": do, **where, **more}


def transactions():
    broken = [("garbage", "not-a-reply"), ("oversized", "line-too-long"), ("endless", "too-many-lines"),
              ("mixed", "mixed-codes"), ("half", "connection lost"), ("drop", "connection lost"),
              ("hang", "no reply in time"), ("drip", "no reply in time")]
    for mode, server in (("pipelined", PIPELINED), ("strict", STRICT)):
        def entry(name, rule, state, code=None, words="", **more):
            return Entry(f"{name}-{mode}", server, [rule], state, code, words, **more)

        for at in ("mail", "rcpt", "data"):
            for do, words in broken:
                yield entry(f"{at}-{do}", only_r1(at, do), "deferred", None, words)
            yield entry(f"{at}-450", only_r1(at, "reply", text="450 4.3.0 not now"), "deferred", 450, "not now")
            yield entry(f"{at}-421", only_r1(at, "reply", text="421 4.3.2 going down"), "deferred", 421, "going down")
            yield entry(f"{at}-slow", only_r1(at, "slow", ms=300), "accepted", 250, taken=1)
            # A reply too many: whose the others are cannot be told any more.
            yield entry(f"{at}-twice", only_r1(at, "twice"), "deferred", None, "out of step")
        yield entry("data-early", only_r1("data", "early"), "deferred", None, "out of step")
        yield entry("dot-twice", only_r1("dot", "twice"), "accepted", 250, taken=1, others="deferred")
        for at in ("mail", "data"):
            yield entry(f"{at}-554", only_r1(at, "reply", text="554 5.7.1 not this"), "deferred", 554, "not this",
                        held="quarantine")
        # A check of the client that the relay kept until RCPT: no reader is at fault.
        yield entry("rcpt-554", only_r1("rcpt", "reply", text="554 5.7.1 Relay access denied"), "deferred", 554,
                    "Relay access denied", held="quarantine")
        yield entry("rcpt-550", only_r1("rcpt", "reply", text="550 5.1.1 unknown"), "bounced", 550, "unknown")
        yield entry("rcpt-552", only_r1("rcpt", "reply", text="552 too many recipients"), "deferred", 552, "too many")
        # After the final dot nobody knows, unless the relay says so.
        for do, words in broken:
            yield entry(f"dot-{do}", only_r1("dot", do), "uncertain", None, words)
            yield entry(f"dot-{do}-taken", only_r1("dot", do, accepted=True), "uncertain", None, words, taken=1)
        yield entry("body-drop", only_r1("body", "drop"), "uncertain", None, "connection lost")
        yield entry("dot-451", only_r1("dot", "reply", text="451 4.3.0 not now"), "deferred", 451, "not now")
        yield entry("dot-421", only_r1("dot", "reply", text="421 4.3.2 going down"), "deferred", 421, "going down")
        yield entry("dot-554", only_r1("dot", "reply", text="554 5.7.1 not this"), "deferred", 554, "not this",
                    held="quarantine")
        yield entry("dot-mailbox", only_r1("dot", "reply", text="550 5.2.2 full for good"), "bounced", 550, "for good")
        yield entry("dot-slow", only_r1("dot", "slow", ms=300), "accepted", 250, taken=1)
        yield entry("dot-drop-resend", only_r1("dot", "drop", accepted=True), "deferred", None, "connection lost",
                    taken=1, series="resend")
        # What follows a refusal, and the end: nobody's failure.
        refused = only_r1("rcpt", "reply", text="550 5.1.1 unknown")
        for do in ("drop", "hang", "garbage"):
            yield Entry(f"rset-{do}-{mode}", server, [refused, {"at": "rset", "do": do, "times": 1}], "bounced", 550)
            yield entry(f"quit-{do}", {"at": "quit", "do": do}, "accepted", 250, taken=1)
        yield Entry(f"rset-450-{mode}", server, [refused, {"at": "rset", "do": "reply", "text": "450 no", "times": 1}],
                    "bounced", 550)
    # RST destroys replies under way, so strict turns alone tell whose it is.
    for at in ("mail", "rcpt", "data"):
        yield Entry(f"{at}-reset", STRICT, [only_r1(at, "reset")], "deferred", None, "connection lost")
    yield Entry("dot-reset", STRICT, [only_r1("dot", "reset")], "uncertain", None, "connection lost")
    for at, state in (("mail", "deferred"), ("rcpt", "deferred"), ("data", "deferred"), ("dot", "uncertain")):
        yield Entry(f"{at}-break-tls", (*LOGIN, *STRICT), [only_r1(at, "break-tls")], state, None, "connection lost")


def sessions():
    def entry(name, server, *rules, words="", code=None, **more):
        return Entry(name, server, list(rules), "pending", code, words, others="pending", exit=1, **more)

    for do in ("drop", "reset", "hang", "garbage", "half"):
        yield entry(f"connect-{do}", PIPELINED, {"at": "connect", "do": do})
    # A greeting of 20,000 bytes is a greeting.
    yield Entry("connect-oversized", PIPELINED, [{"at": "connect", "do": "oversized"}], "accepted", 250, taken=1)
    for do in ("drop", "hang", "garbage", "half"):
        yield entry(f"hello-{do}", PIPELINED, {"at": "hello", "do": do})
    yield entry("connect-421", PIPELINED, {"at": "connect", "do": "reply", "text": "421 4.3.2 too many"}, words="421")
    yield entry("connect-554", PIPELINED, {"at": "connect", "do": "reply", "text": "554 5.3.2 no service"}, words="554")
    yield entry("hello-421", PIPELINED, {"at": "hello", "do": "reply", "text": "421 4.3.2 going down"})
    yield entry("name-unknown", PIPELINED, relay={"host": "nowhere.invalid"}, words="nowhere.invalid")
    # A relay of old times, without EHLO: it is spoken to in its own way.
    yield Entry("hello-502", PIPELINED, [{"at": "hello", "do": "reply", "text": "502 5.5.1 what"}], "accepted", 250,
                taken=1)
    # TLS is asked for, so nothing goes without it.
    yield entry("starttls-absent", PIPELINED, relay={"tls": "required"})
    for do in ("drop", "hang", "garbage"):
        yield entry(f"starttls-{do}", LOGIN, {"at": "starttls", "do": do})
    for text in ("454 4.7.0 not now", "554 5.7.0 never"):
        yield entry(f"starttls-{text[:3]}", LOGIN, {"at": "starttls", "do": "reply", "text": text})
    for do in ("drop", "half", "garbage", "hang"):
        yield entry(f"handshake-{do}", LOGIN, {"at": "handshake", "do": do})
        yield entry(f"implicit-{do}", ("--tls", "implicit"), {"at": "handshake", "do": do})
    yield entry("hello-tls-drop", LOGIN, {"at": "hello-tls", "do": "drop"})
    yield entry("wrong-name", (*LOGIN, "--certificate", "wrong-name"), words="localhost")
    yield entry("stranger", (*LOGIN, "--certificate", "stranger"), words="certificate")
    yield entry("expired", (*LOGIN, "--certificate", "expired"), words="expired")
    yield entry("implicit-stranger", ("--tls", "implicit", "--certificate", "stranger"), words="certificate")
    for text in ("535 5.7.8 no", "454 4.7.0 not now"):
        yield entry(f"auth-{text[:3]}", LOGIN, {"at": "auth", "do": "reply", "text": text}, words=text[:3])
    for do in ("drop", "hang", "garbage"):
        yield entry(f"auth-{do}", LOGIN, {"at": "auth", "do": do})
    yield entry("wrong-password", ("--tls", "starttls", "--auth", "revere:another"), words="535")
    # The relay wants a login in the middle: its affair, not r1's; who came before has theirs.
    yield Entry("mail-530", STRICT, [{"at": "mail", "do": "reply", "text": "530 5.7.0 log in"}], "pending",
                others="pending", exit=1, words="530")


ENTRIES = {entry.name: entry for entry in [*transactions(), *sessions()]}


@pytest.fixture(scope="module")
def prepared(program, tmp_path_factory):
    """One workspace for each series, its bulletin released."""
    folder = tmp_path_factory.mktemp("faults")
    sites = {}
    for series in ("hold", "resend"):
        sites[series] = FaultSite.make(program, folder / series, READERS)
        sites[series].release("matrix", series)
    return sites


class Servers:
    """Each is used by one entry at a time, and then by the next."""

    def __init__(self):
        self.lock = threading.Lock()
        self.free = {}
        self.all = []

    @contextlib.contextmanager
    def one(self, arguments):
        with self.lock:
            waiting = self.free.setdefault(arguments, [])
            server = waiting.pop() if waiting else None
        if server is None:
            server = FaultServer(*arguments)
            self.all.append(server)
        # What the entry before left open is ended by closing the door.
        server.ask(listen=False, faults=[])
        server.ask(listen=True, forget=True)
        yield server
        with self.lock:
            waiting.append(server)

    def close(self):
        for server in self.all:
            server.close()


def run(entry, prepared, servers, folder):
    with servers.one(entry.server) as server:
        site = FaultSite.copy(prepared[entry.series], folder)
        settings = {"port": server.port, "max-connections": 1, "reply-timeout": PATIENCE}
        if "--tls" in entry.server:
            settings |= {"tls": "implicit" if "implicit" in entry.server else "required", "ca-file": server.authority}
        if "--auth" in entry.server:
            (site.folder / "var/relay-password").write_text("pass word\n")
            settings |= {"user": "revere", "password-file": "var/relay-password"}
        site.relays(settings | entry.relay)
        server.faults(*entry.rules)
        done = site.run("dispatch", expect=None)
        return site, done, server.copies()


@pytest.fixture(scope="module")
def results(request, prepared, tmp_path_factory):
    """Those that were asked for, some at a time: they mostly wait."""
    folder = tmp_path_factory.mktemp("entries")
    wanted = [item.callspec.params["name"] for item in request.session.items
              if item.module is request.module and item.originalname == "test_fault"]
    servers = Servers()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        yield {name: pool.submit(run, ENTRIES[name], prepared, servers, folder / name) for name in wanted}
    servers.close()


@pytest.mark.parametrize("name", ENTRIES)
def test_fault(name, results):
    entry = ENTRIES[name]
    site, done, copies = results[name].result(timeout=300)
    assert done.returncode == entry.exit, done
    assert "raw" not in done.stderr and "failed that should not" not in done.stderr
    rows = site.rows()
    row = rows["r1"]
    told = dict(row)
    assert row["state"] == entry.state, told
    assert len(copies.get(row["address"], [])) == entry.taken, copies
    audit = [f"{line['action']} {line['detail']}" for line in site.check_database()]
    alerts = [line for line in audit if line.startswith("relay-alert")]
    if entry.others == "pending":
        # Not an attempt, and somebody is told.
        for reader, row in rows.items():
            assert row["state"] == "pending" and row["reply_code"] is None, dict(row)
            # MAIL was said before the relay asked for a login.
            assert row["attempts"] == 0 or name == "mail-530", dict(row)
        assert alerts and entry.words in "".join(alerts), audit
        assert entry.words in done.stderr and "nothing is lost" in done.stderr
        assert copies == {}
        return
    assert row["reply_code"] == entry.code, told
    assert entry.words in row["reply_text"], told
    assert (row["held"], row["attempts"]) == (entry.held, 1), told
    assert row["relay"] == "relay1", told
    assert row["second_copies"] == (1 if entry.series == "resend" else 0), told
    assert row["message_id"], told
    for reader in ("r0", "r2"):
        other = rows[reader]
        # What followed an answer too many may have to wait for its second try.
        assert other["state"] in ("accepted", entry.others) and other["second_copies"] == 0, dict(other)
        assert copies.get(other["address"], []) == ([other["message_id"]] if other["state"] == "accepted" else [])
    if entry.state == "deferred" and not entry.held:
        assert row["next_attempt_at"] > row["changed_at"], told
    if entry.series == "resend":
        # The second try has the id of the first.
        server = FaultServer()
        try:
            site.relays({"port": server.port})
            site.advance(hours=1)
            site.run("dispatch")
            assert site.rows()["r1"]["state"] == "accepted"
            assert server.copies() == {row["address"]: copies[row["address"]]}
        finally:
            server.close()


@pytest.mark.parametrize("value", ["soon", "0s", "-5s", "10"])
def test_a_reply_timeout_that_is_no_duration(value, prepared, tmp_path):
    site = FaultSite.copy(prepared["hold"], tmp_path / "site")
    site.relays({"port": 25, "reply-timeout": f"'{value}'"})
    done = site.run("dispatch", expect=3)
    assert "reply-timeout" in done.stderr and value in done.stderr and "30s" in done.stderr
