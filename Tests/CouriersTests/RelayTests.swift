// Relay settings, classes, token buckets and the pool: values with an injected clock.

import Couriers
import Outbox
import Testing

@Suite struct RelayTests {
  static func relay(
    _ name: String = "r", _ tls: Relay.Protection = .none, host: String = "relay.test", rate: Double? = nil,
    claim: RelayClass? = nil
  ) throws -> Relay {
    try Relay(name: name, host: host, port: 25, tls: tls, perDomainRate: rate, claimedClass: claim)
  }

  @Test func classIsComputedAndMayOnlyBeLowered() throws {
    #expect(try Self.relay("r", .required).relayClass == .tls)
    #expect(try Self.relay("r", .implicit).relayClass == .tls)
    #expect(try Self.relay("r", .none).relayClass == .plain)
    #expect(try Self.relay("r", .required, claim: .plain).relayClass == .plain)
    #expect(throws: RelayProblem.self) { try Self.relay("r", .none, claim: .tls) }
  }

  @Test(arguments: [
    "", "a b", "relay.test/x", "relay.test\r\n", "user@relay.test", "[::1]", "a:b", "r\u{E9}lay.test",
  ])
  func hostsThatCouldChangeTheURLAreRefused(_ host: String) {
    #expect(throws: RelayProblem.self) { try Self.relay(host: host) }
  }

  @Test func passwordNeverGoesInTheClear() {
    func problem(_ host: String) -> String? {
      do throws(RelayProblem) {
        _ = try Relay(name: "r", host: host, port: 25, tls: .none, user: "u", password: Secret("p"))
        return nil
      } catch { return error.key }
    }
    #expect(problem("relay.test") == "tls")
    #expect(problem("127.0.0.1") == nil)
    #expect(problem("127.evil.test") == "tls")
  }

  @Test func limits() {
    #expect(throws: RelayProblem.self) { try Relay(name: "r", host: "h", port: 0) }
    #expect(throws: RelayProblem.self) { try Relay(name: "r", host: "h", port: 25, maxConnections: 0) }
    #expect(throws: RelayProblem.self) { try Relay(name: "r", host: "h", port: 25, messagesPerConnection: 0) }
    #expect(throws: RelayProblem.self) { try Relay(name: "r", host: "h", port: 25, perDomainRate: 0) }
    #expect(throws: RelayProblem.self) { try Relay(name: "r", host: "h", port: 25, rate: -1) }
    #expect(throws: RelayProblem.self) { try Relay(name: "r", host: "h", port: 25, user: "u") }
  }

  @Test func poolPrefersTheFirstThatIsUpAndNeverGoesLower() throws {
    var pool = RelayPool([try Self.relay("a", .required), try Self.relay("b", .none), try Self.relay("c", .implicit)])
    var now = Moment(seconds: 0)
    #expect(pool.relay(for: .plain, at: now) == 0)
    pool.failed(0, at: now, lasting: true)
    #expect(pool.relay(for: .plain, at: now) == 1)
    #expect(pool.relay(for: .tls, at: now) == 2)
    pool.failed(2, at: now, lasting: true)
    #expect(pool.relay(for: .tls, at: now) == nil)
    now = now + .seconds(6)
    #expect(pool.relay(for: .tls, at: now) == 0)
  }

  @Test func breakerRestsLongerEachTimeAndForgetsOnSuccess() {
    var breaker = CircuitBreaker()
    var now = Moment(seconds: 0)
    for _ in 0..<2 {
      breaker.failed(at: now, lasting: false)
      #expect(!breaker.isOpen(at: now))
    }
    var rests: [Int64] = []
    for _ in 0..<9 {
      breaker.failed(at: now, lasting: false)
      var until = now
      while breaker.isOpen(at: until) { until = until + .seconds(1) }
      rests.append((until - now).milliseconds / 1000)
      now = until
    }
    #expect(rests == [5, 10, 20, 40, 80, 160, 300, 300, 300])
    breaker.succeeded()
    breaker.failed(at: now, lasting: false)
    #expect(!breaker.isOpen(at: now))
    breaker.failed(at: now, lasting: true)
    #expect(breaker.isOpen(at: now))
  }
}
