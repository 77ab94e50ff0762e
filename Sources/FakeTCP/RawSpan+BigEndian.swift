import PacketPrimitives

// TCP and IP count big-endian, unlike everything else on kcptun's wire.

extension RawSpan {
    /// The big-endian integer at `offset`. Traps if it does not lie inside the span.
    @inline(__always)
    func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type = T.self) -> T {
        self.littleEndian(at: offset, as: type).byteSwapped
    }
}

extension MutableRawSpan {
    /// Writes `value` big-endian at `offset`. Traps if it does not fit.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func storeBigEndian<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        self.storeLittleEndian(value.byteSwapped, at: offset)
    }
}
