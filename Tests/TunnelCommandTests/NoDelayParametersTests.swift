import ArgumentParser
import Testing
import TunnelCommand

@Suite struct NoDelayParametersTests {
    @Test(arguments: [
        ("normal", "0 40 2 1"), ("fast", "0 30 2 1"), ("fast2", "1 20 2 1"), ("fast3", "1 10 2 1"),
        ("manual", "1 15 3 0"),
    ])
    func `a mode stands for four numbers, and manual for the hidden flags`(mode: String, numbers: String) throws {
        let link = try LinkOptions.parse(["--mode=\(mode)", "--nodelay=1", "--interval=15", "--resend=3", "--nc=0"])
        #expect(NoDelayParameters(link)?.description == numbers)
    }

    @Test(arguments: ["", "default", "Fast", "fast4", " fast"])
    func `there are no other modes`(mode: String) throws {
        #expect(NoDelayParameters(try LinkOptions.parse(["--mode", mode])) == nil)
    }
}
