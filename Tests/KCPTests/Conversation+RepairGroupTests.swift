import PacketPrimitives
import RateControl
import Testing

@testable import KCP

/// Towards a peer with a window of 50 segments. What gets lost are the first ones of too few to tell a share.
@Suite struct ConversationRepairGroupTests {
    private static let start = Instant(milliseconds: 1000)
    private static let group = RepairGroup(dataShards: 10, parityShards: 3)
    private static let segmentByteCount = 1326

    private let path = PathController(datagramByteCount: 1378, now: Self.start)

    private static func after(_ milliseconds: Int) -> Instant { Self.start.advanced(milliseconds: milliseconds) }

    /// Of two flights of 14 segments the first `lostCount` are lost, which shows at 60 ms.
    private func sender(lostCount: UInt32, group: RepairGroup? = Self.group) -> Conversation {
        var sender = self.sender(flights: [14, 14])
        sender.holdPacket(Self.acknowledgements(Array(lostCount..<28)), now: Self.after(60))
        sender.noteParity(isSent: false, repairGroup: group)
        return sender
    }

    /// Has sent so many segments at 0 ms, 20 ms and so on.
    private func sender(flights: [Int]) -> Conversation {
        let configuration = Configuration(
            mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
            sendWindow: 128, receiveWindow: 128)
        var sender = Conversation(id: 7, configuration: configuration, path: self.path, overheadByteCount: 28)
        for (index, count) in flights.enumerated() {
            sender.write([UInt8](repeating: 1, count: count * Self.segmentByteCount))
            sender.flush(now: Self.after(20 * index))
            _ = sender.drainPackets(now: Self.after(20 * index))
        }
        return sender
    }

    private static func acknowledgements(_ numbers: [UInt32]) -> [UInt8] {
        numbers.flatMap { Segment(.acknowledge, window: 50, time: $0, number: $0).bytes }
    }

    private static func poll(
        _ sender: inout Conversation, room: Int = 64, at milliseconds: Int = 60
    ) -> (repeated: Int?, packets: [[Segment]]) {
        var slab = PacketSlab(slotCount: 80)
        let repeated = sender.pollRepairGroup(into: &slab, room: room, now: Self.after(milliseconds))
        let packets = (0..<slab.count).map { slab.bytes(at: $0).withUnsafeBytes { [UInt8]($0) } }
        return (repeated, packets.map { Segment.all(in: [$0]) })
    }

    @Test func `lost segments have a packet each, and the other places say nothing`() {
        var sender = self.sender(lostCount: 8)
        let (repeated, packets) = Self.poll(&sender)
        #expect(repeated == 2)
        #expect(packets.map(\.count) == [Int](repeating: 1, count: 10))
        #expect(packets.prefix(8).compactMap(\.first?.header.number) == Array(0..<8))
        #expect(packets.prefix(8).allSatisfy { $0.first?.header.command == Command.push.rawValue })
        #expect(packets.suffix(2).allSatisfy { $0.first?.header.command == Command.tellWindow.rawValue })
        let (statistics, room) = (sender.statistics, sender.segmentRoom)
        #expect(statistics.retransmittedSegments == 8)
        #expect(room == 50, "they count as arrived")
        #expect(Self.poll(&sender).repeated == nil)
        let rest = sender.drainPackets(now: Self.after(60)).count
        #expect(rest == 0, "no copies follow")
    }

    @Test(arguments: [(1, 64), (8, 12)] as [(UInt32, Int)])
    func `otherwise there are copies`(lostCount: UInt32, room: Int) {
        var sender = self.sender(lostCount: lostCount)
        let (repeated, packets) = Self.poll(&sender, room: room)
        #expect(repeated == nil && packets.isEmpty)
        let numbers = Segment.all(in: sender.drainPackets(now: Self.after(60))).map(\.header.number)
        #expect(numbers == Array(0..<lostCount) + Array(0..<lostCount))
    }

    @Test func `what datagrams of acknowledgements show within a millisecond goes into one group`() {
        var sender = self.sender(flights: [10, 10, 8])
        sender.noteParity(isSent: false, repairGroup: Self.group)
        sender.holdPacket(Self.acknowledgements(Array(3..<10) + Array(12..<20)), now: Self.after(80))
        let early = Self.poll(&sender, at: 80).packets.count + sender.drainPackets(now: Self.after(80)).count
        #expect(early == 0)
        sender.holdPacket(Self.acknowledgements(Array(20..<28)), now: Self.after(81))
        let deadline = sender.nextTimeout
        #expect(deadline == Self.after(80).advanced(microseconds: 1500))
        sender.handleTimeout(now: Self.after(82))
        let packets = Self.poll(&sender, at: 82).packets
        #expect(packets.prefix(5).compactMap(\.first?.header.number) == [0, 1, 2, 10, 11])
    }

    @Test func `without parity that the peer can read there is no group`() {
        var sender = self.sender(lostCount: 8, group: nil)
        #expect(Self.poll(&sender).repeated == nil)
    }

    /// All of a group might get lost at once.
    @Test func `where losses come in bursts there is no group`() {
        var sender = self.sender(lostCount: 18)
        #expect(Self.poll(&sender).repeated == nil)
    }
}
