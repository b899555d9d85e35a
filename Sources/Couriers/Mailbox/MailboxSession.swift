// One connection to an IMAP or POP3 server through libcurl: commands in, what the server answers out. libcurl speaks
// greeting, STARTTLS with verification, login and literals; we name mailbox, mail and command. Used by one thread.

import CCurl

#if canImport(Glibc)
  import Glibc
#endif

final class MailboxSession {
  private let handle: UnsafeMutableRawPointer
  private let access: MailboxAccess
  private let words: UnsafeMutablePointer<CChar>
  /// Connections that the last command opened.
  private(set) var opened = 0

  private static let initialized: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  }()

  init(_ access: MailboxAccess) throws(MailboxFailure) {
    guard Self.initialized, let handle = curl_easy_init() else {
      throw MailboxFailure(place: access.address, message: "libcurl cannot be started")
    }
    self.handle = handle
    self.access = access
    words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  /// Says good-bye: LOGOUT or QUIT, by which POP3 deletes.
  deinit {
    curl_easy_cleanup(handle)
    words.deallocate()
  }

  private final class Sink {
    var bytes: [UInt8] = []
    let limit: Int
    init(limit: Int) { self.limit = limit }
  }

  enum Answer {
    case bytes([UInt8])
    /// The server answered no to this command; the session goes on.
    case refused(String)
  }

  /// - Parameters:
  ///   - path: what follows the host in the URL: `/INBOX`, `/INBOX/;UID=5`, `/5`.
  ///   - command: in place of what the URL alone would ask for.
  ///   - isSilent: no answer beyond its first line is expected (POP3).
  ///   - limit: bytes that are kept of the answer; the rest is read and dropped.
  func perform(
    _ path: String, command: String? = nil, isSilent: Bool = false, limit: Int = 8 << 20, patience: Int = 1
  ) throws(MailboxFailure) -> Answer {
    let sink = Sink(limit: limit)
    let code = withExtendedLifetime(sink) {
      curl_easy_reset(handle)
      set(path: path, command: command, isSilent: isSilent, timeout: access.timeout * patience)
      revere_curl_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(sink).toOpaque())
      revere_curl_set_bytes(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        if let bytes, let context {
          let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
          let room = sink.limit - sink.bytes.count
          sink.bytes.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: min(size * count, max(0, room))))
        }
        return size * count
      }
      let code = curl_easy_perform(handle)
      var connects = 0
      revere_curl_get_long(handle, CURLINFO_NUM_CONNECTS, &connects)
      opened = connects
      return code
    }
    switch code {
    case CURLE_OK: return .bytes(sink.bytes)
    case CURLE_QUOTE_ERROR, CURLE_REMOTE_FILE_NOT_FOUND, CURLE_WEIRD_SERVER_REPLY: return .refused(text(code))
    // libcurl says the same of a mailbox that cannot be selected.
    case CURLE_LOGIN_DENIED where text(code) == "Select failed": return .refused("there is no such folder")
    case CURLE_LOGIN_DENIED:
      throw failure("the server refuses user or password", "see `bounces: user` and `password-file`")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_USE_SSL_FAILED, CURLE_SSL_CACERT_BADFILE:
      throw failure("TLS failed: \(text(code))", "see `bounces: tls` and `ca-file`")
    default: throw failure(text(code), "see that the server is up and `bounces: host` and `port` name it")
    }
  }

  func failure(_ message: String, _ hint: String = "") -> MailboxFailure {
    MailboxFailure(place: access.address, message: message, hint: hint)
  }

  private func text(_ code: CURLcode) -> String {
    let own = String(cString: words)
    return own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
  }

  private func set(path: String, command: String?, isSilent: Bool, timeout: Int) {
    words[0] = 0
    revere_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words)
    revere_curl_set_string(handle, CURLOPT_URL, access.address + path)
    revere_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "imap,imaps,pop3,pop3s")
    // An environment variable must not reroute reports.
    revere_curl_set_string(handle, CURLOPT_PROXY, "")
    revere_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    revere_curl_set_long(handle, CURLOPT_TCP_NODELAY, 1)
    revere_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, access.timeout)
    revere_curl_set_long(handle, CURLOPT_TIMEOUT_MS, timeout)
    if access.tls != .none {
      revere_curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
      revere_curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
      revere_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
      revere_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
      if let file = access.caFile {
        revere_curl_set_string(handle, CURLOPT_CAINFO, file)
        revere_curl_set_string(handle, CURLOPT_CAPATH, nil)
      }
    }
    revere_curl_set_string(handle, CURLOPT_USERNAME, access.user)
    revere_curl_set_string(handle, CURLOPT_PASSWORD, access.password.value)
    if let command { revere_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, command) }
    if isSilent { revere_curl_set_long(handle, CURLOPT_NOBODY, 1) }
  }
}
