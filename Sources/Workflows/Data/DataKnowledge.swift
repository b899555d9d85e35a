// What imports and tables know of the world: substances, towns, regions, from the workspace's templates.

import SiteFiles
package import Statistics

package struct DataKnowledge: Sendable {
  package var substances: Substances
  package var towns: Towns
  /// The planning regions, in the order of the vocabulary.
  package var regions: [RegionName]

  /// - Throws: `WorkspaceProblem`, or `FindingsFailure` with the place of what is wrong.
  package init(_ files: some WorkspaceFiles) throws {
    func read<Value>(_ path: String, _ make: ([UInt8]) throws -> Value) throws -> Value {
      let bytes = try files.read(path, limit: 16 << 20)
      do {
        return try make(bytes)
      } catch let problem as FileProblem {
        throw FindingsFailure("\(path) cannot be used", [WorkspaceLoading.finding(problem, in: path)])
      }
    }
    substances = try read("templates/data/substances.csv") { try Substances(csv: $0) }
    let towns = try read("templates/vocab/municipalities.csv") { try Towns(csv: $0) }
    self.towns = towns
    regions = try read("templates/vocab/regions.csv") { bytes in
      let rows = try NamedRows(bytes, columns: ["slug", "name", "parent"]).rows
      let root = rows.first { $0["parent"].isEmpty }?["slug"] ?? "statewide"
      return rows.filter { $0["parent"] == root && !$0["slug"].hasSuffix("-county") }.map {
        RegionName(slug: $0["slug"], name: $0["name"], communities: towns.count(in: $0["slug"]))
      }
    }
  }

  var forImports: ImportKnowledge { ImportKnowledge(substances: substances, towns: towns) }
}
