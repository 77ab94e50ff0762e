import Glibc

/// Why a measurement, or the whole run, could not be made.
package enum BenchmarkError: Error, CustomStringConvertible {
    case system(String, Int32)
    case usage(String)
    case tunnel(String)

    package var description: String {
        switch self {
        case .system(let call, let code): "\(call): \(unsafe String(cString: strerror(code)))"
        case .usage(let text), .tunnel(let text): text
        }
    }
}
