import ArgumentParser
import BenchmarkSupport
import Glibc
import LinkRig
import NetworkSimulation

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Measures what is named and writes the results.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Measure tunnels, and TCP without one, over bad links and real sockets.",
        discussion: "Names are separated by commas; `tunnel-links list` prints those of links, settings and patterns.")

    @Option(help: .init("Links.", valueName: "names"))
    var links = "b,c,d,e,f,g,h"

    @Option(help: .init("Settings, CLIENT+SERVER, SETTING@LABEL, tcp-bbr or tcp-cubic.", valueName: "names"))
    var variants = "default,go-default+default,default+go-default,go-default,go-fast3,go-wide,tcp-bbr"

    @Option(help: .init("Who uses the link for what.", valueName: "names"))
    var patterns = "download,upload,messages,download+messages,upload+messages"

    @Option(
        help: .init(
            "Flags for our program wherever a variant says @LABEL; may be given several times.",
            valueName: "LABEL=FLAGS"))
    var oursFlags: [String] = []

    @Option(help: .init("How often everything is measured; the medians count.", valueName: "count"))
    var rounds = 3

    @Option(help: .init("When measuring ends (default: what suits the link, mostly 12).", valueName: "seconds"))
    var seconds: Double?

    @Flag(help: "One round of 6 seconds: downloads, and messages beside them.")
    var quick = false

    @Option(help: .init("How long to wait in all for the machine to do nothing else.", valueName: "seconds"))
    var patience = 0.0

    @Option(help: .init("Where our programs are.", valueName: "folder"))
    var ours = ".build/release"

    @Option(help: .init("Where the original's programs are.", valueName: "folder"))
    var reference = "/usr/bin"

    @Option(help: .init("The path of the results without their endings.", valueName: "path"))
    var output = "Benchmarks/results/links"

    @Option(help: .init("What was measured, for the results.", valueName: "text"))
    var revision = "unknown"

    @Option(help: .init("When, for the results.", valueName: "text"))
    var date = "unknown"

    func run() throws {
        let campaign = try self.campaign()
        let logFolder = try ScratchFolder.make("tunnel-link-rig")
        defer { try? FileManager.default.removeItem(atPath: logFolder) }
        let results = campaign.results(logFolder: logFolder)
        let report = RigReport(campaign, results, conditions: self.conditions)
        try Self.write(report.markdown, to: "\(self.output).md")
        try Self.write(try report.json, to: "\(self.output).json")
        for picture in report.pictures { try Self.write(picture.svg, to: "\(self.output)-\(picture.link).svg") }
        print(report.markdown, terminator: "")
        guard results.failures.isEmpty else { throw ExitCode(1) }
    }

    private func campaign() throws -> RigCampaign {
        let names = try RigNames(
            links: self.links, variants: self.variants,
            patterns: self.quick ? "download,download+messages" : self.patterns, oursFlags: self.oursFlags)
        guard self.rounds > 0 else { throw ValidationError("--rounds must be above 0") }
        let folders = ProgramFolders(ours: self.ours, original: self.reference)
        if let missing = names.programs(from: folders).sorted().first(where: { unsafe access($0, X_OK) != 0 }) {
            throw ValidationError("there is no program \(missing)")
        }
        var campaign = RigCampaign(
            links: names.links, variants: names.variants, patterns: names.patterns,
            rounds: self.quick ? 1 : self.rounds,
            seconds: self.quick ? 6 : self.seconds, folders: folders)
        campaign.patience = self.patience
        return campaign
    }

    private var conditions: [(String, String)] {
        [
            ("date", self.date), ("revision", self.revision),
            (
                "machine",
                "\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) processors (\(SystemFiles.processorName)), "
                    + "Linux \(SystemFiles.kernelRelease)"
            ),
        ] + (self.oursFlags.isEmpty ? [] : [("flags", self.oursFlags.joined(separator: ", "))])
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}
