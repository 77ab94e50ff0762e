import PacketPrimitives

/// The cipher `none`: nonce and CRC are there, the bytes stay as they are (protocol 01 §3.4).
final class Identity: DatagramCipher {
    func encrypt(_ slab: inout PacketSlab, from first: Int) {}
    func decrypt(_ datagram: UnsafeMutableRawPointer, byteCount: Int) {}
}
