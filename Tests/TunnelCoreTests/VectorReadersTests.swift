import Foundation
import TestSupport
import Testing

/// A vector file that nobody reads proves nothing.
struct VectorReadersTests {
    /// The text of all test sources but this one.
    private static let sources: String = {
        let tests = Vectors.folder.deletingLastPathComponent()
        let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)?.allObjects ?? []
        return files.compactMap { $0 as? URL }
            .filter { $0.pathExtension == "swift" && !$0.path().hasSuffix("VectorReadersTests.swift") }
            .compactMap { try? String(contentsOf: $0, encoding: .utf8) }.joined()
    }()

    @Test(arguments: try! Vectors.names())
    func `every vector file has a test that loads it`(name: String) {
        #expect(Self.sources.contains("Vectors.load(\"\(name)\""))
    }

    @Test func `every recorded session is decoded`() throws {
        #expect(try Vectors.names(in: "sessions").count == RecordedSession.all.count)
    }
}
