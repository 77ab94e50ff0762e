import ErasureCoding
import PacketPrimitives
import Testing

@Suite struct ParityDecoderTests {
    private static func packets(_ ratio: Ratio, groups: Int, random: SeededRandomSource) throws -> Transmission {
        let plain = random.packets(ratio.data * groups, byteCounts: 1...1400)
        var encoder = try ParityEncoder(dataShards: ratio.data, parityShards: ratio.parity)
        _ = protect([[UInt8]](repeating: [0], count: ratio.data), with: &encoder, now: Instant(milliseconds: 0))
        return Transmission(
            ratio: ratio, plain: plain, sent: protect(plain, with: &encoder, now: Instant(milliseconds: 1)))
    }

    private struct Transmission {
        var ratio: Ratio
        var plain: [[UInt8]]
        var sent: [[UInt8]]

        /// The packets with those of each group left out for which `isLost` says so (position in the group).
        func remaining(_ isLost: (_ group: Int, _ position: Int) -> Bool) -> [[UInt8]] {
            let size = ratio.data + ratio.parity
            return self.sent.enumerated().filter { !isLost($0.offset / size, $0.offset % size) }.map(\.element)
        }
    }

    @Test(arguments: Ratio.samples, 1...4 as ClosedRange<UInt64>)
    func `what parity can rebuild is rebuilt, in order, and nothing else`(_ ratio: Ratio, seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        // Complete groups first, which show that the counts are right.
        let lead = ratio.leadingGroupCount
        let transmission = try Self.packets(ratio, groups: lead + 5, random: random)
        let lost =
            [Set<Int>](repeating: [], count: lead)
            + (0..<5).map { _ in
                Set(
                    (0..<random.integer(in: 0...ratio.parity + 1)).map { _ in
                        random.integer(in: 0...ratio.data + ratio.parity - 1)
                    })
            }
        let expected = lost.enumerated().flatMap { group, lost in
            lost.count > ratio.parity
                ? []
                : lost.filter { $0 < ratio.data }.sorted().map {
                    transmission.plain[group * ratio.data + $0]
                }
        }
        var decoder = try ParityDecoder(dataShards: ratio.data, parityShards: ratio.parity)
        let remaining = transmission.remaining { lost[$0].contains($1) }
        #expect(decode(remaining, with: &decoder) == expected, "seed \(seed)")
        #expect(decoder.statistics.recoveredPackets == UInt64(expected.count))
        #expect(decoder.statistics.errors == 0)
    }

    @Test(arguments: Ratio.samples.filter { $0.data > 1 }, 1...4 as ClosedRange<UInt64>)
    func `shuffled packets of a group rebuild the same`(_ ratio: Ratio, seed: UInt64) throws {
        var random = SeededRandomSource(seed: seed)
        let lead = ratio.leadingGroupCount
        let transmission = try Self.packets(ratio, groups: lead + 1, random: random)
        let size = ratio.data + ratio.parity
        let remaining = transmission.sent[(lead * size)...].shuffled(using: &random).prefix(ratio.data)
        let arrived = Set(remaining.map { $0 })
        var decoder = try ParityDecoder(dataShards: ratio.data, parityShards: ratio.parity)
        #expect(decode(Array(transmission.sent[..<(lead * size)]), with: &decoder).isEmpty)
        let missing = (0..<ratio.data).filter { !arrived.contains(transmission.sent[lead * size + $0]) }
        let expected = missing.map { transmission.plain[lead * ratio.data + $0] }
        #expect(decode(Array(remaining), with: &decoder) == expected, "seed \(seed)")
    }

    @Test(arguments: Ratio.samples.filter { $0.data + $0.parity <= 100 })
    func `unknown counts are found out and then used`(_ ratio: Ratio) throws {
        let transmission = try Self.packets(ratio, groups: 6, random: SeededRandomSource(seed: 9))
        var decoder = ParityDecoder()
        let remaining = transmission.remaining { group, position in group == 5 && position == 0 }
        let recovered = decode(remaining, with: &decoder)
        #expect(decoder.ratio == (ratio.data, ratio.parity))
        #expect(recovered.last == transmission.plain[5 * ratio.data])
    }

    @Test func `counts are found out although every fifteenth packet is lost`() throws {
        let transmission = try Self.packets(Ratio(10, 3), groups: 14, random: SeededRandomSource(seed: 9))
        var decoder = try ParityDecoder(dataShards: 20, parityShards: 10)
        _ = decode(transmission.remaining { ($0 * 13 + $1) % 15 == 14 }, with: &decoder)
        #expect(decoder.ratio == (10, 3))
        #expect(decoder.statistics.ratioChanges == 1)
        #expect(decoder.statistics.recoveredPackets > 0)
    }

