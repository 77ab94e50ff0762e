import DatagramIO
import Testing

@testable import TunnelCommand

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@Suite struct PrivilegeErrorTests {
    private static func text(_ number: Int32) -> String {
        PrivilegeError(program: "kcptun-server", cause: SystemError(call: "socket", number: number)).description
    }

    @Test(arguments: [EPERM, EACCES]) func `a missing right is named, with every way to get it`(number: Int32) {
        let text = Self.text(number)
        for word in ["--tcp", "CAP_NET_RAW", "setcap cap_net_raw+ep", "kcptun-server", "AmbientCapabilities", "root"] {
            #expect(text.contains(word))
        }
        #expect(!text.contains("\n"))
    }

    @Test func `anything else is the system's to say`() {
        #expect(Self.text(EMFILE) == "--tcp does not work here: socket: Too many open files")
    }
}
