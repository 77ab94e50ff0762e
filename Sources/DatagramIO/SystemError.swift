#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A system call that failed, and why.
package struct SystemError: Error, Hashable, Sendable {
    /// The call, or the socket option, by its name in the manual, with what it was applied to.
    package var call: String
    /// The kernel's error number.
    package var number: Int32

    package init(call: String, number: Int32) {
        self.call = call
        self.number = number
    }
}

extension SystemError: CustomStringConvertible {
    /// `bind 127.0.0.1:53: Permission denied`.
    package var description: String { "\(self.call): \(Self.text(of: self.number))" }

    /// The system's own words for an error number, as for the keys of `DatagramStatistics.droppedDatagrams`.
    package static func text(of number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text)
    }
}
