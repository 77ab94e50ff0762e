import Foundation
import Testing
import TunnelCommand

@Suite struct SystemFileTests {
    @Test(arguments: [0, 1, 16383, 16384, 16385, 100_000])
    func `a file is read to its end`(byteCount: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try Data(bytes).write(to: URL(filePath: folder.path + "/x"))
        #expect(try SystemFile.read(folder.path + "/x") == bytes)
    }

    @Test func `a folder is no file`() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: FileError.self) { try SystemFile.read(folder.path) }
        #expect(error?.description == "read \(folder.path): Is a directory")
    }
}
