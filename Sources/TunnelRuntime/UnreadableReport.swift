import Ciphers
import DatagramIO
import PacketPrimitives
import TunnelCore

/// Names the cause when datagrams cannot be read: counts them by sender, examines one, and finds the words.
struct UnreadableReport {
    private let configuration: HostConfiguration
    private let log: HostLog
    private var sources = UnreadableSources()
    /// The keys to try, derived, ours first. Deriving takes milliseconds, so it waits for the first need.
    private var keys: [[UInt8]] = []

    init(_ configuration: HostConfiguration, log: HostLog) {
        self.configuration = configuration
        self.log = log
    }

    private var cipher: CipherSuite { self.configuration.session.cipher }

    /// Counts the datagrams of a batch that failed the check, and has the port keep the next one that is worth a look.
    mutating func note(
        _ batch: borrowing ReceiveBatch, at port: DatagramPort, besides replays: borrowing ReplayWindow, now: Instant
    ) {
        for message in batch.messages {
            var count = 0
            for entry in message.entries where batch.slab[entry].byteCount == 0 && !replays.isRepeated(entry) {
                count += 1
            }
            if count > 0 { self.sources.note(count, from: message.source) }
        }
        port.wantedSample = self.sources.wantedSample(now: now)
    }

    /// A packet, read through a cipher without a check, makes no sense. It is its own sample.
    mutating func note(_ packet: RawSpan, from address: PeerAddress, now: Instant) {
        self.sources.note(1, from: address)
        guard self.sources.wantedSample(now: now) == address else { return }
        self.examine([UInt8](copying: packet), from: address, now: now)
    }

    /// Finds out what opens a datagram that we could not open.
    mutating func examine(_ datagram: [UInt8], from address: PeerAddress, now: Instant) {
        guard self.log.limiter.allowsExamination(now: now) else { return }
        if self.keys.isEmpty { self.keys = self.keysToTry }
        self.sources.noteSample(DatagramDiagnosis(of: datagram, keys: self.keys), from: address, now: now)
    }

    private var keysToTry: [[UInt8]] {
        let own = self.configuration.session.derivedKey
        guard let publicKey = self.configuration.publicKey else { return [own] }
        let other = KeyDerivation.derive(from: publicKey)
        return other == own ? [own] : [own, other]
    }

    /// Says what is due.
    /// - Parameter hasSession: whether that address has a working session.
    mutating func report(now: Instant, hasSession: (PeerAddress) -> Bool) {
        guard let report = self.sources.takeReport(now: now) else { return }
        let cause = self.cause(of: report, hasSession: hasSession(report.address))
        self.log.explain(
            "unreadable", about: report.address, now: now,
            "\(report.address) has sent \(report.datagramCount) datagrams that cannot be read: \(cause)")
    }

    private func cause(of report: UnreadableSources.Report, hasSession: Bool) -> String {
        switch report.diagnosis {
        case nil where hasSession:
            return "they arrive damaged, or somebody else uses that address too"
        case nil:
            return "its -key is another (this end: -crypt \(self.cipher.name)), or it is not kcptun;"
                + " give both ends the same -key and -crypt"
        case let diagnosis? where diagnosis.keyIndex == 0:
            return "it uses -crypt \(diagnosis.cipher.name), this end \(self.cipher.name); give both ends the same"
                + self.remark(on: diagnosis.cipher)
        case let diagnosis?:
            let cipher = diagnosis.cipher == self.cipher ? "" : " and -crypt \(diagnosis.cipher.name)"
            return "it uses the default key\(cipher); give both ends the same -key and -crypt"
        }
    }

    /// Releases of the original from before a cipher's time take aes for its name (protocol 07 §2).
    private func remark(on cipher: CipherSuite) -> String {
        guard cipher == .aes, [.aes128GCM, .null, .sm4].contains(self.cipher) else { return "" }
        return " (older releases of the Go program do not know \(self.cipher.name) and take aes)"
    }
}
