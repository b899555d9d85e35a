// Addresses of pages.

import Feeds
import Foundation
import Markings
import Testing

struct FeedPageTests {
  private static let page = FeedPage(
    publisher: FeedPublisher(
      id: "cfc", name: "Commonwealth Fusion Center", email: nil, phone: nil, address: "https://feeds.example.gov",
      zone: .gmt),
    feed: FeedName(.series, slug: "officer-safety", title: "Officer safety"), items: [],
    updatedAt: Instant(seconds: 0))

  @Test func theCurrentDocumentAndItsArchivesHaveTheirAddresses() {
    #expect(Self.page.url(.atom) == "https://feeds.example.gov/feeds/officer-safety.atom")
    #expect(
      Self.page.url(.json, month: "2026-11") == "https://feeds.example.gov/feeds/officer-safety/2026-11.json")
  }
}
