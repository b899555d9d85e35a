// Reads YAML 1.1 text into Nodes through the event parser that Yams carries (libyaml). Yams' own composer is not
// used: it stops at the first repeated key with the wrong place, follows aliases and knows no limits.
// Anchors, aliases, tags and a second document are refused: site files have no use for them, and "YAML bombs" need them.

import CYaml

package enum YAMLReader {
  /// Bytes; a front matter or list file of a large site is far below.
  package static let defaultLimit = 32 << 20
  private static let depthLimit = 64

  /// The root node, nil for an empty file. Recoverable problems (repeated keys) are appended to `problems` with the
  /// place of the repetition, and the first value is kept.
  package static func read(
    _ bytes: [UInt8], limit: Int = defaultLimit, problems: inout [FileProblem]
  ) throws(FileProblem) -> Node? {
    guard bytes.count <= limit else {
      throw FileProblem(
        .tooLarge, at: SourcePosition(line: 1), "the file has \(bytes.count) bytes, the limit is \(limit)")
    }
    try checkUTF8(bytes)
    let events = EventStream(bytes)
    var composer = Composer(events: events)
    let root = try composer.document(depthLimit: depthLimit)
    problems += composer.problems
    return root
  }

  /// Reads and throws the first problem of any kind.
  package static func read(_ bytes: [UInt8], limit: Int = defaultLimit) throws(FileProblem) -> Node? {
    var problems: [FileProblem] = []
    let root = try read(bytes, limit: limit, problems: &problems)
    if let first = problems.first { throw first }
    return root
  }

  /// Throws with the line and column of the first byte that is no UTF-8 or of a NUL.
  package static func checkUTF8(_ bytes: [UInt8]) throws(FileProblem) {
    if String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) { return }
    var position = SourcePosition(line: 1)
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar):
        if scalar == "\0" {
          throw FileProblem(.notUTF8, at: position, "a NUL character", hint: "save the file as plain UTF-8 text")
        }
        position = scalar == "\n" ? SourcePosition(line: position.line + 1) : advance(position)
      case .emptyInput: return
      case .error:
        throw FileProblem(
          .notUTF8, at: position, "this is not UTF-8 text",
          hint: "save the file with encoding UTF-8; a word processor's file is no text file")
      }
    }
  }

  private static func advance(_ position: SourcePosition) -> SourcePosition {
    SourcePosition(line: position.line, column: position.column + 1)
  }
}

/// One event, copied out of libyaml's memory.
private enum Event {
  case scalar(String, quoted: Bool)
  case listStart, listEnd, mapStart, mapEnd
  case documentStart, documentEnd, streamStart, streamEnd
}

/// Owns the parser and the bytes that it reads.
private final class EventStream {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) {
    parser = .allocate(capacity: 1)
    input = .allocate(capacity: max(1, bytes.count))
    _ = input.initialize(from: bytes)
    yaml_parser_initialize(parser)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  func next() throws(FileProblem) -> (Event, SourcePosition) {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxProblem() }
    defer { yaml_event_delete(&event) }
    let place = SourcePosition(line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      try refuse(anchor: scalar.anchor, tag: scalar.tag, at: place)
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      return (.scalar(text, quoted: scalar.style != YAML_PLAIN_SCALAR_STYLE), place)
    case YAML_SEQUENCE_START_EVENT:
      try refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, at: place)
      return (.listStart, place)
    case YAML_MAPPING_START_EVENT:
      try refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, at: place)
      return (.mapStart, place)
    case YAML_SEQUENCE_END_EVENT: return (.listEnd, place)
    case YAML_MAPPING_END_EVENT: return (.mapEnd, place)
    case YAML_DOCUMENT_START_EVENT: return (.documentStart, place)
    case YAML_DOCUMENT_END_EVENT: return (.documentEnd, place)
    case YAML_STREAM_START_EVENT: return (.streamStart, place)
    case YAML_ALIAS_EVENT:
      throw FileProblem(
        .alias, at: place, "an alias (*name)", hint: "write the value out; quote a text that begins with *")
    default: return (.streamEnd, place)
    }
  }

  private func refuse(
    anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?, at place: SourcePosition
  ) throws(FileProblem) {
    if anchor != nil {
      throw FileProblem(.alias, at: place, "an anchor (&name)", hint: "quote a text that begins with &")
    }
    if tag != nil {
      throw FileProblem(.tag, at: place, "a tag (!name)", hint: "quote a text that begins with !")
    }
  }

  private func syntaxProblem() -> FileProblem {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "the YAML cannot be read"
    let context = parser.pointee.context.map { " " + String(cString: $0) } ?? ""
    let mark = parser.pointee.problem_mark
    return FileProblem(
      .syntax, at: SourcePosition(line: Int(mark.line) + 1, column: Int(mark.column) + 1), problem + context,
      hint: "quote values that hold `: `, ` #` or begin with a sign of YAML such as [ { * & ! % @")
  }
}

private struct Composer {
  let events: EventStream
  var problems: [FileProblem] = []

  /// From so many keys on they are hashed.
  private static let manyKeys = 32

  init(events: EventStream) { self.events = events }

  mutating func document(depthLimit: Int) throws(FileProblem) -> Node? {
    _ = try events.next()
    guard case (.documentStart, _) = try events.next() else { return nil }
    let (first, place) = try events.next()
    let root = try node(first, place, depthLeft: depthLimit)
    _ = try events.next()
    let (after, afterPlace) = try events.next()
    guard case .streamEnd = after else {
      throw FileProblem(
        .severalDocuments, at: afterPlace, "a second YAML document begins here", hint: "remove the `---`")
    }
    return root
  }

  private mutating func node(_ event: Event, _ place: SourcePosition, depthLeft: Int) throws(FileProblem) -> Node {
    guard depthLeft > 0 else {
      throw FileProblem(.tooDeep, at: place, "nested deeper than any site file needs")
    }
    switch event {
    case .listStart:
      var nodes: [Node] = []
      while true {
        let (next, nextPlace) = try events.next()
        if case .listEnd = next { return Node(.list(nodes), position: place) }
        nodes.append(try node(next, nextPlace, depthLeft: depthLeft - 1))
      }
    case .mapStart: return try map(at: place, depthLeft: depthLeft)
    case .scalar(let text, let quoted): return Node(.scalar(text: text, quoted: quoted), position: place)
    default: throw FileProblem(.syntax, at: place, "the file ends where a value was expected")
    }
  }

  private mutating func map(at place: SourcePosition, depthLeft: Int) throws(FileProblem) -> Node {
    var entries: [Node.Entry] = []
    var places: [String: Int] = [:]
    while true {
      let (next, keyPlace) = try events.next()
      if case .mapEnd = next { return Node(.map(entries), position: place) }
      guard case .scalar(let key, _) = next else {
        throw FileProblem(.keyNotText, at: keyPlace, "a key that is a list or a map")
      }
      let (valueEvent, valuePlace) = try events.next()
      let value = try node(valueEvent, valuePlace, depthLeft: depthLeft - 1)
      // Looking through the few keys of most maps is quicker than hashing them.
      let known = places.isEmpty ? entries.firstIndex { $0.key == key } : places[key]
      if let known {
        problems.append(
          FileProblem(
            .repeatedKey, at: keyPlace,
            "the key `\(key)` for the second time, first on line \(entries[known].keyPosition.line)",
            hint: "keep one of the two"))
      } else {
        entries.append(Node.Entry(key: key, keyPosition: keyPlace, value: value))
        if !places.isEmpty { places[key] = entries.count - 1 }
        if entries.count == Self.manyKeys {
          places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.key, $0) })
        }
      }
    }
  }
}
