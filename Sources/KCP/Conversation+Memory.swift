package import PacketPrimitives

// When there is little memory left.
extension Conversation {
    /// Keeps both windows at so many segments at most, whatever the settings say, and gives back what is not in use.
    /// What has been received and acknowledged stays, and so does what is under way. `nil`: as the settings say.
    package mutating func limitWindows(to segmentCount: Int?, now: Instant) {
        if segmentCount != nil { self.releaseSpareMemory() }
        let limit = max(1, segmentCount ?? Configuration.largestWindow)
        guard limit != self.windowLimit else { return }
        let free = self.receiving.free
        self.windowLimit = limit
        self.receiving.setLimit(self.receiveLimit)
        // A peer that has been told of no room asks only now and then.
        if self.receiving.free > free { self.probe.mustTell = true }
        self.updateCadence(now: now)
    }

    /// Whether the windows are kept small.
    package var isLimited: Bool { self.windowLimit < Configuration.largestWindow }

    /// How many segments the receiver takes now.
    var receiveLimit: Int { min(self.configuration.receiveWindow, self.windowLimit) }

    /// Memory in use for what is sent and not acknowledged, and held for what is received and not taken, bytes, roughly.
    package var heldByteCount: Int {
        self.sending.bytes.byteCount + self.receiving.memoryByteCount
            + self.sending.inFlightCount * MemoryLayout<SegmentRecord>.stride
            + self.control.log.count * MemoryLayout<TransmissionRecord>.stride
    }

    private mutating func releaseSpareMemory() {
        self.sending.shrink()
        self.receiving.releaseSpareBlocks()
        self.control.log.shrink()
    }
}
