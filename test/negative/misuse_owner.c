/* SPDX-License-Identifier: BSD-3-Clause */

/* Owners, memories and pins that are used after their end. Checked at every level. */

#include "misuse.h"

static void
view_of(const struct fp_memory *memory)
{
	struct fp_span span;

	misuse_answers(fp_memory_span(memory, &span));
}

MISUSE(memory_after_dispose)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_memory memory = fp_owner_memory(&owner);

	misuse_must(fp_owner_dispose(&owner));
	view_of(&memory);
}

MISUSE(memory_after_new_tenant)
{
	struct fp_owners *owners = misuse_owners(1);
	struct fp_owner owner = misuse_owner(owners);
	struct fp_memory memory = fp_owner_memory(&owner);

	misuse_must(fp_owner_dispose(&owner));
	owner = misuse_owner(owners);
	view_of(&memory);
}

MISUSE(memory_after_table_destroyed)
{
	struct fp_owners *owners = misuse_owners(1);
	struct fp_owner owner = misuse_owner(owners);
	struct fp_memory memory = fp_owner_memory(&owner);

	misuse_must(fp_owner_dispose(&owner));
	fp_owners_destroy(owners);
	view_of(&memory);
}

MISUSE(memory_slice_past_end)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_memory memory = fp_owner_memory(&owner);

	misuse_answers(fp_memory_slice(&memory, 8, UINT32_MAX - 4, &memory));
}

MISUSE(memory_of_empty_owner)
{
	struct fp_owner owner = fp_owner_none();

	misuse_use(fp_owner_memory(&owner).len);
}

MISUSE(memory_of_disposed_owner)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_owner copy = owner;

	misuse_must(fp_owner_dispose(&owner));
	misuse_use(fp_owner_memory(&copy).len);
}

MISUSE(span_after_dispose)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_memory memory = fp_owner_memory(&owner);
	struct fp_span span;

	misuse_must(fp_memory_span(&memory, &span));
	misuse_must(fp_owner_dispose(&owner));
	fp_span_set(span, 0, 7);
}

MISUSE(span_after_dispose_of_wrapped)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_owner owner;
	struct fp_memory memory;
	struct fp_span span;

	misuse_must(fp_owner_wrap(misuse_owners(1), &lease, &owner));
	memory = fp_owner_memory(&owner);
	misuse_must(fp_memory_span(&memory, &span));
	misuse_must(fp_owner_dispose(&owner));
	fp_span_set(span, 0, 7);
}

MISUSE(dispose_while_pinned)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_memory memory = fp_owner_memory(&owner);
	struct fp_pin pin;

	misuse_must(fp_memory_pin(&memory, &pin));
	misuse_answers(fp_owner_dispose(&owner));
	fp_pin_release(&pin);
	misuse_must(fp_owner_dispose(&owner));
}

MISUSE(dispose_twice)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_owner copy = owner;

	misuse_must(fp_owner_dispose(&owner));
	misuse_answers(fp_owner_dispose(&copy));
}

MISUSE(dispose_of_next_tenant)
{
	struct fp_owners *owners = misuse_owners(1);
	struct fp_owner owner = misuse_owner(owners);
	struct fp_owner copy = owner;

	misuse_must(fp_owner_dispose(&owner));
	owner = misuse_owner(owners);
	misuse_answers(fp_owner_dispose(&copy));
}

MISUSE(dispose_after_transfer)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_owner copy = owner;

	owner = fp_owner_transfer(&owner);
	misuse_answers(fp_owner_dispose(&copy));
}

MISUSE(dispose_after_table_destroyed)
{
	struct fp_owners *owners = misuse_owners(1);
	struct fp_owner owner = misuse_owner(owners);
	struct fp_owner copy = owner;

	misuse_must(fp_owner_dispose(&owner));
	fp_owners_destroy(owners);
	misuse_answers(fp_owner_dispose(&copy));
}

MISUSE(transfer_after_dispose)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_owner copy = owner;

	misuse_must(fp_owner_dispose(&owner));
	owner = fp_owner_transfer(&copy);
}

MISUSE(transfer_of_empty_owner)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_owner next = fp_owner_transfer(&owner);

	misuse_use(next.ticket);
	next = fp_owner_transfer(&owner);
	misuse_use(next.ticket);
}

MISUSE(pin_after_dispose)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_memory memory = fp_owner_memory(&owner);
	struct fp_pin pin;

	misuse_must(fp_owner_dispose(&owner));
	misuse_answers(fp_memory_pin(&memory, &pin));
}

/** A pin that was released, and its owner still there. */
static struct fp_pin
released_pin(struct fp_owner *owner, struct fp_pin *held)
{
	struct fp_memory memory;
	struct fp_pin pin;

	*owner = misuse_owner(misuse_owners(1));
	memory = fp_owner_memory(owner);
	misuse_must(fp_memory_pin(&memory, &pin));
	*held = pin;
	fp_pin_release(&pin);
	return pin;
}

MISUSE(unpin_twice)
{
	struct fp_owner owner;
	struct fp_pin copy;
	struct fp_pin pin = released_pin(&owner, &copy);

	fp_pin_release(&pin);
}

MISUSE(unpin_three_times)
{
	struct fp_owner owner;
	struct fp_pin copy;
	struct fp_pin pin = released_pin(&owner, &copy);

	fp_pin_release(&pin);
	fp_pin_release(&pin);
}

MISUSE(unpin_copy)
{
	struct fp_owner owner;
	struct fp_pin copy;

	(void)released_pin(&owner, &copy);
	fp_pin_release(&copy);
}

