import PacketPrimitives
import Testing

@testable import KCP

@Suite struct ReceiveWindowTests {
    private static func payload(_ number: UInt32) -> [UInt8] {
        [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int(number % 5) * 400)
    }

    @Test(arguments: 1...20)
    func `segments in any order come out in order`(seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        let first = UInt32.max - 500
        let limit = random.number(in: 1...80)
        var window = ReceiveWindow(initialNumber: first, limit: limit)
        var received: [UInt8] = []
        var isOpen = true
        let total: UInt32 = 1000
        var steps = 0
        while window.next != first &+ total || window.readyCount > 0 {
            steps += 1
            try #require(steps < 200_000, "no progress")
            if random.chance(0.02) { isOpen.toggle() }
            let number = window.next &+ UInt32(random.number(in: 0...limit)) &- UInt32(random.number(in: 0...2))
            let offset = number.distance(after: first)
            if window.isBeforeEnd(number), offset >= 0, offset < total {
                _ = window.insert(number, Self.payload(number).span.bytes) { bytes in
                    if isOpen { received += [UInt8](bytes) }
                    return isOpen
                }
            }
            if isOpen {
                while window.readSegment(deliver: {
                    received += [UInt8]($0); return true
                }) {}
            }
            try #require(window.readyCount <= limit && window.waitingCount <= limit)
            try #require(Int(window.free) == limit - window.readyCount)
        }
        #expect(received == (0..<total).flatMap { Self.payload(first &+ $0) })
        #expect(window.waitingCount == 0)
    }

    @Test func `a repeated segment is not stored again`() {
        var window = ReceiveWindow(initialNumber: 0, limit: 4)
        let results = [0, 0, 2, 2].map { window.insert($0, ([1] as [UInt8]).span.bytes) { _ in false } }
        #expect(results == [.taken, .repeated, .taken, .repeated])
        #expect(window.readyCount == 1 && window.waitingCount == 1)
    }

    @Test func `a full ready queue stops the window`() {
        var window = ReceiveWindow(initialNumber: 0, limit: 2)
        for number in UInt32(0)..<4 {
            let isInside = window.isBeforeEnd(number)
            #expect(isInside)
            _ = window.insert(number, [UInt8(number)].span.bytes) { _ in false }
        }
        #expect(window.free == 0 && window.next == 2 && window.waitingCount == 2)
        let isInside = window.isBeforeEnd(4)
        #expect(!isInside)
        var seen: [UInt8] = []
        while window.readSegment(deliver: {
            seen += [UInt8]($0); return true
        }) {}
        #expect(seen == [0, 1, 2, 3] && window.next == 4 && window.free == 2)
    }

    @Test func `an empty segment takes a number and delivers nothing`() {
        var window = ReceiveWindow(initialNumber: 0, limit: 4)
        var calls = 0
        for number: UInt32 in [1, 0] {
            _ = window.insert(number, [UInt8]().span.bytes) { _ in
                calls += 1
                return true
            }
        }
        #expect(window.next == 2 && calls == 0 && window.readyCount == 0)
    }

    @Test func `memory is given back when nothing is held`() {
        var window = ReceiveWindow(initialNumber: 0, limit: 2000)
        for number in UInt32(1)..<1000 { _ = window.insert(number, ([1, 2, 3] as [UInt8]).span.bytes) { _ in true } }
        #expect(window.spareByteCount == 0)
        _ = window.insert(0, ([1] as [UInt8]).span.bytes) { _ in true }
        #expect(window.next == 1000)
        #expect(window.spareByteCount > 999 * BlockPool.blockByteCount)
        window.trim()
        #expect(window.spareByteCount < 1000)
    }

    @Test func `an empty segment that waits holds no payload's memory`() {
        var window = ReceiveWindow(initialNumber: 0, limit: 4)
        let before = window.memoryByteCount
        _ = window.insert(1, [UInt8]().span.bytes) { _ in true }
        #expect(window.waitingCount == 1 && window.memoryByteCount == before)
        _ = window.insert(2, ([1] as [UInt8]).span.bytes) { _ in true }
        #expect(window.memoryByteCount == before + BlockPool.blockByteCount)
    }
}
