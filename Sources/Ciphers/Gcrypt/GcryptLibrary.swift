import CGcrypt

/// The one door to libgcrypt's global state.
enum GcryptLibrary {
    /// Initialises the library on first use. Safe from any thread: a global constant is made once.
    static let version: String = {
        guard let version = unsafe gcry_check_version(nil) else {
            preconditionFailure("libgcrypt cannot be initialised")
        }
        return unsafe String(cString: version)
    }()

    /// Makes sure that the library is ready; costs a load and a compare after the first time.
    static func initialize() { precondition(!self.version.isEmpty) }

    /// Stops the program if a call that cannot fail with correct arguments has failed.
    @inline(__always)
    static func check(_ error: gcry_error_t, _ step: StaticString) {
        if error != 0 { self.fail(error, step) }
    }

    @inline(never)
    private static func fail(_ error: gcry_error_t, _ step: StaticString) -> Never {
        preconditionFailure("libgcrypt, \(step): \(unsafe String(cString: gcry_strerror(error)))")
    }
}
