package import BenchmarkSupport
import LinkRelay
import NetworkSimulation

/// A tunnel of ours under load for a long time, whose client changes its address, and whose ends are restarted in turn.
package struct SoakRun: Sendable {
    package var folders: ProgramFolders
    package var logFolder: String
    package var minutes: Double
    package var connectionCount: Int
    package var rebindingSeconds: Double
    package var restartSeconds: Double
    package var loss: Double
    package var flags: [String]

    private static let downSeconds = 1.0
    private static let sampleSeconds = 2.0

    package init(
        folders: ProgramFolders, logFolder: String, minutes: Double, connectionCount: Int, rebindingSeconds: Double,
        restartSeconds: Double, loss: Double, flags: [String]
    ) {
        self.folders = folders
        self.logFolder = logFolder
        self.minutes = minutes
        self.connectionCount = connectionCount
        self.rebindingSeconds = rebindingSeconds
        self.restartSeconds = restartSeconds
        self.loss = loss
        self.flags = flags
    }

    private var link: LinkConditions {
        var link = EventBench.link
        link.faults = [.loss(probability: self.loss)]
        return link
    }

    /// Runs it; `progress` gets a line once in a while.
    package func result(progress: (String) -> Void) throws(BenchmarkError) -> SoakResult {
        let service = try CheckedService()
        defer { service.stop() }
        let tunnel = try RestartableTunnel(
            client: TunnelEnd(path: "\(self.folders.ours)/kcptun-client", options: self.flags),
            server: TunnelEnd(path: "\(self.folders.ours)/kcptun-server", options: self.flags),
            toPort: service.port, link: self.link, logFolder: self.logFolder)
        defer { tunnel.stop() }
        let tally = SoakTally()
        let clients = (0..<self.connectionCount).map {
            SoakClient(number: $0, throughPort: tunnel.port, tally: tally)
        }
        var course = SoakCourse(tunnel)
        do {
            try self.disturb(tunnel, tally, &course, progress)
        } catch {
            clients.forEach { $0.requestEnd() }
            throw .tunnel("\(error)\n\(tunnel.logText)")
        }
        clients.forEach { $0.requestEnd() }
        clients.forEach { $0.join() }
        if tally.counts.lostConnections > 0 { progress(tunnel.logText) }
        return SoakResult(
            counts: tally.counts, wrongRequests: service.wrongRequestCount, requestBytes: service.receivedByteCount,
            course: course)
    }

    /// Lets things happen until the time is over.
    private func disturb(
        _ tunnel: RestartableTunnel, _ tally: SoakTally, _ course: inout SoakCourse, _ progress: (String) -> Void
    ) throws(BenchmarkError) {
        let start = Nanoseconds.now
        var (nextRebinding, nextRestart) = (self.rebindingSeconds, self.restartSeconds)
        var nextReport = 30.0
        while true {
            let seconds = (Nanoseconds.now - start).seconds
            guard seconds < self.minutes * 60 else { return }
            if seconds >= nextRebinding {
                nextRebinding += self.rebindingSeconds
                tunnel.relay.rebind()
                course.rebindings += 1
            }
            // The last connections are to come to their ends.
            if seconds >= nextRestart, seconds + 30 < self.minutes * 60 {
                nextRestart += self.restartSeconds
                try self.restart(tunnel, tally, &course)
            }
            try course.sample(tunnel)
            if seconds >= nextReport {
                nextReport += 30
                progress("\(Int(seconds)) s: \(course.outline), \(tally.counts)")
            }
            Nanoseconds.sleep(seconds: Self.sampleSeconds)
        }
    }

    private func restart(
        _ tunnel: RestartableTunnel, _ tally: SoakTally, _ course: inout SoakCourse
    ) throws(BenchmarkError) {
        tally.beginRestart()
        let isServer = course.restarts % 2 == 0
        if isServer { tunnel.killServer() } else { tunnel.killClient() }
        Nanoseconds.sleep(seconds: Self.downSeconds)
        if isServer { try tunnel.startServer() } else { try tunnel.startClient() }
        tally.endRestart()
        course.noteRestart(ofServer: isServer)
    }
}

/// What has happened so far, and what the programs have needed.
package struct SoakCourse: Sendable {
    package private(set) var restarts = 0
    package internal(set) var rebindings = 0
    /// Those that are over.
    private var past: [ProcessLife] = []
    private var server = ProcessLife(program: "server")
    private var client = ProcessLife(program: "client")
    private var starts: (server: Nanoseconds, client: Nanoseconds)

    init(_ tunnel: RestartableTunnel) { self.starts = (.now, .now) }

    package var lives: [ProcessLife] { self.past + [self.server, self.client] }

    mutating func noteRestart(ofServer isServer: Bool) {
        self.restarts += 1
        self.past.append(isServer ? self.server : self.client)
        if isServer {
            self.server = ProcessLife(program: "server")
            self.starts.server = .now
        } else {
            self.client = ProcessLife(program: "client")
            self.starts.client = .now
        }
    }

    mutating func sample(_ tunnel: RestartableTunnel) throws(BenchmarkError) {
        self.server.samples.append(try Self.sample(tunnel.server, since: self.starts.server))
        self.client.samples.append(try Self.sample(tunnel.client, since: self.starts.client))
    }

    private static func sample(
        _ process: ChildProcess?, since start: Nanoseconds
    ) throws(BenchmarkError) -> ProcessLife.Sample {
        guard let process, !process.hasEnded else { throw .tunnel("a program has ended by itself") }
        return ProcessLife.Sample(
            seconds: (Nanoseconds.now - start).seconds,
            mebibytes: SystemFiles.residentMebibytes(of: process.identifier),
            descriptors: Double(SystemFiles.descriptorCount(of: process.identifier)))
    }

    var outline: String {
        let memory = [self.server, self.client].map { life in
            life.samples.last.map { "\(life.program) \(Int($0.mebibytes)) MiB \(Int($0.descriptors)) descriptors" }
                ?? ""
        }
        return memory.joined(separator: ", ") + ", \(self.restarts) restarts, \(self.rebindings) rebindings"
    }
}
