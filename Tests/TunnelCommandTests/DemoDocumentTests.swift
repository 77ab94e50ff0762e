import Testing

@testable import TunnelCommand

@Suite struct DemoDocumentTests {
    @Test func `the document has every figure under its key`() {
        let text = DemoDocument(.sample).text
        let digest = String(repeating: "ab", count: 32)
        let transfer = """
            {
                "bytes" : 48000000,
                "datagrams" : 50000,
                "lost_datagrams" : 2500,
                "megabits_per_second" : 64,
                "overflowed_datagrams" : 100,
                "ping" : {
                  "count" : 3,
                  "p50_milliseconds" : 90,
                  "p99_milliseconds" : 120.4
                },
                "recovered_packets" : 1800,
                "repeated_segments" : 7,
                "retransmitted_segments" : 321,
                "return_wire_bytes" : 1200000,
                "seconds" : 6,
                "sha256_received" : "\(digest)",
                "sha256_sent" : "\(digest)",
                "timed_out_segments" : 4,
                "wire_bytes" : 66000000,
                "wire_bytes_per_byte" : 1.4
              }
            """
        let expected = """
            {
              "completed" : true,
              "down" : \(transfer),
              "identical" : true,
              "idle_ping" : {
                "count" : 3,
                "p50_milliseconds" : 52,
                "p99_milliseconds" : 60
              },
              "scenario" : {
                "cc" : "auto",
                "cipher" : "aes",
                "loss_percent" : 5,
                "megabits_per_second" : 100,
                "mode" : "fast",
                "queue_milliseconds" : 100,
                "round_trip_milliseconds" : 50,
                "seed" : 1,
                "size_megabytes" : 48
              },
              "seconds" : 14.25,
              "up" : \(transfer)
            }
            """
        #expect(text == expected)
    }

    @Test func `without a result there is the reason`() {
        #expect(DemoDocument(error: "no luck").text == "{\n  \"completed\" : false,\n  \"error\" : \"no luck\"\n}")
    }

    @Test func `the help explains every key`() {
        let explained = DemoDocument.keys.map { "\($0.key) \($0.value)" }.joined(separator: " ")
        let words = DemoDocument(.sample).text.split(separator: "\"").enumerated()
            .filter { $0.offset % 2 == 1 && $0.element.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" } }
            .map { String($0.element) }
        let values = ["aes", "auto", "fast", String(repeating: "ab", count: 32)]
        for key in words where !values.contains(key) { #expect(explained.contains(key), "\(key)") }
    }
}
