import FuzzSupport
import TunnelCommand

/// The flags of both programs. They take long to find.
struct ProgramTables {
    private let client = FlagTable(of: ClientOptions.self)
    private let server = FlagTable(of: ServerOptions.self)

    /// One of the two.
    subscript(choice: UInt8) -> FlagTable { choice & 1 == 0 ? self.client : self.server }

    /// The names of the flags, for dictionaries.
    static var names: [String] {
        let tables = Self()
        return Set((tables.client.flags + tables.server.flags).flatMap(\.names)).sorted()
    }
}

extension FuzzInput {
    /// What is left, as text; bytes that are none become replacement characters, as in a program's arguments.
    mutating func text() -> String { String(decoding: self.rest(), as: UTF8.self) }

    /// What is left, as words. A word may hold anything but the zero byte and the newline.
    mutating func words() -> [String] {
        self.rest().split(whereSeparator: { $0 == 0 || $0 == 10 }).map { String(decoding: $0, as: UTF8.self) }
    }
}
