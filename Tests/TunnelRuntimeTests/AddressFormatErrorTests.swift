import Testing
import TunnelRuntime

@Suite struct AddressFormatErrorTests {
    @Test func `the operator's text is quoted so that it cannot be mistaken`() {
        let error = AddressFormatError.invalidPort("ht\ntp", address: "a\"b:ht\ntp")
        #expect(error.description == #""a\"b:ht\ntp" has the port "ht\ntp": use a number from 0 to 65535"#)
    }
}
