import BenchmarkSupport
import NetworkSimulation

/// What one of our programs has counted, in the text format of its metrics.
package struct ProgramCounters: Sendable {
    private let values: [String: Double]

    package init(text: String) {
        var values: [String: Double] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            values[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        self.values = values
    }

    /// Asks the program whose metrics are at this port; `nil` if it does not answer.
    init?(port: UInt16) {
        guard let socket = try? StreamSocket.connected(toPort: port) else { return nil }
        defer { socket.close() }
        socket.limitWaiting(toMilliseconds: 500)
        let request = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        guard request.utf8.allSatisfy({ socket.send($0) }) else { return nil }
        self.init(text: socket.receiveText())
    }

    private func count(_ name: String) -> UInt64 { UInt64(self.values[name] ?? 0) }

    /// Data segments that were sent, repetitions included: what fills a datagram of a transfer, parity aside.
    package var transmissionCount: UInt64 {
        let datagramCount = self.count("kcptun_session_datagrams_total{direction=\"sent\"}")
        let parityCount = self.count("kcptun_fec_sent_parity_packets_total")
        return datagramCount > parityCount ? datagramCount - parityCount : 0
    }

    package var retransmissionCount: UInt64 { self.count("kcptun_retransmitted_segments_total") }

    /// Segments that came in and had been there before.
    package var repetitionCount: UInt64 { self.count("kcptun_repeated_segments_total") }
}
