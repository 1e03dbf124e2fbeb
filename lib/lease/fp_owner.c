/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Why each thing happens once. All that decides lies in one word of a record: generation, pins and
 * ticket, changed by compare-and-swap.
 *
 * - Pin and dispose change the same word. A pin goes through only while the generation is the
 *   memory's, and leaves pins above 0, with which dispose answers -EBUSY. Dispose goes through only
 *   at 0 pins and moves the generation on, with which a pin answers -ESTALE. Whichever is first,
 *   the other sees it: the loser's compare-and-swap fails and it looks again.
 * - Transfer moves the ticket on in the same word, dispose the generation. Of two copies of a
 *   handle one is first; the other finds a ticket or generation that is not its own and panics.
 * - The word is all that is compared, so that it may change and change back meanwhile.
 *
 * What was done to the memory before an unpin is done before the next tenant begins: each change of
 * the word releases what came before and acquires what the changes before released, so that dispose
 * sees the use of all pins, and who takes the record from the ring sees what dispose left. Dispose
 * writes nothing to the record but its word (and what it did, for people).
 *
 * A1: data is written with release order while the record is free, that is after dispose moved the
 * generation on. R1 in fp_memory.c reads data with acquire order and then the generation: if data
 * was the next tenant's, that generation is not the memory's any more, and nobody gets it.
 *
 * The ticket is 32 bits wide, of which the word holds 16. The high half changes once in 65,536
 * transfers, by the thread that made that transfer and has not passed the handle on yet.
 */

#include <rte_cycles.h>

#include "fp_panic.h"
#include "fp_poison.h"
#include "fpi_owner.h"

static uint8_t
event_lcore(void)
{
	uint32_t lcore = rte_lcore_id();

	return lcore < RTE_MAX_LCORE ? (uint8_t)lcore : UINT8_MAX;
}

static void
write_event(struct fpi_owner_event *event, enum fp_owner_op op, union fpi_owner_word word)
{
	struct fpi_owner_event written;

	written.generation = word.generation;
	written.pins = word.pins;
	written.op = (uint8_t)op;
	written.lcore = event_lcore();
	fp_store_relaxed_u64(&event->tsc, rte_rdtsc());
	fp_store_relaxed_u64(&event->bits, written.bits);
}

void
fpi_owner_note(struct fp_owner_record *record, enum fp_owner_op op, union fpi_owner_word word)
{
	uint32_t idx = fp_add_shared_u32(&record->events_seen, 1);

	write_event(&record->events[idx % FPI_OWNER_EVENTS], op, word);
}

/* Ticket of the present holder. */
static uint32_t
present_ticket(const struct fp_owner_record *record, union fpi_owner_word word)
{
	return fp_load_relaxed_u32(&record->ticket_high) << 16 | word.ticket;
}

/* Stop the program: the handle is not (or not any more) the one of its owner. */
static FP_COLD FP_NORETURN void
misused(const struct fp_owner *owner, const char *operation)
{
	const struct fp_owners *owners;
	union fpi_owner_word word;

	if (owner->record == NULL) {
		fp_panic("%s: the handle is empty: its owner was disposed, transferred or never "
			 "there; keep the handle that rent, wrap or the last transfer gave",
			operation);
	}
	owners = fpi_owners_of(owner->record);
	if (owners == NULL) {
		fp_panic("%s: the handle's record %p is of no table of owners that exists: the "
			 "table was destroyed, or the handle never filled",
			operation, (const void *)owner->record);
	}
	word = fpi_owner_load(owner->record);
	fp_panic_open("%s: the handle of record %u of owners \"%s\" (generation %u, ticket %u) is "
		      "over, its owner was %s (now generation %u, ticket %u): an owner is disposed "
		      "once or transferred, by who holds its newest handle",
		operation, fpi_owner_idx(owners, owner->record), owners->name, owner->generation,
		owner->ticket,
		word.generation != owner->generation ? "disposed before" : "transferred before",
		word.generation, present_ticket(owner->record, word));
	fpi_owner_explain(owners, owner->record);
	fp_panic_close();
}

/* The table of a handle's record; a handle without one stops the program. */
static struct fp_owners *
table_of(const struct fp_owner *owner, const char *operation)
{
	struct fp_owners *owners = fpi_owners_of(owner->record);

	if (FP_UNLIKELY(owners == NULL))
		misused(owner, operation);
	return owners;
}

/* The state of an owner as its holder sees it; who is not the holder stops the program. */
static union fpi_owner_word
check_holder(const struct fp_owner *owner, const char *operation)
{
	union fpi_owner_word word = fpi_owner_load(owner->record);

	if (FP_UNLIKELY(word.generation != owner->generation ||
		    present_ticket(owner->record, word) != owner->ticket))
		misused(owner, operation);
	return word;
}

/* A record for a new tenant, or NULL with the refusal counted. */
static struct fp_owner_record *
take_free(struct fp_owners *owners)
{
	union fpi_owner_word word;
	void *record;

	if (rte_ring_dequeue(owners->free, &record) != 0) {
		fp_add_shared_u64(&owners->counters.refused, 1);
		return NULL;
	}
	word = fpi_owner_load(record);
	FP_ASSERT((word.generation & 1) == 0 && word.pins == 0);
	return record;
}

