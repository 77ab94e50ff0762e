import PacketPrimitives

/// What the sockets of this module do alike: many messages per system call, errors that cost a datagram and never the
/// socket, options that are tried, and counting.
protocol BatchedSocket: AnyObject {
    var descriptor: Int32 { get }
    var family: PeerAddress.Family { get }
    var localAddress: PeerAddress { get }
    var statistics: DatagramStatistics { get set }
    /// What the kernel has granted, bytes, in the same measure as `DatagramSocketOptions`.
    var sendBufferByteCount: Int { get set }
    var receiveBufferByteCount: Int { get set }
    var bufferShortfalls: [BufferShortfall] { get set }
    /// Options that the kernel refused and that the socket works without.
    var refusedOptions: [SystemError] { get set }
    /// For tests: asked before every call that sends; an error number is taken as the kernel's answer.
    var sendFault: ((SendAttempt) -> Int32?)? { get }
    var outgoing: OutgoingMessages { get set }
    /// The kernel's last report of lost messages, modulo 2³².
    var queueOverflowCount: UInt32 { get set }
    /// How a batch cuts up its memory for what this socket reads.
    var layout: ReceiveBatch.Layout { get }

    /// Puts the datagrams of a message that the kernel has read into the batch.
    func place(_ message: ReceiveBatch.KernelMessage, in batch: inout ReceiveBatch) -> ReceiveBatch.Tally
}
