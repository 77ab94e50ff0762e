import Testing

@testable import Smux

@Suite struct ConfigurationTests {
    @Test func `the defaults are those of the original`() throws {
        let configuration = try Configuration()
        #expect(configuration.version == 2)
        #expect(configuration.maximumFrameByteCount == 8192)
        #expect(configuration.receiveBufferByteCount == 4_194_304)
        #expect(configuration.streamBufferByteCount == 2_097_152)
        #expect(configuration.keepAliveIntervalSeconds == 10)
        #expect(configuration.keepAliveTimeoutSeconds == 30)
    }

    @Test(arguments: [UInt8(1), 2]) func `the same can be had with another version`(version: UInt8) throws {
        let configuration = try Configuration(maximumFrameByteCount: 77)
        #expect(
            configuration.using(version: version)
                == (try Configuration(version: Int(version), maximumFrameByteCount: 77)))
    }

    @Test(arguments: [-1, 0, 3]) func `another version is refused`(version: Int) {
        #expect(throws: ConfigurationError.version(version)) { try Configuration(version: version) }
    }

    @Test(arguments: [-1, 0, 65536]) func `a frame size that the length field cannot hold is refused`(size: Int) {
        #expect(throws: ConfigurationError.frameSize(size)) { try Configuration(maximumFrameByteCount: size) }
    }

    @Test(arguments: [-1, 0, 1 << 31]) func `a session buffer out of the limits is refused`(size: Int) {
        #expect(throws: ConfigurationError.receiveBuffer(size)) { try Configuration(receiveBufferByteCount: size) }
    }

    @Test(arguments: [(0, 1), (101, 1), (101, 2)])
    func `a stream buffer larger than the session's is refused in both versions`(size: Int, version: Int) {
        #expect(throws: ConfigurationError.streamBuffer(size, limit: 100)) {
            try Configuration(version: version, receiveBufferByteCount: 100, streamBufferByteCount: size)
        }
    }

    @Test(arguments: [-1, 0, 31]) func `a keep-alive interval out of the limits is refused`(seconds: Int) {
        #expect(throws: ConfigurationError.keepAlive(interval: seconds, timeout: 30)) {
            try Configuration(keepAliveIntervalSeconds: seconds)
        }
    }

    @Test func `a keep-alive interval as long as the timeout is allowed`() throws {
        #expect(try Configuration(keepAliveIntervalSeconds: 30).keepAliveIntervalSeconds == 30)
    }

    @Test func `the extremes are allowed`() throws {
        _ = try Configuration(
            version: 1, maximumFrameByteCount: 65535, receiveBufferByteCount: Int(Int32.max),
            streamBufferByteCount: Int(Int32.max), keepAliveIntervalSeconds: 1, maximumStreamCount: 1)
        _ = try Configuration(maximumFrameByteCount: 1, receiveBufferByteCount: 1, streamBufferByteCount: 1)
    }

    @Test func `no streams at all is refused`() {
        #expect(throws: ConfigurationError.streamCount(0)) { try Configuration(maximumStreamCount: 0) }
    }

    @Test(arguments: [
        (ConfigurationError.version(3), "smuxver"), (.frameSize(0), "framesize"), (.receiveBuffer(0), "smuxbuf"),
        (.streamBuffer(9, limit: 8), "streambuf"), (.keepAlive(interval: 31, timeout: 30), "keepalive"),
        (.streamCount(0), "open streams"),
    ])
    func `the text names what to change`(error: ConfigurationError, name: String) {
        #expect(error.description.contains(name))
    }
}
