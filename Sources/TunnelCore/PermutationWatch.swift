import Ciphers
import PacketPrimitives
import Smux

/// Finds out whether the peer permutes payload (QPP) as this end does. A mismatch does not show on the wire: the
/// applications get garbage (protocol 00).
///
/// A program of ours says what it does. Of the original only the payload speaks: if the beginning of a stream is that of
/// a well-known application as it came but not with QPP undone, the peer does not use QPP, and the other way round. The
/// watch looks at the first few streams of a session only.
final class PermutationWatch: StreamSink {
    /// What has come out so far.
    enum Finding: Equatable {
        case nothing
        /// Looks like a mismatch.
        case suspected
        /// The peer has said that it does what we do.
        case agreed
        /// The peer has said that it does not.
        case mismatch
    }

    private static let streamLimit = 4
    /// A session that has carried so much on fewer streams works.
    private static let pieceLimit = 1000

    private let permutes: Bool
    /// Undoes QPP: with our pads, or with those of the default count if this end does not use QPP.
    private let pads: PermutationPads?
    /// Where everything is handed on to, unless the peer has said that it would be garbage. Set during a call only: a weak
    /// reference would make every use of the sink slower for as long as it lives.
    var sink: (any StreamSink)?
    private var inspected: [StreamID] = []
    private var pieceCount = 0
    private(set) var finding = Finding.nothing

    init(permutes: Bool, pads: PermutationPads?) {
        self.permutes = permutes
        self.pads = pads
    }

    /// There is nothing more to be found out.
    var isDone: Bool {
        self.finding != .nothing || self.inspected.count == Self.streamLimit || self.pieceCount == Self.pieceLimit
    }

    func stream(_ id: StreamID, received bytes: RawSpan) {
        guard self.finding != .mismatch else { return }
        if !self.isDone { self.inspect(id, bytes) }
        self.sink?.stream(id, received: bytes)
    }

    private func inspect(_ id: StreamID, _ bytes: RawSpan) {
        self.pieceCount += 1
        guard !self.inspected.contains(id) else { return }
        self.inspected.append(id)
        if self.isSuspicious(bytes) { self.finding = .suspected }
    }

    private func isSuspicious(_ bytes: RawSpan) -> Bool {
        guard let pads else { return false }
        var prefix = [UInt8](repeating: 0, count: min(bytes.byteCount, StreamSignature.byteCount))
        for index in prefix.indices { prefix[index] = bytes.littleEndian(at: index) }
        let looksPlain = StreamSignature.matches(prefix[...], byteCount: bytes.byteCount)
        var permutation = PermutationStream(pads: pads)
        var span = prefix.mutableSpan
        var memory = unsafe span.mutableBytes
        permutation.decrypt(&memory)
        let looksPermuted = StreamSignature.matches(prefix[...], byteCount: bytes.byteCount)
        return self.permutes ? looksPlain && !looksPermuted : looksPermuted && !looksPlain
    }

    func peerIntroduced(capabilities: Capabilities) {
        self.finding = capabilities.contains(.permutes) == self.permutes ? .agreed : .mismatch
        if self.finding == .agreed { self.sink?.peerIntroduced(capabilities: capabilities) }
    }

    func streamOpened(_ id: StreamID) {
        if self.finding != .mismatch { self.sink?.streamOpened(id) }
    }

    func streamFinished(_ id: StreamID) { self.sink?.streamFinished(id) }
    func streamAborted(_ id: StreamID) { self.sink?.streamAborted(id) }
}
