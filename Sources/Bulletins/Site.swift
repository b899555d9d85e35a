// The center itself: what decisions and products need to know of revere.yaml.

package import Foundation
package import Markings

package struct Site: Hashable, Sendable {
  package struct Contact: Hashable, Sendable {
    package var name: String
    package var phone: String?
    package var email: String?
    package init(name: String, phone: String? = nil, email: String? = nil) {
      self.name = name
      self.phone = phone
      self.email = email
    }
  }
  /// A named text with a link: feedback, reporting.
  package struct TextBlock: Hashable, Sendable {
    package var text: String
    package var link: String?
    package init(text: String, link: String? = nil) {
      self.text = text
      self.link = link
    }
  }
  /// The CUI designation indicator.
  package struct Designation: Hashable, Sendable {
    package var controlledBy: String
    /// A contact's key.
    package var pointOfContact: String
    package init(controlledBy: String, pointOfContact: String) {
      self.controlledBy = controlledBy
      self.pointOfContact = pointOfContact
    }
  }

  package var id: String
  package var name: String
  package var parent: String?
  package var serialPrefix: String
  package var zone: TimeZone
  /// ISO 3166 alpha-3.
  package var country: String
  package var defaultScheme: Scheme
  package var portal: String?
  package var releaseAuthorities: [String]
  package var privacyOfficers: [String]
  package var designation: Designation?
  package var contacts: [String: Contact]
  package var feedback: [String: TextBlock]
  package var reporting: [String: TextBlock]
  /// A channel class, `email-tls` or `email-plain`, whose ceiling headers stay within.
  package var headerCeiling: String

  package init(
    id: String, name: String, parent: String? = nil, serialPrefix: String, zone: TimeZone, country: String = "USA",
    defaultScheme: Scheme = .legacy, portal: String? = nil, releaseAuthorities: [String] = [],
    privacyOfficers: [String] = [], designation: Designation? = nil, contacts: [String: Contact] = [:],
    feedback: [String: TextBlock] = [:], reporting: [String: TextBlock] = [:], headerCeiling: String = "email-tls"
  ) {
    self.id = id
    self.name = name
    self.parent = parent
    self.serialPrefix = serialPrefix
    self.zone = zone
    self.country = country
    self.defaultScheme = defaultScheme
    self.portal = portal
    self.releaseAuthorities = releaseAuthorities
    self.privacyOfficers = privacyOfficers
    self.designation = designation
    self.contacts = contacts
    self.feedback = feedback
    self.reporting = reporting
    self.headerCeiling = headerCeiling
  }
}
