import Testing

@testable import TunnelCommand

@Suite struct ServiceEnvironmentTests {
    private static func environment(_ variables: [String: String]) -> ServiceEnvironment {
        ServiceEnvironment(processIdentifier: 42) { variables[$0] }
    }

    @Test func `without variables nobody listens`() {
        let environment = Self.environment([:])
        #expect(environment.notifySocket == nil)
        #expect(environment.watchdogMicroseconds == nil)
        #expect(environment.journalStream == nil)
    }

    @Test func `the variables are read`() {
        let environment = Self.environment(["NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "5", "JOURNAL_STREAM": "1:2"])
        #expect(environment.notifySocket == "/run/n")
        #expect(environment.watchdogMicroseconds == 5)
        #expect(environment.journalStream == "1:2")
    }

    @Test(
        arguments: [(nil, 5), ("42", 5), ("43", nil), ("", nil)] as [(String?, Int?)])
    func `a watchdog may be meant for another process`(owner: String?, microseconds: Int?) {
        let environment = Self.environment(
            ["WATCHDOG_USEC": "5"].merging(owner.map { ["WATCHDOG_PID": $0] } ?? [:]) { $1 })
        #expect(environment.watchdogMicroseconds == microseconds)
    }

    @Test(arguments: ["", "0", "-1", "x"]) func `a senseless interval is none`(text: String) {
        #expect(Self.environment(["WATCHDOG_USEC": text]).watchdogMicroseconds == nil)
    }
}
