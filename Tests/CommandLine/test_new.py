"""`revere new`: on a real terminal it asks one question at a time; elsewhere it takes flags. For every series."""

import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import sys

import pytest
from conftest import NOW, ROOT, Site

SERIES = sorted(path.parent.name for path in ROOT.glob("templates/*/template.yaml"))
PERIODS = {"crime-statistics": "July to September 2026", "hate-crime": "2025", "opioid-arrests": "July to September 2026",
           "sar-quarterly": "July to September 2026"}
# What only the analyst can say: a key judgment that mixes materials, for example.
ALLOWED = {"M15", "S06"}


class Terminal:
    """The program on a pseudo-terminal: what it shows so far, and keys that are typed."""

    def __init__(self, site, *arguments):
        self.shown = ""
        self.master, inner = pty.openpty()
        command = [site.program, "new", *arguments, "--workspace", str(site.folder), "--now", NOW]

        def own_terminal():
            # Whoever runs the tests in the background ignores keys that end them; a person at a terminal does not.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.setsid()
            os.close(os.open(os.ttyname(0), os.O_RDWR))  # the first one that is opened controls the session

        self.process = subprocess.Popen(
            command, stdin=inner, stdout=subprocess.PIPE, stderr=inner, preexec_fn=own_terminal)
        os.close(inner)

    def until(self, words):
        """Reads until the words are shown that were not shown at the last call."""
        while words not in self.shown:
            ready, _, _ = select.select([self.master], [], [], 60)
            assert ready, f"waited for {words!r}, saw {self.shown!r}"
            try:
                piece = os.read(self.master, 65536)
            except OSError:  # the other end closed
                piece = b""
            assert piece, f"ended before {words!r}: {self.shown!r}"
            self.shown += piece.decode()
        seen, _, self.shown = self.shown.partition(words) if words else ("", "", self.shown)
        return seen

    def type(self, text):
        os.write(self.master, text.encode())

    def answer(self, words, text=""):
        """Waits for the question, then for its prompt, and answers; gives what the brackets suggested."""
        self.until(words)
        suggested = self.until(" > ")
        self.type(text + "\n")
        found = re.search(r"\[(.*)\]$", suggested.strip(), flags=re.S)
        return found and found[1]

    def end(self):
        """Exit code and standard output; what was left to show is in `shown`."""
        while True:
            try:
                piece = os.read(self.master, 65536)
            except OSError:
                break
            if not piece:
                break
            self.shown += piece.decode()
        out = self.process.stdout.read().decode()
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        os.close(self.master)
        return code, out


def bulletins(site):
    return sorted(path.name for path in (site.folder / "bulletins").iterdir())


def assert_begun(site, path, series):
    """Nothing is left to replace, and the check finds nothing but what only the analyst can say."""
    text = pathlib.Path(path).read_text()
    assert f"series: {series}\n" in text and "{{" not in text
    # Facts of some readers of the sample ended, which no analyst can mend in the text.
    ran = site.run("check", path, "--skip", "D02", "--skip", "D03")
    assert set(ran.rules) <= ALLOWED and "S06" in ran.rules, ran.out
    return text


@pytest.mark.parametrize("series", SERIES)
def test_every_series_with_flags(site, series):
    event = ["--event", "2026-12-31"] if series == "special-event" else []
    path = site.run("new", series, "--author", "a.okafor", "--quiet", *event, expect=0).out.strip()
    assert path.endswith(f"bulletins/{series}-2026-11-22.md")
    text = assert_begun(site, path, series)
    expires = {"officer-safety": "2026-12-22", "situational-awareness": "2026-12-06", "high-profile-incident": "2026-11-29",
               "opioid-arrests": "2026-12-31", "sar-quarterly": "2026-12-31", "special-event": "2027-01-07",
               "crime-statistics": "2027-11-22", "hate-crime": "2027-11-22"}
    assert f"expires: {expires[series]}\n" in text
    if series == "special-event":
        assert "31 December 2026" in text
    if series in PERIODS:
        assert PERIODS[series] in text.split("short-title")[0]


