#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The file of a unix socket that this process listens on. The system leaves it behind when the socket is closed.
struct SocketFile: Sendable {
    private let path: String
    private let identity: Identity

    private struct Identity: Equatable {
        var device: UInt64
        var inode: UInt64

        /// The file that the path leads to now; `nil` if that is no socket.
        init?(path: String) {
            var status = stat()
            guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
            self.device = UInt64(status.st_dev)
            self.inode = UInt64(status.st_ino)
        }
    }

    /// To be made right after listening has begun.
    init?(path: String) {
        guard !path.isEmpty, let identity = Identity(path: path) else { return nil }
        self.path = path
        self.identity = identity
    }

    /// Removes the file unless another one has taken its place.
    func remove() {
        if Identity(path: self.path) == self.identity { _ = unsafe unlink(self.path) }
    }
}
