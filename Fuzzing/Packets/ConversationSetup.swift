import FuzzSupport
import KCP
import PacketPrimitives
import RateControl

extension KCP.Configuration {
    /// Any mode, with windows small enough to be filled.
    init(_ input: inout FuzzInput) {
        let flags = input.byte()
        self.init(
            profile: Profile.allCases[Int(flags & 3)], mtu: 50 + 4 * Int(input.byte()),
            sendWindow: 1 + input.number(below: 64), receiveWindow: 1 + input.number(below: 64),
            acknowledgeImmediately: flags & 4 != 0)
        self.congestionControl = flags & 8 != 0
        self.initialSequenceNumber = flags & 16 != 0 ? 0xFFFF_FFF8 : 0
    }
}

extension Conversation {
    /// With or without a controller, as the input wants it.
    init(fuzzing configuration: KCP.Configuration, hasPath: Bool, now: Instant) {
        let path = hasPath ? PathController(datagramByteCount: configuration.mtu + 28, now: now) : nil
        self.init(id: 1, configuration: configuration, path: path, overheadByteCount: 28)
        if hasPath { self.acknowledgePromptly() }
    }

    /// Hands over all packets that are due.
    mutating func drain(
        through slab: inout PacketSlab, now: Instant, _ handle: ([UInt8]) -> Void
    ) throws(BrokenPromise) {
        for _ in 0..<4096 {
            slab.removeAll()
            let count = self.pollPackets(into: &slab, limit: slab.capacity, now: now)
            for index in 0..<count {
                try promise(
                    Int(slab[index].byteCount) <= self.configuration.mtu, "a packet is longer than the mtu")
                handle([UInt8](copying: slab.bytes(at: index)))
            }
            if count == 0 { return }
        }
        throw BrokenPromise("the conversation sends without end")
    }

    /// Does what is due; afterwards nothing may be due any more.
    mutating func handleDueTimers(
        through slab: inout PacketSlab, now: Instant, _ handle: ([UInt8]) -> Void
    ) throws(BrokenPromise) {
        for _ in 0..<8 {
            guard let next = self.nextTimeout, next <= now else { return }
            self.handleTimeout(now: now)
            try self.drain(through: &slab, now: now, handle)
        }
        throw BrokenPromise("a timer is due again and again")
    }

    /// The limits that were set hold. What a larger window has taken stays when it becomes smaller.
    func checkLimits(largestReceiveWindow: Int? = nil) throws(BrokenPromise) {
        let receiveWindow = largestReceiveWindow ?? self.configuration.receiveWindow
        try promise(self.readySegmentCount <= receiveWindow, "\(self.readySegmentCount) segments are ready")
        try promise(self.waitingSegmentCount <= receiveWindow, "\(self.waitingSegmentCount) segments wait")
        try promise(
            self.inFlightSegmentCount <= self.configuration.sendWindow, "\(self.inFlightSegmentCount) are in flight")
        // A block for each segment, and a ring of up to twice as many records.
        let limit = 2 * receiveWindow * PacketSlab.slotStride + 32 * max(16, 4 * receiveWindow)
        try promise(self.memory.receiving <= limit, "\(self.memory.receiving) bytes held for \(receiveWindow) segments")
    }
}
