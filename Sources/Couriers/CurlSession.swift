// One SMTP session through libcurl's CONNECT_ONLY: libcurl looks up, connects, negotiates TLS with verification and
// logs in; then the bytes are ours. Opening blocks and is called off the event loop; sending and receiving never
// block. TLS 1.2 or better; never a downgrade: with `tls: required` a relay without STARTTLS is refused.
//
// A session is used by one thread at a time: it is handed over, not shared, hence @unchecked Sendable.

import CCurl
package import Mail

#if canImport(Glibc)
  import Glibc
#endif

package final class CurlSession: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer
  package let socket: Int32
  /// Of the last EHLO, the one inside TLS.
  package let capabilities: SmtpCapabilities
  package let isEncrypted: Bool
  /// `Name:value` lines of the relay's certificate; only where they were asked for.
  package let certificate: [String]

  private init(
    handle: UnsafeMutableRawPointer, socket: Int32, capabilities: SmtpCapabilities, isEncrypted: Bool,
    certificate: [String]
  ) {
    self.handle = handle
    self.socket = socket
    self.capabilities = capabilities
    self.isEncrypted = isEncrypted
    self.certificate = certificate
  }

  deinit { curl_easy_cleanup(handle) }

  /// libcurl is started.
  static var isReady: Bool { initialized }

  private static let initialized: Bool = {
    // With CURLOPT_NOSIGNAL libcurl leaves SIGPIPE to us: a relay that hangs up must not end the process.
    signal(SIGPIPE, SIG_IGN)
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  }()

  /// What the callbacks of one opening write to.
  private final class Record {
    var opening = SmtpOpening()
    var words = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  /// Opens a session; blocks up to `timeout` milliseconds.
  /// - Throws: `SmtpFailure` with stage connect, tls, greeting, hello or login.
  package static func open(
    _ relay: Relay, timeout: Int, wantsCertificate: Bool = false
  ) throws(SmtpFailure) -> CurlSession {
    guard initialized, let handle = curl_easy_init() else {
      throw SmtpFailure(stage: .connect, text: "libcurl cannot be started")
    }
    let record = Record()
    let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    defer { words.deallocate() }
    let code = withExtendedLifetime(record) {
      set(handle, relay, timeout: timeout, record: record, words: words)
      if wantsCertificate { revere_curl_set_long(handle, CURLOPT_CERTINFO, 1) }
      return curl_easy_perform(handle)
    }
    revere_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, nil)
    revere_curl_set_pointer(handle, CURLOPT_HEADERDATA, nil)
    revere_curl_set_bytes(handle, CURLOPT_HEADERFUNCTION, ignoreBytes)
    let capabilities = record.opening.capabilities
    do throws(SmtpFailure) {
      guard code == CURLE_OK else { throw failure(code, String(cString: words), record.opening) }
      // libcurl goes on without a login when the relay offers none.
      if relay.user != nil, record.opening.lastReply?.code != 235 {
        throw SmtpFailure(stage: .login, text: "the relay offers no login that we can use")
      }
      var socket: curl_socket_t = -1
      guard revere_curl_get_socket(handle, &socket) == CURLE_OK, socket >= 0 else {
        throw SmtpFailure(stage: .connect, text: "no connection after opening")
      }
      return CurlSession(
        handle: handle, socket: socket, capabilities: capabilities, isEncrypted: relay.tls != .none,
        certificate: wantsCertificate ? certificate(handle) : [])
    } catch {
      curl_easy_cleanup(handle)
      var error = error
      // A relay may repeat what it was told.
      error.text = relay.withoutSecrets(error.text)
      throw error
    }
  }

  private static func certificate(_ handle: UnsafeMutableRawPointer) -> [String] {
    var chain: UnsafeMutablePointer<curl_certinfo>?
    guard revere_curl_get_certificates(handle, &chain) == CURLE_OK, let chain, chain.pointee.num_of_certs > 0 else {
      return []
    }
    var lines: [String] = []
    var entry = chain.pointee.certinfo?[0]
    while let line = entry {
      if let data = line.pointee.data { lines.append(String(cString: data)) }
      entry = line.pointee.next
    }
    return lines
  }

  private static func set(
    _ handle: UnsafeMutableRawPointer, _ relay: Relay, timeout: Int, record: Record, words: UnsafeMutablePointer<CChar>
  ) {
    let host = Relay.isIPv6(relay.host) ? "[\(relay.host)]" : relay.host
    let scheme = relay.tls == .implicit ? "smtps" : "smtp"
    let hello = relay.helloName.map { "/\($0)" } ?? ""
    revere_curl_set_string(handle, CURLOPT_URL, "\(scheme)://\(host):\(relay.port)\(hello)")
    revere_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    // An environment variable must not reroute bulletins.
    revere_curl_set_string(handle, CURLOPT_PROXY, "")
    revere_curl_set_long(handle, CURLOPT_CONNECT_ONLY, 1)
    revere_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    revere_curl_set_long(handle, CURLOPT_TCP_NODELAY, 1)
    revere_curl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
    revere_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, timeout)
    revere_curl_set_long(handle, CURLOPT_TIMEOUT_MS, timeout)
    revere_curl_set_long(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, (timeout + 999) / 1000))
    if relay.tls != .none {
      revere_curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
      revere_curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
      revere_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
      revere_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
      if let file = relay.caFile {
        revere_curl_set_string(handle, CURLOPT_CAINFO, file)
        // The file is the whole of what is trusted.
        revere_curl_set_string(handle, CURLOPT_CAPATH, nil)
      }
    }
    if let user = relay.user, let password = relay.password {
      revere_curl_set_string(handle, CURLOPT_USERNAME, user)
      revere_curl_set_string(handle, CURLOPT_PASSWORD, password.value)
    }
    revere_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words)
    revere_curl_set_pointer(handle, CURLOPT_HEADERDATA, Unmanaged.passUnretained(record).toOpaque())
    revere_curl_set_bytes(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      if let bytes, let context {
        let record = Unmanaged<Record>.fromOpaque(context).takeUnretainedValue()
        record.opening.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
      }
      return size * count
    }
  }

  private static let ignoreBytes: revere_curl_bytes = { _, size, count, _ in size * count }

  private static func failure(_ code: CURLcode, _ words: String, _ opening: SmtpOpening) -> SmtpFailure {
    let reply = opening.lastReply.flatMap { $0.isTemporary || $0.isPermanent ? $0 : nil }
    let text = words.isEmpty ? String(cString: curl_easy_strerror(code)) : words
    let stage: SmtpStage
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: stage = .connect
    case CURLE_USE_SSL_FAILED, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_INITFAILED:
      stage = .tls
    case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR: stage = .login
    default: stage = opening.lastReply == nil ? (code == CURLE_WEIRD_SERVER_REPLY ? .greeting : .connect) : .hello
    }
    guard let reply else { return SmtpFailure(stage: stage, text: text) }
    return SmtpFailure(
      stage: stage, code: reply.code, enhanced: reply.enhanced, text: reply.text.isEmpty ? text : reply.text)
  }

  // MARK: Bytes

  package struct Lost: Error, Sendable {
    package var text: String
  }

  /// One TLS record at most, so that bytes that libcurl has not reported as taken cannot have left.
  package var sendLimit: Int { isEncrypted ? 16_384 : .max }

  /// How many bytes were taken; 0 when the socket is full.
  package func send(_ bytes: UnsafeRawBufferPointer) throws(Lost) -> Int {
    var taken = 0
    let code = curl_easy_send(handle, bytes.baseAddress, bytes.count, &taken)
    if code == CURLE_OK { return taken }
    if code == CURLE_AGAIN { return 0 }
    throw Lost(text: "connection lost while sending")
  }

  package enum Received: Sendable {
    case bytes(Int)
    case nothing, end
  }

  package func receive(into buffer: UnsafeMutableRawBufferPointer) -> Received {
    var count = 0
    let code = curl_easy_recv(handle, buffer.baseAddress, buffer.count, &count)
    if code == CURLE_AGAIN { return .nothing }
    guard code == CURLE_OK, count > 0 else { return .end }
    return .bytes(count)
  }
}
