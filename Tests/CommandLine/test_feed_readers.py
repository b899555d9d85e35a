"""Feed readers of others, each from a clean database to a recalled bulletin: feedparser and fastfeedparser, newsboat and
rss2email of Debian, and curl. The server's access log says what was asked and answered."""

import json
import re
import subprocess

import fastfeedparser
import feedparser

from conftest import NOW, OPIOIDS, SITUATION
from feeds import (FULLER, LES_WORDS, LESSER, OPEN_WORDS, Newsboat, RssToEmail, changed, partner, recalled, released,
                   serve)  # noqa: F401 - the fixture is among them

FORMS = ["atom", "json", "rss"]
SERIAL = "CFC-SA-2026-0001"


def parsed(server, reader, form="atom", slug="all", **earlier):
    """By feedparser, which pulls by itself: credentials in the address, as its users write them."""
    feed = feedparser.parse(reader.address(server.address, f"/feeds/{slug}.{form}"), **earlier)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def words(entry):
    return entry.title + "".join(part.value for part in entry.get("content", [])) + entry.get("summary", "")


def test_feedparser(site, serve):  # noqa: F811
    reader = partner(site, FULLER)
    server = serve(site)
    versions = {"atom": "atom10", "rss": "rss20"}
    for form, version in versions.items():
        empty = parsed(server, reader, form)
        assert empty.status == 200 and empty.entries == [] and empty.feed.title and empty.version == version

    released(site)
    first, entry = {}, {}
    for form in versions:
        server.settled(f"/feeds/all.{form}", reader)
        first[form] = parsed(server, reader, form)
        (entry[form],) = first[form].entries
        said = words(entry[form])
        assert said.startswith("(U//FOUO) ") and LES_WORDS in said and "five sites" in said
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", entry[form].id)
        # By both validators, and by each alone.
        etag, modified = {"etag": first[form].etag}, {"modified": first[form].modified}
        for earlier in (etag | modified, etag, modified):
            again = parsed(server, reader, form, **earlier)
            assert again.status == 304 and again.entries == []

    changed(site)
    second, newer = {}, {}
    for form in versions:
        etag, modified = {"etag": first[form].etag}, {"modified": first[form].modified}
        assert parsed(server, reader, form, **modified).status == 200
        server.settled(f"/feeds/all.{form}", reader)
        second[form] = parsed(server, reader, form, **etag, **modified)
        (newer[form],) = second[form].entries
        said = words(newer[form])
        assert second[form].status == 200 and newer[form].id == entry[form].id
        assert "six sites" in said and "five sites" not in said

    recalled(site)
    for form in versions:
        third = parsed(server, reader, form, etag=second[form].etag, modified=second[form].modified)
        assert third.status == 200
        (last,) = third.entries
        assert last.id == entry[form].id and "recalled" in words(last).lower()
        assert LES_WORDS not in words(last) and OPEN_WORDS not in words(last)
        if form == "atom":
            assert entry[form].updated_parsed <= newer[form].updated_parsed <= last.updated_parsed
            assert entry[form].published_parsed == newer[form].published_parsed == last.published_parsed


def test_two_parsers_read_the_same_in_every_form(site, serve):  # noqa: F811
    reader = partner(site, FULLER)
    server = serve(site)
    released(site)
    released(site, OPIOIDS)
    pages = {form: server.page(f"/feeds/all.{form}", reader).body for form in FORMS}
    theirs = {form: fastfeedparser.parse(page) for form, page in pages.items()}
    ids = [[entry["id"] for entry in feed["entries"]] for feed in theirs.values()]
    titles = [[entry["title"] for entry in feed["entries"]] for feed in theirs.values()]
    assert ids[0] == ids[1] == ids[2] and len(set(ids[0])) == 2
    assert titles[0] == titles[1] == titles[2]
    for form in ("atom", "rss"):
        feed = feedparser.parse(pages[form])
        assert [entry.id for entry in feed.entries] == ids[0] and [entry.title for entry in feed.entries] == titles[0]
    # Newest change first, and the forms agree on when that was.
    dates = [[entry["published"][:19] for entry in theirs[form]["entries"]] for form in FORMS]
    assert dates[0] == dates[1] == dates[2] == sorted(dates[0], reverse=True)
    as_json = json.loads(pages["json"])
    assert as_json["version"] == "https://jsonfeed.org/version/1.1"
    for item in as_json["items"]:
        assert item["content_html"] and item["content_text"] and item["_revere"]["serial"].startswith("CFC-")
    # Of a series, and of nothing that it has not.
    sub = fastfeedparser.parse(server.page("/feeds/situational-awareness.json", reader).body)
    assert [entry["id"] for entry in sub["entries"]] == [ids[0][titles[0].index(title)] for title in titles[0]
                                                         if "contractors" in title]


