import PacketPrimitives
import Testing

@testable import NetworkSimulation

@Suite struct FaultedNetworkTests {
    private let network: FaultedNetwork
    private let start = Instant(milliseconds: 1000)

    init() {
        var plan = FaultPlan(seed: 1)
        plan.towardServer = LinkConditions(delayMilliseconds: 1)
        plan.towardClient = LinkConditions(delayMilliseconds: 1)
        plan.schedule = FaultSchedule(calmTime: 0)
        plan.schedule.blackouts = [.init(start: 500, milliseconds: 10, hitsRequests: true, hitsAnswers: false)]
        self.network = FaultedNetwork(plan, start: self.start)
    }

    private func atServer(_ milliseconds: Int) -> [Int] {
        var addresses: [Int] = []
        self.network.deliverToServer(now: self.start.advanced(milliseconds: milliseconds)) { addresses.append($1) }
        return addresses
    }

    private func send(_ milliseconds: Int) {
        self.network.sendToServer([1, 2, 3].span.bytes, now: self.start.advanced(milliseconds: milliseconds))
    }

    @Test func `a client that is rebound sends from another address`() {
        self.send(0)
        self.network.rebind()
        self.send(0)
        let addresses = self.atServer(1)
        #expect(addresses.count == 2)
        #expect(addresses[0] != addresses[1])
    }

    @Test func `what goes to an old address gets lost`() {
        let old = self.network.clientAddress
        self.network.rebind()
        self.network.sendToClient([1].span.bytes, at: old, now: self.start)
        self.network.sendToClient([2].span.bytes, at: self.network.clientAddress, now: self.start)
        var arrived: [UInt8] = []
        self.network.deliverToClient(now: self.start.advanced(milliseconds: 1)) {
            arrived.append($0.littleEndian(at: 0))
        }
        #expect(arrived == [2])
    }

    @Test func `a blackout takes what is sent meanwhile, in its direction`() {
        self.send(505)
        self.network.sendToClient(
            [1].span.bytes, at: self.network.clientAddress, now: self.start.advanced(milliseconds: 505))
        #expect(self.atServer(600).isEmpty)
        #expect(self.network.nextDelivery == self.start.advanced(milliseconds: 506))
    }

    @Test(arguments: [true, false]) func `what was sent comes once more`(fromElsewhere: Bool) {
        self.send(0)
        let address = self.atServer(1)
        self.network.rebind()
        self.network.replay(count: 2, fromElsewhere: fromElsewhere, now: self.start.advanced(milliseconds: 1))
        let replayed = self.atServer(2)
        #expect(replayed.count == 2)
        #expect(replayed.allSatisfy { ($0 == address[0]) == !fromElsewhere })
    }

    @Test func `what the present session has sent can be forgotten`() {
        self.network.beginSession()
        self.send(0)
        self.network.beginSession()
        self.send(0)
        self.network.forgetRecent()
        _ = self.atServer(1)
        self.network.replay(count: 20, fromElsewhere: false, now: self.start)
        let addresses = self.atServer(2)
        #expect(Set(addresses) == [self.network.clientAddress - 1])
    }
}
