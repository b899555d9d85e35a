"""Products as readers meet them: in a browser at 320 and 1280 pixels, light, dark and printed, under axe-core (WCAG 2.2
AA and its best practices) and the W3C's HTML checker, and within what mail programs take."""

import json
import re
import shutil
import subprocess

import pytest

import pages
from conftest import ROOT, Site
from pages import products, tool

VIEWS = {"wide": dict(width=1280), "phone": dict(width=320, height=640), "dark": dict(width=1280, dark=True),
         "dark phone": dict(width=320, height=640, dark=True)}


@pytest.fixture(scope="module")
def folder(program, pristine, tmp_path_factory):
    site = tmp_path_factory.mktemp("pages") / "site"
    shutil.copytree(pristine, site)
    return products(Site(program, site))


@pytest.fixture(scope="module")
def every_page(folder):
    """Each variant of each sample, and what the golden folders have beyond (notices, other schemes)."""
    found = sorted(folder.rglob("product.html")) + sorted((ROOT / "Tests/Fixtures/golden").glob("*/expected.html"))
    assert len(found) > 12
    return found


@pytest.fixture(scope="module")
def largest(folder):
    """The fullest variant of each sample: all series are among them."""
    series = [path for path in (ROOT / "templates").iterdir() if (path / "template.yaml").exists()]
    assert len(list(folder.iterdir())) >= len(series) >= 8
    return [max(bulletin.rglob("product.html"), key=lambda page: len(page.read_text()))
            for bulletin in sorted(folder.iterdir())]


@pytest.fixture(scope="module")
def tab():
    with pages.browser() as browser:
        yield browser.page()


def test_the_html_checker_finds_nothing(every_page):
    tool("java", "default-jre-headless")
    done = subprocess.run(["java", "-Xss2m", "-jar", pages.html_checker(), "--format", "json", *map(str, every_page)],
                          capture_output=True, text=True, timeout=300)
    messages = json.loads(done.stderr)["messages"]
    assert messages == [], messages[:3]


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(tab, largest, view):
    axe = pages.axe()
    for page in largest:
        tab.view(**VIEWS[view])
        tab.open(page)
        assert pages.violations(tab, axe) == [], f"{page.parent.parent.name}, {view}"


@pytest.mark.parametrize("name", ["expired-notice", "cui", "tlp", "officer-safety-cut"])
def test_axe_finds_nothing_in_notices_and_schemes(tab, name):
    for view in VIEWS.values():
        tab.view(**view)
        tab.open(ROOT / "Tests/Fixtures/golden" / name / "expected.html")
        assert pages.violations(tab, pages.axe()) == []


def test_it_is_readable_where_a_mail_program_drops_the_style_sheets(tab, largest):
    for page in largest:
        for width in [320, 1280]:
            tab.view(width=width)
            tab.open(page)
            tab.run("document.querySelectorAll('style').forEach(element => element.remove())")
            assert pages.violations(tab, pages.axe()) == [], page.parent.parent.name


def test_nothing_is_fetched_and_nothing_scrolls_sideways(tab, every_page):
    for page in every_page:
        tab.view(width=320, height=640)
        tab.open(page)
        assert tab.run("document.documentElement.scrollWidth") == 320, page
        # A golden page names its pictures where a product has their bytes.
        fetched = [address for address in tab.requests() if not address.endswith((".png", ".jpg", ".svg"))]
        assert fetched == [page.resolve().as_uri()]


def test_the_bottom_line_is_on_the_first_screen_of_a_phone(tab, largest):
    place = "(() => { const box = document.querySelector('.box').getBoundingClientRect(); return [box.top, box.bottom] })()"
    for page in largest:
        tab.view(width=390, height=844)
        tab.open(page)
        assert tab.run(place)[1] <= 844, page.parent.parent.name
        # On the smallest it begins there, with two lines at least.
        tab.view(width=320, height=640)
        tab.open(page)
        assert tab.run(place)[0] <= 640 - 90, page.parent.parent.name


def test_all_columns_of_a_wide_table_can_be_reached(tab, largest):
    seen = 0
    for page in largest:
        tab.view(width=320, height=640)
        tab.open(page)
        seen += tab.run("document.querySelectorAll('.scroll').length")
        assert tab.run("""[...document.querySelectorAll('table.wide')].every(table => {
          const box = table.closest('.scroll');
          return table.getBoundingClientRect().right <= 321
            || box !== null && box.tabIndex === 0 && getComputedStyle(box).overflowX === 'auto'; })"""), page
    assert seen > 0


def test_print_has_the_banner_and_its_number_on_every_page(tab, largest, tmp_path):
    tool("pdftotext", "poppler-utils")
    for page in largest:
        tab.view(width=816, height=1056)
        tab.open(page)
        banner = tab.run("document.querySelector('.banner').textContent")
        tab.printed(tmp_path / "printed.pdf")
        sheets = pages.sheets(tmp_path / "printed.pdf")
        assert len(sheets) > 1
        for number, words in enumerate(sheets, 1):
            assert words.count(banner) >= 2, f"{page}: page {number}"
            assert f"Page {number} of {len(sheets)}" in words


