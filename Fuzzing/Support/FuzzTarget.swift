/// Something that gets bytes from strangers, with what it promises whatever they are.
///
/// A target takes an input for a schedule: what arrives, in which pieces and order, and what the application does in
/// between. So mutations stay meaningful, and checksums and keys are no obstacle: the target computes them itself.
package protocol FuzzTarget: AnyObject, SendableMetatype {
    /// What `scripts/fuzz --only` and the folders of inputs call it.
    static var name: String { get }
    /// Longer inputs are not tried.
    static var maximumByteCount: Int { get }
    /// Words that inputs have and chance does not find.
    static var dictionary: [String] { get }
    /// Inputs to begin with.
    static func seeds() throws -> [[UInt8]]

    /// What one series of runs shares: keys, buffers.
    init()
    /// Does what the input says. Depends on nothing else, so that an input can be tried again.
    func run(_ input: inout FuzzInput) throws(BrokenPromise)
}

extension FuzzTarget {
    package static var maximumByteCount: Int { 2048 }
    package static var dictionary: [String] { [] }

    /// Does what the bytes say.
    package func run(_ bytes: [UInt8]) throws(BrokenPromise) {
        var input = FuzzInput(bytes)
        try self.run(&input)
    }
}

/// A target has not done what it promises for all inputs.
package struct BrokenPromise: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Throws if the promise is broken.
package func promise(
    _ isKept: Bool, _ description: @autoclosure () -> String
) throws(BrokenPromise) {
    if !isKept { throw BrokenPromise(description()) }
}
