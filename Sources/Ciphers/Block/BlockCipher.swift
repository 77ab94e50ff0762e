/// A block of a block cipher, as a number to xor: 8 or 16 bytes in memory order.
protocol CipherBlock: BitwiseCopyable {
    static var zero: Self { get }
    static func ^ (left: Self, right: Self) -> Self
}

/// The block of Blowfish, CAST5, 3DES, TEA and XTEA.
typealias Block64 = UInt64
/// The block of AES, SM4 and Twofish.
typealias Block128 = SIMD2<UInt64>

extension Block64: CipherBlock {}
extension Block128: CipherBlock {}

/// A keyed block cipher, in the two shapes in which CFB needs it: many independent blocks at once, and one chain.
protocol BlockCipher: ~Copyable {
    associatedtype Block: CipherBlock

    /// From this many packets on, encrypting them in step (`encryptBlocks`) is faster than one after the other
    /// (`encryptChain`). Measured for each cipher.
    var minimumBatch: Int { get }

    /// Encrypts `count` independent blocks. Both buffers must have room for `batchPadding` more blocks, whose
    /// contents may be overwritten; those of `blocks` in front stay. `count` is at least 1.
    func encryptBlocks(_ blocks: UnsafeMutablePointer<Block>, into result: UnsafeMutablePointer<Block>, count: Int)

    /// CFB encryption in place, with one block of initialisation vector.
    func encryptChain(_ bytes: UnsafeMutableRawPointer, byteCount: Int, iv: UnsafeRawPointer)

    /// CFB decryption in place, with one block of initialisation vector.
    func decryptChain(_ bytes: UnsafeMutableRawPointer, byteCount: Int, iv: UnsafeRawPointer)
}

/// How many blocks `encryptBlocks` may round up to.
let batchPadding = 8

/// Xors bytes in place with the first bytes of a mask: the rest of a datagram that is shorter than a block.
@inline(__always)
func xor(_ bytes: UnsafeMutableRawPointer, byteCount: Int, with mask: UnsafeRawBufferPointer) {
    for index in 0..<byteCount {
        let byte = unsafe bytes.load(fromByteOffset: index, as: UInt8.self) ^ mask[index]
        unsafe bytes.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
    }
}
