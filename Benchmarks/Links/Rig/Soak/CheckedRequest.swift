import BenchmarkSupport
import NetworkSimulation
import PacketPrimitives

/// What a connection of the soak carries. Both ends of the tunnel know every byte of it.
struct CheckedRequest: Equatable, Sendable {
    static let headerByteCount = 24
    private static let pieceByteCount = 32_768

    var seed: UInt64
    var requestByteCount: Int
    var answerByteCount: Int
    /// The answer waits for the end of the request.
    var endsFirst: Bool

    init(seed: UInt64, requestByteCount: Int, answerByteCount: Int, endsFirst: Bool) {
        self.seed = seed
        self.requestByteCount = requestByteCount
        self.answerByteCount = answerByteCount
        self.endsFirst = endsFirst
    }

    init(header: [UInt8]) {
        func number(at offset: Int) -> UInt64 {
            header[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.seed = number(at: 0)
        self.requestByteCount = Int(truncatingIfNeeded: number(at: 8))
        self.answerByteCount = Int(truncatingIfNeeded: number(at: 16) >> 1)
        self.endsFirst = number(at: 16) & 1 == 1
    }

    var header: [UInt8] {
        let words = [
            self.seed, UInt64(self.requestByteCount), UInt64(self.answerByteCount) << 1 | (self.endsFirst ? 1 : 0),
        ]
        return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
    }

    private func content(isAnswer: Bool) -> StreamContent {
        StreamContent(stream: self.seed, role: isAnswer ? 1 : 0, isCompressible: self.seed % 2 == 0)
    }

    /// What became of one direction.
    struct Reception: Equatable, Sendable {
        var byteCount = 0
        var isRight = true
        /// It ended in order behind its last byte.
        var isComplete = false
    }

    /// Sends the request or the answer, at most `limit` bytes of it; `false` when the connection has failed.
    func send(isAnswer: Bool, limit: Int = .max, to socket: StreamSocket) -> Bool {
        let content = self.content(isAnswer: isAnswer)
        let byteCount = min(isAnswer ? self.answerByteCount : self.requestByteCount, limit)
        var sent = 0
        while sent < byteCount {
            var piece = [UInt8](repeating: 0, count: min(Self.pieceByteCount, byteCount - sent))
            piece.fill(with: content, from: sent)
            guard unsafe piece.withUnsafeBytes({ unsafe socket.send($0) }) else { return false }
            sent += piece.count
        }
        return true
    }

    /// Takes the request or the answer, the latter up to its end.
    func receive(isAnswer: Bool, from socket: StreamSocket) -> Reception {
        let content = self.content(isAnswer: isAnswer)
        let byteCount = isAnswer ? self.answerByteCount : self.requestByteCount
        let needsEnd = isAnswer || self.endsFirst
        var reception = Reception()
        var buffer = [UInt8](repeating: 0, count: Self.pieceByteCount)
        while needsEnd || reception.byteCount < byteCount {
            guard let count = socket.receiveSome(into: &buffer) else { return reception }
            if count == 0 { break }
            let isRight = unsafe content.matches(buffer.span.bytes.extracting(0..<count), from: reception.byteCount)
            reception.byteCount += count
            reception.isRight = reception.isRight && isRight && reception.byteCount <= byteCount
        }
        reception.isComplete = reception.byteCount == byteCount
        return reception
    }
}

extension [UInt8] {
    fileprivate mutating func fill(with content: StreamContent, from offset: Int) {
        var span = self.mutableSpan
        var payload = unsafe span.mutableBytes
        content.fill(&payload, from: offset)
    }
}
