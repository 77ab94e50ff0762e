import Testing

@testable import Smux

@Suite struct StreamStateTests {
    private let id = StreamID(rawValue: 3)

    @Test func `a windowed stream sends no more than the window`() {
        var state = StreamState(id: self.id)
        state.announcedByteCount = 300_000
        #expect(state.sendableByteCount(isWindowed: true) == 262_144)
        #expect(state.sendableByteCount(isWindowed: false) == 300_000)
    }

    @Test func `the window counters wrap`() {
        var state = StreamState(id: self.id)
        state.sentByteCount = 10
        state.peerConsumedByteCount = .max - 9
        state.peerWindow = 100
        #expect(state.inFlightByteCount == 20)
        #expect(state.openWindow == 80)
    }

    @Test func `a window beyond the sign bit is closed`() {
        var state = StreamState(id: self.id)
        state.announcedByteCount = 1
        state.peerWindow = 1 << 31
        #expect(state.sendableByteCount(isWindowed: true) == 0)
    }

    @Test func `a shrunk window is closed, not negative`() {
        var state = StreamState(id: self.id)
        state.announcedByteCount = 1
        state.sentByteCount = 100
        state.peerWindow = 50
        #expect(state.sendableByteCount(isWindowed: true) == 0)
    }

    @Test func `FIN waits for announced bytes`() {
        var state = StreamState(id: self.id, flags: .finishRequested)
        state.announcedByteCount = 1
        #expect(!state.wantsFinish)
        state.announcedByteCount = 0
        #expect(state.wantsFinish)
        state.flags.insert(.finishSent)
        #expect(!state.wantsFinish)
    }

    @Test func `data waits for SYN`() {
        var state = StreamState(id: self.id, flags: .synchronizePending)
        state.announcedByteCount = 1
        #expect(!state.wantsData(isWindowed: false))
        #expect(state.wantsControl)
    }

    @Test func `a stream is over when both directions are finished and all is consumed`() {
        var state = StreamState(id: self.id, flags: [.finishSent, .finishReceived])
        #expect(state.isOver)
        state.unconsumedByteCount = 1
        #expect(!state.isOver)
        #expect(!StreamState(id: self.id, flags: .finishReceived).isOver)
        #expect(!StreamState(id: self.id, flags: .finishSent).isOver)
    }

    @Test func `an abandoned stream is over when its last FIN is sent`() {
        #expect(!StreamState(id: self.id, flags: .abandoned).isOver)
        #expect(!StreamState(id: self.id, flags: [.abandoned, .finishSent, .abortPending]).isOver)
        #expect(StreamState(id: self.id, flags: [.abandoned, .finishSent]).isOver)
    }

    @Test func `a stream's state is small`() {
        #expect(MemoryLayout<StreamState>.stride + 2 * MemoryLayout<ReadyList>.stride < 160)
    }
}