@pytest.mark.parametrize("series", SERIES)
def test_every_series_on_a_terminal(site, series):
    """An empty answer takes what is suggested; the questions and the file have the order of the template."""
    terminal = Terminal(site, series)
    assert terminal.answer("Your reader id", "a.okafor") is None
    if series == "special-event":
        assert terminal.answer("Last day of the event", "2026-12-31") is None
    if series in PERIODS:
        assert terminal.answer("Period of the figures") == PERIODS[series]
    assert terminal.answer("Title (", '(U) A title with "quotes" and a \\: # too').startswith("(U")
    assert terminal.answer("Short title").startswith("(U) ")
    assert terminal.answer("Information cut-off").startswith("2026-11-22")
    assert re.fullmatch(r"202[67]-\d\d-\d\d", terminal.answer("Expires"))
    assert terminal.answer("Topics")
    assert terminal.answer("Lists")
    terminal.type("\n" * 6)  # no gate is open; the file's name as suggested
    code, out = terminal.end()
    assert code == 0, terminal.shown
    text = assert_begun(site, out.strip(), series)
    assert 'title: "(U) A title with \\"quotes\\" and a \\\\: # too"\n' in text
    assert "Bottom line" in terminal.shown and "\x1b" not in terminal.shown


@pytest.mark.parametrize("series", SERIES)
def test_every_series_in_a_new_site(program, tmp_path, series):
    """A new site has neither the contacts nor the lists of the sample."""
    folder = tmp_path / "site"
    subprocess.run([program, "init", str(folder), "--kit", str(ROOT)], check=True, capture_output=True)
    site = Site(program, folder)
    event = ["--event", "2026-12-31"] if series == "special-event" else []
    ran = site.run("new", series, "--author", "release.authority", "--quiet", *event, expect=0)
    assert_begun(site, ran.out.strip(), series)


def test_answers_are_checked_at_once(site):
    terminal = Terminal(site)
    terminal.answer("Series (", "officer-savety")
    terminal.until("did you mean `officer-safety`?")
    terminal.answer("", "officer-safety")
    terminal.answer("Your reader id", "")
    terminal.answer("write an answer", "a.okafr")
    terminal.until("did you mean `a.okafor`?")
    terminal.answer("", "a.okafor, s.kowalski")
    terminal.answer("Title (", "No mark")
    terminal.until("no portion mark")
    terminal.answer("", "(S) Above")
    terminal.answer("    ", "(U) Blades in visors")
    terminal.answer("Short title", "(U//LES) Above the title")
    terminal.answer("    ", "(U) Blades")
    terminal.answer("Information cut-off", "yesterday")
    terminal.answer("    ", "2026-11-31")
    terminal.until("2026-11-31 does not exist")
    terminal.answer("", "2026-11-20")
    assert terminal.answer("Expires", "2026-11-19") == "2026-12-20"
    terminal.until("expires before its information cut-off")
    terminal.answer("", "")
    terminal.answer("Topics", "firearms, firarms")
    terminal.until("no topic is called `firarms`")
    terminal.answer("", "firearms")
    terminal.answer("Lists", "opioid-task-force")
    terminal.until("does not take officer-safety")
    terminal.answer("", "officer-safety-statewide, metro-boston-le")
    terminal.answer("Personal data", "yes")
    terminal.answer("write the reason", "One wanted person is described")
    assert terminal.answer("Named US persons", "no") == "none"
    for gate in ("Juveniles", "Lawful expression"):
        assert terminal.answer(gate) == "none"
    terminal.answer("File name", "../out")
    terminal.answer("small letters", "visors")
    code, out = terminal.end()
    assert code == 0 and out.strip().endswith("bulletins/visors.md")
    text = assert_begun(site, out.strip(), "officer-safety")
    for line in ('title: "(U) Blades in visors"', 'short-title: "(U) Blades"', "authors: [a.okafor, s.kowalski]",
                 "info-cutoff: 2026-11-20", "expires: 2026-12-20", "topics: [firearms]",
                 "lists: [officer-safety-statewide, metro-boston-le]",
                 'pii: { value: true, reason: "One wanted person is described" }', "us-persons: { value: false }"):
        assert line + "\n" in text


@pytest.mark.parametrize("answers", [0, 1, 4])
@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["ctrl-c", "ctrl-d"])
def test_breaking_off_leaves_nothing(site, answers, key):
    before = site.state()
    terminal = Terminal(site, "officer-safety")
    given = [("Your reader id", "a.okafor"), ("Title (", ""), ("Short title", ""), ("Information cut-off", "")]
    for words, text in given[:answers]:
        terminal.answer(words, text)
    terminal.until(" > ")
    terminal.type(key)
    code, out = terminal.end()
    assert code == (-signal.SIGINT if key == "\x03" else 2) and out == ""
    if key == "\x04":
        assert "nothing was written" in terminal.shown
    assert site.state() == before


