/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Who ends a shared buffer. All leases of a buffer hold one mbuf reference together, and
 * slot->shares counts the leases beyond the first. Who finds shares at 0 is alone: nobody else can
 * share or release, so it ends the buffer without an atomic operation. Otherwise each releaser
 * subtracts one; exactly one of them finds 0 there, and that one ends the buffer: it moves the
 * generation on and then frees the common reference. Other references of the mbuf (of drivers, of
 * clones) keep its memory, not its slot. So a generation never changes while a lease is out, and
 * has changed before the pool can grant the buffer again.
 *
 * A thread without lcore ends a buffer just so, but does not free it: see fp_pool.h.
 */

#include <rte_cycles.h>

#include "fp_lease.h"
#include "fp_panic.h"
#include "fpi_lease.h"

/** Buffers that are freed to the mempool in one go. */
#define FREE_BURST 64

void
fpi_lease_stale(const struct fp_lease *lease, const char *operation)
{
	const struct fp_pool *pool;
	uint32_t idx;

	if (lease->mbuf == NULL) {
		fp_panic("%s: the lease is empty: it was released, transmitted or moved before",
			operation);
	}
	pool = fpi_pool_of(lease->mbuf);
	idx = fpi_pool_index(pool, lease->mbuf);
	fp_panic_open("%s: the lease of buffer %u of pool \"%s\" is over: it was granted as "
		      "generation %u, the buffer is at %u (last operation: %s, by lcore %u); each "
		      "lease is released or transmitted once, by whoever holds it",
		operation, idx, pool->name, lease->generation, pool->slots[idx].generation,
		fp_slot_op_name(pool->slots[idx].op), pool->slots[idx].lcore);
	fpi_pool_explain(pool, idx);
	fp_panic_close();
}

void
fpi_lease_taken(const struct rte_mbuf *mbuf)
{
	const struct fp_pool *pool = fpi_pool_of(mbuf);
	uint32_t idx = fpi_pool_index(pool, mbuf);

	fp_panic_open(
		"buffer %u of pool \"%s\" was granted while a lease holds it (last operation: "
		"%s, by lcore %u): somebody freed the mbuf behind the lease's back",
		idx, pool->name, fp_slot_op_name(pool->slots[idx].op), pool->slots[idx].lcore);
	fpi_pool_explain(pool, idx);
	fp_panic_close();
}

void
fpi_lease_foreign(const struct fp_pool *pool, const struct rte_mbuf *mbuf)
{
	fp_panic("mbuf %p of mempool \"%s\" was received for pool \"%s\": take a port's mbufs into "
		 "the pool whose mempool its queues were set up with",
		(const void *)mbuf, mbuf->pool->name, pool->name);
}

void
fpi_lease_unpoison(const struct rte_mbuf *mbuf)
{
	for (; mbuf != NULL; mbuf = mbuf->next)
		fp_unpoison(rte_pktmbuf_mtod(mbuf, const void *), mbuf->data_len);
}

int
fpi_lease_share_more(struct fp_slot *slot)
{
	uint16_t shares = fp_load_relaxed_u16(&slot->shares);

	/* Never above the ceiling, not even for a moment: fpi_slot_leave() goes by the sign. */
	do {
		if (FP_UNLIKELY(shares >= FP_LEASE_SHARES_MAX))
			return -EOVERFLOW;
	} while (!fp_replace_shared_u16(&slot->shares, &shares, (uint16_t)(shares + 1)));
	return 0;
}

/* Grant an mbuf that was just allocated; its data is [0, len). */
static void
grant_rented(struct fp_pool *pool, struct rte_mbuf *mbuf, uint16_t len, enum fp_slot_op op,
	struct fp_lease *lease, uint64_t tsc)
{
	uint32_t lcore = fpi_pool_lcore();

	lease->mbuf = mbuf;
	lease->len = len;
#if FP_LIFETIME >= FP_LIFETIME_REF
	lease->generation = fpi_slot_grant(pool, mbuf, op, lcore, tsc);
#else
	(void)op;
	(void)tsc;
#endif
	fpi_pool_add(&pool->counters[lcore].rented, 1, lcore);
}

