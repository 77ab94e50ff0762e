import Testing

@testable import KCP

@Suite struct PeerMemoryTests {
    @Test func `an answer to what was sent after the progress and knows less tells`() {
        var memory = PeerMemory()
        memory.noteProgress(sent: 100)
        memory.noteRegress(echoed: 101)
        #expect(memory.isLost)
    }

    @Test(arguments: [UInt32(99), 100])
    func `an answer to something older may have been overtaken`(time: UInt32) {
        var memory = PeerMemory()
        memory.noteProgress(sent: 100)
        memory.noteRegress(echoed: time)
        #expect(!memory.isLost)
    }

    @Test func `times wrap around`() {
        var memory = PeerMemory()
        memory.noteProgress(sent: .max - 1)
        memory.noteRegress(echoed: 3)
        #expect(memory.isLost)
    }

    @Test func `without progress there is nothing to forget`() {
        var memory = PeerMemory()
        memory.noteRegress(echoed: 3)
        #expect(!memory.isLost)
    }
}
