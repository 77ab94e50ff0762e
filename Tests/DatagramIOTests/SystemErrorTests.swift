import DatagramIO
import Testing

@Test func `an error names the call and the reason`() {
    #expect(SystemError(call: "bind 127.0.0.1:53", number: 13).description == "bind 127.0.0.1:53: Permission denied")
}
