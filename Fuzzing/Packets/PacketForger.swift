import ErasureCoding
import FuzzSupport
import KCP
import PacketPrimitives
import Smux
import SnappyFraming

/// A peer that gets the lower layers right, so that what the input says reaches the upper ones.
struct PacketForger: ~Copyable {
    static let conversation: UInt32 = 1

    private let smuxVersion: UInt8
    private let usesShards: Bool
    private var encoder: FrameEncoder?
    private var number: UInt32 = 0
    private var shardNumber: UInt32 = 0

    init(smuxVersion: UInt8, usesCompression: Bool, usesShards: Bool) {
        self.smuxVersion = smuxVersion
        self.usesShards = usesShards
        self.encoder = usesCompression ? FrameEncoder() : nil
    }

    /// A segment with the next number and this piece of the stream.
    mutating func packet(carrying bytes: [UInt8]) -> [UInt8] {
        defer { self.number &+= 1 }
        let header = SegmentHeader(
            conversation: Self.conversation, command: .push, window: 32, time: 100_000, number: self.number,
            expected: 0, payloadByteCount: bytes.count)
        var packet = [UInt8](repeating: 0, count: SegmentHeader.byteCount)
        var span = packet.mutableSpan
        var target = span.mutableBytes
        header.write(to: &target, at: 0)
        return self.inShard(packet + bytes)
    }

    /// A segment with a smux frame, compressed if the stream is.
    mutating func packet(carryingFrame input: inout FuzzInput) -> [UInt8] {
        let command = input.byte()
        let id = StreamID(rawValue: command >= 0xF0 ? 0x5357_4B00 | UInt32(input.byte()) : UInt32(input.byte() % 16))
        var payload: [UInt8] = []
        if command % 5 == 2 { payload = [UInt8](repeating: command, count: 4 * Int(input.byte())) }
        if command % 5 == 4 { payload = input.take(8) }
        var frame = Frame(version: self.smuxVersion, command: .push, payloadByteCount: payload.count, stream: id)
        frame.commandByte = command % 5
        var seed = FuzzSeed()
        seed.append(word: UInt32(truncatingIfNeeded: frame.word))
        seed.append(word: UInt32(truncatingIfNeeded: frame.word >> 32))
        seed.append(contentsOf: payload)
        return self.packet(carrying: self.compress(seed.bytes))
    }

    /// A data or parity shard that nobody has asked for.
    mutating func shard(_ input: inout FuzzInput) -> [UInt8] {
        let operation = input.byte()
        var seed = FuzzSeed()
        seed.append(word: self.shardNumber &+ UInt32(operation & 15) &- 4)
        seed.append(operation & 16 == 0 ? 0xF2 : 0xF1, 0)
        seed.append(contentsOf: input.take(Int(operation)))
        if operation & 32 != 0 { self.shardNumber &+= 5 }
        return seed.bytes
    }

    private mutating func compress(_ bytes: [UInt8]) -> [UInt8] {
        guard self.encoder != nil else { return bytes }
        var stream: [UInt8] = []
        self.encoder!.encode(bytes.span.bytes) { stream += [UInt8](copying: $0) }
        return stream
    }

    /// Groups of 3 + 2; the parity never comes.
    private mutating func inShard(_ packet: [UInt8]) -> [UInt8] {
        guard self.usesShards else { return packet }
        var seed = FuzzSeed()
        seed.append(word: self.shardNumber)
        seed.append(
            0xF1, 0, UInt8(truncatingIfNeeded: packet.count + 2), UInt8(truncatingIfNeeded: (packet.count + 2) >> 8))
        self.shardNumber += self.shardNumber % 5 == 2 ? 3 : 1
        return seed.bytes + packet
    }
}
