import BenchmarkSupport
import LinkRig
import NetworkSimulation
import Testing
import TunnelCore

@Suite struct RigVariantTests {
    private let folders = ProgramFolders(ours: "/ours", original: "/theirs")

    private func end(_ name: String, _ role: TunnelRole, on link: LinkScenario = .c) throws -> TunnelEnd {
        let variant = try #require(RigVariant(name: name, flags: ["auto": ["-cc", "auto"]]))
        return try #require(variant.end(role, on: link, from: self.folders))
    }

    @Test func `one name stands for both ends`() throws {
        #expect(try self.end("default", .client).path == "/ours/kcptun-client")
        #expect(try self.end("default", .server).path == "/ours/kcptun-server")
        #expect(try self.end("default", .server).options.isEmpty)
        #expect(RigVariant(name: "default")?.name == "default")
    }

    @Test func `whoever talks to the original speaks its smux`() throws {
        let name = "go-default+default"
        #expect(try self.end(name, .client).path == "/theirs/kcptun-client")
        #expect(try self.end(name, .client).options.isEmpty)
        #expect(try self.end(name, .server).options == ["-smuxver", "1"])
        #expect(RigVariant(name: name)?.name == name)
    }

    @Test func `windows and modes become flags`() throws {
        #expect(
            try self.end("go-wide", .client).options == ["-sndwnd", "2048", "-rcvwnd", "2048"])
        // 100 Mbit/s for 50 ms, twice, in datagrams of 1378 bytes.
        #expect(
            try self.end("go-fast3-nofec", .server).options
                == ["-mode", "fast3", "-sndwnd", "907", "-rcvwnd", "907", "-datashard", "0", "-parityshard", "0"])
    }

    @Test func `labels add flags to our program only`() throws {
        #expect(try self.end("default@auto", .client).options == ["-cc", "auto"])
        #expect(try self.end("go-wide+default@auto", .server).options == ["-smuxver", "1", "-cc", "auto"])
        #expect(RigVariant(name: "default@auto", flags: ["auto": []])?.name == "default@auto")
    }

    @Test(arguments: [
        "", "nothing", "default+", "default+default+default", "default@auto", "go-default@x", "tcp-vegas",
    ])
    func `what means nothing is refused`(_ name: String) {
        #expect(RigVariant(name: name, flags: ["x": []]) == nil)
    }

    @Test func `TCP has no ends`() throws {
        let variant = try #require(RigVariant(name: "tcp-bbr"))
        #expect(variant == .tcp(.bbr))
        #expect(variant.name == "tcp-bbr")
        #expect(variant.end(.client, on: .a, from: self.folders) == nil)
    }
}
