#if os(Linux)
    import Foundation
    import Synchronization

    /// Two network namespaces joined by a cable: as good as two machines. To be removed after use.
    final class TwoMachines: Sendable {
        enum Machine: String, Sendable {
            case client, server
        }

        /// How the client's machine reaches the server's.
        enum Network: String, Sendable, CaseIterable {
            case ipv4 = "10.83.0.2"
            case ipv6 = "[fd83::2]"
        }

        private static let count = Atomic(0)
        private static let toolPath = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }

        private let number = count.add(1, ordering: .relaxed).newValue

        init() throws {
            do {
                try self.make()
            } catch {
                try? self.remove()
                throw error
            }
        }

        private func make() throws {
            // A name has 15 characters at most.
            let cable = ["c", "s"].map { "k\(getpid())-\(self.number)\($0)" }
            try self.ip("link add \(cable[0]) type veth peer name \(cable[1])")
            for (index, machine) in [Machine.client, .server].enumerated() {
                let name = self.name(machine)
                try self.ip("netns add \(name)")
                try self.ip("link set \(cable[index]) netns \(name)")
                try self.ip("-n \(name) address add 10.83.0.\(index + 1)/24 dev \(cable[index])")
                try self.ip("-n \(name) address add fd83::\(index + 1)/64 dev \(cable[index]) nodad")
                for interface in [cable[index], "lo"] { try self.ip("-n \(name) link set \(interface) up") }
            }
        }

        /// The namespaces go when their last process ends; their names stay until this.
        func remove() throws {
            for machine in [Machine.client, .server] { try self.ip("netns delete \(self.name(machine))") }
        }

        /// Why there cannot be any here; `nil` if there can.
        static let obstacle: String? = {
            do {
                try TwoMachines().remove()
                return nil
            } catch {
                return "network namespaces cannot be made here (this needs root): \(error)"
            }
        }()

        private func name(_ machine: Machine) -> String { "kcptun-\(getpid())-\(self.number)-\(machine.rawValue)" }

        private func ip(_ words: String) throws { try self.run(words.split(separator: " ").map(String.init)) }

        private func run(_ arguments: [String]) throws {
            guard let path = Self.toolPath else { throw Failure("the program ip (package iproute2) is missing") }
            let process = try ChildProcess(path: path, arguments: arguments)
            guard try process.waitForEnd() == .exit(0) else { throw Failure(process.report) }
        }

        // MARK: Use

        /// What to put in front of a command line to run it on `machine`.
        private func words(_ machine: Machine) -> [String] {
            [Self.toolPath ?? "ip", "netns", "exec", self.name(machine)]
        }

        /// Each end on its machine, with `prefix` in front of the program.
        func placement(_ prefix: [String] = []) -> Tunnel.Placement {
            Tunnel.Placement(client: self.words(.client) + prefix, server: self.words(.server) + prefix)
        }

        /// Runs a program and waits for it; throws unless it succeeds. Returns what it says.
        @discardableResult
        func run(_ commandLine: String, on machine: Machine) throws -> String {
            let words = self.words(machine) + commandLine.split(separator: " ").map(String.init)
            let process = try ChildProcess(path: words[0], arguments: Array(words.dropFirst()))
            guard try process.waitForEnd() == .exit(0) else { throw Failure(process.report) }
            return process.standardOutput
        }

        private typealias SetNamespace = @convention(c) (Int32, Int32) -> Int32

        /// Runs `body` with this thread on `machine`: the sockets that it makes are there. It must not make threads for
        /// others, which would be there too.
        func visit<Value>(_ machine: Machine, _ body: () throws -> Value) throws -> Value {
            let home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
            let away = open("/run/netns/\(self.name(machine))", O_RDONLY | O_CLOEXEC)
            defer { [home, away].forEach { _ = close($0) } }
            try Self.move(to: away)
            let result = Result { try body() }
            try Self.move(to: home)
            return try result.get()
        }

        private static func move(to descriptor: Int32) throws {
            // Not imported: it is declared for C with GNU extensions only.
            guard let symbol = dlsym(nil, "setns") else { throw Failure("no setns") }
            let networkNamespace: Int32 = 0x4000_0000
            guard unsafeBitCast(symbol, to: SetNamespace.self)(descriptor, networkNamespace) == 0 else {
                throw Failure("setns: \(String(cString: strerror(errno)))")
            }
        }
    }
#endif
