// A person's name after a title, a rank or a role: Officer Quince, Mr. Quince, suspect Alder Quince. Names alone are not
// guessed at; after such a word a capital is seldom anything else.

enum TitledName {
  /// The first in some words; nil when there is none.
  static func first(in words: [ScannedWord]) -> Range<Int>? {
    for index in words.indices {
      let word = words[index].lower
      let isTitle = titles.contains(word)
      guard isTitle || roles.contains(word) else { continue }
      var end = index + 1
      while end < words.count, end <= index + 3,
        isName(words[end], mayFollowStop: end == index + 1 && abbreviated.contains(word))
      {
        end += 1
      }
      // Where every word has a capital, a role has one too: two names, or a role in small letters.
      let isWritten = isTitle || words[index].text.first?.isLowercase == true
      if end - index > (isWritten ? 1 : 2) { return index..<end }
    }
    return nil
  }

  private static let titles: Set<String> = [
    "officer", "ofc", "sgt", "sergeant", "lt", "lieutenant", "capt", "captain", "det", "detective", "trooper", "deputy",
    "inspector", "mr", "mrs", "ms", "miss", "dr",
  ]
  private static let abbreviated: Set<String> = ["ofc", "sgt", "lt", "capt", "det", "mr", "mrs", "ms", "dr"]
  private static let roles: Set<String> = [
    "suspect", "victim", "witness", "defendant", "arrestee", "offender", "perpetrator", "complainant", "subject",
    "decedent", "chief", "sheriff", "agent", "judge", "mayor",
  ]
  /// What follows such a word with a capital and is nobody.
  private static let things: Set<String> = [
    "safety", "services", "service", "bureau", "unit", "units", "division", "department", "office", "association",
    "program", "academy", "union", "training", "involved", "assistance", "assisted", "relationship", "age", "race",
    "sex", "gender", "type", "count", "counts", "status", "chief", "superintendent", "sheriff", "sheriffs", "director",
    "secretary", "commissioner", "executive", "justice", "general", "black", "white", "hispanic", "asian", "latino",
    "native", "american", "unknown", "male", "female", "the", "and", "or", "of", "in", "on", "at", "for", "by", "to",
    "not",
    "no", "was", "is", "with", "who", "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday",
  ]

  /// A capital and small letters, right after a space; after an abbreviated title also after its full stop.
  private static func isName(_ word: ScannedWord, mayFollowStop: Bool) -> Bool {
    guard word.before == " " || (mayFollowStop && word.before == ". "), word.text.count > 1 else { return false }
    return word.text.first?.isUppercase == true && word.text.contains(where: \.isLowercase)
      && !word.text.contains(where: \.isNumber) && !things.contains(word.lower)
  }
}
