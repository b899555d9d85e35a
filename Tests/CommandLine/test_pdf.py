"""`revere render --format pdf`: WeasyPrint makes it, tagged, with the banner on every page, and a hidden portion leaves
no trace in it."""

import os
import re
import subprocess
import zlib

import pytest

from conftest import OFFICER_SAFETY
from pages import sheets, tool


@pytest.fixture(scope="module")
def variants(shared_site):
    """The PDF and the plain text of each variant of the sample about officers' safety."""
    tool("weasyprint", "weasyprint")
    tool("pdftotext", "poppler-utils")
    folder = shared_site.folder / "pdf"
    for kind in ["pdf", "text"]:
        shared_site.run("render", shared_site.bulletin(), "--all-variants", "--format", kind, "-o", folder, expect=0)
    found = sorted(folder.iterdir())
    assert len(found) > 2
    return found


def info(pdf, *options):
    return subprocess.run(["pdfinfo", *options, str(pdf)], capture_output=True, text=True, check=True).stdout


def streams(pdf):
    """Everything that lies in the file, compressed or not."""
    data = pdf.read_bytes()
    parts = [data]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            parts.append(zlib.decompress(match[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_banner_number_and_name_on_every_page(variants):
    for folder in variants:
        banner = (folder / "product.txt").read_text().split("\n", 1)[0].strip()
        pages = sheets(folder / "product.pdf")
        assert len(pages) > 1
        for number, words in enumerate(pages, 1):
            assert words.count(banner) >= 2, f"{folder.name}: page {number}"
            # A sheet that lies alone says what it is of.
            assert f"DRAFT Page {number} of {len(pages)}" in words, f"{folder.name}: page {number}"


def test_it_is_tagged_and_says_its_language_and_title(variants):
    pdf = variants[0] / "product.pdf"
    assert re.search(r"Tagged: +yes", info(pdf))
    assert re.search(r"Title: +\(U", info(pdf))
    assert re.search(r"Page size: +612 x 792", info(pdf))
    assert b"/Lang (en)" in streams(pdf)
    tree = info(pdf, "-struct")
    for element in ["H1", "H2", "L", "LI", "Link", "TH", "P"]:
        assert re.search(rf"^ *{element}\b", tree, re.MULTILINE), element
    # The tables are the author's, and none of them only lays out.
    tables = re.findall(r"^( *)Table", tree, re.MULTILINE)
    headers = re.findall(r"^( *)TH\b", tree, re.MULTILINE)
    assert tables and len(headers) >= 2 * len(tables)


def test_metadata_are_neutral(variants):
    for folder in variants:
        pdf = folder / "product.pdf"
        words = info(pdf)
        for key in ["Author", "Creator", "CreationDate", "ModDate", "Subject", "Keywords"]:
            assert not re.search(rf"^{key}:", words, re.MULTILINE), words
        everything = streams(pdf)
        hidden = [str(folder.parent), str(folder.parent.parent.name), OFFICER_SAFETY, "product.html", "pike-van", "conversion-device.png",
                  "file:", "Exif", "Badge 0000"]
        user = os.environ.get("USER", "")
        for word in hidden + ([f"/{user}/"] if user else []):
            assert word.encode() not in everything, word


def test_a_hidden_portion_leaves_no_trace(variants):
    told = {folder: "\n".join(sheets(folder / "product.pdf")) for folder in variants}
    least = min(variants, key=lambda folder: len((folder / "product.txt").read_text()))
    most = max(variants, key=lambda folder: len((folder / "product.txt").read_text()))
    for word in ["Pike", "Transit", "Halley"]:
        assert word in told[most], f"{word} is to be seen by somebody"
        assert word not in told[least]
        assert word.lower().encode() not in streams(least / "product.pdf").lower()
    def pictures(folder):
        listed = subprocess.run(["pdfimages", "-list", str(folder / "product.pdf")], capture_output=True, text=True,
                                check=True).stdout
        return len(listed.splitlines())
    assert pictures(least) < pictures(most)


def test_the_words_are_those_of_the_plain_text(variants):
    def words(text):
        # A word may be broken at the end of a line.
        return set(re.findall(r"[a-z]{4,}", text.replace("-\n", "").lower()))
    for folder in variants:
        paper = words("\n".join(sheets(folder / "product.pdf")))
        text = words((folder / "product.txt").read_text()) - {"picture", "link", "links"}
        assert text - paper == set(), folder.name


def test_one_reader_gets_a_file(shared_site):
    tool("weasyprint", "weasyprint")
    done = subprocess.run(
        [shared_site.program, "render", shared_site.bulletin(), "--as", "a.langtree", "--channel", "email-tls", "--format", "pdf",
         "--workspace", shared_site.folder, "--now", "2026-11-22T12:00:00-05:00"], capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"%PDF-1.7")


def test_without_weasyprint_the_package_is_named(shared_site, tmp_path):
    ran = shared_site.run("render", shared_site.bulletin(), "--all-variants", "--format", "pdf", "-o", tmp_path / "out",
                          env={"PATH": str(tmp_path)}, expect=3)
    assert "apt-get install weasyprint" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("script", ["exit 1", "cat >/dev/null; echo no such thing >&2; exit 4", "cat >/dev/null; echo hello"])
def test_a_weasyprint_that_fails_is_an_error_with_words(shared_site, tmp_path, script):
    program = tmp_path / "weasyprint"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    ran = shared_site.run("render", shared_site.bulletin(), "--all-variants", "--format", "pdf", "-o", tmp_path / "out",
                          env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}, expect=3)
    assert "WeasyPrint made no PDF" in ran.err


def test_a_workspace_without_a_style_sheet_for_paper(site, tmp_path):
    tool("weasyprint", "weasyprint")
    (site.folder / "templates/layouts/pdf.css").unlink()
    ran = site.run("render", site.bulletin(), "--all-variants", "--format", "pdf", "-o", tmp_path / "out", expect=3)
    assert "templates/layouts/pdf.css" in ran.err
