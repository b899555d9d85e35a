// The rows of a CSV fixture without its header.

import SiteFiles

enum CSVReaderOfSamples {
  static func records(_ path: String) throws -> [[String]] {
    try CSVReader.records(Samples.bytes(path) ?? []).dropFirst().map(\.fields)
  }
}
