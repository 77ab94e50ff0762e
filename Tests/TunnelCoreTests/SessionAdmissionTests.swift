import KCP
import PacketPrimitives
import Testing
import TunnelCore

/// Which packets make, reach and replace sessions (protocol 03 §8, 08 A12 and B2).
struct SessionAdmissionTests {
    private func segment(
        _ conversation: UInt32, _ command: Command, number: UInt32, expected: UInt32 = 0, shard: UInt16? = nil
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 24)
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        raw.storeLittleEndian(conversation, at: 0)
        raw.storeLittleEndian(command.rawValue, at: 4)
        raw.storeLittleEndian(number, at: 12)
        raw.storeLittleEndian(expected, at: 16)
        guard let shard else { return bytes }
        return [0, 0, 0, 0, UInt8(truncatingIfNeeded: shard), 0, 26, 0] + bytes
    }

    private func admission(_ packet: [UInt8], current: UInt32?) -> SessionAdmission {
        SessionAdmission(of: packet.span.bytes, current: current)
    }

    @Test(arguments: [nil, UInt16(0xF1)])
    func `data from the beginning makes a session`(shard: UInt16?) {
        #expect(
            admission(segment(7, .push, number: 0, shard: shard), current: nil)
                == .create(conversationID: 7, usesShards: shard != nil))
        #expect(
            admission(segment(7, .push, number: 5, shard: shard), current: nil)
                == .create(conversationID: 7, usesShards: shard != nil))
    }

    @Test func `the middle of an unknown conversation makes none`() {
        #expect(admission(segment(7, .push, number: 64), current: nil) == .refuse)
        #expect(admission(segment(7, .push, number: 1, expected: 9), current: nil) == .refuse)
    }

    @Test(arguments: [Command.acknowledge, .askWindow, .tellWindow])
    func `only data makes a session`(command: Command) {
        #expect(admission(segment(7, command, number: 0), current: nil) == .refuse)
        #expect(admission(segment(7, command, number: 0), current: 8) == .refuse)
    }

    @Test func `the session's own packets reach it`() {
        #expect(admission(segment(7, .push, number: 5000, expected: 3), current: 7) == .deliver)
        #expect(admission(segment(7, .acknowledge, number: 0), current: 7) == .deliver)
    }

    @Test func `another conversation replaces a session only with its first segment`() {
        #expect(admission(segment(9, .push, number: 0), current: 7) == .create(conversationID: 9, usesShards: false))
        #expect(admission(segment(9, .push, number: 1), current: 7) == .refuse)
    }

    @Test(arguments: [UInt16(0xF2), 0xF3])
    func `parity and out-of-band packets reach a session but make none`(kind: UInt16) {
        #expect(admission(segment(7, .push, number: 0, shard: kind), current: 7) == .deliver)
        #expect(admission(segment(7, .push, number: 0, shard: kind), current: nil) == .refuse)
    }

    @Test(arguments: 0..<24)
    func `a short packet makes no session`(byteCount: Int) {
        #expect(admission(Array(segment(7, .push, number: 0).prefix(byteCount)), current: nil) == .refuse)
    }

    @Test func `the first bytes of every packet are plausible, and few others`() {
        for command in [Command.push, .acknowledge, .askWindow, .tellWindow] {
            for shard in [nil, UInt16(0xF1), 0xF2, 0xF3] {
                let beginning = Array(segment(7, command, number: 3, shard: shard).prefix(12))
                let isPlausible = SessionAdmission.isPlausibleBeginning(beginning.span.bytes)
                #expect(isPlausible)
            }
        }
        let count = (UInt16(0)...UInt16.max).count { kind in
            let bytes: [UInt8] = [1, 2, 3, 4, UInt8(truncatingIfNeeded: kind), UInt8(kind >> 8), 0, 0, 0, 0, 0, 0]
            return SessionAdmission.isPlausibleBeginning(bytes.span.bytes)
        }
        #expect(count == 4 * 256 + 3)
    }
}
