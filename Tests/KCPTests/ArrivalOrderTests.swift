import Testing

@testable import KCP

@Suite struct ArrivalOrderTests {
    /// Feeds segments as (number, time); returns the numbers of the late ones.
    private func late(_ segments: [(UInt32, UInt32)], initialNumber: UInt32 = 0) -> [UInt32] {
        var order = ArrivalOrder(initialNumber: initialNumber)
        return segments.filter { order.isLate($0.0, time: $0.1) }.map(\.0)
    }

    @Test func `segments in order are not late`() {
        #expect(self.late([(0, 100), (1, 100), (2, 130)]) == [])
    }

    @Test func `a segment that was overtaken is not late`() {
        #expect(self.late([(0, 100), (2, 120), (1, 110), (3, 130)]) == [])
        #expect(self.late([(0, 100), (2, 100), (1, 100)]) == [])
    }

    @Test func `a segment that was sent again after later ones is`() {
        #expect(self.late([(0, 100), (2, 120), (3, 121), (1, 180)]) == [1])
    }

    @Test func `the first segment may come late`() {
        #expect(self.late([(1, 100), (0, 150)]) == [0])
    }

    @Test func `numbers and times wrap`() {
        #expect(self.late([(.max, .max), (1, 5), (0, 200)], initialNumber: .max) == [0])
    }
}
