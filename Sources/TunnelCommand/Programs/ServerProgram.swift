import DatagramIO
import Logging
import TunnelCore
package import TunnelRuntime

/// `kcptun-server`: clients in over UDP, connections out to one target.
package enum ServerProgram: Program {
    package typealias Options = ServerOptions

    package static func settings(
        _ options: ServerOptions, given: Set<String>
    ) throws(ConfigurationError) -> ServerSettings {
        try ServerSettings(options, given: given)
    }

    package static func start(_ settings: ServerSettings, log: TunnelLog) async throws -> ServerHost {
        for line in StartUpLines.server(settings, version: Version.current) { log.logger.info("\(line)") }
        self.warn(settings, log: log)
        log.logger.info("\(StartUpLines.keyDerivationStart)")
        try self.checkPrivileges(settings.options.shared.link)
        let configuration = try ServerConfiguration(settings)
        log.logger.info("\(StartUpLines.keyDerivationEnd)")
        let host: ServerHost
        do {
            host = try await ServerHost.start(configuration, log: HostLog(log))
        } catch {
            throw StartError(listeningOn: settings.options.addresses.listen, error)
        }
        for port in settings.listenAddress.ports {
            for transport in settings.options.shared.link.transports {
                log.logger.info("\(StartUpLines.listening(on: settings.listenAddress, port: port, transport))")
            }
        }
        for shortfall in host.bufferShortfalls { log.logger.warning("\(shortfall)") }
        return host
    }

    package static func update(
        _ host: ServerHost, _ settings: ServerSettings, renewsSessions: Bool
    ) async throws {
        await host.update(try ServerConfiguration(settings))
    }
}

extension LinkOptions {
    /// How datagrams come to a server, in the original's order (protocol 06 §6).
    fileprivate var transports: [Transport] { self.disguisesAsTCP ? [.tcp, .udp] : [.udp] }
}

extension ServerConfiguration {
    fileprivate init(_ settings: ServerSettings) throws {
        self.init(
            host: try HostConfiguration(.server, settings),
            listen: settings.listenAddress, target: settings.targetAddress)
    }
}
