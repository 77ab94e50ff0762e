import Testing
import TunnelCore

struct StreamProfileTests {
    @Test(arguments: [UInt8(1), 2], [true, false])
    func `two bytes tell the profile`(version: UInt8, usesCompression: Bool) {
        var detector = StreamProfileDetector()
        let isStream = detector.noteStreamStart(usesCompression ? 0xFF : version)
        #expect(isStream && detector.usesCompression == usesCompression && detector.profile == nil)
        let isFrame = detector.noteFrameStart(version)
        #expect(isFrame)
        #expect(detector.profile == StreamProfile(smuxVersion: version, usesCompression: usesCompression))
    }

    @Test(arguments: (UInt8.min...UInt8.max).filter { ![1, 2, 0xFF].contains($0) })
    func `a stream that begins with anything else is unknown`(byte: UInt8) {
        var detector = StreamProfileDetector()
        let isStream = detector.noteStreamStart(byte)
        #expect(!isStream)
        #expect(detector.usesCompression == nil)
    }

    @Test(arguments: [UInt8(0), 3, 0xFF])
    func `a frame that begins with anything else is unknown`(byte: UInt8) {
        var detector = StreamProfileDetector()
        _ = detector.noteStreamStart(0xFF)
        let isFrame = detector.noteFrameStart(byte)
        #expect(!isFrame)
        #expect(detector.profile == nil)
    }

    @Test func `a profile has words`() {
        #expect("\(StreamProfile(smuxVersion: 1, usesCompression: false))" == "smux 1 and no compression")
        #expect("\(StreamProfile(smuxVersion: 2, usesCompression: true))" == "smux 2 and compression")
    }
}
