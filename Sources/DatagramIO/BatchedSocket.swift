import PacketPrimitives

/// What the sockets of this module do alike: many messages per system call, errors that cost a datagram and never the
/// socket, options that are tried, and counting.
protocol BatchedSocket: AnyObject {
    var descriptor: Int32 { get }
    var family: PeerAddress.Family { get }
    var localAddress: PeerAddress { get }
    var statistics: DatagramStatistics { get set }
    var granted: GrantedOptions { get set }
    /// For tests: asked before every call that sends; an error number is taken as the kernel's answer.
    var sendFault: ((SendAttempt) -> Int32?)? { get }
    var outgoing: OutgoingMessages { get set }
    var drops: KernelDrops { get set }
    /// How a batch cuts up its memory for what this socket reads.
    var layout: ReceiveBatch.Layout { get }

    /// Puts the datagrams of a message that the kernel has read into the batch.
    func place(_ message: ReceiveBatch.KernelMessage, in batch: inout ReceiveBatch) -> ReceiveBatch.Tally

    func close()
}

extension BatchedSocket {
    /// The socket, once `prepare` is done with it; closed again if that fails.
    func orClosed(_ prepare: (Self) throws(SystemError) -> Void) throws(SystemError) -> Self {
        do throws(SystemError) {
            try prepare(self)
            return self
        } catch {
            self.close()
            throw error
        }
    }
}
