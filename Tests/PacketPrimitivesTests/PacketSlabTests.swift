import PacketPrimitives
import Testing

struct PacketSlabTests {
    @Test func `slots come one behind the other with headroom in front`() {
        var slab = PacketSlab(slotCount: 3)
        for index in 0..<3 {
            slab.takeSlot(byteCount: 100 + index)
            #expect(slab[index] == PacketSlab.Entry(offset: index * 1536 + 32, byteCount: 100 + index))
        }
        #expect(slab.freeSlotCount == 0)
    }

    @Test func `an entry can be put in front of others and keeps its own memory`() {
        var slab = PacketSlab(slotCount: 3)
        slab.takeSlot(byteCount: 1)
        slab.takeSlot(byteCount: 2)
        slab.takeSlot(byteCount: 3, at: 1)
        #expect((0..<3).map { slab[$0].byteCount } == [1, 3, 2])
        #expect(slab[1].offset == 2 * 1536 + 32)
    }

    @Test func `layers grow and shrink an entry without moving bytes`() {
        var slab = PacketSlab(slotCount: 1)
        slab.takeSlot(byteCount: 4)
        var bytes = slab.mutableBytes(at: 0)
        bytes.storeLittleEndian(UInt32(0x0403_0201), at: 0)
        slab.extendFront(at: 0, by: 28)
        slab.extendBack(at: 0, by: 16)
        #expect(slab[0].byteCount == 48)
        #expect(slab.bytes(at: 0).littleEndian(at: 28, as: UInt32.self) == 0x0403_0201)
        slab.dropFront(at: 0, by: 28)
        slab.setByteCount(at: 0, to: 4)
        #expect(slab.bytes(at: 0).littleEndian(at: 0, as: UInt32.self) == 0x0403_0201)
    }

    @Test func `a copy has what the layers have put in front`() {
        var slab = PacketSlab(slotCount: 2)
        slab.takeSlot(byteCount: 4)
        slab.extendFront(at: 0, by: 8)
        var bytes = slab.mutableBytes(at: 0)
        for offset in 0..<12 { bytes.storeBytes(of: UInt8(offset), toByteOffset: offset, as: UInt8.self) }
        slab.appendCopy(of: 0)
        #expect(slab[1] == PacketSlab.Entry(offset: 1536 + 24, byteCount: 12))
        let (first, last) = (
            slab.bytes(at: 1).littleEndian(at: 0, as: UInt32.self),
            slab.bytes(at: 1).littleEndian(at: 8, as: UInt32.self)
        )
        #expect(first == 0x0302_0100 && last == 0x0B0A_0908)
        #expect(slab.freeSlotCount == 0)
    }

    @Test func `a dropped entry is empty`() {
        var slab = PacketSlab(byteCapacity: 100, entryCapacity: 2)
        slab.appendEntry(offset: 10, byteCount: 20)
        slab.drop(at: 0)
        #expect(slab[0].byteCount == 0)
    }

    @Test func `the last slot can be given back`() {
        var slab = PacketSlab(slotCount: 1)
        slab.takeSlot(byteCount: 5)
        slab.releaseLastSlot()
        #expect(slab.isEmpty && slab.freeSlotCount == 1)
    }

    @Test func `an emptied slab starts over`() {
        var slab = PacketSlab(slotCount: 2)
        slab.takeSlot(byteCount: 5)
        slab.removeAll()
        slab.takeSlot(byteCount: 6)
        #expect(slab[0].offset == 32)
    }

    @Test func `a full slab takes nothing more`() async {
        await #expect(processExitsWith: .failure) {
            var slab = PacketSlab(slotCount: 1)
            slab.takeSlot(byteCount: 1)
            slab.takeSlot(byteCount: 1)
        }
    }

    @Test func `an entry cannot leave the slab`() async {
        await #expect(processExitsWith: .failure) {
            var slab = PacketSlab(byteCapacity: 100, entryCapacity: 1)
            slab.appendEntry(offset: 90, byteCount: 20)
        }
    }
}
