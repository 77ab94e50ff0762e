import PacketPrimitives
import Testing

@testable import KCP

@Suite struct TimeoutRunsTests {
    private func members(
        _ runs: TimeoutRuns, before number: UInt32, sentBy time: UInt32, _ records: inout SequenceRing<SegmentRecord>
    ) -> [UInt32] {
        var found: [UInt32] = []
        runs.forEach(before: number, sentBy: time, in: &records) { member, _ in found.append(member) }
        return found.sorted()
    }

    @Test(arguments: 1...20)
    func `an ACK finds the members before it that were sent in time`(seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        var records = SequenceRing<SegmentRecord>(capacity: 128)
        var runs = TimeoutRuns()
        var model: [UInt32: UInt32] = [:]
        var now: UInt32 = .max - 200
        for _ in 0..<2000 {
            let number = UInt32(random.number(in: 0...127))
            if model[number] != nil {
                runs.leave(number, in: &records)
                model[number] = nil
            } else {
                records[number].sendTime = now
                runs.join(number, in: &records)
                model[number] = now
            }
            if random.chance(0.2) { now &+= 1 }
            let end = UInt32(random.number(in: 0...128))
            let time = now &- UInt32(random.number(in: 0...60))
            let expected = model.filter { $0.key < end && !time.isBefore($0.value) }.keys.sorted()
            try #require(self.members(runs, before: end, sentBy: time, &records) == expected)
            try #require(runs.isEmpty || !model.isEmpty)
        }
    }
}
