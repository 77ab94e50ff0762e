import Ciphers
import PacketPrimitives
import Smux

/// QPP between the application and smux: permutes payload on its way out, and back on its way in (protocol 05 §2.4).
///
/// Each stream has one generator per direction, both started from the key alone.
final class StreamPermutation: StreamSink, StreamSource {
    private let pads: PermutationPads
    private var outgoing: [StreamID: PermutationStream] = [:]
    private var incoming: [StreamID: PermutationStream] = [:]
    /// Where received bytes are changed; frames going out are built there at other times.
    private let scratch: FrameScratch
    private weak var sink: (any StreamSink)?
    private weak var source: (any StreamSource)?

    init(pads: PermutationPads, scratch: FrameScratch) {
        self.pads = pads
        self.scratch = scratch
    }

    /// A sink that hands `sink` the plain bytes.
    func opening(for sink: any StreamSink) -> any StreamSink {
        self.sink = sink
        return self
    }

    /// A source that permutes what `source` gives.
    func sealing(for source: any StreamSource) -> any StreamSource {
        self.source = source
        return self
    }

    func forget(_ id: StreamID) {
        self.outgoing[id] = nil
        self.incoming[id] = nil
    }

    func fill(_ id: StreamID, _ payload: inout MutableRawSpan) {
        self.source?.fill(id, &payload)
        self.outgoing[id, default: PermutationStream(pads: self.pads)].encrypt(&payload)
    }

    func stream(_ id: StreamID, received bytes: RawSpan) {
        let scratch = self.scratch
        var memory = scratch.bytes
        memory.copyBytes(from: bytes)
        var permutation = self.incoming[id] ?? PermutationStream(pads: self.pads)
        var plain = memory._mutatingExtracting(first: bytes.byteCount)
        permutation.decrypt(&plain)
        self.incoming[id] = permutation
        self.sink?.stream(id, received: plain.bytes)
    }

    func streamOpened(_ id: StreamID) { self.sink?.streamOpened(id) }
    func streamFinished(_ id: StreamID) { self.sink?.streamFinished(id) }
    func streamAborted(_ id: StreamID) { self.sink?.streamAborted(id) }
    func peerIntroduced(capabilities: Capabilities) { self.sink?.peerIntroduced(capabilities: capabilities) }
}
