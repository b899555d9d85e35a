// Time, medians and peak memory of the measures.

import Foundation

enum Stopwatch {
  /// Seconds by the wall.
  static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let time = try ContinuousClock().measure(work)
    return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// The most memory that this process ever held, in MB of 10^6 bytes.
  static var peakMegabytes: Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    return (Double(line.filter(\.isNumber)) ?? 0) * 1024 / 1_000_000
  }
}

/// What one measure found, by name.
struct Figures {
  var values: [String: Double]

  func print() throws {
    var values = values
    values["peak-mb"] = Stopwatch.peakMegabytes
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    Swift.print(String(decoding: try encoder.encode(values), as: UTF8.self))
  }
}

/// A measure that did not do what it is to measure.
struct MeasureFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
