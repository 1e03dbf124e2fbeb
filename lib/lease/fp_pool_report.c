/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What pools and their slots say about themselves: counts, who holds what, and the lines that a
 * panic about a buffer ends with.
 */

#include <string.h>

#include <rte_cycles.h>

#include "fp_panic.h"
#include "fp_pool.h"

void
fp_pool_count(const struct fp_pool *pool, struct fp_pool_counters *total)
{
	memset(total, 0, sizeof(*total));
	for (uint32_t lcore = 0; lcore < FP_POOL_LCORES; lcore++) {
		const struct fp_pool_counters *counters = &pool->counters[lcore];

		total->received += fp_load_relaxed_u64(&counters->received);
		total->rented += fp_load_relaxed_u64(&counters->rented);
		total->returned += fp_load_relaxed_u64(&counters->returned);
		total->handed_to_tx += fp_load_relaxed_u64(&counters->handed_to_tx);
		total->refused += fp_load_relaxed_u64(&counters->refused);
	}
}

uint64_t
fp_pool_held(const struct fp_pool *pool)
{
	struct fp_pool_counters total;

	fp_pool_count(pool, &total);
	return total.received + total.rented - total.returned - total.handed_to_tx;
}

/* A slot as it is now; false when its buffer is not leased. */
static bool
read_leased(const struct fp_slot *slot, struct fp_slot *seen)
{
	*seen = fpi_slot_read(slot);
	seen->tsc = fp_load_relaxed_u64(&slot->tsc);
	return (seen->generation & 1) != 0;
}

uint32_t
fp_pool_holders(
	const struct fp_pool *pool, uint32_t from, struct fp_pool_holder *holders, uint32_t cap)
{
	uint32_t listed = 0;

	for (uint32_t idx = from; idx < pool->places && listed < cap; idx++) {
		if (!read_leased(&pool->slots[idx], &holders[listed].slot))
			continue;
		holders[listed].buffer_idx = idx;
		listed++;
	}
	return listed;
}

static void
add_holding(struct fp_pool_holding *holding, uint32_t idx, struct fp_slot slot)
{
	if (holding->buffers == 0 || slot.tsc < holding->oldest_tsc) {
		holding->oldest_idx = idx;
		holding->oldest_tsc = slot.tsc;
		holding->oldest_op = slot.op;
	}
	holding->buffers++;
}

void
fp_pool_report(const struct fp_pool *pool, struct fp_pool_report *report)
{
	struct fp_slot slot;

	memset(report, 0, sizeof(*report));
	for (uint32_t idx = 0; idx < pool->places; idx++) {
		if (!read_leased(&pool->slots[idx], &slot))
			continue;
		add_holding(&report->all, idx, slot);
		add_holding(&report->by_lcore[RTE_MIN(slot.lcore, RTE_MAX_LCORE)], idx, slot);
	}
}

const char *
fp_slot_op_name(uint8_t op)
{
	static const char *const names[] = {
		[FP_SLOT_NEW] = "never granted",
		[FP_SLOT_RECEIVED] = "received",
		[FP_SLOT_RENTED] = "rented",
		[FP_SLOT_CLONED] = "rented as a clone",
		[FP_SLOT_HANDED_OVER] = "handed over",
		[FP_SLOT_TAKEN_OVER] = "taken over",
		[FP_SLOT_RETURNED] = "returned",
		[FP_SLOT_HANDED_TX] = "handed to tx",
		[FP_SLOT_SHARED] = "shared",
		[FP_SLOT_SLICED] = "sliced",
		[FP_SLOT_RELEASED] = "one lease released",
		[FP_SLOT_SENT] = "one lease handed to tx",
		[FP_SLOT_REFUSED] = "refused by the driver",
	};

	return op < RTE_DIM(names) ? names[op] : "unknown";
}

void
fpi_pool_note(struct fp_pool *pool, uint32_t idx, enum fp_slot_op op, uint32_t lcore, uint64_t tsc)
{
	struct fp_slot_history *history;
	struct fp_slot_event *event;
	struct fp_slot seen;

	if (pool->histories == NULL)
		return;
	history = &pool->histories[idx];
	seen = fpi_slot_read(&pool->slots[idx]);
	/* Several holders may write at once: each has a place of its own. */
	event = &history->events[fp_add_shared_u32(&history->count, 1) % FP_SLOT_EVENTS];
	fp_store_relaxed_u64(&event->tsc, tsc);
	fp_store_relaxed_u32(&event->generation, seen.generation);
	fp_store_relaxed_u8(&event->op, (uint8_t)op);
	fp_store_relaxed_u8(&event->lcore, fpi_slot_lcore(lcore));
	fp_store_relaxed_u16(&event->shares, seen.shares);
}

/* One line: what happened, who did it, how long ago. */
static void
explain_op(const char *when, uint8_t op, uint8_t lcore, uint32_t generation, uint64_t tsc)
{
	const uint64_t hz = rte_get_tsc_hz();
	const uint64_t now = rte_rdtsc();
	/* Callers give times of their own making; one from the future is told as 0. */
	const double ago_us = tsc < now && hz != 0 ? (double)(now - tsc) * 1e6 / (double)hz : 0.0;

	if (lcore == FP_SLOT_NO_LCORE) {
		fp_panic_note("%s: %s by a thread without lcore, %.3f us ago, generation %u", when,
			fp_slot_op_name(op), ago_us, generation);
	} else {
		fp_panic_note("%s: %s by lcore %u, %.3f us ago, generation %u", when,
			fp_slot_op_name(op), lcore, ago_us, generation);
	}
}

void
fpi_pool_explain(const struct fp_pool *pool, uint32_t idx)
{
	const struct fp_slot *slot = &pool->slots[idx];
	const struct fp_slot_history *history;

	if (FP_LIFETIME == FP_LIFETIME_TRUST)
		return;
	fp_panic_note("buffer %u of pool \"%s\": generation %u (%s), %u more leases", idx,
		pool->name, slot->generation, slot->generation % 2 != 0 ? "leased" : "not leased",
		slot->shares);
	if (pool->histories == NULL) {
		explain_op("last", slot->op, slot->lcore, slot->generation, slot->tsc);
		fp_panic_note("a build with -Dlifetime=full tells the operations before that");
		return;
	}
	history = &pool->histories[idx];
	for (uint32_t i = 0; i < RTE_MIN(history->count, (uint32_t)FP_SLOT_EVENTS); i++) {
		const struct fp_slot_event *event =
			&history->events[(history->count - 1 - i) % FP_SLOT_EVENTS];

		explain_op(i == 0 ? "last" : "before", event->op, event->lcore, event->generation,
			event->tsc);
	}
}

/* A stale watch of a view: find the slot that the word is in. */
static bool
explain_word(const uint32_t *word)
{
	for (uint32_t id = 0; id < FP_POOLS_MAX; id++) {
		const struct fp_pool *pool = fpi_pools[id];
		uintptr_t distance;

		if (pool == NULL)
			continue;
		distance = (uintptr_t)word - (uintptr_t)pool->slots;
		if (distance >= (uintptr_t)pool->places * sizeof(struct fp_slot))
			continue;
		fpi_pool_explain(pool, (uint32_t)(distance / sizeof(struct fp_slot)));
		return true;
	}
	return false;
}

FP_CONSTRUCTOR static void
add_explainer(void)
{
	fp_explainer_add(explain_word);
}
