// The ways of webhooks: a proxy that is told judged addresses alone, and a certificate of our own where an endpoint
// asks; against a real proxy and a real HTTPS server.

import Couriers
import Foundation
import Outbox
import Store
import Testing
import Webhooks

@Suite struct WebhookRouteTests {
  private func settings(_ server: TestServer, by proxy: TestServer, allowing: [String] = ["127.0.0.0/8"])
    -> WebhookSettings
  {
    var settings = WebhookLoopTests.settings(server, allowing: allowing)
    settings.proxy = WebhookProxy(url: "http://127.0.0.1:\(proxy.port)")
    return settings
  }

  @Test func theProxyIsToldTheAddress() throws {
    let server = try TestServer("webhook_server.py")
    let proxy = try TestServer("connect_proxy.py", "--user", "center:open sesame")
    var settings = settings(server, by: proxy)
    settings.proxy?.user = "center"
    settings.proxy?.password = Secret("open sesame")
    let url = "https://localhost:\(server.port)"
    #expect(try WebhookLoopTests.send([url + "/ok"], settings) == ["accepted 204"])
    let asked = try proxy.next()
    #expect(asked["target"] as? String == "127.0.0.1:\(server.port)" && asked["login"] as? Bool == true)
    // Nothing of the request itself is told to the proxy.
    #expect((asked["headers"] as? [String])?.contains("webhook-id") == false)
    let seen = try server.next()
    #expect((seen["headers"] as? [String: String])?["host"] == "localhost:\(server.port)")
    #expect((seen["headers"] as? [String: String])?["proxy-authorization"] == nil)
    // The tunnel is kept for the next one; what the endpoint says is the endpoint's.
    let words = try WebhookLoopTests.send(["/ok", "/500", "/drop", "/410"].map { url + $0 }, settings)
    #expect(words == ["accepted 204", "status 500", "answer", "status 410"])
  }

  @Test func whatMayNotBeCalledIsNotByAProxyEither() throws {
    let server = try TestServer("webhook_server.py")
    let proxy = try TestServer("connect_proxy.py")
    let settings = settings(server, by: proxy, allowing: [])
    let hosts = ["localhost", "127.0.0.1", "2130706433", "[::1]", "10.0.0.1", "169.254.169.254"]
    let words = try WebhookLoopTests.send(hosts.map { "https://\($0):\(server.port)/ok" }, settings)
    #expect(words == hosts.map { _ in "endpoint" })
    #expect(try WebhookLoopTests.send(["https://no-such-host.invalid/"], settings) == ["connect"])
    // The proxy was not asked for any of them: the first line is of what may be called.
    let allowed = self.settings(server, by: proxy)
    #expect(try WebhookLoopTests.send(["https://localhost:\(server.port)/ok"], allowed) == ["accepted 204"])
    #expect(try proxy.next()["target"] as? String == "127.0.0.1:\(server.port)")
  }

  @Test func aFailureOfTheProxyIsNotTheEndpoints() throws {
    let server = try TestServer("webhook_server.py")
    let url = "https://localhost:\(server.port)/ok"
    let shut = try TestServer("connect_proxy.py", "--user", "center:other")
    #expect(try WebhookLoopTests.send([url], settings(server, by: shut)) == ["proxy"])
    var gone = settings(server, by: shut)
    gone.proxy?.url = "http://127.0.0.1:\(try unusedPort())"
    #expect(try WebhookLoopTests.send([url], gone) == ["proxy"])
    // It is there, and says that the endpoint is not, or may not be called.
    let strict = try TestServer("connect_proxy.py", "--refuse", "403")
    #expect(try WebhookLoopTests.send([url], settings(server, by: strict)) == ["connect"])
    let open = try TestServer("connect_proxy.py")
    let nobody = "https://localhost:\(try unusedPort())/ok"
    #expect(try WebhookLoopTests.send([nobody], settings(server, by: open)) == ["connect"])
    // TLS is the endpoint's own, through the tunnel.
    let stranger = try TestServer("webhook_server.py", "--name", "other.test")
    let other = "https://127.0.0.1:\(stranger.port)/ok"
    #expect(try WebhookLoopTests.send([other], settings(server, by: open)) == ["tls"])
  }

  @Test func aCertificateOfOurOwn() throws {
    let server = try TestServer("webhook_server.py", "--ask")
    let certificate = try #require(server.ready["certificate"] as? String)
    let key = try #require(server.ready["key"] as? String)
    var settings = WebhookLoopTests.settings(server)
    settings.connections = 1
    var post = WebhookLoopTests.post("https://localhost:\(server.port)/ok")
    func send(_ identity: OutgoingPost.Identity?) throws -> String {
      post.identity = identity
      return try #require(try WebhookLoopTests.send([post], settings).first)
    }
    #expect(try send(OutgoingPost.Identity(certificateFile: certificate, keyFile: key)) == "accepted 204")
    // Relative to the workspace.
    settings.root = URL(fileURLWithPath: certificate).deletingLastPathComponent().path
    #expect(try send(OutgoingPost.Identity(certificateFile: "server.pem", keyFile: "server.key")) == "accepted 204")
    #expect(try send(OutgoingPost.Identity(certificateFile: "none.pem", keyFile: "server.key")) == "tls")
    #expect(try send(nil).hasPrefix("accepted") == false)
    // On one handle after another: what one endpoint is shown, another is not.
    var without = post
    without.identity = nil
    post.identity = OutgoingPost.Identity(certificateFile: certificate, keyFile: key)
    let words = try WebhookLoopTests.send([post, without, post], settings)
    #expect(words[0] == "accepted 204" && words[2] == "accepted 204" && !words[1].hasPrefix("accepted"))
  }
}
