// The calls that make networks inside this process, which `import Glibc` does not show. No logic.
#pragma once

#include <stdint.h>

/// `unshare(CLONE_NEWNET)`: the calling thread gets a network of its own. 0, or -1 with errno.
int network_namespace_unshare(void);

/// `setns(descriptor, CLONE_NEWNET)`: the calling thread goes to the network of `/proc/…/ns/net`. 0, or -1 with errno.
int network_namespace_enter(int descriptor);

/// Makes the TUN device `name`, without the packet information in front of packets, in the network of the calling
/// thread: a non-blocking descriptor, or -1 with errno.
int network_device_open(const char *name);

/// Gives the device an IPv4 address and netmask (in the machine's byte order) and a queue of so many packets, and
/// switches it on. 0, or -1 with errno.
int network_device_configure(const char *name, uint32_t address, uint32_t netmask, int queue_length);
