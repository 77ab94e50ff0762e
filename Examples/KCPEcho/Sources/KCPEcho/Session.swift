import KCP
import NIOCore
import PacketPrimitives

/// One KCP conversation at work. All calls come from one event loop.
///
/// The conversation has no clock and no socket. What it asks for is: pass the time in; after every call that changes
/// something poll packets until there are none; come back at `nextTimeout`.
final class Session {
    private var conversation: Conversation
    private var packets = PacketSlab(slotCount: 64)
    private let loop: any EventLoop
    private let send: (ByteBuffer) -> Void
    private var timer: Scheduled<Void>?

    /// `id` is a number that both ends know the conversation by; `send` sends a datagram to the other end.
    init(id: UInt32, on loop: any EventLoop, send: @escaping (ByteBuffer) -> Void) {
        self.conversation = Conversation(
            id: id, configuration: Configuration(profile: .fast2, mtu: 1400, sendWindow: 128, receiveWindow: 128))
        self.loop = loop
        self.send = send
    }

    var statistics: Statistics { self.conversation.statistics }

    /// Sends bytes of the stream.
    func write(_ bytes: ByteBuffer) {
        self.conversation.write(bytes.readableBytesSpan)
        self.conversation.flush(now: .now)
        self.sendPackets()
    }

    /// Takes a datagram; returns the bytes of the stream that are in order with it.
    func read(_ datagram: ByteBuffer) -> ByteBuffer {
        var stream = ByteBuffer()
        _ = self.conversation.handlePacket(datagram.readableBytesSpan, isRecovered: false, now: .now) { bytes in
            stream.writeBytes(bytes)
            return true
        }
        self.sendPackets()
        return stream
    }

    private func sendPackets() {
        while self.conversation.pollPackets(into: &self.packets, limit: self.packets.capacity, now: .now) > 0 {
            for index in 0..<self.packets.count {
                var datagram = ByteBuffer()
                datagram.writeBytes(self.packets.bytes(at: index))
                self.send(datagram)
            }
            self.packets.removeAll()
        }
        self.setTimer()
    }

    private func setTimer() {
        self.timer?.cancel()
        self.timer = self.conversation.nextTimeout.map { time in
            self.loop.assumeIsolated().scheduleTask(deadline: time.deadline) {
                self.conversation.handleTimeout(now: .now)
                self.sendPackets()
            }
        }
    }

    /// Ends the timer, which keeps the session alive.
    func stop() { self.timer?.cancel() }
}

extension Instant {
    /// The event loops' clock.
    static var now: Instant { Instant(microseconds: NIODeadline.now().uptimeNanoseconds / 1000) }

    fileprivate var deadline: NIODeadline { .uptimeNanoseconds(self.microseconds * 1000) }
}
