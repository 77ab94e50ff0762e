import DatagramIO

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// A flag asks for what this process may not do.
struct PrivilegeError: Error, CustomStringConvertible {
    let program: String
    let cause: SystemError

    var description: String {
        guard [EPERM, EACCES].contains(self.cause.number) else { return "--tcp does not work here: \(self.cause)" }
        return """
            --tcp needs the right to open raw sockets (CAP_NET_RAW): run `setcap cap_net_raw+ep` on the file of \
            \(self.program), or set AmbientCapabilities=CAP_NET_RAW in its systemd unit, or start it as root; \
            without --tcp at both ends the tunnel uses UDP, which needs no right
            """
    }
}

extension Program {
    /// Looks for missing rights before anything is opened.
    static func checkPrivileges(_ link: LinkOptions) throws(PrivilegeError) {
        guard link.disguisesAsTCP else { return }
        do throws(SystemError) {
            try FakeTCPSocket.checkPrivilege()
        } catch {
            throw PrivilegeError(program: Options.programName, cause: error)
        }
    }
}
