// One reader: from written facts to a Stakeholder (release-policy.md section 1, column "missing or malformed").
// What is malformed is reported and becomes the value that meets least.

import Bulletins
import SiteFiles

enum StakeholderFacts {
  /// The keys of stakeholders.yaml and the columns of stakeholders.csv (site-files.md).
  static let keys: [String] = [
    "id", "name", "email", "organization", "role", "status", "clearance", "agreements", "vetting", "citizenship",
    "mailbox", "audience-attested", "sectors", "disciplines", "regions", "channels", "format", "delivery",
    "subscriptions",
  ]

  /// nil when there is no usable id: nobody could be named in a decision or the ledger.
  static func read(
    _ facts: inout FactReader<some FactSource>, vocabulary: Vocabulary, pool: inout WordPool
  ) -> Stakeholder? {
    guard let id = facts.id("id") else { return nil }
    var reader = Stakeholder(id: id, organization: "")
    reader.name = facts.requiredLine("name") ?? ""
    reader.email = address(&facts)
    reader.organization = pool.shared(facts.id("organization") ?? "")
    reader.role = facts.word("role", of: Role.self)
    reader.status = facts.word("status", of: ReaderStatus.self)
    if !facts.source.isWritten("status") {
      facts.report.malformed(at: facts.source.position(facts.source.start), "the key `status` is missing")
    }
    reader.clearance = facts.word("clearance", of: Clearance.self) ?? .public
    reader.agreements = agreements(&facts, vocabulary)
    reader.vetting = vetting(&facts, pool: &pool)
    reader.citizenship = citizenship(&facts, vocabulary)
    reader.mailbox = facts.word("mailbox", of: Mailbox.self) ?? .shared
    reader.audienceAttested = facts.date("audience-attested")
    reader.sectors = pool.shared(facts.words("sectors", vocabulary.sectors))
    reader.disciplines = pool.shared(facts.words("disciplines", vocabulary.disciplines))
    reader.regions = pool.shared(facts.words("regions", vocabulary.regions.slugs))
    reader.channels = pool.shared(facts.words("channels", of: ChannelClass.self))
    reader.format = facts.word("format", of: Stakeholder.Format.self) ?? .html
    reader.pace = facts.word("delivery", of: Stakeholder.Pace.self) ?? .each
    reader.subscription = subscription(&facts)
    if !facts.source.isWritten("email"), reader.channels.contains(where: { $0.emailRank != nil }) {
      facts.report.malformed(
        at: facts.source.position(facts.source.start), "the key `email` is missing, but a channel is email")
    }
    return reader
  }

  /// nil when absent (a reader of the portal alone needs none) or not usable.
  private static func address(_ facts: inout FactReader<some FactSource>) -> String? {
    guard let fact = facts.source.text("email") else { return nil }
    guard let fault = AddressSyntax.fault(fact.text) else { return fact.text }
    facts.malformed(fact, fault.words, hint: fault.hint)
    return nil
  }

  private static func agreements(
    _ facts: inout FactReader<some FactSource>, _ vocabulary: Vocabulary
  ) -> [Agreement] {
    var held: [Agreement] = []
    for pair in facts.pairs("agreements", known: vocabulary.agreements) {
      if let until = facts.date(WrittenFact(text: pair.value, at: pair.at), "agreements.\(pair.key)") {
        held.append(Agreement(pair.key, until: until))
      }
    }
    return held
  }

  private static let vettingKeys: Set<String> = ["vetted-on", "vetted-by", "until"]

  private static func vetting(_ facts: inout FactReader<some FactSource>, pool: inout WordPool) -> Vetting? {
    var vetting = Vetting(on: nil, until: nil)
    var written = false
    for pair in facts.pairs("vetting", known: vettingKeys) {
      let fact = WrittenFact(text: pair.value, at: pair.at)
      written = true
      switch pair.key {
      case "vetted-on": vetting.on = facts.date(fact, "vetting.vetted-on")
      case "until": vetting.until = facts.date(fact, "vetting.until")
      default: vetting.by = pool.shared(pair.value)
      }
    }
    return written ? vetting : nil
  }

  private static func citizenship(
    _ facts: inout FactReader<some FactSource>, _ vocabulary: Vocabulary
  ) -> Citizenship {
    guard facts.source.text("citizenship") != nil else {
      // A list or a map under the key is not the same as no key.
      return facts.source.isWritten("citizenship") ? .malformed : .ofOrganization
    }
    return facts.word("citizenship", vocabulary.countries).map(Citizenship.country) ?? .malformed
  }

  private static let subscriptionKeys: Set<String> = ["series", "hsec"]

  /// A need that cannot be read becomes 0, which no bulletin has: leaving it out would ask for more.
  private static func subscription(_ facts: inout FactReader<some FactSource>) -> Subscription? {
    var subscription = Subscription()
    var written = false
    for pair in facts.pairs("subscriptions", known: subscriptionKeys, repeatable: true) {
      written = true
      if pair.key == "series" {
        subscription.series.append(pair.value)
      } else if let need = Int(pair.value), (1...10).contains(need) {
        subscription.hsec.append(need)
      } else {
        subscription.hsec.append(0)
        facts.malformed(
          WrittenFact(text: pair.value, at: pair.at), "`subscriptions.hsec` is no standing need from 1 to 10")
      }
    }
    return written ? subscription : nil
  }
}

/// Gives equal words and lists one storage: of 100,000 readers most share their sectors and regions.
struct WordPool {
  private var words: [String: String] = [:]
  private var lists: [[String]: [String]] = [:]
  private var channels: [[ChannelClass]: [ChannelClass]] = [:]

  mutating func shared(_ word: String) -> String { Self.shared(word, in: &words) }
  mutating func shared(_ list: [String]) -> [String] { Self.shared(list, in: &lists) }
  mutating func shared(_ list: [ChannelClass]) -> [ChannelClass] { Self.shared(list, in: &channels) }

  private static func shared<Value: Hashable>(_ value: Value, in pool: inout [Value: Value]) -> Value {
    if let known = pool[value] { return known }
    // Words that are nearly all different are not worth keeping.
    if pool.count < 20_000 { pool[value] = value }
    return value
  }
}
