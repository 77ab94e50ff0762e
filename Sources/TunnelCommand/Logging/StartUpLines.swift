package import DatagramIO
package import TunnelRuntime

/// The lines that a program logs when it starts, in the original's words and order (protocol 06 §6).
package enum StartUpLines {
    /// `address` is where the listener has really been bound.
    package static func client(_ settings: ClientSettings, version: String, boundAddress: String) -> [String] {
        let options = settings.options
        let shared = options.shared
        return [
            "version: \(version)",
            "smux version: \(shared.streams.smuxVersion)",
            "listening on: \(boundAddress)",
            "encryption: \(shared.secrecy.crypt)",
            "QPP: \(shared.secrecy.usesPermutationPads)",
            "QPP Count: \(shared.secrecy.permutationPadCount)",
            "nodelay parameters: \(settings.noDelay)",
            "remote address: \(options.addresses.remote)",
        ] + Self.transport(options) + [
            "conn: \(options.sessions.count)",
            "autoexpire: \(options.sessions.expirySeconds)",
            "scavengettl: \(options.sessions.scavengeSeconds)",
            "snmplog: \(shared.reports.counterLogPath)",
            "snmpperiod: \(shared.reports.counterLogSeconds)",
            "quiet: \(shared.reports.isQuiet)",
            "tcp: \(shared.link.disguisesAsTCP)",
            "pprof: \(shared.reports.servesProfiles)",
        ]
    }

    package static func server(_ settings: ServerSettings, version: String) -> [String] {
        let options = settings.options
        let shared = options.shared
        return [
            "version: \(version)",
            "smux version: \(shared.streams.smuxVersion)",
            "listening on: \(options.addresses.listen)",
            "target: \(options.addresses.target)",
            "encryption: \(shared.secrecy.crypt)",
            "nodelay parameters: \(settings.noDelay)",
        ] + Self.transport(options) + [
            "snmplog: \(shared.reports.counterLogPath)",
            "snmpperiod: \(shared.reports.counterLogSeconds)",
            "pprof: \(shared.reports.servesProfiles)",
            "quiet: \(shared.reports.isQuiet)",
            "tcp: \(shared.link.disguisesAsTCP)",
        ]
    }

    /// What stands in the middle of both.
    private static func transport(_ options: some TunnelOptions) -> [String] {
        let link = options.shared.link
        let streams = options.shared.streams
        return [
            "sndwnd: \(options.windows.sendWindow) rcvwnd: \(options.windows.receiveWindow)",
            "compression: \(!streams.disablesCompression)",
            "mtu: \(link.mtu)",
            "ratelimit: \(link.rateLimit)",
            "datashard: \(link.dataShards) parityshard: \(link.parityShards)",
            "acknodelay: \(link.acknowledgesImmediately)",
            "dscp: \(link.dscp)",
            "sockbuf: \(link.socketBufferByteCount)",
            "smuxbuf: \(streams.sessionBufferByteCount)",
            "framesize: \(streams.frameByteCount)",
            "streambuf: \(streams.streamBufferByteCount)",
            "keepalive: \(streams.keepAliveSeconds)",
        ]
    }

    /// Before and after the key is derived, behind the warnings.
    package static let keyDerivationStart = "initiating key derivation"
    package static let keyDerivationEnd = "key derivation done"

    /// A server's line for each of its ports, and for each way that datagrams come there.
    package static func listening(on range: PortRange, port: UInt16, _ transport: Transport) -> String {
        "Listening on: \(range.text(port: port))/\(transport.rawValue)"
    }
}
