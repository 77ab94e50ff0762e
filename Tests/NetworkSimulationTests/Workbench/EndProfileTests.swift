import KCP
import NetworkSimulation
import PacketPrimitives
import Smux
import Testing
import TunnelCore

@Suite struct EndProfileTests {
    @Test func `the original's defaults are what they are`() {
        let client = TunnelVariant(.goDefault).configuration(.client, on: .b)
        let server = TunnelVariant(.goDefault).configuration(.server, on: .b)
        #expect([client, server].allSatisfy { $0.habits == .original && !$0.usesCompression && $0.mtu == 1350 })
        #expect([client, server].allSatisfy { $0.dataShards == 10 && $0.parityShards == 3 })
        #expect(client.conversation.sendWindow == 128 && client.conversation.receiveWindow == 512)
        #expect(server.conversation.sendWindow == 1024 && server.conversation.receiveWindow == 1024)
        #expect(client.conversation.intervalMilliseconds == 30 && !client.conversation.noDelay)
    }

    /// Windows of two bandwidth-delay products, by the faster direction.
    @Test(arguments: [(LinkScenario.b, 907), (.d, 3628), (.g, 145), (.h, 181)])
    func `windows follow the link`(scenario: LinkScenario, segments: Int) {
        for role in [TunnelRole.client, .server] {
            let conversation = TunnelVariant(.goFast3).configuration(role, on: scenario).conversation
            #expect(conversation.sendWindow == segments && conversation.receiveWindow == segments)
            #expect(conversation.intervalMilliseconds == 10 && conversation.noDelay)
        }
    }

    @Test func `windows have a least size`() {
        let slow = LinkScenario(
            name: "slow", roundTripMilliseconds: 5, bothWays: .init(megabitsPerSecond: 1, queue: .none))
        #expect(TunnelVariant(.fast3).configuration(.client, on: slow).conversation.sendWindow == 32)
    }

    @Test func `without FEC there is none`() {
        #expect(!TunnelVariant(.goFast3WithoutParity).configuration(.server, on: .b).usesParity)
        #expect(!TunnelVariant(.fast3WithoutParity).configuration(.server, on: .b).usesParity)
    }

    @Test func `a controller is for one end and one host`() throws {
        let variant = try #require(TunnelVariant(name: "auto-to-go"))
        #expect(variant.name == "go-wide+auto")
        let client = variant.configuration(.client, on: .b)
        let server = variant.configuration(.server, on: .b)
        #expect(client.habits == .original && client.makePath(now: Instant(milliseconds: 1)) == nil)
        #expect(server.rules == .modelled && server.makePath(now: Instant(milliseconds: 1)) != nil)
        #expect(client.conversation.sendWindow == 2048 && client.conversation.receiveWindow == 2048)
        #expect(client.usesParity && !server.usesParity)
    }

    @Test func `with a controller windows do not limit`() {
        let off = TunnelVariant(.off).configuration(.server, on: .d)
        let auto = TunnelVariant(.auto).configuration(.server, on: .d)
        #expect(off.rules == .original && auto.rules == .modelled)
        #expect(off.conversation.sendWindow == 3628 && auto.conversation.sendWindow == 65535)
        #expect(auto.multiplexer.streamBufferByteCount == 32 << 20)
    }

    @Test func `every row can be found by its name`() {
        for profile in EndProfile.all { #expect(TunnelVariant(name: profile.name)?.name == profile.name) }
        #expect(Set(EndProfile.all.map(\.name)).count == EndProfile.all.count)
    }

    @Test func `the ends of a variant may differ`() throws {
        let variant = try #require(TunnelVariant(name: "go-default+fast3"))
        #expect(variant.client.name == "go-default" && variant.server.name == "fast3")
        #expect(variant.name == "go-default+fast3")
    }

    @Test(arguments: [("default", 2), ("go-default", 1), ("go-default+default", 1), ("default+go-default", 1)])
    func `both ends have the same smux version`(name: String, version: UInt8) throws {
        let variant = try #require(TunnelVariant(name: name))
        let configurations = [TunnelRole.client, .server].map { variant.configuration($0, on: .b) }
        #expect(configurations.allSatisfy { $0.multiplexer.version == version })
    }

    @Test(arguments: ["", "what", "default+", "default+what", "default+default+default", "+"])
    func `other names mean nothing`(name: String) { #expect(TunnelVariant(name: name) == nil) }
}
