// What feeds need of the site beside its policy: which feeds there are, who publishes them, what words mean.

import Bulletins
import Distribution
import Feeds
import Foundation
import Markings
import Rendering
import Store

/// Made once for each state of the site's files.
struct FeedSite: Sendable {
  static let capSlug = "cap"
  static let allSlug = "all"

  let workspace: Workspace
  let layouts: Layouts
  let readers: [String: Reader]
  let publisher: FeedPublisher
  /// By slug.
  let feeds: [String: FeedName]

  /// - Parameter address: `https://feeds.example.gov`
  /// - Throws: a series and a sector of one name, or no usable layouts.
  init(_ workspace: Workspace, _ readers: [String: Reader], address: String) throws {
    self.workspace = workspace
    self.readers = readers
    guard let layouts = workspace.layouts else {
      throw FindingsFailure("the layouts cannot be used", workspace.findings)
    }
    self.layouts = layouts
    let site = workspace.site
    let watch = site.contacts["watch"]
    publisher = FeedPublisher(
      id: site.id, name: site.name, email: watch?.email, phone: watch?.phone,
      address: address.hasSuffix("/") ? String(address.dropLast()) : address, zone: site.zone)
    feeds = try Self.feeds(workspace)
  }

  /// Series and sectors share one name space: an address says only the slug.
  private static func feeds(_ workspace: Workspace) throws -> [String: FeedName] {
    var feeds = [allSlug: FeedName(.all, slug: allSlug, title: "All bulletins")]
    for (slug, template) in workspace.templates.sorted(by: { $0.key < $1.key }) {
      guard feeds[slug] == nil, slug != capSlug else {
        throw collision(slug, "the series `\(slug)` has a name that feeds keep for themselves")
      }
      feeds[slug] = FeedName(.series, slug: slug, title: template.publicName)
    }
    for (slug, name) in (workspace.vocabulary.names["sectors"] ?? [:]).sorted(by: { $0.key < $1.key }) {
      if slug == allSlug || slug == capSlug {
        throw WorkspaceProblem(
          .exists, "vocab/sectors.csv", "the sector `\(slug)` has a name that feeds keep for themselves",
          hint: "give the sector another slug")
      }
      guard feeds[slug] == nil else { throw collision(slug, "`\(slug)` is a series and a sector: feeds know one name") }
      feeds[slug] = FeedName(.sector, slug: slug, title: name)
    }
    return feeds
  }

  private static func collision(_ slug: String, _ message: String) -> WorkspaceProblem {
    WorkspaceProblem(.exists, "templates/\(slug)", message, hint: "give the folder of the series another name")
  }

  func term(_ slug: String, of axis: Clause.Axis) -> FeedItem.Term {
    FeedItem.Term(slug: slug, name: workspace.vocabulary.names[axis.rawValue]?[slug] ?? slug)
  }

  func region(_ slug: String) -> FeedItem.Region {
    let names = workspace.vocabulary.names
    return FeedItem.Region(
      slug: slug, name: names["regions"]?[slug] ?? names["municipalities"]?[slug] ?? slug,
      county: workspace.vocabulary.counties[slug])
  }

  func need(_ number: Int) -> FeedItem.Term {
    let word = String(number)
    return FeedItem.Term(slug: word, name: workspace.vocabulary.names["hsec-standing-needs"]?[word] ?? word)
  }

  /// The first second of the next day at the center: until then no date test changes.
  func dayAfter(_ now: Instant) -> Instant {
    DecisionTime(now, site: workspace.site).today?.end(in: publisher.zone) ?? now
  }

  func day(of now: Instant) -> Instant {
    DecisionTime(now, site: workspace.site).today?.start(in: publisher.zone) ?? now
  }

  /// `2026-11` of a time, in the center's zone.
  func month(_ now: Instant) -> String {
    DecisionTime(now, site: workspace.site).today.map { String($0.description.prefix(7)) } ?? "0000-00"
  }
}
