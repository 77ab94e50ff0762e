import Testing
import TunnelCommand
import TunnelReporting

@Suite struct TopModelTests {
    @Test func `speeds are differences of two documents`() throws {
        var model = TopModel()
        model.add(try TopSamples.document(clock: 10, sessions: [TopSamples.session("a")]))
        #expect(model.rates == nil && model.sessionRates.isEmpty)
        model.add(
            try TopSamples.document(clock: 12, sessions: [TopSamples.session("a", received: 4000)], received: 5000))
        #expect(model.rates?.receivedPayload == 2500)
        #expect(model.sessionRates["a"]?.receivedPayload == 2000)
        #expect(model.received.values == [2500])
    }

    @Test func `a document that is not newer says nothing`() throws {
        var model = TopModel()
        model.add(try TopSamples.document(clock: 10))
        model.add(try TopSamples.document(clock: 10, received: 5000))
        #expect(model.rates == nil && model.current?.totals.receivedPayloadBytes == 0)
    }

    @Test func `a program that was started anew begins anew`() throws {
        var model = TopModel()
        model.add(try TopSamples.document(clock: 10))
        model.add(try TopSamples.document(clock: 11))
        model.add(try TopSamples.document(clock: 3, start: 2))
        #expect(model.rates == nil && model.received.values.isEmpty)
    }

    @Test func `trouble lasts until the next document`() throws {
        var model = TopModel()
        model.fail("no answer")
        #expect(model.trouble == "no answer")
        model.add(try TopSamples.document())
        #expect(model.trouble == nil)
    }

    @Test func `the fastest sessions come first`() throws {
        let names = ["a", "b", "c"]
        var model = TopModel()
        model.add(try TopSamples.document(clock: 1, sessions: names.map { try TopSamples.session($0) }))
        let later = [("a", 10), ("b", 30), ("c", 20)].map { ($0.0, UInt64($0.1)) }
        model.add(
            try TopSamples.document(clock: 2, sessions: later.map { try TopSamples.session($0.0, received: $0.1) }))
        #expect(model.sessions.map(\.name) == ["b", "c", "a"])
    }

    @Test func `moving stops at both ends`() throws {
        var model = TopModel()
        model.scroll(by: 5)
        #expect(model.firstSession == 0)
        model.add(try TopSamples.document(sessions: (0..<10).map { try TopSamples.session("\($0)") }))
        model.scroll(by: 50)
        #expect(model.firstSession == 9)
        model.scroll(by: -3)
        #expect(model.firstSession == 6)
        model.scroll(by: -50)
        #expect(model.firstSession == 0)
    }

    @Test func `histories are not endless`() throws {
        var model = TopModel()
        for clock in 0..<400 { model.add(try TopSamples.document(clock: Double(clock))) }
        #expect(model.received.values.count == 240)
    }
}
