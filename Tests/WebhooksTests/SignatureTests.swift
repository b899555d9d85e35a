// Signatures against the vector of the Standard Webhooks specification; PyPI's `standardwebhooks` verifies what is
// really sent (Tests/CommandLine/test_webhooks.py).

import Markings
import Testing
import Webhooks

@Suite struct SignatureTests {
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  @Test func theVectorOfTheSpecification() throws {
    let key = try #require(WebhookKey(text: Self.secret))
    let body = Array(#"{"test": 2432232314}"#.utf8)
    let header = WebhookSignature.header(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: body, keys: [key])
    #expect(header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test func oneSignatureForEachKey() throws {
    let keys = [WebhookKey.random(.v1), .random(.v1a), .random(.v1)]
    let parts = WebhookSignature.header(id: "msg_1", timestamp: 1, body: [1], keys: keys).split(separator: " ")
    #expect(parts.map { $0.split(separator: ",")[0] } == ["v1", "v1a", "v1"])
    #expect(Set(parts).count == 3)
  }

  @Test func lengthsAndForms() {
    #expect(WebhookKey(text: "whsec_") == nil)
    #expect(WebhookKey(text: "whsec_c2hvcnQ=") == nil)
    #expect(WebhookKey(text: "not base64!") == nil)
    #expect(WebhookKey(text: String(Self.secret.dropFirst(6))) == WebhookKey(text: Self.secret))
    #expect(WebhookKey(.v1, bytes: [UInt8](repeating: 1, count: 65)) == nil)
    #expect(WebhookKey.random(.v1a).shown.hasPrefix("whpk_"))
  }

  @Test func aKeyIsNeverPrinted() throws {
    let key = try #require(WebhookKey(text: Self.secret))
    for text in ["\(key)", String(reflecting: key), "\([key])", String(describing: Mirror(reflecting: key).children)] {
      #expect(!text.contains("MfKQ") && !text.contains("49"), "\(text)")
    }
  }
}
