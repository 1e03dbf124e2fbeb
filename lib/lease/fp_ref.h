/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * References: what may be stored about the bytes of a buffer, 16 bytes, owning nothing.
 *
 *   id = pool (8 bits) | place (24 bits),   generation,   offset,   length
 *
 * A reference names one tenancy of one buffer: it is made from a lease, and it is stale from the
 * moment on when the buffer's last lease ends. It keeps nothing alive.
 *
 * What is promised, with any number of lcores that release and rent meanwhile:
 *
 * - fp_ref_resolve() never gives a view of a later tenant: 0 means that the tenancy lasted at some
 *   moment during the call, and that the view is of its bytes.
 * - Who holds a lease of the tenancy from before the call on has a view that is good until that
 *   lease ends. So has who runs on the only lcore that releases the buffer, until its frame ends.
 * - Who holds none may lose the race. It may read the view, which stays readable memory, and then
 *   asks fp_ref_confirm(): 0 means that all that was read since the call was the tenancy's; -ESTALE
 *   means that what was read is to be thrown away. This does not hold for bytes outside the pool's
 *   own memory (external buffers), nor for a buffer whose holder writes: hold a lease there.
 *
 * A lease on its way to a driver is not alive while the driver is asked; when the driver refuses
 * it, it is alive again, and so are its references.
 *
 * Level `trust` stamps no tenancies: every reference that was made of a lease of a pool that still
 * exists resolves, confirmed.
 *
 * The proof of the above is test/model/ref.pml, the argument is in docs/01-memory-ownership.md.
 */

#ifndef FP_REF_H
#define FP_REF_H

#include "fp_lease.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a buffer in one tenancy. All zero: of nothing, always stale. */
struct fp_ref {
	uint32_t id;         /**< Pool id << 24 | place in the pool. */
	uint32_t generation; /**< Of the slot; odd. 1 at level trust. */
	uint32_t off;        /**< First byte, from the start of the mbuf's memory [bytes]. */
	uint32_t len;        /**< Length [bytes]. */
};

/** Place of a buffer in its pool. */
#define FPI_REF_PLACE(id) ((id) & (FP_POOL_BUFFERS_MAX - 1))

/**
 * Refer to the window of a lease.
 *
 * Of a chain it is the first mbuf that the reference can see.
 */
FP_HOT_PATH static inline struct fp_ref
fp_ref_of(const struct fp_lease *lease)
{
	const struct fp_pool *pool;
	struct fp_ref ref;

	fpi_lease_check(lease, "refer");
	pool = fpi_pool_of(lease->mbuf);
	ref.id = (uint32_t)pool->id << 24 | fpi_pool_index(pool, lease->mbuf);
	ref.generation = FP_LIFETIME >= FP_LIFETIME_REF ? lease->generation : 1;
	ref.off = (uint32_t)lease->mbuf->data_off + lease->off;
	ref.len = lease->len;
	return ref;
}

/**
 * Refer to a part of what is referred to.
 *
 * @param[in]  ref  Live or stale.
 * @param[in]  off  First byte of the part [bytes, 0..ref->len].
 * @param[in]  len  Its length [bytes, 0..ref->len - off].
 * @param[out] out  The part; untouched on error.
 * @return 0, or -ERANGE when the part does not lie inside.
 */
FP_MUST_CHECK FP_HOT_PATH static inline int
fp_ref_slice(const struct fp_ref *ref, uint32_t off, uint32_t len, struct fp_ref *out)
{
	if (off > ref->len || len > ref->len - off)
		return -ERANGE;
	out->id = ref->id;
	out->generation = ref->generation;
	out->off = ref->off + off;
	out->len = len;
	return 0;
}

/** The pool of a reference; NULL when there is none of that id, or it has no such mbuf. */
FP_HOT_PATH static inline struct fp_pool *
fpi_ref_pool(const struct fp_ref *ref)
{
	struct fp_pool *pool = fpi_pools[ref->id >> 24];

	if (FP_UNLIKELY(pool == NULL || FPI_REF_PLACE(ref->id) >= pool->places))
		return NULL;
	if (FP_UNLIKELY(
		    pool->deltas != NULL && pool->deltas[FPI_REF_PLACE(ref->id)] == FPI_POOL_HOLE))
		return NULL;
	return pool;
}

/** True when a slot is still in the tenancy of a reference. */
FP_HOT_PATH static inline bool
fpi_ref_is_of(const struct fp_ref *ref, const struct fp_slot *slot)
{
#if FP_LIFETIME >= FP_LIFETIME_REF
	return (ref->generation & 1) != 0 &&
		fp_load_relaxed_u32(&slot->generation) == ref->generation;
#else
	(void)slot;
	return ref->generation != 0;
#endif
}

/**
 * View what a reference refers to; see above for how long.
 *
 * @param[in]  ref  Any value, also of a pool that is gone.
 * @param[out] out  View of ref->len bytes; untouched on error.
 * @return 0, or -ESTALE when the tenancy is over.
 * @threads Any.
 * @cost    Loads from the slot and the mbuf; no atomic operation. bench_lease: resolve.
 */
FP_MUST_CHECK FP_HOT_PATH static inline int
fp_ref_resolve(const struct fp_ref *ref, struct fp_cspan *out)
{
	const struct fp_pool *pool = fpi_ref_pool(ref);
	struct fp_watch watch = fp_watch_none();
	const struct rte_mbuf *mbuf;
	const struct fp_slot *slot;
	uint8_t *data;
	uint32_t cap;

	if (FP_UNLIKELY(pool == NULL))
		return -ESTALE;
	slot = &pool->slots[FPI_REF_PLACE(ref->id)];
	mbuf = fpi_pool_mbuf(pool, FPI_REF_PLACE(ref->id));
	data = (uint8_t *)fp_load_relaxed_ptr(&mbuf->buf_addr);
	cap = fp_load_relaxed_u16(&mbuf->buf_len);
	/* R2: pairs with A1: a tenancy that still is was one when its memory was looked up. */
	fp_fence_acquire();
	if (FP_UNLIKELY(!fpi_ref_is_of(ref, slot) || ref->off > cap || ref->len > cap - ref->off))
		return -ESTALE;
#if FP_LIFETIME == FP_LIFETIME_FULL
	watch.word = &slot->generation;
	watch.stamp = ref->generation;
#endif
	*out = fp_span_const(fp_span_watched(data + ref->off, ref->len, watch));
	return 0;
}

/**
 * Ask whether the tenancy has lasted until now, after its bytes were read.
 *
 * @return 0: all that was read since fp_ref_resolve() was the tenancy's; -ESTALE: it is over.
 * @threads Any.
 */
FP_MUST_CHECK FP_HOT_PATH static inline int
fp_ref_confirm(const struct fp_ref *ref)
{
	const struct fp_pool *pool = fpi_ref_pool(ref);

	if (FP_UNLIKELY(pool == NULL))
		return -ESTALE;
	/* R3: pairs with A3 in fpi_slot_close(): whoever sees what came next sees the end. */
	fp_fence_acquire();
	return fpi_ref_is_of(ref, &pool->slots[FPI_REF_PLACE(ref->id)]) ? 0 : -ESTALE;
}

#ifdef __cplusplus
}
#endif

#endif /* FP_REF_H */
