/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * DPDK's mempool and ring drivers are shared objects that ThreadSanitizer does not look into, and
 * rings of several producers meet in ways that it does not know: it would report every buffer that
 * goes from one lcore to the other through them. Here is a mempool under a lock, and a port whose
 * ring is compiled with the test.
 */

#include <pthread.h>
#include <stdlib.h>

#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf_pool_ops.h>
#include <rte_mempool.h>
#include <rte_ring.h>

#include "visible_rings.h"

uint16_t
visible_references(const struct rte_mbuf *mbuf)
{
	return __atomic_load_n(&mbuf->refcnt, __ATOMIC_ACQUIRE);
}

/* Free objects, the last one that was put on top. */
struct stack {
	pthread_mutex_t lock;
	unsigned int count;
	void *objects[];
};

static int
create_stack(struct rte_mempool *mempool)
{
	struct stack *stack = calloc(1, sizeof(*stack) + mempool->size * sizeof(void *));

	mempool->pool_data = stack;
	return stack == NULL ? -ENOMEM : pthread_mutex_init(&stack->lock, NULL);
}

static void
free_stack(struct rte_mempool *mempool)
{
	free(mempool->pool_data);
}

static int
put(struct rte_mempool *mempool, void *const *objects, unsigned int count)
{
	struct stack *stack = mempool->pool_data;

	(void)pthread_mutex_lock(&stack->lock);
	for (unsigned int i = 0; i < count; i++) {
		/*
		 * Who is the last to free an mbuf reads a count of 1, relaxed, and so does not meet
		 * the one before, who subtracted: the processor orders the two, C11 and
		 * ThreadSanitizer do not.
		 */
		(void)visible_references(objects[i]);
		stack->objects[stack->count++] = objects[i];
	}
	(void)pthread_mutex_unlock(&stack->lock);
	return 0;
}

static int
get(struct rte_mempool *mempool, void **objects, unsigned int count)
{
	struct stack *stack = mempool->pool_data;
	int error = -ENOBUFS;

	(void)pthread_mutex_lock(&stack->lock);
	if (count <= stack->count) {
		for (unsigned int i = 0; i < count; i++)
			objects[i] = stack->objects[--stack->count];
		error = 0;
	}
	(void)pthread_mutex_unlock(&stack->lock);
	return error;
}

static unsigned int
count_free(const struct rte_mempool *mempool)
{
	const struct stack *stack = mempool->pool_data;

	return stack->count;
}

static const struct rte_mempool_ops visible_ops = {
	.name = "visible",
	.alloc = create_stack,
	.free = free_stack,
	.enqueue = put,
	.dequeue = get,
	.get_count = count_free,
};

RTE_MEMPOOL_REGISTER_OPS(visible_ops)

static uint16_t
transmit(void *ring, struct rte_mbuf **mbufs, uint16_t count)
{
	return (uint16_t)rte_ring_sp_enqueue_burst(ring, (void **)mbufs, count, NULL);
}

int
visible_mempools(void)
{
	return rte_mbuf_set_user_mempool_ops("visible");
}

int
visible_ring_of_returns(struct fp_pool *pool)
{
	return rte_ring_init(
		pool->returns, "returns", rte_ring_get_size(pool->returns), RING_F_SP_ENQ);
}

void
visible_rings_in_port(uint16_t port_id, struct rte_ring *ring)
{
	/* What the inline rte_eth_tx_burst() calls, until the port is stopped. */
	rte_eth_fp_ops[port_id].tx_pkt_burst = transmit;
	rte_eth_fp_ops[port_id].txq.data[0] = ring;
}
