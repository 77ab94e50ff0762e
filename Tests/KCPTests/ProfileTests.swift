import KCP
import Testing

@Suite struct ProfileTests {
    @Test(arguments: [
        ("normal", false, 40), ("fast", false, 30), ("fast2", true, 20), ("fast3", true, 10),
    ])
    func `a preset is the original's row`(name: String, noDelay: Bool, interval: Int) throws {
        let profile = try #require(Profile.named(name))
        #expect(
            profile
                == Profile(
                    name: name, noDelay: noDelay, intervalMilliseconds: interval, fastResend: 2,
                    congestionControlOff: true))
    }

    @Test func `an unknown name is no preset`() {
        #expect(Profile.named("manual") == nil)
        #expect(Profile.named("FAST") == nil)
    }

    @Test func `the presets are listed from the slowest to the fastest`() {
        #expect(Profile.allCases.map(\.name) == ["normal", "fast", "fast2", "fast3"])
    }
}