    @Test func `nothing is rebuilt with counts that may be wrong`() throws {
        // The sender uses 3 + 1. With 2, 4 and 6 lost, the numbers and kinds of the others fit 1 + 1 as well.
        let transmission = try Self.packets(Ratio(3, 1), groups: 2, random: SeededRandomSource(seed: 3))
        var decoder = ParityDecoder()
        #expect(decode([0, 3, 7].map { transmission.sent[$0] }, with: &decoder).isEmpty)
        #expect(decoder.statistics.recoveredPackets == 0)
    }

    @Test func `what came before the counts were certain is rebuilt then`() throws {
        let transmission = try Self.packets(Ratio(4, 2), groups: 3, random: SeededRandomSource(seed: 3))
        var decoder = try ParityDecoder(dataShards: 4, parityShards: 2)
        // Without the last data packet of the group nothing shows where its data ends.
        #expect(decode([0, 1, 2, 4].map { transmission.sent[$0] }, with: &decoder).isEmpty)
        // Boundaries, but too few packets.
        #expect(decode((6...14).map { transmission.sent[$0] }, with: &decoder).isEmpty)
        #expect(decoder.confirmedRatio == nil)
        #expect(decode([transmission.sent[15]], with: &decoder) == [transmission.plain[3]])
        #expect(decoder.confirmedRatio.map { $0 == (4, 2) } == true)
    }

    @Test(arguments: 1...4, 1...4)
    func `with whatever counts at either end no packet is rebuilt that was not sent`(data: Int, parity: Int) throws {
        for expected in (1...4).flatMap({ data in (1...4).map { Ratio(data, $0) } }) {
            for seed in 1...12 as ClosedRange<UInt64> {
                let random = SeededRandomSource(seed: seed)
                let transmission = try Self.packets(Ratio(data, parity), groups: 20, random: random)
                var decoder = try ParityDecoder(dataShards: expected.data, parityShards: expected.parity)
                let arrived = transmission.sent.filter { _ in random.integer(in: 1...10) > 3 }
                let recovered = Set(decode(arrived, with: &decoder))
                #expect(recovered.isSubset(of: transmission.plain), "expected \(expected), seed \(seed)")
            }
        }
    }

    @Test func `parity of complete groups is counted as unused`() throws {
        let transmission = try Self.packets(Ratio(10, 3), groups: 2, random: SeededRandomSource(seed: 1))
        var decoder = try ParityDecoder(dataShards: 10, parityShards: 3)
        #expect(decode(transmission.remaining { $0 == 1 && $1 == 0 }, with: &decoder).count == 1)
        #expect(decoder.statistics.parityPackets == 6)
        #expect(decoder.statistics.unusedParityPackets == 5)
        #expect(decoder.statistics.fullGroups == 1)
        #expect(decoder.statistics.recoveredGroups == 1 && decoder.statistics.incompleteGroups == 0)
        #expect(decoder.statistics.liveGroups == 2)
        #expect(decoder.statistics.newestGroup == 2)
    }

    @Test func `a decoder that gives memory back between packets rebuilds the same`() throws {
        let random = SeededRandomSource(seed: 5)
        let transmission = try Self.packets(Ratio(10, 3), groups: 6, random: random)
        let remaining = transmission.remaining { group, position in group > 0 && (2...4).contains(position) }
        var decoder = try ParityDecoder(dataShards: 10, parityShards: 3)
        var recovered: [[UInt8]] = []
        for packet in remaining {
            recovered += decode([packet], with: &decoder)
            decoder.releaseMemory()
        }
        let lost: [[UInt8]] = (1..<6).flatMap { group in (2...4).map { transmission.plain[group * 10 + $0] } }
        #expect(recovered == lost)
    }

    @Test func `groups that are given up with packets missing are counted`() throws {
        let transmission = try Self.packets(Ratio(3, 1), groups: 10, random: SeededRandomSource(seed: 1))
        var decoder = try ParityDecoder(dataShards: 3, parityShards: 1)
        _ = decode(transmission.remaining { [1, 2, 9].contains($0) && $1 < 2 }, with: &decoder)
        // The last of them may still be completed.
        #expect(decoder.statistics.incompleteGroups == 2)
        #expect(decoder.memoryByteCount > 0)
    }

    @Test func `a repeated packet counts once`() throws {
        let transmission = try Self.packets(Ratio(3, 2), groups: 5, random: SeededRandomSource(seed: 1))
        var decoder = try ParityDecoder(dataShards: 3, parityShards: 2)
        let twice = transmission.remaining { $0 == 4 && $1 == 0 }.flatMap { [$0, $0] }
        #expect(decode(twice, with: &decoder) == [transmission.plain[4 * 3]])
        #expect(decoder.statistics.repeatedPackets == 5 * 5 - 1)
    }

    @Test func `the other side may start anew`() throws {
        let late = try ParityDecoderTests.packets(Ratio(3, 2), groups: 200, random: SeededRandomSource(seed: 1))
        var decoder = try ParityDecoder(dataShards: 3, parityShards: 2)
        _ = decode(Array(late.sent.suffix(20)), with: &decoder)
        let early = late.remaining { $1 == 1 }.prefix(4 * 10)
        #expect(!decode(Array(early), with: &decoder).isEmpty)
        #expect(decoder.statistics.stalePackets == 20)
    }

