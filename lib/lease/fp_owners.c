/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Tables of owners: their memory, their registry, and what they report.
 *
 * Generations go on where they stopped. A table that is made anew often gets the address of the one
 * destroyed before, and memories of that may still be stored somewhere. A new table therefore
 * begins behind the highest generation that any destroyed one had reached, so that such a memory is
 * stale and not the new tenant's.
 */

#include <string.h>

#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_string_fns.h>

#include "fp_panic.h"
#include "fp_poison.h"
#include "fpi_owner.h"

#define PAGE_BYTES 4096

/** Live owners that the panic of a destroyed table lists. */
#define LISTED_MAX 16

/* The tables of this process, written at start-up and exit only; each a struct fp_owners. */
static void *tables[FP_OWNERS_MAX];

/* Even: what the records of the next table begin with. Written at exit of a table only. */
static uint32_t first_generation;

/** Where the parts of a table's memzone begin. */
struct layout {
	uint64_t ring;   /**< [bytes] */
	uint64_t blocks; /**< [bytes] */
	uint64_t stride; /**< Of the blocks [bytes]. */
	uint64_t len;    /**< Of all [bytes]. */
	uint32_t places; /**< In the ring, a power of two. */
};

static void **
find_place(const struct fp_owners *owners)
{
	for (uint32_t idx = 0; idx < FP_OWNERS_MAX; idx++) {
		if (tables[idx] == owners)
			return &tables[idx];
	}
	return NULL;
}

struct fp_owners *
fpi_owners_of(const struct fp_owner_record *record)
{
	for (uint32_t idx = 0; idx < FP_OWNERS_MAX; idx++) {
		struct fp_owners *owners = fp_load_acquire_ptr(&tables[idx]);
		uintptr_t distance;

		if (owners == NULL)
			continue;
		distance = (uintptr_t)record - (uintptr_t)owners->records;
		if (distance < owners->count * sizeof(*record) && distance % sizeof(*record) == 0)
			return owners;
	}
	return NULL;
}

static bool
are_valid(const struct fp_owners_params *params)
{
	return params != NULL && params->name != NULL && params->name[0] != '\0' &&
		strnlen(params->name, FP_OWNERS_NAME_BYTES) < FP_OWNERS_NAME_BYTES &&
		params->count != 0 && params->count <= FP_OWNERS_RECORDS_MAX &&
		params->block_bytes <= FP_OWNERS_BLOCK_MAX;
}

static void
lay_out(const struct fp_owners_params *params, struct layout *layout)
{
	uint64_t align = params->block_bytes >= PAGE_BYTES ? PAGE_BYTES : FP_CACHE_LINE_BYTES;

	/* A ring of n places holds n - 1. */
	layout->places = rte_align32pow2(params->count + 1);
	layout->ring =
		sizeof(struct fp_owners) + (uint64_t)params->count * sizeof(struct fp_owner_record);
	layout->blocks = RTE_ALIGN_CEIL(
		layout->ring + (uint64_t)rte_ring_get_memsize(layout->places), align);
	/* Blocks without bytes have an address of their own, too. */
	layout->stride = RTE_ALIGN_CEIL((uint64_t)RTE_MAX(params->block_bytes, 1U), align);
	layout->len = layout->blocks + layout->stride * params->count;
}

uint64_t
fp_owners_bytes(const struct fp_owners_params *params)
{
	struct layout layout;

	lay_out(params, &layout);
	return layout.len;
}

/*
 * Make all records free, as if they had had tenants before.
 *
 * The ring has just room for all records, so its kind matters. In the default one whoever takes a
 * record has also moved the ring's tail behind it, so that there is room to put it back. In a ring
 * of relaxed tails (RTS) another thread may have yet to move it: then there is no room.
 */
static void
fill(struct fp_owners *owners, uint32_t places)
{
	FP_ASSERT(rte_ring_init(owners->free, owners->name, places, 0) == 0);
	for (uint32_t idx = 0; idx < owners->count; idx++) {
		struct fp_owner_record *record = &owners->records[idx];

		record->word.generation = first_generation;
		FP_ASSERT(rte_ring_enqueue(owners->free, record) == 0);
	}
}

