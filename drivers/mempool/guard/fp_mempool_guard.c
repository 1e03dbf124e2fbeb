/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Two mempool ops, "guard" and "guard_poison", that catch the use of a buffer that is not held.
 *
 * What touches a free object, and when its pages may therefore be closed: populating links each new
 * object behind the header of the one before it; rte_mempool_obj_iter() with rte_pktmbuf_init()
 * writes all objects once they are in the mempool; rte_mempool_free() reads their headers and gives
 * back the memory, which clears it. In between nothing does: the queue here holds indexes only. So
 * the pages of free objects close at the first get, which is after the objects were initialised
 * ("armed"). All pages open again at the first get from a mempool that rte_mempool_lookup() no
 * longer knows: rte_mempool_free() takes it off the list of mempools, then gets an object before it
 * reads each header.
 *
 * A buffer that is free for longest is handed out first, so that a pointer that is used late finds
 * its buffer free for as long as possible.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_log.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "fp_mempool_guard.h"

/* Areas of memory that are left for the rest of the program, out of vm.max_map_count. */
#define OTHER_AREAS 1024U

/* Used when the kernel does not say what vm.max_map_count is. */
#define AREAS_DEFAULT 65530U

RTE_LOG_REGISTER(guard_logtype, mempool.guard, NOTICE)

#define GUARD_LOG(level, format, ...)                           \
	(void)rte_log(RTE_LOG_##level, (uint32_t)guard_logtype, \
		"guard: mempool \"%s\": " format "\n", __VA_ARGS__)

/* Buffers of all mempools on ops "guard". */
static _Atomic uint32_t guarded;

static uint32_t
page_bytes(void)
{
	return (uint32_t)sysconf(_SC_PAGESIZE);
}

/* Distance of an object from the page behind it: an object stays as aligned as DPDK makes it. */
static uint32_t
end_of(const struct rte_mempool *mp)
{
	return RTE_ALIGN_CEIL(mp->elt_size,
		(mp->flags & RTE_MEMPOOL_F_NO_CACHE_ALIGN) != 0 ? (uint32_t)sizeof(uint64_t)
								: (uint32_t)RTE_MEMPOOL_ALIGN);
}

static uint32_t
body_of(const struct rte_mempool *mp)
{
	return RTE_ALIGN_CEIL(mp->header_size + end_of(mp), page_bytes());
}

/* Whether elements are mbufs with a data room of their own; tells how they are divided. */
static bool
has_data_rooms(struct rte_mempool *mp, uint32_t *room_offset, uint32_t *used_len)
{
	const struct rte_pktmbuf_pool_private *private = rte_mempool_get_priv(mp);

	if (mp->private_data_size < sizeof(*private) || private->mbuf_data_room_size == 0)
		return false;
	*room_offset = (uint32_t)sizeof(struct rte_mbuf) + private->mbuf_priv_size;
	*used_len = *room_offset + private->mbuf_data_room_size;
	return RTE_ALIGN_CEIL(*used_len, (uint32_t)sizeof(uint64_t)) == mp->elt_size;
}

static uint32_t
max_areas(void)
{
	FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
	char line[32] = "";
	uint32_t areas;

	if (file == NULL)
		return AREAS_DEFAULT;
	areas = fgets(line, sizeof(line), file) != NULL ? (uint32_t)strtoul(line, NULL, 10) : 0;
	(void)fclose(file);
	return areas != 0 ? areas : AREAS_DEFAULT;
}

/* Book two areas per buffer, the body and the page behind it; false when there are not as many. */
static bool
takes_areas(const struct rte_mempool *mp)
{
	uint32_t areas = max_areas();
	uint32_t before = atomic_fetch_add(&guarded, mp->size);
	uint64_t need = 2 * ((uint64_t)before + mp->size) + OTHER_AREAS;

	if (need <= areas)
		return true;
	atomic_fetch_sub(&guarded, mp->size);
	GUARD_LOG(ERR,
		"%u buffers, with %u of other mempools, need %lu areas of memory, vm.max_map_count "
		"is %u: use fewer buffers, or sysctl -w vm.max_map_count=%lu, or the ops "
		"guard_poison",
		mp->name, mp->size, before, (unsigned long)need, areas, (unsigned long)need);
	return false;
}

/*
 * Caches that pass everything on: a put above the threshold goes to the ops, and a get that refills
 * to a size of 0 takes what was asked for. mp->cache_size stays, as the place of the mempool's
 * private data depends on it.
 */
static void
switch_caches_off(struct rte_mempool *mp)
{
	for (uint32_t lcore = 0; lcore < RTE_MAX_LCORE; lcore++) {
		mp->local_cache[lcore].size = 0;
		mp->local_cache[lcore].flushthresh = 0;
	}
}

