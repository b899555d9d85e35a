// One place for a request of the webhook loop: a libcurl handle that is set up once and used for one request after the
// other. HTTPS alone, TLS 1.2 or better, certificate verified, no redirect, no cookie, no proxy but the site's own; each
// address is judged when it is dialled, so that no answer of DNS can lead inside; a proxy is told an address that was
// judged. What it says of failures names hosts, never paths, whatever the other side says back.

import CCurl
import Outbox
import Store
import Webhooks

#if canImport(Glibc)
  import Glibc
#endif

/// Used by the loop's thread alone.
final class WebhookTransfer {
  let handle: UnsafeMutableRawPointer
  private(set) var parcel: WebhookParcel?
  private let addresses: AddressGuard
  private let sockets: TransferSockets
  private let words: UnsafeMutablePointer<CChar>
  private var headers = HeaderLines()
  private var url = ""
  private var identity: OutgoingPost.Identity?
  private let root: String
  private let usesProxy: Bool
  private var route: UnsafeMutablePointer<curl_slist>?
  private var answers: UnsafeMutablePointer<curl_slist>?
  private var body: UnsafeMutablePointer<UInt8>
  private var capacity = 16_384
  // Of the request under way.
  private var answer: [UInt8] = []
  private var received = 0
  private var refusal: String?
  private var hasDialled = false

  /// - Parameter sockets: of the loop that it is for.
  init?(_ settings: WebhookSettings, _ sockets: TransferSockets) {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    self.sockets = sockets
    addresses = settings.addresses
    root = settings.root
    usesProxy = settings.proxy != nil
    words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    body = .allocate(capacity: capacity)
    set(settings)
  }

  deinit {
    curl_easy_cleanup(handle)
    headers.free()
    curl_slist_free_all(answers)
    curl_slist_free_all(route)
    words.deallocate()
    body.deallocate()
  }

