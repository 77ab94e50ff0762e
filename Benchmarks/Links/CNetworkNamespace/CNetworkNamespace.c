#define _GNU_SOURCE

#include "CNetworkNamespace.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int network_namespace_unshare(void) { return unshare(CLONE_NEWNET); }

int network_namespace_enter(int descriptor) { return setns(descriptor, CLONE_NEWNET); }

static struct ifreq request_for(const char *name) {
    struct ifreq request = {0};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    return request;
}

int network_device_open(const char *name) {
    int descriptor = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) return -1;
    struct ifreq request = request_for(name);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    if (ioctl(descriptor, TUNSETIFF, &request) == 0) return descriptor;
    close(descriptor);
    return -1;
}

static void set_address(struct ifreq *request, uint32_t address) {
    struct sockaddr_in value = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
    memcpy(&request->ifr_addr, &value, sizeof value);
}

int network_device_configure(const char *name, uint32_t address, uint32_t netmask, int queue_length) {
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    struct ifreq request = request_for(name);
    set_address(&request, address);
    int result = ioctl(descriptor, SIOCSIFADDR, &request);
    set_address(&request, netmask);
    if (result == 0) result = ioctl(descriptor, SIOCSIFNETMASK, &request);
    request.ifr_qlen = queue_length;
    if (result == 0) result = ioctl(descriptor, SIOCSIFTXQLEN, &request);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (result == 0) result = ioctl(descriptor, SIOCSIFFLAGS, &request);
    close(descriptor);
    return result;
}
