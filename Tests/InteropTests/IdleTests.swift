#if os(Linux)
    import Foundation
    import Testing

    /// A tunnel that nobody uses rests.
    @Suite(
        .enabled(if: Program.oursIsReal, "these are promises of our programs only"),
        .disabled(if: Program.oursIsSanitized, "a sanitizer's memory would be counted as theirs"))
    struct IdleTests {
        private static let residentKilobytes = 16 << 10
        private static let watchedSeconds = 10

        /// After a load, with a session that has an idle stream.
        @Test func `an idle tunnel hardly wakes up, and gives its memory back`() async throws {
            try await withTunnel(.oursAtBothEnds, Tunnel.Flags()) { tunnel, client in
                let connection = try StreamSocket(connectingTo: client.address)
                try connection.write([1], Deadline(seconds: 5))
                try client.run((0..<3).map { _ in Exchange(byteCount: 20 << 20) }, seconds: 60)
                for process in [tunnel.server, client.process] {
                    let isSmall = waitUntil(Deadline(seconds: 60)) {
                        process.residentKilobyteCount.map { $0 <= Self.residentKilobytes } ?? false
                    }
                    try check(isSmall, "\(process.residentKilobyteCount ?? 0) KiB: \(process.report)")
                }
                let before = [tunnel.server, client.process].map(\.wakeUpCount)
                sleep(UInt32(Self.watchedSeconds))
                let wakeUps = zip([tunnel.server, client.process].map(\.wakeUpCount), before).map { $0 - $1 }
                print("idle: wake-ups in \(Self.watchedSeconds) s: \(wakeUps)")
                // One per second, and some for the sign of life that falls into the time.
                try check(wakeUps.allSatisfy { $0 <= Self.watchedSeconds + 10 }, "\(wakeUps)")
            }
        }
    }

    extension ChildProcess {
        /// How often any of its threads has begun to wait.
        fileprivate var wakeUpCount: Int {
            let folder = "/proc/\(self.processIdentifier)/task"
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return threads.reduce(0) { total, thread in
                let status = (try? String(contentsOfFile: "\(folder)/\(thread)/status", encoding: .utf8)) ?? ""
                let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
                return total + (line?.split(separator: "\t").last.flatMap { Int($0) } ?? 0)
            }
        }
    }
#endif
