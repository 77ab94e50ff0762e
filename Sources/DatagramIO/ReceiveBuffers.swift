import CDatagramSyscalls
import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The structs that the kernel fills in when it is asked for several messages, allocated once.
@safe
struct ReceiveBuffers: ~Copyable {
    /// How many messages there are structs for.
    static let capacity = 64
    /// Queue overflow, segment size and destination address take 88 bytes.
    private static let controlByteCapacity = 128

    private let headers: UnsafeMutablePointer<datagram_message>
    private let vectors: UnsafeMutablePointer<iovec>
    private let names: UnsafeMutableRawPointer
    private let controls: UnsafeMutableRawPointer

    init() {
        unsafe self.headers = .allocate(capacity: Self.capacity)
        unsafe self.headers.initialize(repeating: datagram_message(), count: Self.capacity)
        unsafe self.vectors = .allocate(capacity: Self.capacity)
        unsafe self.vectors.initialize(repeating: iovec(), count: Self.capacity)
        unsafe self.names = .allocate(
            byteCount: Self.capacity * PeerAddress.socketAddressByteCapacity, alignment: 16)
        unsafe self.controls = .allocate(byteCount: Self.capacity * Self.controlByteCapacity, alignment: 16)
        for index in 0..<Self.capacity { self.connect(index) }
    }

    deinit {
        unsafe self.headers.deallocate()
        unsafe self.vectors.deallocate()
        unsafe self.names.deallocate()
        unsafe self.controls.deallocate()
    }

    private func connect(_ index: Int) {
        let header = unsafe self.headers + index
        unsafe header.pointee.header.msg_iov = unsafe self.vectors + index
        unsafe header.pointee.header.msg_iovlen = 1
        unsafe header.pointee.header.msg_name = unsafe self.names + index * PeerAddress.socketAddressByteCapacity
        unsafe header.pointee.header.msg_control = unsafe self.controls + index * Self.controlByteCapacity
    }

    /// Sets where the payload of the message goes.
    func setMemory(at index: Int, _ memory: UnsafeMutableRawPointer, byteCount: Int) {
        unsafe self.vectors[index] = iovec(iov_base: memory, iov_len: byteCount)
    }

    /// Resets what the kernel changes, and hands out the structs.
    func prepare(_ range: Range<Int>) -> UnsafeMutablePointer<datagram_message> {
        for index in range {
            let header = unsafe self.headers + index
            unsafe header.pointee.header.msg_namelen = .init(PeerAddress.socketAddressByteCapacity)
            unsafe header.pointee.header.msg_controllen = .init(Self.controlByteCapacity)
            unsafe header.pointee.header.msg_flags = 0
        }
        return unsafe self.headers + range.lowerBound
    }

    func byteCount(at index: Int) -> Int { Int(unsafe self.headers[index].byte_count) }

    /// The message was longer than the memory for it.
    func isTruncated(at index: Int) -> Bool {
        unsafe Int(self.headers[index].header.msg_flags) & Int(MSG_TRUNC) != 0
    }

    func source(at index: Int) -> PeerAddress? {
        let header = unsafe self.headers + index
        guard let name = unsafe UnsafeRawPointer(header.pointee.header.msg_name) else { return nil }
        return unsafe PeerAddress(socketAddress: name, byteCount: Int(header.pointee.header.msg_namelen))
    }

    func control(at index: Int) -> ReceivedControl {
        let header = unsafe UnsafeRawPointer(self.headers + index).assumingMemoryBound(to: msghdr.self)
        return unsafe ReceivedControl(header)
    }
}
