/// The release of this package, as `--version` prints it.
package enum Version {
    package static let current = "0.1.0"

    /// The line that the original prints (protocol 06 §1).
    package static let line = "kcptun version \(Self.current)"
}
