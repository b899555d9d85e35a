// What is stored of a bulletin: its revisions with their files, its releases, the variants that readers get.

package import Outbox

/// A file by content; stored once however often it is named.
package struct StoredFile: Hashable, Sendable {
  package var name: String
  /// Hexadecimal SHA-256 of the bytes.
  package var hash: String
  package var bytes: [UInt8]
  package init(name: String, hash: String, bytes: [UInt8]) {
    self.name = name
    self.hash = hash
    self.bytes = bytes
  }
}

package enum ReleaseKind: String, Hashable, Sendable, CaseIterable {
  case release, update, correction, recall, expiry
  /// Brings a new revision; the others send notices about one that is out.
  package var bringsRevision: Bool { self == .release || self == .update || self == .correction }
}

/// A release about to be stored: what was decided for all its readers alike.
package struct NewRelease: Hashable, Sendable {
  /// The file stem in `bulletins/`.
  package var bulletin: String
  package var series: String
  /// `sha256:..`; one revision is released once.
  package var revisionHash: String
  /// The bulletin file first, then the files that it names.
  package var files: [StoredFile]
  package var serial: Serial
  /// 1 for the first release, counted up by updates and corrections.
  package var version: Int
  package var kind: ReleaseKind
  /// The release that this one follows.
  package var predecessor: Int64?
  /// The other bulletin whose place this one takes: its file stem.
  package var replaces: String?
  package var by: String
  /// The second person, where one was named.
  package var second: String?
  package var at: Moment
  package var reason: String
  /// Title and banner for the center's own lists; never sent from here.
  package var title: String
  package var banner: String
  package var lane: Lane
  package var onUncertain: OnUncertain
  /// When the first message may go: release time and the lane's hold, or `not-before`.
  package var startsAt: Moment
  package var lifetimeEnd: Moment
  package var policyName: String
  package var policyVersion: String
  package var policyHash: String
  /// The import of lists, policy and site that it was decided with.
  package var snapshot: Int64?

  package init(
    bulletin: String, series: String, revisionHash: String, files: [StoredFile], serial: Serial, version: Int = 1,
    kind: ReleaseKind = .release, predecessor: Int64? = nil, replaces: String? = nil, by: String,
    second: String? = nil, at: Moment, reason: String = "",
    title: String, banner: String, lane: Lane, onUncertain: OnUncertain, startsAt: Moment, lifetimeEnd: Moment,
    policyName: String, policyVersion: String, policyHash: String, snapshot: Int64? = nil
  ) {
    self.bulletin = bulletin
    self.series = series
    self.revisionHash = revisionHash
    self.files = files
    self.serial = serial
    self.version = version
    self.kind = kind
    self.predecessor = predecessor
    self.replaces = replaces
    self.by = by
    self.second = second
    self.at = at
    self.reason = reason
    self.title = title
    self.banner = banner
    self.lane = lane
    self.onUncertain = onUncertain
    self.startsAt = startsAt
    self.lifetimeEnd = lifetimeEnd
    self.policyName = policyName
    self.policyVersion = policyVersion
    self.policyHash = policyHash
    self.snapshot = snapshot
  }
}

/// A release as stored.
package struct ReleaseRecord: Hashable, Sendable {
  package var id: Int64
  package var bulletin: String
  package var series: String
  package var revisionHash: String
  package var serial: String
  package var year: Int
  package var number: Int
  package var version: Int
  package var kind: ReleaseKind
  package var predecessor: Int64?
  /// The other bulletin whose place it takes.
  package var replaces: Replaced?
  /// The serial of the bulletin that took its bulletin's place.
  package var replacedBy: String?
  package var by: String
  package var at: Moment
  package var reason: String
  package var title: String
  package var banner: String
  package var lane: Lane
  package var onUncertain: OnUncertain
  package var startsAt: Moment
  package var lifetimeEnd: Moment
  package var policyName: String
  package var policyVersion: String
  package var policyHash: String
  package var snapshot: Int64?
  package var second: String?

  package struct Replaced: Hashable, Sendable {
    /// The file stem.
    package var bulletin: String
    /// Of its first version.
    package var serial: String
    package init(bulletin: String, serial: String) {
      self.bulletin = bulletin
      self.serial = serial
    }
  }

  package init(
    id: Int64, bulletin: String, series: String, revisionHash: String, serial: String, year: Int, number: Int,
    version: Int, kind: ReleaseKind, predecessor: Int64? = nil, replaces: Replaced? = nil, replacedBy: String? = nil,
    by: String, at: Moment, reason: String, title: String, banner: String, lane: Lane, onUncertain: OnUncertain,
    startsAt: Moment, lifetimeEnd: Moment, policyName: String,
    policyVersion: String, policyHash: String, snapshot: Int64? = nil,
    second: String? = nil
  ) {
    self.id = id
    self.bulletin = bulletin
    self.series = series
    self.revisionHash = revisionHash
    self.serial = serial
    self.year = year
    self.number = number
    self.version = version
    self.kind = kind
    self.predecessor = predecessor
    self.replaces = replaces
    self.replacedBy = replacedBy
    self.by = by
    self.at = at
    self.reason = reason
    self.title = title
    self.banner = banner
    self.lane = lane
    self.onUncertain = onUncertain
    self.startsAt = startsAt
    self.lifetimeEnd = lifetimeEnd
    self.policyName = policyName
    self.policyVersion = policyVersion
    self.policyHash = policyHash
    self.snapshot = snapshot
    self.second = second
  }
}

