import Testing

@testable import TunnelCommand

@Suite struct StartErrorTests {
    private struct Trouble: Error, CustomStringConvertible { let description = "it rains" }

    @Test(arguments: ["-l", "--metrics"])
    func `the advice names the flag`(flag: String) {
        let error = StartError(listeningOn: "127.0.0.1:1", Trouble(), flag: flag)
        #expect(error.description == "cannot listen on 127.0.0.1:1: it rains; choose another address with \(flag)")
    }
}
