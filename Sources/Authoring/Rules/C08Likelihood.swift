// C08: the words of judgments (ICD 203). Likelihood and confidence are two things and stand in sentences of their own;
// likelihood is said by the words of the scale, with their bands; a judgment says how confident it is.

import Bulletins

struct C08Likelihood: Rule {
  static let id = "C08"

  /// `possible` and its like say that something is not impossible, which helps nobody to decide.
  private static let vague = Phrases(
    bare + [
      "possibly", "perhaps", "maybe", "conceivably", "conceivable", "plausible", "plausibly", "doubtful",
      "it is possible",
      "cannot rule out", "cannot be ruled out", "chances are", "good chance", "fair chance", "certainly", "undoubtedly",
      "definitely", "no doubt",
    ] + strengthened)
  /// The scale strengthens with "very" only, and by "highly" what is probable or improbable.
  private static let strengthened: [String] =
    ["highly likely", "highly unlikely"]
    + ["quite", "extremely"].flatMap { word in
      ["likely", "unlikely", "probable", "improbable"].map { "\(word) \($0)" }
    }
  /// Said of what is judged: "is possible", "remains quite certain". Before a noun they are about something else:
  /// possible routes, certain towns, as soon as possible.
  private static let bare: [String] = ["is", "are", "be", "remains", "remain", "seems", "appears", "looks"].flatMap {
    verb in
    ["", "not ", "also ", "still ", "quite ", "entirely ", "very ", "only "].flatMap { between in
      ["possible", "certain"].map { "\(verb) \(between)\($0)" }
    }
  }
  /// Enough to raise the question only where the scale is not used at all.
  private static let vagueOrModal = Phrases(vague.all.union(["may", "might", "could"]))

  func findings(in context: CheckContext) -> [Finding] {
    let mixed = context.written.filter { $0.role == .paragraph }.flatMap { mixedSentences(in: $0, context) }
    let judgments = Section.all(context.document.body).filter { $0.key == "key judgments" }
    return mixed + judgments.flatMap { words(in: $0, context) }
  }

  private func mixedSentences(in paragraph: WrittenText, _ context: CheckContext) -> [Finding] {
    guard Self.isAboutConfidence(paragraph.words) else { return [] }
    return SentenceCounter.sentences(paragraph.text).compactMap { sentence in
      let words = WordScan.words(String(sentence))
      guard let term = LikelihoodTerm.all(in: words).first, Self.isAboutConfidence(words) else { return nil }
      return found(
        "likelihood (\"\(term.text)\") and confidence in one sentence",
        "Say how likely it is in one sentence, and how confident you are, and why, in the next.", term.text,
        paragraph.lines, context)
    }
  }

  private static let grades: Set<String> = ["low", "moderate", "medium", "high"]

  /// Of analysts in a judgment: its grade stands beside it or follows, or it is ours. Not what the public has or a
  /// swindler abuses.
  private static func isAboutConfidence(_ words: [ScannedWord]) -> Bool {
    words.indices.contains { index in
      guard isConfidence(words, index) else { return false }
      let before = index > 0 ? words[index - 1].lower : ""
      return grades.contains(before) || ["our", "with", "analytic"].contains(before)
        || words.dropFirst(index + 1).prefix(5).contains { grades.contains($0.lower) }
    }
  }

  private static func isConfidence(_ words: [ScannedWord], _ index: Int) -> Bool {
    words[index].lower == "confidence" && !(index > 0 && words[index - 1].lower == "public")
      && !["scheme", "schemes", "scam", "scams", "trick", "tricks", "fraud", "frauds", "game", "games", "man", "men"]
        .contains(words.phrase(index + 1, 1))
  }

  private func words(in section: Section, _ context: CheckContext) -> [Finding] {
    let paragraphs = section.pieces.flatMap { Self.paragraphs($0.block) }
    return paragraphs.indices.flatMap { index -> [Finding] in
      let (block, text) = paragraphs[index]
      let lines = block.line...context.bulletin.source.lastLine(of: block.line)
      let words = WordScan.words(text)
      let terms = LikelihoodTerm.all(in: words)
      var findings = terms.filter { !$0.hasItsBand }.map { term in
        found(
          "\"\(term.text)\" beside another band than its own",
          "The scale gives it \(term.low) to \(term.high)%; choose the word and the band of one line of the scale.",
          term.text, lines, context)
      }
      if let range = words.first(of: terms.isEmpty ? Self.vagueOrModal : Self.vague),
        words[range.lowerBound].text != "May",
        let text = words.span(range)
      {
        findings.append(
          found(
            "\"\(text)\" is no word of the scale",
            "Say how likely: almost no chance, very unlikely, unlikely, roughly even odds, likely, very likely, almost "
              + "certain; each with its band.", text, lines, context))
      }
      let next = index + 1 < paragraphs.count ? WordScan.words(paragraphs[index + 1].text) : []
      if !terms.isEmpty, !Self.saysConfidence(words),
        !(Self.saysConfidence(next) && LikelihoodTerm.all(in: next).isEmpty)
      {
        findings.append(
          found(
            "a key judgment without its confidence",
            "Add a sentence: low, moderate or high confidence, and what it rests on.", terms[0].text, lines, context))
      }
      return findings
    }
  }

  private static func saysConfidence(_ words: [ScannedWord]) -> Bool {
    words.indices.contains { isConfidence(words, $0) || words[$0].lower == "confident" }
  }

  private static func paragraphs(_ block: Block) -> [(block: Block, text: String)] {
    if case .paragraph(let inlines) = block.content { return [(block, inlines.plainText)] }
    return block.children.flatMap(paragraphs)
  }

  private func found(
    _ message: String, _ explanation: String, _ text: Substring, _ lines: ClosedRange<Int>, _ context: CheckContext
  ) -> Finding {
    let place = context.place(of: text, on: lines)
    return finding(
      context, .warning, line: place.line, column: place.column, message, explanation: explanation + " (ICD 203)")
  }
}
