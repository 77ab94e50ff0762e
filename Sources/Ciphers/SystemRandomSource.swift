import CGcrypt
import PacketPrimitives

/// The random generator of libgcrypt, which the operating system seeds. May be used from several threads.
///
/// The only thing in this module that asks the system for anything; programs make one and hand it in.
package final class SystemRandomSource: RandomSource, Sendable {
    package init() { GcryptLibrary.initialize() }

    package func fill(_ bytes: inout MutableRawSpan) {
        unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe gcry_randomize(base, buffer.count, GCRY_STRONG_RANDOM)
        }
    }
}
