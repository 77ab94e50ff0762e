import PacketPrimitives
import RateControl

/// One path controller per remote address, for all sessions of a loop with that address: they share a bottleneck, and
/// with a controller each they would push one another aside.
final class PathTable {
    private var controllers: [Key: Reference] = [:]
    private var sizeAtLastPurge = 16

    private struct Key: Hashable {
        var high: UInt64
        var low: UInt64
        var scope: UInt32
    }

    private struct Reference {
        weak var controller: PathController?
    }

    /// How many hosts it knows, those included that have no session any more.
    var count: Int { self.controllers.count }

    /// The controller for `peer`, whatever its port; made by `make` if no session has one. `nil` if that makes none.
    func controller(for peer: PeerAddress, make: () -> PathController?) -> PathController? {
        let key = Key(high: peer.high, low: peer.low, scope: peer.scope)
        if let controller = self.controllers[key]?.controller { return controller }
        guard let controller = make() else { return nil }
        self.purge()
        self.controllers[key] = Reference(controller: controller)
        return controller
    }

    /// Forgets addresses without sessions, once the table has doubled.
    private func purge() {
        guard self.controllers.count >= 2 * self.sizeAtLastPurge else { return }
        self.controllers = self.controllers.filter { $0.value.controller != nil }
        self.sizeAtLastPurge = max(16, self.controllers.count)
    }
}
