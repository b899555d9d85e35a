// The terminal of `revere status --watch`: a screen of its own, each frame in one write over the one before, so that
// nothing flickers; keys read one by one; the shell's screen and settings come back however it ends.

import Dispatch
import Foundation
import Synchronization
import Workflows

final class WatchScreen: Sendable {
  enum Happening {
    case time
    case key(UInt8)
    case resized, ended
  }

  private struct State {
    var saved: termios?
    var isOpen = false
  }
  private let state = Mutex(State())
  private let ended = Atomic<Bool>(false)
  private let resized = Atomic<Bool>(false)
  private let wakeup: (read: Int32, write: Int32)
  /// Written by `init` alone, before anybody else has the object.
  private nonisolated(unsafe) var signals: [any DispatchSourceSignal] = []

  static var isPossible: Bool { isatty(STDOUT_FILENO) == 1 && isatty(STDIN_FILENO) == 1 }

  /// nil when the process has no descriptors left.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    wakeup = (ends[0], ends[1])
    for number in [SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in caught(number) }
      source.resume()
      signals.append(source)
    }
  }

  private func caught(_ number: Int32) {
    switch number {
    case SIGWINCH: resized.store(true, ordering: .releasing)
    case SIGTSTP:
      // The shell gets its screen while we stand still.
      close()
      kill(getpid(), SIGSTOP)
      open()
      resized.store(true, ordering: .releasing)
    default: ended.store(true, ordering: .releasing)
    }
    var byte: UInt8 = 1
    _ = Foundation.write(wakeup.write, &byte, 1)
  }

  func open() {
    state.withLock { state in
      guard !state.isOpen else { return }
      var now = termios()
      if tcgetattr(STDIN_FILENO, &now) == 0 {
        state.saved = now
        now.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &now)
      }
      state.isOpen = true
      // The other screen, cursor hidden.
      Terminal.write(Array("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J".utf8), to: STDOUT_FILENO)
    }
  }

  func close() {
    state.withLock { state in
      guard state.isOpen else { return }
      state.isOpen = false
      Terminal.write(Array("\u{1B}[?25h\u{1B}[?1049l".utf8), to: STDOUT_FILENO)
      if var saved = state.saved { tcsetattr(STDIN_FILENO, TCSANOW, &saved) }
    }
  }

  var size: (width: Int, height: Int) {
    var window = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(window.ws_col), Int(window.ws_row))
  }

  /// Over the frame before: each line to its end, what is below is cleared, in one write.
  func draw(_ lines: [StatusBoard.Line]) {
    let colors = Surroundings.value("NO_COLOR") == nil
    var frame = "\u{1B}[?2026h\u{1B}[H"
    for (index, line) in lines.enumerated() {
      if index > 0 { frame += "\r\n" }
      for piece in line {
        let code = colors ? Self.code(piece.tone) : nil
        if let code { frame += "\u{1B}[\(code)m" }
        frame += Terminal.harmless(piece.text)
        if code != nil { frame += "\u{1B}[0m" }
      }
      frame += "\u{1B}[K"
    }
    frame += "\u{1B}[J\u{1B}[?2026l"
    state.withLock { state in
      if state.isOpen { Terminal.write(Array(frame.utf8), to: STDOUT_FILENO) }
    }
  }

  private static func code(_ tone: StatusBoard.Tone) -> String? {
    switch tone {
    case .plain: nil
    case .strong: "1"
    case .faint: "2"
    case .good: "32"
    case .bad: "1;31"
    }
  }

  /// Waits for the first of a key, a signal, a changed window, or the time.
  /// - Parameter keys: false where standard input is no terminal.
  func wait(_ milliseconds: Int32, keys: Bool = true) -> Happening {
    var entries = [
      pollfd(fd: wakeup.read, events: Int16(POLLIN), revents: 0),
      pollfd(fd: keys ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&entries, 2, milliseconds)
    if entries[0].revents != 0 {
      var bytes = [UInt8](repeating: 0, count: 64)
      _ = read(wakeup.read, &bytes, 64)
    }
    if ended.load(ordering: .acquiring) { return .ended }
    if resized.exchange(false, ordering: .acquiringAndReleasing) { return .resized }
    if entries[1].revents != 0 {
      var byte: UInt8 = 0
      // The terminal is gone.
      guard read(STDIN_FILENO, &byte, 1) == 1 else { return .ended }
      return .key(byte)
    }
    return .time
  }
}
