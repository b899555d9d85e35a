// The secret key: made once, readable by its owner alone, and never used itself.

import Crypto
import Foundation
import Testing
import Workflows

@Suite struct SiteSecretTests {
  private func bytes(_ key: SymmetricKey) -> [UInt8] { key.withUnsafeBytes { Array($0) } }

  @Test func everyPurposeHasItsOwnKey() throws {
    let file = Array(Data(repeating: 7, count: 32).base64EncodedString().utf8)
    let secret = try #require(SiteSecret(file: file + [0x0A]))
    let keys = SiteSecret.Purpose.allCases.map { bytes(secret.key(for: $0)) }
    #expect(Set(keys + [[UInt8](repeating: 7, count: 32)]).count == keys.count + 1)
    #expect(keys == SiteSecret.Purpose.allCases.map { bytes(secret.key(for: $0)) })
    let other = try #require(SiteSecret(file: Array(Data(repeating: 8, count: 32).base64EncodedString().utf8)))
    #expect(bytes(other.key(for: .acknowledgement)) != bytes(secret.key(for: .acknowledgement)))
    #expect("\(secret)" == "the site's secret key")
  }

  @Test func onlyThirtyTwoBytesAreAKey() {
    for text in ["", "secret", Data(repeating: 7, count: 31).base64EncodedString(), "====\n"] {
      #expect(SiteSecret(file: Array(text.utf8)) == nil)
    }
  }

  @Test func oneOfManyMakesIt() async throws {
    let scratch = try ScratchFolder()
    let root = scratch.path
    #expect(try SiteSecret.load("secret.key", root: root) == nil)
    let keys = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<8 {
        group.addTask {
          try SiteSecret.create("secret.key", root: root).key(for: .acknowledgement).withUnsafeBytes { Array($0) }
        }
      }
      return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(keys.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["secret.key"])
    let facts = try FileManager.default.attributesOfItem(atPath: root + "/secret.key")
    #expect(facts[.posixPermissions] as? Int == 0o600)
    let absolute = try SiteSecret.load(root + "/secret.key", root: "/nowhere")
    #expect(absolute.map { bytes($0.key(for: .acknowledgement)) } == keys.first)
  }

  @Test func aFileWithoutAKeyIsNotReplaced() throws {
    let scratch = try ScratchFolder()
    try Data("not a key\n".utf8).write(to: URL(fileURLWithPath: scratch.path + "/secret.key"))
    #expect(throws: WorkspaceProblem.self) { try SiteSecret.create("secret.key", root: scratch.path) }
    #expect(throws: WorkspaceProblem.self) { try SiteSecret.create("none/secret.key", root: scratch.path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/secret.key")) == Data("not a key\n".utf8))
  }
}
