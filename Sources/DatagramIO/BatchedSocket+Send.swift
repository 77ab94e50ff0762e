import CDatagramSyscalls
import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A call to the kernel that is about to be made.
package struct SendAttempt: Hashable, Sendable {
    /// How many messages go in one call.
    package var messageCount: Int
    /// How many datagrams the first of them is, and whether the kernel is to cut it into those.
    package var datagramCount: Int
    package var isSegmented: Bool
}

extension BatchedSocket {
    /// Sends the messages that are arranged, as far as their arrangement holds; `false` if the kernel is full.
    func sendOutgoing(_ progress: inout SendProgress) -> Bool {
        var index = 0
        var attempts = 0
        while index < self.outgoing.count {
            let sentCount = self.callKernel(from: index)
            guard sentCount < 0 else {
                self.noteSent(index..<index + sentCount, &progress)
                index += sentCount
                attempts = 0
                continue
            }
            attempts += 1
            let error = Int32(-sentCount)
            switch self.verdict(error, at: index, attempts) {
            case .again: continue
            case .withoutBatching: self.statistics.isBatchingActive = false
            case .blocked:
                self.statistics.blockedSends += 1
                progress.next = self.outgoing[index].entries.lowerBound
                return false
            case .withoutSegmentation:
                progress.repeatTrain(self.outgoing[index].entries, refusedWith: error)
                return true
            case .drop:
                self.noteDropped(self.outgoing[index].datagramCount, error)
                index += 1
                attempts = 0
            }
        }
        progress.advance(to: self.outgoing.nextEntry)
        return true
    }

    private func verdict(_ error: Int32, at index: Int, _ attempts: Int) -> SendVerdict {
        SendVerdict(
            error: error, isSegmented: self.outgoing.isSegmented(at: index),
            isBatched: self.statistics.isBatchingActive, attempts: attempts)
    }

    /// Sends messages from `index` on; how many (at least one), or minus the error number.
    private func callKernel(from index: Int) -> Int {
        self.statistics.sendCalls += 1
        let count = self.statistics.isBatchingActive ? self.outgoing.count - index : 1
        if let sendFault {
            let attempt = SendAttempt(
                messageCount: count, datagramCount: self.outgoing[index].datagramCount,
                isSegmented: self.outgoing.isSegmented(at: index))
            if let error = sendFault(attempt) { return -Int(error) }
        }
        let messages = unsafe self.outgoing.headers(from: index)
        return unsafe count > 1
            ? SystemCalls.sendMessages(self.descriptor, messages, count: count)
            : SystemCalls.sendOneMessage(self.descriptor, messages)
    }

    // MARK: Counting

    private func noteSent(_ messages: Range<Int>, _ progress: inout SendProgress) {
        for index in messages {
            let train = self.outgoing[index]
            self.statistics.sentDatagrams += UInt64(train.datagramCount)
            self.statistics.sentBytes += UInt64(train.byteCount)
        }
        self.statistics.sentMessages += UInt64(messages.count)
        // What was refused as a train goes as single datagrams: then it is trains that do not work here.
        if progress.takeLastingRefusal() { self.statistics.isSegmentationActive = false }
    }

    private func noteDropped(_ count: Int, _ error: Int32) {
        if count > 0 { self.statistics.droppedDatagrams[error, default: 0] += UInt64(count) }
    }

    /// Counts what cannot be sent at all, as if the kernel had refused it with `error`.
    func drop(_ slab: borrowing PacketSlab, startingAt first: Int, _ error: Int32) -> SendResult {
        self.noteDropped((first..<max(first, slab.count)).count { slab[$0].byteCount > 0 }, error)
        return .complete
    }
}

/// How far a slab has been sent, and the train in it that is being repeated as single datagrams.
struct SendProgress {
    /// The first entry that is not done with.
    var next: Int
    /// Up to here entries are sent as single datagrams.
    private(set) var repeatedEnd: Int?
    private var refusal: Int32?

    init(next: Int) { self.next = next }

    var isRepeating: Bool { self.repeatedEnd != nil }

    mutating func repeatTrain(_ entries: Range<Int>, refusedWith error: Int32) {
        self.next = entries.lowerBound
        self.repeatedEnd = entries.upperBound
        self.refusal = error
    }

    mutating func advance(to next: Int) {
        self.next = next
        guard let repeatedEnd, next >= repeatedEnd else { return }
        self.repeatedEnd = nil
        self.refusal = nil
    }

    /// Whether the train that is being repeated was refused for a reason that holds for all trains; once.
    mutating func takeLastingRefusal() -> Bool {
        guard let refusal = self.refusal else { return false }
        self.refusal = nil
        return SendVerdict.isAboutSegmentation(refusal)
    }
}