int
fp_owners_create(const struct fp_owners_params *params, struct fp_owners **out)
{
	void **place = find_place(NULL);
	const struct rte_memzone *zone;
	char name[RTE_MEMZONE_NAMESIZE];
	struct fp_owners *owners;
	struct layout layout;

	*out = NULL;
	if (!are_valid(params))
		return -EINVAL;
	if (place == NULL)
		return -ENOMEM;
	lay_out(params, &layout);
	(void)strlcpy(name, params->name, sizeof(name));
	(void)strlcat(name, "_owners", sizeof(name));
	zone = rte_memzone_reserve_aligned(name, layout.len, params->socket_id,
		rte_eal_iova_mode() == RTE_IOVA_PA ? RTE_MEMZONE_IOVA_CONTIG : 0, PAGE_BYTES);
	if (zone == NULL)
		return rte_errno == EEXIST ? -EEXIST : -ENOMEM;

	owners = zone->addr;
	memset(zone->addr, 0, layout.ring);
	owners->records = (struct fp_owner_record *)(owners + 1);
	owners->free = (struct rte_ring *)((uint8_t *)zone->addr + layout.ring);
	owners->blocks = (uint8_t *)zone->addr + layout.blocks;
	owners->iova = zone->iova == RTE_BAD_IOVA ? RTE_BAD_IOVA : zone->iova + layout.blocks;
	owners->stride = layout.stride;
	owners->zone = zone;
	owners->count = params->count;
	owners->block_bytes = params->block_bytes;
	memcpy(owners->name, params->name, strlen(params->name) + 1);
	fill(owners, layout.places);
	fp_poison(owners->blocks, layout.stride * params->count);
	fp_store_release_ptr(place, owners);
	*out = owners;
	return 0;
}

/* Stop the program: owners live that nobody could dispose any more. */
static FP_COLD FP_NORETURN void
destroyed_too_early(const struct fp_owners *owners, uint64_t live)
{
	struct fp_owner_holder holders[LISTED_MAX];
	uint32_t listed = fp_owners_holders(owners, 0, holders, LISTED_MAX);

	fp_panic_open("owners \"%s\" are destroyed while %lu of them live: dispose each, after its "
		      "pins were released, before the table is destroyed",
		owners->name, live);
	for (uint32_t i = 0; i < listed; i++)
		fpi_owner_explain(owners, &owners->records[holders[i].record_idx]);
	if (live > listed)
		fp_panic_note("and %lu more", live - listed);
	fp_panic_close();
}

void
fp_owners_destroy(struct fp_owners *owners)
{
	uint64_t live;
	void **place;

	if (owners == NULL)
		return;
	place = find_place(owners);
	if (place == NULL) {
		fp_panic("owners %p are destroyed twice, or were never created",
			(const void *)owners);
	}
	live = fp_owners_live(owners);
	if (live != 0)
		destroyed_too_early(owners, live);
	for (uint32_t idx = 0; idx < owners->count; idx++) {
		uint32_t generation = owners->records[idx].word.generation;

		if ((int32_t)(generation - first_generation) > 0)
			first_generation = generation;
	}
	fp_store_release_ptr(place, NULL);
	fp_unpoison(owners->blocks, owners->stride * owners->count);
	(void)rte_memzone_free(owners->zone);
}

void
fp_owners_count(const struct fp_owners *owners, struct fp_owners_counters *total)
{
	const struct fp_owners_counters *counters = &owners->counters;

	/* What ends first: an owner is not seen to end that was not seen to begin. */
	total->disposed = fp_load_acquire_u64(&counters->disposed);
	total->unpinned = fp_load_acquire_u64(&counters->unpinned);
	total->rented = fp_load_relaxed_u64(&counters->rented);
	total->wrapped = fp_load_relaxed_u64(&counters->wrapped);
	total->transferred = fp_load_relaxed_u64(&counters->transferred);
	total->pinned = fp_load_relaxed_u64(&counters->pinned);
	total->refused = fp_load_relaxed_u64(&counters->refused);
	total->busy = fp_load_relaxed_u64(&counters->busy);
}

uint64_t
fp_owners_live(const struct fp_owners *owners)
{
	struct fp_owners_counters total;

	fp_owners_count(owners, &total);
	return total.rented + total.wrapped - total.disposed;
}

const char *
fp_owners_name(const struct fp_owners *owners)
{
	return owners->name;
}

