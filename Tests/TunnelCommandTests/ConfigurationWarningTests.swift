import Ciphers
import Testing
import TunnelCommand

@Suite struct ConfigurationWarningTests {
    @Test(
        arguments: [
            (
                .keyTooShortForPermutation(byteCount: 14),
                "QPP Warning: 'key' has size of 14 bytes, required 211 bytes at least"
            ),
            (.fewPads(5), "QPP Warning: QPPCount 5, required 7 at least"),
            (.evenPadCount(8), "QPP Warning: QPPCount 8, choose a prime number for security"),
            (
                .scavengeExceedsExpiry,
                "WARNING: scavengettl is bigger than autoexpire, connections may race hard to use bandwidth.\n"
                    + "Try limiting scavengettl to a smaller value."
            ),
        ] as [(ConfigurationWarning, String)])
    func `the original's warnings keep their words and are printed plainly`(warning: ConfigurationWarning, text: String)
    {
        #expect(warning.description == text)
        #expect(warning.isPrintedPlainly)
    }

    @Test func `a negative rate limit is logged in the original's words`() {
        #expect(ConfigurationWarning.negativeRateLimit(-5).description == "ratelimit -5 is negative, falling back to 0")
        #expect(!ConfigurationWarning.negativeRateLimit(-5).isPrintedPlainly)
    }

    @Test(
        arguments: [
            (.mtuClamped(9000), "1500"), (.receiveWindowClamped(65536), "65535"),
            (.keepAliveEqualsTimeout(30), "use less"),
            (.segmentsTooLong(mtu: 1440), "1492 bytes over IPv4 and 1512 over IPv6"),
            (.segmentsTooLong(mtu: 1500), "use 1428 or less"),
            (.counterLogWithoutPeriod(0), "snmpperiod 0"), (.publicKey, "KCPTUN_KEY"),
            (.shortKey(characterCount: 3), "12 or more"), (.brokenCipher(.xor), "crypt xor is not safe (a fixed pad"),
            (.brokenCipher(.tea), "crypt tea is not safe (TEA with 8"),
        ] as [(ConfigurationWarning, String)])
    func `our own warnings are lines of the log and say what to do`(warning: ConfigurationWarning, text: String) {
        #expect(warning.description.contains(text))
        #expect(!warning.isPrintedPlainly)
    }
}
