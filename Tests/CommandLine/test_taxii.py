"""TAXII 2.1 by OASIS's own client, taxii2-client, from discovery to manifests; every object by stix2 and stix2-validator;
the contents of extensions, which these do not look at, against the schemas that were published with them."""

import json

import jsonschema
import pytest
import referencing
import requests
import stix2
import stix2validator
from taxii2client.v21 import ApiRoot, Server, as_pages

from conftest import OFFICER_SAFETY, OPIOIDS, ROOT, SITUATION
from feeds import (FULLER, LES_WORDS, LESSER, OPEN_WORDS, TEAR_LINE_WORDS, changed, partner, recalled, released,
                   serve)  # noqa: F401 - the fixture is among them

TAXII = "application/taxii+json;version=2.1"
SCHEMAS = ROOT / "Tests/Fixtures/schemas/stix21"
TLP = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
CUI = "extension-definition--dff17fb3-edcb-4f99-ad1b-4b751c95738a"
STEMS = [SITUATION, OPIOIDS, "crime-statistics-2026-9m", "hate-crime-2025", "sar-quarterly-2026-q3"]


class Taxii:
    """A caller's client; keeps the headers of every answer, which taxii2-client does not show."""

    def __init__(self, server, reader):
        self.server = server
        self.discovery = Server(server.address + "/taxii2/", user=reader.user, password=reader.password)
        self.root = self.discovery.default
        self.answers = []
        self.root._conn.session.hooks["response"].append(lambda answer, *_, **__: self.answers.append(answer))

    def collection(self, title="all"):
        (found,) = [one for one in self.root.collections if title in (one.alias, one.title)]
        return found

    def objects(self, size=100, slug="all", **filters):
        """Every object by pages, in the order in which they came."""
        pages = as_pages(self.collection(slug).get_objects, per_request=size, **filters)
        return [found for page in pages for found in page.get("objects", [])]

    def manifest(self, size=100, **filters):
        pages = as_pages(self.collection().get_manifest, per_request=size, **filters)
        return [record for page in pages for record in page.get("objects", [])]

    def reports(self, **filters):
        return [found for found in self.objects(**filters) if found["type"] == "report"]


