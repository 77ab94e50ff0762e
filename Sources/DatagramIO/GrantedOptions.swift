/// What the kernel has made of a socket's `DatagramSocketOptions`.
package struct GrantedOptions {
    /// Bytes, in the same measure as `DatagramSocketOptions`.
    package internal(set) var sendBufferByteCount = 0
    package internal(set) var receiveBufferByteCount = 0
    /// The buffers that are smaller than they should be.
    package internal(set) var bufferShortfalls: [BufferShortfall] = []
    /// Options that the kernel refused and that the socket works without.
    package internal(set) var refusedOptions: [SystemError] = []
}
