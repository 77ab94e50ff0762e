import Ciphers
import DatagramIO
import KCP
import NIOCore
import Smux
import TunnelCore
import TunnelRuntime

extension HostConfiguration {
    /// What the options mean for sessions and sockets. Derives the key, which takes some milliseconds.
    /// - Throws: what a layer has against its settings; the options' own check finds that first.
    init(_ role: TunnelRole, _ settings: some TunnelSettings) throws {
        let options = settings.options
        let link = options.shared.link
        self.init(
            session: try SessionConfiguration(role, settings),
            socket: DatagramSocketOptions(
                sendBufferByteCount: link.socketBufferByteCount, receiveBufferByteCount: link.socketBufferByteCount,
                dscp: link.dscp),
            loopCount: System.coreCount, closeWait: options.closing.closeWaitSeconds,
            publicKey: SecrecyOptions.publicKey, disguisesAsTCP: link.disguisesAsTCP,
            memoryLimit: options.shared.memory.byteCount ?? MachineMemory().defaultLimit)
    }
}

extension SessionConfiguration {
    fileprivate init(_ role: TunnelRole, _ settings: some TunnelSettings) throws {
        let options = settings.options
        let link = options.shared.link
        let secrecy = options.shared.secrecy
        guard let cipher = CipherSuite(name: secrecy.crypt) else { preconditionFailure("the options were checked") }
        self.init(
            role: role, cipher: cipher, derivedKey: KeyDerivation.derive(from: secrecy.key),
            dataShards: link.dataShards, parityShards: link.parityShards, mtu: link.mtu,
            conversation: KCP.Configuration(options, noDelay: settings.noDelay),
            multiplexer: try Smux.Configuration(options.shared.streams),
            usesCompression: !options.shared.streams.disablesCompression,
            permutation: secrecy.usesPermutationPads
                ? try PermutationPads(key: secrecy.key, count: secrecy.permutationPadCount) : nil,
            trialPads: secrecy.usesPermutationPads
                ? nil : try PermutationPads(key: secrecy.key, count: SecrecyOptions.defaultPadCount),
            rateLimit: link.rateLimit > 0 ? link.rateLimit : nil, isStrict: options.shared.streams.isStrict)
        guard let rules = SendingRules(option: link.sendingRules) else {
            preconditionFailure("the options were checked")
        }
        self.rules = rules
        self.automatic = settings.automatic
    }
}

extension KCP.Configuration {
    fileprivate init(_ options: some TunnelOptions, noDelay: NoDelayParameters) {
        self.init(
            mtu: options.shared.link.mtu, noDelay: noDelay.noDelay != 0,
            intervalMilliseconds: noDelay.intervalMilliseconds, fastResend: noDelay.resend,
            congestionControl: noDelay.noCongestionControl == 0, sendWindow: options.windows.sendWindow,
            receiveWindow: options.windows.receiveWindow,
            acknowledgeImmediately: options.shared.link.acknowledgesImmediately)
    }
}

extension Smux.Configuration {
    fileprivate init(_ streams: StreamOptions) throws(Smux.ConfigurationError) {
        try self.init(
            version: streams.smuxVersion, maximumFrameByteCount: streams.frameByteCount,
            receiveBufferByteCount: streams.sessionBufferByteCount,
            streamBufferByteCount: streams.streamBufferByteCount,
            keepAliveIntervalSeconds: streams.keepAliveSeconds,
            keepAliveTimeoutSeconds: streams.keepAliveTimeoutSeconds)
    }
}
