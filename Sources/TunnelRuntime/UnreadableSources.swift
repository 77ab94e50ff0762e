import PacketPrimitives
import TunnelCore

/// Who sends datagrams that cannot be read: the sign of a wrong key or cipher, which the original left unsaid
/// (protocol 08 B1).
///
/// Counted by host, as a client that tries again comes from another port. Only the busiest few are kept, so that forged
/// addresses cost nothing. A single stray datagram is not worth a line.
struct UnreadableSources {
    /// What has come from a host since it was reported last.
    struct Report: Equatable {
        /// Where the last datagram came from.
        var address: PeerAddress
        var datagramCount: Int
        /// What opens one of them; `nil` if nothing that was tried does.
        var diagnosis: DatagramDiagnosis?
    }

    private struct Source {
        var address: PeerAddress
        var unreportedCount = 0
        var sample = Sample.missing
        var lastReport: Instant?
    }

    private enum Sample: Equatable {
        case missing
        case examined(DatagramDiagnosis?)
    }

    static let capacity = 8
    static let leastCount = 3
    /// Between two reports about the same host, and about any.
    static let intervalMilliseconds = 60_000
    static let pauseMilliseconds = 2000

    private var sources: [Source] = []
    /// Where the last datagram came from.
    private var latest: PeerAddress?
    private var lastReport: Instant?
    private var lastExamination: Instant?

    /// `count` more datagrams from there could not be read.
    mutating func note(_ count: Int, from address: PeerAddress) {
        let index = self.index(of: address) ?? self.makeSource(address)
        self.latest = address
        self.sources[index].address = address
        self.sources[index].unreportedCount += count
    }

    private func index(of address: PeerAddress) -> Int? {
        self.sources.firstIndex { Self.isSameHost($0.address, address) }
    }

    private static func isSameHost(_ left: PeerAddress, _ right: PeerAddress) -> Bool {
        left.high == right.high && left.low == right.low && left.family == right.family && left.scope == right.scope
    }

    /// When there is no room the source with the least to report goes.
    private mutating func makeSource(_ address: PeerAddress) -> Int {
        guard self.sources.count == Self.capacity else {
            self.sources.append(Source(address: address))
            return self.sources.count - 1
        }
        var least = 0
        for index in 1..<Self.capacity
        where self.sources[index].unreportedCount < self.sources[least].unreportedCount {
            least = index
        }
        self.sources[least] = Source(address: address)
        return least
    }

    /// The address whose next datagram should be examined, as it is before any attempt to open it.
    func wantedSample(now: Instant) -> PeerAddress? {
        if let last = self.lastExamination, now.milliseconds(since: last) < Self.pauseMilliseconds { return nil }
        guard let latest, let index = self.index(of: latest), self.sources[index].sample == .missing else { return nil }
        return latest
    }

    /// A datagram from there has been examined.
    mutating func noteSample(_ diagnosis: DatagramDiagnosis?, from address: PeerAddress, now: Instant) {
        self.lastExamination = now
        guard let index = self.index(of: address) else { return }
        self.sources[index].sample = .examined(diagnosis)
    }

    /// What is to be said now; `nil` for nothing.
    mutating func takeReport(now: Instant) -> Report? {
        if let last = self.lastReport, now.milliseconds(since: last) < Self.pauseMilliseconds { return nil }
        guard let index = self.sources.firstIndex(where: { Self.isDue($0, now: now) }),
            case .examined(let diagnosis) = self.sources[index].sample
        else { return nil }
        defer {
            self.lastReport = now
            self.sources[index].lastReport = now
            self.sources[index].unreportedCount = 0
            self.sources[index].sample = .missing
        }
        return Report(
            address: self.sources[index].address, datagramCount: self.sources[index].unreportedCount,
            diagnosis: diagnosis)
    }

    private static func isDue(_ source: Source, now: Instant) -> Bool {
        guard source.sample != .missing, source.unreportedCount >= Self.leastCount else { return false }
        guard let last = source.lastReport else { return true }
        return now.milliseconds(since: last) >= Self.intervalMilliseconds
    }
}
