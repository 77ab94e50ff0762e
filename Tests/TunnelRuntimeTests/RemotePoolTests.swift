import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct RemotePoolTests {
    private static let home = range("home:1")
    private static let away = range("away:2-9")
    private static let last = range("192.0.2.9:3")
    private static let one = PeerAddress.ipv4(1, port: 0)
    private static let two = PeerAddress.ipv4(2, port: 0)
    private static let six = PeerAddress(family: .ipv6, high: 6, low: 6, port: 0)
    /// Without jitter.
    private static let middle = UInt32.max / 2

    private static func range(_ text: String) -> PortRange {
        guard let range = try? PortRange(text) else { preconditionFailure("no address: \(text)") }
        return range
    }

    /// A pool under virtual time.
    private struct Bench {
        var pool: RemotePool
        var now = Instant(milliseconds: 1000)

        init(_ remotes: [PortRange]) { self.pool = RemotePool(remotes) }

        mutating func wait(_ milliseconds: Int) { self.now = self.now.advanced(milliseconds: milliseconds) }

        /// Tries what is next, which has these addresses, and returns it; `nil` if it is too early.
        mutating func attempt(_ addresses: [PeerAddress], isUrgent: Bool = false) -> RemoteEndpoint? {
            guard case .attempt(let remote) = self.pool.next(now: self.now, isUrgent: isUrgent) else { return nil }
            self.pool.learn(addresses, of: remote)
            return self.pool.endpoint(of: remote)
        }

        @discardableResult
        mutating func fail(_ endpoint: RemoteEndpoint, _ failure: RemoteFailure = .refused("x")) -> Bool {
            self.pool.noteFailure(endpoint, failure, start: self.now, now: self.now, random: RemotePoolTests.middle)
        }

        /// How long until something may be tried, milliseconds.
        func delay(isUrgent: Bool = false) -> Int {
            guard case .wait(let time) = self.pool.next(now: self.now, isUrgent: isUrgent) else { return 0 }
            return time.milliseconds(since: self.now)
        }
    }

    // MARK: Addresses of one name

    @Test func `the addresses of a name are tried in their order`() {
        var bench = Bench([Self.home])
        let addresses = [Self.six, Self.one, Self.two]
        for address in addresses {
            let endpoint = bench.attempt(addresses)
            #expect(endpoint == RemoteEndpoint(remote: Self.home, address: address))
            if let endpoint { bench.fail(endpoint) }
        }
        #expect(bench.delay() == 250)
        #expect(bench.pool.hopeful == nil)
    }

    @Test func `the address that worked last comes first`() {
        var bench = Bench([Self.home])
        let endpoint = RemoteEndpoint(remote: Self.home, address: Self.two)
        bench.pool.learn([Self.one, Self.two], of: Self.home)
        _ = bench.pool.noteAnswer(endpoint, now: bench.now)
        #expect(bench.attempt([Self.one, Self.two]) == endpoint)
        bench.fail(endpoint)
        #expect(bench.attempt([Self.one, Self.two])?.address == Self.one)
    }

    @Test func `another lookup keeps what is known of addresses, and brings new ones`() {
        var bench = Bench([Self.home])
        if let endpoint = bench.attempt([Self.one]) { bench.fail(endpoint) }
        bench.wait(250)
        #expect(bench.attempt([Self.one, Self.two])?.address == Self.two)
        bench.pool.learn([Self.one], of: Self.home)
        #expect(bench.pool.hopeful == nil)
    }

    @Test func `addresses that have all failed are tried in turn, each after its back-off`() {
        var bench = Bench([Self.home])
        var order: [PeerAddress] = []
        for _ in 0..<12 {
            bench.wait(bench.delay())
            guard let endpoint = bench.attempt([Self.one, Self.two]) else { break }
            order.append(endpoint.address)
            bench.fail(endpoint)
        }
        #expect(order == (0..<12).map { $0 % 2 == 0 ? Self.one : Self.two })
        #expect(bench.delay() == 8000)
    }

    // MARK: Names

    @Test func `a name that does not resolve is tried again after its back-off`() {
        var bench = Bench([Self.home])
        let isNews = bench.pool.noteLookupFailure(
            Self.home, .refused("no such name"), start: bench.now, now: bench.now, random: Self.middle)
        #expect(isNews && bench.pool.endpoint(of: Self.home) == nil)
        #expect(bench.delay() == 250)
        bench.wait(250)
        #expect(bench.attempt([Self.one])?.address == Self.one)
        #expect(bench.pool.hopeful == "home:1 (0.0.0.1)")
    }

    // MARK: Several remotes

    @Test func `the first remote is the one until it fails`() {
        var bench = Bench([Self.home, Self.away])
        #expect(bench.attempt([Self.one])?.remote == Self.home)
        #expect(bench.attempt([Self.one])?.remote == Self.home)
        let isNews = bench.fail(RemoteEndpoint(remote: Self.home, address: Self.one))
        #expect(isNews)
        #expect(bench.attempt([Self.two]) == RemoteEndpoint(remote: Self.away, address: Self.two))
    }

    @Test func `a remote with an address left has not failed`() {
        var bench = Bench([Self.home, Self.away])
        bench.pool.learn([Self.one, Self.two], of: Self.home)
        bench.fail(RemoteEndpoint(remote: Self.home, address: Self.one))
        #expect(bench.attempt([Self.one, Self.two]) == RemoteEndpoint(remote: Self.home, address: Self.two))
    }

    @Test func `of remotes that have all failed the one comes whose turn it is`() {
        var bench = Bench([Self.home, Self.away, Self.last])
        var order: [PortRange] = []
        for _ in 0..<9 {
            bench.wait(bench.delay())
            guard let endpoint = bench.attempt([Self.one]) else { break }
            order.append(endpoint.remote)
            // Longer than the first back-offs: nobody starves.
            bench.wait(2000)
            bench.fail(endpoint, .unanswered(milliseconds: 2000))
        }
        #expect(order == (0..<9).map { [Self.home, Self.away, Self.last][$0 % 3] })
    }

    @Test func `a connection that has just come need not wait for the whole back-off`() {
        var bench = Bench([Self.last])
        for _ in 0..<8 {
            bench.wait(bench.delay())
            if let endpoint = bench.attempt([Self.one]) { bench.fail(endpoint) }
        }
        #expect(bench.delay() == 8000)
        #expect(bench.delay(isUrgent: true) == 1000)
        bench.wait(999)
        #expect(bench.attempt([Self.one], isUrgent: true) == nil)
        bench.wait(1)
        #expect(bench.attempt([Self.one], isUrgent: true) != nil)
    }

    // MARK: Back to a better one

    @Test func `a better remote is tried when its back-off is over, by one at a time`() {
        var bench = Bench([Self.home, Self.away])
        if let endpoint = bench.attempt([Self.one]) { bench.fail(endpoint) }
        #expect(bench.pool.better(than: Self.away, now: bench.now) == nil)
        bench.wait(250)
        #expect(bench.pool.better(than: Self.away, now: bench.now) == Self.home)
        #expect(bench.pool.better(than: Self.away, now: bench.now) == nil)
        bench.wait(RemotePool.reserveMilliseconds)
        #expect(bench.pool.better(than: Self.away, now: bench.now) == Self.home)
    }

    @Test func `a better remote that works is told to all`() {
        var bench = Bench([Self.home, Self.away])
        #expect(bench.pool.better(than: Self.away, now: bench.now) == Self.home)
        #expect(bench.pool.better(than: Self.away, now: bench.now) == Self.home)
    }

    @Test func `nothing is better than the first, or than what is not in the list`() {
        var bench = Bench([Self.home, Self.away])
        #expect(bench.pool.better(than: Self.home, now: bench.now) == nil)
        #expect(bench.pool.better(than: Self.last, now: bench.now) == nil)
    }

    @Test func `an answer ends a failure, and tells how long it was`() {
        var bench = Bench([Self.home, Self.away])
        let endpoint = RemoteEndpoint(remote: Self.home, address: Self.one)
        _ = bench.attempt([Self.one])
        #expect(bench.pool.noteAnswer(endpoint, now: bench.now) == nil)
        bench.fail(endpoint)
        bench.wait(700)
        bench.fail(endpoint)
        bench.wait(800)
        #expect(bench.pool.noteAnswer(endpoint, now: bench.now) == 1500)
        #expect(bench.attempt([Self.one]) == endpoint)
        bench.fail(endpoint)
        bench.wait(250)
        #expect(bench.pool.better(than: Self.away, now: bench.now) == Self.home)
    }

    // MARK: Proof

    @Test func `streams wait for an answer where there is a choice`() {
        var bench = Bench([Self.home])
        guard let endpoint = bench.attempt([Self.one]) else { return #expect(Bool(false)) }
        #expect(bench.pool.needsProof(endpoint))
        _ = bench.pool.noteAnswer(endpoint, now: bench.now)
        #expect(!bench.pool.needsProof(endpoint))
        bench.fail(endpoint)
        #expect(bench.pool.needsProof(endpoint))
    }

    @Test func `there is none with one remote that is an address`() {
        var bench = Bench([Self.last])
        #expect(bench.pool.isFixed)
        guard let endpoint = bench.attempt([Self.one]) else { return #expect(Bool(false)) }
        #expect(!bench.pool.needsProof(endpoint))
        #expect(!RemotePool([Self.home]).isFixed && !RemotePool([Self.last, Self.home]).isFixed)
        #expect(RemotePool([Self.range(":1")]).isFixed)
    }

    // MARK: Other settings

    @Test func `what is known of remotes that stay is kept`() {
        var bench = Bench([Self.home, Self.away])
        let endpoint = RemoteEndpoint(remote: Self.home, address: Self.one)
        _ = bench.attempt([Self.one])
        bench.fail(endpoint)
        bench.pool.update([Self.last, Self.home])
        #expect(bench.attempt([Self.two])?.remote == Self.last)
        bench.fail(RemoteEndpoint(remote: Self.last, address: Self.two))
        #expect(bench.delay() == 250)
        let isNews = bench.fail(RemoteEndpoint(remote: Self.away, address: Self.one))
        #expect(!isNews)
    }
}
