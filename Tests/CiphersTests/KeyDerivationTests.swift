import TestSupport
import Testing

@testable import Ciphers

@Suite struct KeyDerivationTests {
    /// RFC 6070.
    @Test(arguments: [
        (UInt(1), "0c60c80f961f0e71f3a9b524af6012062fe037a6"), (2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
        (4096, "4b007901b765489abead49d926f721d065a429c1"),
    ])
    func `PBKDF2 gives its known answers`(rounds: UInt, expected: String) {
        let derived = KeyDerivation.pbkdf2(
            password: Array("password".utf8), salt: "salt", rounds: rounds, byteCount: 20)
        #expect(derived.hex == expected)
    }

    /// RFC 4231 §4.2 and §4.3.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
    ])
    func `HMAC gives its known answers`(key: [UInt8], message: String, expected: String) {
        #expect(KeyDerivation.hmacSHA256(key: key, message: Array(message.utf8)).hex == expected)
    }
}
