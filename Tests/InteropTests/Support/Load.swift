import Foundation

/// Exchanges that run on threads of their own while a test does something to the programs.
final class Load: @unchecked Sendable {
    private let group = DispatchGroup()
    private let lock = NSLock()
    private var failures: [String] = []

    /// Starts exchanges through a client; returns when all of their streams are open at both ends.
    static func start(_ exchanges: [Exchange], _ tunnel: Tunnel, _ client: TunnelClient) throws -> Load {
        let load = Load()
        let processes = [client.process, tunnel.server]
        let countsBefore = processes.map(\.openedStreamCount)
        for exchange in exchanges { load.run(exchange, through: client, seconds: 90) }
        let areOpen = waitUntil(Deadline(seconds: 30)) {
            zip(processes, countsBefore).allSatisfy { $0.openedStreamCount >= $1 + exchanges.count }
        }
        try check(areOpen, "the streams were not opened: \(client.process.report)")
        return load
    }

    private func run(_ exchange: Exchange, through client: TunnelClient, seconds: Double) {
        self.group.enter()
        Thread.detachNewThread {
            do {
                try exchange.run(through: client.address, Deadline(seconds: seconds))
            } catch {
                self.lock.withLock { self.failures.append("\(error)") }
            }
            self.group.leave()
        }
    }

    /// Waits for all exchanges; throws if one of them did not come out right.
    func finish() throws {
        self.group.wait()
        let failures = self.lock.withLock { self.failures }
        try check(failures.isEmpty, "\(failures.count) streams failed; one of them: \(failures.first ?? "")")
    }
}

extension ChildProcess {
    /// How often the log says that a stream was opened.
    var openedStreamCount: Int { self.standardError.components(separatedBy: "stream opened").count - 1 }
}

/// A JSON file for `-c` that a test changes.
final class SettingsFile: Sendable {
    let path: String

    init(_ text: String) throws {
        self.path = FileManager.default.temporaryDirectory.appending(path: "kcptun-\(UUID().uuidString).json").path()
        try self.write(text)
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    func write(_ text: String) throws { try Data(text.utf8).write(to: URL(filePath: self.path)) }
}

extension ChildProcess {
    /// Sends SIGHUP and waits until the log has one more line about it with the text.
    func reload(untilLog text: String) throws {
        let countBefore = self.reloadLines(with: text)
        self.send(SIGHUP)
        let isLogged = waitUntil(Deadline(seconds: 20)) { self.reloadLines(with: text) > countBefore }
        try check(isLogged, "no line with SIGHUP and \(text.debugDescription): \(self.report)")
    }

    private func reloadLines(with text: String) -> Int {
        self.standardError.split(separator: "\n").count { $0.contains("SIGHUP") && $0.contains(text) }
    }
}
