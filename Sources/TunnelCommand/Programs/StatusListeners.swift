import Logging
import TunnelReporting
import TunnelRuntime

/// The HTTP listeners that the options ask for, which tell about a running host.
struct StatusListeners: Sendable {
    private var servers: [StatusServer] = []

    /// - Throws: `StartError` if `--metrics` cannot be had. `--pprof` is only a convenience, as in the original: without
    ///   its port the program goes on.
    static func start(
        _ reports: ReportOptions, programName: String, host: any RunningHost, log: TunnelLog
    ) async throws -> StatusListeners {
        let now = WallTime.now()
        let program = ProgramIdentity(
            name: programName, version: Version.current,
            startTime: Double(now.secondsSince1970) + Double(now.nanoseconds) / 1e9)
        var listeners = StatusListeners()
        if let address = reports.statusAddress {
            do {
                try await listeners.listen(at: address, program, host, log)
            } catch {
                await host.shutdown()
                throw StartError(listeningOn: reports.metricsAddress, error, flag: "--metrics")
            }
        }
        if let address = reports.profileAddress, address != reports.statusAddress {
            do {
                try await listeners.listen(at: address, program, host, log)
            } catch {
                log.logger.warning(
                    "pprof: \(StartError(listeningOn: "\(address)", error, flag: "--metrics")); going on without it")
            }
        }
        return listeners
    }

    private mutating func listen(
        at address: StreamAddress, _ program: ProgramIdentity, _ host: any RunningHost, _ log: TunnelLog
    ) async throws {
        let server = try await StatusServer.start(at: address, program: program) { await host.snapshot() }
        log.logger.info("metrics and status page: http://\(server.localAddress)/")
        self.servers.append(server)
    }

    func shutdown() async {
        for server in self.servers { await server.shutdown() }
    }
}