MISUSE(span_of_released_pin)
{
	struct fp_owner owner;
	struct fp_pin copy;
	struct fp_pin pin = released_pin(&owner, &copy);

	fp_span_set(fp_pin_span(&pin), 0, 7);
}

MISUSE(pin_span_after_dispose)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_memory memory = fp_owner_memory(&owner);
	struct fp_span span;
	struct fp_pin pin;

	misuse_must(fp_memory_pin(&memory, &pin));
	span = fp_pin_span(&pin);
	fp_pin_release(&pin);
	misuse_must(fp_owner_dispose(&owner));
	misuse_use(fp_span_at(span, 0));
}

MISUSE(owner_from_exhausted)
{
	struct fp_owners *owners = misuse_owners(1);
	struct fp_owner owner = misuse_owner(owners);

	misuse_answers(fp_owner_rent(owners, 4, &owner));
}

MISUSE(owner_larger_than_block)
{
	struct fp_owner owner;

	misuse_answers(fp_owner_rent(misuse_owners(1), 65, &owner));
}

MISUSE(table_destroyed_with_owner)
{
	struct fp_owners *owners = misuse_owners(2);

	(void)misuse_owner(owners);
	fp_owners_destroy(owners);
}

MISUSE(table_destroyed_twice)
{
	struct fp_owners *owners = misuse_owners(1);

	fp_owners_destroy(owners);
	fp_owners_destroy(owners);
}

/* What is said of a record, and more of what was done before at level full. */
#define RECORD(state, op)                                      \
	"|record # of owners \"misuse\": generation #, " state \
	", # bytes, # pins|rented by lcore #"                  \
	"|last operations, the newest first:|" op " by lcore #, #.# us ago: generation #, # pins"
#define HANDLE(operation, why)                                                                     \
	operation ": the handle of record # of owners \"misuse\" (generation #, ticket #) is over" \
		  ", its owner was " why " (now generation #, ticket #)"
#define LATE_HANDLE(operation, why, state, op) ALL(PANICS(HANDLE(operation, why) RECORD(state, op)))
#define EMPTY_HANDLE(operation) \
	ALL(PANICS(operation ": the handle is empty: its owner was disposed"))
#define LATE_SPAN SILENT, SILENT, PANICS(LATE RECORD("free", "disposed"))
#define LATE_PIN(how)                                                                          \
	ALL(PANICS("unpin: a pin of record # of owners \"misuse\" (generation #) was released" \
		   " before (" how ")" RECORD("live", "unpinned")))

const struct misuse misuse_owner_rows[] = {
	ROW(memory_after_dispose, ALL(ANSWERS("-ESTALE")), NOT_POISONED),
	ROW(memory_after_new_tenant, ALL(ANSWERS("-ESTALE")), NOT_POISONED),
	ROW(memory_after_table_destroyed, ALL(ANSWERS("-ESTALE")), NOT_POISONED),
	ROW(memory_slice_past_end, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(memory_of_empty_owner, EMPTY_HANDLE("memory"), NOT_POISONED),
	ROW(memory_of_disposed_owner, LATE_HANDLE("memory", "disposed before", "free", "disposed"),
		NOT_POISONED),
	ROW(span_after_dispose, LATE_SPAN, POISONED),
	ROW(span_after_dispose_of_wrapped, SILENT, SILENT,
		PANICS(LATE "|record # of owners \"misuse\": generation #, free|wrapped by lcore #"
			    "|disposed by lcore #"),
		POISONED),
	ROW(dispose_while_pinned, ALL(ANSWERS("-EBUSY")), NOT_POISONED),
	ROW(dispose_twice, LATE_HANDLE("dispose", "disposed before", "free", "disposed"),
		NOT_POISONED),
	ROW(dispose_of_next_tenant, LATE_HANDLE("dispose", "disposed before", "live", "rented"),
		NOT_POISONED),
	ROW(dispose_after_transfer,
		LATE_HANDLE("dispose", "transferred before", "live", "transferred"), NOT_POISONED),
	ROW(dispose_after_table_destroyed,
		ALL(PANICS("dispose: the handle's record|is of no table of owners that exists")),
		NOT_POISONED),
	ROW(transfer_after_dispose, LATE_HANDLE("transfer", "disposed before", "free", "disposed"),
		NOT_POISONED),
	ROW(transfer_of_empty_owner, EMPTY_HANDLE("transfer"), NOT_POISONED),
	ROW(pin_after_dispose, ALL(ANSWERS("-ESTALE")), NOT_POISONED),
	/* Allowed: a place that cleans up may not know what another did. */
	ROW(unpin_twice, ALL(SILENT), NOT_POISONED),
	ROW(unpin_three_times, LATE_PIN("twice through this variable"), NOT_POISONED),
	ROW(unpin_copy, LATE_PIN("through a copy"), NOT_POISONED),
	ROW(span_of_released_pin, ALL(PANICS("slice [0, +1) of a view of 0 bytes")), NOT_POISONED),
	ROW(pin_span_after_dispose, LATE_SPAN, POISONED),
	ROW(owner_from_exhausted, ALL(ANSWERS("-ENOBUFS")), NOT_POISONED),
	ROW(owner_larger_than_block, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(table_destroyed_with_owner,
		ALL(PANICS("owners \"misuse\" are destroyed while 1 of them live" RECORD(
			"live", "rented"))),
		NOT_POISONED),
	ROW(table_destroyed_twice, ALL(PANICS("are destroyed twice, or were never created")),
		NOT_POISONED),
};
const size_t misuse_owner_count = RTE_DIM(misuse_owner_rows);
