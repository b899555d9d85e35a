// Numbers that belong to one person, found in running text: social security numbers, dates of birth, telephone numbers,
// plates and driving licenses, as they are written in the United States. What could be something else as well is taken
// only after a word that says what it is; a warning that is wrong often is read never.

import Bulletins

struct PersonalNumber {
  enum Kind: String {
    case socialSecurity = "a social security number"
    case birth = "a date of birth"
    case phone = "a telephone number"
    case plate = "a license plate"
    case license = "a driving license number"
  }
  var kind: Kind
  /// As written, to be found again; never repeated in a message.
  var text: Substring
}

enum PersonalNumbers {
  /// - Parameter hotlines: the last ten digits of the telephone numbers that the site publishes.
  static func found(in written: WrittenText, hotlines: Set<String> = []) -> [PersonalNumber] {
    let words = written.words
    guard words.contains(where: { $0.text.contains(where: \.isNumber) }) else { return [] }
    return digits(in: written.text, words: words, hotlines) + shortPhones(words, hotlines) + births(words)
      + plates(words) + licenses(words)
  }

  /// The last ten digits of every telephone number in a text; seven where it has no more.
  static func phones(in text: String) -> Set<String> {
    let groups = DigitGroup.all(in: text)
    var phones = Set(
      groups.indices.compactMap { phone(groups, $0).map { range in digits(groups[range]) } })
    for index in groups.indices.dropFirst()
    where groups[index].text.count == 4 && groups[index - 1].text.count == 3 && dashes.contains(groups[index].before) {
      phones.insert(String(groups[index - 1].text + groups[index].text))
    }
    for group in groups where group.text.count >= 10 { phones.insert(String(group.text.suffix(10))) }
    return phones
  }

