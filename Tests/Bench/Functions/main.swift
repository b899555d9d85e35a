// `revere-bench MEASURE ...`: the measures of single functions, each in a process of its own, so that its peak memory is
// its own. Prints one JSON object; bench.py compares it with the bars. No part of the product.

import Foundation

let words = CommandLine.arguments.dropFirst()
do {
  switch (words.first, words.dropFirst().first) {
  case ("read", .some(let workspace)): try ReadingMeasure.run(workspace: workspace).print()
  case ("variants", .some(let workspace)): try VariantsMeasure.run(workspace: workspace).print()
  case ("check", .some(let workspace)): try CheckMeasure.run(workspace: workspace).print()
  case ("decide", nil): try DecidingMeasure.run(readers: 100_000, portions: 60).print()
  case ("enqueue", .some(let folder)): try EnqueueMeasure.run(rows: 1_000_000, folder: folder).print()
  case ("bounces", .some(let folder)):
    let corpus = words.dropFirst(2).first ?? "Tests/Fixtures/reports"
    try BounceMeasure.run(folder: folder, corpus: corpus).print()
  case ("pulls", .some(let folder)): try PullMeasure.run(folder: folder).print()
  case ("import", .some(let workspace)):
    guard let folder = words.dropFirst(2).first else { throw MeasureFailure("import takes WORKSPACE and FOLDER") }
    try ImportMeasure.run(rows: 1_000_000, workspace: workspace, folder: folder).print()
  case ("taxii", .some(let workspace)):
    guard let folder = words.dropFirst(2).first else { throw MeasureFailure("taxii takes WORKSPACE and FOLDER") }
    let bulletins = words.dropFirst(3).first.flatMap { Int($0) } ?? 100_000
    try TaxiiMeasure.run(bulletins: bulletins, workspace: workspace, folder: folder).print()
  case ("feeds", .some(let workspace)):
    guard let folder = words.dropFirst(2).first else { throw MeasureFailure("feeds takes WORKSPACE and FOLDER") }
    try FeedMeasure.run(workspace: workspace, folder: folder).print()
  default:
    print("usage: revere-bench read WORKSPACE | variants WORKSPACE | check WORKSPACE | decide | enqueue FOLDER")
    print("       | bounces FOLDER CORPUS | import WORKSPACE FOLDER | pulls FOLDER | taxii WORKSPACE FOLDER [COUNT]")
    print("       | feeds WORKSPACE FOLDER")
    exit(2)
  }
} catch {
  print(error)
  exit(1)
}