/* Give the record to its new tenant. */
static void
begin(struct fp_owner_record *record, enum fp_owner_op op, struct fp_owner *owner)
{
	union fpi_owner_word word = fpi_owner_load(record);

	word.generation++;
	write_event(&record->granted, op, word);
	fpi_owner_note(record, op, word);
	owner->record = record;
	owner->generation = word.generation;
	owner->ticket = present_ticket(record, word);
	/* While the record is free nobody else changes its word. */
	fp_store_release_u64(&record->word.bits, word.bits);
}

int
fp_owner_rent(struct fp_owners *owners, uint32_t len, struct fp_owner *owner)
{
	struct fp_owner_record *record;
	uint64_t off;

	*owner = fp_owner_none();
	if (len > owners->block_bytes)
		return -ERANGE;
	record = take_free(owners);
	if (record == NULL)
		return -ENOBUFS;
	off = fpi_owner_idx(owners, record) * owners->stride;
	fp_unpoison(owners->blocks + off, len);
	fp_store_release_ptr(&record->data, owners->blocks + off); /* A1 */
	record->iova = owners->iova == RTE_BAD_IOVA ? RTE_BAD_IOVA : owners->iova + off;
	record->lease = fp_lease_none();
	fp_store_relaxed_u32(&record->len, len);
	fp_add_shared_u64(&owners->counters.rented, 1);
	begin(record, FP_OWNER_RENTED, owner);
	return 0;
}

int
fp_owner_wrap(struct fp_owners *owners, struct fp_lease *lease, struct fp_owner *owner)
{
	struct fp_owner_record *record;
	const struct rte_mbuf *mbuf = lease->mbuf;
	struct fp_cspan window;
	uint64_t off;

	*owner = fp_owner_none();
	if (fp_lease_is_empty(lease))
		fp_panic("wrap: the lease is empty: it was released, transmitted or moved before");
	fpi_lease_check(lease, "wrap");
	window = fp_lease_span(lease);
	off = (uint64_t)(window.data - rte_pktmbuf_mtod(mbuf, const uint8_t *));
	if (off > mbuf->data_len || window.len > mbuf->data_len - off) {
		fp_lease_release(lease);
		return -ERANGE;
	}
	record = take_free(owners);
	if (record == NULL) {
		fp_lease_release(lease);
		return -ENOBUFS;
	}
	fp_store_release_ptr(&record->data, rte_pktmbuf_mtod_offset(mbuf, void *, off)); /* A1 */
	record->iova = rte_mbuf_iova_get(mbuf) == RTE_BAD_IOVA ? RTE_BAD_IOVA
							       : rte_mbuf_data_iova(mbuf) + off;
	record->lease = *lease;
	fp_store_relaxed_u32(&record->len, window.len);
	*lease = fp_lease_none();
	fp_add_shared_u64(&owners->counters.wrapped, 1);
	begin(record, FP_OWNER_WRAPPED, owner);
	return 0;
}

struct fp_memory
fp_owner_memory(const struct fp_owner *owner)
{
	struct fp_memory memory;

	(void)table_of(owner, "memory");
	(void)check_holder(owner, "memory");
	memory.record = owner->record;
	memory.generation = owner->generation;
	memory.off = 0;
	memory.len = owner->record->len;
	return memory;
}

struct fp_owner
fp_owner_transfer(struct fp_owner *from)
{
	struct fp_owners *owners = table_of(from, "transfer");
	struct fp_owner_record *record = from->record;
	struct fp_owner to = *from;
	union fpi_owner_word seen;
	union fpi_owner_word next;

	do {
		seen = check_holder(from, "transfer");
		next = seen;
		next.ticket++;
	} while (!fpi_owner_change(record, &seen, next));
	if (next.ticket == 0)
		fp_store_relaxed_u32(&record->ticket_high, record->ticket_high + 1);
	fpi_owner_note(record, FP_OWNER_TRANSFERRED, next);
	fp_add_shared_u64(&owners->counters.transferred, 1);
	to.ticket = from->ticket + 1;
	*from = fp_owner_none();
	return to;
}

/* Give back a record and the lease that it had, if any. */
static void
give_back(struct fp_owners *owners, struct fp_owner_record *record, struct fp_lease *lease)
{
	if (fp_lease_is_empty(lease)) {
		fp_poison(owners->blocks + fpi_owner_idx(owners, record) * owners->stride,
			owners->stride);
	} else {
		fp_lease_release(lease);
	}
	fp_add_shared_u64(&owners->counters.disposed, 1);
	FP_ASSERT(rte_ring_enqueue(owners->free, record) == 0);
}

int
fp_owner_dispose(struct fp_owner *owner)
{
	struct fp_owner_record *record = owner->record;
	struct fp_owners *owners;
	struct fp_lease lease;
	union fpi_owner_word seen;
	union fpi_owner_word next;

	if (fp_owner_is_empty(owner))
		return 0;
	owners = table_of(owner, "dispose");
	do {
		seen = check_holder(owner, "dispose");
		if (seen.pins != 0) {
			fp_add_shared_u64(&owners->counters.busy, 1);
			return -EBUSY;
		}
		lease = record->lease;
		next = seen;
		next.generation++;
	} while (!fpi_owner_change(record, &seen, next));
	fpi_owner_note(record, FP_OWNER_DISPOSED, next);
	give_back(owners, record, &lease);
	*owner = fp_owner_none();
	return 0;
}
