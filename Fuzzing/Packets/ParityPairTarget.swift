import ErasureCoding
import FuzzSupport
import PacketPrimitives

/// An encoder and a decoder of the same counts with a link between that loses, repeats and reorders. What is recovered
/// has been sent and was lost, and all of a group is known once enough of it has come.
final class ParityPairTarget: FuzzTarget {
    static let name = "parity-pair"
    static let maximumByteCount = 512
    private var slab = PacketSlab(slotCount: 12)

    static func seeds() throws -> [[UInt8]] {
        [[10, 3], [1, 1], [3, 2], [2, 5]].map { FuzzSeed.pattern(120, step: 37, behind: $0) }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let (data, parity) = (1 + input.number(below: 20), 1 + input.number(below: 10))
        guard var encoder = try? ParityEncoder(dataShards: data, parityShards: parity),
            var decoder = try? ParityDecoder(dataShards: data, parityShards: parity)
        else { throw BrokenPromise("\(data) + \(parity) is a code") }
        var link = HostileLink()
        var sent: Set<[UInt8]> = []
        var count: UInt8 = 0
        while !input.isEmpty {
            count &+= 1
            let packet = [count, 0] + [UInt8](repeating: count, count: input.number(below: 64))
            sent.insert(packet)
            for datagram in Self.protect(packet, &encoder, &self.slab) { link.send(datagram, fate: input.byte()) }
            for datagram in link.takeArrivals() {
                var isKnown = true
                decoder.handlePacket(datagram.span.bytes) { recovered in
                    if !sent.contains([UInt8](copying: recovered)) { isKnown = false }
                }
                try promise(isKnown, "something was recovered that nobody has sent")
            }
        }
        try promise(decoder.statistics.errors == 0, "a group could not be recovered")
    }

    private static func protect(
        _ packet: [UInt8], _ encoder: inout ParityEncoder, _ slab: inout PacketSlab
    ) -> [[UInt8]] {
        slab.removeAll()
        slab.takeSlot(byteCount: packet.count)
        var bytes = slab.mutableBytes(at: 0)
        bytes.copyBytes(from: packet.span.bytes)
        encoder.protect(&slab, from: 0, now: Instant(milliseconds: 0))
        return (0..<slab.count).map { [UInt8](copying: slab.bytes(at: $0)) }
    }
}
