#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// The variables of this process that we read.
enum ProcessEnvironment {
    static var variables: [String: String] {
        guard let value = unsafe getenv("KCPTUN_KEY") else { return [:] }
        return ["KCPTUN_KEY": unsafe String(cString: value)]
    }
}
