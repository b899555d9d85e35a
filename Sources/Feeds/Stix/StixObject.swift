// The four kinds of STIX 2.1 objects that bulletins need, with the properties that we give and no others: report
// (section 4.16), identity (4.5), location (4.12) and marking-definition (7.2). What is nil or empty is not written:
// STIX has no empty lists.

package enum StixObject: Hashable, Sendable, Encodable {
  case report(StixReport)
  case identity(StixIdentity)
  case location(StixLocation)
  case marking(StixMarking)

  package var id: String {
    switch self {
    case .report(let object): object.id
    case .identity(let object): object.id
    case .location(let object): object.id
    case .marking(let object): object.id
    }
  }

  /// `report`.
  package var type: String {
    switch self {
    case .report: "report"
    case .identity: "identity"
    case .location: "location"
    case .marking: "marking-definition"
    }
  }

  /// TAXII's version of it: `modified`, else `created` (TAXII 2.1 section 5.3.1).
  package var version: String {
    switch self {
    case .report(let object): object.modified
    case .identity(let object): object.modified
    case .location(let object): object.modified
    case .marking(let object): object.created
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .report(let object): try object.encode(to: encoder)
    case .identity(let object): try object.encode(to: encoder)
    case .location(let object): try object.encode(to: encoder)
    case .marking(let object): try object.encode(to: encoder)
    }
  }
}

/// STIX 2.1 section 2.5.
package struct StixReference: Hashable, Sendable, Encodable {
  package var sourceName: String
  package var externalID: String

  enum CodingKeys: String, CodingKey {
    case sourceName = "source_name"
    case externalID = "external_id"
  }
}

package struct StixReport: Hashable, Sendable, Encodable {
  let type = "report"
  let specVersion = "2.1"
  package var id: String
  package var createdBy: String
  package var created: String
  package var modified: String
  package var published: String
  package var name: String
  package var description: String
  package var labels: [String]?
  /// Written only when true, which is its default's opposite.
  package var revoked: Bool?
  package var objects: [String]
  package var markings: [String]
  package var references: [StixReference]

  enum CodingKeys: String, CodingKey {
    case type, id, created, modified, published, name, description, labels, revoked
    case specVersion = "spec_version"
    case createdBy = "created_by_ref"
    case objects = "object_refs"
    case markings = "object_marking_refs"
    case references = "external_references"
  }
}

package struct StixIdentity: Hashable, Sendable, Encodable {
  let type = "identity"
  let specVersion = "2.1"
  package var id: String
  package var created: String
  package var modified: String
  package var name: String
  let identityClass = "organization"
  package var contact: String?

  enum CodingKeys: String, CodingKey {
    case type, id, created, modified, name
    case specVersion = "spec_version"
    case identityClass = "identity_class"
    case contact = "contact_information"
  }
}

package struct StixLocation: Hashable, Sendable, Encodable {
  let type = "location"
  let specVersion = "2.1"
  package var id: String
  package var createdBy: String
  package var created: String
  package var modified: String
  package var name: String
  /// ISO 3166-1 alpha-2.
  package var country: String
  package var references: [StixReference]?

  enum CodingKeys: String, CodingKey {
    case type, id, created, modified, name, country
    case specVersion = "spec_version"
    case createdBy = "created_by_ref"
    case references = "external_references"
  }
}

package struct StixMarking: Hashable, Sendable, Encodable {
  let type = "marking-definition"
  let specVersion = "2.1"
  package var id: String
  package var created: String
  package var name: String
  package var content: Content

  package enum Content: Hashable, Sendable {
    case statement(String)
    /// `clear`, `amber+strict`: the extension for TLP 2.0.
    case trafficLight(String)
    /// The draft extension for CUI.
    case cui(categories: [String], disseminations: [String])
  }

  static let trafficLightExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
  static let cuiExtension = "extension-definition--dff17fb3-edcb-4f99-ad1b-4b751c95738a"

  enum CodingKeys: String, CodingKey {
    case type, id, created, name, definition, extensions
    case specVersion = "spec_version"
    case definitionType = "definition_type"
  }

  private struct Property: Encodable {
    let kind = "property-extension"
    var light: String?
    var control: String?
    var categories: [String]?
    var disseminations: [String]?

    enum CodingKeys: String, CodingKey {
      case kind = "extension_type"
      case light = "tlp_2_0"
      case control, categories, disseminations
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type, forKey: .type)
    try container.encode(specVersion, forKey: .specVersion)
    try container.encode(id, forKey: .id)
    try container.encode(created, forKey: .created)
    try container.encode(name, forKey: .name)
    switch content {
    case .statement(let words):
      try container.encode("statement", forKey: .definitionType)
      try container.encode(["statement": words], forKey: .definition)
    case .trafficLight(let light):
      try container.encode([Self.trafficLightExtension: Property(light: light)], forKey: .extensions)
    case .cui(let categories, let disseminations):
      let property = Property(
        control: "CUI", categories: categories.isEmpty ? nil : categories,
        disseminations: disseminations.isEmpty ? nil : disseminations)
      try container.encode([Self.cuiExtension: property], forKey: .extensions)
    }
  }
}
