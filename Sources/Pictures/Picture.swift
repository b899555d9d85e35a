// What a product may carry of a figure: pixels written anew, and nothing else of the file that they came from.
// The name is not here: the caller sends a picture under a neutral one.

package struct Picture: Hashable, Sendable {
  package enum MediaType: String, Hashable, Sendable, CaseIterable {
    case png = "image/png"
    case jpeg = "image/jpeg"
  }

  package var bytes: [UInt8]
  package var mediaType: MediaType
  /// In pixels, as shown (orientation applied).
  package var width: Int
  package var height: Int

  package init(bytes: [UInt8], mediaType: MediaType, width: Int, height: Int) {
    self.bytes = bytes
    self.mediaType = mediaType
    self.width = width
    self.height = height
  }
}

/// What goes in at most, and what comes out at most. Bytes are counted in millions, as mail servers do.
/// What comes out is for mail: a product shows a figure 616 pixels wide, so 1,600 are sharp on every screen and on paper;
/// half a million bytes, encoded for mail, leave room for several in one message.
package struct PictureLimit: Hashable, Sendable {
  package var inputBytes = 5_000_000
  package var outputBytes = 500_000
  /// Checked from the header, before a pixel is decoded.
  package var pixels = 40_000_000
  package var side = 30_000
  /// A longer side is scaled down to this: a mail client, too, has to decode the picture.
  package var outputSide = 1_600

  package init() {}
  package static let standard = PictureLimit()
}

/// Why a file gives no picture.
package struct PictureProblem: Error, Hashable, Sendable {
  package enum Code: String, Hashable, Sendable, CaseIterable {
    case empty
    case tooLarge = "too-large"
    case unknownFormat = "unknown-format"
    case tooManyPixels = "too-many-pixels"
    case truncated, damaged, unsupported
    case noMemory = "no-memory"
    /// It cannot be made small enough.
    case doesNotFit = "does-not-fit"
  }

  package var code: Code
  /// One line, without the file's name.
  package var message: String
  /// What the analyst can do.
  package var hint: String

  package init(_ code: Code, _ message: String, hint: String) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
