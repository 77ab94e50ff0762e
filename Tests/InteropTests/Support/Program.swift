import Foundation

/// Whose program stands at one end of a tunnel.
enum Program: String, Sendable, CaseIterable, CustomStringConvertible {
    /// The one that this package builds.
    case ours
    /// The Go program as Debian ships it (package kcptun).
    case debian

    var description: String { self.rawValue }

    /// The path of the client or server; `nil` if it is not there.
    func path(of role: String) -> String? { self.path(ofExecutable: "kcptun-\(role)") }

    /// The path of one of the executables; `nil` if it is not there.
    func path(ofExecutable name: String) -> String? {
        let path = self.folder.map { "\($0)/\(name)" }
        return path.flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil }
    }

    var isInstalled: Bool { self.path(of: "client") != nil && self.path(of: "server") != nil }

    private var folder: String? {
        switch self {
        case .ours: Self.buildFolder
        case .debian:
            Self.searchPath.first {
                $0 != Self.buildFolder && FileManager.default.isExecutableFile(atPath: "\($0)/kcptun-server")
            }
        }
    }

    /// Where the build puts the programs: next to the tests, or where KCPTUN_PROGRAMS says.
    private static let buildFolder: String = {
        if let folder = ProcessInfo.processInfo.environment["KCPTUN_PROGRAMS"] { return folder }
        let tests =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(filePath: tests).deletingLastPathComponent().path(percentEncoded: false).trimmingSuffix("/")
    }()

    private static var searchPath: [String] {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["/usr/bin"]
    }

    /// KCPTUN_PROGRAMS may name a folder with the Go programs, to try out these tests; what only our programs
    /// promise is not tested then.
    static let oursIsReal = ProcessInfo.processInfo.environment["KCPTUN_PROGRAMS_ARE_GO"] == nil

    /// Whether ours are built with a sanitizer (`make sanitize`), whose own memory cannot be told from theirs.
    static let oursIsSanitized = ProcessInfo.processInfo.environment["KCPTUN_SANITIZED"] != nil
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        self.hasSuffix(suffix) ? String(self.dropLast(suffix.count)) : self
    }
}

/// Which program stands at which end.
struct Pair: Sendable, Hashable, CustomStringConvertible {
    var client: Program
    var server: Program

    static let oursAtBothEnds = Pair(client: .ours, server: .ours)
    static let oursToDebian = Pair(client: .ours, server: .debian)
    static let debianToOurs = Pair(client: .debian, server: .ours)

    var isInstalled: Bool { self.client.isInstalled && self.server.isInstalled }
    var description: String { "\(self.client) → \(self.server)" }

    /// The pairs that this machine can run; the Go programs may be missing outside of Debian and Ubuntu.
    static let available = [oursAtBothEnds, oursToDebian, debianToOurs].filter {
        Program.debian.isInstalled || $0 == .oursAtBothEnds
    }
}
