import PacketPrimitives

/// Turns whole datagrams, nonce included, into cipher text and back; in place, the length stays.
protocol DatagramCipher: AnyObject {
    /// Where in the nonce the 8 bytes are that nobody can change without spoiling the checksum.
    var fingerprintOffset: Int { get }
    /// Encrypts every entry from `first` on that has not been dropped.
    func encrypt(_ slab: inout PacketSlab, from first: Int)
    /// Decrypts one datagram of 20 to 1500 bytes.
    func decrypt(_ datagram: UnsafeMutableRawPointer, byteCount: Int)
}

extension DatagramCipher {
    /// CFB with blocks of 8 bytes goes wrong behind a change in the second block of the nonce, but not in the first;
    /// with blocks of 16 bytes anywhere.
    var fingerprintOffset: Int { 8 }
}

/// The envelope of the block and stream ciphers: nonce 16 | crc32 4 | payload, all of it encrypted (protocol 01 §3).
final class ChecksummedEnvelope: PacketEnvelope {
    private static let nonceByteCount = 16

    let headerByteCount = 20
    let trailerByteCount = 0
    var fingerprintOffset: Int? { self.cipher.fingerprintOffset }
    private let cipher: any DatagramCipher
    private let nonces: any NonceSource

    init(cipher: any DatagramCipher, nonces: any NonceSource) {
        self.cipher = cipher
        self.nonces = nonces
    }

    func seal(_ slab: inout PacketSlab, from first: Int) {
        unsafe self.sealEach(&slab, from: first) { datagram, byteCount in
            unsafe self.writeHeader(datagram, byteCount: byteCount)
        }
        self.cipher.encrypt(&slab, from: first)
    }

    private func writeHeader(_ datagram: UnsafeMutableRawPointer, byteCount: Int) {
        let checksum = unsafe self.checksum(datagram, byteCount: byteCount)
        unsafe datagram.storeBytes(of: self.nonces.next(), as: Nonce.self)
        unsafe datagram.storeBytes(of: checksum.littleEndian, toByteOffset: Self.nonceByteCount, as: UInt32.self)
    }

    /// The CRC of the payload alone; nonce and CRC field do not count.
    @inline(__always)
    private func checksum(_ datagram: UnsafeRawPointer, byteCount: Int) -> UInt32 {
        unsafe CRC32.checksum(datagram + self.headerByteCount, byteCount: byteCount - self.headerByteCount)
    }

    /// Longer datagrams than the protocol allows are not genuine: the original cuts them, and then they fail.
    func open(_ slab: inout PacketSlab, _ range: Range<Int>) -> OpenResult {
        unsafe self.openEach(&slab, range) { datagram, byteCount in
            unsafe self.cipher.decrypt(datagram, byteCount: byteCount)
            let stored = unsafe datagram.loadUnaligned(fromByteOffset: Self.nonceByteCount, as: UInt32.self)
            return unsafe UInt32(littleEndian: stored) == self.checksum(datagram, byteCount: byteCount)
        }
    }

    /// The envelope's header and as much of the payload as tells what it is; whole blocks of every cipher.
    private typealias Beginning = SIMD32<UInt8>

    func screen(_ slab: inout PacketSlab, _ range: Range<Int>, _ isPlausible: (RawSpan) -> Bool) -> Int {
        var count = 0
        for index in range where slab[index].byteCount >= MemoryLayout<Beginning>.size {
            var beginning = unsafe slab.pointer(at: index).loadUnaligned(as: Beginning.self)
            let isKept = unsafe withUnsafeMutableBytes(of: &beginning) { bytes in
                unsafe self.cipher.decrypt(bytes.baseAddress.unsafelyUnwrapped, byteCount: bytes.count)
                return unsafe isPlausible(RawSpan(_unsafeBytes: bytes).extracting(droppingFirst: self.headerByteCount))
            }
            if isKept { continue }
            slab.drop(at: index)
            count += 1
        }
        return count
    }
}