static void
say_what_differs(struct rte_mempool *mp, const struct guard_pool *pool)
{
	if (mp->cache_size != 0) {
		GUARD_LOG(NOTICE,
			"its per-lcore caches of %u are switched off: a buffer in a cache is "
			"accessible",
			mp->name, mp->cache_size);
		switch_caches_off(mp);
	}
	if (!pool->is_guarding && pool->room_offset == pool->used_len) {
		GUARD_LOG(NOTICE,
			"its objects have no data room: what is written while they are free is not "
			"found",
			mp->name);
	}
}

static int
create(struct rte_mempool *mp, bool is_guarding)
{
	struct guard_pool *pool;

#ifdef RTE_LIBRTE_MEMPOOL_DEBUG
	GUARD_LOG(ERR, "DPDK with RTE_LIBRTE_MEMPOOL_DEBUG accesses free objects", mp->name);
	return -ENOTSUP;
#endif
	if (is_guarding && !takes_areas(mp))
		return -ENOMEM;
	pool = rte_zmalloc_socket("mempool_guard",
		sizeof(*pool) + mp->size * (sizeof(struct guard_slot) + sizeof(uint32_t)),
		RTE_CACHE_LINE_SIZE, mp->socket_id);
	if (pool == NULL) {
		if (is_guarding)
			atomic_fetch_sub(&guarded, mp->size);
		return -ENOMEM;
	}
	pool->mempool = mp;
	pool->queue = (uint32_t *)&pool->slots[mp->size];
	pool->is_guarding = is_guarding;
	if (is_guarding) {
		pool->body = body_of(mp);
		pool->end_len = end_of(mp);
	}
	if (!has_data_rooms(mp, &pool->room_offset, &pool->used_len)) {
		pool->used_len = mp->elt_size;
		pool->room_offset = mp->elt_size;
	}
	rte_spinlock_init(&pool->lock);
	say_what_differs(mp, pool);
	mp->pool_data = pool;
	guard_report_add(pool);
	return 0;
}

static int
create_guard(struct rte_mempool *mp)
{
	return create(mp, true);
}

static int
create_poison(struct rte_mempool *mp)
{
	return create(mp, false);
}

static void
destroy(struct rte_mempool *mp)
{
	struct guard_pool *pool = mp->pool_data;

	/* rte_mempool_free() calls this for a mempool that was never created, too. */
	if (pool == NULL)
		return;
	guard_report_remove(pool);
	if (pool->body != 0)
		atomic_fetch_sub(&guarded, mp->size);
	mp->pool_data = NULL;
	rte_free(pool);
}

/* Fill what no holder may write: the bytes that alignment leaves before the page. */
static void
fill_end(const struct guard_pool *pool, uint8_t *object)
{
	memset(object + pool->used_len, GUARD_PATTERN, pool->end_len - pool->used_len);
}

/* First of @p len bytes that is not the pattern, or @p len. */
static uint32_t
first_changed(const uint8_t *bytes, uint32_t len)
{
	uint32_t at = 0;

	/* Equal to itself one byte on means all the same as the first. */
	if (len == 0 || (bytes[0] == GUARD_PATTERN && memcmp(bytes, bytes + 1, len - 1) == 0))
		return len;
	while (bytes[at] == GUARD_PATTERN)
		at++;
	return at;
}

/* Make all of the mempool's memory as it was before, for good. */
static void
open_all(struct guard_pool *pool)
{
	const struct rte_mempool_memhdr *chunk;
	size_t page = page_bytes();

	pool->is_guarding = false;
	STAILQ_FOREACH(chunk, &pool->mempool->mem_list, next)
	{
		uint8_t *start = RTE_PTR_ALIGN_CEIL(chunk->addr, page);
		uint8_t *end = RTE_PTR_ALIGN_FLOOR(RTE_PTR_ADD(chunk->addr, chunk->len), page);

		if (start < end)
			(void)mprotect(start, (size_t)(end - start), PROT_READ | PROT_WRITE);
	}
}

static void
protect(const struct guard_pool *pool, const struct guard_slot *slot, int protection)
{
	if (mprotect(slot->object + pool->end_len - pool->body, pool->body, protection) != 0)
		guard_report_refused(pool, slot, errno);
}

/* Nobody holds the buffer: its next user stops. */
static void
close_slot(const struct guard_pool *pool, struct guard_slot *slot)
{
	if (pool->is_guarding) {
		protect(pool, slot, PROT_NONE);
	} else if (pool->body == 0) {
		memset(slot->object + pool->room_offset, GUARD_PATTERN,
			pool->used_len - pool->room_offset);
	}
}

