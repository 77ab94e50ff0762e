import PacketPrimitives

/// Notices that nearly all that arrives at a port is of no use: junk, replays, packets of nobody.
///
/// To be woken for each datagram costs several times what it takes to find out that it is worth nothing. During a flood
/// the port therefore looks at what has gathered every now and then. Datagrams of clients wait too, but only the first of
/// them as long as the junk does.
struct JunkWatch {
    /// What arrives in this time decides.
    static let windowMilliseconds = 10
    /// Fewer useless datagrams in a window are no flood; 5000 per second.
    static let leastCount = 50
    /// So many of them must come for each that is of use.
    static let leastRatio = 4
    /// Between two looks, microseconds; the short one for a second after a datagram that was of use.
    static let pauseMicroseconds = 4000
    static let shortPauseMicroseconds = 500
    static let memoryMilliseconds = 1000

    private(set) var isFlooded = false
    /// How long to leave alone what arrives while there is a flood, microseconds.
    private(set) var pause = JunkWatch.pauseMicroseconds
    private var lastUseful: Instant?
    private var began: Instant?
    private var uselessCount = 0
    private var usefulCount = 0

    /// Takes note of what has been read at once; that it was nothing counts too.
    mutating func note(useless: Int, useful: Int, now: Instant) {
        self.uselessCount += useless
        self.usefulCount += useful
        if useful > 0 { self.lastUseful = now }
        let hasClients = self.lastUseful.map { now.milliseconds(since: $0) < Self.memoryMilliseconds } ?? false
        self.pause = hasClients ? Self.shortPauseMicroseconds : Self.pauseMicroseconds
        guard let began else { return self.began = now }
        guard now.milliseconds(since: began) >= Self.windowMilliseconds else { return }
        self.isFlooded =
            self.uselessCount >= Self.leastCount && self.uselessCount >= Self.leastRatio * self.usefulCount
        self.began = now
        self.uselessCount = 0
        self.usefulCount = 0
    }
}
