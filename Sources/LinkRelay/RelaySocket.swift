import CDatagramSyscalls
import DatagramIO
import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A UDP socket of this machine with what is about to leave through it.
final class RelaySocket {
    /// Enough for the datagrams that arrive while the relay's thread waits for a core.
    private static let bufferByteCount = 4 << 20
    private static let slotCount = 64

    let socket: DatagramSocket
    private var outgoing = PacketSlab(slotCount: RelaySocket.slotCount)
    private var destination: PeerAddress?
    /// Datagrams that the system did not take.
    private(set) var refusedCount: UInt64 = 0

    /// A socket bound to 127.0.0.1, or the address `host` behind that, and `port`; 0 lets the system choose. With `peer` it
    /// talks to that port of 127.0.0.1 only.
    init(host: UInt32 = 0, port: UInt16 = 0, peer: UInt16? = nil) throws(RelayError) {
        do throws(SystemError) {
            self.socket = try DatagramSocket.bind(
                to: .loopback(host: host, port: port),
                options: DatagramSocketOptions(
                    sendBufferByteCount: Self.bufferByteCount, receiveBufferByteCount: Self.bufferByteCount))
            if let peer { try self.socket.connect(to: .loopback(port: peer)) }
        } catch {
            throw RelayError(error)
        }
    }

    deinit { self.socket.close() }

    /// Notes a datagram for `flush`: to `destination`, or to the connected port.
    func append(_ datagram: RawSpan, to destination: PeerAddress? = nil) {
        if destination != self.destination || self.outgoing.freeSlotCount == 0 { self.flush() }
        self.destination = destination
        self.outgoing.takeSlot(byteCount: datagram.byteCount)
        let target = unsafe self.outgoing.pointer(at: self.outgoing.count - 1)
        unsafe datagram.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress { unsafe target.copyMemory(from: source, byteCount: bytes.count) }
        }
    }

    /// Sends what has been noted.
    func flush() {
        guard !self.outgoing.isEmpty else { return }
        if case .blocked(let next) = self.socket.send(self.outgoing, to: self.destination) {
            self.refusedCount += UInt64(self.outgoing.count - next)
        }
        self.outgoing.removeAll()
    }
}

/// A device that gives and takes one IP packet per call.
struct RelayDevice {
    let descriptor: Int32

    /// The next packet that waits; `nil` if there is none.
    func receive(into buffer: inout [UInt8]) -> Int? {
        let count = unsafe read(self.descriptor, &buffer, buffer.count)
        return count > 0 ? count : nil
    }

    /// `false` if the system did not take it.
    func send(_ packet: RawSpan) -> Bool {
        unsafe packet.withUnsafeBytes { unsafe write(self.descriptor, $0.baseAddress, $0.count) == $0.count }
    }
}

extension PeerAddress {
    /// 127.0.0.1.
    static func loopback(host: UInt32 = 0, port: UInt16) -> PeerAddress { .ipv4(0x7F00_0001 + host, port: port) }
}

/// Waits until a descriptor is readable or the time is over; `nil`: without a limit.
func waitForDescriptors(_ pollSet: inout [pollfd], microseconds: Int?) {
    #if os(Linux)
        _ = unsafe datagram_wait(&pollSet, UInt32(pollSet.count), Int64(microseconds ?? -1))
    #else
        // It counts in milliseconds: a datagram leaves up to one late.
        _ = unsafe poll(&pollSet, nfds_t(pollSet.count), microseconds.map { Int32(clamping: ($0 + 999) / 1000) } ?? -1)
    #endif
}
