// C05: identification numbers of criminal history records (FBI, SID), or lines of NCIC output: they may not leave the
// systems from which they come (28 CFR 20.33; the CJIS security policy). No gate opens this.

import Bulletins

struct C05CriminalHistory: Rule {
  static let id = "C05"

  func findings(in context: CheckContext) -> [Finding] {
    context.written.compactMap { written in
      guard let (what, range) = Self.first(written.words), let text = written.words.span(range) else { return nil }
      let place = context.place(of: text, in: written)
      return finding(
        context, .warning, line: place.line, column: place.column, what,
        explanation: "Leave it out: a reader who may have it asks the system itself, and is logged there.")
    }
  }

  private static let systems = ["fbi": "an FBI number", "sid": "a state identification (SID) number"]
  /// Field names of NCIC messages, written with a slash before their value.
  private static let fields: Set<String> = ["nic", "mke", "oca", "ori", "fpc", "oln", "nam", "dob"]
  /// Those whose value is words.
  private static let worded: Set<String> = ["mke", "nam"]

  private static func first(_ words: [ScannedWord]) -> (what: String, range: Range<Int>)? {
    for index in words.indices {
      let word = words[index].lower
      let isStateID = word == "state" && ["id", "identification"].contains(words.phrase(index + 1, 1))
      var value = isStateID ? index + 2 : index + 1
      let named = value
      if let what = isStateID ? systems["sid"] : systems[word] {
        while value < words.count, value <= named + 1, ["no", "number", "num", "is"].contains(words[value].lower) {
          value += 1
        }
        guard value < words.count, isNumber(words[value].text) else { continue }
        let isJoined = words[value].before.contains { "/#:".contains($0) }
        if isJoined || value > named || isLongNumber(words[value]) { return (what, index..<value + 1) }
      } else if fields.contains(word), words[index].text.first?.isUppercase == true, value < words.count,
        words[value].before == "/", worded.contains(word) ? isInCapitals(words[value]) : isNumber(words[value].text)
      {
        return ("a line of NCIC output", index..<value + 1)
      }
    }
    return nil
  }

  /// Right after the name of the system, with nothing that says what it is: long enough to be no year and no room, and
  /// no date.
  private static func isLongNumber(_ word: ScannedWord) -> Bool {
    word.before == " " && word.text.count >= 7 && word.text.allSatisfy { $0.isLetter || $0.isNumber }
  }

  private static func isInCapitals(_ word: ScannedWord) -> Bool {
    word.text.count > 1 && !word.text.contains(where: \.isLowercase)
  }

  /// Five characters or more with a digit among them, letters in capitals.
  private static func isNumber(_ text: Substring) -> Bool {
    text.count >= 5 && text.contains(where: \.isNumber) && !text.contains(where: \.isLowercase)
  }
}
