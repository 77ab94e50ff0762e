import Foundation

/// A folder that goes away with the value that holds it.
final class TemporaryFolder {
    let path: String

    init() throws {
        self.path = FileManager.default.temporaryDirectory.appending(path: "tunnel-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: self.path) }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: self.path + "/" + name)), as: UTF8.self)
    }
}
