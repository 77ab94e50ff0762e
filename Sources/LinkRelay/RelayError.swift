import DatagramIO

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What the operating system refused while a relay was being set up.
package struct RelayError: Error, CustomStringConvertible {
    /// The call that failed, for example `bind`.
    package let call: String
    /// Its `errno`.
    package let code: Int32

    @inline(never)
    init(call: String, code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    init(_ error: SystemError) { self.init(call: error.call, code: error.number) }

    package var description: String { "link relay: \(self.call): \(SystemError.text(of: self.code))" }
}
