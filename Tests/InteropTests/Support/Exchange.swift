import Foundation
import Synchronization

/// One conversation of a client with the target behind the tunnel, checked byte for byte on both sides.
///
/// The client sends a header of 32 bytes (upload length, download length, seed, and how the upload ends), then the
/// upload. The target answers with the upload's length and SHA-256 as it arrived, then with the download.
struct Exchange: Sendable {
    /// When the target answers.
    enum AnswerTime: UInt64, Sendable {
        /// When all of the upload is there.
        case afterUpload = 0
        /// When the client has shut down its side.
        case afterEndOfStream = 1
    }

    static let headerByteCount = 32
    static let digestByteCount = 40

    var uploadByteCount: Int
    var downloadByteCount: Int
    var seed: UInt64
    var answerTime = AnswerTime.afterUpload
    /// The client shuts down its side behind the upload, as `nc -N` does.
    var finishesWriting = false

    /// `byteCount` each way.
    init(byteCount: Int, seed: UInt64 = .random(in: 1 ... .max)) {
        self.uploadByteCount = byteCount
        self.downloadByteCount = byteCount
        self.seed = seed
    }

    fileprivate init(header: [UInt8]) {
        let fields = header.withUnsafeBytes { bytes in
            (0..<4).map { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
        }
        self.uploadByteCount = Int(truncatingIfNeeded: fields[0] & 0xFFFF_FFFF)
        self.downloadByteCount = Int(truncatingIfNeeded: fields[1] & 0xFFFF_FFFF)
        self.seed = fields[2]
        self.answerTime = AnswerTime(rawValue: fields[3]) ?? .afterUpload
    }

    private var header: [UInt8] {
        [UInt64(self.uploadByteCount), UInt64(self.downloadByteCount), self.seed, self.answerTime.rawValue]
            .flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
    }

    private var upload: [UInt8] { Payload.make(seed: self.seed, byteCount: self.uploadByteCount) }
    private var download: [UInt8] { Payload.make(seed: ~self.seed, byteCount: self.downloadByteCount) }

    // MARK: The client's side

    /// Carries out the exchange; throws when a byte is wrong or missing, or when time is up.
    func run(through address: StreamAddress, _ deadline: Deadline) throws {
        let answer = try self.collectAnswer(through: address, deadline)
        try self.check(answer)
    }

    /// Sends header and upload, and returns what comes back until the answer is complete or the stream ends.
    func collectAnswer(through address: StreamAddress, _ deadline: Deadline) throws -> [UInt8] {
        let connection = try StreamSocket(connectingTo: address)
        try connection.write(self.header + self.upload, deadline)
        if self.finishesWriting { connection.finishWriting() }
        let expectedByteCount = Self.digestByteCount + self.downloadByteCount
        var answer: [UInt8] = []
        answer.reserveCapacity(expectedByteCount)
        var buffer = [UInt8](repeating: 0, count: 65536)
        while answer.count < expectedByteCount {
            let received: Int
            do {
                received = try connection.readSome(into: &buffer, limit: expectedByteCount - answer.count, deadline)
            } catch {
                throw Failure(
                    "\(error) (\(answer.count) of \(expectedByteCount) bytes of the answer are here; \(self))")
            }
            if received == 0 { break }
            answer += buffer.prefix(received)
        }
        return answer
    }

    /// The whole answer as it must be.
    var expectedAnswer: [UInt8] {
        Self.digest(of: self.upload) + self.download
    }

    private func check(_ answer: [UInt8]) throws {
        let expected = self.expectedAnswer
        guard answer.count == expected.count else {
            throw Failure("the stream ended after \(answer.count) of \(expected.count) bytes; \(self)")
        }
        let digest = Self.digest(of: self.upload)
        guard Array(answer.prefix(Self.digestByteCount)) == digest else {
            throw Failure("the target received something else than was sent; \(self)")
        }
        if let offset = Payload.firstDifference(answer, expected) {
            throw Failure("byte \(offset - Self.digestByteCount) of the download is wrong; \(self)")
        }
        guard Payload.sha256(Array(answer.dropFirst(Self.digestByteCount))) == Payload.sha256(self.download) else {
            throw Failure("the SHA-256 of the download is wrong; \(self)")
        }
    }

    private static func digest(of bytes: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian, Array.init) + Payload.sha256(bytes)
    }

    // MARK: The target's side

    /// Answers one client; ends silently if it goes away.
    fileprivate static func answer(_ connection: StreamSocket) {
        let deadline = Deadline(seconds: 120)
        guard let header = try? connection.read(byteCount: Self.headerByteCount, deadline) else { return }
        let exchange = Exchange(header: header)
        guard let upload = try? connection.read(byteCount: exchange.uploadByteCount, deadline) else { return }
        if exchange.answerTime == .afterEndOfStream {
            var rest = [UInt8](repeating: 0, count: 1)
            guard (try? connection.readSome(into: &rest, limit: 1, deadline)) == 0 else { return }
        }
        try? connection.write(Self.digest(of: upload) + exchange.download, deadline)
    }
}

/// The server behind the tunnel, which answers exchanges.
struct Target: Sendable {
    /// One for all tests, on a free port of 127.0.0.1.
    static let shared = Result { try Target(at: .ipv4(FreePort.take())) }

    private let listener: StreamListener

    init(at address: StreamAddress) throws {
        self.listener = try StreamListener(at: address, handle: Exchange.answer)
    }

    var address: StreamAddress { self.listener.address }

    func stop() { self.listener.stop() }
}
