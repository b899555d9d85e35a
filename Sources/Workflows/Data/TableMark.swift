// The portion mark of written tables: what `--mark` says must stand in a bulletin of the site as it is.

package import Markings

package enum TableMark {
  /// - Parameter text: with or without parentheses: `U//FOUO`, `(U//FOUO) (TLP:AMBER)`.
  /// - Returns: what stands between the outermost parentheses.
  /// - Throws: `DataProblem` for a level above U, for a word that no table knows, and for what the check of a bulletin
  ///   in this scheme refuses.
  package static func checked(_ text: String, registry: MarkingRegistry, scheme: Scheme) throws -> String {
    let reading = MarkReader.readBare(text, registry: registry, scheme: scheme)
    guard let mark = reading.mark else {
      throw DataProblem(.mark, "`\(text)` is no portion mark", hint: "write one, such as U//FOUO")
    }
    guard mark.level == .unclassified else {
      throw DataProblem(
        .mark, "`\(text)` is a classified mark, which nothing here may carry",
        hint: "if a record is classified, it is a spillage: call the security officer")
    }
    if let problem = reading.problems.first {
      let words = problem.message.contains(problem.token) ? problem.message : "\(problem.token): \(problem.message)"
      throw DataProblem(
        .mark, "the mark `\(text)` cannot stand in a bulletin of scheme \(scheme.rawValue): \(words)",
        hint: problem.canonical.map { "write `\($0)`" } ?? "say another with --mark")
    }
    return String(mark.text.dropFirst().dropLast())
  }
}
