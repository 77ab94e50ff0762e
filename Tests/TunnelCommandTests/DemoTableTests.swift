import Testing

@testable import TunnelCommand

@Suite struct DemoTableTests {
    @Test func `the table has every figure in its row`() {
        let digest = String(repeating: "ab", count: 32)
        let expected = """
                                                            up            down
            Carried through the tunnel
              file                                     48.0 MB         48.0 MB
              time                                      6.00 s          6.00 s
              speed                                64.0 Mbit/s     64.0 Mbit/s
              plain TCP there (*)                   1.3 Mbit/s      1.3 Mbit/s
            What the link did
              datagrams sent                            50,000          50,000
              lost at random                             2,500           2,500
              lost to a full queue                         100             100
              lost together                              5.2 %           5.2 %
            How it was repaired
              rebuilt from parity (FEC)                  1,800           1,800
              sent again                                   321             321
                of these after a time-out                    4               4
              arrived twice                                  7               7
            What it cost
              bytes on the link per byte                  1.40            1.40
            Ping through the same tunnel
              half within                              90.0 ms         90.0 ms
              99 of 100 within                        120.4 ms        120.4 ms
              with no file on its way: half within 52.0 ms
            SHA-256 of the files
              up    in   \(digest)
              up    out  \(digest)
              down  in   \(digest)
              down  out  \(digest)

            Both files came out exactly as they went in.
            (*) one connection of a TCP that takes each loss for congestion, by the estimate of Mathis et al. (1997)

            """
        #expect(DemoTable(.sample).text == expected)
    }

    @Test func `a damaged file is pointed at`() {
        var result = DemoResult.sample
        result.down.digests.received[31] = 0
        let lines = DemoTable(result).text.split(separator: "\n")
        #expect(lines.filter { $0.hasSuffix("DIFFERENT") }.map { $0.prefix(11) } == ["  down  out"])
        #expect(lines.contains { $0.hasPrefix("A file came out different") })
        #expect(!result.isIdentical)
    }

    @Test func `without answers there are dashes`() {
        var result = DemoResult.sample
        result.idlePing = nil
        result.up.ping = nil
        let text = DemoTable(result).text
        #expect(text.contains("with no file on its way: no answer"))
        #expect(text.contains("half within                                    -         90.0 ms"))
    }

    @Test func `a link without loss is compared with nothing`() {
        var result = DemoResult.sample
        result.scenario.lossPercent = 0
        #expect(!DemoTable(result).text.contains("(*)"))
    }
}