# What mail programs take: properties that all large ones know inline, elements that none of them drops.
INLINE = {
    "background", "border", "border-bottom", "border-collapse", "border-color", "border-left", "border-radius",
    "border-top", "color", "display", "font-family", "font-size", "font-style", "font-variant-numeric", "font-weight",
    "height", "letter-spacing", "line-height", "margin", "max-width", "overflow-wrap", "overflow-x", "padding",
    "padding-bottom", "padding-left", "padding-right", "padding-top", "margin-top", "margin-bottom", "margin-left",
    "margin-right", "min-width", "table-layout", "text-align", "text-decoration", "text-transform", "vertical-align",
    "white-space", "width",
}


def test_inline_styles_are_those_that_mail_programs_know(every_page):
    for page in every_page:
        html = page.read_text()
        body = html.split("<body", 1)[1]
        assert not re.search(r"<(script|link|iframe|form|input|object|embed|video|audio|svg|base)\b", html), page
        assert "@import" not in html and "@font-face" not in html and "url(" not in html
        for style in re.findall(r' style="([^"]*)"', body):
            for rule in filter(None, style.split(";")):
                name, value = rule.split(":", 1)
                assert name.strip() in INLINE, f"{page}: {rule}"
                if name.strip() == "display":
                    assert value.strip() in {"block", "inline-block", "none"}, f"{page}: {rule}"


def test_no_message_is_clipped(every_page):
    """A large mail program cuts a message's HTML at 102 KB; products stay under 90 (pictures are parts of their own)."""
    for page in every_page:
        html = re.sub(r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]*", "cid:x", page.read_text())
        assert len(html.encode()) < 90_000, page
        # A style block over this length is dropped.
        for block in re.findall(r"<style>(.*?)</style>", html, re.DOTALL):
            assert len(block) < 8_192


def test_html_and_text_have_the_same_words(tab, folder):
    for page in sorted(folder.rglob("product.html")):
        tab.view(width=1280)
        tab.open(page)
        tab.run("document.querySelectorAll('sup').forEach(mark => mark.prepend(' '))")
        shown = pages.words(tab.run("document.body.innerText"))
        spoken = pages.words(tab.run(
            "[...document.querySelectorAll('img')].map(image => image.alt).join(' ')"
            "+ ' ' + [...document.querySelectorAll('a')].map(link => link.getAttribute('href')).join(' ')"))
        text = pages.words((page.parent / "product.txt").read_text())
        assert shown - text == set(), page
        # The text numbers its lists and its links; a page draws such numbers.
        lost = {word for word in text - shown - spoken if not re.fullmatch(r"\d{1,2}", word)}
        assert lost - {"link", "links", "picture"} == set(), page


def test_text_fits_a_terminal_of_80_columns(folder):
    for path in sorted(folder.rglob("product.txt")):
        for line in path.read_text().splitlines():
            assert len(line.rstrip()) <= 72 or "://" in line, f"{path}: {line}"


def with_seal(site, name, bytes_of_file):
    site.edit("revere.yaml", "  serial-prefix: CFC\n", f"  serial-prefix: CFC\n  seal: {name}\n")
    if bytes_of_file is not None:
        (site.folder / name).write_bytes(bytes_of_file)


def render(site, kind):
    return site.run("render", site.bulletin(), "--as", "a.langtree", "--channel", "email-tls", "--format", kind,
                    expect=0).out


def test_the_seal_of_the_site_stands_in_the_masthead(site, tab, tmp_path):
    with_seal(site, "our-seal.png", (site.folder / "bulletins/conversion-device.png").read_bytes())
    assert "site.seal" not in site.run("lists", "check", expect=1).out
    path = tmp_path / "product.html"
    path.write_text(render(site, "html"))
    tab.view(width=390, height=844)
    tab.open(path)
    assert tab.run("(() => { const seal = document.querySelector('img'); return [seal.alt, seal.complete, seal.width] })()") \
        == ["", True, 52]
    assert pages.violations(tab, pages.axe()) == []
    message = render(site, "eml")
    # A part of the message under a neutral name.
    assert "seal.png" in message and "our-seal" not in message


@pytest.mark.parametrize("content", [None, b"no picture", b"\x89PNG\r\n\x1a\n broken"])
def test_a_seal_that_cannot_be_used_is_a_warning_and_the_letters_stand_in(site, content):
    with_seal(site, "seal.png", content)
    checked = site.run("lists", "check", expect=1)
    assert "site.seal" in checked.out and "warning" in checked.out
    assert ">CFC</div>" in render(site, "html")
