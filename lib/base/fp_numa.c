/* SPDX-License-Identifier: BSD-3-Clause */

#include <errno.h>
#include <numaif.h>

#include <rte_common.h>
#include <rte_lcore.h>

#include "fp_numa.h"

/* Pages are at least that large, and an address of a larger one names it as well. */
#define PAGE_BYTES 4096

int
fp_numa_node(const void *address)
{
	void *page = RTE_PTR_SUB(address, (uintptr_t)address % PAGE_BYTES);
	int node = -ENOTSUP;

	/* Without a list of nodes nothing is moved: each page's node, or errno, is answered. */
	if (move_pages(0, 1, &page, NULL, &node, 0) != 0)
		return -ENOTSUP;
	if (node >= 0 || node == -ENOENT)
		return node;
	return node == -EFAULT ? -EINVAL : -ENOTSUP;
}

bool
fp_numa_has_socket(int socket_id)
{
	for (unsigned int idx = 0; idx < rte_socket_count(); idx++) {
		if (rte_socket_id_by_idx(idx) == socket_id)
			return true;
	}
	return false;
}
