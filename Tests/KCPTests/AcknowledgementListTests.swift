import Testing

@testable import KCP

@Suite struct AcknowledgementListTests {
    private func due(_ list: inout AcknowledgementList, expected: UInt32) -> [UInt32] {
        var numbers: [UInt32] = []
        while list.nextDue(expected: expected) != nil { numbers.append(list.removeFirst().number) }
        return numbers
    }

    @Test func `what una covers is left out, but for the last`() {
        var list = AcknowledgementList(limit: 100)
        for number: UInt32 in [0, 1, 5, 2, 7, 3] { list.append(number, time: number + 100) }
        list.release()
        #expect(self.due(&list, expected: 4) == [5, 7, 3])
        #expect(list.count == 0)
    }

    @Test func `entries after the release wait`() {
        var list = AcknowledgementList(limit: 100)
        list.append(5, time: 0)
        list.release()
        list.append(6, time: 0)
        #expect(self.due(&list, expected: 0) == [5])
        #expect(list.count == 1 && list.dueCount == 0)
    }

    @Test func `an entry stays until it is written`() {
        var list = AcknowledgementList(limit: 100)
        list.append(5, time: 9)
        list.release()
        #expect(list.nextDue(expected: 0)?.number == 5)
        #expect(list.nextDue(expected: 0)?.time == 9)
        #expect(list.count == 1)
    }

    @Test func `a full list forgets the oldest`() {
        var list = AcknowledgementList(limit: 20)
        for number in UInt32(0)..<50 { list.append(number, time: 0) }
        list.release()
        #expect(self.due(&list, expected: 0) == Array(30..<50))
    }

    @Test func `trimming keeps the entries`() {
        var list = AcknowledgementList(limit: 1000)
        for number in UInt32(0)..<500 { list.append(number, time: 0) }
        list.release()
        for _ in 0..<490 { _ = list.removeFirst() }
        list.trim()
        #expect(self.due(&list, expected: 0) == Array(490..<500))
    }
}
