// Where the points of a line stand: a rise over five months must not look like one of a month. By time where the column
// x says years, months or days, all of one kind and each after the one before; else evenly.

import Bulletins

struct PointPlaces {
  /// From 0 to 1, of each point.
  let parts: [Double]
  let isEven: Bool

  /// - Parameter names: `2026`, `2026-07` or `2026-07-14`; whatever else is put at equal distances.
  init(_ names: [String]) {
    let readings: [(String) -> Int?] = [Self.year, Self.month, Self.day]
    let read = readings.lazy.map { reading in names.compactMap { reading($0) } }.first { $0.count == names.count }
    guard let times = read, let first = times.first, let last = times.last, first < last,
      zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      parts = names.indices.map { names.count < 2 ? 0.5 : Double($0) / Double(names.count - 1) }
      isEven = true
      return
    }
    parts = times.map { Double($0 - first) / Double(last - first) }
    isEven = Set(zip(times, times.dropFirst()).map { $1 - $0 }).count == 1
  }

  private static func year(_ name: String) -> Int? {
    CivilDate(name + "-01-01")?.year
  }

  private static func month(_ name: String) -> Int? {
    CivilDate(name + "-01").map { $0.year * 12 + $0.month }
  }

  private static func day(_ name: String) -> Int? {
    CivilDate(name).map { Int($0.daysSince1970) }
  }
}
