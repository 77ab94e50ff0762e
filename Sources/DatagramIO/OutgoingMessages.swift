import CDatagramSyscalls
import PacketPrimitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The messages of one system call: entries of a slab arranged as trains of segments, with all the structs that the
/// kernel wants to see, allocated once.
///
/// The slab must outlive the call, as the structs point into it.
@safe
struct OutgoingMessages: ~Copyable {
    /// One message: a datagram, or a train of datagrams of one length of which the last may be shorter.
    struct Train {
        /// The entries it was made of; dropped ones in between included.
        var entries: Range<Int>
        var datagramCount: Int
        var byteCount: Int
        /// The length of all datagrams but the last.
        var segmentByteCount: Int
        /// A shorter datagram was the last.
        var isClosed: Bool

        /// Whether a datagram of `byteCount` bytes can be one more segment (limits of the kernel: 64 segments, and what
        /// an IP packet can hold).
        func accepts(_ byteCount: Int) -> Bool {
            byteCount <= self.segmentByteCount && !self.isClosed && self.datagramCount < 64
                && self.byteCount + byteCount <= 64_800
        }
    }

    private static let messageCapacity = 64
    private static let vectorCapacity = 128

    private let headers: UnsafeMutablePointer<datagram_message>
    private let vectors: UnsafeMutablePointer<iovec>
    private let trains: UnsafeMutablePointer<Train>
    private let controls: UnsafeMutableRawPointer
    /// Memory for a header in front of each datagram; none if `headerByteCapacity` is 0.
    private let prefixes: UnsafeMutableRawPointer
    private let headerByteCapacity: Int
    /// Pieces of memory in front of each datagram: one for the header, if there is one.
    private let prefixVectorCount: Int
    private let name: UnsafeMutableRawPointer
    private var nameByteCount = 0
    private var source: LocalAddress?
    private let family: PeerAddress.Family
    /// How many messages there are.
    private(set) var count = 0
    /// The first entry that is not in any of the messages.
    private(set) var nextEntry = 0

    /// - Parameters:
    ///   - family: what the socket is; an IPv6 socket sends to IPv4 peers by their mapped address.
    ///   - headerByteCapacity: room in front of each datagram for a header that the socket's kind does not have; such
    ///     a socket is a raw one, and its datagrams never form trains.
    init(family: PeerAddress.Family, headerByteCapacity: Int = 0) {
        self.family = family
        self.headerByteCapacity = headerByteCapacity
        self.prefixVectorCount = headerByteCapacity > 0 ? 1 : 0
        unsafe self.prefixes = .allocate(byteCount: Self.messageCapacity * headerByteCapacity, alignment: 16)
        unsafe self.headers = .allocate(capacity: Self.messageCapacity)
        unsafe self.headers.initialize(repeating: datagram_message(), count: Self.messageCapacity)
        unsafe self.vectors = .allocate(capacity: Self.vectorCapacity)
        unsafe self.trains = .allocate(capacity: Self.messageCapacity)
        let controlByteCount = Self.messageCapacity * ControlMessageWriter.byteCapacity
        unsafe self.controls = .allocate(byteCount: controlByteCount, alignment: 16)
        unsafe self.controls.initializeMemory(as: UInt8.self, repeating: 0, count: controlByteCount)
        unsafe self.name = .allocate(byteCount: PeerAddress.socketAddressByteCapacity, alignment: 16)
    }

    deinit {
        unsafe self.headers.deallocate()
        unsafe self.vectors.deallocate()
        unsafe self.trains.deallocate()
        unsafe self.controls.deallocate()
        unsafe self.prefixes.deallocate()
        unsafe self.name.deallocate()
    }

    /// The train at `index`.
    subscript(index: Int) -> Train {
        precondition(index >= 0 && index < self.count, "no such message")
        return unsafe self.trains[index]
    }

    /// Whether the message at `index` is cut into segments by the kernel.
    func isSegmented(at index: Int) -> Bool { self[index].datagramCount > 1 }

    /// The kernel's structs of the messages from `index` on.
    func headers(from index: Int) -> UnsafeMutablePointer<datagram_message> {
        precondition(index >= 0 && index < self.count, "no such message")
        return unsafe self.headers + index
    }

