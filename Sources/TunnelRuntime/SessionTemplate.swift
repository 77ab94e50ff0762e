import Ciphers
import PacketPrimitives
import TunnelCore

/// What new sessions of a loop are made with. A reload puts another one in its place; a session keeps the one that it
/// was made with, and with it the envelope that its peer's datagrams fit.
final class SessionTemplate {
    let configuration: SessionConfiguration
    /// Opens and seals for all sessions of the loop with the same cipher and key.
    let envelope: any PacketEnvelope

    private init(configuration: SessionConfiguration, envelope: any PacketEnvelope) {
        self.configuration = configuration
        self.envelope = envelope
    }

    convenience init(configuration: SessionConfiguration, random: any RandomSource) {
        let envelope = configuration.cipher.makeEnvelope(
            key: configuration.derivedKey, nonces: NonceGenerator(seededBy: random))
        self.init(configuration: configuration, envelope: envelope)
    }

    /// The next template; with the same envelope if cipher and key are the same.
    func successor(_ configuration: SessionConfiguration, random: any RandomSource) -> SessionTemplate {
        let isSameKey =
            configuration.cipher == self.configuration.cipher
            && configuration.derivedKey == self.configuration.derivedKey
        return isSameKey
            ? SessionTemplate(configuration: configuration, envelope: self.envelope)
            : SessionTemplate(configuration: configuration, random: random)
    }
}