/* An mbuf, if need be one that a thread without lcore gave back. */
static struct rte_mbuf *
allocate(struct fp_pool *pool)
{
	struct rte_mbuf *mbuf = rte_mbuf_raw_alloc(pool->mempool);

	if (FP_UNLIKELY(mbuf == NULL) && fp_pool_collect(pool) != 0)
		mbuf = rte_mbuf_raw_alloc(pool->mempool);
	if (FP_UNLIKELY(mbuf == NULL))
		return NULL;
	/*
	 * The mempool orders what the tenant before did, but in code that a checker of threads does
	 * not see. The slot, which is written next, shows it.
	 */
	(void)fpi_slot_read(fpi_pool_slot(pool, mbuf));
	rte_pktmbuf_reset(mbuf);
	return mbuf;
}

/* The pool has no mbuf. */
static int
refuse(struct fp_pool *pool)
{
	uint32_t lcore = fpi_pool_lcore();

	fpi_pool_add(&pool->counters[lcore].refused, 1, lcore);
	return -ENOBUFS;
}

int
fp_lease_rent(struct fp_pool *pool, uint16_t len, uint64_t tsc, struct fp_lease *lease)
{
	struct rte_mbuf *mbuf;

	*lease = fp_lease_none();
	if (len > pool->room)
		return -ERANGE;
	mbuf = allocate(pool);
	if (FP_UNLIKELY(mbuf == NULL))
		return refuse(pool);
	mbuf->data_len = len;
	mbuf->pkt_len = len;
	fp_unpoison(rte_pktmbuf_mtod(mbuf, const void *), len);
	grant_rented(pool, mbuf, len, FP_SLOT_RENTED, lease, tsc);
	return 0;
}

/* The count of references to a segment's memory, which a clone of it adds to. */
static uint16_t *
memory_references(struct rte_mbuf *mbuf)
{
	if (RTE_MBUF_HAS_EXTBUF(mbuf))
		return &mbuf->shinfo->refcnt;
	return RTE_MBUF_CLONED(mbuf) ? &rte_mbuf_from_indirect(mbuf)->refcnt : &mbuf->refcnt;
}

/* True when the references of some segment come near the end of their 16 bits. */
static bool
is_at_ceiling(struct rte_mbuf *mbuf)
{
	for (; mbuf != NULL; mbuf = mbuf->next) {
		if (fp_load_relaxed_u16(memory_references(mbuf)) > FP_LEASE_SHARES_MAX)
			return true;
	}
	return false;
}

/*
 * Clone a chain. DPDK changes a count of 1 without an atomic operation, for who is alone; holders
 * of several leases are not, and the count of their buffer may be 1. So it is raised meanwhile.
 */
static struct rte_mbuf *
clone_chain(struct rte_mbuf *mbuf, struct rte_mempool *mempool)
{
	struct rte_mbuf *segment;
	struct rte_mbuf *clone;

	if (fpi_slot_is_alone(fpi_slot_read(fpi_pool_slot_of(mbuf))))
		return rte_pktmbuf_clone(mbuf, mempool);
	for (segment = mbuf; segment != NULL; segment = segment->next)
		(void)fp_increment_shared_u16(memory_references(segment));
	clone = rte_pktmbuf_clone(mbuf, mempool);
	for (segment = mbuf; segment != NULL; segment = segment->next)
		(void)fp_decrement_shared_u16(memory_references(segment));
	return clone;
}

/* True when the pool's mbufs have external buffers that they keep. */
static bool
is_pinned(const struct fp_pool *pool)
{
	return (rte_pktmbuf_priv_flags(pool->mempool) & RTE_PKTMBUF_POOL_F_PINNED_EXT_BUF) != 0;
}

int
fp_lease_clone(
	const struct fp_lease *lease, struct fp_pool *pool, uint64_t tsc, struct fp_lease *out)
{
	struct rte_mbuf *clone;

	*out = fp_lease_none();
	fpi_lease_check(lease, "clone");
	if (FP_UNLIKELY(is_pinned(pool))) {
		fp_panic("clone: the mbufs of pool %s are pinned to memory of their own and cannot "
			 "see another's: clone into a pool of plain mbufs",
			pool->name);
	}
	if (is_at_ceiling(lease->mbuf))
		return -EOVERFLOW;
	clone = clone_chain(lease->mbuf, pool->mempool);
	if (FP_UNLIKELY(clone == NULL) && fp_pool_collect(pool) != 0)
		clone = clone_chain(lease->mbuf, pool->mempool);
	if (FP_UNLIKELY(clone == NULL))
		return refuse(pool);
	grant_rented(pool, clone, lease->len, FP_SLOT_CLONED, out, tsc);
	out->off = lease->off;
	return 0;
}

