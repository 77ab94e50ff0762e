import CIsal
import CPacketKernels

/// The code of protocol 02 §6 at work on shards in memory. ISA-L does the inner loop.
///
/// The caller sets where the shards lie (`setSource`, `setTarget`) and then computes; the code keeps no pointer's
/// memory alive and reads and writes exactly the given number of bytes of each. It allocates tables when they
/// are first needed: 32 bytes per coefficient.
@safe
public struct ReedSolomonCode: ~Copyable {
    /// The coefficients.
    public let matrix: CodingMatrix
    private let sources: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>
    private let targets: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>
    private var parityTables = CoefficientTables()
    private var reconstructionTables = CoefficientTables()

    /// A code that makes `parityShards` out of `dataShards`: any `dataShards` of them all are enough.
    public init(dataShards: Int, parityShards: Int) throws(ShardCountError) {
        self.init(matrix: try CodingMatrix(dataShards: dataShards, parityShards: parityShards))
    }

    /// A code with these coefficients.
    public init(matrix: CodingMatrix) {
        self.matrix = matrix
        unsafe self.sources = .allocate(capacity: matrix.dataShards)
        unsafe self.sources.initialize(repeating: nil, count: matrix.dataShards)
        unsafe self.targets = .allocate(capacity: matrix.parityShards)
        unsafe self.targets.initialize(repeating: nil, count: matrix.parityShards)
    }

    deinit {
        unsafe self.sources.deallocate()
        unsafe self.targets.deallocate()
    }

    /// Sets where source shard `index` (0 ..< D) of the next computation lies.
    @unsafe
    public mutating func setSource(_ index: Int, to shard: UnsafeMutablePointer<UInt8>) {
        precondition(index >= 0 && index < self.matrix.dataShards, "no such source")
        unsafe self.sources[index] = shard
    }

    /// Sets where result `index` (0 ..< P) of the next computation goes.
    @unsafe
    public mutating func setTarget(_ index: Int, to shard: UnsafeMutablePointer<UInt8>) {
        precondition(index >= 0 && index < self.matrix.parityShards, "no such target")
        unsafe self.targets[index] = shard
    }

    /// Computes all parity shards, `byteCount` bytes each. The sources are the data shards in order.
    public mutating func computeParity(byteCount: Int) {
        if self.parityTables.isEmpty {
            let rows = (0..<self.matrix.parityShards).flatMap { self.matrix.parityRow($0) }
            self.parityTables.set(rows, columnCount: self.matrix.dataShards)
        }
        unsafe self.parityTables.multiply(self.sources, into: self.targets, byteCount: byteCount)
    }

    /// Computes the data shards at the positions `lost`, `byteCount` bytes each. Source i is the shard at position
    /// `points[i]`; between them `points` and `lost` name all data positions, and at most P are lost.
    public mutating func reconstruct(_ lost: [UInt8], from points: [UInt8], byteCount: Int) {
        precondition(lost.count <= self.matrix.parityShards, "more lost than there is parity")
        guard !lost.isEmpty else { return }
        let rows = self.matrix.coefficients(of: lost, from: points)
        self.reconstructionTables.set(rows, columnCount: points.count)
        unsafe self.reconstructionTables.multiply(self.sources, into: self.targets, byteCount: byteCount)
    }
}

/// Coefficient rows in the shape that ISA-L's inner loop reads: 32 bytes of products per coefficient.
@safe
private struct CoefficientTables: ~Copyable {
    private static let bytesPerCoefficient = 32

    private var bytes: UnsafeMutablePointer<UInt8>?
    private var coefficientCapacity = 0
    private var rowCount = 0
    private var columnCount = 0

    init() { unsafe self.bytes = nil }

    deinit { unsafe self.bytes?.deallocate() }

    var isEmpty: Bool { self.rowCount == 0 }

    mutating func set(_ rows: [UInt8], columnCount: Int) {
        self.reserve(rows.count)
        self.columnCount = columnCount
        self.rowCount = rows.count / columnCount
        unsafe rows.withUnsafeBufferPointer { rows in
            // The C declaration lacks `const`; the coefficients are only read.
            let coefficients = unsafe UnsafeMutablePointer(mutating: rows.baseAddress)
            unsafe ec_init_tables(Int32(self.columnCount), Int32(self.rowCount), coefficients, self.bytes)
        }
    }

    private mutating func reserve(_ coefficientCount: Int) {
        guard coefficientCount > self.coefficientCapacity else { return }
        unsafe self.bytes?.deallocate()
        unsafe self.bytes = .allocate(capacity: coefficientCount * Self.bytesPerCoefficient)
        self.coefficientCapacity = coefficientCount
    }

    func multiply(
        _ sources: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>,
        into targets: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, byteCount: Int
    ) {
        let byteCount = Int32(byteCount)
        unsafe ec_encode_data(
            byteCount, Int32(self.columnCount), Int32(self.rowCount), self.bytes, sources, targets)
        packet_kernel_clear_upper_registers()
    }
}
