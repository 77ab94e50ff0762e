import TestSupport
import Testing

@testable import Ciphers

@Suite struct SHA256Tests {
    /// FIPS 180-4, examples of NIST.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `known messages have their known digests`(message: String, expected: String) {
        var digest = SHA256()
        digest.update(Array(message.utf8).span.bytes)
        #expect(digest.finish().hex == expected)
    }

    @Test(arguments: [1, 63, 64, 65, 1000])
    func `the cut into pieces makes no difference`(pieceByteCount: Int) {
        let message = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
        var whole = SHA256()
        whole.update(message.span.bytes)
        var pieces = SHA256()
        for start in stride(from: 0, to: message.count, by: pieceByteCount) {
            pieces.update(Array(message[start..<min(start + pieceByteCount, message.count)]).span.bytes)
        }
        let (first, second) = (whole.finish(), pieces.finish())
        #expect(first == second)
    }
}
