import Glibc

/// A running pair of client and server. Stop it in every case.
struct Tunnel: Sendable {
    private let client: ChildProcess
    private let server: ChildProcess
    private let logs: (client: String, server: String)
    /// The TCP port at which the client takes connections.
    let port: UInt16

    /// Starts both ends and waits until a connection gets an answer from the target.
    init(_ program: Program, options: [String], toPort target: UInt16, logFolder: String) throws(BenchmarkError) {
        let serverPort = try FreePort.next()
        port = try FreePort.next()
        logs = ("\(logFolder)/client.log", "\(logFolder)/server.log")
        server = try ChildProcess(
            program.serverPath, ["-t", "127.0.0.1:\(target)", "-l", "127.0.0.1:\(serverPort)", "-quiet"] + options,
            log: logs.server)
        do {
            try Self.wait("the server has no socket") { SystemFiles.isUDPPortBound(serverPort) }
            client = try ChildProcess(
                program.clientPath, ["-r", "127.0.0.1:\(serverPort)", "-l", "127.0.0.1:\(port)", "-quiet"] + options,
                log: logs.client)
        } catch {
            server.kill()
            throw .tunnel("\(error)\n\(SystemFiles.text(logs.server))")
        }
        do {
            let port = self.port
            try Self.wait("no answer through the tunnel") {
                ConnectionProbe.timeToFirstByte(throughPort: port, limitMilliseconds: 1000) != nil
            }
        } catch {
            stop()
            throw .tunnel("\(error)\n\(logText)")
        }
    }

    /// Both ends' processor time so far.
    var processorTime: Nanoseconds { client.processorTime + server.processorTime }

    /// Both ends' resident memory now.
    var residentMebibytes: Double {
        SystemFiles.residentMebibytes(of: client.identifier) + SystemFiles.residentMebibytes(of: server.identifier)
    }

    /// Both ends' largest resident memory so far.
    var peakResidentMebibytes: Double {
        SystemFiles.peakResidentMebibytes(of: client.identifier)
            + SystemFiles.peakResidentMebibytes(of: server.identifier)
    }

    /// Throws if an end has died.
    func requireAlive() throws(BenchmarkError) {
        if client.hasEnded { throw .tunnel("the client has ended\n\(logText)") }
        if server.hasEnded { throw .tunnel("the server has ended\n\(logText)") }
    }

    func stop() {
        client.kill()
        server.kill()
    }

    private var logText: String {
        String(SystemFiles.text(logs.client).suffix(2000) + SystemFiles.text(logs.server).suffix(2000))
    }

    private static func wait(_ complaint: String, until isTrue: () -> Bool) throws(BenchmarkError) {
        let limit = Nanoseconds.now + Nanoseconds(count: 10_000_000_000)
        while !isTrue() {
            guard Nanoseconds.now < limit else { throw .tunnel(complaint) }
            Nanoseconds.sleep(seconds: 0.005)
        }
    }
}
