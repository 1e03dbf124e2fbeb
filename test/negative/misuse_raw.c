/* SPDX-License-Identifier: BSD-3-Clause */

/* Raw pointers. No level can see them: AddressSanitizer does where memory is poisoned. */

#include "misuse.h"

/* An access that the compiler keeps. */
static void
read_byte(const uint8_t *at)
{
	misuse_use(*(const volatile uint8_t *)at);
}

static void
write_byte(uint8_t *at)
{
	*(volatile uint8_t *)at = 7;
}

static uint8_t *
data_of(const struct fp_lease *lease)
{
	return rte_pktmbuf_mtod(lease->mbuf, uint8_t *);
}

MISUSE(raw_read_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	const uint8_t *data = data_of(&lease);

	fp_lease_release(&lease);
	read_byte(data);
}

MISUSE(raw_write_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	uint8_t *data = data_of(&lease);

	fp_lease_release(&lease);
	write_byte(data + MISUSE_BYTES - 1);
}

MISUSE(raw_read_after_release_in_burst)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	const uint8_t *data = data_of(&lease);

	fp_lease_release_burst(&lease, 1, rte_rdtsc());
	read_byte(data);
}

MISUSE(raw_read_never_rented)
{
	struct fp_pool *pool = misuse_pool(2);
	struct fp_lease lease = misuse_rent(pool);
	struct rte_mbuf *other = fpi_pool_mbuf(pool, 1 - fpi_pool_index(pool, lease.mbuf));

	read_byte(rte_pktmbuf_mtod(other, const uint8_t *));
}

MISUSE(raw_read_past_data)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));

	read_byte(data_of(&lease) + MISUSE_BYTES);
}

MISUSE(raw_write_past_data)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));

	write_byte(data_of(&lease) + MISUSE_BYTES);
}

MISUSE(raw_write_before_data)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));

	write_byte(data_of(&lease) - 1);
}

MISUSE(raw_read_of_clone_after_all)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	const uint8_t *data = data_of(&lease);
	struct fp_lease clone;

	misuse_must(fp_lease_clone(&lease, misuse_pool_named("clones", 1), rte_rdtsc(), &clone));
	fp_lease_release(&lease);
	fp_lease_release(&clone);
	read_byte(data);
}

MISUSE(raw_read_after_split_released)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	const uint8_t *data = data_of(&lease);
	struct fp_lease rest;

	misuse_must(fp_lease_split(&lease, 8, &rest));
	fp_lease_release(&rest);
	read_byte(data + 8);
}

MISUSE(raw_write_after_reset)
{
	struct fp_arena *arena = misuse_arena();
	uint8_t *data = misuse_take(arena).data;

	fp_arena_reset(arena);
	write_byte(data);
}

MISUSE(raw_write_after_mark)
{
	struct fp_arena *arena = misuse_arena();
	struct fp_mark mark = fp_arena_mark(arena);
	uint8_t *data = misuse_take(arena).data;

	fp_arena_release(arena, mark);
	write_byte(data);
}

MISUSE(raw_write_past_arena_span)
{
	struct fp_span span = misuse_take(misuse_arena());

	write_byte(span.data + span.len);
}

MISUSE(raw_write_past_guarded_arena)
{
	struct fp_arena *arena = misuse_arena_named("misuse", FP_ARENA_F_GUARD);

	write_byte(arena->base + arena->cap);
}

MISUSE(raw_array_past_end)
{
	struct fp_array array;

	misuse_must(FP_ARENA_TAKE(misuse_arena(), uint64_t, 4, &array));
	write_byte((uint8_t *)(FP_ARRAY_AT(array, uint64_t, 3) + 1));
}

MISUSE(raw_write_after_dispose)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_memory memory = fp_owner_memory(&owner);
	struct fp_span span;

	misuse_must(fp_memory_span(&memory, &span));
	misuse_must(fp_owner_dispose(&owner));
	write_byte(span.data);
}

MISUSE(raw_write_past_owner)
{
	struct fp_owner owner = misuse_owner(misuse_owners(2));
	struct fp_memory memory = fp_owner_memory(&owner);
	struct fp_span span;

	misuse_must(fp_memory_span(&memory, &span));
	write_byte(span.data + span.len);
}

MISUSE(raw_pin_address_after_dispose)
{
	struct fp_owner owner = misuse_owner(misuse_owners(1));
	struct fp_memory memory = fp_owner_memory(&owner);
	struct fp_pin pin;
	uint8_t *address;

	misuse_must(fp_memory_pin(&memory, &pin));
	address = pin.address;
	fp_pin_release(&pin);
	misuse_must(fp_owner_dispose(&owner));
	write_byte(address);
}

const struct misuse misuse_raw_rows[] = {
	ROW(raw_read_after_release, ALL(SILENT), POISONED),
	ROW(raw_write_after_release, ALL(SILENT), POISONED),
	ROW(raw_read_after_release_in_burst, ALL(SILENT), POISONED),
	ROW(raw_read_never_rented, ALL(SILENT), POISONED),
	ROW(raw_read_past_data, ALL(SILENT), POISONED),
	ROW(raw_write_past_data, ALL(SILENT), POISONED),
	ROW(raw_write_before_data, ALL(SILENT), POISONED),
	ROW(raw_read_of_clone_after_all, ALL(SILENT), POISONED),
	/* The buffer is still leased: poison knows buffers, not windows. */
	ROW(raw_read_after_split_released, ALL(SILENT), NOT_POISONED),
	ROW(raw_write_after_reset, ALL(SILENT), POISONED),
	ROW(raw_write_after_mark, ALL(SILENT), POISONED),
	ROW(raw_write_past_arena_span, ALL(SILENT), POISONED),
	ROW(raw_write_past_guarded_arena, ALL(FAULTS), NOT_POISONED),
	ROW(raw_array_past_end, ALL(SILENT), POISONED),
	ROW(raw_write_after_dispose, ALL(SILENT), POISONED),
	ROW(raw_write_past_owner, ALL(SILENT), POISONED),
	ROW(raw_pin_address_after_dispose, ALL(SILENT), POISONED),
};
const size_t misuse_raw_count = RTE_DIM(misuse_raw_rows);