int
fp_lease_split(struct fp_lease *lease, uint16_t at, struct fp_lease *out)
{
	int error;

	*out = fp_lease_none();
	fpi_lease_check(lease, "split");
	if (at > lease->len)
		return -ERANGE;
	error = fp_lease_share(lease, out);
	if (error != 0)
		return error;
	out->off = (uint16_t)(out->off + at);
	out->len = (uint16_t)(out->len - at);
	lease->len = at;
	return 0;
}

int
fp_lease_slice(struct fp_lease *lease, uint16_t off, uint16_t len)
{
	fpi_lease_check(lease, "slice");
	if (off > lease->len || len > lease->len - off)
		return -ERANGE;
	lease->off = (uint16_t)(lease->off + off);
	lease->len = len;
	fpi_lease_note(lease, FP_SLOT_SLICED);
	return 0;
}

/* Write who has buffers, and since when; of several holders, the last to say so is it. */
static void
note_holder(const struct fp_lease *leases, uint16_t count, enum fp_slot_op op,
	const char *operation, uint64_t tsc)
{
	const uint8_t lcore = fpi_slot_lcore(fpi_pool_lcore());

	for (uint16_t i = 0; FP_LIFETIME >= FP_LIFETIME_REF && i < count; i++) {
		struct fp_slot *slot;

		fpi_lease_check(&leases[i], operation);
		slot = fpi_lease_slot(&leases[i]);
		fp_store_relaxed_u64(&slot->tsc, tsc);
		fp_store_relaxed_u8(&slot->lcore, lcore);
		fp_store_relaxed_u8(&slot->op, (uint8_t)op);
		fpi_lease_note(&leases[i], op);
	}
}

void
fp_lease_hand_over(const struct fp_lease *leases, uint16_t count, uint64_t tsc)
{
	note_holder(leases, count, FP_SLOT_HANDED_OVER, "hand over", tsc);
}

void
fp_lease_take_over(const struct fp_lease *leases, uint16_t count, uint64_t tsc)
{
	note_holder(leases, count, FP_SLOT_TAKEN_OVER, "take over", tsc);
}

void
fpi_lease_poison(struct rte_mbuf *mbuf)
{
	for (; mbuf != NULL; mbuf = mbuf->next) {
		/* A clone may be the last to see the memory: the leases of its owner are over. */
		const struct rte_mbuf *owner =
			RTE_MBUF_CLONED(mbuf) ? rte_mbuf_from_indirect(mbuf) : mbuf;
		const struct fp_pool *pool = fp_pool_find(owner->pool);

		/* A driver may have a reference of the mbuf, be it owner or clone. */
		if (RTE_MBUF_DIRECT(owner) && rte_mbuf_refcnt_read(owner) == 1 &&
			rte_mbuf_refcnt_read(mbuf) == 1 && pool != NULL && !pool->is_adopted)
			fp_poison(owner->buf_addr, owner->buf_len);
	}
}

/* Give up a reference of a segment; who was the last sends it to its pool's ring. */
static void
send_segment_back(struct rte_mbuf *mbuf)
{
	struct fp_pool *pool = fp_pool_find(mbuf->pool);

	mbuf = rte_pktmbuf_prefree_seg(mbuf);
	if (mbuf == NULL)
		return;
	if (pool == NULL) {
		rte_mbuf_raw_free(mbuf);
	} else if (rte_ring_enqueue(pool->returns, mbuf) != 0) {
		fp_panic("pool %s: more buffers come back than it has", pool->name);
	}
}

/*
 * Free a buffer on a thread without lcore: what reaches the end of its references goes to its
 * pool's ring, from where an lcore puts it into the mempool. The ring has room for all of a pool.
 */
static void
send_back(struct rte_mbuf *mbuf)
{
	while (mbuf != NULL) {
		/* fpcheck: allow R-04-01 because the ring takes one segment, cut off before */
		struct rte_mbuf *next = mbuf->next;
		struct rte_mbuf *owner = NULL;

		/* The last clone would free the owner of its memory as well, to the mempool. */
		if (RTE_MBUF_CLONED(mbuf)) {
			owner = rte_mbuf_from_indirect(mbuf);
			(void)fp_increment_shared_u16(&owner->refcnt);
		}
		send_segment_back(mbuf);
		if (owner != NULL)
			send_segment_back(owner);
		mbuf = next;
	}
}

