import CGcrypt
import PacketPrimitives

/// Test data that both ends can make from a seed: half of it random, half compressible, in turns of 4 KiB.
enum Payload {
    private static let turnWordCount = 512

    static func make(seed: UInt64, byteCount: Int) -> [UInt8] {
        let random = SeededRandomSource(seed: seed)
        var repeated: UInt64 = 0
        return [UInt8](unsafeUninitializedCapacity: byteCount + 8) { buffer, initializedCount in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            for index in 0..<((byteCount + 7) / 8) {
                let isRandom = (index / Self.turnWordCount).isMultiple(of: 2)
                if isRandom || index.isMultiple(of: 64) { repeated = random.next() }
                bytes.storeBytes(of: repeated.littleEndian, toByteOffset: index * 8, as: UInt64.self)
            }
            initializedCount = byteCount
        }
    }

    /// The first place where the two differ; `nil` if they are equal.
    static func firstDifference(_ left: [UInt8], _ right: [UInt8]) -> Int? {
        if left == right { return nil }
        return zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            ?? min(left.count, right.count)
    }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        _ = Self.isLibraryReady
        var digest = [UInt8](repeating: 0, count: 32)
        gcry_md_hash_buffer(Int32(GCRY_MD_SHA256.rawValue), &digest, bytes, bytes.count)
        return digest
    }

    private static let isLibraryReady = gcry_check_version(nil) != nil
}
