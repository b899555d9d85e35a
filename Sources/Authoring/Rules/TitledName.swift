// A person's name after a title, a rank or a role: Officer Quince, Mr. Quince, suspect Alder Quince. Names alone are not
// guessed at; after such a word a capital is a name, another rank, or the name of an office or a body.

enum TitledName {
  /// The first in some words; nil when there is none.
  static func first(in words: [ScannedWord]) -> Range<Int>? {
    for index in words.indices {
      let word = words[index].lower
      // MS is Mississippi, and a maker of software.
      let isTitle = titles.contains(word) && words[index].text != "MS"
      guard isTitle || roles.contains(word) else { continue }
      var start = index + 1
      var isAbbreviated = abbreviated.contains(word)
      // Lt. Col. Quince, Deputy Superintendent Quince, Trooper First Class Quince.
      while start < words.count, isCapital(words[start], mayFollowStop: isAbbreviated),
        ranks.contains(bare(words[start]))
      {
        isAbbreviated = abbreviated.contains(words[start].lower)
        start += 1
      }
      var end = start
      while end < words.count, end < start + 5, isName(words[end], mayFollowStop: end == start && isAbbreviated) {
        end += 1
      }
      // The Trooper Foundation, the Victim Witness Advocate Program.
      if words[start..<end].contains(where: { bodies.contains(bare($0)) }) { continue }
      end = min(end, start + 3)
      // Where every word has a capital, a role has one too: two names, or a role in small letters.
      let isWritten = isTitle || words[index].text.first?.isLowercase == true
      if end - start >= (isWritten ? 1 : 2) { return index..<end }
    }
    return nil
  }

  private static let titles: Set<String> = [
    "officer", "ofc", "sgt", "sergeant", "lt", "lieutenant", "capt", "captain", "det", "detective", "trooper", "deputy",
    "inspector", "mr", "mrs", "ms", "miss", "dr",
  ]
  private static let abbreviated: Set<String> = [
    "ofc", "sgt", "lt", "capt", "det", "mr", "mrs", "ms", "dr", "col", "maj", "cpl", "gen", "gov", "supt",
  ]
  private static let roles: Set<String> = [
    "suspect", "victim", "witness", "defendant", "arrestee", "offender", "perpetrator", "complainant", "subject",
    "decedent", "chief", "sheriff", "agent", "judge", "mayor",
  ]
  /// What stands between a title and a name, or ends a rank.
  private static let ranks: Set<String> = [
    "sergeant", "sgt", "lieutenant", "lt", "captain", "capt", "detective", "det", "trooper", "inspector", "officer",
    "col", "colonel", "maj", "major", "cpl", "corporal", "gen", "general", "commander", "first", "second", "third",
    "class", "grade", "chief", "superintendent", "supt", "sheriff", "sheriffs", "marshal", "director", "secretary",
    "commissioner", "executive", "justice", "governor", "gov", "mayor", "attorney", "administrator", "agent",
  ]
  /// What stands in the name of an office, a body or a program, and in hardly any person's.
  private static let bodies: Set<String> = [
    "academy", "act", "administration", "advocate", "advocates", "advocacy", "agency", "assistance", "assisted",
    "association", "authority", "award", "barracks", "board", "bureau", "center", "centre", "club", "coalition",
    "college", "commission", "committee", "compensation", "conference", "corps", "council", "court", "department",
    "departments", "division", "divisions", "examiner", "examiners", "excel", "federation", "foundation", "fund",
    "group", "guild", "hospital", "hotline", "information", "initiative", "institute", "involved", "league",
    "network", "notification", "office", "offices", "outreach", "program", "programs", "project", "protection",
    "recruit", "register", "registry", "relationship", "resource", "resources", "response", "review", "rights",
    "roundtable", "safety", "school", "section", "service", "services", "society", "standards", "support", "survey",
    "system", "systems", "table", "team", "teams", "training", "union", "unit", "units", "wellness",
  ]
  /// What else follows such a word with a capital and is nobody.
  private static let things: Set<String> = [
    "age", "race", "rank", "sex", "gender", "type", "count", "counts", "status", "orange", "black", "white", "hispanic",
    "asian", "latino", "native", "american", "unknown", "male", "female", "the", "and", "or", "of", "in", "on", "at",
    "for", "by", "to", "not", "no", "was", "is", "with", "who", "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday", "sunday",
  ]

  /// In lower case, without the ending of a genitive.
  private static func bare(_ word: ScannedWord) -> String {
    let ending = ["'s", "\u{2019}s"].first { word.lower.hasSuffix($0) }
    return ending == nil ? word.lower : String(word.lower.dropLast(2))
  }

  /// A capital right after a space; after an abbreviated title also after its full stop.
  private static func isCapital(_ word: ScannedWord, mayFollowStop: Bool) -> Bool {
    (word.before == " " || (mayFollowStop && word.before == ". ")) && word.text.first?.isUppercase == true
  }

  /// With small letters.
  private static func isName(_ word: ScannedWord, mayFollowStop: Bool) -> Bool {
    isCapital(word, mayFollowStop: mayFollowStop) && word.text.contains(where: \.isLowercase)
      && !word.text.contains(where: \.isNumber) && !things.contains(bare(word))
  }
}
