import DatagramIO
import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Datagrams of given lengths with random content, to be sent and compared with what arrives.
struct Burst {
    /// The datagrams, those of length zero included.
    let datagrams: [[UInt8]]

    init(lengths: [Int], seed: UInt64 = 1) {
        let random = SeededRandomSource(seed: seed)
        self.datagrams = lengths.map { length in
            [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
                var target = MutableRawSpan(_unsafeElements: buffer)
                random.fill(&target)
                count = length
            }
        }
    }

    /// What a receiver shall see.
    var arrivals: [[UInt8]] { self.datagrams.filter { !$0.isEmpty } }

    /// The datagrams in a slab; those of length zero are entries that a layer has dropped.
    func slab() -> PacketSlab {
        var slab = PacketSlab(slotCount: max(1, self.datagrams.count))
        for (index, datagram) in self.datagrams.enumerated() {
            slab.takeSlot(byteCount: datagram.count)
            var target = slab.mutableBytes(at: index)
            target.copyBytes(from: datagram.span.bytes)
        }
        return slab
    }
}

/// Everything a socket has received, copied out.
struct Arrivals {
    struct Train: Equatable {
        var source: PeerAddress
        var destination: LocalAddress?
        var datagramCount: Int
    }

    var datagrams: [[UInt8]] = []
    var trains: [Train] = []

    mutating func take(_ batch: inout ReceiveBatch) {
        for message in batch.messages {
            self.trains.append(
                Train(
                    source: message.source, destination: message.destination, datagramCount: message.entries.count))
            for index in message.entries {
                let bytes = batch.slab.bytes(at: index)
                self.datagrams.append(bytes.withUnsafeBytes { Array($0) })
            }
        }
        batch.removeAll()
    }
}

extension DatagramCarrier {
    /// Reads until `count` datagrams have come, or none for a while.
    func receive(count: Int, patienceMilliseconds: Int32 = 5000) -> Arrivals {
        var batch = ReceiveBatch()
        var arrivals = Arrivals()
        while arrivals.datagrams.count < count {
            let result = self.receive(into: &batch)
            arrivals.take(&batch)
            guard result == .drained, arrivals.datagrams.count < count else { continue }
            guard self.waitUntilReadable(milliseconds: patienceMilliseconds) else { break }
        }
        return arrivals
    }

    func waitUntilReadable(milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, milliseconds) == 1
    }

    /// Sends all of a burst on a socket that is never blocked.
    func sendAll(_ burst: Burst, to destination: PeerAddress? = nil, from source: LocalAddress? = nil) -> SendResult {
        self.send(burst.slab(), startingAt: 0, to: destination, from: source)
    }
}

/// A server socket and a client socket that is connected to it.
final class SocketPair {
    let server: DatagramSocket
    let client: DatagramSocket

    init(
        _ family: PeerAddress.Family = .ipv4, client clientPolicy: OffloadPolicy = .probe,
        server serverPolicy: OffloadPolicy = .probe
    ) throws {
        var options = DatagramSocketOptions(receiveBufferByteCount: 4 << 20, offload: serverPolicy)
        self.server = try .bind(to: .loopback(family), options: options)
        options.offload = clientPolicy
        self.client = try .bind(to: .wildcard(family), options: options)
        try self.client.connect(to: self.server.localAddress)
    }

    deinit {
        self.server.close()
        self.client.close()
    }
}

extension PeerAddress {
    static func loopback(_ family: Family, port: UInt16 = 0) -> PeerAddress {
        switch family {
        case .ipv4: .ipv4(0x7F00_0001, port: port)
        case .ipv6: PeerAddress(family: .ipv6, high: 0, low: 1, port: port)
        }
    }

    /// The families whose loopback address this machine has.
    static let usableFamilies: [Family] = [.ipv4, .ipv6].filter { family in
        guard let socket = try? DatagramSocket.bind(to: .loopback(family)) else { return false }
        defer { socket.close() }
        return socket.family == family
    }
}

extension OffloadPolicy {
    /// Every way that datagrams can take.
    static let all: [OffloadPolicy] = [
        .probe,
        OffloadPolicy(allowsCoalescing: false),
        OffloadPolicy(allowsSegmentation: false),
        OffloadPolicy(allowsBatching: false),
        OffloadPolicy(allowsSegmentation: false, allowsCoalescing: false),
        .plain,
    ]

    /// Whether this kernel has UDP_SEGMENT.
    static let isSegmentationAvailable: Bool = {
        guard let socket = try? DatagramSocket.bind(to: .loopback(.ipv4)) else { return false }
        defer { socket.close() }
        return socket.statistics.isSegmentationActive
    }()
}
