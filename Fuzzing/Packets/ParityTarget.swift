import ErasureCoding
import FuzzSupport
import PacketPrimitives
import TestSupport

/// Shards of any number, kind and length into a decoder: it holds no more than its groups may, and hands out nothing that
/// is longer than a datagram.
final class ParityTarget: FuzzTarget {
    static let name = "parity"
    /// Four groups and what was rebuilt of one, at most 256 rows of a slot each.
    private static let memoryLimit = 5 * 256 * PacketSlab.slotStride

    static func seeds() throws -> [[UInt8]] {
        struct File: Decodable {
            struct Case: Decodable { var decoderDataShards: Int, decoderParityShards: Int, events: [Event] }
            struct Event: Decodable { var `in`: Hex }
            var cases: [Case]
        }
        return try Vectors.load("fec_decoder.json", as: File.self).cases.map { one in
            var seed = FuzzSeed([UInt8(one.decoderDataShards), UInt8(one.decoderParityShards)])
            for event in one.events {
                seed.append(1)
                seed.append(chunk: event.in.bytes)
            }
            return Array(seed.bytes.prefix(Self.maximumByteCount))
        }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        let (data, parity) = (Int(input.byte()), Int(input.byte()))
        var decoder = (try? ParityDecoder(dataShards: data, parityShards: parity)) ?? ParityDecoder()
        var number: UInt32 = 0
        while !input.isEmpty {
            let packet = Self.packet(&input, &number)
            var (count, longest) = (0, 0)
            decoder.handlePacket(packet.span.bytes) { recovered in
                count += 1
                longest = max(longest, recovered.byteCount)
            }
            try promise(count <= 1024 && longest <= PacketSlab.maximumDatagramByteCount, "more recovered than was sent")
            try promise(decoder.memoryByteCount <= Self.memoryLimit, "\(decoder.memoryByteCount) bytes held")
            if input.byte() == 0xAA { decoder.releaseMemory() }
        }
    }

    /// Bytes as they are, or a shard with a number near the one before.
    private static func packet(_ input: inout FuzzInput, _ number: inout UInt32) -> [UInt8] {
        let operation = input.byte()
        if operation & 1 != 0 { return input.chunk() }
        number = operation & 2 != 0 ? input.word() : number &+ UInt32(input.byte() % 16) &- 3
        let kind: UInt8 = operation & 4 != 0 ? 0xF1 : 0xF2
        var seed = FuzzSeed()
        seed.append(word: number)
        seed.append(kind, 0)
        seed.append(contentsOf: input.take(Int(operation >> 3)))
        return seed.bytes
    }
}
