// S06: what is left of a starting text.

import Bulletins
import Testing

@testable import Authoring

@Suite struct S06StartingTextTests {
  private static let begun = """
    ---
    title: "(U) What happened, {{quarter}}"
    short-title: "(U) Figures, {{quarter}}"
    sources:
      - { id: s1, describe: "(U) Agency, kind of report", date: {{today}} }
    ---

    ## (U) Bottom line

    (U) What happened in {{quarter}}, and where.[^s1]

    (U) Counts of one to four are not shown.

    | Town | Arrests |
    |---|---:|
    | Lee | 0 |

    - (U) The first thing.

    ::: tearline
    (U) The same in general terms.
    :::

    | Town | {{quarter}} | Change |
    |---|---:|---:|
    | Lee | 0 | |
    | **All** | **0** | |

    | Time | Event |
    |---|---|
    | 00:00 | first call |
    | 00:00 | end |
    """

  private func places(_ sample: RuleSample) -> [String] {
    var sample = sample
    sample.template = SeriesTemplate(
      series: "x", name: "", code: "X", publicName: "", startingText: Self.begun)
    sample.template?.fixedText = ["Counts of one to four", "Figures, "]
    return sample.places(S06StartingText())
  }

  @Test func whatIsLeft() {
    let sample = RuleSample(
      title: "(U) What happened, July to September 2026", shortTitle: "(U) Figures, July to September 2026",
      sources: ["{ id: s1, describe: \"(U) Agency, kind of report\", date: 2026-11-22 }"],
      body: """
        ## (U) Bottom line

        (U) What happened in the third quarter, and where.[^s1]

        (U) Counts of one to four are not shown.

        | Town | Arrests |
        |---|---:|
        | Lee | 0 |

        - (U) The first thing.

        ::: tearline
        (U) The same in general terms.
        :::
        """)
    #expect(
      places(sample) == [
        "\(RuleSample.titleLine) warning", "\(RuleSample.firstSource) warning", "+3 warning", "+11 warning",
        "+14 warning", "+9 warning",
      ])
  }

  /// Rows of zeros once for a table, and only when all of it is left: a zero may be true.
  @Test(arguments: [
    ("| Lee | 0 | |\n| **All** | **0** | |", ["+3 warning"]), ("| Lee | 12 | |\n| **All** | **0** | |", []),
    ("| Lee | 0 | |\n| Otis | 0 | |", []), ("| Lee | 0 | -2 |", []), ("| Lee | 0 | |", ["+3 warning"]),
    ("| 09:10 | first call |\n| 00:00 | end |", ["+4 warning"]), ("| 09:10 | first call |", []),
    ("| 00:00 | first call |\n| 00:00 | end |", ["+3 warning", "+4 warning"]),
  ]) func tables(_ rows: String, _ expected: [String]) {
    #expect(places(RuleSample(body: "| Town | Q2 | Change |\n|---|---:|---:|\n" + rows)) == expected)
  }

  @Test func whatWasWritten() {
    let sample = RuleSample(
      body: "## (U) Bottom line\n\n(U) What happened in May, and where it did.[^s1]\n\n- (U) The first is this.")
    #expect(places(sample) == [])
    #expect(RuleSample(body: "(U) The first thing.").places(S06StartingText()) == [])
  }
}
