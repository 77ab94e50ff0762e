#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include "CDatagramSyscalls.h"

#if defined(__linux__)

#include <linux/filter.h>
#include <time.h>

_Static_assert(sizeof(struct datagram_message) == sizeof(struct mmsghdr), "layout of mmsghdr");
_Static_assert(offsetof(struct datagram_message, byte_count) == offsetof(struct mmsghdr, msg_len), "layout of mmsghdr");
_Static_assert(sizeof(struct datagram_in6_pktinfo) == sizeof(struct in6_pktinfo), "layout of in6_pktinfo");
_Static_assert(DATAGRAM_IPV6_RECVPKTINFO == IPV6_RECVPKTINFO && DATAGRAM_IPV6_PKTINFO == IPV6_PKTINFO, "IPV6_PKTINFO");
_Static_assert(DATAGRAM_SO_RXQ_OVFL == SO_RXQ_OVFL, "SO_RXQ_OVFL");
_Static_assert(DATAGRAM_SO_ATTACH_FILTER == SO_ATTACH_FILTER, "SO_ATTACH_FILTER");
_Static_assert(DATAGRAM_SO_ATTACH_REUSEPORT_CBPF == SO_ATTACH_REUSEPORT_CBPF, "SO_ATTACH_REUSEPORT_CBPF");
_Static_assert(sizeof(struct datagram_filter_program) == sizeof(struct sock_fprog), "layout of sock_fprog");
_Static_assert(sizeof(struct sock_filter) == 8, "layout of sock_filter");

int datagram_sendmmsg(int descriptor, struct datagram_message *messages, unsigned int count, int flags) {
    return sendmmsg(descriptor, (struct mmsghdr *)messages, count, flags);
}

int datagram_recvmmsg(int descriptor, struct datagram_message *messages, unsigned int count, int flags) {
    return recvmmsg(descriptor, (struct mmsghdr *)messages, count, flags, NULL);
}

int datagram_wait(struct pollfd *descriptors, unsigned int count, int64_t microseconds) {
    struct timespec limit = {microseconds / 1000000, microseconds % 1000000 * 1000};
    return ppoll(descriptors, count, microseconds < 0 ? NULL : &limit, NULL);
}

#endif
