import Ciphers
import KCP
import PacketPrimitives
import Smux
import Testing
import TunnelCore

@testable import TunnelRuntime

@Suite struct SessionTemplateTests {
    private static func configuration(
        key: String = "one", cipher: CipherSuite = .aes, sendWindow: Int = 128
    ) throws -> SessionConfiguration {
        SessionConfiguration(
            role: .server, cipher: cipher, derivedKey: KeyDerivation.derive(from: key), dataShards: 10,
            parityShards: 3, mtu: 1350,
            conversation: KCP.Configuration(
                profile: Profile.allCases[0], mtu: 1350, sendWindow: sendWindow, receiveWindow: 128),
            multiplexer: try Smux.Configuration(), usesCompression: true)
    }

    private let random = SeededRandomSource(seed: 1)

    @Test func `the envelope stays as long as key and cipher do`() throws {
        let first = SessionTemplate(configuration: try Self.configuration(), random: self.random)
        let second = first.successor(try Self.configuration(sendWindow: 256), random: self.random)
        #expect(second.envelope === first.envelope)
        #expect(second.configuration.conversation.sendWindow == 256)
    }

    @Test(arguments: [("two", CipherSuite.aes), ("one", .salsa20)])
    func `another key or cipher has another envelope`(key: String, cipher: CipherSuite) throws {
        let first = SessionTemplate(configuration: try Self.configuration(), random: self.random)
        let second = first.successor(try Self.configuration(key: key, cipher: cipher), random: self.random)
        #expect(second.envelope !== first.envelope)
    }
}
