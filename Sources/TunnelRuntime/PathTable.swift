import PacketPrimitives
import RateControl

/// One path controller per remote address, for all sessions of a loop with that address: they share a bottleneck, and
/// with a controller each they would push one another aside.
///
/// The table looks whether it is the last to hold a controller instead of holding it weakly: an object that has ever been
/// referred to weakly is slower to use for good, and this one is used for every packet.
final class PathTable {
    private var controllers: [Key: PathController] = [:]
    private var sizeAtLastPurge = 16

    private struct Key: Hashable {
        var high: UInt64
        var low: UInt64
        var scope: UInt32
    }

    /// How many hosts it knows, those included that have no session any more.
    var count: Int { self.controllers.count }

    /// The controller for `peer`, whatever its port; made by `make` if no session has one. `nil` if that makes none.
    func controller(for peer: PeerAddress, make: () -> PathController?) -> PathController? {
        let key = Key(high: peer.high, low: peer.low, scope: peer.scope)
        self.forget(key)
        if let controller = self.controllers[key] { return controller }
        guard let controller = make() else { return nil }
        self.purge()
        self.controllers[key] = controller
        return controller
    }

    /// Forgets one address if it has no session any more.
    private func forget(_ key: Key) {
        guard let index = self.controllers.index(forKey: key) else { return }
        if isKnownUniquelyReferenced(&self.controllers.values[index]) { self.controllers.remove(at: index) }
    }

    /// Forgets addresses without sessions, once the table has doubled.
    private func purge() {
        guard self.controllers.count >= 2 * self.sizeAtLastPurge else { return }
        for key in Array(self.controllers.keys) { self.forget(key) }
        self.sizeAtLastPurge = max(16, self.controllers.count)
    }
}
