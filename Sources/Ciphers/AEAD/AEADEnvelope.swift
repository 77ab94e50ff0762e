import PacketPrimitives

/// Encrypts and authenticates one datagram at a time, in place, without associated data. The tag stands right behind
/// the text, and the nonce before the datagram is the caller's.
protocol AuthenticatedCipher: AnyObject {
    /// Encrypts `byteCount` bytes at `text` and writes the 16 bytes of the tag behind them.
    func seal(_ text: UnsafeMutableRawPointer, byteCount: Int, nonce: UnsafeRawPointer)
    /// Decrypts `byteCount` bytes at `text` if the tag behind them is right; says whether it is. What the bytes are
    /// afterwards is undefined if not.
    func open(_ text: UnsafeMutableRawPointer, byteCount: Int, nonce: UnsafeRawPointer) -> Bool
}

/// The envelope of AES-128-GCM: nonce 12 | cipher text | tag 16, no associated data (protocol 01 §4).
final class AEADEnvelope: PacketEnvelope {
    static let nonceByteCount = 12
    static let tagByteCount = 16

    let headerByteCount = AEADEnvelope.nonceByteCount
    let trailerByteCount = AEADEnvelope.tagByteCount
    private let cipher: any AuthenticatedCipher
    private let nonces: any NonceSource

    init(cipher: any AuthenticatedCipher, nonces: any NonceSource) {
        self.cipher = cipher
        self.nonces = nonces
    }

    /// With the fastest implementation that this processor can run.
    convenience init(key: [UInt8], nonces: any NonceSource) {
        self.init(cipher: KernelGCM.isAvailable ? KernelGCM(key: key) : GcryptGCM(key: key), nonces: nonces)
    }

    func seal(_ slab: inout PacketSlab, from first: Int) {
        for index in stride(from: first, to: slab.count, by: 1) {
            slab.extendFront(at: index, by: self.headerByteCount)
            slab.extendBack(at: index, by: self.trailerByteCount)
            let byteCount = Int(slab[index].byteCount)
            guard byteCount <= PacketSlab.maximumDatagramByteCount else {
                slab.drop(at: index)
                continue
            }
            unsafe self.sealDatagram(slab.pointer(at: index), byteCount: byteCount)
        }
    }

    private func sealDatagram(_ datagram: UnsafeMutableRawPointer, byteCount: Int) {
        unsafe withUnsafeBytes(of: self.nonces.next()) { nonce in
            unsafe datagram.copyMemory(from: nonce.baseAddress.unsafelyUnwrapped, byteCount: self.headerByteCount)
        }
        unsafe self.cipher.seal(
            datagram + self.headerByteCount, byteCount: byteCount - self.headerByteCount - self.trailerByteCount,
            nonce: datagram)
    }

    func open(_ slab: inout PacketSlab, _ range: Range<Int>) -> OpenResult {
        var result = OpenResult()
        let overhead = self.headerByteCount + self.trailerByteCount
        for index in range {
            let byteCount = Int(slab[index].byteCount)
            if byteCount == 0 { continue }
            if byteCount < overhead {
                result.tooShort += 1
                slab.drop(at: index)
            } else if unsafe self.openDatagram(slab.pointer(at: index), byteCount: byteCount) {
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

    /// Decrypts one datagram and says whether it is genuine.
    private func openDatagram(_ datagram: UnsafeMutableRawPointer, byteCount: Int) -> Bool {
        guard byteCount <= PacketSlab.maximumDatagramByteCount else { return false }
        return unsafe self.cipher.open(
            datagram + self.headerByteCount, byteCount: byteCount - self.headerByteCount - self.trailerByteCount,
            nonce: datagram)
    }
}
