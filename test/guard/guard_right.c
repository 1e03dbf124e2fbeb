/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Cases that must pass on any ops.
 */

#include <stdlib.h>
#include <string.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_mbuf_pool_ops.h>

#include "guard_program.h"

#define TURNS     1000U
#define OBJ_BYTES 72U

/* Buffers are freed in this order; no count of a case has the factor. */
#define STEP 7U

static void
get_all(struct rte_mempool *pool, struct rte_mbuf **mbufs, uint32_t count, uint32_t turn)
{
	for (uint32_t i = 0; i < count; i++) {
		mbufs[i] = guard_get(pool);
		memset(mbufs[i]->buf_addr, (int)(i + turn), mbufs[i]->buf_len);
	}
	GUARD_MUST(rte_pktmbuf_alloc(pool) == NULL, "more buffers than there are");
	GUARD_MUST(rte_mempool_avail_count(pool) == 0, "an empty pool has buffers");
}

static void
free_all(struct rte_mempool *pool, struct rte_mbuf **mbufs, uint32_t count, uint32_t turn)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t chosen = (i * STEP + turn) % count;
		struct rte_mbuf *mbuf = mbufs[chosen];

		GUARD_MUST(*(guard_end_of(mbuf) - 1) == (uint8_t)(chosen + turn), "a byte");
		GUARD_MUST(mbuf->pool == pool && mbuf->nb_segs == 1, "an mbuf");
		rte_pktmbuf_free(mbuf);
	}
	GUARD_MUST(rte_mempool_avail_count(pool) == count, "a buffer is missing");
}

void
guard_use_all(struct rte_mempool *pool, uint32_t count)
{
	struct rte_mbuf **mbufs = calloc(count, sizeof(struct rte_mbuf *));

	GUARD_MUST(mbufs != NULL, "no memory");
	for (uint32_t turn = 0; turn < 4; turn++) {
		get_all(pool, mbufs, count, turn);
		free_all(pool, mbufs, count, turn);
	}
	free(mbufs);
}

int
guard_run_clean(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);

	guard_use_all(pool, BUFFERS);
	rte_mempool_free(pool);
	/* The same memory again, now somebody else's. */
	GUARD_MUST(rte_memzone_reserve("whole", (size_t)BUFFERS * 4096, SOCKET_ID_ANY, 0) != NULL,
		"no memory after the pool");
	return 0;
}

int
guard_run_sizes(const char *ops)
{
	static const uint32_t counts[] = { 1, 2, 64, BUFFERS };
	static const uint16_t rooms[] = { 1, 128, 1900, 1983, 1984, 1985, ROOM, 4096, 9000, 60000 };

	for (size_t i = 0; i < RTE_DIM(counts); i++) {
		for (size_t j = 0; j < RTE_DIM(rooms); j++) {
			struct rte_mempool *pool = guard_make("sizes", ops, counts[i], 0, rooms[j]);

			GUARD_MUST(pool != NULL, "no pool");
			guard_use_all(pool, counts[i]);
			rte_mempool_free(pool);
		}
	}
	return 0;
}

/* A cache changes nothing but where free buffers are. */
int
guard_run_cached(const char *ops)
{
	struct rte_mempool *pool = guard_make("pool", ops, BUFFERS, BURST, ROOM);
	struct rte_mbuf *mbufs[BURST];

	GUARD_MUST(pool != NULL, "no pool");
	GUARD_MUST(rte_pktmbuf_data_room_size(pool) == ROOM, "the private data have moved");
	for (uint32_t turn = 0; turn < TURNS; turn++) {
		uint32_t count = 1 + turn % BURST;

		GUARD_MUST(rte_pktmbuf_alloc_bulk(pool, mbufs, count) == 0, "no buffers");
		GUARD_MUST(mbufs[0]->buf_len == ROOM, "another length");
		rte_pktmbuf_free_bulk(mbufs, count);
	}
	guard_use_all(pool, BUFFERS);
	rte_mempool_free(pool);
	return 0;
}

/* Not used, used but not given back, and freed: none may stop the program. */
int
guard_run_ends(const char *ops)
{
	rte_mempool_free(guard_make_or_end("unused", ops));
	for (uint32_t left = 1; left <= BUFFERS; left += 127) {
		struct rte_mempool *pool = guard_make_or_end("left", ops);

		for (uint32_t i = 0; i < left; i++)
			(void)guard_get(pool);
		rte_mempool_free(pool);
	}
	return 0;
}

struct distance {
	uintptr_t before;
	uintptr_t first;
	uint32_t others;
};

static void
note_distance(struct rte_mempool *pool, void *arg, void *object, unsigned int idx)
{
	struct distance *distance = arg;

	(void)pool;
	if (idx == 1) {
		distance->first = (uintptr_t)object - distance->before;
	} else if (idx > 1 && (uintptr_t)object - distance->before != distance->first) {
		distance->others++;
	}
	distance->before = (uintptr_t)object;
}

