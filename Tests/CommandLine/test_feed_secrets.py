"""What the feeds tell those who may see less, or nothing: the same for what is hidden and for what is not there."""

import gzip

from conftest import OFFICER_SAFETY, OPIOIDS, SITUATION
from feeds import (COUNTY, FULLER, HIDDEN_WORDS, LES_WORDS, LESSER, TEAR_LINE_WORDS, partner, recalled, released,
                   serve)  # noqa: F401 - the fixture is among them

PAGES = [f"/feeds/{slug}.{form}" for slug in ("all", "situational-awareness", "officer-safety")
         for form in ("atom", "json", "rss")]
TAXII = "application/taxii+json;version=2.1"
API = "/taxii2/bulletins/"


def collections(server, reader):
    answer = server.get(API + "collections/", reader, accept=TAXII)
    assert answer.status == 200
    return [collection["id"] for collection in answer.json["collections"]]


def everything(server, reader):
    """Every byte that a caller can list, by address."""
    pages = {path: server.get(path, reader) for path in [*PAGES, "/feeds/cap.atom"]}
    pages |= {path: server.get(path, reader)
              for path in ("/feeds/all/2026-11.atom", "/feeds/all/2026-11.json", "/feeds/all/2026-11.rss")}
    for collection in collections(server, reader):
        for kind in ("objects", "manifest"):
            path = f"{API}collections/{collection}/{kind}/"
            pages[path] = server.get(path, reader, accept=TAXII)
    return pages


def test_each_caller_has_its_own_variant_in_every_form(site, serve):  # noqa: F811
    readers = [partner(site, name) for name in (FULLER, LESSER, COUNTY)]
    for stem in (SITUATION, OFFICER_SAFETY, OPIOIDS):
        released(site, stem)
    server = serve(site)
    fuller, lesser, county = (everything(server, reader) for reader in readers)
    serials = ("CFC-SA-2026-0001", "CFC-OS-2026-0001")
    for path in [path for path in fuller if "officer-safety" not in path and "manifest" not in path]:
        # The collections and pages of a series without bulletins for the caller are as empty as of one without any.
        if serials[0] not in fuller[path].text:
            continue
        assert serials[0] in lesser[path].text, path
        assert LES_WORDS not in lesser[path].text and TEAR_LINE_WORDS not in fuller[path].text, path
    assert any(LES_WORDS in page.text for page in fuller.values())
    assert any(TEAR_LINE_WORDS in page.text for page in lesser.values())
    for pages in (fuller, lesser):
        for path, page in pages.items():
            for words in HIDDEN_WORDS:
                assert words.lower() not in page.text.lower().replace("/feeds/officer-safety", ""), (path, words)
            assert page.headers.get("Content-Length") == str(len(page.body))
    assert serials[1] in county["/feeds/officer-safety.json"].text
    # Tags are of the bytes, so that equal ones tell nothing more.
    assert fuller["/feeds/all.atom"].headers["ETag"] != lesser["/feeds/all.atom"].headers["ETag"]


def test_hidden_and_missing_look_the_same(site, serve):  # noqa: F811
    reader = partner(site, LESSER)
    county = partner(site, COUNTY)
    released(site, OFFICER_SAFETY)
    recalled(site, OFFICER_SAFETY)
    released(site)
    released(site, OPIOIDS)
    server = serve(site)
    alerts = "/cap/{}.{}.xml".format
    assert server.get("/cap/CFC-OS-2026-0001.1-recalled.xml", county).status == 200
    missing = server.get(alerts("CFC-OS-2026-0099", 1), reader)
    assert missing.status == 404 and missing.headers["Content-Type"].startswith("text/plain")
    for path in (alerts("CFC-OS-2026-0001", 1), alerts("CFC-OS-2026-0001", 2), "/cap/CFC-OS-2026-0001.1-recalled.xml",
                 alerts("CFC-SA-2026-0001", 9), "/cap/x", "/feeds/none.atom", "/feeds/all/1999-01.atom",
                 "/feeds/officer-safety/2026-11.atom"):
        assert server.get(path, reader).public == missing.public, path
        assert server.get(path, reader, method="HEAD").public == (404, missing.public[1], b""), path
    # TAXII: an object that the caller may not read, one that nobody has, one with an id of no form.
    (collection, *_) = collections(server, reader)
    objects = f"{API}collections/{collection}/objects/"
    theirs = server.get(f"{API}collections/{collections(server, county)[0]}/objects/", county, accept=TAXII).json
    hidden = [found["id"] for found in theirs["objects"] if found["type"] == "report"]
    mine = server.get(objects, reader, accept=TAXII).json["objects"]
    assert hidden and not {found["id"] for found in mine} & set(hidden)
    absent = server.get(objects + "report--00000000-0000-4000-8000-000000000000/", reader, accept=TAXII)
    assert absent.status == 404 and absent.headers["Content-Type"] == TAXII
    for id in [*hidden, "x"]:
        for ending in ("", "versions/"):
            found = server.get(f"{objects}{id}/{ending}", reader, accept=TAXII)
            assert found.public == absent.public, (id, ending)
    # Filters by the id of what is hidden find as much as by one that nobody has.
    for id in hidden:
        assert server.get(f"{objects}?match[id]={id}", reader, accept=TAXII).public == server.get(
            f"{objects}?match[id]=report--00000000-0000-4000-8000-000000000000", reader, accept=TAXII).public


