"""The STIX objects of a collection are what others call valid: OASIS's validator, its schemas of the extensions that the
validator does not look into, and the library that most Python clients read with.

The objects are those of Tests/Fixtures/feeds/stix-objects.json, which a test of Feeds holds to what the program makes.
"""

import json
import pathlib

import jsonschema
import pytest
import referencing
import stix2
import stix2validator

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "Tests/Fixtures/schemas/stix21"
OBJECTS = json.loads((ROOT / "Tests/Fixtures/feeds/stix-objects.json").read_text())["objects"]
TLP = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
CUI = "extension-definition--dff17fb3-edcb-4f99-ad1b-4b751c95738a"


def bundle(objects):
    return {"type": "bundle", "id": "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", "objects": objects}


def findings(objects):
    # Without `interop`, which refuses the published objects of TLP 2.0.
    options = stix2validator.ValidationOptions(version="2.1", strict_types=True, strict_properties=True)
    result = stix2validator.validate_instance(bundle(objects), options)
    return list(map(str, result.errors)) + list(map(str, result.warnings))


def registry():
    found = [json.loads(path.read_text()) for path in sorted((SCHEMAS / "schemas").rglob("*.json"))]
    return referencing.Registry().with_resources(
        (schema["$id"], referencing.Resource.from_contents(schema)) for schema in found)


def problems_of_extension(name, thing):
    schema = json.loads((SCHEMAS / f"extensions/{name}.json").read_text())
    return [error.message for error in jsonschema.Draft202012Validator(schema, registry=registry()).iter_errors(thing)]


def definitions(extension):
    return [thing for thing in OBJECTS if extension in thing.get("extensions", {})]


def test_every_kind_is_here():
    assert {thing["type"] for thing in OBJECTS} == {"identity", "location", "marking-definition", "report"}
    assert {thing.get("revoked", False) for thing in OBJECTS if thing["type"] == "report"} == {True, False}


def test_the_validator_finds_nothing():
    assert findings(OBJECTS) == []


def test_every_reference_is_to_an_object_of_the_collection():
    ids = {thing["id"] for thing in OBJECTS}
    for thing in OBJECTS:
        assert ids.issuperset(thing.get("object_refs", []) + thing.get("object_marking_refs", []))
        assert thing.get("created_by_ref", thing["id"]) in ids


@pytest.mark.parametrize("name, value", [
    ("created", "2026-11-22 17:00:00"), ("object_refs", []), ("id", "report--1"), ("published", None),
    ("object_refs", ["identity--1"]), ("colour", "red"),
])
def test_the_validator_would_find_something(name, value):
    objects = json.loads(json.dumps(OBJECTS))
    report = next(thing for thing in objects if thing["type"] == "report" and "revoked" not in thing)
    report[name] = value
    if value is None:
        del report[name]
    assert findings(objects)


@pytest.mark.parametrize("extension, count", [(TLP, 5), (CUI, 6)])
def test_extensions_are_those_of_their_schemas(extension, count):
    things = definitions(extension)
    assert len(things) == count
    for thing in things:
        assert problems_of_extension(extension, thing) == []
        broken = json.loads(json.dumps(thing))
        broken["extensions"][extension]["extension_type"] = "new-sdo"
        assert problems_of_extension(extension, broken)


def test_tlp_is_as_it_was_published():
    published = json.loads((SCHEMAS / "extensions/tlp-2.0-marking-definitions.json").read_text())
    assert definitions(TLP) == published


def test_the_library_reads_every_object_and_writes_it_again():
    for thing in OBJECTS:
        # It writes the time of publication without a fraction of nothing.
        assert json.loads(stix2.parse(thing, version="2.1").serialize()) == {
            name: value.removesuffix(".000Z") + "Z" if name == "published" else value for name, value in thing.items()}
