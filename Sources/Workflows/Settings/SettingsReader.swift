// revere.yaml -> SiteSettings. Everything that is wrong is reported at once, each with its place.

import Bulletins
import Foundation
import Mail
import Markings
import Outbox
package import SiteFiles
import Webhooks

package enum SettingsReader {
  package static let file = "revere.yaml"

  /// nil when a key without which nothing can be done is missing or wrong; the problems say which.
  package static func read(_ bytes: [UInt8]) throws(FileProblem) -> (settings: SiteSettings?, problems: [FileProblem]) {
    var problems: [FileProblem] = []
    guard let root = try YAMLReader.read(bytes, problems: &problems) else {
      return (nil, [FileProblem(.missingKey, at: SourcePosition(line: 1), "the file is empty")])
    }
    var fields = MapFields(root)
    let contacts = named("contacts", &fields, contact)
    let feedback = named("feedback", &fields, textBlock)
    let reporting = named("reporting", &fields, textBlock)
    let ceiling = fields.choice("header-ceiling", ["email-tls": "email-tls", "email-plain": "email-plain"])
    if fields.required("site") == nil { return (nil, problems + fields.finish(alsoKnown: laterKeys)) }
    var sealFile: String?
    var site = fields.nested("site") { fields in
      sealFile = fields.text("seal")
      return Self.site(&fields)
    }
    site?.contacts = contacts
    site?.feedback = feedback
    site?.reporting = reporting
    site?.headerCeiling = ceiling ?? "email-tls"
    let mail = fields.nested("mail", mail)
    let delivery = fields.nested("delivery", delivery)
    let store = fields.text("store") ?? SiteSettings.defaultStore
    let keyFile = fields.nested("secrets") { $0.text("key-file") }
    let webhooks = fields.nested("webhooks", webhooks) ?? WebhookSiteSettings()
    let bounces = fields.nested("bounces", BounceSettings.read)
    let serve = fields.nested("serve", ServeSettings.read) ?? ServeSettings()
    if let designation = site?.designation, contacts[designation.pointOfContact] == nil {
      fields.report(
        FileProblem(
          .badValue, at: root.position, "`site.cui.point-of-contact` names no contact: \(designation.pointOfContact)",
          hint: Suggestion.hint(for: designation.pointOfContact, in: contacts.keys)))
    }
    problems += fields.finish()
    guard let site else { return (nil, problems) }
    return (
      SiteSettings(
        site: site, sealFile: sealFile, mail: mail,
        delivery: delivery ?? DeliverySettings(), store: store, keyFile: keyFile ?? SiteSettings.defaultKeyFile,
        webhooks: webhooks, bounces: bounces, serve: serve),
      problems
    )
  }

  /// Keys that are not asked for when there is no site.
  private static let laterKeys: Set<String> = ["bounces", "serve", "webhooks", "secrets", "store", "delivery", "mail"]

  private static func site(_ fields: inout MapFields) -> Site? {
    let id = fields.requiredText("id")
    let name = fields.requiredText("name")
    let prefix = fields.requiredText("serial-prefix")
    let zoneNode = fields.required("time-zone")
    let zone = zoneNode?.text.flatMap(TimeZone.init(identifier:))
    if let zoneNode, zone == nil {
      fields.report(
        FileProblem(
          .badValue, at: zoneNode.position, "`site.time-zone` is no zone of the tz database: \(zoneNode.text ?? "")",
          hint: "for example America/New_York"))
    }
    let parent = fields.text("parent")
    let country = fields.text("country") ?? "USA"
    let scheme = fields.choice("default-scheme", of: Scheme.self) ?? .legacy
    let portal = fields.text("portal")
    let authorities = fields.texts("release-authority") ?? []
    let officers = fields.texts("privacy-officer") ?? []
    let designation = fields.nested("cui") { cui -> Site.Designation? in
      guard let by = cui.requiredText("controlled-by"), let contact = cui.requiredText("point-of-contact") else {
        return nil
      }
      return Site.Designation(controlledBy: by, pointOfContact: contact)
    }
    if let prefix,
      prefix.isEmpty || !prefix.utf8.allSatisfy({ (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) })
    {
      fields.report(
        FileProblem(
          .badValue, at: fields.node.position, "`site.serial-prefix` must be capitals and digits: \(prefix)"))
      return nil
    }
    guard let id, let name, let prefix, let zone else { return nil }
    return Site(
      id: id, name: name, parent: parent, serialPrefix: prefix, zone: zone, country: country, defaultScheme: scheme,
      portal: portal, releaseAuthorities: authorities, privacyOfficers: officers, designation: designation)
  }

  private static func mail(_ fields: inout MapFields) -> MailSettings? {
    let from = fields.requiredText("from")
    let bounce = fields.requiredText("bounce-domain")
    var relays: [RelaySettings] = []
    if let list = fields.required("relays") {
      if list.list == nil {
        fields.report(FileProblem(.wrongType, at: list.position, "`mail.relays` must be a list"))
      }
      for node in list.list ?? [] {
        var entry = MapFields(node, path: "mail.relays")
        if let relay = relay(&entry) { relays.append(relay) }
        fields.report(entry.finish())
      }
    }
    guard let from, let bounce else { return nil }
    check(from, "from", in: &fields) { text throws(AddressProblem) in _ = try Mailbox(parsing: text) }
    check(bounce, "bounce-domain", in: &fields) { domain throws(AddressProblem) in
      _ = try EmailAddress("bounce@" + domain)
    }
    return MailSettings(from: from, bounceDomain: bounce, relays: relays)
  }

  private static func check(
    _ text: String, _ key: String, in fields: inout MapFields, _ parse: (String) throws(AddressProblem) -> Void
  ) {
    do throws(AddressProblem) {
      try parse(text)
    } catch {
      let position = fields.entry(key)?.value.position ?? fields.node.position
      fields.report(FileProblem(.badValue, at: position, "`mail.\(key)`: \(error.message)", hint: error.hint))
    }
  }

  private static func relay(_ fields: inout MapFields) -> RelaySettings? {
    let name = fields.requiredText("name")
    let host = fields.requiredText("host")
    let port = fields.integer("port", in: 1...65_535) ?? 25
    let security = fields.choice("tls", of: RelaySettings.Security.self)
    if security == nil, fields.entry("tls") == nil { _ = fields.required("tls") }
    let caFile = fields.text("ca-file")
    let user = fields.text("user")
    let passwordFile = fields.text("password-file")
    let connections = fields.integer("max-connections", in: 1...1_000) ?? 4
    let messages = fields.integer("messages-per-connection", in: 1...1_000_000) ?? 100
    let rate = fields.integer("rate", in: 1...1_000_000)
    let domainRate = fields.integer("per-domain-rate", in: 1...1_000_000)
    let timeout = fields.text("reply-timeout").flatMap { text -> Int? in
      if let seconds = duration(text), seconds > 0 { return seconds }
      fields.report(
        FileProblem(
          .badValue, at: fields.node.position, "`mail.relays.reply-timeout` is no duration: \(text)",
          hint: "for example 30s or 2m; without the key each reply has the time that RFC 5321 gives it"))
      return nil
    }
    let claim = fields.choice("class", ["email-tls": false, "email-plain": true])
    guard let name, let host, let security else { return nil }
    if security == .none, claim == false {
      fields.report(
        FileProblem(
          .badValue, at: fields.node.position,
          "relay `\(name)` claims class email-tls but has `tls: none`",
          hint: "a class may only be lowered; use `tls: required` or `implicit`"))
      return nil
    }
    return RelaySettings(
      name: name, host: host, port: port, security: security, caFile: caFile, user: user, passwordFile: passwordFile,
      maxConnections: connections, messagesPerConnection: messages, rate: rate,
      perDomainRate: domainRate,
      replyTimeout: timeout, loweredToPlain: claim == true)
  }

  private static func webhooks(_ fields: inout MapFields) -> WebhookSiteSettings? {
    var settings = WebhookSiteSettings()
    for (text, position) in fields.locatedTexts("allow-networks") ?? [] {
      if let range = NetworkRange(text) {
        settings.allowNetworks.append(range)
      } else {
        fields.report(
          FileProblem(
            .badValue, at: position, "`webhooks.allow-networks`: this is no network: \(text)",
            hint: "for example 10.20.0.0/16 or fd00:1::/64; no bits may be set beyond the prefix"))
      }
    }
    settings.caFile = fields.text("ca-file")
    settings.proxy = proxy(&fields)
    settings.proxyUser = fields.text("proxy-user")
    settings.proxyPasswordFile = fields.text("proxy-password-file")
    if (settings.proxyUser == nil) != (settings.proxyPasswordFile == nil) {
      fields.report(
        FileProblem(
          .badValue, at: fields.node.position, "`webhooks.proxy-user` and `webhooks.proxy-password-file` go together"))
    }
    settings.connections = fields.integer("connections", in: 1...1_000) ?? settings.connections
    return settings
  }

  /// A URL of a host and a port, without a path or a user: a password does not stand in this file.
  private static func proxy(_ fields: inout MapFields) -> String? {
    guard let text = fields.text("proxy") else { return nil }
    if let url = URLComponents(string: text), ["http", "https"].contains(url.scheme), url.host?.isEmpty == false,
      url.port != nil, url.user == nil, url.password == nil, ["", "/"].contains(url.path), url.query == nil
    {
      return text
    }
    fields.report(
      FileProblem(
        .badValue, at: fields.entry("proxy")?.value.position ?? fields.node.position,
        "`webhooks.proxy` is no address of a proxy", hint: "for example http://proxy.example.gov:3128"))
    return nil
  }

  private static func delivery(_ fields: inout MapFields) -> DeliverySettings? {
    let quiet = quietHours(&fields)
    let digest = fields.text("digest-at")
    let digestAt = digest.flatMap { DailyTime($0) }
    if let digest, digestAt == nil {
      fields.report(
        FileProblem(
          .badValue, at: fields.entry("digest-at")?.value.position ?? fields.node.position,
          "`delivery.digest-at` is no time of day: \(digest)", hint: "for example 07:00"))
    }
    let hold = fields.nested("hold") { hold -> [Urgency: Int]? in
      var seconds: [Urgency: Int] = [:]
      for urgency in Urgency.allCases {
        guard let text = hold.text(urgency.rawValue) else { continue }
        if let value = duration(text) {
          seconds[urgency] = value
        } else {
          hold.report(
            FileProblem(
              .badValue, at: hold.node.position, "`delivery.hold.\(urgency.rawValue)` is no duration: \(text)",
              hint: "for example 15s or 2m"))
        }
      }
      return seconds
    }
    let reserved = fields.integer("reserved-connections", in: 0...1_000)
    return DeliverySettings(
      quietHours: quiet, digestAt: digestAt ?? .sevenInTheMorning, hold: hold ?? [:],
      reservedConnections: reserved ?? 2)
  }

  private static func quietHours(_ fields: inout MapFields) -> QuietHours? {
    guard let text = fields.text("quiet-hours") else { return nil }
    do throws(QuietHours.Problem) {
      return try QuietHours(text)
    } catch {
      let position = fields.entry("quiet-hours")?.value.position ?? fields.node.position
      fields.report(
        error == .wholeDay
          ? FileProblem(
            .badValue, at: position, "`delivery.quiet-hours` would last all day: \(text)",
            hint: "nothing routine would ever be sent; to stop sending use `revere pause`")
          : FileProblem(
            .badValue, at: position, "`delivery.quiet-hours` is no span of hours: \(text)",
            hint: "for example 22:00-06:00, in the site's zone"))
      return nil
    }
  }

  /// `15s`, `2m`, `1h` in seconds.
  private static func duration(_ text: String) -> Int? {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()), (0...86_400).contains(number)
    else { return nil }
    return number * unit
  }

  private static func named<Value>(
    _ key: String, _ fields: inout MapFields, _ read: (inout MapFields) -> Value?
  ) -> [String: Value] {
    guard let node = fields.value(key) else { return [:] }
    var values: [String: Value] = [:]
    guard let entries = node.map else {
      fields.report(FileProblem(.wrongType, at: node.position, "`\(key)` must be a map of names"))
      return [:]
    }
    for entry in entries {
      var inner = MapFields(entry.value, path: "\(key).\(entry.key)")
      values[entry.key] = read(&inner)
      fields.report(inner.finish())
    }
    return values
  }

  private static func contact(_ fields: inout MapFields) -> Site.Contact? {
    let phone = fields.text("phone")
    let email = fields.text("email")
    return fields.requiredText("name").map { Site.Contact(name: $0, phone: phone, email: email) }
  }

  private static func textBlock(_ fields: inout MapFields) -> Site.TextBlock? {
    let link = fields.text("link")
    return fields.requiredText("text").map { Site.TextBlock(text: $0, link: link) }
  }
}
