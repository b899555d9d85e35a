// Typed access: one reading reports everything that is wrong.

import SiteFiles
import Testing

@Suite struct MapFieldsTests {
  private func fields(_ text: String) throws -> MapFields {
    MapFields(try #require(try YAMLReader.read(Array(text.utf8))))
  }

  @Test func values() throws {
    var fields = try fields("name: Revere\nlist: [a, b]\none: x\nflag: true\ncount: 8\nempty:\n")
    #expect(fields.text("name") == "Revere")
    #expect(fields.texts("list") == ["a", "b"])
    #expect(fields.texts("one") == ["x"])
    #expect(fields.bool("flag") == true)
    #expect(fields.integer("count", in: 1...10) == 8)
    #expect(fields.text("empty") == nil)
    #expect(fields.finish().isEmpty)
  }

  @Test func problemsHavePlacesAndSuggestions() throws {
    var fields = try fields("nmae: x\nflag: yes\ncount: 11\ntext: [a]\n")
    _ = fields.requiredText("name")
    _ = fields.bool("flag")
    _ = fields.integer("count", in: 1...10)
    _ = fields.text("text")
    let problems = fields.finish()
    #expect(problems.map(\.code) == [.missingKey, .badValue, .badValue, .wrongType, .unknownKey])
    #expect(problems.last?.hint == "did you mean `name`?")
    #expect(problems.map(\.position.line) == [1, 2, 3, 4, 1])
  }

  @Test func suggestions() {
    #expect(Suggestion.nearest(to: "info-cutof", in: ["info-cutoff", "expires"]) == "info-cutoff")
    #expect(Suggestion.nearest(to: "zzz", in: ["info-cutoff"]) == nil)
  }
}
