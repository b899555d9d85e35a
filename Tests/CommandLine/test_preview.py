"""`revere preview`: the product beside its findings, read again at every save; loopback alone, and nobody else's page can
read it. In a browser by keyboard, at 320 pixels and under axe-core."""

import collections
import contextlib
import http.client
import json
import shutil
import socket
import subprocess
import time
import urllib.parse

import pytest

import pages
from conftest import NOW, OFFICER_SAFETY, Site

TITLE = "Pistols with conversion devices"


class Preview:
    """The running command; `get` asks as a browser would."""

    def __init__(self, site, *arguments, stem=OFFICER_SAFETY):
        self.site = site
        self.process = subprocess.Popen(
            [site.program, "preview", str(site.bulletin(stem)), "--workspace", str(site.folder), "--now", NOW, "--json",
             *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        self.address = json.loads(line)["url"]
        self.place = urllib.parse.urlsplit(self.address)

    def ask(self, path, host=None, method="GET"):
        connection = http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=60)
        connection.request(method, path, headers={"Host": host or self.place.netloc})
        answer = connection.getresponse()
        answer.words = answer.read().decode()
        connection.close()
        return answer

    def get(self, name, **query):
        answer = self.ask(self.place.path + name + ("?" + urllib.parse.urlencode(query) if query else ""))
        assert answer.status == 200
        return answer

    @property
    def state(self):
        return json.loads(self.get("state").words)

    def sight(self, **query):
        return json.loads(self.get("sight", **query).words)

    @contextlib.contextmanager
    def saves(self):
        """Versions as they are told, one at a time."""
        connection = http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=60)
        connection.request("GET", self.place.path + "saves", headers={"Host": self.place.netloc})
        stream = connection.getresponse()
        def versions():
            while line := stream.readline():
                if line.startswith(b"data: "):
                    yield int(line[6:])
        yield versions()
        connection.close()

    def close(self):
        self.process.terminate()
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def preview(program, pristine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("preview") / "site"
    shutil.copytree(pristine, folder)
    shown = Preview(Site(program, folder))
    yield shown
    shown.close()


@pytest.fixture
def edit(preview):
    """Saves a change of the bulletin and takes it back afterwards."""
    path = preview.site.bulletin()
    before = path.read_text()
    def change(old, new):
        text = path.read_text()
        assert old in text
        with preview.saves() as versions:
            first = next(versions)
            path.write_text(text.replace(old, new, 1))
            return next(version for version in versions if version > first)
    yield change
    with preview.saves() as versions:
        first = next(versions)
        path.write_text(before)
        next(version for version in versions if version > first)


@pytest.fixture(scope="module")
def tab():
    with pages.browser() as browser:
        yield browser.page()


def test_what_a_reader_sees_is_what_render_gives(preview):
    for reader, channel in [("a.langtree", "email-tls"), ("v.iwasaki", "email-tls")]:
        for view, kind in [("page", "html"), ("text", "text")]:
            rendered = preview.site.run("render", preview.site.bulletin(), "--as", reader, "--channel", channel,
                                        "--format", kind, expect=0).out
            assert preview.get("product", reader=reader, channel=channel, view=view).words == rendered


def test_state_names_variants_readers_and_findings(preview):
    state = preview.state
    assert state["file"].endswith(f"{OFFICER_SAFETY}.md")
    assert state["findings"] == []
    assert len(state["variants"]) > 2
    assert [one["readers"] for one in state["variants"]] == sorted((one["readers"] for one in state["variants"]), reverse=True)
    assert {"id": "a.langtree", "name": "Amara Langtree"} in state["readers"]
    for one in state["variants"]:
        assert preview.sight(reader=one["reader"], channel=one["channel"])["banner"] == one["banner"]


def test_findings_and_readers_are_those_of_check_and_audience(preview):
    def lines(*arguments):
        done = preview.site.run(*arguments)
        return [json.loads(line) for line in done.out.splitlines()]
    state = preview.state
    checked = lines("check", preview.site.bulletin(), "--format", "json")
    assert [found["rule"] for found in state["aboutReaders"]] == ["D02"]
    assert [found["message"] for found in state["findings"] + state["aboutReaders"]] == [found["message"] for found in checked]
    counts = collections.Counter(row["variant"] for row in lines("audience", preview.site.bulletin(), "--json")
                                 if row["decision"] == "full")
    assert [one["readers"] for one in state["variants"] if one["readers"]] == sorted(counts.values(), reverse=True)


def test_who_gets_nothing_is_told_why(preview):
    withheld = next(sight for one in preview.state["readers"] if (sight := preview.sight(reader=one["id"]))["decision"] == "withheld")
    assert withheld["reasons"] and withheld["size"] == 0
    assert preview.sight(reader="nobody.at.all")["decision"] == "unknown"
    assert preview.get("product", reader="nobody.at.all").getheader("Content-Type") == "text/plain; charset=utf-8"


def test_a_save_is_followed_with_its_findings(preview, edit):
    edit(TITLE, "Revolvers of brass")
    assert "Revolvers of brass" in preview.get("product").words
    # What was recorded about the text before counts no longer.
    assert [found["rule"] for found in preview.state["findings"]] == ["L08"]
    edit("## (U) Threat", "## (U//XYZ) Threat")
    found = next(found for found in preview.state["findings"] if found["rule"] == "M02")
    assert found["severity"] == "error" and "Threat" not in found["place"]


def test_a_file_that_cannot_be_read_is_a_finding_and_comes_back(preview):
    path = preview.site.bulletin()
    with preview.saves() as versions:
        first = next(versions)
        aside = path.with_suffix(".aside")
        path.rename(aside)
        second = next(version for version in versions if version > first)
        state = preview.state
        assert state["version"] >= second
        assert state["variants"] == [] and state["findings"][0]["severity"] == "error"
        assert preview.sight()["decision"] == "unknown"
        aside.rename(path)
        next(version for version in versions if version > second)
    assert preview.state["findings"] == []


def test_a_change_of_the_layout_shows_too(preview):
    layout = preview.site.folder / "templates/layouts/product.html.mustache"
    text = layout.read_text()
    with preview.saves() as versions:
        first = next(versions)
        layout.write_text(text.replace("<body", "<body data-changed=\"1\""))
        next(version for version in versions if version > first)
        assert "data-changed" in preview.get("product").words
        layout.write_text("{{#open}}")
        while not preview.state["findings"]:
            next(versions)
        layout.write_text(text)
        while preview.state["findings"]:
            next(versions)


def test_only_our_own_name_and_only_with_the_token(preview):
    port = preview.place.port
    path = preview.place.path
    assert preview.ask(path, host=f"localhost:{port}").status == 200
    for host in [f"evil.example:{port}", "evil.example", f"127.0.0.1.evil.example:{port}", ""]:
        answer = preview.ask(path + "product", host=host or "x")
        assert answer.status == 421 and TITLE not in answer.words
    for wrong in ["/", "/state", "/product", path[:-2] + "/product", "/" + "0" * 32 + "/product", path + "../etc/passwd"]:
        answer = preview.ask(wrong)
        assert answer.status in {400, 404} and TITLE not in answer.words, wrong
    assert len(path.strip("/")) == 32
    assert preview.ask(path + "state", method="POST").status in {404, 405}


def test_it_listens_on_loopback_alone(preview):
    with open("/proc/net/tcp") as table:
        held = [line.split()[1] for line in table.read().splitlines()[1:] if line.split()[3] == "0A"]
    ours = [address for address in held if address.endswith(f":{preview.place.port:04X}")]
    assert ours == [f"0100007F:{preview.place.port:04X}"]


def test_answers_may_not_be_framed_or_read_elsewhere(preview):
    for name in ["", "preview.js", "preview.css", "state", "sight", "product"]:
        answer = preview.get(name)
        policy = answer.getheader("Content-Security-Policy")
        assert "default-src 'none'" in policy and "frame-ancestors" in policy
        assert answer.getheader("Cache-Control") == "no-store"
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("Referrer-Policy") == "no-referrer"
        assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
        assert answer.getheader("Access-Control-Allow-Origin") is None
        if name != "product":
            assert "unsafe" not in policy
    assert "sandbox" in preview.get("product").getheader("Content-Security-Policy")
    page = preview.get("").words
    assert "<script>" not in page and " on" + "load" not in page and "style=" not in page


def test_two_previews_have_two_addresses(preview):
    other = Preview(preview.site)
    try:
        assert other.place.path != preview.place.path and other.place.port != preview.place.port
    finally:
        other.close()


def test_a_port_that_is_taken_and_a_file_that_is_not_there(preview):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = preview.site.run("preview", preview.site.bulletin(), "--port", taken.getsockname()[1], expect=3)
        assert "--port" in ran.err
    ran = preview.site.run("preview", preview.site.folder / "bulletins/none.md", expect=3)
    assert "no such bulletin" in ran.err
    preview.site.run("preview", preview.site.bulletin(), "--port", "70000", expect=2)


# In a browser.


def shown(tab, version=None):
    """Waits until the page shows a version of the product."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        told = tab.run("document.body.dataset.shown || ''")
        if told and (version is None or int(told) >= version):
            return
        tab.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    raise AssertionError("the product was not shown")


PRODUCT = "document.getElementById('shown').contentDocument.body.innerText"


@pytest.mark.parametrize("view", [dict(width=1280), dict(width=320, height=640), dict(width=1280, dark=True)])
def test_axe_finds_nothing_in_the_page_around_it(preview, tab, edit, view):
    edit("## (U) Threat", "## (U//XYZ) Threat")
    tab.view(**view)
    tab.open(preview.address)
    shown(tab)
    assert pages.violations(tab, pages.axe()) == []
    assert tab.run("document.documentElement.scrollWidth") <= view["width"]
    assert all(address.startswith(preview.address) for address in tab.requests())


def test_the_browser_follows_a_save_and_keeps_the_choice(preview, tab, edit):
    tab.view(width=1280)
    tab.open(preview.address)
    shown(tab)
    tab.run("""(() => { const list = document.getElementById('variant'); list.selectedIndex = list.length - 1;
      delete document.body.dataset.shown; list.dispatchEvent(new Event('change', {bubbles: true})) })()""")
    shown(tab)
    chosen = tab.run("document.getElementById('variant').value")
    banner = tab.run("document.querySelectorAll('#sight dd')[2].textContent")
    assert banner in tab.run(PRODUCT)
    version = edit("Report recoveries", "Report all recoveries")
    shown(tab, version)
    assert "Report all recoveries" in tab.run(PRODUCT)
    assert tab.run("document.getElementById('variant').value") == chosen
    version = edit("## (U) Threat", "## (U//XYZ) Threat")
    shown(tab, version)
    assert "M02" in tab.run("document.getElementById('findings').innerText")


def test_everything_can_be_reached_by_keyboard(preview, tab):
    tab.view(width=1280)
    tab.open(preview.address)
    shown(tab)
    reached = []
    for _ in range(8):
        tab.key("Tab", 9)
        reached.append(tab.run("document.activeElement.id || document.activeElement.className"))
    assert reached[:6] == ["skip", "variant", "reader", "channel", "view", "shown"]


def test_what_an_author_writes_is_never_markup_here(preview, tab, edit):
    version = edit("## (U) Threat", "## (U//<img src=x>) Threat")
    tab.view(width=1280)
    tab.open(preview.address)
    shown(tab, version)
    assert tab.run("document.querySelectorAll('aside img, header img').length") == 0
