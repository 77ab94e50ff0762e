import PacketPrimitives

/// Full-block CFB with a fixed initialisation vector for every datagram (protocol 01 §3.1).
///
/// Encryption is serial inside a datagram, so a burst is encrypted in step: block k of all datagrams, then block
/// k + 1. The datagrams are ordered by length, so that those that end leave at the back.
///
/// The compiler does not specialise a generic class that is reached through a protocol, which makes it eight times
/// slower; hence `@specialized` on the two ways in, with a line for each kind of block cipher.
@safe
final class CFBCipher<Cipher: BlockCipher & ~Copyable>: DatagramCipher {
    /// One datagram of the burst.
    @safe
    private struct Lane {
        let bytes: UnsafeMutableRawPointer
        let byteCount: Int
    }

    /// How many datagrams go in step; a slab has no more as a rule.
    private let laneCapacity = 64
    private let blockByteCount = MemoryLayout<Cipher.Block>.size

    private let cipher: Cipher
    private let iv: UnsafeMutableRawPointer
    /// E(IV), the same for every datagram of the key.
    private let firstMask: Cipher.Block
    private let lanes: UnsafeMutablePointer<Lane>
    /// The newest block of cipher text of each lane.
    private let feedback: UnsafeMutablePointer<Cipher.Block>
    /// What each lane's next block is xored with: E(feedback).
    private let masks: UnsafeMutablePointer<Cipher.Block>

    init(_ cipher: consuming Cipher) {
        let blockCapacity = self.laneCapacity + batchPadding
        unsafe self.lanes = .allocate(capacity: self.laneCapacity)
        unsafe self.feedback = .allocate(capacity: blockCapacity)
        unsafe self.masks = .allocate(capacity: blockCapacity)
        unsafe self.feedback.initialize(repeating: .zero, count: blockCapacity)
        unsafe self.masks.initialize(repeating: .zero, count: blockCapacity)
        unsafe self.iv = .allocate(byteCount: cfbInitialisationVector.count, alignment: 16)
        for (index, byte) in cfbInitialisationVector.enumerated() {
            unsafe self.iv.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
        }
        unsafe self.feedback[0] = unsafe self.iv.load(as: Cipher.Block.self)
        unsafe cipher.encryptBlocks(self.feedback, into: self.masks, count: 1)
        self.firstMask = unsafe self.masks[0]
        self.cipher = cipher
    }

    deinit {
        unsafe self.lanes.deallocate()
        unsafe self.feedback.deallocate()
        unsafe self.masks.deallocate()
        unsafe self.iv.deallocate()
    }

    @specialized(where Cipher == GcryptBlockCipher<Block64>)
    @specialized(where Cipher == GcryptBlockCipher<Block128>)
    @specialized(where Cipher == LaneBlockCipher<TEA>)
    @specialized(where Cipher == LaneBlockCipher<XTEA>)
    func decrypt(_ datagram: UnsafeMutableRawPointer, byteCount: Int) {
        unsafe self.cipher.decryptChain(datagram, byteCount: byteCount, iv: self.iv)
    }

    func encrypt(_ slab: inout PacketSlab, from first: Int) {
        var laneCount = 0
        for index in stride(from: first, to: slab.count, by: 1) where slab[index].byteCount > 0 {
            if laneCount == self.laneCapacity {
                self.encryptLanes(count: laneCount)
                laneCount = 0
            }
            let lane = unsafe Lane(bytes: slab.pointer(at: index), byteCount: Int(slab[index].byteCount))
            self.insert(lane, at: laneCount)
            laneCount += 1
        }
        self.encryptLanes(count: laneCount)
    }

    /// Keeps the lanes in order, longest first. Nearly all of a burst have the same length, so nothing moves.
    private func insert(_ lane: Lane, at end: Int) {
        let lanes = unsafe self.lanes
        var index = end
        while index > 0, unsafe lanes[index - 1].byteCount < lane.byteCount {
            unsafe lanes[index] = unsafe lanes[index - 1]
            index -= 1
        }
        unsafe lanes[index] = lane
    }

    @specialized(where Cipher == GcryptBlockCipher<Block64>)
    @specialized(where Cipher == GcryptBlockCipher<Block128>)
    @specialized(where Cipher == LaneBlockCipher<TEA>)
    @specialized(where Cipher == LaneBlockCipher<XTEA>)
    private func encryptLanes(count: Int) {
        var active = count
        var offset = 0
        if active >= self.cipher.minimumBatch {
            unsafe self.masks.update(repeating: self.firstMask, count: active)
        }
        while active > 0, active >= self.cipher.minimumBatch {
            active = self.finishLanes(active, at: offset)
            guard active > 0 else { return }
            self.encryptStep(active, at: offset)
            offset += self.blockByteCount
        }
        self.encryptSerially(active, from: offset)
    }

    /// Takes out the lanes that have less than a block left, after xoring that rest. Returns how many remain.
    @inline(__always)
    private func finishLanes(_ active: Int, at offset: Int) -> Int {
        let lanes = unsafe self.lanes
        var active = active
        while active > 0, unsafe lanes[active - 1].byteCount - offset < self.blockByteCount {
            active -= 1
            let lane = unsafe lanes[active]
            unsafe withUnsafeBytes(of: self.masks[active]) { mask in
                unsafe xor(lane.bytes + offset, byteCount: lane.byteCount - offset, with: mask)
            }
        }
        return active
    }

    /// Encrypts one whole block of each lane and computes the masks of the next.
    @inline(__always)
    private func encryptStep(_ active: Int, at offset: Int) {
        let lanes = unsafe self.lanes
        let feedback = unsafe self.feedback
        let masks = unsafe self.masks
        for index in 0..<active {
            let address = unsafe lanes[index].bytes + offset
            let block = unsafe address.loadUnaligned(as: Cipher.Block.self) ^ masks[index]
            unsafe address.storeBytes(of: block, as: Cipher.Block.self)
            unsafe feedback[index] = block
        }
        unsafe self.cipher.encryptBlocks(feedback, into: masks, count: active)
    }

    /// The rest of lanes that are too few for a batch.
    private func encryptSerially(_ active: Int, from offset: Int) {
        for index in 0..<active {
            let lane = unsafe self.lanes[index]
            let start = unsafe lane.bytes + offset
            let iv = unsafe offset == 0 ? self.iv : start - self.blockByteCount
            unsafe self.cipher.encryptChain(start, byteCount: lane.byteCount - offset, iv: iv)
        }
    }
}

/// The constant initialisation vector; ciphers with 8-byte blocks use its first half (protocol 01 §3.1).
let cfbInitialisationVector: [UInt8] = [
    0xA7, 0x73, 0x4F, 0x9C, 0x12, 0xAC, 0x1B, 0x01, 0xA4, 0x15, 0xF2, 0xC1, 0xFC, 0x78, 0xE6, 0x6B,
]