static struct fpi_owner_event
read_event(const struct fpi_owner_event *event)
{
	struct fpi_owner_event seen;

	seen.tsc = fp_load_relaxed_u64(&event->tsc);
	seen.bits = fp_load_relaxed_u64(&event->bits);
	return seen;
}

/* The operation that is @p back before the last one. */
static struct fpi_owner_event
recall(const struct fp_owner_record *record, uint32_t back)
{
	uint32_t seen = fp_load_relaxed_u32(&record->events_seen);

	return read_event(&record->events[(seen - 1 - back) % FPI_OWNER_EVENTS]);
}

uint32_t
fp_owners_holders(const struct fp_owners *owners, uint32_t from, struct fp_owner_holder *holders,
	uint32_t cap)
{
	uint32_t listed = 0;

	for (uint32_t idx = from; idx < owners->count && listed < cap; idx++) {
		const struct fp_owner_record *record = &owners->records[idx];
		union fpi_owner_word word = fpi_owner_load(record);
		struct fpi_owner_event granted;

		if ((word.generation & 1) == 0)
			continue;
		granted = read_event(&record->granted);
		holders[listed].tsc = granted.tsc;
		holders[listed].record_idx = idx;
		holders[listed].generation = word.generation;
		holders[listed].len = fp_load_relaxed_u32(&record->len);
		holders[listed].pins = word.pins;
		holders[listed].lcore = granted.lcore;
		holders[listed].origin = granted.op;
		holders[listed].op = recall(record, 0).op;
		listed++;
	}
	return listed;
}

const char *
fp_owner_op_name(uint8_t op)
{
	static const char *const names[] = {
		[FP_OWNER_NEW] = "never granted",
		[FP_OWNER_RENTED] = "rented",
		[FP_OWNER_WRAPPED] = "wrapped",
		[FP_OWNER_TRANSFERRED] = "transferred",
		[FP_OWNER_PINNED] = "pinned",
		[FP_OWNER_UNPINNED] = "unpinned",
		[FP_OWNER_DISPOSED] = "disposed",
	};

	return op < RTE_DIM(names) ? names[op] : "unknown";
}

const struct fp_owners *
fp_owners_at(uint32_t idx)
{
	return idx < FP_OWNERS_MAX ? fp_load_acquire_ptr(&tables[idx]) : NULL;
}

/* One line of a record's history. */
static void
explain_event(const struct fpi_owner_event *event)
{
	double us = (double)(int64_t)(rte_rdtsc() - event->tsc) * 1e6 / (double)rte_get_tsc_hz();

	if (event->lcore == UINT8_MAX) {
		fp_panic_note("  %s by a thread that is no lcore, %.1f us ago: generation %u, "
			      "%u pins",
			fp_owner_op_name(event->op), us, event->generation, event->pins);
	} else {
		fp_panic_note("  %s by lcore %u, %.1f us ago: generation %u, %u pins",
			fp_owner_op_name(event->op), event->lcore, us, event->generation,
			event->pins);
	}
}

void
fpi_owner_explain(const struct fp_owners *owners, const struct fp_owner_record *record)
{
	union fpi_owner_word word = fpi_owner_load(record);
	struct fpi_owner_event event = read_event(&record->granted);
	uint32_t seen = fp_load_relaxed_u32(&record->events_seen);

	fp_panic_note("record %u of owners \"%s\": generation %u, %s, %u bytes, %u pins",
		fpi_owner_idx(owners, record), owners->name, word.generation,
		(word.generation & 1) != 0 ? "live" : "free", fp_load_relaxed_u32(&record->len),
		word.pins);
	if (event.op != FP_OWNER_NEW)
		explain_event(&event);
	if (seen != 0)
		fp_panic_note("  last operations, the newest first:");
	for (uint32_t back = 0; back < RTE_MIN(seen, (uint32_t)FPI_OWNER_EVENTS); back++) {
		event = recall(record, back);
		explain_event(&event);
	}
}

/* A span of a memory watches the generation in its record's word. */
static bool
explain_word(const uint32_t *word)
{
	const struct fp_owner_record *record = (const void *)word;
	const struct fp_owners *owners = fpi_owners_of(record);

	if (owners == NULL)
		return false;
	fpi_owner_explain(owners, record);
	return true;
}

static_assert(offsetof(struct fp_owner_record, word) == 0, "a watched word is its record");

FP_CONSTRUCTOR static void
explain_owners(void)
{
	fp_explainer_add(explain_word);
}
