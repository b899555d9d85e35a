// Why a reader was among those for whom a release was decided: computed again from the lists, the readers and the
// revision that the store keeps of it, as they were then. The ledger's rows do not name the lists.

import Distribution
import Markings
import Outbox
import Store

struct ReleaseAudience {
  private let planner: PushPlanner
  private let round: DecisionRound
  private let readers: [String: Reader]

  /// - Parameter workspace: the site with which it was decided.
  /// - Returns: nil for a recall or an early end, which goes to holders and not by lists, and where what was stored
  ///   cannot be read any more.
  init?(_ release: ReleaseRecord, _ workspace: Workspace?, _ session: any StoreSession) {
    guard release.kind.bringsRevision, let workspace, let stored = try? StoredRevision(release, session),
      let read = try? stored.read(in: workspace)
    else { return nil }
    let decider = Decider(
      revision: read.revision, policy: workspace.policy, site: workspace.site,
      vocabulary: workspace.vocabulary.vocabulary)
    planner = PushPlanner(decider, lists: workspace.lists.lists.map(\.list))
    // As the release did: for the time when the first message might go.
    round = decider.round(at: Instant(seconds: max(release.at.seconds, release.startsAt.seconds)))
    readers = Dictionary(workspace.lists.readers().map { ($0.id, $0) }) { first, _ in first }
  }

  /// In machine form; empty: no list brings them.
  func broughtBy(_ reader: String) -> [String] {
    guard let reader = readers[reader], let lists = planner.listsBringing(reader, round) else { return [] }
    return lists.isEmpty ? ["to"] : lists.map { "list(\($0))" }
  }
}
