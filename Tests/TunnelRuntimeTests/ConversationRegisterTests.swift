import Testing

@testable import TunnelRuntime

@Suite struct ConversationRegisterTests {
    private let register = ConversationRegister()

    @Test func `a conversation begins once`() {
        #expect(self.register.begin(7))
        #expect(!self.register.begin(7))
        #expect(self.register.begin(8))
        #expect(self.register.isLive(7) && self.register.isKnown(7))
    }

    @Test func `one that is over does not begin again, one that came to nothing does`() {
        _ = (self.register.begin(7), self.register.begin(8))
        self.register.end(7, isOver: true)
        self.register.end(8, isOver: false)
        #expect(!self.register.isLive(7) && self.register.isKnown(7))
        #expect(!self.register.isLive(8) && !self.register.isKnown(8))
        #expect(!self.register.begin(7))
        #expect(self.register.begin(8))
    }
}
