import LinkRig
import Testing

@Suite struct ProgramCountersTests {
    @Test func `figures are found among comments and headers`() {
        let counters = ProgramCounters(
            text: """
                HTTP/1.1 200 OK\r
                content-type: text/plain\r
                \r
                # TYPE kcptun_repeated_segments_total counter
                kcptun_repeated_segments_total 7
                kcptun_retransmitted_segments_total 40
                kcptun_session_datagrams_total{direction="received"} 5
                kcptun_session_datagrams_total{direction="sent"} 1300
                kcptun_fec_sent_parity_packets_total 300
                """)
        #expect(counters.repetitionCount == 7)
        #expect(counters.retransmissionCount == 40)
        #expect(counters.transmissionCount == 1000)
    }

    @Test func `nothing is nothing`() {
        let counters = ProgramCounters(text: "")
        #expect(counters.transmissionCount == 0 && counters.repetitionCount == 0)
    }
}