    /// Sets where the messages go and come from; `false` if the socket cannot send there. The check spares the
    /// kernel's EINVAL, which would be mistaken for one about segments.
    mutating func aim(at destination: PeerAddress?, from source: LocalAddress?) -> Bool {
        self.source = source
        guard let destination else {
            self.nameByteCount = 0
            return self.family == .ipv6 || source?.family != .ipv6
        }
        let isIPv4 = destination.unmapped.family == .ipv4
        guard destination.port != 0, isIPv4 || self.family == .ipv6 else { return false }
        if let source, (source.family == .ipv4) != isIPv4 { return false }
        var address = self.family == .ipv6 ? destination.mapped : destination.unmapped
        // For the kernel the ports of a raw packet are payload.
        if self.headerByteCapacity > 0 { address.port = 0 }
        self.nameByteCount = unsafe address.writeSocketAddress(to: self.name)
        return true
    }

    // MARK: Filling

    /// Arranges the entries of `range` as messages, as many as go. Entries of length zero are skipped.
    mutating func fill(from slab: borrowing PacketSlab, _ range: Range<Int>, usesSegmentation: Bool) {
        self.count = 0
        var vectorCount = 0
        var index = range.lowerBound
        let base = unsafe slab.baseAddress
        while index < range.upperBound, vectorCount < Self.vectorCapacity {
            let entry = slab[index]
            let byteCount = Int(entry.byteCount)
            if byteCount > 0 {
                let vector = unsafe self.vectors + vectorCount
                let payload = unsafe vector + self.prefixVectorCount
                unsafe payload.initialize(to: iovec(iov_base: base + Int(entry.offset), iov_len: byteCount))
                guard unsafe self.place(vector, byteCount, entry: index, joins: usesSegmentation) else { break }
                vectorCount += 1 + self.prefixVectorCount
            }
            index += 1
        }
        for message in 0..<self.count { self.writeControl(at: message) }
        self.nextEntry = index
    }

    /// Puts a datagram at the end of the last train or opens a new one for it; `false` if there is no room for that.
    private mutating func place(
        _ vector: UnsafeMutablePointer<iovec>, _ byteCount: Int, entry: Int, joins: Bool
    ) -> Bool {
        if joins, self.count > 0, unsafe self.trains[self.count - 1].accepts(byteCount) {
            self.extendTrain(at: self.count - 1, byteCount, entry: entry)
            return true
        }
        guard self.count < Self.messageCapacity else { return false }
        unsafe (self.trains + self.count).initialize(
            to: Train(
                entries: entry..<entry + 1, datagramCount: 1, byteCount: byteCount, segmentByteCount: byteCount,
                isClosed: false))
        unsafe self.headers[self.count].header.msg_iov = unsafe vector
        unsafe self.headers[self.count].header.msg_name = self.nameByteCount == 0 ? nil : self.name
        unsafe self.headers[self.count].header.msg_namelen = .init(self.nameByteCount)
        self.count += 1
        return true
    }

    private func extendTrain(at index: Int, _ byteCount: Int, entry: Int) {
        let train = unsafe self.trains + index
        unsafe train.pointee.entries = train.pointee.entries.lowerBound..<entry + 1
        unsafe train.pointee.datagramCount += 1
        unsafe train.pointee.byteCount += byteCount
        unsafe train.pointee.isClosed = byteCount < train.pointee.segmentByteCount
    }

    private func writeControl(at index: Int) {
        let train = unsafe self.trains[index]
        let header = unsafe self.headers + index
        unsafe header.pointee.header.msg_iovlen = .init(train.datagramCount + self.prefixVectorCount)
        let start = unsafe self.controls + index * ControlMessageWriter.byteCapacity
        var writer = unsafe ControlMessageWriter(start: start)
        if let source = self.source { writer.append(source: source, isMapped: self.family == .ipv6) }
        if train.datagramCount > 1 { writer.append(segmentByteCount: train.segmentByteCount) }
        unsafe header.pointee.header.msg_control = writer.byteCount == 0 ? nil : start
        unsafe header.pointee.header.msg_controllen = .init(writer.byteCount)
    }

    // MARK: Headers of our own

    /// Writes the header in front of the datagram at `index`; `body` says how long it is.
    mutating func writeHeader(at index: Int, _ body: (inout MutableRawSpan, _ payload: RawSpan) -> Int) {
        precondition(index >= 0 && index < self.count, "no such message")
        let vectors = unsafe self.headers[index].header.msg_iov.unsafelyUnwrapped
        let memory = unsafe self.prefixes + index * self.headerByteCapacity
        var header = unsafe MutableRawSpan(_unsafeStart: memory, byteCount: self.headerByteCapacity)
        let payload = unsafe RawSpan(_unsafeStart: vectors[1].iov_base.unsafelyUnwrapped, byteCount: vectors[1].iov_len)
        unsafe vectors[0] = unsafe iovec(iov_base: memory, iov_len: body(&header, payload))
    }
}