def validated(objects):
    """Fails with what stix2, stix2-validator and the schemas of the extensions say."""
    for found in objects:
        stix2.parse(found, allow_custom=True, version="2.1")
    # The whole as one bundle; without `interop`, which refuses the objects of TLP 2.0 as they were published.
    bundle = {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": objects}
    options = stix2validator.ValidationOptions(version="2.1", strict=False)
    results = stix2validator.validate_instance(bundle, options)
    assert results.is_valid, [str(error) for error in results.errors]
    known = {found["id"] for found in objects}
    for found in objects:
        named = [found.get("created_by_ref"), *found.get("object_refs", []), *found.get("object_marking_refs", [])]
        assert {name for name in named if name} <= known, found
    extended = [found for found in objects if found.get("extensions")]
    for found in extended:
        for extension in found["extensions"]:
            validator_of(extension).validate(found)
    return extended


def validator_of(extension):
    def retrieve(uri):
        # The schemas name each other by the address of their repository.
        path = SCHEMAS / "schemas" / uri.split("/schemas/", 1)[1]
        return referencing.Resource.from_contents(json.loads(path.read_text()))

    schema = json.loads((SCHEMAS / "extensions" / f"{extension}.json").read_text())
    return jsonschema.Draft202012Validator(schema, registry=referencing.Registry(retrieve=retrieve))


def test_from_discovery_to_a_recalled_bulletin(site, serve):  # noqa: F811
    reader = partner(site, FULLER)
    server = serve(site)
    client = Taxii(server, reader)
    assert client.discovery.title and [root.url for root in client.discovery.api_roots] == [client.root.url]
    assert client.root.versions == [TAXII] and client.root.max_content_length > 0
    collection = client.collection()
    assert collection.can_read and not collection.can_write
    assert collection.media_types == ["application/stix+json;version=2.1"]
    # Constant objects are there before any bulletin is.
    support = client.objects()
    assert {found["type"] for found in support} == {"identity", "location", "marking-definition"}
    assert client.reports() == []

    released(site)
    (first,) = client.reports()
    validated(client.objects())
    assert first["name"].startswith("(U//FOUO) ") and LES_WORDS in first["description"].replace("\n", " ")
    assert first["object_refs"] and first["created_by_ref"].startswith("identity--") and not first.get("revoked")
    known = {found["id"] for found in support}
    assert set(first["object_refs"]) <= known and set(first["object_marking_refs"]) <= known

    changed(site)
    (second,) = client.reports()
    assert second["id"] == first["id"] and second["created"] == first["created"]
    assert second["modified"] > first["modified"] and "six sites" in second["description"]
    assert client.reports(version="all") == [second]

    recalled(site)
    (third,) = client.reports()
    validated(client.objects())
    assert third["id"] == first["id"] and third["revoked"] is True and third["modified"] > second["modified"]
    assert LES_WORDS not in json.dumps(third) and OPEN_WORDS not in json.dumps(third)
    # Superseded text is not kept: there is one version of every object.
    versions = collection.get_object(first["id"])["objects"]
    assert versions == [third]


def test_every_page_size_gives_the_same(site, serve):  # noqa: F811
    """Many objects of one time: the commands' clocks all start at the same second."""
    reader = partner(site, FULLER)
    for stem in STEMS:
        released(site, stem)
    client = Taxii(serve(site), reader)
    whole = client.objects()
    assert sum(found["type"] == "report" for found in whole) == len(STEMS)
    manifest = client.manifest()
    assert [record["id"] for record in manifest] == [found["id"] for found in whole]
    added = [record["date_added"] for record in manifest]
    assert added == sorted(set(added)) and all(len(time) == len("2026-11-22T17:00:00.000000Z") for time in added)
    for size in (1, 2, 7):
        tail = added[-12]
        assert client.objects(size, added_after=tail) == whole[-11:], size
        assert client.manifest(size, added_after=tail) == manifest[-11:], size
    # Between any two of one second, too.
    for place in range(len(added) - len(STEMS) - 1, len(added)):
        assert client.objects(2, added_after=added[place]) == whole[place + 1:]
    client.answers.clear()
    assert client.objects(added_after=added[-1]) == []
    empty = client.answers[-1]
    assert not any(name.lower().startswith("x-taxii") for name in empty.headers)
    client.answers.clear()
    client.objects(5)
    for answer in client.answers:
        objects = answer.json().get("objects")
        assert answer.headers["Content-Type"] == TAXII
        if objects is None or "collections" in answer.json():
            continue
        place = whole.index(objects[0])
        assert answer.headers["X-TAXII-Date-Added-First"] == added[place]
        assert answer.headers["X-TAXII-Date-Added-Last"] == added[place + len(objects) - 1]
        assert ("next" in answer.json()) == answer.json().get("more", False)


def test_a_cursor_holds_whatever_happens_meanwhile(site, serve):  # noqa: F811
    """`next` is no place in a list: what moves goes to the end, nothing is missed and nothing comes twice."""
    reader = partner(site, FULLER)
    for stem in STEMS[:3]:
        released(site, stem)
    client = Taxii(serve(site), reader)
    collection = client.collection()
    start = client.manifest()[-4]["date_added"]
    page = collection.get_objects(limit=1, added_after=start)
    cursor = page["next"]
    recalled(site, STEMS[0])
    released(site, STEMS[3])
    # The same cursor again, with another limit and another added_after.
    rest = [collection.get_objects(limit=size, next=cursor, **filters)["objects"]
            for size, filters in ((100, {}), (100, {"added_after": start}))]
    assert rest[0] == rest[1]
    ids = [found["id"] for found in rest[0]]
    assert len(ids) == len(set(ids)) == 4
    assert rest[0][-2].get("revoked") is True and page["objects"][0]["id"] == rest[0][-2]["id"]


def test_filters_and_one_object(site, serve):  # noqa: F811
    reader = partner(site, FULLER)
    released(site, STEMS[0])
    released(site, STEMS[1], now="2026-11-22T12:10:00-05:00")
    client = Taxii(serve(site), reader)
    one, other = client.reports()
    assert client.objects(type="report") == [one, other]
    assert client.objects(id=[one["id"], other["id"]]) == [one, other]
    assert client.objects(id=one["id"], type="identity") == []
    assert client.objects(type="report", version=one["modified"]) == [one]
    assert client.objects(type="report", spec_version="2.0") == []
    assert len(client.objects(type=["report", "identity"])) == 3
    assert client.collection().get_object(other["id"])["objects"] == [other]
    url = f"{client.collection().objects_url}{one['id']}/versions/"
    answer = client.root._conn.session.get(url, headers={"Accept": TAXII})
    assert answer.json()["versions"] == [one["modified"]]
    # A collection of a series holds what is of the series, and the constant objects.
    (report,) = client.reports(slug="situational-awareness")
    assert report == one


def test_a_lesser_variant_is_a_report_of_its_own(site, serve):  # noqa: F811
    readers = [partner(site, name) for name in (FULLER, LESSER)]
    released(site, OFFICER_SAFETY)
    released(site)
    fuller, lesser = (Taxii(serve(site), reader) for reader in readers)
    (whole,), (less,) = fuller.reports(), lesser.reports()
    assert whole["id"] != less["id"] and LES_WORDS not in json.dumps(less)
    assert TEAR_LINE_WORDS in less["description"].replace("\n", " ")
    assert fuller.objects()[:-1] == lesser.objects()[:-1]
    validated(lesser.objects())
    with pytest.raises(requests.HTTPError) as refused:
        lesser.collection().get_object(whole["id"])
    assert refused.value.response.status_code == 404


def test_extensions_and_markings_are_as_published(site, serve):  # noqa: F811
    reader = partner(site, FULLER)
    # In scheme legacy with a TLP, and in scheme CUI.
    released(site)
    released(site, "high-profile-incident-worcester-terminal")
    objects = Taxii(serve(site), reader).objects()
    extended = validated(objects)
    assert {TLP, CUI} <= {extension for found in extended for extension in found["extensions"]}
    published = json.loads((SCHEMAS / "extensions/tlp-2.0-marking-definitions.json").read_text())
    published = {found["id"]: found for found in published}
    ours = {found["id"]: found for found in objects if found["id"] in published}
    assert ours == published
    names = {found["id"]: found.get("name") for found in objects}
    marked = [{names[id] for id in found["object_marking_refs"]} for found in objects if found["type"] == "report"]
    assert any("TLP:GREEN" in marks for marks in marked)


def test_versions_of_taxii(site, serve):  # noqa: F811
    reader = partner(site, FULLER)
    server = serve(site)
    known = [TAXII, "application/taxii+json; version=2.1", "application/taxii+json", "*/*"]
    others = ["application/vnd.oasis.taxii+json; version=2.0", "application/taxii+json;version=2.0"]
    for accept in known + others:
        for path in ("/taxii2/", "/taxii2/bulletins/", "/taxii2/bulletins/collections/"):
            answer = server.get(path, reader, accept=accept)
            assert answer.status == (200 if accept in known else 406), (accept, path)
            assert answer.headers["Content-Type"] == TAXII


def test_pages_are_packed_for_who_asks(site, serve):  # noqa: F811
    reader = partner(site, FULLER)
    released(site, OFFICER_SAFETY)
    server = serve(site)
    url = server.address + "/taxii2/bulletins/collections/all/objects/"
    plain, packed = (requests.get(url, auth=(reader.user, reader.password), headers={"Accept-Encoding": coding})
                     for coding in ("identity", "gzip"))
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert packed.json() == plain.json() and int(packed.headers["Content-Length"]) < len(plain.content) / 3
    assert "ETag" not in plain.headers


def test_a_credential_without_taxii_is_told_so_before_any_look_up(site, serve):  # noqa: F811
    reader = partner(site, LESSER, taxii=False)
    server = serve(site)
    with pytest.raises(requests.HTTPError) as refused:
        ApiRoot(server.address + "/taxii2/bulletins/", user=reader.user, password=reader.password).title
    assert refused.value.response.status_code == 403
    answers = [server.get(path, reader, accept=TAXII)
               for path in ("/taxii2/", "/taxii2/bulletins/collections/x/objects/", "/taxii2/nothing/")]
    assert len({json.dumps(answer.public[:2]) + answer.text for answer in answers}) == 1
    assert server.get("/feeds/all.atom", reader).status == 200
