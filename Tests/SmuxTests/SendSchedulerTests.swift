import PacketPrimitives
import Testing

@testable import Smux

@Suite struct SendSchedulerTests {
    /// The slots from the front, which takes them out.
    private func drain(_ list: inout ReadyList) -> [Int] {
        var slots: [Int] = []
        while let slot = list.first {
            slots.append(slot)
            list.setMembership(of: slot, to: false)
        }
        return slots
    }

    private func list(_ slots: [Int]) -> ReadyList {
        var list = ReadyList()
        list.grow(to: 10)
        for slot in slots { list.setMembership(of: slot, to: true) }
        return list
    }

    @Test func `slots come out in the order in which they went in`() {
        var list = self.list([3, 1, 9, 1])
        #expect(self.drain(&list) == [3, 1, 9])
        #expect(list.isEmpty)
    }

    @Test(arguments: [([3, 1, 9], 3, [1, 9]), ([3, 1, 9], 1, [3, 9]), ([3, 1, 9], 9, [3, 1]), ([5], 5, [])])
    func `a slot can be taken out anywhere`(slots: [Int], removed: Int, rest: [Int]) {
        var list = self.list(slots)
        list.setMembership(of: removed, to: false)
        #expect(!list.contains(removed))
        #expect(self.drain(&list) == rest)
    }

    @Test(arguments: [([3, 1, 9], 3, [1, 9, 3]), ([3, 1, 9], 9, [3, 1, 9]), ([5], 5, [5])])
    func `a slot can be moved to the end`(slots: [Int], moved: Int, order: [Int]) {
        var list = self.list(slots)
        list.moveToEnd(moved)
        #expect(self.drain(&list) == order)
    }

    @Test func `new numbers keep the order`() {
        var list = self.list([8, 2, 5])
        list.renumber([-1, -1, 0, -1, -1, 2, -1, -1, 1, -1], slotCount: 3)
        #expect(self.drain(&list) == [1, 0, 2])
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func `it behaves like an array`(seed: UInt64) {
        let random = SeededRandomSource(seed: seed)
        var list = self.list([])
        var model: [Int] = []
        for _ in 0..<2000 {
            let slot = Int(random.next() % 10)
            switch random.next() % 3 {
            case 0:
                list.setMembership(of: slot, to: true)
                if !model.contains(slot) { model.append(slot) }
            case 1:
                list.setMembership(of: slot, to: false)
                model.removeAll { $0 == slot }
            default:
                guard model.contains(slot) else { continue }
                list.moveToEnd(slot)
                model.removeAll { $0 == slot }
                model.append(slot)
            }
            #expect(list.first == model.first)
        }
        #expect(self.drain(&list) == model)
    }

    @Test func `a stream is only where it has something to send`() {
        var scheduler = SendScheduler()
        scheduler.grow(to: 1)
        var state = StreamState(id: StreamID(rawValue: 3), flags: .synchronizePending)
        state.announcedByteCount = 5
        scheduler.update(0, for: state, isWindowed: true)
        #expect(scheduler.control.contains(0) && !scheduler.data.contains(0))
        state.flags = []
        scheduler.update(0, for: state, isWindowed: true)
        #expect(!scheduler.control.contains(0) && scheduler.data.contains(0))
        state.peerWindow = 0
        scheduler.update(0, for: state, isWindowed: true)
        #expect(!scheduler.data.contains(0))
    }
}
