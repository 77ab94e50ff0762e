// Every integer on kcptun's wire is little-endian (protocol 00).

extension RawSpan {
    /// The little-endian integer at `offset`. Traps if it does not lie inside the span.
    @inlinable
    package func littleEndian<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type = T.self) -> T {
        precondition(offset >= 0 && offset &+ MemoryLayout<T>.size <= self.byteCount, "integer outside of the span")
        return unsafe T(littleEndian: self.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self))
    }
}

extension MutableRawSpan {
    /// The little-endian integer at `offset`. Traps if it does not lie inside the span.
    @inlinable
    package func littleEndian<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type = T.self) -> T {
        self.bytes.littleEndian(at: offset, as: type)
    }

    /// Writes `value` little-endian at `offset`. Traps if it does not fit.
    @inlinable
    @_lifetime(self: copy self)
    package mutating func storeLittleEndian<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        precondition(offset >= 0 && offset &+ MemoryLayout<T>.size <= self.byteCount, "integer outside of the span")
        unsafe self.storeBytes(of: value.littleEndian, toUncheckedByteOffset: offset, as: T.self)
    }

    /// Copies all of `source` to `offset`. Traps if it does not fit.
    @inlinable
    @_lifetime(self: copy self)
    package mutating func copyBytes(from source: RawSpan, at offset: Int = 0) {
        let byteCount = source.byteCount
        precondition(offset >= 0 && offset &+ byteCount <= self.byteCount, "source longer than the span")
        guard byteCount > 0 else { return }
        unsafe self.withUnsafeMutableBytes { target in
            unsafe source.withUnsafeBytes { bytes in
                unsafe target.baseAddress.unsafelyUnwrapped
                    .advanced(by: offset)
                    .copyMemory(from: bytes.baseAddress.unsafelyUnwrapped, byteCount: byteCount)
            }
        }
    }
}

extension [UInt8] {
    /// A copy, for where a packet has to outlive its buffer. Not for the packet path: it allocates.
    package init(copying bytes: RawSpan) {
        self = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
    }
}