    @Test func `parity of a lone data packet helps however late it is`() throws {
        let transmission = try Self.packets(Ratio(1, 1), groups: 20, random: SeededRandomSource(seed: 1))
        var decoder = try ParityDecoder(dataShards: 1, parityShards: 1)
        _ = decode(Array(transmission.sent.dropFirst(2)), with: &decoder)
        #expect(decode([transmission.sent[1]], with: &decoder) == [transmission.plain[0]])
    }

    @Test(
        arguments: [[], [1, 2, 3, 4, 5, 6, 7], [0, 0, 0, 0, 0xF3, 0, 9, 9], [0, 0, 0, 0, 0xF4, 0, 9, 9]] as [[UInt8]])
    func `what is no data or parity packet is counted and ignored`(packet: [UInt8]) {
        var decoder = ParityDecoder()
        #expect(decode([packet], with: &decoder).isEmpty)
        #expect(decoder.statistics.malformedPackets == 1)
    }

    @Test func `a packet longer than a datagram and a number beyond the limit are ignored`() throws {
        var decoder = try ParityDecoder(dataShards: 1, parityShards: 1)
        let header: [UInt8] = [1, 0, 0, 0, 0xF2, 0]
        #expect(decode([header + [UInt8](repeating: 0, count: 1495)], with: &decoder).isEmpty)
        #expect(decode([[0xFF, 0xFF, 0xFF, 0xFF, 0xF2, 0, 3, 0, 7]], with: &decoder).isEmpty)
        #expect(decoder.statistics.malformedPackets == 2)
    }

    @Test(arguments: [
        ([0, 0, 1], false), ([1, 0, 1], false), ([2, 0], true), ([3, 0, 1], true), ([4, 0, 1], false),
    ])
    func `a rebuilt packet is handed on only if its size is possible`(shard: [UInt8], isGood: Bool) throws {
        var decoder = try ParityDecoder(dataShards: 1, parityShards: 1)
        let proof = (0..<14).map { [$0, 0, 0, 0, 0xF1 + $0 % 2, 0, 2, 0] as [UInt8] }
        #expect(decode(proof, with: &decoder).isEmpty)
        let recovered = decode([[15, 0, 0, 0, 0xF2, 0] + shard], with: &decoder)
        #expect(recovered == (isGood ? [Array(shard[2...])] : []))
        #expect(decoder.statistics.errors == (isGood ? 0 : 1))
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>) func `junk does no harm`(seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        let ratio = Ratio.samples[Int(seed) % Ratio.samples.count]
        let sent = try Self.packets(ratio, groups: 5, random: random).sent
        var decoder = try ParityDecoder(dataShards: ratio.data, parityShards: ratio.parity)
        for _ in 0..<1500 {
            var packet = sent[random.integer(in: 0...sent.count - 1)]
            switch random.integer(in: 0...5) {
            case 0: packet = random.bytes(random.integer(in: 0...1600))
            case 1: packet[random.integer(in: 0...7)] ^= UInt8(random.integer(in: 0...255))
            case 2: packet.removeLast(random.integer(in: 0...packet.count))
            case 3: packet.replaceSubrange(0..<4, with: random.bytes(4))
            default: break
            }
            _ = decode([packet], with: &decoder)
            #expect(decoder.statistics.liveGroups <= 4, "seed \(seed)")
        }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `random kinds and numbers near the wrap do no harm`(seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        let ratio = Ratio(random.integer(in: 1...6), random.integer(in: 1...6))
        var decoder = try ParityDecoder(dataShards: ratio.data, parityShards: ratio.parity)
        for _ in 0..<3000 {
            let number = UInt32(truncatingIfNeeded: random.integer(in: -80...80))
            let position = Int(number % UInt32(ratio.data + ratio.parity))
            var packet = [UInt8](repeating: 0, count: 8) + random.bytes(random.integer(in: 0...60))
            var span = packet.mutableSpan
            var bytes = span.mutableBytes
            ShardHeader(sequenceNumber: number, kind: position < ratio.data ? .data : .parity).write(to: &bytes)
            _ = decode([packet], with: &decoder)
            #expect(decoder.statistics.liveGroups <= 4, "seed \(seed)")
        }
    }

    @Test func `statistics add up`() {
        var total = ParityDecoder.Statistics()
        var other = ParityDecoder.Statistics()
        (total.newestGroup, other.newestGroup, other.liveGroups, other.recoveredPackets) = (9, 4, 2, 3)
        (other.recoveredGroups, other.incompleteGroups) = (4, 5)
        total += other
        total += other
        #expect((total.newestGroup, total.liveGroups, total.recoveredPackets) == (9, 4, 6))
        #expect((total.recoveredGroups, total.incompleteGroups) == (8, 10))
    }
}
