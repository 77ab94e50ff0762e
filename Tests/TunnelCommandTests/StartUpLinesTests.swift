import ArgumentParser
import DatagramIO
import Testing
import TunnelCommand
import TunnelRuntime

@Suite struct StartUpLinesTests {
    @Test func `the client's lines are the original's`() throws {
        let lines = StartUpLines.client(
            try ClientSettings(ClientOptions.parse([])), version: "V", boundAddress: "[::]:12948")
        #expect(
            lines.joined(separator: "\n") == """
                version: V
                smux version: 2
                listening on: [::]:12948
                encryption: aes
                QPP: false
                QPP Count: 61
                nodelay parameters: 0 30 2 1
                remote address: vps:29900
                sndwnd: 128 rcvwnd: 512
                compression: true
                mtu: 1350
                ratelimit: 0
                datashard: 10 parityshard: 3
                acknodelay: false
                dscp: 0
                sockbuf: 4194304
                smuxbuf: 4194304
                framesize: 8192
                streambuf: 2097152
                keepalive: 10
                conn: 1
                autoexpire: 0
                scavengettl: 600
                snmplog:\u{20}
                snmpperiod: 60
                quiet: false
                tcp: false
                pprof: false
                """)
    }

    @Test func `the server's lines are the original's`() throws {
        let arguments = [
            "--listen=:1-2", "--nocomp", "--mode=fast3", "--snmplog=x.log", "--quiet", "--acknodelay", "--crypt=sm4",
        ]
        let lines = StartUpLines.server(try ServerSettings(ServerOptions.parse(arguments)), version: "20260101")
        #expect(
            lines.joined(separator: "\n") == """
                version: 20260101
                smux version: 2
                listening on: :1-2
                target: 127.0.0.1:12948
                encryption: sm4
                nodelay parameters: 1 10 2 1
                sndwnd: 1024 rcvwnd: 1024
                compression: false
                mtu: 1350
                ratelimit: 0
                datashard: 10 parityshard: 3
                acknodelay: true
                dscp: 0
                sockbuf: 4194304
                smuxbuf: 4194304
                framesize: 8192
                streambuf: 2097152
                keepalive: 10
                snmplog: x.log
                snmpperiod: 60
                pprof: false
                quiet: true
                tcp: false
                """)
    }

    @Test(arguments: [(Transport.udp, "Listening on: :2/udp"), (.tcp, "Listening on: :2/tcp")])
    func `each port of a server has a line`(transport: Transport, line: String) throws {
        #expect(StartUpLines.listening(on: try PortRange(":1-2"), port: 2, transport) == line)
    }
}
