// `revere update FILE --by ID` and `revere correct FILE ..`: a release that follows one that is out.

import ArgumentParser
import Store

struct UpdateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Release news of a bulletin that is out.",
    discussion: """
      A release like the first, in its thread: what of the earlier version has not gone out never will, and who holds \
      it without being sent the new one is told that it is no longer current, and no more.
      """)

  @OptionGroup var version: VersionOptions
  func run() throws { try version.release(.update) }
}

struct CorrectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correct", abstract: "Release a bulletin that is out with a mistake mended.",
    discussion: "As `revere update`; readers are told not to use the earlier text.")

  @OptionGroup var version: VersionOptions
  func run() throws { try version.release(.correction) }
}
