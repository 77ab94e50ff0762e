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
    /// The second part of a nonce, where senders that count have their counter.
    let fingerprintOffset: Int? = 4
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
        unsafe self.sealEach(&slab, from: first) { datagram, byteCount in
            unsafe self.sealDatagram(datagram, byteCount: byteCount)
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
        unsafe self.openEach(&slab, range) { datagram, byteCount in
            unsafe self.cipher.open(
                datagram + self.headerByteCount, byteCount: byteCount - self.headerByteCount - self.trailerByteCount,
                nonce: datagram)
        }
    }
}
