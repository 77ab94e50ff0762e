import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct NoticeTableTests {
    private func second(_ number: Int) -> Instant { Instant(milliseconds: UInt64(number) * 1000) }

    /// What a table says to the subjects at these seconds.
    private func answers(_ events: [(subject: String, second: Int)]) -> [Int?] {
        var table = NoticeTable()
        return events.map { table.note($0.subject, now: self.second($0.second)) }
    }

    @Test func `the first time is said, the next ones are counted`() {
        let answers = self.answers([("a", 100), ("a", 101), ("a", 159), ("a", 160), ("a", 161), ("a", 999)])
        #expect(answers == [0, nil, nil, 2, nil, 1])
    }

    @Test func `one subject does not silence another`() {
        #expect(self.answers([("a", 1), ("b", 1)]) == [0, 0])
    }

    @Test func `the oldest makes room`() {
        let many = (0...NoticeTable.capacity).map { ("\($0)", $0 / 10) }
        #expect(self.answers(many + [("1", 9), ("0", 9)]).suffix(2) == [nil, 0])
    }
}
