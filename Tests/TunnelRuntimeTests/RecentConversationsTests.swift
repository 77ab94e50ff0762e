import Testing

@testable import TunnelRuntime

@Suite struct RecentConversationsTests {
    @Test func `the oldest is forgotten`() {
        var recent = RecentConversations()
        for number in 0..<UInt32(RecentConversations.capacity) { recent.insert(number) }
        recent.insert(5)
        #expect(recent.contains(0))
        recent.insert(1_000_000)
        #expect(!recent.contains(0))
        #expect(recent.contains(1) && recent.contains(5) && recent.contains(1_000_000))
        recent.insert(1_000_001)
        #expect(!recent.contains(1))
    }
}
