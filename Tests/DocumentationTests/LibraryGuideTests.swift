import Foundation
import Testing

/// The code in the guides of the libraries is code of the examples, which are built and run.
@Suite struct LibraryGuideTests {
    private static let guides = Repository.files(below: "Sources", suffix: ".md")

    /// Lines without what indentation and line breaks do not change.
    private static func compact(_ text: some StringProtocol) -> String {
        text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    private static let examples = Repository.files(below: "Examples", suffix: ".swift")
        .compactMap { try? Repository.text($0) }.map { Self.compact($0) }

    @Test func `every library has a guide`() {
        let folders = Self.guides.map { $0.split(separator: "/")[1] }
        #expect(Set(folders) == ["KCP", "ErasureCoding", "Smux", "SnappyFraming"])
    }

    @Test(arguments: guides)
    func `the code of a guide is in an example`(guide: String) throws {
        let parts = try Repository.text(guide).components(separatedBy: "```")
        for (index, part) in parts.enumerated() where !index.isMultiple(of: 2) {
            let code = Self.compact(part.dropFirst("swift".count))
            #expect(Self.examples.contains { $0.contains(code) }, "\(part)")
        }
    }
}
