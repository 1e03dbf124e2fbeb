/* SPDX-License-Identifier: BSD-3-Clause */

/* For rte_pktmbuf_pool_create_extbuf(). */
#define ALLOW_EXPERIMENTAL_API

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_memzone.h>

#include <cmocka.h>

#include "kinds.h"

#define ELEMENT 512 /* bytes of pinned memory for one buffer */

int
kinds_open(struct kinds *kinds)
{
	struct fp_pool_params params = { "created", KINDS_BUFFERS, KINDS_DATA_ROOM, 0,
		SOCKET_ID_ANY };
	struct rte_pktmbuf_extmem memory;
	struct rte_mempool *mempool;
	int error;

	memset(kinds, 0, sizeof(*kinds));
	error = fp_pool_create(&params, &kinds->created);
	mempool = rte_pktmbuf_pool_create(
		"adopted", KINDS_BUFFERS, 0, 0, KINDS_DATA_ROOM, SOCKET_ID_ANY);
	if (error == 0)
		error = fp_pool_adopt(mempool, &kinds->adopted);
	kinds->zone = rte_memzone_reserve_aligned(
		"pinned", (size_t)KINDS_BUFFERS * ELEMENT, SOCKET_ID_ANY, 0, ELEMENT);
	if (error != 0 || kinds->zone == NULL)
		return error != 0 ? error : -rte_errno;
	memory.buf_ptr = kinds->zone->addr;
	memory.buf_iova = kinds->zone->iova;
	memory.buf_len = kinds->zone->len;
	memory.elt_size = ELEMENT;
	mempool = rte_pktmbuf_pool_create_extbuf(
		"pinned", KINDS_BUFFERS, 0, 0, KINDS_DATA_ROOM, SOCKET_ID_ANY, &memory, 1);
	return mempool == NULL ? -rte_errno : fp_pool_adopt(mempool, &kinds->pinned);
}

static bool
is_back(struct fp_pool *pool)
{
	bool is_clear = fp_pool_held(pool) == 0;

	(void)fp_pool_collect(pool);
	for (uint32_t i = 0; i < pool->places; i++)
		is_clear &= pool->slots[i].generation % 2 == 0 && pool->slots[i].shares == 0;
	return is_clear && rte_mempool_avail_count(pool->mempool) == pool->count;
}

bool
kinds_are_all_back(struct kinds *kinds)
{
	return is_back(kinds->created) && is_back(kinds->adopted) && is_back(kinds->pinned);
}

bool
kinds_close(struct kinds *kinds)
{
	bool are_back = kinds_are_all_back(kinds);
	struct rte_mempool *adopted = kinds->adopted->mempool;
	struct rte_mempool *pinned = kinds->pinned->mempool;

	fp_pool_destroy(kinds->created);
	fp_pool_destroy(kinds->adopted);
	fp_pool_destroy(kinds->pinned);
	rte_mempool_free(adopted);
	rte_mempool_free(pinned);
	(void)rte_memzone_free(kinds->zone);
	return are_back;
}

struct rte_mbuf *
kinds_receive(struct fp_pool *const *pools, uint32_t pool_count, uint16_t segments, uint16_t len)
{
	struct rte_mbuf *head = NULL;

	for (uint16_t i = 0; i < segments; i++) {
		struct rte_mbuf *mbuf = rte_pktmbuf_alloc(pools[i % pool_count]->mempool);
		struct fp_span room;

		assert_non_null(mbuf);
		room = fp_span_over(rte_pktmbuf_append(mbuf, len), len);
		/* As a NIC writes: not stopped by AddressSanitizer. */
		fp_unpoison(room.data, len);
		for (uint16_t j = 0; j < len; j++)
			room.data[j] = (uint8_t)(i * len + j);
		if (head == NULL) {
			head = mbuf;
		} else {
			assert_int_equal(rte_pktmbuf_chain(head, mbuf), 0);
		}
	}
	return head;
}

static void
note_freed(void *memory, void *opaque)
{
	struct kinds *kinds = opaque;

	(void)memory;
	kinds->freed++;
}

struct rte_mbuf *
kinds_attach(struct kinds *kinds, struct fp_pool *pool, uint8_t *memory, uint16_t len)
{
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(pool->mempool);
	uint16_t room = (uint16_t)(len + sizeof(struct rte_mbuf_ext_shared_info) + 16);
	struct rte_mbuf_ext_shared_info *shared;

	assert_non_null(mbuf);
	shared = rte_pktmbuf_ext_shinfo_init_helper(memory, &room, note_freed, kinds);
	assert_non_null(shared);
	rte_pktmbuf_attach_extbuf(mbuf, memory, RTE_BAD_IOVA, room, shared);
	assert_non_null(rte_pktmbuf_append(mbuf, len));
	for (uint16_t i = 0; i < len; i++)
		memory[i] = (uint8_t)i;
	return mbuf;
}

struct fp_lease
kinds_take(struct rte_mbuf *mbuf)
{
	struct fp_lease lease;

	fp_lease_take_burst(fp_pool_find(mbuf->pool), &mbuf, 1, 1, &lease);
	return lease;
}

void
kinds_elsewhere(void *(*call)(void *), void *arg)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, call, arg), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

void
kinds_assert_counts(const struct fp_pool *pool, uint64_t received, uint64_t rented,
	uint64_t returned, uint64_t handed_to_tx)
{
	struct fp_pool_counters total;

	fp_pool_count(pool, &total);
	assert_int_equal(total.received, received);
	assert_int_equal(total.rented, rented);
	assert_int_equal(total.returned, returned);
	assert_int_equal(total.handed_to_tx, handed_to_tx);
	assert_int_equal(fp_pool_held(pool), received + rented - returned - handed_to_tx);
}
