import CPacketKernels
import PacketPrimitives
import Testing

@testable import Ciphers

/// The kernel against its plain twin, libgcrypt's own GCM. On a processor without the instructions there is nothing
/// to test: the twin does all the work there, and the vectors test that one.
@Suite(.enabled(if: KernelGCM.isAvailable)) struct KernelGCMTests {
    private static let seed: UInt64 = 20_261_121
    private static let tagByteCount = 16

    private let random = SeededRandomSource(seed: Self.seed)
    private let key: [UInt8]

    init() { self.key = randomBytes(16, from: self.random) }

    @Test func `datagrams of all lengths are sealed as libgcrypt does`() {
        let kernel = KernelGCM(key: self.key)
        let twin = GcryptGCM(key: self.key)
        for byteCount in 0...1500 {
            let nonce = randomBytes(12, from: self.random)
            let text = randomBytes(byteCount, from: self.random)
            let sealed = kernel.sealed(text, nonce: nonce)
            #expect(sealed == twin.sealed(text, nonce: nonce), "\(byteCount) bytes, seed \(Self.seed)")
        }
    }

    @Test func `many keys give the hash that libgcrypt has`() {
        for _ in 0..<200 {
            let key = randomBytes(16, from: self.random)
            let nonce = randomBytes(12, from: self.random)
            let text = randomBytes(100, from: self.random)
            #expect(
                KernelGCM(key: key).sealed(text, nonce: nonce) == GcryptGCM(key: key).sealed(text, nonce: nonce),
                "seed \(Self.seed)")
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 495, 496, 497, 512, 1326])
    func `what libgcrypt has sealed opens`(byteCount: Int) {
        let nonce = randomBytes(12, from: self.random)
        let text = randomBytes(byteCount, from: self.random)
        let sealed = GcryptGCM(key: self.key).sealed(text, nonce: nonce)
        #expect(KernelGCM(key: self.key).opened(sealed, nonce: nonce) == text)
    }

    @Test(arguments: [0, 1, 40, 1326])
    func `a flipped bit anywhere is found, and the text is left alone`(byteCount: Int) {
        let kernel = KernelGCM(key: self.key)
        let nonce = randomBytes(12, from: self.random)
        let sealed = kernel.sealed(randomBytes(byteCount, from: self.random), nonce: nonce)
        for position in stride(from: 0, to: sealed.count, by: byteCount > 100 ? 37 : 1) {
            var forged = sealed
            forged[position] ^= 1 << UInt8(position % 8)
            #expect(kernel.opened(forged, nonce: nonce) == nil)
        }
        var otherNonce = nonce
        otherNonce[11] ^= 1
        #expect(kernel.opened(sealed, nonce: otherNonce) == nil)
    }

    @Test(arguments: 0...17)
    func `any alignment works and nothing around is touched`(offset: Int) {
        let kernel = KernelGCM(key: self.key)
        let nonce = randomBytes(12, from: self.random)
        for byteCount in [0, 1, 16, 100, 1326] {
            let before = randomBytes(offset + byteCount + Self.tagByteCount + 64, from: self.random)
            var memory = before
            memory.withUnsafeMutableBytes { kernel.seal($0.baseAddress! + offset, byteCount: byteCount, nonce: nonce) }
            let end = offset + byteCount + Self.tagByteCount
            let expected = kernel.sealed(Array(before[offset..<offset + byteCount]), nonce: nonce)
            #expect(Array(memory[offset..<end]) == expected)
            #expect(memory.prefix(offset) == before.prefix(offset))
            #expect(memory.suffix(64) == before.suffix(64))
        }
    }
}

extension AuthenticatedCipher {
    /// Cipher text and tag.
    fileprivate func sealed(_ text: [UInt8], nonce: [UInt8]) -> [UInt8] {
        var memory = text + [UInt8](repeating: 0, count: 16)
        memory.withUnsafeMutableBytes { self.seal($0.baseAddress!, byteCount: text.count, nonce: nonce) }
        return memory
    }

    /// The text; `nil` if the tag is wrong, in which case nothing may have been written.
    fileprivate func opened(_ sealed: [UInt8], nonce: [UInt8]) -> [UInt8]? {
        var memory = sealed
        let byteCount = sealed.count - 16
        let isValid = memory.withUnsafeMutableBytes {
            self.open($0.baseAddress!, byteCount: byteCount, nonce: nonce)
        }
        guard isValid else {
            #expect(memory == sealed)
            return nil
        }
        return Array(memory.prefix(byteCount))
    }
}
