import Ciphers
import DatagramIO
import ErasureCoding
import Glibc
import PacketPrimitives
import TunnelCore

extension LayerTimings {
    /// Two sessions joined in memory: all layers of both ends.
    func timeSessions() throws {
        for budgetCase in BudgetCase.all where self.includes("session \(budgetCase.name)") {
            var best = Double.infinity
            for _ in 0..<5 {
                var pair = try SessionPair(budgetCase)
                let start = Self.processorNanoseconds()
                pair.carry(datagramCount: 20_000)
                best = min(best, (Self.processorNanoseconds() - start) / 20_000)
            }
            self.report("session \(budgetCase.name), both ends", best)
        }
    }

    func timeEnvelopes() {
        for suite in CipherSuite.allCases where self.includes("envelope \(suite.name)") {
            for burst in [1, 48] { self.timeEnvelope(suite, burst: burst) }
        }
    }

    private func timeEnvelope(_ suite: CipherSuite, burst: Int) {
        let key = (0..<32).map { UInt8($0 * 7 + 1) }
        let envelope = suite.makeEnvelope(key: key, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 1)))
        let byteCount = 1350 - envelope.headerByteCount - envelope.trailerByteCount
        var slab = PacketSlab(slotCount: burst)
        for _ in 0..<burst { slab.takeSlot(byteCount: byteCount) }
        // The clock costs about as much as sealing one datagram, so sealing and opening are told apart by bursts.
        let repetitions = max(1, 480 / burst)
        var seal = Double.infinity
        var both = Double.infinity
        for _ in 0..<15 {
            var sealing = 0.0
            let start = Self.processorNanoseconds()
            for _ in 0..<repetitions {
                let before = burst > 1 ? Self.processorNanoseconds() : 0
                envelope.seal(&slab, from: 0)
                if burst > 1 { sealing += Self.processorNanoseconds() - before }
                _ = envelope.open(&slab, from: 0)
            }
            both = min(both, Self.processorNanoseconds() - start)
            seal = min(seal, sealing)
        }
        let items = Double(repetitions * burst)
        if burst > 1 {
            self.report("envelope \(suite.name), seal, burst of \(burst)", seal / items)
            self.report("envelope \(suite.name), open, burst of \(burst)", (both - seal) / items)
        } else {
            self.report("envelope \(suite.name), seal and open, single", both / items)
        }
    }

    func timeParity() throws {
        for lostCount in [0, 1, 3] where self.includes("parity 10/3") {
            try self.timeParity(lostCount: lostCount)
        }
    }

    /// Four groups of 10/3 per burst, of which the decoder does not see the first `lostCount` data packets.
    private func timeParity(lostCount: Int) throws {
        var encoder = try ParityEncoder(dataShards: 10, parityShards: 3)
        var decoder = try ParityDecoder(dataShards: 10, parityShards: 3)
        var slab = PacketSlab(slotCount: 64)
        var now = Instant(milliseconds: 1000)
        var encoding = Double.infinity
        var decoding = Double.infinity
        for _ in 0..<200 {
            now = now.advanced(microseconds: 100)
            slab.removeAll()
            for _ in 0..<40 { slab.takeSlot(byteCount: 1322) }
            let start = Self.processorNanoseconds()
            encoder.protect(&slab, from: 0, now: now)
            let middle = Self.processorNanoseconds()
            for index in 0..<slab.count where index % 13 >= lostCount {
                decoder.handlePacket(slab.bytes(at: index)) { _ in }
            }
            encoding = min(encoding, middle - start)
            decoding = min(decoding, Self.processorNanoseconds() - middle)
        }
        if lostCount == 0 { self.report("parity 10/3, encode", encoding / 40, per: "data packet") }
        self.report("parity 10/3, decode with \(lostCount) of 13 lost", decoding / 40, per: "data packet")
    }

    /// Sends and receives by the system, over loopback.
    func timeDatagrams() throws {
        for burst in [1, 16, 48] where self.includes("datagrams in bursts of \(burst)") {
            try self.timeDatagrams(burst: burst)
        }
    }

    private func timeDatagrams(burst: Int) throws {
        let options = DatagramSocketOptions(sendBufferByteCount: 4 << 20, receiveBufferByteCount: 4 << 20)
        let receiver = try DatagramSocket.bind(to: .ipv4(0x7F00_0001, port: 0), options: options)
        let sender = try DatagramSocket.bind(to: .ipv4(0x7F00_0001, port: 0), options: options)
        defer {
            receiver.close()
            sender.close()
        }
        try sender.connect(to: receiver.localAddress)
        var slab = PacketSlab(slotCount: burst)
        for _ in 0..<burst { slab.takeSlot(byteCount: 1350) }
        var batch = ReceiveBatch()
        var sending = 0.0
        var receiving = 0.0
        let rounds = max(2000, 50_000 / burst)
        for _ in 0..<rounds {
            let start = Self.processorNanoseconds()
            _ = sender.send(slab)
            let middle = Self.processorNanoseconds()
            while receiver.receive(into: &batch) == .full { batch.removeAll() }
            batch.removeAll()
            sending += middle - start
            receiving += Self.processorNanoseconds() - middle
        }
        let items = Double(rounds * burst)
        self.report("datagrams in bursts of \(burst), send", sending / items)
        self.report("datagrams in bursts of \(burst), receive", receiving / items)
    }
}
