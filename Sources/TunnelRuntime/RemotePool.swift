import PacketPrimitives

/// One way to a server: one of a client's remotes, and one of its addresses.
struct RemoteEndpoint: Hashable, Sendable {
    var remote: PortRange
    /// Its port is 0: each session takes one of the remote's.
    var address: PeerAddress
}

/// Decides which of a client's remotes, and which of their addresses, a new session tries, and when.
///
/// The first remote that nothing speaks against is the one; of its addresses the one that worked last, otherwise the
/// first that nothing speaks against. If all have failed they are tried in turn, each after its back-off. No clock, no
/// sockets, no names looked up: all that comes in from outside.
struct RemotePool {
    /// What to do for a new session.
    enum Step: Equatable {
        /// Look the remote's name up and ask for its `endpoint`.
        case attempt(PortRange)
        case wait(until: Instant)
    }

    fileprivate struct Address {
        let address: PeerAddress
        var health = RemoteHealth()
    }

    fileprivate struct Remote {
        let range: PortRange
        /// What its name stood for when it was looked up last with success.
        var addresses: [Address] = []
        /// Of its name, as long as no address is known.
        var lookup = RemoteHealth()
        /// The address that worked last.
        var preferred: PeerAddress?
    }

    /// Best first; never empty.
    private var remotes: [Remote]

    /// A server that has not answered by then is taken for failed.
    static let patienceMilliseconds = 2000
    /// How long a try for a better remote keeps others from the same, at most.
    static let reserveMilliseconds = 6000

    init(_ remotes: [PortRange]) {
        precondition(!remotes.isEmpty, "a client has a remote")
        self.remotes = remotes.map { Remote(range: $0) }
    }

    /// Goes on with other remotes. What is known of those that stay is kept.
    mutating func update(_ ranges: [PortRange]) {
        precondition(!ranges.isEmpty, "a client has a remote")
        self.remotes = ranges.map { range in self.remotes.first { $0.range == range } ?? Remote(range: range) }
    }

    /// There is one remote and it is an address, so there never is a choice.
    var isFixed: Bool {
        self.remotes.count == 1 && AddressResolver.numericAddress(of: self.remotes[0].range.host) != nil
    }

    // MARK: Choosing

    /// What a new session tries next.
    /// - Parameter isUrgent: somebody has just come who needs it.
    func next(now: Instant, isUrgent: Bool = false) -> Step {
        if let remote = self.remotes.first(where: { !$0.isFailed }) { return .attempt(remote.range) }
        let dueTimes = self.remotes.map { $0.dueTime(isUrgent: isUrgent) }
        guard let earliest = dueTimes.min(), let index = dueTimes.firstIndex(of: earliest) else {
            preconditionFailure("a client has a remote")
        }
        return earliest <= now ? .attempt(self.remotes[index].range) : .wait(until: earliest)
    }

    /// The name of `range` has been looked up. What is known of addresses that it had before is kept.
    mutating func learn(_ addresses: [PeerAddress], of range: PortRange) {
        self.change(range) { remote in
            let known = remote.addresses
            remote.addresses = addresses.map { address in
                known.first { $0.address == address } ?? Address(address: address)
            }
            if !addresses.isEmpty { remote.lookup = RemoteHealth() }
        }
    }

    /// The address of a remote to try; `nil` if none is known.
    func endpoint(of range: PortRange) -> RemoteEndpoint? {
        guard let remote = self.remote(range) else { return nil }
        return remote.best.map { RemoteEndpoint(remote: range, address: $0.address) }
    }

    /// A remote before `range` that is worth a try while sessions with `range` work. Others who ask are not told the
    /// same at the same time.
    mutating func better(than range: PortRange, now: Instant) -> PortRange? {
        let better = self.remotes.prefix(while: { $0.range != range })
        guard better.count < self.remotes.count, let index = better.firstIndex(where: { $0.dueTime() <= now }) else {
            return nil
        }
        self.remotes[index].reserve(until: now.advanced(milliseconds: Self.reserveMilliseconds))
        return self.remotes[index].range
    }

