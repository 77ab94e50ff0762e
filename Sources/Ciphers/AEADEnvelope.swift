import CGcrypt
import PacketPrimitives

/// The envelope of AES-128-GCM: nonce 12 | cipher text | tag 16, no associated data (protocol 01 §4).
final class AEADEnvelope: PacketEnvelope {
    let headerByteCount = 12
    let trailerByteCount = 16
    private let cipher: CipherHandle
    private let nonces: any NonceSource

    init(key: [UInt8], nonces: any NonceSource) {
        self.cipher = CipherHandle(GCRY_CIPHER_AES, GCRY_CIPHER_MODE_GCM, key: key)
        self.nonces = nonces
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
        let payload = unsafe datagram + self.headerByteCount
        let payloadByteCount = byteCount - self.headerByteCount - self.trailerByteCount
        unsafe withUnsafeBytes(of: self.nonces.next()) { nonce in
            unsafe datagram.copyMemory(from: nonce.baseAddress.unsafelyUnwrapped, byteCount: self.headerByteCount)
        }
        unsafe self.cipher.start(iv: datagram, byteCount: self.headerByteCount)
        unsafe self.cipher.encrypt(payload, byteCount: payloadByteCount)
        unsafe self.cipher.writeTag(to: payload + payloadByteCount, byteCount: self.trailerByteCount)
    }

    func open(_ slab: inout PacketSlab, from first: Int) -> OpenResult {
        var result = OpenResult()
        let overhead = self.headerByteCount + self.trailerByteCount
        for index in stride(from: first, to: slab.count, by: 1) {
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
        let payload = unsafe datagram + self.headerByteCount
        let payloadByteCount = byteCount - self.headerByteCount - self.trailerByteCount
        unsafe self.cipher.start(iv: datagram, byteCount: self.headerByteCount)
        unsafe self.cipher.decrypt(payload, byteCount: payloadByteCount)
        return unsafe self.cipher.isTagValid(payload + payloadByteCount, byteCount: self.trailerByteCount)
    }
}
