import PacketPrimitives

/// The cipher `xor`: every datagram is xored with the same 1500 bytes, derived from the key (protocol 01 §3.3).
final class XORPad: StreamCipher {
    private let pad: [UInt8]

    init(key: [UInt8]) {
        self.pad = KeyDerivation.pbkdf2(
            password: key, salt: "sH3CIVoF#rWLtJo6", rounds: 32, byteCount: PacketSlab.maximumDatagramByteCount)
    }

    func apply(_ datagram: UnsafeMutableRawPointer, byteCount: Int) {
        let pad = self.pad
        precondition(byteCount <= pad.count, "datagram longer than the pad")
        let mask = pad.span
        let bytes = unsafe UnsafeMutableBufferPointer(
            start: datagram.assumingMemoryBound(to: UInt8.self), count: byteCount)
        var target = unsafe bytes.mutableSpan
        for index in 0..<byteCount { target[index] ^= mask[index] }
    }
}
