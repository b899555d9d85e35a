// `bounces:` of revere.yaml: usual ports, what each protocol needs, what cannot be.

import SiteFiles
import Testing
import Workflows

@Suite struct BounceSettingsTests {
  private func read(_ block: String) throws -> (bounces: BounceSettings?, problems: [String]) {
    let text = """
      site: { id: cfc, name: C, serial-prefix: CFC, time-zone: UTC }
      bounces: { \(block) }

      """
    let (settings, problems) = try SettingsReader.read(Array(text.utf8))
    return (settings?.bounces, problems.map { $0.message + " " + $0.hint })
  }

  @Test(arguments: [
    ("imap", "", 993, BounceSettings.Settling.delete), ("imap", ", tls: required, after: mark", 143, .mark),
    ("pop3", "", 995, .delete), ("pop3", ", tls: required", 110, .delete), ("imap", ", port: 10993", 10_993, .delete),
  ])
  func usualPorts(_ language: String, _ rest: String, _ port: Int, _ settling: BounceSettings.Settling) throws {
    let (bounces, problems) = try read(
      "protocol: \(language), host: mail.example.gov, user: bounces, password-file: var/p\(rest)")
    guard case .server(let server)? = bounces?.source else {
      Issue.record("no server: \(problems)")
      return
    }
    #expect(problems.isEmpty && server.port == port && server.folder == "INBOX" && bounces?.settling == settling)
    #expect(server.security == (rest.contains("required") ? .required : .implicit))
  }

  @Test func maildir() throws {
    let (bounces, problems) = try read("protocol: maildir, path: var/mail, after: mark")
    #expect(bounces?.source == .maildir(path: "var/mail") && bounces?.settling == .mark && problems.isEmpty)
  }

  @Test(arguments: [
    ("host: a", "protocol"), ("protocol: mapi", "one of"), ("protocol: maildir", "path"),
    ("protocol: imap, host: a, user: u", "password-file"), ("protocol: imap, user: u, password-file: p", "host"),
    ("protocol: pop3, host: a, user: u, password-file: p, after: mark", "no marks"),
    ("protocol: pop3, host: a, user: u, password-file: p, folder: X", "folders"),
    ("protocol: imap, host: a, user: u, password-file: p, folder: \"a;UID=1\"", "folder"),
    ("protocol: imap, host: a, user: u, password: p, password-file: p", "unknown key"),
    ("protocol: imap, host: a, user: u, password-file: p, port: 0", "port"),
  ])
  func whatCannotBeIsSaid(_ block: String, _ word: String) throws {
    let (_, problems) = try read(block)
    #expect(problems.contains { $0.contains(word) }, "\(problems)")
  }
}
