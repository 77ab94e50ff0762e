import Testing

@testable import TunnelRuntime

@Suite struct MovingRuleTests {
    @Test func `an address that is gone is left, whoever the server is`() {
        var rule = MovingRule()
        #expect(rule.reason(isGone: true, isOther: true, isFollowed: false, silence: 1500) == .addressGone)
    }

    @Test func `a server that does not follow is not left`() {
        var rule = MovingRule()
        #expect(rule.reason(isGone: false, isOther: true, isFollowed: false, silence: 20_000) == nil)
    }

    @Test func `another route is taken at once`() {
        var rule = MovingRule()
        #expect(rule.reason(isGone: false, isOther: true, isFollowed: true, silence: 1500) == .otherRoute)
    }

    @Test func `another port is tried after 4 seconds, and again after twice as many`() {
        var rule = MovingRule()
        let reasons = stride(from: 2000, through: 17_000, by: 1000).filter {
            rule.reason(isGone: false, isOther: false, isFollowed: true, silence: $0) == .silence
        }
        #expect(reasons == [4000, 8000, 16_000])
        rule.reset()
        #expect(rule.reason(isGone: false, isOther: false, isFollowed: true, silence: 4000) == .silence)
    }
}
