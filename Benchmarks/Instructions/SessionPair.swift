import PacketPrimitives
import TunnelCore

/// Two sessions joined in memory, in virtual time: everything a datagram meets at both ends except the system.
struct SessionPair {
    private let client: SessionEnd
    private let server: SessionEnd
    private var now = Instant(milliseconds: 1000)

    init(_ budgetCase: BudgetCase) throws {
        let material = IncompressibleMaterial()
        self.client = SessionEnd(try budgetCase.configuration(.client), material: material, now: self.now)
        self.server = SessionEnd(try budgetCase.configuration(.server), material: material, now: self.now)
    }

    /// Carries as many bytes as fill `datagramCount` datagrams from the client to the server.
    mutating func carry(datagramCount: Int) {
        let byteCount = datagramCount * self.client.segmentByteCount
        self.client.send(byteCount: byteCount)
        while self.server.receivedByteCount < byteCount { self.step() }
    }

    /// A hundred microseconds, with one burst: about 5 Gbit/s.
    private mutating func step() {
        self.now = self.now.advanced(microseconds: 100)
        self.client.handleTimeout(now: self.now)
        self.server.handleTimeout(now: self.now)
        let sent = self.client.transmit(to: self.server, burstLimit: 1, now: self.now)
        let answered = self.server.transmit(to: self.client, burstLimit: 4, now: self.now)
        guard sent + answered == 0 else { return }
        let timeout = Instant.earliest(self.client.nextTimeout, self.server.nextTimeout)
        guard let timeout else { preconditionFailure("the transfer has stalled") }
        self.now = max(self.now, timeout)
    }
}
