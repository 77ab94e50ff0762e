import Foundation

/// What the programs show at the address of `--metrics`.
enum HTTPPage {
    /// What the server at `port` answers; the body only.
    static func get(_ path: String, port: UInt16) throws -> String {
        let deadline = Deadline(seconds: 20)
        // The port opens a moment after the program is ready for connections.
        var connected: StreamSocket?
        _ = waitUntil(deadline) {
            connected = try? StreamSocket(connectingTo: .ipv4(port))
            return connected != nil
        }
        guard let connected else { throw Failure("nobody listens on port \(port)") }
        try connected.write(Array("GET \(path) HTTP/1.1\r\nConnection: close\r\n\r\n".utf8), deadline)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = try connected.readSome(into: &buffer, limit: buffer.count, deadline), count > 0 {
            bytes += buffer.prefix(count)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        try check(text.hasPrefix("HTTP/1.1 200"), "\(path): \(text.prefix(200))")
        return text.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
    }

    /// The value of one series of the metrics, named with its labels; 0 if there is none yet.
    static func metric(_ series: String, port: UInt16) throws -> Int {
        let lines = try self.get("/metrics", port: port).split(separator: "\n")
        let line = lines.first { $0.hasPrefix(series + " ") }
        return line.flatMap { Double($0.dropFirst(series.count + 1)) }.map { Int($0) } ?? 0
    }
}
