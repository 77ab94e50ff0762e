import DatagramIO
import Testing

@Suite struct BufferShortfallTests {
    @Test(arguments: [BufferShortfall.Direction.send, .receive])
    func `the text says what to set`(direction: BufferShortfall.Direction) {
        let shortfall = BufferShortfall(
            direction: direction, requestedByteCount: 4_194_304, grantedByteCount: 212_992)
        let text = shortfall.description
        #expect(text.contains(direction == .send ? "send buffer" : "receive buffer"))
        #expect(text.contains("212992") && text.contains("\(shortfall.systemSetting)=4194304"))
    }

    #if os(Linux)
        @Test func `each direction has its own setting`() {
            let send = BufferShortfall(direction: .send, requestedByteCount: 2, grantedByteCount: 1)
            let receive = BufferShortfall(direction: .receive, requestedByteCount: 2, grantedByteCount: 1)
            #expect(send.systemSetting == "net.core.wmem_max")
            #expect(receive.systemSetting == "net.core.rmem_max")
        }
    #endif
}
