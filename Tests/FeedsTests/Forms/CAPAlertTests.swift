// CAP messages as a client reads them: kinds, references, scope, times, areas; three documents byte for byte.

import Bulletins
import Feeds
import Foundation
import Markings
import Testing

struct CAPAlertTests {
  private func alert(_ item: FeedItem, publisher: FeedPublisher = Sample.publisher) throws -> XMLTree {
    try #require(XMLTree(try CAPAlert.bytes(item, publisher: publisher)))
  }

  @Test func anAlertIsExactlyThis() throws {
    try Expected.expect(try CAPAlert.bytes(Sample.item(), publisher: Sample.publisher), "alert.xml")
  }

  @Test func aCancelIsExactlyThis() throws {
    try Expected.expect(try CAPAlert.bytes(Sample.three[0], publisher: Sample.publisher), "cancel.xml")
  }

  @Test func aVersionIsAMessageThatNamesTheLiveOnesBefore() throws {
    var item = Sample.item(version: 4)
    // The second was over when the fourth was sent; the third ends later.
    item.earlier = [
      Sample.version(1, of: item), Sample.version(2, of: item, expires: item.releasedAt),
      Sample.version(3, of: item, expires: Instant(seconds: item.releasedAt.seconds + 1)),
    ]
    let update = try alert(item)
    #expect(update["identifier"]?.text == "CFC-OS-2026-0042-U3.4" && update["msgType"]?.text == "Update")
    #expect(
      update["references"]?.text == """
        feeds.example.gov,CFC-OS-2026-0042.1,2026-11-22T06:30:00-05:00 \
        feeds.example.gov,CFC-OS-2026-0042-U2.3,2026-11-22T08:30:00-05:00
        """)
    #expect(CAPAlert.path(item) == "/cap/CFC-OS-2026-0042-U3.4.xml")
  }

  @Test func aReferenceIsWhatTheMessageSaidOfItself() throws {
    let first = try alert(Sample.item())
    var second = Sample.item(version: 2)
    second.earlier = [Sample.version(1, of: second)]
    let own = ["sender", "identifier", "sent"].compactMap { first[$0]?.text }.joined(separator: ",")
    #expect(try alert(second)["references"]?.text == own)
  }

  @Test func theFirstThatACallerSeesIsAnAlert() throws {
    let item = Sample.item(version: 3)
    #expect(try alert(item)["msgType"]?.text == "Alert")
    #expect(try alert(item)["references"] == nil)
    // All before it were over by themselves: nothing is updated.
    var late = item
    late.earlier = [Sample.version(1, of: item, expires: Sample.noon)]
    #expect(try alert(late)["msgType"]?.text == "Alert")
  }

  @Test(arguments: [FeedItem.Standing.recalled, .expired, .withdrawn])
  func anEndIsACancelAtItsOwnAddress(_ standing: FeedItem.Standing) throws {
    var item = Sample.item(version: 2, standing: standing)
    item.expires = item.releasedAt
    item.earlier = [Sample.version(1, of: item)]
    let cancel = try alert(item)
    #expect(cancel["msgType"]?.text == "Cancel")
    #expect(cancel["identifier"]?.text == "CFC-OS-2026-0042-U1.2-\(standing)")
    #expect(CAPAlert.path(item) == "/cap/CFC-OS-2026-0042-U1.2-\(standing).xml")
    #expect(cancel["sent"]?.text == "2026-11-22T09:30:00-05:00")
    #expect(
      cancel["references"]?.text.split(separator: " ").map { $0.split(separator: ",")[1] }
        == ["CFC-OS-2026-0042.1", "CFC-OS-2026-0042-U1.2"])
    #expect(cancel["info"]?["urgency"]?.text == "Past")
    #expect(cancel["info"]?["expires"] == nil)
    item.expires = Instant(seconds: item.updatedAt.seconds + 1)
    #expect(try alert(item)["info"]?["expires"]?.text == "2026-11-22T09:30:01-05:00")
  }

  @Test func sentStaysWhateverChangesLater() throws {
    var item = Sample.item()
    let sent = try alert(item)["sent"]
    item.updatedAt = Instant(seconds: item.updatedAt.seconds + 999)
    item.position += 999_000_000
    #expect(try alert(item)["sent"] == sent)
  }

  @Test func whoMayHaveItIsSaid() throws {
    let restricted = try alert(Sample.item())
    #expect(restricted["scope"]?.text == "Restricted")
    #expect(restricted["restriction"]?.text == "UNCLASSIFIED//LES TLP:AMBER")
    let open = try alert(Sample.item(isPublic: true))
    #expect(open["scope"]?.text == "Public" && open["restriction"] == nil)
    // TLP:CLEAR or plain U alone are not public.
    var plain = Sample.item()
    plain.banner = Banner(text: "TLP:CLEAR", trafficLight: .clear, colour: .trafficLight)
    #expect(try alert(plain)["scope"]?.text == "Restricted")
    #expect(try alert(plain)["restriction"]?.text == "TLP:CLEAR")
    #expect(open["addresses"] == nil && restricted["addresses"] == nil)
  }

  @Test func timesNeverEndInZ() throws {
    var publisher = Sample.publisher
    publisher.zone = .gmt
    #expect(try alert(Sample.item(), publisher: publisher)["sent"]?.text == "2026-11-22T11:30:00-00:00")
    #expect(try alert(Sample.item(), publisher: publisher)["info"]?["expires"]?.text == "2026-12-06T11:30:00-00:00")
    publisher.zone = TimeZone(secondsFromGMT: 5 * 3_600 + 1_800) ?? .gmt
    #expect(try alert(Sample.item(), publisher: publisher)["sent"]?.text == "2026-11-22T17:00:00+05:30")
  }

  @Test func areasComeFromRegions() throws {
    let areas = try #require(try alert(Sample.item())["info"]).all("area")
    #expect(areas.map { $0["areaDesc"]?.text } == ["Metro Boston", "Suffolk County"])
    let codes = areas.map { $0.all("geocode").map { [$0["valueName"]?.text, $0["value"]?.text] } }
    #expect(
      codes == [
        [["revere:region", "metro-boston"]], [["SAME", "025025"], ["revere:region", "suffolk-county"]],
      ])
  }

  @Test func oddSerialsStayApartAndKeepToThePattern() throws {
    var identifiers: Set<String> = []
    for serial in ["A B", "A,B", "A%20B", "A&B<", "Ä\u{0}"] {
      var item = Sample.item()
      item.serial = serial
      let found = try #require(try alert(item)["identifier"]?.text)
      #expect(!found.contains { " ,<&".contains($0) })
      #expect(CAPAlert.path(item) == "/cap/\(found).xml")
      identifiers.insert(found)
    }
    #expect(identifiers.count == 5)
  }

  @Test func theTextIsThePlainOne() throws {
    let text = "A  B\n\n  * <c> & \"d\"\n"
    #expect(try alert(Sample.item(text: text))["info"]?["description"]?.text == text)
  }

  @Test func theFeedListsTheNewestMessages() throws {
    try Expected.expect(try CAPFeed.bytes(Sample.page(Sample.three)), "cap.atom")
    let feed = try #require(XMLTree(try CAPFeed.bytes(Sample.page(Sample.three))))
    #expect(
      feed.all("entry").map { $0["link"]?.attributes["href"] } == [
        "https://feeds.example.gov/cap/CFC-OS-2026-0044.1-recalled.xml",
        "https://feeds.example.gov/cap/CFC-OS-2026-0043-U1.2.xml",
        "https://feeds.example.gov/cap/CFC-OS-2026-0042.1.xml",
      ])
    #expect(feed.all("entry").allSatisfy { $0["id"]?.text == $0["link"]?.attributes["href"] })
  }
}
