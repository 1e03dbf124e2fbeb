/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Where memory really is: the kernel's own word for it, asked through libnuma.
 *
 * A socket that was asked for is a wish. Without hugepages EAL does not pass it on, and a page that
 * nobody has touched is nowhere yet. Who depends on the node asks for it after the memory was used.
 */

#ifndef FP_NUMA_H
#define FP_NUMA_H

#include "fp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Ask the kernel on which node the page of an address is.
 *
 * @param[in] address  Anywhere in the page, of any size; it is not accessed.
 * @return Node [0..]; -ENOENT the page was never touched; -EINVAL nothing is mapped there;
 *         -ENOTSUP the kernel does not say.
 * @threads Any.
 * @cost    A system call: for start-up and reports.
 */
FP_MUST_CHECK int fp_numa_node(const void *address);

/**
 * Tell whether EAL found lcores on a node, so that memory can be asked for there.
 *
 * @param[in] socket_id  NUMA node.
 * @threads Any, EAL initialised.
 */
bool fp_numa_has_socket(int socket_id);

#ifdef __cplusplus
}
#endif

#endif /* FP_NUMA_H */
