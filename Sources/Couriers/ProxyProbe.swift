// Whether the proxy of webhooks can be reached: a connection is opened, with TLS where its address says https, and
// closed again. Nothing is asked of it, so that a wrong password is not found. Blocks up to the time-out.

import CCurl
package import Outbox

package enum ProxyProbe {
  /// - Parameter timeout: in milliseconds.
  /// - Returns: why it cannot be used; nil when it answers.
  package static func run(_ proxy: WebhookProxy, caFile: String?, timeout: Int) -> Failure? {
    guard CurlSession.isReady, let handle = curl_easy_init() else {
      return Failure(stage: .proxy, text: "libcurl cannot be started")
    }
    defer { curl_easy_cleanup(handle) }
    revere_curl_set_string(handle, CURLOPT_URL, proxy.url)
    revere_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    // It is dialled itself, whatever the environment says.
    revere_curl_set_string(handle, CURLOPT_PROXY, "")
    revere_curl_set_long(handle, CURLOPT_CONNECT_ONLY, 1)
    revere_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    revere_curl_set_long(handle, CURLOPT_TIMEOUT_MS, timeout)
    revere_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, timeout)
    if let caFile { revere_curl_set_string(handle, CURLOPT_CAINFO, caFile) }
    let code = curl_easy_perform(handle)
    return code == CURLE_OK ? nil : Failure(stage: .proxy, text: String(cString: curl_easy_strerror(code)))
  }
}
