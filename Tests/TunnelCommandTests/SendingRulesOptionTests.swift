import Testing
import TunnelCommand
import TunnelCore

@Suite struct SendingRulesOptionTests {
    @Test(
        arguments: [
            ("off", .original), ("auto", .modelled), ("fixed:8", .fixed(bytesPerSecond: 1_000_000)),
            ("fixed:0.5", .fixed(bytesPerSecond: 62_500)), ("fixed:0.000001", .fixed(bytesPerSecond: 1000)),
        ] as [(String, SendingRules)])
    func `the option names the rules`(text: String, rules: SendingRules) {
        #expect(SendingRules(option: text) == rules)
    }

    @Test(arguments: ["", "on", "Auto", "fixed", "fixed:", "fixed:0", "fixed:-1", "fixed:x", "fixed:nan", "fixed:1e9"])
    func `other texts are refused`(text: String) { #expect(SendingRules(option: text) == nil) }
}