/* Somebody is to hold the buffer. */
static void
open_slot(const struct guard_pool *pool, struct guard_slot *slot)
{
	uint32_t room_len = pool->used_len - pool->room_offset;
	uint32_t changed;

	if (pool->is_guarding) {
		protect(pool, slot, PROT_READ | PROT_WRITE);
	} else if (pool->body == 0) {
		changed = first_changed(slot->object + pool->room_offset, room_len);
		if (changed != room_len)
			guard_report_written(pool, slot, pool->room_offset + changed);
	}
}

static int
compare_slots(const void *a, const void *b)
{
	const struct guard_slot *first = a;
	const struct guard_slot *second = b;

	return (first->object > second->object) - (first->object < second->object);
}

/* Before the first object is handed out or taken; see the top of the file. Under the lock. */
static void
arm(struct guard_pool *pool, bool is_ending)
{
	bool is_whole = pool->mempool->populated_size == pool->mempool->size;

	if (pool->is_armed)
		return;
	qsort(pool->slots, pool->count, sizeof(pool->slots[0]), compare_slots);
	for (uint32_t idx = 0; idx < pool->count; idx++)
		pool->queue[idx] = idx;
	pool->queue_len = pool->count;
	pool->is_armed = true;
	if (!is_whole) {
		/* Creation failed, or goes on later: then headers of free objects are written. */
		GUARD_LOG(WARNING,
			"used or given up with %u of %u buffers: free ones stay accessible",
			pool->mempool->name, pool->mempool->populated_size, pool->mempool->size);
	}
	if (!is_whole || is_ending) {
		open_all(pool);
		return;
	}
	for (uint32_t idx = 0; idx < pool->count; idx++) {
		close_slot(pool, &pool->slots[idx]);
		atomic_store(&pool->slots[idx].state, GUARD_FREE);
	}
}

static void
note(struct guard_slot *slot, void *code)
{
	slot->code = code;
	slot->tsc = rte_rdtsc();
	slot->lcore = rte_lcore_id();
}

static void
put(struct guard_pool *pool, const void *object, void *code)
{
	struct guard_slot *slot = guard_slot_of(pool, object);
	uint32_t held = GUARD_HELD;
	uint32_t end_len = pool->body != 0 ? pool->end_len - pool->used_len : 0;
	uint32_t changed;
	uint32_t place;

	if (slot == NULL)
		guard_report_foreign(pool, object);
	if (!atomic_compare_exchange_strong(&slot->state, &held, GUARD_FREE))
		guard_report_twice(pool, slot);
	changed = first_changed(slot->object + pool->used_len, end_len);
	if (changed != end_len)
		guard_report_past_end(pool, slot, pool->used_len + changed);
	close_slot(pool, slot);
	note(slot, code);

	rte_spinlock_lock(&pool->lock);
	place = pool->queue_first + pool->queue_len;
	pool->queue[place < pool->count ? place : place - pool->count] =
		(uint32_t)(slot - pool->slots);
	pool->queue_len++;
	rte_spinlock_unlock(&pool->lock);
}

static int
enqueue(struct rte_mempool *mp, void *const *objects, unsigned int count)
{
	struct guard_pool *pool = mp->pool_data;
	void *code = __builtin_return_address(0);

	if (!pool->is_populating && !pool->is_armed) {
		rte_spinlock_lock(&pool->lock);
		arm(pool, false);
		rte_spinlock_unlock(&pool->lock);
	}
	for (unsigned int i = 0; i < count; i++) {
		if (pool->is_populating) {
			pool->slots[pool->count++].object = objects[i];
		} else {
			put(pool, objects[i], code);
		}
	}
	return 0;
}

/* Take @p count slots off the queue, all or none. */
static bool
takes_slots(struct guard_pool *pool, void **slots, unsigned int count)
{
	bool is_enough = pool->queue_len >= count;

	for (unsigned int i = 0; is_enough && i < count; i++) {
		slots[i] = &pool->slots[pool->queue[pool->queue_first]];
		pool->queue_first++;
		if (pool->queue_first == pool->count)
			pool->queue_first = 0;
		pool->queue_len--;
	}
	return is_enough;
}

static int
dequeue(struct rte_mempool *mp, void **objects, unsigned int count)
{
	struct guard_pool *pool = mp->pool_data;
	void *code = __builtin_return_address(0);
	bool is_looked_up = pool->is_guarding || !pool->is_armed;
	bool is_ending = is_looked_up && rte_mempool_lookup(mp->name) != mp;
	bool is_enough;

	rte_spinlock_lock(&pool->lock);
	if (pool->is_armed && is_ending)
		open_all(pool);
	arm(pool, is_ending);
	is_enough = takes_slots(pool, objects, count);
	rte_spinlock_unlock(&pool->lock);
	if (!is_enough)
		return -ENOBUFS;

	for (unsigned int i = 0; i < count; i++) {
		struct guard_slot *slot = objects[i];

		if (atomic_load(&slot->state) == GUARD_FREE)
			open_slot(pool, slot);
		note(slot, code);
		atomic_store(&slot->state, GUARD_HELD);
		objects[i] = slot->object;
	}
	return 0;
}

