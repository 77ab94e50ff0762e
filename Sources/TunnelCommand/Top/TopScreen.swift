import TunnelReporting

/// `kcptun top` on a terminal: asks each second, and shows what came until somebody quits.
struct TopScreen {
    let client: StatusClient
    let terminal: Terminal

    static let interval = Duration.seconds(1)

    private enum Event: Sendable {
        case document(StatusDocument)
        case failure(StatusClientError)
        case terminal(TerminalEvent)
    }

    /// Returns when somebody quits.
    func run() async throws {
        defer { self.terminal.close() }
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let asking = Task { [client] in await Self.ask(client) { continuation.yield($0) } }
        let typing = Task { [events = self.terminal.events] in
            for await event in events { continuation.yield(.terminal(event)) }
        }
        defer {
            asking.cancel()
            typing.cancel()
        }
        var model = TopModel()
        self.draw(model)
        for await event in events {
            guard Self.handle(event, &model) else { return }
            self.draw(model)
        }
    }

    private static func ask(_ client: StatusClient, _ tell: (Event) -> Void) async {
        while !Task.isCancelled {
            do {
                tell(.document(try await client.document()))
            } catch {
                tell(.failure(error))
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// False: quit.
    private static func handle(_ event: Event, _ model: inout TopModel) -> Bool {
        switch event {
        case .document(let document): model.add(document)
        case .failure(let error): model.fail("\(error)")
        case .terminal(.quit): return false
        case .terminal(.move(let count)): model.scroll(by: count)
        case .terminal(.resized): break
        }
        return true
    }

    private func draw(_ model: TopModel) {
        let size = self.terminal.size
        self.terminal.show(TopView(model: model).screen(columns: size.columns, rows: size.rows), columns: size.columns)
    }
}
