import Foundation
import Testing
import TunnelCore

@testable import TunnelCommand

@Suite struct ReloadEffectTests {
    @Test(
        arguments: [
            ("mode", .atOnce, .atOnce), ("log-level", .atOnce, .atOnce), ("key", .newSessions, .newSessions),
            ("smuxver", .newSessions, .newSessions), ("cc", .newSessions, .newSessions),
            ("dscp", .newSessions, .restart), ("tcp", .newSessions, .restart),
            ("strict", .newSessions, .newSessions),
            ("remoteaddr", .newSessions, .restart), ("target", .newStreams, .newStreams),
            ("localaddr", .restart, .restart), ("conn", .restart, .restart), ("anything new", .restart, .restart),
        ] as [(String, ReloadEffect, ReloadEffect)])
    func `each flag counts from its time on`(flag: String, client: ReloadEffect, server: ReloadEffect) {
        #expect(ReloadEffect(of: flag, role: .client) == client)
        #expect(ReloadEffect(of: flag, role: .server) == server)
    }

    @Test(arguments: [
        (FlagTable(of: ClientOptions.self), TunnelRole.client), (FlagTable(of: ServerOptions.self), .server),
    ])
    func `the documentation has every flag that need not wait for a restart`(table: FlagTable, role: TunnelRole) throws
    {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/operation.md")
        let text = try String(contentsOf: root.standardizedFileURL, encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        for flag in table.settableFlags {
            let isNamed = rows.contains { $0.contains("`\(flag.name)`") }
            let needsRestart = ReloadEffect(of: flag.name, role: role) == .restart
            let hasBoth = ["dscp", "sockbuf", "remoteaddr", "tcp"].contains(flag.name)
            #expect(isNamed != needsRestart || hasBoth, "\(flag.name)")
        }
    }

    private static func changes(_ old: String, _ new: String) throws -> [SettingChange] {
        SettingChange.changes(from: try Self.settings(old), to: try Self.settings(new), role: .server)
    }

    private static func settings(_ file: String) throws -> EffectiveSettings {
        let reader = OptionReader<ServerOptions>(environment: [:]) { _ throws(FileError) in Array(file.utf8) }
        guard case .run(let loaded) = try reader.read(["-c", "x"]) else { throw UsageError.badSyntax("not run") }
        return try ProgramState<ServerProgram>(loaded).effective
    }

    @Test func `old and new value are named, a secret is not`() throws {
        let changes = try Self.changes(
            #"{"target": "a:1", "key": "one", "snmplog": "", "listen": ":1"}"#,
            #"{"target": "b:2", "key": "two", "snmplog": "x", "listen": ":2"}"#)
        #expect(
            changes.lines == [
                #"changed at once: snmplog "" → x"#, "changed for new connections: target a:1 → b:2",
                "changed for new sessions: key (not shown)", "not changed, this needs a restart: listen :1 → :2",
            ])
    }

    @Test func `what a mode stands for is not named again`() throws {
        let changes = try Self.changes(#"{"mode": "fast"}"#, #"{"mode": "fast3"}"#)
        #expect(changes.map(\.description) == ["mode fast → fast3"])
        let manual = try Self.changes(#"{"mode": "fast"}"#, #"{"mode": "manual", "interval": 33}"#)
        #expect(manual.map(\.flag.name).sorted() == ["interval", "mode", "nc", "resend"])
    }

    @Test(arguments: [(512, 1024, ReloadEffect.atOnce), (1024, 512, .newSessions)])
    func `a receive window only grows at once`(old: Int, new: Int, effect: ReloadEffect) throws {
        let changes = try Self.changes(#"{"rcvwnd": \#(old)}"#, #"{"rcvwnd": \#(new)}"#)
        #expect(changes.map(\.effect) == [effect])
    }
}
