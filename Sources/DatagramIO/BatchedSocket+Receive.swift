import CDatagramSyscalls
import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension BatchedSocket {
    /// Reads what is waiting, as far as the batch goes, behind what it holds already.
    func readMessages(into batch: inout ReceiveBatch) -> ReceiveResult {
        var errorCount = 0
        while true {
            let freeCount = batch.freeBufferCount(self.layout)
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

    private func callKernel(_ batch: inout ReceiveBatch, count: Int) -> Int {
        self.statistics.receiveCalls += 1
        let messages = unsafe batch.prepareBuffers(count: count)
        return unsafe count > 1
            ? SystemCalls.receiveMessages(self.descriptor, messages, count: count)
            : SystemCalls.receiveOneMessage(self.descriptor, messages)
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
            let message = batch.takeMessage()
            if let count = message.control.droppedCount { self.noteDrops(count) }
            if message.isTruncated {
                tally.oversize += 1
            } else {
                tally += self.place(message, in: &batch)
            }
        }
        self.statistics.receivedMessages += UInt64(count)
        self.note(tally)
    }

    func note(_ tally: ReceiveBatch.Tally) {
        self.statistics.receivedDatagrams += UInt64(tally.datagrams)
        self.statistics.receivedBytes += UInt64(tally.bytes)
        self.statistics.oversizeDatagrams += UInt64(tally.oversize)
        self.statistics.unplacedDatagrams += UInt64(tally.unplaced)
        self.statistics.malformedSegments += UInt64(tally.malformed)
    }

    private func noteDrops(_ count: UInt32) {
        let report = self.drops.note(count)
        if report.areTurnedAway {
            self.statistics.turnedAwayMessages += report.messages
        } else {
            self.statistics.receiveQueueOverflows += report.messages
        }
    }
}