/// What a variant's or notice's readers get, rendered and encoded once.
package struct VariantContent: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable { case variant, notice }
  /// A MIME body as it goes over the wire, with slots of fixed width for the reader's acknowledgement token: one in
  /// each alternative, none where the series does not ask for it.
  package struct EncodedBody: Hashable, Sendable {
    package var bytes: [UInt8]
    /// Offsets in `bytes`, ascending.
    package var slots: [Int]
    package var slotLength: Int
    package init(bytes: [UInt8], slots: [Int] = [], slotLength: Int = 0) {
      self.bytes = bytes
      self.slots = slots
      self.slotLength = slotLength
    }
  }
  package struct Image: Hashable, Sendable {
    package var contentID: String
    package var mediaType: String
    /// Its name is the neutral one.
    package var file: StoredFile
    package init(contentID: String, mediaType: String, file: StoredFile) {
      self.contentID = contentID
      self.mediaType = mediaType
      self.file = file
    }
  }

  /// Unique in its release: the variant's id; for a notice why and title form, `notice:expired:short-title`.
  package var key: String
  package var kind: Kind
  package var cut: Bool
  package var titleForm: String
  package var banner: String
  package var trafficLight: String?
  package var subjectMark: String
  package var subjectWords: String
  package var html: String
  package var text: String
  package var images: [Image]
  /// For `format: html`.
  package var body: EncodedBody
  /// For `format: text`: text/plain alone.
  package var plainBody: EncodedBody

  package init(
    key: String, kind: Kind = .variant, cut: Bool = false, titleForm: String, banner: String,
    trafficLight: String? = nil, subjectMark: String, subjectWords: String, html: String, text: String,
    images: [Image] = [], body: EncodedBody, plainBody: EncodedBody
  ) {
    self.key = key
    self.kind = kind
    self.cut = cut
    self.titleForm = titleForm
    self.banner = banner
    self.trafficLight = trafficLight
    self.subjectMark = subjectMark
    self.subjectWords = subjectWords
    self.html = html
    self.text = text
    self.images = images
    self.body = body
    self.plainBody = plainBody
  }
}

/// What the release authority recorded for a revision; kept in the order in which it was recorded.
package struct RecordedDecision: Hashable, Sendable {
  package var bulletin: String
  package var revisionHash: String
  package var publicRelease: Bool
  package var privateRelease: Bool
  package var foreignRelease: [String]
  package var consents: [String]
  package var acceptHollow: [String]
  /// Rules whose findings were accepted.
  package var acceptRules: [String]
  package var by: String
  package var at: Moment
  package var reason: String

  package init(
    bulletin: String, revisionHash: String, publicRelease: Bool = false, privateRelease: Bool = false,
    foreignRelease: [String] = [], consents: [String] = [], acceptHollow: [String] = [], acceptRules: [String] = [],
    by: String, at: Moment, reason: String = ""
  ) {
    self.bulletin = bulletin
    self.revisionHash = revisionHash
    self.publicRelease = publicRelease
    self.privateRelease = privateRelease
    self.foreignRelease = foreignRelease
    self.consents = consents
    self.acceptHollow = acceptHollow
    self.acceptRules = acceptRules
    self.by = by
    self.at = at
    self.reason = reason
  }
}
