import Testing

@testable import KCP

@Suite struct AcknowledgementCoverageTests {
    /// A datagram: new tags in order of arrival, then known ones the other way round.
    private static func list(_ coverage: inout AcknowledgementCoverage, new: Range<UInt32>, known: Range<UInt32>) {
        for tag in new { _ = coverage.note(tag, isRepeated: false) }
        for tag in known.reversed() { _ = coverage.note(tag, isRepeated: true) }
    }

    @Test func `what lies between two datagrams that do not reach each other may be untold`() {
        var coverage = AcknowledgementCoverage()
        Self.list(&coverage, new: 10..<20, known: 0..<10)
        coverage.endDatagram()
        Self.list(&coverage, new: 60..<80, known: 60..<60)
        #expect(coverage.mayBeUntold(30, hurry: true))
        #expect(!coverage.mayBeUntold(15, hurry: true))
        #expect(!coverage.mayBeUntold(70, hurry: true))
    }

    @Test func `what two datagrams both reach has been told of`() {
        var coverage = AcknowledgementCoverage()
        Self.list(&coverage, new: 10..<20, known: 0..<10)
        coverage.endDatagram()
        Self.list(&coverage, new: 30..<40, known: 12..<20)
        #expect(!coverage.mayBeUntold(25, hurry: true))
    }

    @Test func `a short list has everything`() {
        var coverage = AcknowledgementCoverage()
        Self.list(&coverage, new: 10..<20, known: 0..<10)
        coverage.endDatagram()
        Self.list(&coverage, new: 60..<62, known: 60..<60)
        #expect(!coverage.mayBeUntold(30, hurry: true))
    }

    @Test func `a peer without repetitions may have left a long run untold, not a short one`() {
        var coverage = AcknowledgementCoverage()
        Self.list(&coverage, new: 0..<20, known: 0..<0)
        coverage.endDatagram()
        Self.list(&coverage, new: 25..<45, known: 0..<0)
        #expect(!coverage.mayBeUntold(22, hurry: false))
        coverage.endDatagram()
        Self.list(&coverage, new: 95..<115, known: 0..<0)
        #expect(coverage.mayBeUntold(60, hurry: false))
        #expect(!coverage.mayBeUntold(60, hurry: true))
        #expect(coverage.belated == nil)
        coverage.endDatagram()
        #expect(!coverage.peerRepeats)
    }

    @Test func `a datagram of such a peer that comes late says all there is to say of what it lists`() {
        var coverage = AcknowledgementCoverage()
        Self.list(&coverage, new: 60..<80, known: 0..<0)
        coverage.endDatagram()
        Self.list(&coverage, new: 20..<50, known: 0..<0)
        #expect(coverage.belated?.first == 20 && coverage.belated?.end == 49)
    }

    @Test(arguments: [[UInt32.max, 2], [3, UInt32.max - 1]]) func `a datagram may list tags on both sides of the wrap`(
        tags: [UInt32]
    ) {
        var coverage = AcknowledgementCoverage(firstTag: .max - 10)
        for tag in tags { _ = coverage.note(tag, isRepeated: false) }
        coverage.endDatagram()
        _ = coverage.note(.max - 5, isRepeated: false)
        _ = coverage.note(1, isRepeated: false)
        #expect(coverage.belated?.first == .max - 5 && coverage.belated?.end == 1)
    }

    @Test func `rising tags are new, falling ones may be repeated`() {
        var coverage = AcknowledgementCoverage()
        let rises = [5, 4, 7, 6].map { coverage.note($0, isRepeated: false) }
        #expect(rises == [false, false, true, false])
    }
}
