// A million rows of a state police export through its shipped mapping into a store on disk: read, mapped, tested for
// doubles, stored. The export is written first and is not measured.

import Foundation
import Outbox
import Statistics
import Store
import StoreSQLite
import Workflows

enum ImportMeasure {
  /// - Parameters:
  ///   - workspace: with the shipped templates.
  ///   - folder: an empty folder on a real disk.
  static func run(rows: Int, workspace: String, folder: String) throws -> Figures {
    let files = FolderOnDisk(root: workspace)
    let export = folder + "/export.csv"
    try write(rows: rows, to: export)
    let size = (try FileManager.default.attributesOfItem(atPath: export)[.size] as? NSNumber)?.doubleValue ?? 0
    let knowledge = try DataKnowledge(files)
    let map = "templates/data/state-police.yaml"
    let order = ImportOrder(
      fileName: "export.csv", mappingFile: map, mapping: try files.read(map, limit: 1 << 20), asOf: "2026-10-20",
      by: "measure")
    let store = try SQLStore(driver: try SQLiteDriver(path: folder + "/import.db"), at: 0)
    var mapped = 0
    let seconds = try Stopwatch.seconds {
      let report = try ImportData.run(
        order, knowledge: knowledge, store: store, now: Moment(seconds: 1_795_366_800),
        file: { try ImportData.chunks(of: export, $0) }, note: { _, _, _ in })
      mapped = report.counts.mapped
    }
    try store.close()
    guard mapped == rows else { throw MeasureFailure("\(mapped) of \(rows) rows were mapped") }
    return Figures(values: ["rows-per-second": Double(rows) / seconds, "rows": Double(rows), "file-mb": size / 1e6])
  }

  private static func write(rows: Int, to path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw MeasureFailure("\(path) cannot be written") }
    defer { try? file.close() }
    var text =
      "CASE_NO,PERSON_KEY,INCIDENT_KEY,REPORT_DT,ARREST_DT,ORI9,TOWN,CHARGE,CHARGE_TYPE,SUBSTANCE_CLASS,ATTEMPT,"
      + "NUM_ARRESTED,AGE,SEX,NIBRS_DRUG_1,NIBRS_DRUG_2,DRUG_DESC,LAB_RESULT,LAB_STAT,QTY,QTY_UNIT,GUN_SEIZED,"
      + "OD_RELATED,NARCAN,JOINT_OP\r\n"
    let towns = ["BOSTON", "LAWRENCE", "BROCKTON", "HOLYOKE", "WORCESTER", "LYNN", "SPRINGFIELD", "NORTH ADAMS"]
    let drugs = ["H,,FENTANYL", "D,H,HEROIN/FENTANYL MIX", "H,P,FENTANYL W/ XYLAZINE", "H,,OXYCODONE"]
    for row in 0..<rows {
      let key = UInt64(row + 1) &* 0x9E37_79B9_7F4A_7C15
      let digits = String(key, radix: 16)
      let hash = String(repeating: "0", count: 16 - digits.count) + digits
      let day = 10 + row % 18
      text +=
        "26-\(1_000_000 + row),\(hash),\(hash),0\(7 + row % 3)/\(day + 1)/2026,0\(7 + row % 3)/\(day)/2026,"
        + "MA9990\("ABCDH".dropFirst(row % 5).prefix(1))00,\(towns[row % 8]),c.94C s.34,POSSESSION,CLASS A,N,1,"
        + "\(18 + row % 60),\(row % 4 == 0 ? "F" : "M"),\(drugs[row % 4]),,P,\(row % 300).\(row % 10),GM,N,N,N,N\r\n"
      if text.utf8.count > 1 << 20 || row == rows - 1 {
        try file.write(contentsOf: Array(text.utf8))
        text = ""
      }
    }
  }
}
