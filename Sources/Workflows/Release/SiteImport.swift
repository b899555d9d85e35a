// Lists, policy, templates and site as one immutable, numbered snapshot in the store: what a release was decided with.

import Distribution
import Markings
package import Outbox
package import Store

package enum SiteImport {
  /// Stores the files that the workspace was read from, or finds the equal snapshot. What the site's policy widens is
  /// logged with the policy that first does (P04).
  package static func store(
    _ workspace: Workspace, _ session: any StoreSession, by: String, at: Moment
  ) throws -> Int64 {
    let widenings = workspace.lists.policy.widenings
    if !widenings.isEmpty,
      try session.currentSnapshot().flatMap({ try session.snapshot($0) })?.policyHash != workspace.policy.hash
    {
      try session.audit(
        actor: by, action: "policy-widened", subject: workspace.policy.hash,
        detail: "\(workspace.policy.name) \(workspace.policy.version): readers may meet "
          + widenings.map(\.description).sorted().joined(separator: ", "), at: at)
    }
    let files = workspace.sources.sorted { $0.path < $1.path }.map {
      StoredFile(name: $0.path, hash: RevisionHash.sha256($0.bytes), bytes: $0.bytes)
    }
    let lines = files.map { "\($0.hash)  \($0.name)\n" }.joined()
    return try session.insert(
      snapshotHash: RevisionHash.sha256(Array(lines.utf8)), policyName: workspace.policy.name,
      policyVersion: workspace.policy.version, policyHash: workspace.policy.hash, files: files, at: at)
  }
}
