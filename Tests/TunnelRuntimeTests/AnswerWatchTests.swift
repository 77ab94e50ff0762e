import PacketPrimitives
import Testing

@testable import TunnelRuntime

@Suite struct AnswerWatchTests {
    private func second(_ number: Int) -> Instant { Instant(milliseconds: UInt64(number) * 1000) }

    private func facts(_ isWaiting: Bool, _ packetCount: UInt64, _ hasHeardFrames: Bool) -> AnswerWatch.Facts {
        AnswerWatch.Facts(isWaiting: isWaiting, packetCount: packetCount, hasHeardFrames: hasHeardFrames)
    }

    /// What a watch finds when it looks once a second, from second 1 on.
    private func findings(_ facts: [AnswerWatch.Facts]) -> [Int: AnswerWatch.Finding] {
        var watch = AnswerWatch()
        watch.start(now: self.second(0))
        var findings: [Int: AnswerWatch.Finding] = [:]
        for (index, facts) in facts.enumerated() {
            if let finding = watch.check(facts, now: self.second(index + 1)) { findings[index + 1] = finding }
        }
        return findings
    }

    @Test func `silence is found after four seconds, and once`() {
        #expect(self.findings((1...20).map { _ in self.facts(true, 0, false) }) == [4: .silence])
    }

    @Test func `an answer ends it, and the next silence is found again`() {
        let facts = (1...20).map { second in self.facts(true, second < 8 ? 0 : 3, second >= 8) }
        #expect(self.findings(facts) == [4: .silence, 8: .answersAgain, 12: .silence])
    }

    @Test func `a server that keeps answering is not silent`() {
        #expect(self.findings((1...20).map { self.facts(true, UInt64($0), true) }).isEmpty)
    }

    @Test func `nothing owed is no silence`() {
        #expect(self.findings((1...20).map { _ in self.facts(false, 7, true) }).isEmpty)
    }

    @Test func `acknowledgements alone are found after four seconds`() {
        let facts = (1...14).map { self.facts(false, 3, $0 >= 11) }
        #expect(self.findings(facts) == [4: .missingFrames, 11: .answersAgain])
    }

    /// It has answered, so the key fits: silence afterwards is not to be taken for a wrong key.
    @Test func `a server that acknowledges once and never speaks lacks frames, whatever else it lacks`() {
        let facts = (1...20).map { _ in self.facts(true, 1, false) }
        #expect(self.findings(facts) == [4: .missingFrames])
    }

    @Test func `a refusal by the system that lasts is found as late as a silence, instead of it`() {
        var watch = AnswerWatch()
        watch.start(now: self.second(0))
        let refusals = [watch.noteRefusal(packetCount: 0), watch.noteRefusal(packetCount: 0)]
        #expect(refusals == [true, false])
        let findings = (1...20).map { watch.check(self.facts(true, 0, false), now: self.second($0)) }
        #expect(findings.firstIndex(of: .refusal) == 3)
        #expect(findings.compactMap(\.self) == [.refusal])
        let last = watch.check(self.facts(false, 1, true), now: self.second(21))
        #expect(last == .answersAgain)
    }

    @Test func `what had come before a refusal is no answer to it`() {
        var watch = AnswerWatch()
        watch.start(now: self.second(0))
        _ = watch.noteRefusal(packetCount: 7)
        let findings = (1...3).map { watch.check(self.facts(true, $0 < 3 ? 7 : 8, true), now: self.second($0)) }
        #expect(findings == [nil, nil, .answersAgain])
    }

    @Test func `a sign of life is sent once, two seconds after the beginning, if only acknowledgements come`() {
        var watch = AnswerWatch()
        watch.start(now: self.second(0))
        let facts = self.facts(false, 1, false)
        let probes = (1...10).filter { second in
            _ = watch.check(facts, now: self.second(second))
            return watch.wantsProbe(facts, now: self.second(second))
        }
        #expect(probes == [2])
        var other = AnswerWatch()
        _ = other.check(self.facts(false, 1, true), now: self.second(1))
        let wantsProbe = other.wantsProbe(self.facts(false, 1, true), now: self.second(9))
        #expect(!wantsProbe)
    }

    @Test func `it rests when nothing is owed and the server is known to speak`() {
        var watch = AnswerWatch()
        #expect(watch.isSettled(self.facts(false, 1, true)))
        #expect(!watch.isSettled(self.facts(true, 1, true)))
        #expect(!watch.isSettled(self.facts(false, 1, false)))
        _ = watch.noteRefusal(packetCount: 1)
        #expect(!watch.isSettled(self.facts(false, 1, true)))
    }
}
