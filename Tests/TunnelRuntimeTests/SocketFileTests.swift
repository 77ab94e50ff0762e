import Foundation
import Testing

@testable import TunnelRuntime

@Suite struct SocketFileTests {
    private static func path() -> String {
        FileManager.default.temporaryDirectory.appending(path: "socket-\(UUID().uuidString.prefix(8))").path()
    }

    /// Binds a unix socket, which leaves its file behind.
    private static func bind(_ path: String) throws {
        #if os(Linux)
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Foundation.bind(descriptor, $0, size) }
        }
        try #require(result == 0)
    }

    @Test func `the file of a socket is removed`() throws {
        let path = Self.path()
        try Self.bind(path)
        let file = try #require(SocketFile(path: path))
        file.remove()
        #expect(!FileManager.default.fileExists(atPath: path))
        file.remove()
    }

    @Test func `a file that has taken its place stays`() throws {
        let path = Self.path()
        defer { unlink(path) }
        try Self.bind(path)
        let file = try #require(SocketFile(path: path))
        // Moved away and not removed, so that the other socket cannot get its inode.
        try FileManager.default.moveItem(atPath: path, toPath: path + "-old")
        defer { unlink(path + "-old") }
        try Self.bind(path)
        file.remove()
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func `nothing but a socket is taken for one`() throws {
        let path = Self.path()
        defer { unlink(path) }
        try Data("precious".utf8).write(to: URL(filePath: path))
        #expect(SocketFile(path: path) == nil)
        #expect(SocketFile(path: path + "-missing") == nil)
    }
}
