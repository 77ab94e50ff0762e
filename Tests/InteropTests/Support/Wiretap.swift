#if os(Linux)
    import Foundation

    /// Somebody between the clients and the server of a tunnel who passes every datagram on, keeps a copy, and can send
    /// the copies again.
    final class Wiretap: @unchecked Sendable {
        /// Both ends of one client's datagrams: where it is, and what stands for it at the server.
        private struct Flow {
            let client: sockaddr_in
            let upstream: Int32
        }

        /// A datagram as it was seen.
        struct Record: Sendable {
            let bytes: [UInt8]
            fileprivate let flow: Int
        }

        private let serverPort: UInt16
        private let listener: Int32
        private let lock = NSLock()
        private var flows: [Flow] = []
        private var records: (towardServer: [Record], towardClients: [Record]) = ([], [])
        private var isStopped = false
        private let hasEnded = DispatchSemaphore(value: 0)

        /// Clients are to send to this port of 127.0.0.1.
        let port: UInt16

        init(serverPort: UInt16) throws {
            self.serverPort = serverPort
            let listener = socket(AF_INET, SocketType.datagram, 0)
            self.listener = listener
            var address = Self.loopback(port: 0)
            var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = Self.withAddress(&address) { bind(listener, $0, byteCount) } == 0
            _ = Self.withAddress(&address) { getsockname(listener, $0, &byteCount) }
            self.port = UInt16(bigEndian: address.sin_port)
            try check(isBound, "bind: \(String(cString: strerror(errno)))")
            Thread.detachNewThread { self.run() }
        }

        /// Ends the relay; copies can no longer be sent.
        func stop() {
            self.lock.withLock { self.isStopped = true }
            self.hasEnded.wait()
            for descriptor in [self.listener] + self.flows.map(\.upstream) { close(descriptor) }
        }

        var towardServer: [Record] { self.lock.withLock { self.records.towardServer } }
        var towardClients: [Record] { self.lock.withLock { self.records.towardClients } }

        /// Sends copies to the server from the address that they came from the first time.
        func replayToServer(_ records: [Record]) {
            Self.inSteps(records) { record in
                let flow = self.lock.withLock { self.flows[record.flow] }
                _ = send(flow.upstream, record.bytes, record.bytes.count, 0)
            }
        }

        /// Sends copies to the client that they were for, from the address that it knows.
        func replayToClients(_ records: [Record]) {
            Self.inSteps(records) { record in
                var client = self.lock.withLock { self.flows[record.flow] }.client
                Self.sendTo(&client, record.bytes, from: self.listener)
            }
        }

        /// Few enough at a time for the smallest receive buffer, and few enough in a second not to be turned away as a
        /// flood.
        static func inSteps(_ records: [Record], _ body: (Record) -> Void) {
            for (index, record) in records.enumerated() {
                body(record)
                if index % 16 == 15 { usleep(8000) }
            }
        }

        // MARK: The relay

        private func run() {
            var buffer = [UInt8](repeating: 0, count: 2048)
            while !self.lock.withLock({ self.isStopped }) {
                var set = ([self.listener] + self.flows.map(\.upstream)).map {
                    pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
                }
                guard poll(&set, nfds_t(set.count), 50) > 0 else { continue }
                while self.takeFromClient(&buffer) {}
                for number in self.flows.indices { while self.takeFromServer(number, &buffer) {} }
            }
            self.hasEnded.signal()
        }

        private func takeFromClient(_ buffer: inout [UInt8]) -> Bool {
            var client = sockaddr_in()
            var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
            let capacity = buffer.count
            let count = Self.withAddress(&client) {
                recvfrom(self.listener, &buffer, capacity, Int32(MSG_DONTWAIT), $0, &byteCount)
            }
            guard count > 0 else { return false }
            let number = self.flowNumber(of: client)
            self.lock.withLock {
                self.records.towardServer.append(Record(bytes: Array(buffer.prefix(count)), flow: number))
            }
            _ = send(self.flows[number].upstream, buffer, count, 0)
            return true
        }

        private func takeFromServer(_ number: Int, _ buffer: inout [UInt8]) -> Bool {
            let count = recv(self.flows[number].upstream, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return false }
            let bytes = Array(buffer.prefix(count))
            self.lock.withLock { self.records.towardClients.append(Record(bytes: bytes, flow: number)) }
            var client = self.flows[number].client
            Self.sendTo(&client, bytes, from: self.listener)
            return true
        }

        private func flowNumber(of client: sockaddr_in) -> Int {
            if let number = self.flows.firstIndex(where: { $0.client.sin_port == client.sin_port }) { return number }
            let upstream = socket(AF_INET, SocketType.datagram, 0)
            var server = Self.loopback(port: self.serverPort)
            _ = Self.withAddress(&server) { connect(upstream, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            self.lock.withLock { self.flows.append(Flow(client: client, upstream: upstream)) }
            return self.flows.count - 1
        }

        // MARK: Sockets

        private static func sendTo(_ address: inout sockaddr_in, _ bytes: [UInt8], from descriptor: Int32) {
            _ = Self.withAddress(&address) {
                sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }

        private static func loopback(port: UInt16) -> sockaddr_in {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            return address
        }

        private static func withAddress<Value>(
            _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Value
        ) -> Value {
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
            }
        }
    }
#endif
