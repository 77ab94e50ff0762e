import Testing

@testable import KCP

@Suite struct LossRunsTests {
    private static func runs(_ tags: some Sequence<Int>) -> LossRuns {
        var runs = LossRuns()
        for tag in tags { runs.note(UInt32(tag)) }
        return runs
    }

    @Test func `losses one by one are no runs`() {
        #expect(!Self.runs(stride(from: 0, to: 2000, by: 20)).areLong)
    }

    @Test func `neither are a few together now and then`() {
        #expect(!Self.runs((0..<60).map { 20 * $0 + $0 % 4 / 3 } + [1300, 1301, 1302]).areLong)
    }

    @Test func `bursts are, until losses have come one by one again`() {
        let bursts = (0..<10).flatMap { burst in (0..<8).map { 300 * burst + $0 } }
        #expect(Self.runs(bursts).areLong)
        #expect(Self.runs(bursts + (0..<60).map { 4000 + 20 * $0 }).areLong == false)
    }
}
