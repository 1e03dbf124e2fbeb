/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Cases that use a buffer wrongly and go on. The access is volatile, so that it is made.
 */

#include "guard_program.h"

#define ROOM_ODD 2001U
#define STALE_AT 300U
#define PATTERN  0xdeU

int
guard_run_read_past(const char *ops)
{
	volatile uint8_t *end = guard_end_of(guard_get(guard_make_or_end("pool", ops)));
	uint8_t sum = *(end - 1);

	sum = (uint8_t)(sum + *guard_expect(end));
	return sum == 1 ? 4 : 0;
}

int
guard_run_write_past(const char *ops)
{
	volatile uint8_t *end = guard_end_of(guard_get(guard_make_or_end("pool", ops)));

	*(end - 1) = BYTE;
	*guard_expect(end) = BYTE;
	return 0;
}

int
guard_run_read_past_page(const char *ops)
{
	volatile uint8_t *end =
		guard_expect(guard_end_of(guard_get(guard_make_or_end("pool", ops))));

	return *(end + 64) == 1 ? 4 : 0;
}

/* The last buffer in memory is against a page, too. */
int
guard_run_read_past_last(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);
	struct rte_mbuf *last = NULL;

	for (uint32_t i = 0; i < BUFFERS; i++) {
		struct rte_mbuf *mbuf = guard_get(pool);

		if ((uintptr_t)mbuf > (uintptr_t)last)
			last = mbuf;
	}
	return *guard_expect(guard_end_of(last)) == 1 ? 4 : 0;
}

/* A pointer into a buffer that was freed. */
static volatile uint8_t *
stale_pointer(const char *ops, uint32_t cache)
{
	struct rte_mempool *pool = guard_make("pool", ops, BUFFERS, cache, ROOM);
	volatile uint8_t *stale;
	struct rte_mbuf *mbuf;

	GUARD_MUST(pool != NULL, "no pool");
	mbuf = guard_get(pool);
	stale = (volatile uint8_t *)mbuf->buf_addr + STALE_AT;
	*stale = BYTE;
	rte_pktmbuf_free(mbuf);
	return guard_expect(stale);
}

int
guard_run_read_free(const char *ops)
{
	return *stale_pointer(ops, 0) == 1 ? 4 : 0;
}

int
guard_run_write_free(const char *ops)
{
	*stale_pointer(ops, 0) = BYTE;
	return 0;
}

int
guard_run_read_free_cached(const char *ops)
{
	return *stale_pointer(ops, BURST) == 1 ? 4 : 0;
}

int
guard_run_read_never_held(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);
	volatile uint8_t *end = guard_end_of(guard_get(pool));
	uintptr_t stride = 8192;

	/* The same byte of the buffer behind it, which nobody got yet. */
	return *guard_expect(end - 1 + stride) == 1 ? 4 : 0;
}

static void
note_object(struct rte_mempool *pool, void *arg, void *object, unsigned int idx)
{
	(void)pool;
	(void)idx;
	*(void **)arg = object;
}

int
guard_run_walk_free(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);
	void *object = NULL;

	rte_pktmbuf_free(guard_get(pool));
	(void)rte_mempool_obj_iter(pool, note_object, &object);
	return 0;
}

/* What a held buffer has behind its end when its size is no multiple of a cache line. */
int
guard_run_write_past_odd(const char *ops)
{
	struct rte_mempool *pool = guard_make("pool", ops, BUFFERS, 0, ROOM_ODD);
	struct rte_mbuf *mbuf;

	GUARD_MUST(pool != NULL, "no pool");
	mbuf = guard_get(pool);
	*(guard_end_of(mbuf) + 2) = BYTE;
	rte_pktmbuf_free(mbuf);
	return 0;
}

int
guard_run_free_twice(const char *ops)
{
	struct rte_mbuf *mbuf = guard_get(guard_make_or_end("pool", ops));

	rte_pktmbuf_free(mbuf);
	(void)guard_expect((volatile uint8_t *)mbuf);
	rte_pktmbuf_free(mbuf);
	return 0;
}

int
guard_run_put_twice(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);
	struct rte_mbuf *mbuf = guard_get(pool);

	rte_mempool_put(pool, mbuf);
	rte_mempool_put(pool, mbuf);
	return 0;
}

int
guard_run_put_twice_at_once(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);
	struct rte_mbuf *mbuf = guard_get(pool);
	void *both[] = { mbuf, mbuf };

	rte_mempool_put_bulk(pool, both, 2);
	return 0;
}

int
guard_run_put_unheld(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);
	void *object = NULL;

	(void)rte_mempool_obj_iter(pool, note_object, &object);
	rte_mempool_put(pool, object);
	return 0;
}

int
guard_run_put_foreign(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);
	struct rte_mempool *other = guard_make_or_end("other", ops);

	(void)guard_get(pool);
	rte_mempool_put(pool, guard_get(other));
	return 0;
}

int
guard_run_put_inside(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);

	rte_mempool_put(pool, (uint8_t *)guard_get(pool)->buf_addr + 5);
	return 0;
}

int
guard_run_put_stack(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);
	struct rte_mbuf mbuf;

	(void)guard_get(pool);
	rte_mempool_put(pool, &mbuf);
	return 0;
}

static void
write_stale(struct rte_mempool *pool, uint32_t at)
{
	struct rte_mbuf *mbuf = guard_get(pool);
	uint8_t *stale = mbuf->buf_addr;

	rte_pktmbuf_free(mbuf);
	stale[at] = BYTE;
	stale[at + 1] = BYTE;
}

int
guard_run_stale_found(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);

	write_stale(pool, STALE_AT);
	for (uint32_t i = 0; i < BUFFERS; i++)
		(void)guard_get(pool);
	return 0;
}

int
guard_run_stale_first_byte(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);

	write_stale(pool, 0);
	for (uint32_t i = 0; i < BUFFERS; i++)
		(void)guard_get(pool);
	return 0;
}

int
guard_run_stale_last_byte(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);

	write_stale(pool, ROOM - 2);
	for (uint32_t i = 0; i < BUFFERS; i++)
		(void)guard_get(pool);
	return 0;
}

int
guard_run_stale_at_end(const char *ops)
{
	struct rte_mempool *pool = guard_make_or_end("pool", ops);

	write_stale(pool, STALE_AT);
	rte_mempool_free(pool);
	return 0;
}

/* What a free buffer reads as. */
int
guard_run_pattern(const char *ops)
{
	return *stale_pointer(ops, 0) == PATTERN ? 0 : 4;
}
