import Foundation
import Testing

@testable import TunnelCommand

@Suite struct ServiceManagerTests {
    private static let names: [String] = {
        let path = FileManager.default.temporaryDirectory.appending(path: "notify-\(UUID().uuidString.prefix(8))")
            .path()
        #if os(Linux)
            return [path, "@swift-kcptun-\(UUID().uuidString)"]
        #else
            return [path]
        #endif
    }()

    @Test(arguments: names) func `each state is one datagram`(name: String) throws {
        let socket = try NotifySocket(name: name)
        let manager = ServiceManager(notifySocket: name)
        #expect(manager.isListening)
        manager.tellReady(status: "serving")
        #expect(socket.receive() == ["READY=1", "STATUS=serving"])
        manager.tellReloading(monotonicMicroseconds: 77)
        #expect(socket.receive() == ["RELOADING=1", "MONOTONIC_USEC=77"])
        manager.tell(status: "2 sessions")
        #expect(socket.receive() == ["STATUS=2 sessions"])
        manager.tellAlive()
        #expect(socket.receive() == ["WATCHDOG=1"])
        manager.tellStopping(status: "leaving", withinSeconds: 5)
        #expect(socket.receive() == ["STOPPING=1", "STATUS=leaving", "EXTEND_TIMEOUT_USEC=6000000"])
    }

    @Test(arguments: [nil, "/nonexistent/socket", "@nobody-\(UUID().uuidString)", String(repeating: "x", count: 200)])
    func `a manager that does not listen does no harm`(name: String?) {
        let manager = ServiceManager(notifySocket: name)
        #expect(manager.isListening == (name != nil))
        manager.tellReady(status: "x")
    }
}
