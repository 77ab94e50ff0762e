import NIOCore
import Synchronization

#if canImport(Glibc)
    private import CMalloc
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Memory that stays with the process though it has no use for it at the moment.
///
/// That is free memory of the C library's heap after a load, and most of the pages of the program's files: starting
/// alone runs through twice as much code as the tunnel itself, which makes 12 of 20 MB. What is needed after all comes
/// back from the system's cache at the first touch.
final class UnusedMemory: Sendable {
    private let control: ControlLoop
    private let isRequested = Atomic(false)
    private let lastRelease = Mutex(NIODeadline.distantPast)

    private static let leastInterval = TimeAmount.seconds(10)
    /// Kept by each thread between one burst and the next: giving it back and taking it again for each costs a sixth of the
    /// processor time of many streams.
    private static let keptByteCount: Int32 = 8 << 20
    /// Larger pieces come from the system and go back to it one by one.
    private static let largestKeptPieceByteCount: Int32 = 2 << 20

    init(control: ControlLoop) {
        self.control = control
        #if canImport(Glibc)
            mallopt(M_TRIM_THRESHOLD, Self.keptByteCount)
            mallopt(M_MMAP_THRESHOLD, Self.largestKeptPieceByteCount)
        #endif
    }

    /// Gives it back soon, but not too often: it takes some milliseconds. For all threads.
    func requestRelease() {
        guard !self.isRequested.exchange(true, ordering: .relaxed) else { return }
        let earliest = self.lastRelease.withLock { $0 + Self.leastInterval }
        self.control.eventLoop.scheduleTask(deadline: max(.now(), earliest)) {
            self.isRequested.store(false, ordering: .relaxed)
            self.lastRelease.withLock { $0 = .now() }
            self.release()
        }
    }

    /// Gives it back now.
    func release() {
        #if canImport(Glibc)
            malloc_trim(0)
        #endif
        #if os(Linux)
            guard let bytes = try? SystemFile.read("/proc/self/smaps") else { return }
            for range in MemoryMap.unchangedFileRanges(in: String(decoding: bytes, as: UTF8.self)) {
                unsafe madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
            }
        #endif
    }
}

/// The text of Linux' `/proc/PID/smaps`.
enum MemoryMap {
    /// The address ranges that hold nothing but unchanged parts of files, which can be read again from there: not
    /// writable, and never written (what the linker has changed before it took the right to write away counts as anonymous).
    static func unchangedFileRanges(in text: String) -> [Range<UInt>] {
        var ranges: [Range<UInt>] = []
        var candidate: Range<UInt>?
        for line in text.split(separator: "\n") {
            if let header = MapHeader(line) {
                candidate = header.isReadOnlyFile ? header.range : nil
            } else if line.hasPrefix("Anonymous:"), line.hasSuffix(" 0 kB"), let range = candidate {
                ranges.append(range)
            }
        }
        return ranges
    }
}

/// The first line of a mapping: addresses, rights, offset, device, inode, path.
private struct MapHeader {
    let range: Range<UInt>
    let isReadOnlyFile: Bool

    init?(_ line: Substring) {
        let fields = line.split(separator: " ", maxSplits: 5)
        guard fields.count >= 5 else { return nil }
        let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
        self.range = bounds[0]..<bounds[1]
        self.isReadOnlyFile = !fields[1].contains("w") && fields[4] != "0"
    }
}
