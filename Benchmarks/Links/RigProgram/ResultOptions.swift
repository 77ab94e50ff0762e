import ArgumentParser
import BenchmarkSupport
import Glibc
import LinkRig

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where programs come from and results go.
struct ResultOptions: ParsableArguments {
    @Option(help: .init("Where our programs are.", valueName: "folder"))
    var ours = ".build/release"

    @Option(help: .init("Where the original's programs are.", valueName: "folder"))
    var reference = "/usr/bin"

    @Option(help: .init("The path of the results without their endings.", valueName: "path"))
    var output: String

    @Option(help: .init("What was measured, for the results.", valueName: "text"))
    var revision = "unknown"

    @Option(help: .init("When, for the results.", valueName: "text"))
    var date = "unknown"

    var folders: ProgramFolders { ProgramFolders(ours: self.ours, original: self.reference) }

    var conditions: [String: String] {
        [
            "date": self.date, "revision": self.revision,
            "machine": "\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) processors (\(SystemFiles.processorName)), "
                + "Linux \(SystemFiles.kernelRelease)",
        ]
    }

    func write(_ text: String, ending: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(self.output).\(ending)"))
    }
}
