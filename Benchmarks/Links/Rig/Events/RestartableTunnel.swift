package import BenchmarkSupport
package import LinkRelay
package import NetworkSimulation

/// A server and a client with a relay between them, whose ends can be killed and started again.
package final class RestartableTunnel {
    package let relay: LinkRelay
    /// Where the client takes connections.
    package let port: UInt16
    package private(set) var server: ChildProcess?
    package private(set) var client: ChildProcess?
    private let serverEnd: TunnelEnd
    private let clientEnd: TunnelEnd
    private let serverPort: UInt16
    private let logFolder: String
    private var startCount = 0
    private var logs: (server: String, client: String) = ("", "")
    private let link: LinkConditions

    private static let patience = 10.0

    /// Starts both ends; the server gives connections to `target`.
    package init(
        client: TunnelEnd, server: TunnelEnd, toPort target: UInt16, link: LinkConditions, logFolder: String
    ) throws(BenchmarkError) {
        self.serverPort = try FreePort.next()
        self.port = try FreePort.next()
        do {
            self.relay = try LinkRelay(
                .init(serverPort: self.serverPort, towardServer: link, towardClients: link, seed: 1))
        } catch {
            throw .tunnel("\(error)")
        }
        self.link = link
        self.logFolder = logFolder
        self.serverEnd = TunnelEnd(
            path: server.path,
            options: ["-t", "127.0.0.1:\(target)", "-l", "127.0.0.1:\(self.serverPort)", "-quiet"] + server.options)
        self.clientEnd = TunnelEnd(
            path: client.path,
            options: ["-r", "127.0.0.1:\(self.relay.port)", "-l", "127.0.0.1:\(self.port)", "-quiet"] + client.options)
        do {
            try self.startServer()
            try self.startClient()
        } catch {
            self.stop()
            throw error
        }
    }

    package func startServer() throws(BenchmarkError) {
        self.logs.server = self.nextLog("server")
        self.server = try ChildProcess(self.serverEnd.path, self.serverEnd.options, log: self.logs.server)
        try self.wait("the server has no socket") { SystemFiles.isUDPPortBound(self.serverPort) }
    }

    package func startClient() throws(BenchmarkError) {
        self.logs.client = self.nextLog("client")
        self.client = try ChildProcess(self.clientEnd.path, self.clientEnd.options, log: self.logs.client)
        try self.wait("the client takes no connections") { SystemFiles.isTCPPortBound(self.port) }
    }

    private func nextLog(_ name: String) -> String {
        self.startCount += 1
        return "\(self.logFolder)/\(name)\(self.startCount).log"
    }

    private func wait(_ complaint: String, until isTrue: () -> Bool) throws(BenchmarkError) {
        let limit = Nanoseconds.now + Nanoseconds(count: Int64(Self.patience * 1e9))
        while !isTrue() {
            guard Nanoseconds.now < limit else { throw .tunnel("\(complaint)\n\(self.logText)") }
            Nanoseconds.sleep(seconds: 0.002)
        }
    }

    package func killServer() {
        self.server?.kill()
        self.server = nil
    }

    package func killClient() {
        self.client?.kill()
        self.client = nil
    }

    /// Whether anything gets through.
    package func setBlackout(_ isDark: Bool) {
        var link = self.link
        if isDark { link.faults = [.loss(probability: 1)] }
        self.relay.change(towardServer: link, towardClients: link)
    }

    /// What the ends that run now have said.
    package var serverLog: String { SystemFiles.text(self.logs.server) }
    package var clientLog: String { SystemFiles.text(self.logs.client) }
    package var logText: String { String(self.serverLog.suffix(2000)) + String(self.clientLog.suffix(2000)) }

    package func stop() {
        self.killClient()
        self.killServer()
        self.relay.stop()
    }
}