def test_newsboat(site, serve, tmp_path):  # noqa: F811
    reader = partner(site, LESSER)
    server = serve(site)
    released(site)
    newsboat = Newsboat(tmp_path / "newsboat", reader.address(server.address, "/feeds/all.atom"))
    newsboat.reload()
    ((first, title, text),) = newsboat.rows()
    assert title.startswith("(U") and OPEN_WORDS in text and LES_WORDS not in text
    # It knows the validators of a feed from the second pull on, so that the third is the first to ask with them.
    newsboat.reload()
    server.settled("/feeds/all.atom", reader)
    newsboat.reload()
    released(site, OPIOIDS)
    newsboat.reload()
    assert len(newsboat.rows()) == 2
    server.settled("/feeds/all.atom", reader)
    recalled(site)
    newsboat.reload()
    texts = {guid: text for guid, _, text in newsboat.rows()}
    assert len(texts) == 2 and "recalled" in texts[first].lower() and OPEN_WORDS not in texts[first]
    assert 304 in [access["status"] for access in server.accesses()]


def test_rss2email(site, serve, tmp_path):  # noqa: F811
    reader = partner(site, FULLER)
    server = serve(site)
    released(site)
    program = RssToEmail(tmp_path / "rss2email", reader.address(server.address, "/feeds/all.rss"))
    (first,) = program.mail()
    assert first["Subject"].startswith("(U//FOUO) ") and LES_WORDS in first.get_content().replace("\n", " ")
    assert len(program.mail()) == 1
    released(site, OPIOIDS)
    assert len(program.mail()) == 2
    recalled(site)
    program.mail()
    assert [access["status"] for access in server.accesses()] == [200, 304, 200, 200]


def test_curl(site, serve, tmp_path):  # noqa: F811
    reader = partner(site, FULLER)
    server = serve(site)
    released(site)
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login {reader.user} password {reader.password}\n")

    def curl(name, *arguments, path="/feeds/all.json"):
        """The status, and the file it wrote."""
        written = tmp_path / name
        written.unlink(missing_ok=True)
        ran = subprocess.run(["curl", "-sS", "--netrc-file", tmp_path / "netrc", "-o", written, "-w", "%{http_code}",
                              *arguments, server.address + path], capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, ran.stderr
        return int(ran.stdout), written

    server.settled("/feeds/all.json", reader)
    tag = tmp_path / "etag"
    status, kept = curl("first", "--etag-save", tag, "-R")
    assert status == 200 and tag.read_text().strip().startswith('"')
    assert curl("again", "--etag-compare", tag, "--etag-save", tag)[0] == 304
    # -R gave the file the time of Last-Modified, and -z asks whether there is something newer.
    assert curl("again", "-z", kept)[0] == 304
    # The form that is compressed has a tag of its own, which is as good.
    packed = tmp_path / "etag-packed"
    status, unpacked = curl("packed", "--compressed", "--etag-save", packed)
    assert status == 200 and unpacked.read_bytes() == kept.read_bytes() and packed.read_text() != tag.read_text()
    assert curl("again", "--compressed", "--etag-compare", packed)[0] == 304

    recalled(site)
    assert curl("again", "--etag-compare", tag)[0] == 200
    status, last = curl("last", "-z", kept)
    assert status == 200 and LES_WORDS in kept.read_text() and LES_WORDS not in last.read_text()
    assert curl("head", "-I")[0] == 200
    assert curl("missing", path="/feeds/none.json")[0] == 404
    assert curl("secret", "--netrc-file", "/dev/null")[0] == 401


def test_archives_hold_what_the_current_document_does_not(site, serve):  # noqa: F811
    """RFC 5005: current document and archives together are everything, in every month once."""
    reader = partner(site, FULLER)
    released(site)
    later = "2026-12-01T09:00:00-05:00"
    released(site, OPIOIDS, now=later)
    server = serve(site, now="2026-12-01T09:30:00-05:00")
    current = parsed(server, reader)
    assert len(current.entries) == 2
    seen, chain = set(), []
    link = next(link.href for link in current.feed.links if link.rel == "prev-archive")
    while link:
        path = link.removeprefix(server.address)
        chain.append(path)
        archive = feedparser.parse(server.page(path, reader).body)
        assert not archive.bozo and archive.entries
        ids = {entry.id for entry in archive.entries}
        assert not ids & seen
        seen |= ids
        relations = {link.rel: link.href for link in archive.feed.links}
        assert relations["current"] == server.address + "/feeds/all.atom"
        link = relations.get("prev-archive")
    assert chain == ["/feeds/all/2026-12.atom", "/feeds/all/2026-11.atom"]
    assert seen == {entry.id for entry in current.entries}
    # The same by JSON Feed's next_url.
    page, items = server.page("/feeds/all.json", reader).json, []
    while "next_url" in page:
        page = server.page(page["next_url"].removeprefix(server.address), reader).json
        items += [item["id"] for item in page["items"]]
    assert set(items) == seen and len(items) == 2


def test_a_bulletin_with_a_future_start_is_not_there_before_it(site, serve):  # noqa: F811
    site.edit(f"bulletins/{SITUATION}.md", "urgency: routine", "urgency: routine\nnot-before: 2026-11-24")
    reader = partner(site, FULLER)
    released(site)
    with_time = {NOW: 0, "2026-11-24T08:00:00-05:00": 1}
    for now, count in with_time.items():
        server = serve(site, now=now)
        assert len(parsed(server, reader).entries) == count
        server.close()
