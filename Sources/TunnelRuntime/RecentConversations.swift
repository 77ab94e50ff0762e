/// The conversations that have ended lately: what still comes of them has been recorded by somebody and is sent again.
/// A client takes a new random number for each conversation (protocol 03 §8). Bounded; the oldest are forgotten.
struct RecentConversations {
    static let capacity = 8192

    private var numbers: Set<UInt32> = []
    private var order: [UInt32] = []
    private var next = 0

    func contains(_ number: UInt32) -> Bool { self.numbers.contains(number) }

    mutating func insert(_ number: UInt32) {
        guard self.numbers.insert(number).inserted else { return }
        guard self.order.count == Self.capacity else { return self.order.append(number) }
        self.numbers.remove(self.order[self.next])
        self.order[self.next] = number
        self.next = (self.next + 1) % Self.capacity
    }
}
