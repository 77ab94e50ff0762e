import PacketPrimitives
import Testing

@testable import FakeTCP

@Suite struct FlowTableTests {
    private static let start = Instant(milliseconds: 1_000_000)

    private static func peer(_ number: Int) -> PeerAddress { .ipv4(0x0A00_0000 + UInt32(number), port: 4000) }

    private static func after(_ milliseconds: Int) -> Instant { self.start.advanced(milliseconds: milliseconds) }

    /// The flow to peer `number`, if there is one.
    private static func flow(_ number: Int, _ table: inout FlowTable, at time: Instant = Self.start) -> Flow? {
        table.flow(answering: self.peer(number), now: time)
    }

    /// Lets peers send a segment of 10 bytes each.
    private static func hear(_ numbers: Range<Int>, _ table: inout FlowTable, at time: Instant = Self.start) {
        let header = SegmentHeader(
            sourcePort: 4000, destinationPort: 29900, sequence: 100, acknowledgement: 500, flags: .datagram)
        for number in numbers {
            table.handleSegment(header, payloadByteCount: 10, from: self.peer(number), now: time)
        }
    }

    @Test func `who has not been heard of has no flow`() {
        var table = FlowTable()
        let flow = Self.flow(1, &table)
        #expect(flow == nil)
        table.advance(Self.peer(1), by: 10)
        #expect(table.count == 0)
    }

    @Test func `who has been heard of can be answered`() {
        var table = FlowTable()
        Self.hear(1..<3, &table)
        let flow = Self.flow(1, &table)
        #expect(flow?.sequence == 500 && flow?.acknowledgement == 110)
        #expect(table.count == 2)
    }

    @Test func `flows are told apart by port too`() {
        var table = FlowTable()
        Self.hear(1..<2, &table)
        var other = Self.peer(1)
        other.port = 4001
        let flow = table.flow(answering: other, now: Self.start)
        #expect(flow == nil)
    }

    @Test func `what is sent is remembered`() {
        var table = FlowTable()
        Self.hear(1..<2, &table)
        _ = Self.flow(1, &table)
        table.advance(Self.peer(1), by: 70)
        let flow = Self.flow(1, &table)
        #expect(flow?.sequence == 570)
    }

    @Test func `segments of an answered peer go to its flow`() {
        var table = FlowTable()
        Self.hear(1..<2, &table)
        _ = Self.flow(1, &table)
        table.advance(Self.peer(1), by: 70)
        Self.hear(1..<2, &table)
        let flow = Self.flow(1, &table)
        #expect(flow?.sequence == 500)
        #expect(table.count == 1)
    }

    // MARK: Forgetting

    @Test func `strangers are bounded in number`() {
        var table = FlowTable()
        Self.hear(0..<100_000, &table)
        #expect(table.count <= FlowTable.strangerCapacity)
    }

    @Test func `strangers do not push out who has been answered`() {
        var table = FlowTable()
        Self.hear(0..<1, &table)
        _ = Self.flow(0, &table)
        Self.hear(1..<10_000, &table)
        let flow = Self.flow(0, &table)
        #expect(flow != nil)
    }

    @Test func `old strangers make room for new ones`() {
        var table = FlowTable()
        Self.hear(0..<FlowTable.strangerCapacity / 2, &table)
        Self.hear(
            FlowTable.strangerCapacity / 2..<FlowTable.strangerCapacity + 1, &table,
            at: Self.after(FlowTable.strangerLifetimeMilliseconds))
        #expect(table.count == FlowTable.strangerCapacity / 2 + 1)
        let old = Self.flow(0, &table)
        let new = Self.flow(FlowTable.strangerCapacity - 1, &table)
        #expect(old == nil && new != nil)
    }

    @Test func `a flood of strangers leaves room for the next one`() {
        var table = FlowTable()
        Self.hear(0..<FlowTable.strangerCapacity, &table)
        Self.hear(5000..<5001, &table)
        let flow = Self.flow(5000, &table)
        #expect(flow != nil)
    }

    @Test(arguments: [(59_999, true), (60_000, false)])
    func `a flow lives for a minute without traffic`(silence: Int, lives: Bool) {
        var table = FlowTable()
        Self.hear(1..<2, &table)
        _ = Self.flow(1, &table)
        // Another client that is answered is the occasion to look.
        Self.hear(2..<3, &table, at: Self.after(silence))
        let later = Self.after(max(silence, FlowTable.lifetimeMilliseconds))
        _ = Self.flow(2, &table, at: lives ? Self.after(silence) : later)
        let flow = Self.flow(1, &table, at: later)
        #expect((flow != nil) == lives)
    }

    @Test func `traffic keeps a flow alive`() {
        var table = FlowTable()
        for second in stride(from: 0, through: 300, by: 10) {
            let time = Self.after(second * 1000)
            Self.hear(1..<2, &table, at: time)
            Self.hear(100 + second..<101 + second, &table, at: time)
            _ = Self.flow(1, &table, at: time)
            _ = Self.flow(100 + second, &table, at: time)
        }
        #expect(table.count < 16)
        let flow = Self.flow(1, &table, at: Self.after(300_000))
        #expect(flow != nil)
    }
}
