// The structs, constants and calls of datagram sockets that `import Glibc` and `import Darwin` do not show.
// No logic: everything that decides something is in DatagramIO.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/// The kernel's `struct mmsghdr`: a message and how many bytes of it were moved.
struct datagram_message {
    struct msghdr header;
    unsigned int byte_count;
};

/// `struct in6_pktinfo` of RFC 3542.
struct datagram_in6_pktinfo {
    struct in6_addr address;
    unsigned int interface_index;
};

#if defined(__linux__)

enum {
    DATAGRAM_SOL_UDP = 17,
    DATAGRAM_UDP_SEGMENT = 103,
    DATAGRAM_UDP_GRO = 104,
    DATAGRAM_SO_RXQ_OVFL = 40,
    DATAGRAM_IPV6_RECVPKTINFO = 49,
    DATAGRAM_IPV6_PKTINFO = 50,
    DATAGRAM_SO_ATTACH_FILTER = 26,
    DATAGRAM_SO_ATTACH_REUSEPORT_CBPF = 51,
};

/// The kernel's `struct sock_fprog`: a packet filter of `count` instructions of 8 bytes.
struct datagram_filter_program {
    unsigned short count;
    const void *instructions;
};

/// `sendmmsg(2)`.
int datagram_sendmmsg(int descriptor, struct datagram_message *messages, unsigned int count, int flags);

/// `recvmmsg(2)` without a time-out.
int datagram_recvmmsg(int descriptor, struct datagram_message *messages, unsigned int count, int flags);

/// `ppoll(2)` with a time-out in microseconds; negative for none.
int datagram_wait(struct pollfd *descriptors, unsigned int count, int64_t microseconds);

#elif defined(__APPLE__)

// <netinet6/in6.h> hides these unless __APPLE_USE_RFC_3542 is defined.
enum {
    DATAGRAM_IPV6_RECVPKTINFO = 61,
    DATAGRAM_IPV6_PKTINFO = 46,
};

#endif

// The CMSG_* macros as functions.

/// Bytes that a control message with a payload of `byte_count` takes, padding included.
static inline size_t datagram_control_space(size_t byte_count) { return CMSG_SPACE(byte_count); }

/// What to put into `cmsg_len` for a payload of `byte_count`.
static inline size_t datagram_control_length(size_t byte_count) { return CMSG_LEN(byte_count); }

/// The first control message, or null.
static inline struct cmsghdr *datagram_first_control(const struct msghdr *message) {
    return CMSG_FIRSTHDR((struct msghdr *)message);
}

/// The control message behind `control`, or null.
static inline struct cmsghdr *datagram_next_control(const struct msghdr *message, struct cmsghdr *control) {
    return CMSG_NXTHDR((struct msghdr *)message, control);
}

/// The payload of a control message.
static inline void *datagram_control_data(struct cmsghdr *control) { return CMSG_DATA(control); }