  /// Seven digits, 555-0199, right after a word that says what they are: alone they may be anything, and most are lines
  /// of the center. Those of the site file are left out, with or without their area code.
  private static func shortPhones(_ words: [ScannedWord], _ hotlines: Set<String>) -> [PersonalNumber] {
    words.indices.dropFirst().compactMap { index -> PersonalNumber? in
      let word = words[index]
      let parts = word.text.split { "-\u{2010}\u{2011}".contains($0) }
      guard parts.map(\.count) == [3, 4], parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }) else {
        return nil
      }
      let isNumbered = ["no", "number", "is"].contains(words[index - 1].lower) && index > 1
      let named = words[isNumbered ? index - 2 : index - 1].lower
      let digits = parts.joined()
      guard ["tel", "telephone", "phone", "cell", "cellphone", "mobile"].contains(named),
        [" ", ". ", ": ", ".: "].contains(word.before), !hotlines.contains(where: { $0.hasSuffix(digits) })
      else { return nil }
      return PersonalNumber(kind: .phone, text: word.text)
    }
  }

  /// A run of digits and what stands between it and the run before.
  private struct DigitGroup {
    var text: Substring
    var before: Substring
    /// A letter or hyphen stands right after it: a part of something longer.
    var isOpen: Bool

    static func all(in text: String) -> [DigitGroup] {
      var groups: [DigitGroup] = []
      var index = text.startIndex
      var end = text.startIndex
      while let start = text[index...].firstIndex(where: isDigit) {
        index = text[start...].firstIndex { !isDigit($0) } ?? text.endIndex
        let isOpen = index < text.endIndex && (text[index].isLetter || text[index] == "/" || text[index] == "%")
        groups.append(DigitGroup(text: text[start..<index], before: text[end..<start], isOpen: isOpen))
        end = index
      }
      return groups
    }
    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    /// Nothing that is joined to it stands before it.
    var beginsAlone: Bool {
      guard let last = before.last else { return true }
      return !last.isLetter && !"-./,:\u{2011}\u{2013}".contains(last)
    }
  }

  private static let dashes: Set<Substring> = ["-", "\u{2010}", "\u{2011}", "\u{2013}"]

  private static func digits(_ groups: ArraySlice<DigitGroup>) -> String { groups.map { String($0.text) }.joined() }

  private static func span(_ groups: [DigitGroup], _ range: ClosedRange<Int>) -> Substring {
    let first = groups[range.lowerBound].text
    return first.base[first.startIndex..<groups[range.upperBound].text.endIndex]
  }

  private static func digits(
    in text: String, words: [ScannedWord], _ hotlines: Set<String>
  ) -> [PersonalNumber] {
    let groups = DigitGroup.all(in: text)
    let saysSecurity =
      words.contains { ["ssn", "ssns"].contains($0.lower) } || text.lowercased().contains("social sec")
    let saysPhone = words.contains {
      ["call", "phone", "telephone", "tel", "cell", "mobile", "dial"].contains($0.lower)
    }
    var found: [PersonalNumber] = []
    var index = 0
    while index < groups.count {
      if isSocialSecurity(groups, index, named: saysSecurity) {
        found.append(PersonalNumber(kind: .socialSecurity, text: span(groups, index...index + 2)))
        index += 3
      } else if let range = phone(groups, index) {
        if !hotlines.contains(digits(groups[range])) {
          found.append(PersonalNumber(kind: .phone, text: span(groups, range)))
        }
        index = range.upperBound + 1
      } else {
        let group = groups[index]
        if saysSecurity, group.text.count == 9, !group.isOpen, group.beginsAlone {
          found.append(PersonalNumber(kind: .socialSecurity, text: group.text))
        } else if saysPhone, group.text.count == 10, !group.isOpen, group.beginsAlone,
          !hotlines.contains(String(group.text))
        {
          found.append(PersonalNumber(kind: .phone, text: group.text))
        }
        index += 1
      }
    }
    return found
  }

  /// 3-2-4 digits, none of the ranges that are never given out; without hyphens only beside the words.
  private static func isSocialSecurity(_ groups: [DigitGroup], _ index: Int, named: Bool) -> Bool {
    guard index + 2 < groups.count, groups[index].beginsAlone, !groups[index + 2].isOpen else { return false }
    let parts = groups[index...index + 2].map(\.text)
    guard parts.map(\.count) == [3, 2, 4], parts[1] != "00", parts[2] != "0000", parts[0] != "000" else { return false }
    let between = [groups[index + 1].before, groups[index + 2].before]
    return between.allSatisfy(dashes.contains) || (named && between.allSatisfy { $0 == " " })
  }

  /// 3-3-4 digits of the North American plan, perhaps after the country's 1.
  private static func phone(_ groups: [DigitGroup], _ index: Int) -> ClosedRange<Int>? {
    guard index + 2 < groups.count, !groups[index + 2].isOpen else { return nil }
    let parts = groups[index...index + 2].map(\.text)
    guard parts.map(\.count) == [3, 3, 4], parts.prefix(2).allSatisfy({ $0.first.map { $0 >= "2" } ?? false }) else {
      return nil
    }
    let first = groups[index + 1].before
    let second = groups[index + 2].before
    let isJoined = dashes.contains(first) || [".", " ", ") ", ")", ")-"].contains(first)
    guard isJoined, dashes.contains(second) || [".", " "].contains(second) else { return nil }
    if !groups[index].beginsAlone {
      // +1-617-..
      guard index > 0, groups[index - 1].text == "1", groups[index - 1].beginsAlone else { return nil }
    }
    return index...index + 2
  }
}

