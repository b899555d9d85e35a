// The release policy as a value: who meets which atom, and what a channel class may carry. A site's file can only
// tighten what the shipped one says; what it adds is a widening and is named as such (release-policy.md section 2).

package import Bulletins
package import Markings

/// A set of atoms (TLP labels included) that may pass.
package enum Ceiling: Hashable, Sendable {
  case all
  case only(Set<Atom>)

  package static let nothing = Ceiling.only([])

  package func allows(_ atom: Atom) -> Bool {
    switch self {
    case .all: true
    case .only(let atoms): atoms.contains(atom)
    }
  }
  package func allows(_ atoms: some Sequence<Atom>) -> Bool { atoms.allSatisfy { allows($0) } }

  package func intersection(_ other: Ceiling) -> Ceiling {
    switch (self, other) {
    case (.all, let x), (let x, .all): x
    case (.only(let a), .only(let b)): .only(a.intersection(b))
    }
  }
  package func union(_ other: Ceiling) -> Ceiling {
    switch (self, other) {
    case (.all, _), (_, .all): .all
    case (.only(let a), .only(let b)): .only(a.union(b))
    }
  }
}

package struct ReleasePolicy: Hashable, Sendable {
  /// `policy:` of the file; a merged policy joins both names with `+`.
  package var name: String
  package var version: String
  /// `sha256:` and hexadecimal digits of the file or files.
  package var hash: String
  package var effective: CivilDate?
  /// An atom that is not in here is met by nobody.
  package var atoms: [Atom: Predicate]
  /// A class that is not in here carries nothing.
  package var channels: [ChannelClass: Ceiling]
  /// Beyond these a webhook body is thin; nil: not mentioned, then it is always thin.
  package var webhookThinAbove: Set<Atom>?
  /// nil: not mentioned.
  package var headerCeiling: ChannelClass?

  package init(
    name: String, version: String, hash: String = "", effective: CivilDate? = nil, atoms: [Atom: Predicate] = [:],
    channels: [ChannelClass: Ceiling] = [:], webhookThinAbove: Set<Atom>? = nil, headerCeiling: ChannelClass? = nil
  ) {
    self.name = name
    self.version = version
    self.hash = hash
    self.effective = effective
    self.atoms = atoms
    self.channels = channels
    self.webhookThinAbove = webhookThinAbove
    self.headerCeiling = headerCeiling
  }

  package func ceiling(_ channel: ChannelClass) -> Ceiling { channels[channel] ?? .nothing }

  /// Merges a site's policy over this one. The result is never wider than this one for an atom or class that this one
  /// names; `widenings` are the atoms that only the site names and that need the release authority.
  package func merged(withSite site: ReleasePolicy) -> (policy: ReleasePolicy, widenings: [Atom]) {
    var merged = self
    merged.name = name + "+" + site.name
    merged.version = version + "+" + site.version
    merged.hash = hash + "+" + site.hash
    merged.effective = [effective, site.effective].compactMap { $0 }.max()
    for (atom, predicate) in site.atoms {
      merged.atoms[atom] = atoms[atom].map { .all([$0, predicate]) } ?? predicate
    }
    // A class that this file does not name carries nothing, whatever the site says.
    for (channel, ceiling) in channels {
      merged.channels[channel] = site.channels[channel].map(ceiling.intersection) ?? ceiling
    }
    if let thin = webhookThinAbove, let narrower = site.webhookThinAbove {
      merged.webhookThinAbove = thin.intersection(narrower)
    }
    if let ours = headerCeiling, let theirs = site.headerCeiling {
      merged.headerCeiling = ours.lowered(to: theirs)
    } else {
      merged.headerCeiling = headerCeiling ?? site.headerCeiling
    }
    return (merged, site.atoms.keys.filter { atoms[$0] == nil }.sorted())
  }
}
