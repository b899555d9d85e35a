// Charts as the samples have them, and what can go wrong in data: hidden counts, gaps, sums, falls below zero.

import Bulletins

enum SampleCharts {
  static func chart(
    _ kind: Chart.Kind, _ title: String, _ header: [String], _ rows: [[String]], y: [String]? = nil, bold: [Int] = []
  ) -> Chart {
    var chart = Chart(
      kind: kind, data: .file("data.csv"), x: header[0], y: y ?? Array(header.dropFirst()), title: title,
      alternative: "What the drawing shows.", rows: [header] + rows)
    chart.boldRows = bold
    return chart
  }

  static let months = [
    "2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06",
    "2026-07", "2026-08", "2026-09",
  ]

  static let all: [(name: String, chart: Chart)] = [
    (
      "bars-regions",
      chart(
        .bar, "Arrests by region", ["Region", "3rd quarter 2026", "3rd quarter 2025"],
        [
          ["Metro Boston", "314", "352"], ["Northeast", "537", "558"], ["Southeast", "465", "489"],
          ["Central", "278", "302"], ["Western", "406", "401"], ["State", "2,000", "2,102"],
        ])
    ),
    (
      "bars-offenses",
      chart(
        .bar, "Offenses", ["Offense", "2025", "2026"],
        [
          ["Murder and manslaughter", "97", "88"], ["Rape", "1,455", "1,402"], ["Robbery", "1,811", "1,690"],
          ["Aggravated assault", "12,244", "11,930"], ["Violent crime", "15,607", "15,110"],
          ["Burglary", "6,514", "6,020"], ["Larceny", "45,102", "43,870"], ["Motor vehicle theft", "5,664", "5,210"],
          ["Arson", "322", "310"], ["Property crime", "57,602", "55,410"],
        ], bold: [5, 10])
    ),
    (
      "bars-behaviors",
      chart(
        .bar, "Reports by behavior", ["Behavior", "3rd quarter 2026", "2nd quarter 2026"],
        [
          ["Expressed or implied threat", "47", "51"], ["Breach or attempted intrusion", "21", "12"],
          ["Theft, loss or diversion", "18", "17"], ["Sabotage, tampering or vandalism", "16", "15"],
          ["Aviation activity, drones above all", "14", "10"], ["Misrepresentation", "12", "6"],
          ["Cyber attack", "9", "11"], ["Recruiting or financing", "0", "0"],
        ])
    ),
    (
      "bars-one",
      chart(
        .bar, "Calls to 911", ["Hour", "Calls"],
        [["21:45", "14"], ["22:00", "31"], ["22:15", "22"], ["22:30", "9"]])
    ),
    (
      "bars-hidden",
      chart(
        .bar, "Overdoses by town", ["Town", "2025", "2026"],
        [
          ["Ashby", "*", "12"], ["Bolton", "23", "*"], ["Carver", "0", "9"], ["Dover", "", "1-4"],
          ["Total", "41", "27"],
        ])
    ),
    (
      "bars-changes",
      chart(
        .bar, "Change against 2025", ["Offense", "Change"],
        [["Robbery", "-6.7%"], ["Burglary", "-7.6%"], ["Larceny", "2.7%"], ["Arson", "\u{2212}3.7%"]])
    ),
    (
      "bars-long-names",
      chart(
        .bar, "Reports", ["Kind", "Reports"],
        [
          ["Acquisition or storage of unusual quantities of materials, weapons and toxins left aside", "1204"],
          ["Observation through binoculars, with notes", "15"],
        ])
    ),
    (
      "line-one",
      chart(
        .line, "Arrests by month", ["month", "arrests"],
        zip(months, [691, 664, 642, 611, 598, 571, 610, 640, 668, 669, 688, 668, 644]).map { [$0, String($1)] })
    ),
    (
      "line-two",
      chart(
        .line, "Offenses by month", ["month", "violent", "property"],
        zip(
          months,
          [
            (1742, 6411), (1698, 6390), (1589, 6102), (1544, 6075), (1502, 5722), (1490, 5610), (1604, 5985),
            (1688, 6120), (1790, 6402), (1833, 6590), (1902, 6781), (1871, 6702), (1750, 6348),
          ]
        ).map { [$0, String($1.0), String($1.1)] })
    ),
    (
      "line-rising",
      chart(
        .line, "Incidents by year", ["Year", "Incidents"],
        [["2021", "406"], ["2022", "440"], ["2023", "557"], ["2024", "467"], ["2025", "488"]])
    ),
    (
      "line-uneven",
      chart(
        .line, "Arrests by month", ["Month", "Arrests"],
        [["2026-01", "120"], ["2026-02", "131"], ["2026-04", "128"], ["2026-09", "214"]])
    ),
    (
      "line-hidden",
      chart(
        .line, "Incidents by year", ["Year", "Anti-Black", "Anti-Jewish", "Gender"],
        [
          ["2021", "61", "48", "8"], ["2022", "70", "66", "*"], ["2023", "95", "91", "*"], ["2024", "88", "", "9"],
          ["2025", "90", "86", "11"],
        ])
    ),
    (
      "stack-four",
      chart(
        .stacked, "Substance mix by month", ["month", "fentanyl", "fentanyl-with-sedative", "heroin", "other-opioid"],
        [
          ["2026-07", "520", "69", "21", "78"], ["2026-08", "503", "77", "18", "70"],
          ["2026-09", "452", "86", "33", "73"],
        ])
    ),
    (
      "stack-hidden",
      chart(
        .stacked, "Bias by quarter", ["quarter", "race", "religion", "disability"],
        (1...8).map {
          ["Q\($0 % 4 + 1) 202\(3 + $0 / 4)", "\(40 + $0 * 3)", "\(30 - $0)", $0 == 3 ? "*" : "\(4 + $0)"]
        })
    ),
  ]
}
