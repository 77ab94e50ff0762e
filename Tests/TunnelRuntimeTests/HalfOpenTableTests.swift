import KCP
import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct HalfOpenTableTests {
    private static let start = Instant(milliseconds: 1000)
    private static let challenge = PathChallenge(conversation: 7, token: 9)

    private static func source(_ number: Int) -> PeerAddress { .ipv4(UInt32(number), port: 1) }

    @Test func `what a source sends is kept, up to a limit`() {
        var table = HalfOpenTable()
        _ = table.insert(Self.challenge, usesShards: false, from: Self.source(1), now: Self.start)
        for _ in 0..<10 { table.keep([UInt8](repeating: 3, count: 1000).span.bytes, from: Self.source(1)) }
        table.keep([1].span.bytes, from: Self.source(2))
        let entry = table.remove(Self.source(1))
        #expect(entry?.byteCounts == [1000, 1000, 1000, 1000])
        #expect(entry?.bytes == [UInt8](repeating: 3, count: 4000))
        #expect(table.count == 0)
    }

    @Test func `the oldest make room`() {
        var table = HalfOpenTable()
        for number in 0..<HalfOpenTable.capacity {
            let count = table.insert(Self.challenge, usesShards: false, from: Self.source(number), now: Self.start)
            #expect(count == 0)
        }
        table.remove(Self.source(0))
        let none = table.insert(Self.challenge, usesShards: false, from: Self.source(-1 & 0xFFFF_FFF), now: Self.start)
        let one = table.insert(Self.challenge, usesShards: false, from: Self.source(0xFFFF_FFE), now: Self.start)
        #expect((none, one) == (0, 1))
        #expect(table[Self.source(1)] == nil)
        #expect(table[Self.source(2)] != nil)
        #expect(table.count == HalfOpenTable.capacity)
    }

    @Test func `large packets make room too`() {
        var table = HalfOpenTable()
        let packet = [UInt8](repeating: 1, count: HalfOpenTable.byteLimit)
        for number in 0..<1000 {
            _ = table.insert(Self.challenge, usesShards: true, from: Self.source(number), now: Self.start)
            table.keep(packet.span.bytes, from: Self.source(number))
        }
        #expect(table.count == HalfOpenTable.byteCapacity / HalfOpenTable.byteLimit)
    }

    @Test func `time runs out`() {
        var table = HalfOpenTable()
        _ = table.insert(Self.challenge, usesShards: false, from: Self.source(1), now: Self.start)
        let later = Self.start.advanced(milliseconds: 3000)
        _ = table.insert(Self.challenge, usesShards: false, from: Self.source(2), now: later)
        let end = Self.start.advanced(milliseconds: HalfOpenTable.lifetimeMilliseconds)
        let count = table.removeExpired(now: end)
        #expect(count == 1)
        #expect(table[Self.source(2)] != nil)
    }

    @Test func `one that has gone takes no other with it when its time runs out`() {
        var table = HalfOpenTable()
        _ = table.insert(Self.challenge, usesShards: false, from: Self.source(1), now: Self.start)
        table.remove(Self.source(1))
        let later = Self.start.advanced(milliseconds: HalfOpenTable.lifetimeMilliseconds - 100)
        _ = table.insert(Self.challenge, usesShards: false, from: Self.source(2), now: later)
        let end = Self.start.advanced(milliseconds: HalfOpenTable.lifetimeMilliseconds + 100)
        let count = table.removeExpired(now: end)
        #expect(count == 0)
        #expect(table[Self.source(2)] != nil)
    }
}
