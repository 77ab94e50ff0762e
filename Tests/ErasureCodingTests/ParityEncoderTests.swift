import ErasureCoding
import PacketPrimitives
import Testing

@Suite struct ParityEncoderTests {
    private static let now = Instant(milliseconds: 1000)

    /// Packets cut into bursts of random sizes, with random other entries in front, one slab for all bursts.
    private static func protectInBursts(
        _ packets: [[UInt8]], with encoder: inout ParityEncoder, random: SeededRandomSource
    ) -> [[UInt8]] {
        var slab = PacketSlab(slotCount: 8 + 2 * (encoder.dataShards + encoder.parityShards))
        var out: [[UInt8]] = []
        var next = 0
        while next < packets.count {
            slab.removeAll()
            let first = random.integer(in: 0...4)
            for _ in 0..<first { slab.append(random.bytes(random.integer(in: 1...1400))) }
            let others = slab.datagrams
            let capacity = encoder.packetCapacity(freeSlots: slab.freeSlotCount)
            let count = min(random.integer(in: 1...capacity), packets.count - next)
            for packet in packets[next..<next + count] { slab.append(packet) }
            encoder.protect(&slab, from: first, now: Self.now)
            next += count
            #expect(Array(slab.datagrams[..<first]) == others, "entries of others were changed")
            out += slab.datagrams[first...]
        }
        return out
    }

    @Test(arguments: Ratio.samples, 1...3 as ClosedRange<UInt64>)
    func `any split into bursts gives the same packets`(_ ratio: Ratio, seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        let packets = random.packets(3 * ratio.data + 5, byteCounts: 1...1400)
        var single = try ParityEncoder(dataShards: ratio.data, parityShards: ratio.parity)
        let expected = packets.flatMap { protect([$0], with: &single, now: Self.now) }
        var whole = try ParityEncoder(dataShards: ratio.data, parityShards: ratio.parity)
        #expect(protect(packets, with: &whole, now: Self.now) == expected, "seed \(seed)")
        var split = try ParityEncoder(dataShards: ratio.data, parityShards: ratio.parity)
        #expect(Self.protectInBursts(packets, with: &split, random: random) == expected, "seed \(seed)")
        #expect(split.statistics == single.statistics)
    }

    @Test(arguments: [0, 2, 4]) func `suspended parity leaves a gap in the numbers`(start: Int) throws {
        var encoder = try ParityEncoder(dataShards: 5, parityShards: 2)
        var sent = protect([[UInt8]](repeating: [1], count: start), with: &encoder, now: Self.now)
        encoder.isSuspended = true
        #expect(encoder.packetCapacity(freeSlots: 5) == 5, "nothing else goes into the slab")
        sent += protect([[UInt8]](repeating: [2], count: 7 - start), with: &encoder, now: Self.now)
        encoder.isSuspended = false
        sent += protect([[UInt8]](repeating: [3], count: 8), with: &encoder, now: Self.now)
        let numbers = sent.map(\.shardHeader?.sequenceNumber)
        // The group that was begun without parity stays without.
        #expect(numbers == [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20])
        #expect(encoder.statistics.parityPackets == 2 && encoder.statistics.skippedGroups == 2)
        #expect(sent.suffix(2).allSatisfy { $0.shardHeader?.kind == .parity })
    }

    /// Two groups that show the counts; then four segments and six small packets that go out twice, between others without
    /// parity.
    private static func groupAmongOthers() throws -> (plain: [[UInt8]], group: [[UInt8]], all: [[UInt8]]) {
        var encoder = try ParityEncoder(dataShards: 10, parityShards: 3)
        let random = SeededRandomSource(seed: 4)
        let others = random.packets(40, byteCounts: 1000...1300)
        let beginning = protect(Array(others[..<20]), with: &encoder, now: Self.now)
        encoder.isSuspended = true
        let before = beginning + protect(Array(others[20..<33]), with: &encoder, now: Self.now)
        let plain = random.packets(4, byteCounts: 1300...1300) + random.packets(6, byteCounts: 24...24)
        var slab = PacketSlab(slotCount: 19)
        for packet in plain { slab.append(packet) }
        encoder.protectGroup(&slab, repeating: 6, now: Self.now)
        let after = protect(Array(others[33...]), with: &encoder, now: Self.now)
        #expect(encoder.isSuspended && encoder.statistics.protectedGroups == 3)
        return (plain, slab.datagrams, before + slab.datagrams + after)
    }

