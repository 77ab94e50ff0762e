package import PacketPrimitives

/// The outermost layer of a datagram: nonce, checksum or tag, and encryption (protocol 01 §3–§5).
///
/// An envelope works on whole bursts, in place, and allocates nothing. It is not thread-safe and stays on its loop;
/// it keeps no state from one datagram to the next, so one serves all sessions of a loop that share a key.
package protocol PacketEnvelope: AnyObject {
    /// Bytes that sealing puts in front of the payload: 20, 12 or 0.
    var headerByteCount: Int { get }
    /// Bytes that sealing puts behind the payload: 16 or 0.
    var trailerByteCount: Int { get }
    /// Where a sealed datagram has 8 random bytes that no other one has; `nil` if there are none. Whoever changes them
    /// without the key breaks the datagram, but for ciphers that hide nothing (xor, none).
    var fingerprintOffset: Int? { get }
    /// Seals every entry from `first` on, an empty one too. The slab needs `headerByteCount` free bytes in front of each and
    /// `trailerByteCount` behind. A datagram that would be longer than the protocol allows is dropped.
    func seal(_ slab: inout PacketSlab, from first: Int)
    /// Drops entries of which the first 12 bytes of the payload, decrypted, are not what `isPlausible` says they may be, and
    /// returns how many. Much cheaper than opening them with a slow cipher, or than looking for the session of what nothing
    /// checks; what is kept has to be opened all the same.
    func screen(_ slab: inout PacketSlab, _ range: Range<Int>, _ isPlausible: (RawSpan) -> Bool) -> Int
    /// Opens the entries of the range: drops what is not ours, shrinks the others to their payload.
    func open(_ slab: inout PacketSlab, _ range: Range<Int>) -> OpenResult
}

extension PacketEnvelope {
    /// An envelope that may not look at what it has not verified keeps everything.
    package func screen(_ slab: inout PacketSlab, _ range: Range<Int>, _ isPlausible: (RawSpan) -> Bool) -> Int { 0 }

    /// Opens every entry from `first` on.
    package func open(_ slab: inout PacketSlab, from first: Int) -> OpenResult {
        self.open(&slab, first..<max(first, slab.count))
    }

    /// Makes room around the payload of every entry from `first` on and has `body` fill it; `body` gets the whole
    /// datagram and its length.
    @inline(__always)
    func sealEach(_ slab: inout PacketSlab, from first: Int, _ body: (UnsafeMutableRawPointer, Int) -> Void) {
        for index in stride(from: first, to: slab.count, by: 1) {
            slab.extendFront(at: index, by: self.headerByteCount)
            slab.extendBack(at: index, by: self.trailerByteCount)
            let byteCount = Int(slab[index].byteCount)
            if byteCount <= PacketSlab.maximumDatagramByteCount {
                unsafe body(slab.pointer(at: index), byteCount)
            } else {
                slab.drop(at: index)
            }
        }
    }

    /// Shrinks what `isGenuine` has opened to its payload, drops the rest, and counts both. `isGenuine` gets the whole
    /// datagram and its length, which covers the envelope and is one that the protocol allows.
    @inline(__always)
    func openEach(
        _ slab: inout PacketSlab, _ range: Range<Int>, _ isGenuine: (UnsafeMutableRawPointer, Int) -> Bool
    ) -> OpenResult {
        var result = OpenResult()
        let overhead = self.headerByteCount + self.trailerByteCount
        for index in range {
            let byteCount = Int(slab[index].byteCount)
            if byteCount == 0 { continue }
            if byteCount < overhead {
                result.tooShort += 1
                slab.drop(at: index)
            } else if byteCount <= PacketSlab.maximumDatagramByteCount,
                unsafe isGenuine(slab.pointer(at: index), byteCount)
            {
                result.opened += 1
                slab.dropFront(at: index, by: self.headerByteCount)
                slab.setByteCount(at: index, to: byteCount - overhead)
            } else {
                result.failedChecksum += 1
                slab.drop(at: index)
            }
        }
        return result
    }
}

/// What became of the datagrams of a burst. Entries that had been dropped before are in none of the counts.
package struct OpenResult: Equatable, Sendable {
    /// Genuine datagrams, now shrunk to their payload.
    package var opened = 0
    /// Shorter than the envelope itself (dropped without notice, protocol 01 §7).
    package var tooShort = 0
    /// Checksum or tag wrong: another key or cipher, or damage on the way.
    package var failedChecksum = 0
    /// Copies of genuine datagrams, which only a `ReplayWindow` tells from these.
    package var replayed = 0

    package init(opened: Int = 0, tooShort: Int = 0, failedChecksum: Int = 0, replayed: Int = 0) {
        self.opened = opened
        self.tooShort = tooShort
        self.failedChecksum = failedChecksum
        self.replayed = replayed
    }

    package static func += (left: inout OpenResult, right: OpenResult) {
        left.opened += right.opened
        left.tooShort += right.tooShort
        left.failedChecksum += right.failedChecksum
        left.replayed += right.replayed
    }
}