def test_no_credential_tells_nothing(site, serve):  # noqa: F811
    reader = partner(site, FULLER)
    released(site)
    server = serve(site)
    refused = server.get("/feeds/all.atom")
    assert refused.status == 401 and refused.headers["WWW-Authenticate"].startswith("Basic ")
    for path in ("/feeds/all.atom", "/feeds/none.atom", "/cap/CFC-SA-2026-0001.1.xml", "/cap/x", "/feeds/all/2026-11.json"):
        for credentials in (None, (reader.user, "wrong"), ("nobody", reader.password)):
            assert server.get(path, credentials=credentials).public == refused.public, (path, credentials)
    for path in ("/taxii2/", API, API + "collections/", API + "collections/x/objects/"):
        answer = server.get(path, accept=TAXII)
        assert answer.status == 401 and answer.headers["WWW-Authenticate"].startswith("Basic "), path
        assert answer.headers["Content-Type"] == TAXII
    # By Bearer as well as by Basic.
    token = {"authorization": f"Bearer {reader.password}"}
    assert server.get("/feeds/all.atom", **token).status == 200
    logged = "".join(server.lines)
    server.close()
    assert reader.password not in logged + "".join(server.lines)


def test_head_and_gzip_are_of_the_same_bytes(site, serve):  # noqa: F811
    paths = ["/feeds/all.atom", "/feeds/all.json", "/feeds/all.rss", "/feeds/cap.atom", "/cap/CFC-SA-2026-0001.1.xml",
             "/feeds/all/2026-11.atom"]
    reader = partner(site, FULLER)
    released(site)
    server = serve(site)
    for path in paths:
        whole = server.page(path, reader)
        length = str(len(whole.body))
        head = server.get(path, reader, method="HEAD")
        assert head.body == b"" and head.headers["Content-Length"] == length == whole.headers["Content-Length"]
        packed = server.get(path, reader, accept_encoding="gzip")
        assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.body) == whole.body
        assert packed.headers["ETag"] != whole.headers["ETag"] and len(packed.body) < len(whole.body)
        assert {word.strip().lower() for word in whole.headers["Vary"].split(",")} >= {"authorization", "accept"}
        # LES is in it: nothing on the way may keep it.
        assert "no-store" in whole.headers["Cache-Control"]
        for answer, accepted in ((whole, "identity"), (packed, "gzip")):
            again = server.get(path, reader, if_none_match=answer.headers["ETag"], accept_encoding=accepted)
            assert again.status == 304 and again.body == b"" and again.headers["ETag"] == answer.headers["ETag"]
    # Once the second is over in which they were made, a date is good too, and a tag counts before it.
    for path in paths:
        known = server.settled(path, reader).headers["Last-Modified"]
        assert server.get(path, reader, if_none_match='"other"', if_modified_since=known).status == 200
        assert server.get(path, reader, if_modified_since=known).status == 304


def test_a_recall_leaves_nothing_behind(site, serve):  # noqa: F811
    """The next request after a recall cannot see the old bytes, by any address."""
    reader = partner(site, FULLER)
    server = serve(site)
    released(site)
    assert any(LES_WORDS in page.text for page in everything(server, reader).values())
    recalled(site)
    for path, page in everything(server, reader).items():
        assert LES_WORDS not in page.text, path
    assert server.get("/cap/CFC-SA-2026-0001.1.xml", reader).status == 404


def test_facts_that_end_hide_what_they_opened(site, serve):  # noqa: F811
    """The list of readers is read again: an attestation that is taken away takes the LES words away."""
    reader = partner(site, FULLER)
    released(site)
    server = serve(site)
    assert LES_WORDS in server.page("/feeds/all.atom", reader).text
    site.edit("distribution-lists/stakeholders.yaml", "mailbox: system, audience-attested: 2027-03-31", "mailbox: system")
    # Files are looked at once a second.
    server.until(lambda: LES_WORDS not in server.page("/feeds/all.atom", reader).text)
    assert TEAR_LINE_WORDS in server.page("/feeds/all.atom", reader).text
    site.edit("distribution-lists/stakeholders.yaml", "email: taxii@ct-fusion.example.gov, organization: ct-fusion, "
              "role: civilian, status: active", "email: taxii@ct-fusion.example.gov, organization: ct-fusion, "
              "role: civilian, status: suspended")
    server.until(lambda: "CFC-SA" not in server.get("/feeds/all.atom", reader).text)


def test_pulls_are_in_the_ledger_before_they_are_answered(site, serve):  # noqa: F811
    reader = partner(site, FULLER)
    released(site)
    server = serve(site)
    answers = [server.page("/feeds/all.atom", reader) for _ in range(3)]
    assert len({answer.headers["ETag"] for answer in answers}) == 1
    # Whatever brings words of bulletins has a number, by one each, and so has the word that nothing changed.
    pages = ["/feeds/all.json", "/feeds/all/2026-11.rss", "/feeds/cap.atom", "/cap/CFC-SA-2026-0001.1.xml",
             API + "collections/all/objects/", API + "collections/all/manifest/"]
    answers += [server.page(path, reader) for path in pages]
    answers.append(server.get("/feeds/all.atom", reader, if_none_match=answers[0].headers["ETag"]))
    for path, method in (("/feeds/all.atom", "HEAD"), ("/feeds/none.atom", "GET"), (API + "collections/", "GET")):
        assert "Revere-Sequence" not in server.get(path, reader, method=method).headers, path
    answers.append(server.page("/feeds/all.atom", reader))
    numbers = [int(answer.headers["Revere-Sequence"]) for answer in answers]
    assert numbers == list(range(numbers[0], numbers[0] + len(answers)))
    server.close()
    (shown,) = [one for one in site.run("partners", "list", "--json", expect=0).objects
                if one["id"] == reader.reader]
    assert shown["lastPull"]
