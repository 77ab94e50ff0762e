import Testing

@testable import TunnelCommand

@Suite struct DemoTimeLimitTests {
    @Test func `work in time returns its value`() async throws {
        #expect(
            try await TimeLimit.run(seconds: 60) {
                5
            } expired: {
                DemoError.timedOut(seconds: 60)
            } == 5)
    }

    @Test func `work that hangs is left behind`() async {
        await #expect(throws: DemoError.timedOut(seconds: 0)) {
            try await TimeLimit.run(seconds: 0) {
                try await Task.sleep(for: .seconds(3600))
            } expired: {
                DemoError.timedOut(seconds: 0)
            }
        }
    }

    @Test func `the error of the work is passed on`() async {
        await #expect(throws: DemoError.wrongEcho) {
            try await TimeLimit.run(seconds: 60) {
                throw DemoError.wrongEcho
            } expired: {
                DemoError.timedOut(seconds: 60)
            }
        }
    }
}
