// Bytes that wait to be written, in order, as few and as large writes as can be: commands and small content are
// gathered in one window so that a whole group leaves in one write (a small write behind another one would wait for
// a delayed ACK); large shared segments stay shared until their turn comes.

package struct SmtpSendQueue: ~Copyable, Sendable {
  /// Bytes gathered at once. A message above it costs a write per window.
  package static let window = 64 * 1024

  private var staged: [UInt8] = []
  private var stagedStart = 0
  private var pending: [[UInt8]] = []
  private var pendingHead = 0
  private var headStart = 0
  /// Since the session began.
  private(set) var queued = 0
  private(set) var sent = 0

  package var isEmpty: Bool { sent == queued }

  /// Commands: always small.
  mutating func append(_ write: (inout [UInt8]) -> Void) {
    if pending.isEmpty, staged.count - stagedStart < Self.window {
      let before = staged.count
      write(&staged)
      queued += staged.count - before
    } else {
      var bytes: [UInt8] = []
      write(&bytes)
      queued += bytes.count
      pending.append(bytes)
    }
  }

  mutating func append(_ bytes: [UInt8]) {
    queued += bytes.count
    if pending.isEmpty, staged.count - stagedStart + bytes.count <= Self.window {
      staged.append(contentsOf: bytes)
    } else {
      pending.append(bytes)
    }
  }

  /// Calls `write` with what can leave now (at most `limit` bytes); it returns how many it took.
  package mutating func flush<E: Error>(
    limit: Int = .max, _ write: (UnsafeRawBufferPointer) throws(E) -> Int
  ) throws(E) -> Int {
    if stagedStart == staged.count { refill() }
    guard stagedStart < staged.count else { return 0 }
    var taken = 0
    let range = stagedStart..<min(staged.count, limit < staged.count ? stagedStart + limit : staged.count)
    var failure: E?
    staged.withUnsafeBytes { bytes in
      do throws(E) { taken = try write(UnsafeRawBufferPointer(rebasing: bytes[range])) } catch { failure = error }
    }
    if let failure { throw failure }
    stagedStart += taken
    sent += taken
    if stagedStart == staged.count {
      staged.removeAll(keepingCapacity: staged.capacity <= 2 * Self.window)
      stagedStart = 0
    }
    return taken
  }

  private mutating func refill() {
    staged.removeAll(keepingCapacity: true)
    stagedStart = 0
    while pendingHead < pending.count, staged.count < Self.window {
      let piece = pending[pendingHead]
      let end = min(piece.count, headStart + Self.window - staged.count)
      staged.append(contentsOf: piece[headStart..<end])
      headStart = end
      if headStart == piece.count {
        pending[pendingHead] = []
        pendingHead += 1
        headStart = 0
      }
    }
    if pendingHead == pending.count {
      pending.removeAll()
      pendingHead = 0
    }
  }
}
