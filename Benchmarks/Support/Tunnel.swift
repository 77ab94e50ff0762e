import Glibc

/// A program at one end of a tunnel with its options, but for its addresses.
package struct TunnelEnd: Sendable {
    package var path: String
    package var options: [String]

    package init(path: String, options: [String]) {
        self.path = path
        self.options = options
    }
}

/// A running server with its clients. Stop it in every case.
package struct Tunnel: Sendable {
    /// The server, then the clients.
    private var processes: [ChildProcess] = []
    private var logs: [String] = []
    /// The TCP ports at which the clients take connections.
    package private(set) var ports: [UInt16] = []
    /// That of the first client.
    package var port: UInt16 { ports[0] }

    /// Starts all ends and waits until a connection through each client gets an answer from the target. `way` says
    /// which UDP port leads to the server's: the same, unless something lies between.
    package init(
        client: TunnelEnd, count: Int = 1, server: TunnelEnd, toPort target: UInt16, logFolder: String,
        patience: Double = 10, way: (_ serverPort: UInt16) throws(BenchmarkError) -> UInt16 = { $0 }
    ) throws(BenchmarkError) {
        do {
            let port = try FreePort.next()
            try start(server, ["-t", "127.0.0.1:\(target)", "-l", "127.0.0.1:\(port)"], "\(logFolder)/server.log")
            try Self.wait("the server has no socket", patience) { SystemFiles.isUDPPortBound(port) }
            let remote = try way(port)
            for number in 1...count {
                try startClient(client, remote: remote, log: "\(logFolder)/client\(number).log", patience)
            }
        } catch {
            stop()
            throw .tunnel("\(error)\n\(logText)")
        }
    }

    private mutating func startClient(
        _ end: TunnelEnd, remote: UInt16, log: String, _ patience: Double
    ) throws(BenchmarkError) {
        let port = try FreePort.next()
        try start(end, ["-r", "127.0.0.1:\(remote)", "-l", "127.0.0.1:\(port)"], log)
        try Self.wait("no answer through the tunnel", patience) {
            ConnectionProbe.timeToFirstByte(throughPort: port, limitMilliseconds: Int(patience * 200)) != nil
        }
        ports.append(port)
    }

    private mutating func start(_ end: TunnelEnd, _ addresses: [String], _ log: String) throws(BenchmarkError) {
        processes.append(try ChildProcess(end.path, addresses + ["-quiet"] + end.options, log: log))
        logs.append(log)
    }

    /// The processor time of all ends so far.
    package var processorTime: Nanoseconds { processes.reduce(Nanoseconds(count: 0)) { $0 + $1.processorTime } }

    /// The resident memory of all ends now.
    package var residentMebibytes: Double {
        processes.reduce(0) { $0 + SystemFiles.residentMebibytes(of: $1.identifier) }
    }

    /// The largest resident memory of each end so far, together.
    package var peakResidentMebibytes: Double {
        processes.reduce(0) { $0 + SystemFiles.peakResidentMebibytes(of: $1.identifier) }
    }

    /// Throws if an end has died.
    package func requireAlive() throws(BenchmarkError) {
        guard processes.contains(where: \.hasEnded) else { return }
        throw .tunnel("a program has ended\n\(logText)")
    }

    package func stop() {
        for process in processes.reversed() { process.kill() }
    }

    private var logText: String { logs.map { String(SystemFiles.text($0).suffix(2000)) }.joined() }

    private static func wait(
        _ complaint: String, _ patience: Double, until isTrue: () -> Bool
    ) throws(BenchmarkError) {
        let limit = Nanoseconds.now + Nanoseconds(count: Int64(patience * 1e9))
        while !isTrue() {
            guard Nanoseconds.now < limit else { throw .tunnel(complaint) }
            Nanoseconds.sleep(seconds: 0.005)
        }
    }
}
