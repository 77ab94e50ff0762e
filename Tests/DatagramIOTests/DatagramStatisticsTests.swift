import DatagramIO
import PacketPrimitives
import Testing

@Suite struct DatagramStatisticsTests {
    @Test func `the counts of several sockets add up`() {
        var sum = DatagramStatistics()
        var one = DatagramStatistics()
        one.sentDatagrams = 3
        one.receivedBytes = 10
        one.receiveQueueOverflows = 2
        one.droppedDatagrams = [1: 4, 90: 1]
        one.receiveErrors = [111: 1]
        one.isSegmentationActive = true
        sum += one
        sum += one
        #expect(sum.sentDatagrams == 6 && sum.receivedBytes == 20 && sum.receiveQueueOverflows == 4)
        #expect(sum.droppedDatagrams == [1: 8, 90: 2] && sum.receiveErrors == [111: 2])
        #expect(sum.isSegmentationActive && !sum.isCoalescingActive)
    }

    @Test func `every counter takes part in the sum`() {
        var sum = DatagramStatistics()
        sum += Self.ones
        #expect(Mirror(reflecting: sum).children.allSatisfy { ($0.value as? UInt64) != 0 })
    }

    /// A value with 1 in every counter.
    private static var ones: DatagramStatistics {
        var ones = DatagramStatistics()
        ones.sentDatagrams = 1
        ones.sentBytes = 1
        ones.sentMessages = 1
        ones.sendCalls = 1
        ones.blockedSends = 1
        ones.receivedDatagrams = 1
        ones.receivedBytes = 1
        ones.receivedMessages = 1
        ones.receiveCalls = 1
        ones.oversizeDatagrams = 1
        ones.unplacedDatagrams = 1
        ones.malformedSegments = 1
        ones.receiveQueueOverflows = 1
        ones.turnedAwayMessages = 1
        return ones
    }

    #if os(Linux)
        @Test func `messages that a full receive buffer lost are counted`() throws {
            var options = DatagramSocketOptions(receiveBufferByteCount: 4096, offload: .plain)
            let server = try DatagramSocket.bind(to: .loopback(.ipv4), options: options)
            options.receiveBufferByteCount = nil
            let client = try DatagramSocket.bind(to: .loopback(.ipv4), options: options)
            defer { [server, client].forEach { $0.close() } }
            let burst = Burst(lengths: Array(repeating: 1000, count: 100))
            #expect(client.sendAll(burst, to: server.localAddress) == .complete)
            let count = server.receive(count: 100, patienceMilliseconds: 200).datagrams.count
            // The loss is told with the next datagram that finds room.
            #expect(client.sendAll(Burst(lengths: [10]), to: server.localAddress) == .complete)
            #expect(server.receive(count: 1).datagrams.count == 1)
            #expect(count < 100)
            #expect(server.statistics.receiveQueueOverflows == UInt64(100 - count))
        }
    #endif
}
