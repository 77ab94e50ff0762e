import ArgumentParser

/// How much a program may hold.
package struct MemoryOptions: ParsableArguments {
    @Option(
        name: .customLong("memlimit"), parsing: .unconditional,
        help: .init(
            """
            What all connections and sessions together may hold, such as 64M: bytes, or with K, M or G. auto is a quarter \
            of the memory that the program may use.
            """,
            valueName: "size"))
    package var limit = Self.automatic

    /// The value that leaves it to the program.
    static let automatic = "auto"
    /// With less not even a few sessions would work.
    static let leastByteCount = 1 << 20

    package init() {}

    /// `nil` if the program is to choose. The option has been checked.
    var byteCount: Int? { ByteSize(self.limit)?.byteCount }

    /// Whether the option can be used.
    var isValid: Bool { self.limit == Self.automatic || self.byteCount ?? 0 >= Self.leastByteCount }
}
