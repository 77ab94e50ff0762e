import PacketPrimitives
import Smux
import TunnelCore

/// What both ends must know of a stream to judge what they get.
final class StreamRecord {
    let script: StreamScript
    let conversation: UInt32
    let id: StreamID
    /// Which applications have given it up, and so may have cut what the other gets.
    var resetByClient = false
    var resetByServer = false

    init(script: StreamScript, conversation: UInt32, id: StreamID) {
        self.script = script
        self.conversation = conversation
        self.id = id
    }

    func noteReset(by role: TunnelRole) {
        if role == .client { self.resetByClient = true } else { self.resetByServer = true }
    }

    func isReset(byPeerOf role: TunnelRole) -> Bool { role == .client ? self.resetByServer : self.resetByClient }

    var number: UInt64 { UInt64(self.conversation) << 32 | UInt64(self.id.rawValue) }
}

/// All streams that have been opened in a run, and what has become of the conversations.
final class StreamRegistry {
    private struct Key: Hashable {
        var conversation: UInt32
        var id: StreamID
    }

    private var records: [Key: StreamRecord] = [:]
    private var lostByClient: Set<UInt32> = []
    private var lostByServer: Set<UInt32> = []

    func add(_ script: StreamScript, conversation: UInt32, id: StreamID) -> StreamRecord {
        let record = StreamRecord(script: script, conversation: conversation, id: id)
        self.records[Key(conversation: conversation, id: id)] = record
        return record
    }

    func record(conversation: UInt32, id: StreamID) -> StreamRecord? {
        self.records[Key(conversation: conversation, id: id)]
    }

    /// This end has no session of the conversation any more.
    func noteLoss(of conversation: UInt32, by role: TunnelRole) {
        if role == .client { self.lostByClient.insert(conversation) } else { self.lostByServer.insert(conversation) }
    }

    func isLostByServer(_ conversation: UInt32) -> Bool { self.lostByServer.contains(conversation) }

    /// One of the ends has had no session of the conversation since it began.
    func isLost(_ conversation: UInt32) -> Bool {
        self.lostByServer.contains(conversation) || self.lostByClient.contains(conversation)
    }
}
