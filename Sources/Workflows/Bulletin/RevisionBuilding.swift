// A bulletin file together with what the release authority recorded about exactly these bytes: the revision that
// `decide` sees.

import Authoring
package import Bulletins
import Distribution
package import Markings

package enum RevisionBuilding {
  /// - Parameter recorded: what counts of the store's records for the file's hash, beside the exported files of the workspace.
  /// - Returns: the revision, and warnings about recorded decisions that do not count.
  package static func revision(
    _ file: BulletinFile, in workspace: Workspace, recorded: RecordedDecisions = .none, now: Instant
  ) -> (revision: Revision, findings: [Finding]) {
    var document = file.read.document
    let series = document.frontMatter.series
    let template: SeriesTemplate
    if let known = workspace.templates[series] {
      template = known
    } else {
      document.faults.insert(.invalid)
      template = SeriesTemplate(series: series, name: series, code: "X", publicName: "Bulletin")
    }
    // What a finding of loading forbids, decisions must not allow: a missing figure, a chart without its data.
    if file.findings.contains(where: { $0.severity == .error && ["F07", "S05"].contains($0.rule) }) {
      document.faults.insert(.invalid)
    }
    let (exported, findings) = DecisionRecord.effective(
      workspace.lists.decisions, bulletin: file.stem, revision: file.hash,
      authorities: workspace.site.releaseAuthorities, now: now)
    let revision = Revision(
      bulletin: file.stem, hash: file.hash, document: document, template: template,
      decisions: exported.joined(recorded))
    return (revision, findings)
  }
}

extension RecordedDecisions {
  package func joined(_ other: RecordedDecisions) -> RecordedDecisions {
    RecordedDecisions(
      publicRelease: publicRelease || other.publicRelease, privateRelease: privateRelease || other.privateRelease,
      foreignRelease: foreignRelease.union(other.foreignRelease), consents: consents.union(other.consents),
      acceptHollow: acceptHollow.union(other.acceptHollow))
  }
}
