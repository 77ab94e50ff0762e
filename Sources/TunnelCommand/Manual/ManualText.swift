import TunnelCore

/// What the manual pages of the two programs say besides their flags.
enum ManualText {
    /// For examples; long enough not to be warned about.
    static let key = "a long secret of our own"

    static func description(_ role: TunnelRole) -> [String] {
        let first =
            switch role {
            case .client:
                """
                Listens for connections of applications, on a TCP port or a Unix socket, and carries them over UDP to \
                `kcptun-server`, which passes them on to its target.
                """
            case .server:
                """
                Takes what `kcptun-client` sends over UDP and passes the connections in it on to one target, a TCP \
                address or a Unix socket.
                """
            }
        return [
            first,
            """
            Datagrams that get lost are sent again early, or rebuilt from parity that is sent along where that pays. So \
            connections stay quick where TCP alone would slow down. Unless `-crypt` is none or null, all of it is encrypted.
            """,
            """
            The other end may be the Go program kcptun of any release since 2017. Key, cipher, QPP, `-nocomp` and \
            `-smuxver` should be the same at both ends (a server of ours follows the last two).
            """,
        ]
    }

    static let spelling = """
        A flag may have one dash or two, and a space or an equals sign before its value: `-mtu 1350` is `--mtu=1350`. A \
        flag without a value is switched off with `=false`. Numbers may be written as in Go: 0x500, 0b11, 1_000. Words \
        behind the last flag are ignored.
        """

    static let configurationFile = [
        """
        The file that `-c` names holds one JSON object. Its keys are the names of the flags, in upper or lower case, with \
        one exception: `qpp-count` stands for `-QPPCount`.
        """,
        """
        What the file says comes before the command line, also false, 0 and empty text. Keys of other programs are \
        ignored with a warning; a value of the wrong type is an error.
        """,
    ]

    static func configurationExample(_ role: TunnelRole) -> String {
        let addresses =
            switch role {
            case .client: #""localaddr": ":12948", "remoteaddr": "server.example:29900","#
            case .server: #""listen": ":29900", "target": "127.0.0.1:8388","#
            }
        return "{\n  \(addresses)\n  \"key\": \"\(self.key)\", \"crypt\": \"aes-128-gcm\", \"mode\": \"fast2\"\n}"
    }

    static let environment = [
        ("KCPTUN_KEY", "The key, if neither the command line nor the configuration file has one."),
        (
            "SS_REMOTE_HOST, SS_REMOTE_PORT, SS_LOCAL_HOST, SS_LOCAL_PORT, SS_PLUGIN_OPTIONS",
            "Set by shadowsocks programs for their plugins; see below."
        ),
    ]

    static func plugin(_ role: TunnelRole) -> [String] {
        let addresses =
            switch role {
            case .client:
                "`-localaddr` (from SS_LOCAL_HOST and SS_LOCAL_PORT) and `-remoteaddr` (SS_REMOTE_HOST, SS_REMOTE_PORT)"
            case .server:
                "`-listen` (from SS_REMOTE_HOST and SS_REMOTE_PORT) and `-target` (SS_LOCAL_HOST, SS_LOCAL_PORT)"
            }
        return [
            "The program is a plugin of shadowsocks (SIP003). Shadowsocks then sets the addresses: \(addresses).",
            """
            The plugin options are the flags without dashes, with semicolons between them: `mode=fast3;nocomp`. A \
            backslash in front of a semicolon, an equals sign or a backslash makes it part of a value. An option counts \
            more than the configuration file, which counts more than the command line. The address of the other plugin \
            may be an option, for a range of ports; the one of the shadowsocks program beside us may not.
            """,
            """
            The program `kcptun` is a plugin too: with the option `server` it is the server, without it the client. \
            A plugin leaves when the program that started it is gone.
            """,
        ]
    }

    static func pluginExample(_ role: TunnelRole) -> String {
        let program = role == .client ? "ss-local" : "ss-server"
        return """
            \(program) -c config.json --plugin \(role == .client ? "kcptun-client" : "kcptun-server") \\
                --plugin-opts "key=\(self.key);crypt=aes-128-gcm;mode=fast3"
            """
    }

    static let signals = [
        (
            "SIGTERM, SIGINT",
            """
            Leave: nothing new is accepted, what was accepted is delivered, for 5 seconds, or `-closewait` if that is \
            set and longer. A second signal ends that at once.
            """
        ),
        (
            "SIGHUP",
            """
            Open the file of `-log` again. If there is a configuration file, read it again: what can change in a running \
            program does, sessions stay; an error in it is logged and the old settings stay.
            """
        ),
        ("SIGUSR1", "Log all counters."),
    ]

    static let exitStatus = [
        ("0", "It ended as it was asked to."),
        (
            "1",
            """
            It could not go on: a port is taken, an address is not of this machine; or it had to leave with something \
            undelivered.
            """
        ),
        ("64", "The command line cannot be understood."),
        ("78", "The configuration cannot be used: a value is out of range, a file is missing or wrong."),
    ]

    static func examples(_ role: TunnelRole) -> [(String, String)] {
        switch role {
        case .client:
            [
                (
                    "Connections to port 12948 of this machine come out at the server's target:",
                    "kcptun-client -r server.example:29900 -l :12948 -key \"\(self.key)\""
                ),
                (
                    """
                    The same with a port of the server chosen anew every hour, against a network that throttles; \
                    connections end after two hours at the latest:
                    """,
                    """
                    kcptun-client -r server.example:29900-29999 -l :12948 -key "\(self.key)" \\
                        -autoexpire 3600 -scavengettl 3600
                    """
                ),
            ]
        case .server:
            [
                (
                    "Pass connections on to a program that listens on port 8388 of this machine:",
                    "kcptun-server -l :29900 -t 127.0.0.1:8388 -key \"\(self.key)\""
                ),
                (
                    "Listen on a hundred ports:",
                    "kcptun-server -l :29900-29999 -t 127.0.0.1:8388 -key \"\(self.key)\""
                ),
            ]
        }
    }
}
