// A fact that is missing or malformed never lets a reader see more (release-policy.md section 1, last column), in
// either form of the file.

import Bulletins
import Markings
import Testing

@testable import Distribution

private func yaml(_ changes: [String: String?]) -> (reader: Stakeholder?, findings: [Finding]) {
  let text = "stakeholders:" + SampleSite.reader(id: "a.one", changes)
  let read = StakeholderLoader.read(
    yaml: ListFile(path: "stakeholders.yaml", bytes: Array(text.utf8)), vocabulary: SampleSite.words.vocabulary)
  return (read.readers.first?.value, read.findings)
}

private func csv(_ column: String, _ cell: String) -> (reader: Stakeholder?, findings: [Finding]) {
  let text = "id,name,email,organization,status,\(column)\na.one,A,a@x.example,police,active,\"\(cell)\"\n"
  let read = StakeholderLoader.read(
    csv: ListFile(path: "stakeholders.csv", bytes: Array(text.utf8)), vocabulary: SampleSite.words.vocabulary)
  return (read.readers.first?.value, read.findings)
}

@Suite struct MalformedFactTests {
  @Test func everythingRight() {
    let (reader, findings) = yaml([:])
    #expect(findings.isEmpty)
    #expect(reader?.status == .active && reader?.clearance == .les && reader?.mailbox == .person)
  }

  @Test(arguments: ["Active", "yes", "true", "[active]", "''"])
  func status(_ word: String) {
    let (reader, findings) = yaml(["status": word])
    #expect(reader?.status == nil)
    #expect(!findings.isEmpty)
    #expect(yaml(["status": nil]).reader?.status == nil)
  }

  @Test func words() {
    for (key, word) in [
      ("role", "officer"), ("clearance", "LES"), ("clearance", "secret"), ("mailbox", "personal"),
      ("channels", "[email]"), ("sectors", "[power]"), ("regions", "[boston-area]"), ("format", "pdf"),
    ] {
      let (reader, findings) = yaml([key: word])
      #expect(findings.map(\.rule) == ["L01"], "\(key): \(word)")
      switch key {
      case "role": #expect(reader?.role == nil)
      case "clearance": #expect(reader?.clearance == .public)
      case "mailbox": #expect(reader?.mailbox == .shared)
      case "channels": #expect(reader?.channels == [])
      case "sectors": #expect(reader?.sectors == [])
      case "regions": #expect(reader?.regions == [])
      default: #expect(reader?.format == .html)
      }
    }
  }

  @Test(arguments: ["US", "usa", "United States", "[USA]", "{ USA: true }", "US A"])
  func citizenship(_ text: String) {
    let (reader, findings) = yaml(["citizenship": text == "[USA]" ? "[[USA]]" : text])
    #expect(reader?.citizenship == .malformed)
    #expect(!findings.isEmpty)
  }

  @Test func absentCitizenship() {
    #expect(yaml(["citizenship": ""]).reader?.citizenship == .ofOrganization)
    #expect(csv("citizenship", "").reader?.citizenship == .ofOrganization)
    #expect(csv("citizenship", "us").reader?.citizenship == .malformed)
  }

  @Test(arguments: ["2026-02-30", "2027-1-1", "31.12.2027", "never", "2027-12-31T00:00:00Z", "9999999-01-01", ""])
  func dates(_ date: String) {
    let written = date.isEmpty ? "''" : "'\(date)'"
    #expect(yaml(["agreements": "{ nda: \(written) }"]).reader?.agreements == [])
    #expect(yaml(["vetting": "{ vetted-on: 2026-01-01, until: \(written) }"]).reader?.vetting?.until == nil)
    #expect(yaml(["vetting": "{ vetted-on: \(written), until: 2027-01-01 }"]).reader?.vetting?.on == nil)
    #expect(yaml(["audience-attested": date]).reader?.audienceAttested == nil)
    let (reader, findings) = csv("agreements", "nda=\(date)")
    #expect(reader?.agreements == [])
    #expect(findings.map(\.rule) == ["L04"])
  }

  @Test func unknownAgreement() {
    let (reader, findings) = yaml(["agreements": "{ ndaa: 2027-01-01 }"])
    #expect(reader?.agreements == [])
    #expect(findings.first?.fix?.replacement == "nda")
  }

  @Test(arguments: ["a@b\\r\\nRCPT TO:<c@d>", "j\u{F6}rg@example.org", "watch@b\u{FC}cher.example", "nobody", "a@b@c"])
  func addresses(_ address: String) {
    let (reader, findings) = yaml(["email": "\"\(address)\""])
    #expect(reader?.email == nil)
    #expect(findings.map(\.rule) == ["L04"])
    #expect(findings.first?.severity == .error)
  }

  @Test func lineEndInAName() {
    let (reader, findings) = yaml(["name": "\"A\\r\\nBcc: x@y\""])
    #expect(reader?.name == "")
    #expect(findings.map(\.rule) == ["L04"])
    #expect(csv("role", "").findings.isEmpty)
    let text = "id,name,email,organization,status\na.one,\"A\r\nBcc: x\",a@x.example,police,active\n"
    let read = StakeholderLoader.read(
      csv: ListFile(path: "s.csv", bytes: Array(text.utf8)), vocabulary: SampleSite.words.vocabulary)
    #expect(read.findings.map(\.rule) == ["L04"])
  }

  @Test func subscriptionsNeverGrow() {
    #expect(yaml(["subscriptions": "{ hsec: [eleven] }"]).reader?.subscription?.hsec == [0])
    #expect(yaml(["subscriptions": "{ hsec: [11] }"]).findings.map(\.rule) == ["L04"])
    #expect(
      csv("subscriptions", "series=a;series=b;hsec=3").reader?.subscription
        == Subscription(series: ["a", "b"], hsec: [3]))
  }

  @Test func noUsableID() {
    for id in ["''", "\"a b\"", "\"a\\nb\"", "[x]", "\"\(String(repeating: "x", count: 81))\""] {
      let (reader, findings) = yaml(["id": id])
      #expect(reader == nil && !findings.isEmpty, "\(id)")
    }
  }

  @Test func places() {
    let text = """
      stakeholders:
        - id: a.one
          name: A
          organization: police
          status: active
          clearence: les
          role: swornn
      """
    let read = StakeholderLoader.read(
      yaml: ListFile(path: "s.yaml", bytes: Array(text.utf8)), vocabulary: SampleSite.words.vocabulary)
    #expect(
      read.findings.map(\.place) == [
        Place(file: "s.yaml", line: 7, column: 11), Place(file: "s.yaml", line: 6, column: 5),
      ])
    #expect(read.findings.last?.explanation.contains("clearance") == true)
  }
}
