import Logging
import TunnelCore
package import TunnelRuntime

/// `kcptun-client`: local connections in, a lossy link, a server out there.
package enum ClientProgram: Program {
    package typealias Options = ClientOptions

    package static func settings(
        _ options: ClientOptions, given: Set<String>
    ) throws(ConfigurationError) -> ClientSettings {
        try ClientSettings(options, given: given)
    }

    package static func start(_ settings: ClientSettings, log: TunnelLog) async throws -> ClientHost {
        try self.checkPrivileges(settings.options.shared.link)
        let configuration = try ClientConfiguration(settings)
        let host: ClientHost
        do {
            host = try await ClientHost.start(configuration, log: HostLog(log))
        } catch {
            throw StartError(
                listeningOn: settings.options.addresses.local, error, isUnixSocket: settings.listenAddress.isUnix)
        }
        for line in StartUpLines.client(settings, version: Version.current, boundAddress: host.localAddress) {
            log.logger.info("\(line)")
        }
        self.warn(settings, log: log)
        log.logger.info("\(StartUpLines.keyDerivationStart)")
        log.logger.info("\(StartUpLines.keyDerivationEnd)")
        return host
    }

    package static func update(
        _ host: ClientHost, _ settings: ClientSettings, renewsSessions: Bool
    ) async throws {
        await host.update(try ClientConfiguration(settings), renewsSessions: renewsSessions)
    }
}

extension ClientConfiguration {
    fileprivate init(_ settings: ClientSettings) throws {
        self.init(
            host: try HostConfiguration(.client, settings),
            listen: settings.listenAddress, remotes: settings.serverAddresses,
            connections: settings.options.sessions.count, autoExpire: settings.options.sessions.expirySeconds,
            scavengeTTL: settings.options.sessions.scavengeSeconds)
    }
}
