/// The arguments that the demo starts the two programs with. What is printed is what is run.
struct DemoCommandLines: Hashable, Sendable {
    var server: [String]
    var client: [String]

    /// The secret of a tunnel that never leaves this machine.
    static let key = "only-for-the-demo"

    /// `entrance` is where applications connect to the client, `link` where datagrams enter the link, `exit` the
    /// server's UDP port at its other end, `target` what the server passes connections on to. All of 127.0.0.1.
    init(_ scenario: DemoScenario, entrance: UInt16, link: UInt16, exit: UInt16, target: UInt16) {
        let window = scenario.windowPacketCount.map(String.init)
        let shared =
            ["--key", Self.key, "--crypt", scenario.cipher, "--mode", scenario.mode, "--cc", scenario.sendingRules]
            + (window.map { ["--sndwnd", $0, "--rcvwnd", $0] } ?? [])
        self.server = ["-l", "127.0.0.1:\(exit)", "-t", "127.0.0.1:\(target)"] + shared
        self.client = ["-l", "127.0.0.1:\(entrance)", "-r", "127.0.0.1:\(link)"] + shared
    }
}
