// Writes the sample product where REVERE_LOOK names a folder, for eyes and checkers.

import Foundation
import Testing

@testable import Rendering

struct LookTests {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["REVERE_LOOK"] != nil))
  func writeSample() throws {
    let folder = URL(filePath: ProcessInfo.processInfo.environment["REVERE_LOOK"] ?? ".")
    let rendered = try Renderer.render(Sample.full())
    try rendered.page().write(to: folder.appending(path: "product.html"), atomically: true, encoding: .utf8)
    try rendered.plainText().write(to: folder.appending(path: "product.txt"), atomically: true, encoding: .utf8)
  }
}
