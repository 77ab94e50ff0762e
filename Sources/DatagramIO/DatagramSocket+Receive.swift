import CDatagramSyscalls
package import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// How reading ended.
package enum ReceiveResult: Hashable, Sendable {
    /// Nothing more is waiting.
    case drained
    /// The batch is full and more may be waiting: empty it and call again.
    case full
    /// The socket cannot be read any more; what was read before is in the batch.
    case failed(SystemError)
}

extension DatagramSocket {
    /// Reads what is waiting, as far as the batch goes, behind what it holds already.
    package func receive(into batch: inout ReceiveBatch) -> ReceiveResult {
        let layout: ReceiveBatch.Layout = self.statistics.isCoalescingActive ? .trains : .datagrams
        var errorCount = 0
        while true {
            let freeCount = batch.freeBufferCount(layout)
            guard freeCount > 0 else { return .full }
            let wanted = self.statistics.isBatchingActive ? freeCount : 1
            let count = self.callKernel(&batch, count: wanted)
            if count > 0 {
                self.take(count, from: &batch)
                // The kernel stops early only when there is nothing left, or at an error that the next call reports.
                if wanted > 1, count < wanted { return .drained }
                continue
            }
            errorCount += 1
            if let result = self.result(ofError: Int32(-count), errorCount) { return result }
        }
    }

    /// Takes in a message that somebody else has read from this socket, as an event loop does with the first one.
    /// `segmentByteCount`: it is a train of datagrams of this length (the loop's report of UDP_GRO).
    package func accept(
        _ bytes: RawSpan, segmentByteCount: Int? = nil, from source: PeerAddress, to destination: LocalAddress?,
        into batch: inout ReceiveBatch
    ) {
        let tally = batch.append(bytes, segmentByteCount: segmentByteCount, from: source, to: destination)
        self.statistics.receivedMessages += 1
        self.note(tally)
    }

    private func callKernel(_ batch: inout ReceiveBatch, count: Int) -> Int {
        self.statistics.receiveCalls += 1
        let messages = unsafe batch.prepareBuffers(count: count)
        return unsafe count > 1
            ? Self.receiveMessages(self.descriptor, messages, count: count)
            : Self.receiveOneMessage(self.descriptor, messages)
    }

    @inline(never)
    static func receiveOneMessage(_ descriptor: Int32, _ message: UnsafeMutablePointer<datagram_message>) -> Int {
        let byteCount = unsafe recvmsg(descriptor, &message.pointee.header, 0)
        guard byteCount >= 0 else { return -Int(errno) }
        unsafe message.pointee.byte_count = UInt32(byteCount)
        return 1
    }

    /// What an error means; `nil`: read on. An ICMP message about an earlier datagram is reported once, so there are
    /// few of them in a row.
    private func result(ofError error: Int32, _ errorCount: Int) -> ReceiveResult? {
        switch error {
        case EAGAIN, EWOULDBLOCK: return .drained
        case EINTR: return nil
        case ENOSYS where self.statistics.isBatchingActive:
            self.statistics.isBatchingActive = false
            return nil
        case EBADF, ENOTSOCK, EFAULT, EINVAL, EOPNOTSUPP:
            return .failed(SystemError(call: "receive on \(self.localAddress)", number: error))
        default:
            self.statistics.receiveErrors[error, default: 0] += 1
            return errorCount < 16 ? nil : .drained
        }
    }

    // MARK: Counting

    private func take(_ count: Int, from batch: inout ReceiveBatch) {
        var tally = ReceiveBatch.Tally()
        for _ in 0..<count {
            if let overflowCount = batch.takeBuffer(&tally) { self.noteOverflow(overflowCount) }
        }
        self.statistics.receivedMessages += UInt64(count)
        self.note(tally)
    }

    private func note(_ tally: ReceiveBatch.Tally) {
        self.statistics.receivedDatagrams += UInt64(tally.datagrams)
        self.statistics.receivedBytes += UInt64(tally.bytes)
        self.statistics.oversizeDatagrams += UInt64(tally.oversize)
        self.statistics.unplacedDatagrams += UInt64(tally.unplaced)
    }

    private func noteOverflow(_ count: UInt32) {
        self.statistics.receiveQueueOverflows += UInt64(count &- self.queueOverflowCount)
        self.queueOverflowCount = count
    }
}
