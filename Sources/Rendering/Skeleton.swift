// A Mustache text that is laid out once for each set of values that are present. The layouts are without logic
// beyond "is it there", so what they make of given values can only differ by the values themselves: it is rendered
// once with stand-ins, cut at these, and filled by concatenation from then on. The only importer of Mustache.

import Mustache
import Synchronization

/// What layouts and notices may name. Page values are ready HTML or wrapped text, those of notices are words.
enum Field: String, CaseIterable {
  case banner, bannerStyle, seal, center, series, serial, released, cutoff, expires, trafficLight
  case title, documentTitle, audience, first, body, actions, notes, sources, blocks, notices, cut, foot, links
  case masthead, facts, contents
  case contact, portal, controlledBy, pointOfContact, categories, controls, reason
  case noforn, parts, loose
}

struct FieldValues {
  fileprivate var values = [String?](repeating: nil, count: Field.allCases.count)
  fileprivate var present: UInt64 = 0

  subscript(field: Field) -> String? {
    get { values[field.index] }
    set {
      values[field.index] = newValue
      let bit: UInt64 = 1 << UInt64(field.index)
      present = newValue == nil ? present & ~bit : present | bit
    }
  }
}

extension Field {
  fileprivate var index: Int { Self.indices[self] ?? 0 }
  private static let indices = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}

/// Where a text is no layout, and why.
struct SkeletonProblem: Error {
  var line: Int
  var message: String
}

final class Skeleton: Sendable {
  private enum Piece {
    case literal(String)
    case field(Field)
  }
  private let template: MustacheTemplate
  /// By the set of fields present; nil where stand-ins do not come out whole (a layout that transforms values).
  private let laidOut = Mutex<[UInt64: [Piece]?]>([:])

  /// Nothing is escaped by Mustache: values come in ready.
  init(_ text: String) throws(SkeletonProblem) {
    do {
      template = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text)
    } catch let error as MustacheTemplate.ParserError {
      throw SkeletonProblem(line: error.context.lineNumber, message: Self.words(error.error))
    } catch {
      throw SkeletonProblem(line: 1, message: "it is no Mustache text")
    }
  }

  private static func words(_ error: any Error) -> String {
    switch error as? MustacheTemplate.Error {
    case .sectionCloseNameIncorrect: "a section is closed by another name than it was opened with"
    case .unfinishedName: "a tag is not finished"
    case .expectedSectionEnd: "a section is not closed"
    case .invalidSetDelimiter: "the delimiters cannot be set like this"
    default: "a tag cannot be understood"
    }
  }

  func fill(_ values: FieldValues) -> String {
    let pieces = laidOut.withLock { known -> [Piece]? in
      if let pieces = known[values.present] { return pieces }
      let pieces = layOut(values.present)
      known[values.present] = .some(pieces)
      return pieces
    }
    guard let pieces else {
      var object: [String: String] = [:]
      for field in Field.allCases { object[field.rawValue] = values[field] }
      return template.render(object)
    }
    var out = ""
    var size = 0
    for case .field(let field) in pieces { size += values[field]?.utf8.count ?? 0 }
    out.reserveCapacity(size + 16_384)
    for piece in pieces {
      switch piece {
      case .literal(let text): out += text
      case .field(let field): out += values[field] ?? ""
      }
    }
    return out
  }

  /// Names that the text asks for and `known` does not have: with everything there, and with nothing.
  func unknownNames(known: Set<String>) -> Set<String> {
    let both = [NameWitness(present: known), NameWitness(present: [])]
    for witness in both { _ = template.render(witness) }
    return Set(both.flatMap(\.asked)).subtracting(known)
  }

  private func layOut(_ present: UInt64) -> [Piece]? {
    var standIns: [String: String] = [:]
    for field in Field.allCases where present & (1 << UInt64(field.index)) != 0 {
      standIns[field.rawValue] = "\u{2}\(field.rawValue)\u{3}"
    }
    var pieces: [Piece] = []
    for (index, part) in template.render(standIns).split(separator: "\u{2}", omittingEmptySubsequences: false)
      .enumerated()
    {
      var text = part
      if index > 0 {
        guard let end = part.firstIndex(of: "\u{3}"), let field = Field(rawValue: String(part[..<end])) else {
          return nil
        }
        pieces.append(.field(field))
        text = part[part.index(after: end)...]
      }
      if text.contains("\u{3}") { return nil }
      if !text.isEmpty { pieces.append(.literal(String(text))) }
    }
    return pieces
  }
}

/// Values that remember what they were asked for.
private final class NameWitness: MustacheParent {
  private let present: Set<String>
  private(set) var asked: Set<String> = []

  init(present: Set<String>) { self.present = present }

  func child(named name: String) -> Any? {
    asked.insert(name)
    return present.contains(name) ? name : nil
  }
}
