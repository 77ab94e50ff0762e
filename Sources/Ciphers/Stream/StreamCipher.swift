import PacketPrimitives

/// A cipher that xors a key stream: encryption and decryption are the same, one datagram at a time.
protocol StreamCipher: DatagramCipher {
    func apply(_ datagram: UnsafeMutableRawPointer, byteCount: Int)
}

extension StreamCipher {
    func encrypt(_ slab: inout PacketSlab, from first: Int) {
        for index in stride(from: first, to: slab.count, by: 1) {
            let byteCount = Int(slab[index].byteCount)
            if byteCount > 0 { unsafe self.apply(slab.pointer(at: index), byteCount: byteCount) }
        }
    }

    func decrypt(_ datagram: UnsafeMutableRawPointer, byteCount: Int) {
        unsafe self.apply(datagram, byteCount: byteCount)
    }
}