  private func set(_ settings: WebhookSettings) {
    revere_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "https")
    // An environment variable must not reroute bulletins.
    revere_curl_set_string(handle, CURLOPT_PROXY, settings.proxy?.url ?? "")
    revere_curl_set_string(handle, CURLOPT_NOPROXY, "")
    if let proxy = settings.proxy {
      revere_curl_set_long(handle, CURLOPT_HTTPPROXYTUNNEL, 1)
      revere_curl_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
      if let user = proxy.user, let password = proxy.password {
        revere_curl_set_string(handle, CURLOPT_PROXYUSERNAME, user)
        revere_curl_set_string(handle, CURLOPT_PROXYPASSWORD, password.value)
      }
      if let file = settings.caFile { revere_curl_set_string(handle, CURLOPT_PROXY_CAINFO, file) }
    }
    revere_curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    revere_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
    revere_curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    revere_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
    revere_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
    if let file = settings.caFile {
      revere_curl_set_string(handle, CURLOPT_CAINFO, file)
      // The file is the whole of what is trusted.
      revere_curl_set_string(handle, CURLOPT_CAPATH, nil)
    }
    revere_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    revere_curl_set_long(handle, CURLOPT_BUFFERSIZE, WebhookSettings.answerLimit)
    revere_curl_set_long(handle, CURLOPT_TCP_NODELAY, 1)
    revere_curl_set_long(handle, CURLOPT_TIMEOUT_MS, settings.timeout)
    revere_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, settings.timeout)
    // A kept connection that its server has meanwhile closed costs a second try.
    revere_curl_set_long(handle, CURLOPT_MAXAGE_CONN, 20)
    for entry in settings.answers { answers = curl_slist_append(answers, entry) }
    if answers != nil { revere_curl_set_list(handle, CURLOPT_RESOLVE, answers) }
    revere_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words)
    let own = Unmanaged.passUnretained(self).toOpaque()
    revere_curl_set_pointer(handle, CURLOPT_PRIVATE, own)
    revere_curl_set_pointer(handle, CURLOPT_WRITEDATA, own)
    revere_curl_set_bytes(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let context else { return 0 }
      return WebhookTransfer.of(context).take(UnsafeRawBufferPointer(start: bytes, count: size * count), keep: true)
    }
    revere_curl_set_pointer(handle, CURLOPT_HEADERDATA, own)
    revere_curl_set_bytes(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let context else { return 0 }
      return WebhookTransfer.of(context).take(UnsafeRawBufferPointer(start: bytes, count: size * count), keep: false)
    }
    revere_curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, own)
    revere_curl_set_opensocket(handle) { context, _, address in
      guard let context, let address else { return -1 }
      return WebhookTransfer.of(context).dial(address)
    }
  }

  static func of(_ context: UnsafeMutableRawPointer) -> WebhookTransfer {
    Unmanaged<WebhookTransfer>.fromOpaque(context).takeUnretainedValue()
  }

  // MARK: Callbacks

  /// An answer without end ends here; its status has been read by then.
  private func take(_ bytes: UnsafeRawBufferPointer, keep: Bool) -> Int {
    received += bytes.count
    guard received <= WebhookSettings.readLimit else { return 0 }
    if keep { answer += bytes.prefix(WebhookSettings.answerLimit - answer.count) }
    return bytes.count
  }

  /// The address that is really dialled, whatever DNS said before.
  private func dial(_ peer: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    let facts = peer.pointee
    let (offset, width) = facts.family == AF_INET ? (4, 4) : facts.family == AF_INET6 ? (8, 16) : (0, 0)
    guard width > 0, Int(facts.addrlen) >= offset + width,
      let start = MemoryLayout<curl_sockaddr>.offset(of: \.addr).map({ UnsafeRawPointer(peer) + $0 }),
      let address = NetworkAddress(bytes: Array(UnsafeRawBufferPointer(start: start + offset, count: width)))
    else {
      refusal = "its address is of an unknown family"
      return -1
    }
    // The proxy's own is a person's choice; what it dials was judged before.
    if !usesProxy, let what = addresses.refusal(of: address) {
      refusal = "its address \(address) is not called: \(what)"
      return -1
    }
    hasDialled = true
    let opened = socket(facts.family, facts.socktype | Int32(SOCK_CLOEXEC.rawValue), facts.`protocol`)
    if opened >= 0 { sockets.opened(opened) }
    return opened
  }

  // MARK: A request

  /// - Returns: false when libcurl does not take it.
  func begin(_ parcel: WebhookParcel, _ address: NetworkAddress?, on multi: UnsafeMutableRawPointer) -> Bool {
    load(parcel)
    if let address {
      curl_slist_free_all(route)
      route = curl_slist_append(nil, address.bytes.count == 4 ? "::\(address):" : "::[\(address)]:")
      revere_curl_set_list(handle, CURLOPT_CONNECT_TO, route)
    }
    return curl_multi_add_handle(multi, handle) == CURLM_OK
  }

  /// Sets what is another than that of the request before.
  private func load(_ parcel: WebhookParcel) {
    self.parcel = parcel
    answer.removeAll(keepingCapacity: true)
    received = 0
    refusal = nil
    hasDialled = false
    words[0] = 0
    let post = parcel.post
    if post.body.count > capacity {
      body.deallocate()
      capacity = post.body.count
      body = .allocate(capacity: capacity)
    }
    post.body.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { body.update(from: base, count: bytes.count) }
    }
    if url != post.url {
      url = post.url
      revere_curl_set_string(handle, CURLOPT_URL, url)
    }
    if identity != post.identity {
      identity = post.identity
      revere_curl_set_string(handle, CURLOPT_SSLCERT, path(identity?.certificateFile))
      revere_curl_set_string(handle, CURLOPT_SSLKEY, path(identity?.keyFile))
    }
    revere_curl_set_pointer(handle, CURLOPT_POSTFIELDS, body)
    revere_curl_set_long(handle, CURLOPT_POSTFIELDSIZE, post.body.count)
    headers.begin()
    // No waiting for 100 Continue, no word on what is accepted.
    headers.add("Expect", "")
    headers.add("Accept", "")
    headers.add("User-Agent", "Revere")
    for header in post.headers { headers.add(header.name, header.value) }
    revere_curl_set_list(handle, CURLOPT_HTTPHEADER, headers.list())
  }

  private func path(_ file: String?) -> String? { file.map { $0.hasPrefix("/") ? $0 : root + "/" + $0 } }

  /// What became of it; the place is free then.
  func finish(_ code: CURLcode) -> WebhookReceipt? {
    guard let parcel else { return nil }
    self.parcel = nil
    return WebhookReceipt(number: parcel.number, what: outcome(code, parcel.post))
  }

  private func outcome(_ code: CURLcode, _ post: OutgoingPost) -> WebhookReceipt.What {
    var status = 0
    revere_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    if status >= 200 {
      let text = line(of: answer, post)
      if status < 300 { return .accepted(status: status, text: text) }
      var seconds: curl_off_t = 0
      revere_curl_get_offset(handle, CURLINFO_RETRY_AFTER, &seconds)
      return .failed(
        Failure(stage: .status, code: status, text: text),
        retryAfter: seconds > 0 ? .seconds(min(Int64(seconds), 604_800)) : nil)
    }
    let said = words[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: words)
    let words = hasDialled ? said : refusal ?? said
    return .failed(Failure(stage: stage(code, post), text: line(of: Array(words.utf8), post)), retryAfter: nil)
  }

  private func stage(_ code: CURLcode, _ post: OutgoingPost) -> Failure.Stage {
    if refusal != nil, !hasDialled { return .endpoint }
    var connections = 0
    revere_curl_get_long(handle, CURLINFO_NUM_CONNECTS, &connections)
    var uploaded: curl_off_t = 0
    revere_curl_get_offset(handle, CURLINFO_SIZE_UPLOAD_T, &uploaded)
    // On a tunnel that was made for this request; one that is kept has been let through.
    if usesProxy, uploaded == 0, connections > 0 || code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_CONNECT
    {
      var answer = 0
      revere_curl_get_long(handle, CURLINFO_HTTP_CONNECTCODE, &answer)
      if answer == 0 || answer == 407 { return .proxy }
      // It says that the endpoint cannot be reached, or may not.
      if !(200..<300).contains(answer) { return .connect }
    }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: return .connect
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .endpoint
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_CLIENTCERT, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_INITFAILED:
      return .tls
    default: break
    }
    // What the socket took may have arrived; what it did not take cannot be a whole request.
    var sent = 0
    revere_curl_get_long(handle, CURLINFO_REQUEST_SIZE, &sent)
    if sent == 0, uploaded == 0 { return .connect }
    return Int(uploaded) >= post.body.count ? .answer : .request
  }

  /// One line for a person of what another machine said, without what it knows of our secrets; else it may be anything.
  private func line(of words: [UInt8], _ post: OutgoingPost) -> String {
    var clean = ""
    if words.count < SecretMask.width {
      clean = String(decoding: words, as: UTF8.self)
    } else {
      let signatures = post.headers.filter { $0.name.lowercased().hasSuffix("signature") }
      clean = SecretMask(url: post.url, headers: signatures.map(\.value)).clean(words)
    }
    return String(clean.prefix { !$0.isNewline }.prefix(200))
  }
}