extension PersonalNumbers {
  private static let months: Set<String> = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec",
  ]

  private static func births(_ words: [ScannedWord]) -> [PersonalNumber] {
    words.indices.compactMap { index -> PersonalNumber? in
      let after: Int
      if words[index].lower == "dob" || words[index].lower == "born" {
        after = index + 1
      } else if words.phrase(index, 3) == "d o b" || words.phrase(index, 3) == "date of birth" {
        after = index + 3
      } else {
        return nil
      }
      return date(words, from: after).map { PersonalNumber(kind: .birth, text: $0) }
    }
  }

  /// 3, 3rd, 12th.
  private static func isDay(_ word: ScannedWord) -> Bool {
    let digits = word.lower.prefix { ("0"..."9").contains($0) }
    return (1...31).contains(Int(digits) ?? 0)
      && ["", "st", "nd", "rd", "th"].contains(word.lower.dropFirst(digits.count))
  }

  /// A day within the next words: 1991-04-12, 4/12/1991, 12 April 1991, April 12th, 1991.
  private static func date(_ words: [ScannedWord], from start: Int) -> Substring? {
    for index in words.indices.dropFirst(start).prefix(4) {
      if CivilDate(String(words[index].text)) != nil { return words[index].text }
      guard index + 2 < words.count else { continue }
      let three = words[index...index + 2]
      let isNumeric =
        three.allSatisfy { $0.number != nil } && three.dropFirst().allSatisfy { "/.-".contains($0.before) }
      let isWritten =
        three.contains { months.contains($0.lower) } && three.last?.text.count == 4 && three.last?.number != nil
        && three.prefix(2).contains(where: isDay)
      if isNumeric || isWritten { return words.span(index..<index + 3) }
    }
    return nil
  }

  private static let fillers: Set<String> =
    states.union(["no", "number", "is", "was", "of", "the"])
  /// Words of the states whose plates are met here.
  private static let states: Set<String> = [
    "ma", "mass", "massachusetts", "nh", "hampshire", "ri", "rhode", "island", "ct", "conn", "connecticut", "vt",
    "vermont", "maine", "ny", "york", "nj", "jersey", "new",
  ]

  /// The first word after some others that could be an identifier; short words that only introduce it are passed over.
  private static func identifier(
    _ words: [ScannedWord], after index: Int, lengths: ClosedRange<Int>
  ) -> Range<Int>? {
    for start in words.indices.dropFirst(index + 1).prefix(4) {
      if words[start].before.contains(where: { ".;!?".contains($0) }) && words[start - 1].lower != "no" { return nil }
      if fillers.contains(words[start].lower) { continue }
      // `1AB C23` is written in two parts too.
      for count in [1, 2] where start + count <= words.count {
        let parts = words[start..<start + count]
        guard parts.dropFirst().allSatisfy({ $0.before == " " }), parts.allSatisfy({ isCode($0.text) }) else {
          continue
        }
        let letters = parts.map { String($0.text) }.joined()
        if lengths.contains(letters.count), letters.contains(where: \.isNumber), letters.contains(where: \.isLetter) {
          return start..<start + count
        }
      }
      return nil
    }
    return nil
  }

  /// A plate of figures alone, as New Hampshire has: six or seven, with its state before the word or after it.
  private static func figures(_ words: [ScannedWord], after index: Int) -> Range<Int>? {
    let next = words.indices.dropFirst(index + 1).prefix(5).first { !fillers.contains(words[$0].lower) }
    guard let start = next, words[(index + 1)..<start].allSatisfy({ $0.before == " " }) else { return nil }
    let isOfState =
      (index > 0 && states.contains(words[index - 1].lower))
      || words[(index + 1)..<start].contains { states.contains($0.lower) }
    guard isOfState, [" ", ": ", "# "].contains(words[start].before) else { return nil }
    for count in [1, 2] where start + count <= words.count {
      let parts = words[start..<start + count]
      let text = parts.map { String($0.text) }.joined()
      if (6...7).contains(text.count), text.allSatisfy({ ("0"..."9").contains($0) }),
        parts.dropFirst().allSatisfy({ $0.before == " " })
      {
        return start..<start + count
      }
    }
    return nil
  }

  private static func isCode(_ text: Substring) -> Bool {
    text.allSatisfy { ("0"..."9").contains($0) || ("A"..."Z").contains($0) }
  }

  private static func plates(_ words: [ScannedWord]) -> [PersonalNumber] {
    words.indices.compactMap { index in
      let word = words[index].lower
      // A tag and LP are many things: a plate after a state, and before a sign.
      let isNamed =
        ["plate", "plates", "registration", "reg"].contains(word)
        || (["tag", "tags"].contains(word) && index > 0 && states.contains(words[index - 1].lower))
        || (["lp", "tag"].contains(word) && index + 1 < words.count && words[index + 1].before.contains("#"))
      guard isNamed,
        let range = identifier(words, after: index, lengths: 5...8) ?? figures(words, after: index),
        let text = words.span(range)
      else { return nil }
      return PersonalNumber(kind: .plate, text: text)
    }
  }

  /// S and eight digits, SA and seven (Massachusetts); elsewhere after the words.
  private static func licenses(_ words: [ScannedWord]) -> [PersonalNumber] {
    words.indices.compactMap { index -> PersonalNumber? in
      let text = words[index].text
      let digits = text.drop { $0.isLetter }
      let letters = text.prefix(text.count - digits.count)
      let isNumber = !digits.isEmpty && digits.allSatisfy { ("0"..."9").contains($0) }
      if isNumber, (letters == "S" && digits.count == 8) || (letters == "SA" && digits.count == 7) {
        return PersonalNumber(kind: .license, text: text)
      }
      guard ["oln", "dl"].contains(words[index].lower) || words.phrase(index, 2) == "license number",
        let range = identifier(words, after: index, lengths: 7...13), let text = words.span(range)
      else { return nil }
      // What has the form of its state is found by itself.
      let form = text.drop { $0.isLetter }.count
      if text.first == "S", form == 8 || form == 7 { return nil }
      return PersonalNumber(kind: .license, text: text)
    }
  }
}
