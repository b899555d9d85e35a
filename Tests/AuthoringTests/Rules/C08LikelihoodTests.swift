// C08: the words of judgments.

import Bulletins
import SiteFiles
import Testing

@testable import Authoring

@Suite struct C08LikelihoodTests {
  private func messages(_ text: String, heading: String = "Key judgments") -> [String] {
    C08Likelihood().findings(in: RuleSample(body: "## (U) \(heading)\n\n\(text)").context).map(\.message)
  }

  @Test(arguments: [
    "(U) We judge with high confidence that more thefts are likely (55-80%) this month.",
    "(U) It is very unlikely, with low confidence, that it will go on. Confidence is low.",
  ]) func together(_ text: String) {
    #expect(messages(text).count == 1 && messages(text)[0].contains("one sentence"))
    #expect(messages(text, heading: "Threat").count == 1)
  }

  /// The public's confidence, and that of a swindler's victims.
  @Test(arguments: [
    "(U) A row is likely when victims learn the truth, and it shakes public confidence in every department.",
    "(U) The confidence scheme is likely run from abroad, as are confidence tricks.",
    "(U) More calls are likely to shake confidence in the police.",
  ]) func otherConfidence(_ text: String) { #expect(messages(text, heading: "Threat") == []) }

  @Test(arguments: [
    "(U) That confidence is moderate is likely.", "(U) It is likely, and our confidence in this is good.",
    "(U) It is likely; confidence in this judgment is high.",
  ]) func confidenceOfAnalysts(_ text: String) { #expect(messages(text, heading: "Threat").count == 1) }

  @Test(arguments: [
    "(U) It is likely (80-95%) that it will go on. Confidence is low.",
    "(U) It is very likely (60%) that it will go on. Confidence is low.",
    "(U) It is unlikely (20 to 55%) that it will go on. Confidence is low.",
    "(U) It will probably (60 to 85 percent) go on. Confidence is low.",
  ]) func bands(_ text: String) {
    #expect(messages(text).count == 1 && messages(text)[0].contains("another band"))
  }

  @Test(arguments: [
    ("(U) It will possibly go on.", 1), ("(U) It might go on.", 1), ("(U) We cannot rule out more.", 1),
    ("(U) It is likely that it may go on. Confidence is low.", 0), ("(U) It will go on in May.", 0),
    ("(U) May was quiet.", 0), ("(U) We believe an attack is possible.", 1), ("(U) An attack is certain.", 1),
    ("(U) More thefts remain quite possible.", 1), ("(U) An attack is not certain.", 1),
    ("(U) It is possible that it goes on.", 1), ("(U) Leave as soon as possible by all possible routes.", 0),
    ("(U) More thefts are highly likely. Confidence is low.", 1),
    ("(U) It is extremely unlikely (1-5%) that it ends. Confidence is low.", 1),
    ("(U) It is quite likely (80-95%). Confidence is low.", 1),
    ("(U) It is highly probable (80-95%) that it goes on. Confidence is low.", 0),
    ("(U) In certain towns it went on.", 0), ("(U) More is almost certain. Confidence is high.", 0),
  ]) func otherWords(_ text: String, _ count: Int) {
    #expect(messages(text).count == count)
    #expect(messages(text, heading: "Threat").isEmpty)
  }

  @Test(arguments: [
    ("(U) It is likely (55-80%) that it will go on.", 1),
    ("(U) It is likely (55-80%) that it will go on.\n\n(U) Confidence is low: one report.", 0),
    ("(U) It is likely that it will go on.\n\n(U) It is unlikely that it stops. Confidence is low.", 1),
    ("- (U) It is likely that it will go on.\n- (U) It is unlikely that it ends. Confidence is high.", 1),
    ("(U) More is likely to come from one report than from two.", 1),
    ("(U) That is more likely a gap in reporting.", 0), ("(U) The thefts were stopped.", 0),
  ]) func confidence(_ text: String, _ count: Int) {
    #expect(messages(text).filter { $0.contains("without its confidence") }.count == count, "\(messages(text))")
  }

  @Test(arguments: [
    "(U) It is likely (55-80%) that it will go on. Confidence is moderate: two reports agree.",
    "(U) It is roughly even odds (45\u{2013}55%) that it will go on. We have low confidence in this.",
    "(U) It is very unlikely (5 to 20%) that it will. Confidence is high, because it did not.",
    "(U) It will probably (55 to 80 percent) go on. Confidence is low.",
    "(U) It is almost certain (97%) that it will. Confidence is high.",
    "(U) There was probable cause for the stop, by remote access.",
  ]) func clean(_ text: String) { #expect(messages(text) == []) }

  /// The scale in the rule is the one that people are shown.
  @Test func theScaleIsThatOfTheVocabulary() throws {
    let records = try CSVReader.records(Samples.bytes("templates/vocab/estimative-terms.csv") ?? []).dropFirst()
    let likelihood = records.map(\.fields).filter { $0[0] == "likelihood" }
    #expect(
      likelihood.map { "\($0[2])|\($0[3])|\($0[4])|\($0[5])" }
        == LikelihoodTerm.scale.map { "\($0.terms[0])|\($0.terms[1])|\($0.low)|\($0.high)" })
  }
}