/* Objects stand at equal distances, also in memory of the program's own that is not aligned. */
int
guard_run_linear(const char *ops)
{
	struct rte_mempool *pool = rte_mempool_create_empty("linear", BUFFERS,
		sizeof(struct rte_mbuf) + ROOM, 0, sizeof(struct rte_pktmbuf_pool_private),
		SOCKET_ID_ANY, RTE_MEMPOOL_F_NO_IOVA_CONTIG);
	struct distance distance = { 0 };
	const struct rte_mempool_ops *ops_of_pool;
	const struct rte_memzone *zone;
	size_t min_chunk;
	size_t align;
	ssize_t need;

	GUARD_MUST(pool != NULL && rte_mempool_set_ops_byname(pool, ops, NULL) == 0, "no pool");
	rte_pktmbuf_pool_init(pool, NULL);
	ops_of_pool = rte_mempool_get_ops(pool->ops_index);
	need = ops_of_pool->calc_mem_size != NULL
		? ops_of_pool->calc_mem_size(pool, BUFFERS, 0, &min_chunk, &align)
		: rte_mempool_op_calc_mem_size_default(pool, BUFFERS, 0, &min_chunk, &align);
	zone = rte_memzone_reserve_aligned("zone", (size_t)need + 64, SOCKET_ID_ANY, 0, 4096);
	GUARD_MUST(zone != NULL, "no memzone");
	GUARD_MUST(rte_mempool_populate_iova(pool, (char *)zone->addr + 64, zone->iova + 64,
			   (size_t)need, NULL, NULL) == (int)BUFFERS,
		"not populated");
	GUARD_MUST(
		rte_mempool_obj_iter(pool, rte_pktmbuf_init, NULL) == BUFFERS, "not initialised");
	(void)rte_mempool_obj_iter(pool, note_distance, &distance);
	GUARD_MUST(distance.first != 0 && distance.others == 0, "not linear");
	GUARD_MUST(rte_mempool_virt2iova(guard_get(pool)) != RTE_BAD_IOVA, "no IOVA");
	rte_mempool_free(pool);
	memset(zone->addr, 0, zone->len);
	return rte_memzone_free(zone);
}

int
guard_run_anonymous(const char *ops)
{
	struct rte_mempool *pool =
		rte_mempool_create_empty("anonymous", BUFFERS, sizeof(struct rte_mbuf) + ROOM, 0,
			sizeof(struct rte_pktmbuf_pool_private), SOCKET_ID_ANY, 0);

	GUARD_MUST(pool != NULL && rte_mempool_set_ops_byname(pool, ops, NULL) == 0, "no pool");
	rte_pktmbuf_pool_init(pool, NULL);
	GUARD_MUST(rte_mempool_populate_anon(pool) == (int)BUFFERS, "not populated");
	(void)rte_mempool_obj_iter(pool, rte_pktmbuf_init, NULL);
	guard_use_all(pool, BUFFERS);
	rte_mempool_free(pool);
	return 0;
}

/* Objects that are no mbufs keep what is in them while they are free. */
int
guard_run_generic(const char *ops)
{
	struct rte_mempool *pool =
		rte_mempool_create_empty("generic", BUFFERS, OBJ_BYTES, 0, 0, SOCKET_ID_ANY, 0);
	void *objects[BUFFERS];

	GUARD_MUST(pool != NULL && rte_mempool_set_ops_byname(pool, ops, NULL) == 0, "no pool");
	GUARD_MUST(rte_mempool_populate_default(pool) == (int)BUFFERS, "not populated");
	for (uint32_t turn = 0; turn < 2; turn++) {
		GUARD_MUST(rte_mempool_get_bulk(pool, objects, BUFFERS) == 0, "no objects");
		for (uint32_t i = 0; i < BUFFERS; i++) {
			const uint8_t *last = (uint8_t *)objects[i] + OBJ_BYTES - 1;

			GUARD_MUST(turn == 0 || *last == BYTE, "an object has lost its content");
			memset(objects[i], BYTE, OBJ_BYTES);
		}
		rte_mempool_put_bulk(pool, objects, BUFFERS);
	}
	rte_mempool_free(pool);
	return 0;
}

static int
take_turns(void *arg)
{
	struct rte_mempool *pool = arg;
	struct rte_mbuf *mbufs[BURST];

	for (uint32_t turn = 0; turn < TURNS; turn++) {
		uint32_t count = 1 + turn % BURST;

		if (rte_pktmbuf_alloc_bulk(pool, mbufs, count) != 0)
			continue;
		for (uint32_t i = 0; i < count; i++) {
			GUARD_MUST(mbufs[i]->data_len == 0, "a buffer of somebody else");
			mbufs[i]->data_len = BYTE;
			*rte_pktmbuf_mtod(mbufs[i], uint8_t *) = BYTE;
		}
		rte_pktmbuf_free_bulk(mbufs, count);
	}
	return 0;
}

/* All lcores at once, with fewer buffers than they want. */
int
guard_run_lcores(const char *ops)
{
	struct rte_mempool *pool = guard_make("lcores", ops, BURST + 4, 0, ROOM);

	GUARD_MUST(pool != NULL && rte_lcore_count() > 1, "no pool, or one lcore");
	GUARD_MUST(rte_eal_mp_remote_launch(take_turns, pool, CALL_MAIN) == 0, "not launched");
	rte_eal_mp_wait_lcore();
	GUARD_MUST(rte_mempool_avail_count(pool) == BURST + 4, "a buffer is missing");
	guard_use_all(pool, BURST + 4);
	rte_mempool_free(pool);
	return 0;
}
