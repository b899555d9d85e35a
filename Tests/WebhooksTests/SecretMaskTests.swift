// What another machine says back to us of an address or a signature is taken out, in whatever form it says it.

import Testing
import Webhooks

@Suite struct SecretMaskTests {
  private let mask = SecretMask(
    url: "https://chat.example.gov/hooks/SECRETxyz%2F123token?key=abcdef0123",
    headers: ["v1,QUJDREVGR0hJSktMTU5PUA== v1a,MDEyMzQ1Njc4OWFi"])

  private func clean(_ words: String) -> String { mask.clean(Array(words.utf8)) }

  @Test(arguments: [
    "Cannot POST /hooks/SECRETxyz%2F123token", "Cannot POST /hooks/SECRETxyz/123token?key=abcdef0123",
    "<pre>/HOOKS/secretXYZ%2f123TOKEN</pre>", #"{"error":"no \/hooks\/SECRETxyz%2F123token"}"#,
    "no hook SECRETxyz", "no key abcdef0123!", "cut short: /hooks/SECRETx", "signature v1,QUJDREVGR0hJSktMTU5PUA==",
    "signature v1a,MDEyMzQ1Njc4OWFi is wrong", "123tokenSECRETxyz",
  ])
  func nothingOfItStays(_ words: String) {
    let clean = clean(words).lowercased()
    #expect(clean.contains("…"))
    for piece in ["secretxyz", "secretx", "123token", "abcdef0123", "qujdrevg", "mdeymzq1njc4"] {
      #expect(!clean.contains(piece), "\(piece) in \(clean)")
    }
  }

  @Test func theRestStays() {
    #expect(clean("Cannot POST /hooks/SECRETxyz%2F123token: gone") == "Cannot POST …: gone")
    #expect(clean("no hook SECRETxyz here") == "no hook … here")
    for words in ["", "ok", "invalid_payload", "chat.example.gov has no such hook", "né à l'hôtel"] {
      #expect(clean(words) == words)
    }
    // Nothing to hide.
    #expect(SecretMask(url: "https://chat.example.gov").clean(Array("Cannot POST /x".utf8)) == "Cannot POST /x")
  }
}
