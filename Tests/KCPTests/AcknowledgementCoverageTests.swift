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

    /// What is missing is overdue only when the datagrams that left it out have long come.
    @Test func `what was left out stays untold while others come, until it is told`() {
        var coverage = AcknowledgementCoverage()
        Self.list(&coverage, new: 10..<20, known: 0..<10)
        coverage.endDatagram()
        Self.list(&coverage, new: 60..<70, known: 50..<60)
        coverage.endDatagram()
        Self.list(&coverage, new: 70..<80, known: 54..<70)
        #expect(coverage.mayBeUntold(30, hurry: true))
        #expect(!coverage.mayBeUntold(15, hurry: true) && !coverage.mayBeUntold(52, hurry: true))
        coverage.endDatagram()
        Self.list(&coverage, new: 25..<40, known: 40..<40)
        #expect(!coverage.mayBeUntold(30, hurry: true), "it is not there")
        coverage.endDatagram()
        Self.list(&coverage, new: 80..<90, known: 64..<80)
        #expect(!coverage.mayBeUntold(30, hurry: true))
        #expect(coverage.mayBeUntold(45, hurry: true))
    }

    /// Rebuilt from parity, and come late nevertheless: each of 5 and 7 is acknowledged twice.
    @Test func `a peer that tells of some twice in the order of their arrival does not repeat itself`() {
        var coverage = AcknowledgementCoverage()
        for (tag, isRepeated) in [
            (UInt32(8), false), (5, true), (9, false), (7, true), (8, true), (10, false), (3, true),
        ] {
            _ = coverage.note(tag, isRepeated: isRepeated)
        }
        coverage.endDatagram()
        #expect(!coverage.peerRepeats)
        Self.list(&coverage, new: 10..<12, known: 8..<10)
        coverage.endDatagram()
        #expect(coverage.peerRepeats)
    }

    @Test func `a short list has everything`() {
        var coverage = AcknowledgementCoverage()
        Self.list(&coverage, new: 10..<20, known: 0..<10)
        coverage.endDatagram()
        Self.list(&coverage, new: 60..<62, known: 60..<60)
        #expect(!coverage.mayBeUntold(30, hurry: true))
    }

    /// What the original acknowledges at once fills some datagrams, and the last of them partly.
    @Test func `the datagram behind what is untold may be a short one, if the one before is full`() {
        var coverage = AcknowledgementCoverage()
        Self.list(&coverage, new: 0..<50, known: 0..<0)
        coverage.endDatagram()
        Self.list(&coverage, new: 100..<105, known: 0..<0)
        #expect(coverage.mayBeUntold(60, hurry: false))
        coverage.endDatagram()
        Self.list(&coverage, new: 130..<135, known: 0..<0)
        #expect(!coverage.mayBeUntold(120, hurry: false), "two short ones one after the other")
        #expect(coverage.mayBeUntold(60, hurry: false), "what is overdue only now")
        coverage.endDatagram()
        Self.list(&coverage, new: 50..<90, known: 0..<0)
        #expect(!coverage.mayBeUntold(60, hurry: false), "rebuilt from parity")
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

@Suite struct TagGapsTests {
    /// 10 up to 20, with tags that begin `base` higher.
    private static func gaps(_ base: UInt32 = 0) -> TagGaps {
        var gaps = TagGaps()
        gaps.append(.init(first: base &+ 10, end: base &+ 20))
        return gaps
    }

    private static func tags(_ gaps: TagGaps, _ base: UInt32 = 0) -> [UInt32] {
        (0..<40).filter { gaps.containing(base &+ $0) != nil }
    }

    @Test func `none at first`() { #expect(Self.tags(TagGaps()).isEmpty) }

    @Test(
        arguments: [
            (0, 9, 10...19), (20, 30, 10...19), (5, 12, 13...19), (15, 25, 10...14), (13, 15, 16...19),
            (19, 19, 10...18), (10, 10, 11...19),
        ] as [(UInt32, UInt32, ClosedRange<UInt32>)], [0, UInt32.max - 14])
    func `a part that is told of goes`(told: (UInt32, UInt32, ClosedRange<UInt32>), base: UInt32) {
        var gaps = Self.gaps(base)
        gaps.remove(from: base &+ told.0, through: base &+ told.1)
        #expect(Self.tags(gaps, base) == Array(told.2))
    }

    @Test(arguments: [(10, 19), (0, 30)] as [(UInt32, UInt32)]) func `all of it goes`(told: (UInt32, UInt32)) {
        var gaps = Self.gaps()
        gaps.remove(from: told.0, through: told.1)
        #expect(Self.tags(gaps).isEmpty)
    }

    @Test func `the four latest are known`() {
        var gaps = TagGaps()
        for first in stride(from: 0 as UInt32, to: 30, by: 6) { gaps.append(.init(first: first, end: first + 2)) }
        #expect(Self.tags(gaps) == [6, 7, 12, 13, 18, 19, 24, 25])
    }
}
