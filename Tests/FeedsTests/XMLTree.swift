// XML read by libxml2's parser into values, so that tests see what a client would.

import CLibXML2

struct XMLTree: Hashable {
  /// With its prefix: `at:deleted-entry`.
  var name: String
  /// Of its prefix.
  var space: String?
  var attributes: [String: String] = [:]
  /// All of what is in it, untouched; white space between elements too.
  var text = ""
  var children: [XMLTree] = []

  /// nil: not well-formed, or with undeclared prefixes.
  init?(_ bytes: [UInt8]) {
    let options = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue)
    guard let context = xmlNewParserCtxt() else { return nil }
    defer { xmlFreeParserCtxt(context) }
    let document = bytes.withUnsafeBytes {
      xmlCtxtReadMemory(
        context, $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count), nil, nil,
        options | Int32(XML_PARSE_HUGE.rawValue))
    }
    guard let document else { return nil }
    defer { xmlFreeDoc(document) }
    guard context.pointee.wellFormed == 1, context.pointee.nsWellFormed == 1, let root = xmlDocGetRootElement(document)
    else { return nil }
    self.init(root)
  }

  private init(_ node: xmlNodePtr) {
    name = Self.name(node.pointee.name, node.pointee.ns)
    space = node.pointee.ns.flatMap { Self.string($0.pointee.href) }
    text = Self.text(node.pointee.children)
    var attribute = node.pointee.properties
    while let current = attribute {
      attributes[Self.name(current.pointee.name, current.pointee.ns)] =
        Self.text(current.pointee.children)
      attribute = current.pointee.next
    }
    var child = node.pointee.children
    while let current = child {
      if current.pointee.type == XML_ELEMENT_NODE { children.append(XMLTree(current)) }
      child = current.pointee.next
    }
  }

  subscript(_ name: String) -> XMLTree? { children.first { $0.name == name } }
  func all(_ name: String) -> [XMLTree] { children.filter { $0.name == name } }

  private static func name(_ local: UnsafePointer<xmlChar>?, _ space: UnsafeMutablePointer<xmlNs>?) -> String {
    let prefix = space.flatMap { string($0.pointee.prefix) }
    return (prefix.map { $0 + ":" } ?? "") + (string(local) ?? "")
  }
  private static func string(_ pointer: UnsafePointer<xmlChar>?) -> String? {
    pointer.map { String(decodingCString: $0, as: UTF8.self) }
  }
  /// Of these nodes and what is in them. libxml2 keeps them; they are freed with the document.
  private static func text(_ first: xmlNodePtr?) -> String {
    var text = ""
    var node = first
    while let current = node {
      let isText = current.pointee.type == XML_TEXT_NODE || current.pointee.type == XML_CDATA_SECTION_NODE
      text += isText ? string(current.pointee.content) ?? "" : Self.text(current.pointee.children)
      node = current.pointee.next
    }
    return text
  }
}
