import Ciphers
import DatagramIO
import PacketPrimitives

/// Says, now and then, that datagrams fail the cipher's check: the sign of a wrong key, which the original left
/// unsaid (protocol 08 B1).
struct ChecksumReport {
    private let cipher: CipherSuite
    private var unreported = 0
    private var lastReport: Instant?
    private static let intervalMilliseconds = 10_000

    init(cipher: CipherSuite) { self.cipher = cipher }

    /// Counts the failures of a batch; returns a line for the log when it is time for one.
    mutating func note(_ result: OpenResult, _ batch: borrowing ReceiveBatch, now: Instant) -> String? {
        self.unreported += result.failedChecksum
        if let last = self.lastReport, now.milliseconds(since: last) < Self.intervalMilliseconds { return nil }
        guard let source = Self.source(of: batch) else { return nil }
        defer { self.unreported = 0 }
        self.lastReport = now
        return "\(self.unreported) datagrams failed the \(self.cipher.name) check, the last from \(source): "
            + "-key or -crypt differs between the two ends, or it is not kcptun"
    }

    /// Where a datagram came from that did not pass.
    private static func source(of batch: borrowing ReceiveBatch) -> PeerAddress? {
        for message in batch.messages {
            for entry in message.entries where batch.slab[entry].byteCount == 0 { return message.source }
        }
        return nil
    }
}
