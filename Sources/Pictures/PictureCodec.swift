// Decodes a figure to pixels and encodes those pixels again. No byte of the input is copied to the output, so no
// metadata can survive: EXIF, GPS, XMP, IPTC, colour profiles, comments, texts, thumbnails, further frames, trailing
// bytes. The camera's orientation is applied to the pixels first; colour under full transparency is cleared.
// Does not correct colours by a dropped profile. Pure: the same bytes give the same picture.

package enum PictureCodec {
  /// The kind is read from the content; a file's name says nothing.
  /// - Throws: a problem whose message is fit for the analyst; never crashes on hostile bytes, and uses memory in
  ///   proportion to `limit.pixels`, whatever the file claims.
  package static func reencode(
    _ bytes: [UInt8], limit: PictureLimit = .standard
  ) throws(PictureProblem) -> Picture {
    var (raster, kind) = try decoded(bytes, limit: limit)
    raster.scaleDown(toSide: limit.outputSide)
    raster.orient(Orientation.read(bytes, kind: kind))
    raster.tidyTransparency()
    return try Encoding.write(raster, preferring: kind, limit: limit)
  }

  /// Throws what `reencode` would, for less than half of its time; the standard limit has room for whatever it takes, so
  /// that nothing can fail later.
  package static func examine(_ bytes: [UInt8]) throws(PictureProblem) {
    _ = try decoded(bytes, limit: .standard)
  }

  private static func decoded(
    _ bytes: [UInt8], limit: PictureLimit
  ) throws(PictureProblem) -> (raster: Raster, kind: Picture.MediaType) {
    guard !bytes.isEmpty else {
      throw PictureProblem(.empty, "the picture is empty", hint: "save the picture again")
    }
    guard bytes.count <= limit.inputBytes else {
      throw PictureProblem(
        .tooLarge, "the picture has \(bytes.count) bytes, at most \(limit.inputBytes) are allowed",
        hint: "make it smaller before you add it: 2,000 pixels on the longer side are plenty")
    }
    guard let kind = Kind(bytes) else {
      throw PictureProblem(.unknownFormat, "neither a PNG nor a JPEG picture", hint: "save it as PNG or JPEG")
    }
    return (try Decoding.read(bytes, kind: kind.mediaType, limit: limit), kind.mediaType)
  }

  /// The first bytes of a file (PNG 5.2; JPEG: SOI and the start of a marker).
  struct Kind {
    var mediaType: Picture.MediaType

    init?(_ bytes: [UInt8]) {
      if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
        mediaType = .png
      } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
        mediaType = .jpeg
      } else {
        return nil
      }
    }
  }
}
