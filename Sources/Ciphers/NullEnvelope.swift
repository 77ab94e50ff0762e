import PacketPrimitives

/// No envelope at all: the payload is the datagram (protocol 01 §5).
final class NullEnvelope: PacketEnvelope {
    let headerByteCount = 0
    let trailerByteCount = 0
    let fingerprintOffset: Int? = nil

    func seal(_ slab: inout PacketSlab, from first: Int) {}

    private static let beginningByteCount = 12

    func screen(_ slab: inout PacketSlab, _ range: Range<Int>, _ isPlausible: (RawSpan) -> Bool) -> Int {
        var count = 0
        for index in range where slab[index].byteCount >= Self.beginningByteCount {
            if isPlausible(slab.bytes(at: index).extracting(first: Self.beginningByteCount)) { continue }
            slab.drop(at: index)
            count += 1
        }
        return count
    }

    func open(_ slab: inout PacketSlab, _ range: Range<Int>) -> OpenResult {
        var result = OpenResult()
        for index in range where slab[index].byteCount > 0 {
            result.opened += 1
        }
        return result
    }
}
