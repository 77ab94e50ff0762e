import Testing

@testable import TunnelCommand

@Suite struct UnusedMemoryTests {
    private static let map = """
        1000-3000 r-xp 00000000 fe:00 11 /usr/bin/program
        Size:                 8 kB
        Anonymous:            0 kB
        3000-4000 r--p 00002000 fe:00 11 /usr/bin/program
        Anonymous:            4 kB
        4000-5000 rw-p 00003000 fe:00 11 /usr/bin/program
        Anonymous:            0 kB
        5000-6000 r--p 00000000 00:00 0 
        Anonymous:            0 kB
        7f0000000000-7f0000002000 r--p 00000000 fe:00 12 /usr/lib/with a space.so
        Rss:                  8 kB
        Anonymous:            0 kB
        VmFlags: rd mr mw me
        7fff00000000-7fff00001000 r-xp 00000000 00:00 0 [vdso]
        Anonymous:            0 kB
        """

    @Test func `unchanged parts of files are found, and nothing else`() {
        #expect(
            MemoryMap.unchangedFileRanges(in: Self.map) == [0x1000..<0x3000, 0x7f00_0000_0000..<0x7f00_0000_2000])
    }

    @Test(arguments: ["", "\n", "nonsense", "1000-3000", "Anonymous: 0 kB", "3000-1000 r-xp 0 a 1 x\nAnonymous: 0 kB"])
    func `other text is not mistaken for a map`(text: String) {
        #expect(MemoryMap.unchangedFileRanges(in: text) == [])
    }

    @Test func `the process goes on after its memory has been given back`() {
        let values = (0..<1000).map { "\($0)" }
        let memory = UnusedMemory(control: ControlLoop())
        memory.release()
        memory.release()
        #expect(values.joined(separator: ",").utf8.count == 3889)
    }
}