static inline void
free_buffer(struct rte_mbuf *mbuf, uint32_t lcore)
{
	if (FP_LIKELY(lcore != RTE_MAX_LCORE)) {
		rte_pktmbuf_free(mbuf);
	} else {
		send_back(mbuf);
	}
}

void
fpi_lease_end(struct fp_lease *lease)
{
	struct rte_mbuf *mbuf = lease->mbuf;
	struct fp_pool *pool = fpi_pool_of(mbuf);
	uint32_t lcore = fpi_pool_lcore();

	lease->mbuf = NULL;
	fpi_slot_close(pool, fpi_pool_slot(pool, mbuf), FP_SLOT_RETURNED, lcore, rte_rdtsc());
	fpi_pool_add(&pool->counters[lcore].returned, 1, lcore);
	if (FP_HAS_ASAN)
		fpi_lease_poison(mbuf);
	free_buffer(mbuf, lcore);
}

/* Give to its pool what was gathered: buffers, and how many leases were the last of theirs. */
static void
flush(struct fp_pool *pool, struct rte_mbuf *const *mbufs, uint32_t count, uint32_t ended)
{
	uint32_t lcore = fpi_pool_lcore();

	if (count != 0)
		rte_mempool_put_bulk(pool->mempool, (void *const *)mbufs, count);
	if (ended != 0)
		fpi_pool_add(&pool->counters[lcore].returned, ended, lcore);
}

/*
 * True for a buffer of one segment that nobody else has: just what a mempool wants to have. It is
 * put back without what rte_pktmbuf_free_bulk() finds out anew (6 cycles less per buffer, burst
 * 32).
 */
static inline bool
is_plain(const struct rte_mbuf *mbuf)
{
	return mbuf->nb_segs == 1 && mbuf->next == NULL && RTE_MBUF_DIRECT(mbuf) &&
		rte_mbuf_refcnt_read(mbuf) == 1;
}

/* End one lease; true when it was the last of its buffer, which is then to be freed. */
static inline bool
end_one(const struct fp_lease *lease, struct fp_pool *pool, uint32_t lcore, uint64_t tsc)
{
	struct fp_slot *slot = fpi_pool_slot(pool, lease->mbuf);
	struct fp_slot seen = fpi_slot_read(slot);

#if FP_LIFETIME >= FP_LIFETIME_REF
	if (FP_UNLIKELY(seen.generation != lease->generation))
		fpi_lease_stale(lease, "release");
#endif
	if (FP_UNLIKELY(!fpi_slot_is_alone(seen))) {
		fpi_lease_note(lease, FP_SLOT_RELEASED);
		if (fpi_slot_leave(slot))
			return false;
	}
	fpi_slot_close(pool, slot, FP_SLOT_RETURNED, lcore, tsc);
	return true;
}

void
fp_lease_release_burst(struct fp_lease *leases, uint16_t count, uint64_t tsc)
{
	const uint32_t lcore = fpi_pool_lcore();
	struct rte_mbuf *gathered[FREE_BURST];
	struct rte_mempool *mempool = NULL;
	struct fp_pool *pool = NULL;
	uint32_t gathered_count = 0;
	uint32_t ended = 0;

	for (uint16_t i = 0; i < count; i++) {
		struct rte_mbuf *mbuf = leases[i].mbuf;
		bool is_last;

		if (mbuf == NULL)
			continue;
		if (FP_UNLIKELY(pool == NULL || mbuf->pool != mempool ||
			    gathered_count == FREE_BURST)) {
			flush(pool, gathered, gathered_count, ended);
			gathered_count = 0;
			ended = 0;
			pool = fpi_pool_of(mbuf);
			mempool = mbuf->pool;
		}
		is_last = end_one(&leases[i], pool, lcore, tsc);
		leases[i].mbuf = NULL;
		if (!is_last)
			continue;
		ended++;
		if (FP_HAS_ASAN)
			fpi_lease_poison(mbuf);
		if (FP_LIKELY(is_plain(mbuf) && lcore != RTE_MAX_LCORE)) {
			gathered[gathered_count++] = mbuf;
		} else {
			free_buffer(mbuf, lcore);
		}
	}
	flush(pool, gathered, gathered_count, ended);
}
