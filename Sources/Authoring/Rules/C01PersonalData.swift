// C01: numbers that belong to one person, in a bulletin that does not say with the pii gate why it needs them.
// Telephone numbers of the site file are hotlines. The message never repeats what was found: it is printed in logs.

import Bulletins

struct C01PersonalData: Rule {
  static let id = "C01"

  func findings(in context: CheckContext) -> [Finding] {
    guard !context.isOpen(.pii) else { return [] }
    let hotlines = Self.hotlines(context.site)
    return context.written.flatMap { written -> [Finding] in
      var found = PersonalNumbers.found(in: written, hotlines: hotlines)
      switch written.role {
      case .field("dob") where found.isEmpty: found = [PersonalNumber(kind: .birth, text: written.text[...])]
      case .field("plate") where found.isEmpty: found = [PersonalNumber(kind: .plate, text: written.text[...])]
      default: break
      }
      return found.map { number in
        let place = context.place(of: number.text, in: written)
        return finding(
          context, .warning, line: place.line, column: place.column,
          "\(number.kind.rawValue), and the pii gate is not open",
          explanation: "Leave it out; or say why readers need it: `pii: { value: true, reason: \"..\" }`.")
      }
    }
  }

  private static func hotlines(_ site: Site) -> Set<String> {
    let texts =
      site.contacts.values.compactMap(\.phone)
      + (Array(site.feedback.values) + site.reporting.values).flatMap {
        [$0.text, $0.link ?? ""]
      }
    return texts.reduce(into: []) { $0.formUnion(PersonalNumbers.phones(in: $1)) }
  }
}

extension CheckContext {
  /// The gate is true; why, F08 asks.
  func isOpen(_ gate: Gate.Name) -> Bool { frontMatter.gates[gate]?.value == true }
}
