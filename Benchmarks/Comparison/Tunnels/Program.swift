import BenchmarkSupport

/// A pair of programs that is measured with itself.
struct Program: Sendable {
    enum Identity: String, Sendable, Codable, CaseIterable {
        case swift, go
    }

    let identity: Identity
    /// Holds `kcptun-client` and `kcptun-server`.
    let folder: String

    var clientPath: String { folder + "/kcptun-client" }
    var serverPath: String { folder + "/kcptun-server" }
}

extension Tunnel {
    /// The program with itself.
    init(
        _ program: Program, options: [String], toPort target: UInt16, logFolder: String
    ) throws(BenchmarkError) {
        try self.init(
            client: TunnelEnd(path: program.clientPath, options: options),
            server: TunnelEnd(path: program.serverPath, options: options), toPort: target, logFolder: logFolder)
    }
}
