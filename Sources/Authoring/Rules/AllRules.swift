// The list of the check's rules. A new rule is a file beside this one, a line here and a test file.

package enum AllRules {
  /// By letter: front matter, marks, structure, content, accessibility.
  package static let rules: [any Rule] = frontMatter + marks + structure + content + accessibility

  package static let frontMatter: [any Rule] = [
    F01KeyMissing(), F02KeyUnknownOrRepeated(), F03WrongType(), F04NoSuchDate(), F05ExpiryBeforeCutoff(),
    F06UnknownSeries(), F07UnknownName(), F08GateWithoutReason(),
  ]

  package static let marks: [any Rule] = [
    M01MissingMark(), M02UnknownToken(), M03WrongOrder(), M04BannerForm(), M05FOUOInCompany(), M06HeadingAboveBlock(),
    M07SchemesMixed(), M08WrongGroup(), M09TrafficLight(), M10NoticeWithoutText(), M11NoDesignationIndicator(),
    M12Spillage(), M13OriginatedHere(), M14FederalOnly(), M15MixedWithoutCitation(), M16NestedItemLower(),
  ]

  package static let structure: [any Rule] = [
    S01RequiredSection(), S02LongBottomLine(), S03TearLine(), S04Directive(), S06StartingText(),
  ]

  package static let content: [any Rule] = [
    C01PersonalData(), C02NamedUSPerson(), C03LawfulExpression(), C04Juvenile(), C05CriminalHistory(), C06SmallCount(),
    C07NameInStatistics(), C08Likelihood(), C09NoSource(), C10Expired(),
  ]

  package static let accessibility: [any Rule] = [
    A01ImageWithoutAlt(), A02TableWithoutHeader(), A03HeadingSkipped(), A04LinkText(),
  ]
}
