import Testing

@testable import TunnelCommand

@Suite struct DemoIntroductionTests {
    private let lines = DemoCommandLines(DemoScenario(), entrance: 12948, link: 2000, exit: 29900, target: 80)

    @Test func `the introduction has the link and what can be typed`() {
        let text = DemoIntroduction.text(DemoScenario(), self.lines)
        #expect(text.contains("100 Mbit/s, 50 ms round trip, 5 % of the datagrams lost each way"))
        #expect(text.contains("a file of 48 MB up"))
        #expect(text.contains("kcptun-server -l 127.0.0.1:29900 -t 127.0.0.1:80 \\\n"))
        #expect(text.contains("kcptun-client -l 127.0.0.1:12948 -r 127.0.0.1:2000 \\\n"))
    }

    @Test func `every argument is shown`() {
        let words = Set(DemoIntroduction.text(DemoScenario(), self.lines).split(whereSeparator: \.isWhitespace))
        for argument in self.lines.server + self.lines.client { #expect(words.contains(argument[...]), "\(argument)") }
    }

    @Test func `no line is longer than 110 columns`() {
        let lines = DemoIntroduction.text(DemoScenario(), self.lines).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 110 })
    }
}