    @Test func `a group of its own begins with the numbers of the next one`() throws {
        let (_, group, all) = try Self.groupAmongOthers()
        let numbers = group.map { $0.shardHeader?.sequenceNumber }
        #expect(numbers == Array(52...64) + Array(56...61))
        #expect(group.suffix(6) == group[4..<10], "the small ones again")
        #expect(all[26..<39].map { $0.shardHeader?.sequenceNumber } == Array(26...35) + [39, 40, 41])
        #expect(all.suffix(7).map { $0.shardHeader?.sequenceNumber } == (65...71).map { $0 })
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `of a group of its own three may get lost, and the original rebuilds nothing twice`(seed: UInt64) throws {
        let (plain, _, all) = try Self.groupAmongOthers()
        let random = SeededRandomSource(seed: seed)
        // Of the small ones both.
        let lost = Set((0..<3).map { _ in random.integer(in: 52...64) }.map { UInt32($0) })
        var original = OriginalDecoder(dataShards: 10, parityShards: 3)
        var decoder = try ParityDecoder(dataShards: 10, parityShards: 3)
        var rebuilt: [[UInt8]] = []
        for packet in all where packet.shardHeader.map({ !lost.contains($0.sequenceNumber) }) ?? true {
            rebuilt += original.handle(packet)
            _ = decode([packet], with: &decoder)
        }
        #expect(!original.isMistuned)
        #expect(rebuilt == lost.filter { $0 < 62 }.sorted().map { plain[Int($0) - 52] }, "seed \(seed)")
        #expect(decoder.statistics.recoveredPackets == UInt64(rebuilt.count), "seed \(seed)")
    }

    @Test func `a receiver with unknown counts gets data with number 0`() {
        var encoder = ParityEncoder()
        let packets = SeededRandomSource(seed: 2).packets(30, byteCounts: 100...200)
        let sent = protect(packets, with: &encoder, now: Self.now)
        #expect(sent.map { Array($0[8...]) } == packets)
        #expect(sent.allSatisfy { $0.shardHeader == ShardHeader(sequenceNumber: 0, kind: .data) })
        #expect(encoder.packetCapacity(freeSlots: 7) == 7)
        #expect(encoder.statistics.dataPackets == 30)
    }

    @Test(arguments: [(0, 0), (1, 7), (9, 7)])
    func `groups begin behind the one that the numberless packets belong to`(earlier: Int, first: UInt32) throws {
        var encoder = ParityEncoder()
        _ = protect([[UInt8]](repeating: [1], count: earlier), with: &encoder, now: Self.now)
        try encoder.startGroups(dataShards: 5, parityShards: 2)
        let sent = protect([[UInt8]](repeating: [2], count: 5), with: &encoder, now: Self.now)
        #expect(sent.map(\.shardHeader?.sequenceNumber) == (first..<first + 7).map { $0 })
        #expect(sent.map(\.shardKind) == [.data, .data, .data, .data, .data, .parity, .parity])
        #expect(encoder.statistics.dataPackets == UInt64(earlier) + 5)
    }

    @Test func `counts that make no code are refused`() throws {
        var encoder = ParityEncoder()
        #expect(throws: ShardCountError.self) { try encoder.startGroups(dataShards: 200, parityShards: 100) }
        let isGrouping = encoder.isGrouping
        #expect(!isGrouping)
    }

    /// Whatever counts a decoder starts from: it rebuilds nothing, and reads the parity that comes later.
    @Test(arguments: Ratio.samples)
    func `our decoder is not misled by packets without groups`(_ ratio: Ratio) throws {
        let random = SeededRandomSource(seed: 4)
        var encoder = ParityEncoder()
        var decoder = try ParityDecoder(dataShards: ratio.data, parityShards: ratio.parity)
        let ungrouped = protect(random.packets(100, byteCounts: 24...1400), with: &encoder, now: Self.now)
        #expect(decode(ungrouped, with: &decoder).isEmpty)
        try encoder.startGroups(dataShards: ratio.data, parityShards: ratio.parity)
        // With one data shard the first of all gets no parity.
        let confirming = random.packets((ratio.leadingGroupCount + 1) * ratio.data, byteCounts: 24...1400)
        #expect(decode(protect(confirming, with: &encoder, now: Self.now), with: &decoder).isEmpty)
        let packets = random.packets(ratio.data, byteCounts: 24...1400)
        let sent = protect(packets, with: &encoder, now: Self.now)
        #expect(decode(Array(sent.dropFirst()), with: &decoder) == [packets[0]])
        #expect(decoder.statistics.ratioChanges == 0)
    }

    /// What a client of the original gets that we follow, on a link that loses, repeats and reorders: first packets
    /// without groups, then groups in its own counts.
    @Test(arguments: [Ratio(1, 1), Ratio(2, 1), Ratio(3, 2), Ratio(5, 5), Ratio(10, 3)], UInt64(1)...20)
    func `the original's decoder rebuilds only what was sent`(_ ratio: Ratio, seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        var encoder = ParityEncoder()
        let packets = random.packets(90, byteCounts: 24...40)
        var sent = protect(Array(packets[..<30]), with: &encoder, now: Self.now)
        try encoder.startGroups(dataShards: ratio.data, parityShards: ratio.parity)
        sent += protect(Array(packets[30...]), with: &encoder, now: Self.now)
        var decoder = OriginalDecoder(dataShards: ratio.data, parityShards: ratio.parity)
        let rebuilt = random.scrambled(sent).flatMap { decoder.handle($0) }
        #expect(!decoder.isMistuned)
        #expect(!rebuilt.isEmpty, "the parity is of no use")
        #expect(Set(rebuilt).isSubset(of: packets))
    }

    /// Before its counts are known nothing that it gets may look like a group to it.
    @Test(arguments: [Ratio(1, 1), Ratio(2, 1), Ratio(3, 2), Ratio(5, 5), Ratio(10, 3)])
    func `the original's decoder rebuilds nothing from packets without groups`(_ ratio: Ratio) {
        let random = SeededRandomSource(seed: 6)
        var encoder = ParityEncoder()
        let sent = protect(random.packets(300, byteCounts: 24...40), with: &encoder, now: Self.now)
        var decoder = OriginalDecoder(dataShards: ratio.data, parityShards: ratio.parity)
        #expect(random.scrambled(sent).allSatisfy { decoder.handle($0).isEmpty })
        #expect(!decoder.isMistuned)
    }

    @Test(arguments: [1, 2, 9, 10, 11, 20]) func `packets of the largest size stay in their slots`(count: Int) throws {
        let longest = PacketSlab.slotStride - PacketSlab.headroom
        let random = SeededRandomSource(seed: 5)
        let packets = (0..<count).map { random.bytes($0 % 2 == 0 ? longest : 1) }
        var encoder = try ParityEncoder(dataShards: 10, parityShards: 3)
        let out = protect(packets, with: &encoder, now: Self.now)
        let data = out.filter { $0.shardKind == .data }
        #expect(data.map { Array($0[8...]) } == packets)
    }

    @Test(arguments: [Ratio(1, 1), Ratio(3, 2), Ratio(10, 3), Ratio(2, 5)], 0...12)
    func `the capacity is the most that fits with the parity it completes`(_ ratio: Ratio, earlier: Int) throws {
        var encoder = try ParityEncoder(dataShards: ratio.data, parityShards: ratio.parity)
        _ = protect([[UInt8]](repeating: [1], count: earlier), with: &encoder, now: Self.now)
        for freeSlots in 0...60 {
            let fits = (0...freeSlots).filter { count in
                count + ratio.parity * ((earlier % ratio.data + count) / ratio.data) <= freeSlots
            }
            #expect(encoder.packetCapacity(freeSlots: freeSlots) == fits.max(), "\(freeSlots) free slots")
        }
        #expect(encoder.packetCapacity(freeSlots: 1 + ratio.parity) >= 1)
    }

    @Test(arguments: [(499, true), (500, false), (60_000, false)])
    func `a late last packet gets no parity, but its numbers are used up`(gap: Int, hasParity: Bool) throws {
        var encoder = try ParityEncoder(dataShards: 2, parityShards: 2)
        _ = protect([[1]], with: &encoder, now: Self.now)
        let second = protect([[2]], with: &encoder, now: Self.now.advanced(milliseconds: gap))
        #expect(second.count == (hasParity ? 3 : 1))
        #expect(encoder.statistics.skippedGroups == (hasParity ? 0 : 1))
        #expect(encoder.statistics.protectedGroups == (hasParity ? 1 : 0))
        let third = protect([[3]], with: &encoder, now: Self.now.advanced(milliseconds: gap))
        #expect(third[0].shardHeader == ShardHeader(sequenceNumber: 4, kind: .data))
    }

    @Test func `the bytes of parity packets are counted`() throws {
        var encoder = try ParityEncoder(dataShards: 2, parityShards: 3)
        let sent = protect([[1], [2], [3], [4, 5, 6], [7]], with: &encoder, now: Self.now)
        let parity = sent.filter { $0.shardKind == .parity }
        #expect(encoder.statistics.parityBytes == UInt64(parity.reduce(0) { $0 + $1.count }))
        #expect(encoder.memoryByteCount > 0)
    }

    @Test func `an empty burst changes nothing`() throws {
        var encoder = try ParityEncoder(dataShards: 2, parityShards: 1)
        #expect(protect([], with: &encoder, now: Self.now).isEmpty)
        #expect(encoder.statistics == ParityEncoder.Statistics())
    }

    @Test func `a start in the middle of a group traps`() async {
        await #expect(processExitsWith: .failure) {
            _ = try ParityEncoder(dataShards: 2, parityShards: 1, firstSequenceNumber: 1)
        }
    }

    @Test func `statistics add up`() {
        var total = ParityEncoder.Statistics()
        total.dataPackets = 1
        var other = ParityEncoder.Statistics()
        (other.dataPackets, other.parityPackets, other.skippedGroups) = (2, 3, 4)
        (other.parityBytes, other.protectedGroups) = (5, 6)
        total += other
        #expect((total.dataPackets, total.parityPackets, total.skippedGroups) == (3, 3, 4))
        #expect((total.parityBytes, total.protectedGroups) == (5, 6))
    }
}
