/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include <rte_errno.h>
#include <rte_memzone.h>
#include <rte_ring_elem.h>
#include <rte_string_fns.h>

#include "fp_handoff.h"

/** Leases received at once while a hand-off is emptied. */
#define DRAIN_BURST 64

struct fp_handoff {
	/* hot: the sender's */
	struct rte_ring *ring;         /**< Of leases, behind this structure. */
	enum fp_handoff_policy policy; /**< As given. */
	uint64_t sent;                 /**< See struct fp_handoff_counters. */
	uint64_t refused;              /**< The same. */
	uint64_t dropped;              /**< The same. */
	const void *zone;              /**< Memzone of all this. */
	/* hot: the receiver's */
	uint64_t received FP_CACHE_ALIGNED; /**< See struct fp_handoff_counters. */
} FP_CACHE_ALIGNED;

static bool
are_valid(const struct fp_handoff_params *params)
{
	return params != NULL && params->name != NULL && params->name[0] != '\0' &&
		strnlen(params->name, FP_HANDOFF_NAME_MAX + 1) <= FP_HANDOFF_NAME_MAX &&
		params->cap != 0 && params->cap <= FP_HANDOFF_CAP_MAX &&
		(params->policy == FP_HANDOFF_KEEP || params->policy == FP_HANDOFF_DROP);
}

int
fp_handoff_create(const struct fp_handoff_params *params, struct fp_handoff **out)
{
	/* Names of pools and arenas are others. */
	char name[RTE_MEMZONE_NAMESIZE] = "HO_";
	const struct rte_memzone *zone;
	struct fp_handoff *handoff;
	uint32_t places;

	*out = NULL;
	if (!are_valid(params))
		return -EINVAL;
	places = rte_align32pow2(params->cap + 1);
	(void)strlcat(name, params->name, sizeof(name));
	zone = rte_memzone_reserve_aligned(name,
		sizeof(*handoff) +
			(size_t)rte_ring_get_memsize_elem(sizeof(struct fp_lease), places),
		params->socket_id, 0, FP_CACHE_LINE_BYTES);
	if (zone == NULL)
		return rte_errno == EEXIST ? -EEXIST : -ENOMEM;
	handoff = zone->addr;
	memset(handoff, 0, sizeof(*handoff));
	handoff->zone = zone;
	handoff->policy = params->policy;
	handoff->ring = (struct rte_ring *)(handoff + 1);
	/* Not one of DPDK's list, so that its memory lies here; cap leases exactly. */
	if (rte_ring_init(handoff->ring, params->name, params->cap,
		    RING_F_SP_ENQ | RING_F_SC_DEQ | RING_F_EXACT_SZ) != 0) {
		(void)rte_memzone_free(zone);
		return -EINVAL;
	}
	*out = handoff;
	return 0;
}

uint32_t
fp_handoff_destroy(struct fp_handoff *handoff)
{
	struct fp_lease leases[DRAIN_BURST];
	uint32_t under_way = 0;
	unsigned int got;

	if (handoff == NULL)
		return 0;
	do {
		got = rte_ring_dequeue_burst_elem(
			handoff->ring, leases, sizeof(leases[0]), DRAIN_BURST, NULL);
		fp_lease_release_burst(leases, (uint16_t)got, rte_rdtsc());
		under_way += got;
	} while (got != 0);
	(void)rte_memzone_free(handoff->zone);
	return under_way;
}

uint16_t
fp_handoff_send(struct fp_handoff *handoff, struct fp_lease *leases, uint16_t count, uint64_t tsc)
{
	/* One sender: what has room now has room when it is put in. */
	uint16_t sent = (uint16_t)RTE_MIN(count, rte_ring_free_count(handoff->ring));
	uint16_t rest = (uint16_t)(count - sent);

	fp_lease_hand_over(leases, sent, tsc);
	(void)rte_ring_enqueue_bulk_elem(handoff->ring, leases, sizeof(leases[0]), sent, NULL);
	for (uint16_t i = 0; i < sent; i++)
		leases[i] = fp_lease_none();
	fp_store_relaxed_u64(&handoff->sent, handoff->sent + sent);
	if (FP_LIKELY(rest == 0))
		return sent;
	if (handoff->policy == FP_HANDOFF_KEEP) {
		fp_store_relaxed_u64(&handoff->refused, handoff->refused + rest);
	} else {
		fp_lease_release_burst(leases + sent, rest, tsc);
		fp_store_relaxed_u64(&handoff->dropped, handoff->dropped + rest);
	}
	return sent;
}

uint16_t
fp_handoff_receive(struct fp_handoff *handoff, struct fp_lease *leases, uint16_t cap, uint64_t tsc)
{
	uint16_t got = (uint16_t)rte_ring_dequeue_burst_elem(
		handoff->ring, leases, sizeof(leases[0]), cap, NULL);

	fp_lease_take_over(leases, got, tsc);
	fp_store_relaxed_u64(&handoff->received, handoff->received + got);
	return got;
}

uint32_t
fp_handoff_count(const struct fp_handoff *handoff)
{
	return rte_ring_count(handoff->ring);
}

void
fp_handoff_get_counters(const struct fp_handoff *handoff, struct fp_handoff_counters *counters)
{
	counters->sent = fp_load_relaxed_u64(&handoff->sent);
	counters->refused = fp_load_relaxed_u64(&handoff->refused);
	counters->dropped = fp_load_relaxed_u64(&handoff->dropped);
	counters->received = fp_load_relaxed_u64(&handoff->received);
}