static unsigned int
get_count(const struct rte_mempool *mp)
{
	const struct guard_pool *pool = mp->pool_data;

	return pool->is_armed ? pool->queue_len : pool->count;
}

static ssize_t
calc_mem_size(const struct rte_mempool *mp, uint32_t count, uint32_t page_shift, size_t *min_chunk,
	size_t *align)
{
	size_t page = page_bytes();
	size_t stride = body_of(mp) + page;

	(void)page_shift;
	*min_chunk = stride;
	*align = page;
	/* One more, for callers that do not align. */
	return (ssize_t)(count * stride + page);
}

/* Make the page behind each of @p count bodies inaccessible; none of them when one fails. */
static bool
protects_ends(struct guard_pool *pool, uint8_t *start, unsigned int count)
{
	size_t page = page_bytes();
	size_t stride = pool->body + page;
	int error;

	for (unsigned int i = 0; i < count; i++) {
		if (mprotect(start + i * stride + pool->body, page, PROT_NONE) == 0)
			continue;
		error = errno;
		(void)mprotect(start, i * stride, PROT_READ | PROT_WRITE);
		if (!pool->is_refused) {
			GUARD_LOG(ERR,
				"its memory cannot be protected by pages of %zu bytes (%s)%s",
				pool->mempool->name, page, rte_strerror(error),
				error == EINVAL ? ": it is in hugepages; start with --no-huge, or "
						  "use the ops guard_poison"
						: "");
		}
		pool->is_refused = true;
		return false;
	}
	return true;
}

/* The mempool cannot grow once buffers were got: slots have their order and headers are closed. */
static bool
is_late(const struct guard_pool *pool)
{
	if (!pool->is_armed)
		return false;
	GUARD_LOG(ERR, "populate it whole before its first use", pool->mempool->name);
	return true;
}

/* DPDK's populate has seven parameters. NOLINTBEGIN(readability-function-size) */
static int
populate_guard(struct rte_mempool *mp, unsigned int max_objects, void *memory, rte_iova_t iova,
	size_t len, rte_mempool_populate_obj_cb_t *add, void *arg)
{
	struct guard_pool *pool = mp->pool_data;
	size_t page = page_bytes();
	uint8_t *start = RTE_PTR_ALIGN_CEIL(memory, page);
	size_t lost = (size_t)(start - (uint8_t *)memory);
	size_t stride = pool->body + page;
	unsigned int count =
		len > lost ? (unsigned int)RTE_MIN((len - lost) / stride, max_objects) : 0;

	/* 0 objects rather than an error: the memory goes back to who gave it, exactly once. */
	if (is_late(pool) || !protects_ends(pool, start, count))
		return 0;
	pool->is_populating = true;
	for (unsigned int i = 0; i < count; i++) {
		uint8_t *object = start + i * stride + pool->body - pool->end_len;
		void *objects[] = { object };

		fill_end(pool, object);
		add(mp, arg, object,
			iova == RTE_BAD_IOVA ? RTE_BAD_IOVA
					     : iova + (size_t)(object - (uint8_t *)memory));
		(void)enqueue(mp, objects, 1);
	}
	pool->is_populating = false;
	return (int)count;
}

static int
populate_poison(struct rte_mempool *mp, unsigned int max_objects, void *memory, rte_iova_t iova,
	size_t len, rte_mempool_populate_obj_cb_t *add, void *arg)
{
	struct guard_pool *pool = mp->pool_data;
	int count;

	if (is_late(pool))
		return 0;
	pool->is_populating = true;
	count = rte_mempool_op_populate_default(mp, max_objects, memory, iova, len, add, arg);
	pool->is_populating = false;
	return count;
}
/* NOLINTEND(readability-function-size) */

static const struct rte_mempool_ops ops_guard = {
	.name = "guard",
	.alloc = create_guard,
	.free = destroy,
	.enqueue = enqueue,
	.dequeue = dequeue,
	.get_count = get_count,
	.calc_mem_size = calc_mem_size,
	.populate = populate_guard,
};

static const struct rte_mempool_ops ops_guard_poison = {
	.name = "guard_poison",
	.alloc = create_poison,
	.free = destroy,
	.enqueue = enqueue,
	.dequeue = dequeue,
	.get_count = get_count,
	.populate = populate_poison,
};

RTE_MEMPOOL_REGISTER_OPS(ops_guard);
RTE_MEMPOOL_REGISTER_OPS(ops_guard_poison);
