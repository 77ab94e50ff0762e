import Testing

@testable import TunnelCommand

@Suite struct EffectiveSettingsTests {
    private static func settings(
        _ arguments: [String], file: String = "{}", environment: [String: String] = [:]
    ) throws -> EffectiveSettings {
        let reader = OptionReader<ServerOptions>(environment: environment) { _ throws(FileError) in Array(file.utf8) }
        guard case .run(let loaded) = try reader.read(arguments) else { throw UsageError.badSyntax("not run") }
        return try ProgramState<ServerProgram>(loaded).effective
    }

    @Test func `every setting has a value and an origin`() throws {
        let settings = try Self.settings([])
        #expect(settings.all.count == FlagTable(of: ServerOptions.self).flags.count - 2, "all but help and version")
        #expect(settings["mtu"]?.value == .integer(1350))
        #expect(settings["target"]?.value == .text("127.0.0.1:12948"))
        #expect(settings["snmplog"]?.value == .text(""))
        #expect(settings["nocomp"]?.value == .boolean(false))
        #expect(settings["closewait"]?.value == .integer(30))
        #expect(settings["mtu"]?.origin == .builtIn)
    }

    @Test func `what comes later counts`() throws {
        let settings = try Self.settings(
            ["-c", "x", "-mtu", "1300", "-key", "second", "-sndwnd", "5"], file: #"{"mtu": 1200, "quiet": true}"#,
            environment: ["KCPTUN_KEY": "first"])
        #expect(settings["mtu"]?.value == .integer(1200))
        #expect(settings["mtu"]?.origin == .configurationFile)
        #expect(settings["quiet"]?.origin == .configurationFile)
        #expect(settings["sndwnd"]?.origin == .commandLine)
        #expect(settings["key"]?.value == .text("second"))
        #expect(try Self.settings([], environment: ["KCPTUN_KEY": "first"])["key"]?.origin == .environment)
    }

    @Test func `a mode stands for four flags and overrides them`() throws {
        let settings = try Self.settings(["-mode", "fast3", "-interval", "77"])
        let values: [FlagValue] = ["nodelay", "interval", "resend", "nc"].compactMap { settings[$0]?.value }
        let expected: [FlagValue] = [.integer(1), .integer(10), .integer(2), .integer(1)]
        #expect(values == expected)
        #expect(settings["interval"]?.origin == .mode("fast3"))
        let manual = try Self.settings(["-mode", "manual", "-interval", "77"])
        #expect(manual["interval"]?.value == .integer(77))
        #expect(manual["interval"]?.origin == .commandLine)
        #expect(manual["nc"]?.origin == .builtIn)
    }

    private static let automaticFlags: Set = ["sndwnd", "rcvwnd", "streambuf", "smuxbuf", "datashard", "parityshard"]

    @Test(
        arguments: [
            ([], Self.automaticFlags), (["-cc", "fixed:20"], Self.automaticFlags), (["-cc", "off"], []),
            (["-sndwnd", "1024", "-ps", "3", "-smuxbuf", "5000000"], ["rcvwnd"]),
        ] as [([String], Set<String>)])
    func `what is left to a model is automatic`(arguments: [String], flags: Set<String>) throws {
        let settings = try Self.settings(arguments)
        let automatic = settings.all.filter { $0.origin == .automatic }
        #expect(Set(automatic.map(\.flag.name)) == flags)
        #expect(automatic.allSatisfy { $0.value == $0.flag.defaultValue })
    }

    @Test(arguments: [("mtu", "9000", 1500), ("ratelimit", "-5", 0), ("rcvwnd", "70000", 65535)])
    func `a value that is brought into range is shown as it is used`(flag: String, given: String, used: Int) throws {
        let setting = try Self.settings(["-\(flag)", given])[flag]
        #expect(setting?.value == .integer(used))
        #expect(setting?.origin == .commandLine)
    }
}
