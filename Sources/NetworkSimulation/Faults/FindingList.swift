import PacketPrimitives

/// What cannot be, as far as it has been seen in a run.
final class FindingList {
    /// The first ones tell what is wrong.
    private static let limit = 5

    private(set) var texts: [String] = []
    private let start: Instant
    /// When it is now.
    var now: Instant

    init(start: Instant) {
        self.start = start
        self.now = start
    }

    var isEmpty: Bool { self.texts.isEmpty }

    func add(_ text: @autoclosure () -> String) {
        guard self.texts.count < Self.limit else { return }
        self.texts.append("\(self.now.milliseconds(since: self.start)) ms: \(text())")
    }
}