def test_flags_are_not_asked_again(site):
    terminal = Terminal(site, "officer-safety", "--author", "a.okafor", "--title", "(U//LES) Visors", "--cutoff", "2026-11-20",
                        "--gate", "pii=A person is described", "--name", "visors", "--quiet")
    assert "Your reader id" not in terminal.until("Short title")
    terminal.answer("")
    assert "cut-off" not in terminal.until("Expires")
    terminal.type("\n" * 6)
    code, out = terminal.end()
    assert code == 0 and "Personal data" not in terminal.shown and "File name" not in terminal.shown
    text = assert_begun(site, out.strip(), "officer-safety")
    assert "expires: 2026-12-20\n" in text and 'reason: "A person is described"' in text


def test_no_questions_on_a_terminal(site):
    terminal = Terminal(site, "officer-safety", "--author", "a.okafor", "--no-questions", "--quiet")
    code, out = terminal.end()
    assert code == 0 and " > " not in terminal.shown and out.strip().endswith(".md")


@pytest.mark.parametrize("arguments, words", [
    (["officer-safety"], "--author"),
    ([], "which series?"),
    (["officer-savety", "--author", "a.okafor"], "did you mean `officer-safety`?"),
    (["officer-safety", "--author", "nobody"], "--author: no reader is called `nobody`"),
    (["officer-safety", "--author", "a.okafor", "--title", "(U//XYZ) X"], "--title: "),
    (["officer-safety", "--author", "a.okafor", "--cutoff", "2026-02-30"], "--cutoff: 2026-02-30 does not exist"),
    (["officer-safety", "--author", "a.okafor", "--expires", "2026-11-01"], "--expires: the bulletin expires before"),
    (["officer-safety", "--author", "a.okafor", "--gate", "pii"], "--gate takes a gate and the reason"),
    (["officer-safety", "--author", "a.okafor", "--gate", "pi=x"], "the gates are: "),
    (["officer-safety", "--author", "a.okafor", "--gate", "pii=maybe"], "--gate pii: write the reason, in two words"),
    (["officer-safety", "--author", "a.okafor", "--gate", "sar=x"], "has no use for it"),
    (["officer-safety", "--author", "a.okafor", "--period", "2026"], "has no use for it"),
    (["officer-safety", "--author", "a.okafor", "--topics", "x]\nto: [me"], "--topics: "),
    (["special-event", "--author", "a.okafor"], "--event"),
    (["special-event", "--author", "a.okafor", "--event", "31 December"], "--event: `31 December` is no date"),
    (["hate-crime", "--author", "a.okafor", "--period", "2025\" }"], "--period: "),
])
def test_flags_that_are_wrong(site, arguments, words):
    before = site.state()
    ran = site.run("new", *arguments, expect=2, stdin=subprocess.DEVNULL)
    assert ran.out == "" and words in ran.err
    assert site.state() == before


@pytest.mark.parametrize("answer", ["no", "N", "None", "false", "-"])
def test_no_opens_no_gate(site, answer):
    path = site.run("new", "officer-safety", "--author", "a.okafor", "--gate", f"pii={answer}", "--quiet", expect=0).out
    assert "pii: { value: false }\n" in pathlib.Path(path.strip()).read_text()


def test_flags_of_every_kind(site):
    ran = site.run(
        "new", "special-event", "--author", "s.kowalski,m.delgado", "--title", "(U//FOUO) First Night", "--short-title",
        "(U) First Night", "--cutoff", "2026-11-20T16:00", "--event", "2027-01-01", "--topics", "special-event", "--lists",
        "situational-awareness-all, fire-ems", "--gate", "first-amendment=A march is part of the program", "--name",
        "first-night", "--quiet", expect=0)
    text = assert_begun(site, ran.out.strip(), "special-event")
    for line in ("authors: [s.kowalski, m.delgado]", "info-cutoff: 2026-11-20T16:00", "expires: 2027-01-08",
                 "lists: [situational-awareness-all, fire-ems]", "topics: [special-event]",
                 'first-amendment: { value: true, reason: "A march is part of the program" }'):
        assert line + "\n" in text
    # Further keys stay where and as they were.
    assert text.index("hsec: [2, 8]") < text.index("sources:") < text.index("contacts: [watch]")


def test_completion_names_the_series(site):
    shown = subprocess.run([site.program, "---completion", "new", "--", "positional@0", "3", "0", "revere", "new", "--workspace", str(site.folder), ""],
                           capture_output=True, text=True, timeout=60, cwd=site.folder, env={**os.environ, "SAP_SHELL": "bash"})
    if sys.platform == "linux":
        assert set(SERIES) <= set(shown.stdout.split()), shown