    /// Whether streams have to wait until the server has answered: while another one, or another address, may turn out
    /// to be the right one. They could not be moved there any more.
    func needsProof(_ endpoint: RemoteEndpoint) -> Bool {
        guard !self.isFixed else { return false }
        return self.remote(endpoint.remote)?.preferred != endpoint.address || self.isFailed(endpoint)
    }

    private func isFailed(_ endpoint: RemoteEndpoint) -> Bool {
        self.remote(endpoint.remote)?.addresses.first { $0.address == endpoint.address }?.health.isFailed ?? false
    }

    // MARK: What became of it

    /// A valid packet has come. Returns how long the address had failed before, milliseconds; `nil` if it had not.
    mutating func noteAnswer(_ endpoint: RemoteEndpoint, now: Instant) -> Int? {
        var failedSince: Instant?
        self.change(endpoint.remote) { remote in
            guard let index = remote.addresses.firstIndex(where: { $0.address == endpoint.address }) else { return }
            failedSince = remote.addresses[index].health.failedSince
            remote.addresses[index].health = RemoteHealth()
            remote.preferred = endpoint.address
        }
        return failedSince.map { now.milliseconds(since: $0) }
    }

    /// A try that began at `start` has failed. Returns whether that is news.
    mutating func noteFailure(
        _ endpoint: RemoteEndpoint, _ failure: RemoteFailure, start: Instant, now: Instant, random: UInt32
    ) -> Bool {
        var isNews = false
        self.change(endpoint.remote) { remote in
            guard let index = remote.addresses.firstIndex(where: { $0.address == endpoint.address }) else { return }
            isNews = remote.addresses[index].health.noteFailure(failure, start: start, now: now, random: random)
        }
        return isNews
    }

    /// No address is known of a remote, and its name could not be looked up. Returns whether that is news.
    mutating func noteLookupFailure(
        _ range: PortRange, _ failure: RemoteFailure, start: Instant, now: Instant, random: UInt32
    ) -> Bool {
        var isNews = false
        self.change(range) { remote in
            isNews = remote.lookup.noteFailure(failure, start: start, now: now, random: random)
        }
        return isNews
    }

    // MARK: Support

    private func remote(_ range: PortRange) -> Remote? { self.remotes.first { $0.range == range } }

    private mutating func change(_ range: PortRange, _ body: (inout Remote) -> Void) {
        guard let index = self.remotes.firstIndex(where: { $0.range == range }) else { return }
        body(&self.remotes[index])
    }
}

extension RemotePool.Remote {
    /// Nothing that is known of it gives hope.
    var isFailed: Bool {
        self.addresses.isEmpty ? self.lookup.isFailed : self.addresses.allSatisfy(\.health.isFailed)
    }

    /// When to try it again.
    func dueTime(isUrgent: Bool = false) -> Instant {
        self.addresses.map { $0.health.dueTime(isUrgent: isUrgent) }.min() ?? self.lookup.dueTime(isUrgent: isUrgent)
    }

    /// The address to try.
    var best: RemotePool.Address? {
        let hopeful = self.addresses.filter { !$0.health.isFailed }
        return hopeful.first { $0.address == self.preferred } ?? hopeful.first
            ?? self.addresses.min { $0.health.dueTime() < $1.health.dueTime() }
    }

    mutating func reserve(until time: Instant) {
        self.lookup.reserve(until: time)
        for index in self.addresses.indices { self.addresses[index].health.reserve(until: time) }
    }
}

extension RemotePool {
    /// What a new session would use, for the log; `nil` if everything has failed.
    var hopeful: String? {
        guard let remote = self.remotes.first(where: { !$0.isFailed }) else { return nil }
        return self.endpoint(of: remote.range)?.description ?? remote.range.description
    }
}

extension RemoteEndpoint: CustomStringConvertible {
    /// As the operator has written it, and the address if that is another text.
    var description: String {
        let isName = AddressResolver.numericAddress(of: self.remote.host) == nil
        return isName ? "\(self.remote) (\(self.address.host))" : "\(self.remote)"
    }
}
