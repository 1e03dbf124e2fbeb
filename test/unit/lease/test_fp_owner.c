/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Owners: tables, renting, wrapping, and that each owner is disposed or transferred, once.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_malloc.h>

#include <cmocka.h>

#include "fp_owner.h"
#include "fp_poison.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"
#include "fpi_owner.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define RECORDS   4
#define BLOCK     100
#define PAGE      4096UL
#define BUFFERS   7
#define WINDOW    60
#define CHURN     100
#define EXIT_SKIP 77

static struct fp_owners *owners;
static struct fp_pool *pool;

static struct fp_owners *
create(const char *name, uint32_t count, uint32_t block_bytes)
{
	struct fp_owners_params params = { name, count, block_bytes, SOCKET_ID_ANY };
	struct fp_owners *created;

	assert_int_equal(fp_owners_create(&params, &created), 0);
	assert_non_null(created);
	return created;
}

static int
create_table(void **state)
{
	struct fp_pool_params params = { "pool", BUFFERS, 512, 0, SOCKET_ID_ANY };

	(void)state;
	owners = create("tested", RECORDS, BLOCK);
	return fp_pool_create(&params, &pool);
}

static int
destroy_table(void **state)
{
	bool is_conserved = fp_pool_held(pool) == 0;

	(void)state;
	fp_owners_destroy(owners);
	fp_pool_destroy(pool);
	return is_conserved ? 0 : -1;
}

static struct fp_owner
rent(uint32_t len)
{
	struct fp_owner owner;

	assert_int_equal(fp_owner_rent(owners, len, &owner), 0);
	assert_false(fp_owner_is_empty(&owner));
	return owner;
}

static void
dispose(struct fp_owner *owner)
{
	assert_int_equal(fp_owner_dispose(owner), 0);
	assert_true(fp_owner_is_empty(owner));
}

static struct fp_span
span_of(const struct fp_owner *owner)
{
	struct fp_memory memory = fp_owner_memory(owner);
	struct fp_span span;

	assert_int_equal(fp_memory_span(&memory, &span), 0);
	return span;
}

static struct fp_lease
lease_of(const char *text)
{
	struct fp_lease lease;

	assert_int_equal(fp_lease_rent(pool, WINDOW, 0, &lease), 0);
	memset(fp_lease_writable(&lease).data, 0, WINDOW);
	memcpy(fp_lease_writable(&lease).data, text, strlen(text));
	return lease;
}

static size_t
heap_used(void)
{
	struct rte_malloc_socket_stats stats;

	assert_int_equal(rte_malloc_get_socket_stats(0, &stats), 0);
	return stats.heap_allocsz_bytes;
}

static void
create_refuses_parameters_out_of_range(void **state)
{
	static const struct fp_owners_params bad[] = {
		{ NULL, 1, 1, SOCKET_ID_ANY },
		{ "", 1, 1, SOCKET_ID_ANY },
		{ "a_name_of_24_characters_", 1, 1, SOCKET_ID_ANY },
		{ "more", 0, 1, SOCKET_ID_ANY },
		{ "more", FP_OWNERS_RECORDS_MAX + 1, 1, SOCKET_ID_ANY },
		{ "more", UINT32_MAX, 1, SOCKET_ID_ANY },
		{ "more", 1, FP_OWNERS_BLOCK_MAX + 1, SOCKET_ID_ANY },
		{ "more", 1, UINT32_MAX, SOCKET_ID_ANY },
	};
	struct fp_owners *created;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		created = owners;
		assert_int_equal(fp_owners_create(&bad[i], &created), -EINVAL);
		assert_null(created);
	}
	assert_int_equal(fp_owners_create(NULL, &created), -EINVAL);
	created = create("a_name_of_23_characters", 1, 0);
	assert_string_equal(fp_owners_name(created), "a_name_of_23_characters");
	fp_owners_destroy(created);
	fp_owners_destroy(NULL);
}

static void
a_name_is_taken_once_and_memory_may_be_missing(void **state)
{
	static const struct fp_owners_params large[] = {
		{ "large", FP_OWNERS_RECORDS_MAX, FP_OWNERS_BLOCK_MAX, SOCKET_ID_ANY },
		{ "large", 1, FP_OWNERS_BLOCK_MAX, SOCKET_ID_ANY },
	};
	struct fp_owners_params same = { "tested", 1, 1, SOCKET_ID_ANY };
	size_t before = heap_used();
	struct fp_owners *created;

	(void)state;
	assert_int_equal(fp_owners_create(&same, &created), -EEXIST);
	assert_null(created);
	for (size_t i = 0; i < COUNT(large); i++) {
		assert_int_equal(fp_owners_create(&large[i], &created), -ENOMEM);
		assert_null(created);
	}
	assert_true(heap_used() == before);
}

static void
destroy_gives_all_memory_back(void **state)
{
	size_t before = heap_used();

	(void)state;
	for (uint32_t i = 1; i <= CHURN; i++) {
		struct fp_owners_params params = { "churned", i, i * 64, SOCKET_ID_ANY };
		uint64_t bytes = fp_owners_bytes(&params);
		struct fp_owners *created = create("churned", i, i * 64);

		assert_true(heap_used() - before >= bytes);
		assert_true(heap_used() - before <= bytes + 2 * PAGE);
		fp_owners_destroy(created);
		assert_true(heap_used() == before);
	}
}

static void
tables_are_listed_until_the_places_are_used_up(void **state)
{
	struct fp_owners_params params = { "too_many", 1, 1, SOCKET_ID_ANY };
	struct fp_owners *created[FP_OWNERS_MAX];
	char name[FP_OWNERS_NAME_BYTES];
	struct fp_owners *more;

	(void)state;
	created[0] = owners;
	for (uint32_t i = 1; i < FP_OWNERS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "more%u", i);
		created[i] = create(name, 1, 1);
	}
	for (uint32_t i = 0; i < FP_OWNERS_MAX; i++)
		assert_ptr_equal(fp_owners_at(i), created[i]);
	assert_null(fp_owners_at(FP_OWNERS_MAX));
	assert_int_equal(fp_owners_create(&params, &more), -ENOMEM);
	assert_null(more);
	for (uint32_t i = 1; i < FP_OWNERS_MAX; i++) {
		fp_owners_destroy(created[i]);
		assert_null(fp_owners_at(i));
	}
}

static void
blocks_are_apart_and_aligned(void **state)
{
	static const uint32_t sizes[] = { 0, 1, 63, 64, 65, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		uintptr_t align = sizes[i] >= PAGE ? PAGE : 64;
		struct fp_owners *table = create("blocks", RECORDS, sizes[i]);
		struct fp_owner held[RECORDS];
		struct fp_owner more;

		for (uint32_t j = 0; j < RECORDS; j++) {
			assert_int_equal(fp_owner_rent(table, sizes[i], &held[j]), 0);
			assert_int_equal((uintptr_t)span_of(&held[j]).data % align, 0);
			memset(span_of(&held[j]).data, (int)j, sizes[i]);
		}
		assert_int_equal(fp_owner_rent(table, sizes[i] + 1, &more), -ERANGE);
		assert_true(fp_owner_is_empty(&more));
		for (uint32_t j = 0; j < RECORDS; j++) {
			struct fp_span span = span_of(&held[j]);

			assert_int_equal(span.len, sizes[i]);
			for (uint32_t at = 0; at < span.len; at++)
				assert_int_equal(span.data[at], j);
			dispose(&held[j]);
		}
		fp_owners_destroy(table);
	}
}

static void
a_full_table_refuses_and_counts(void **state)
{
	struct fp_owners_counters total;
	struct fp_owner held[RECORDS];
	struct fp_owner more = fp_owner_none();

	(void)state;
	for (uint32_t i = 0; i < RECORDS; i++) {
		held[i] = rent(i);
		assert_int_equal(fp_owners_live(owners), i + 1);
	}
	for (uint32_t i = 0; i < RECORDS; i++) {
		more = held[0];
		assert_int_equal(fp_owner_rent(owners, 1, &more), -ENOBUFS);
		assert_true(fp_owner_is_empty(&more));
	}
	for (uint32_t i = 0; i < RECORDS; i++)
		dispose(&held[i]);
	fp_owners_count(owners, &total);
	assert_int_equal(total.rented, RECORDS);
	assert_int_equal(total.disposed, RECORDS);
	assert_int_equal(total.refused, RECORDS);
	assert_int_equal(fp_owners_live(owners), 0);
}

static void
the_record_that_was_free_for_the_longest_is_next(void **state)
{
	struct fp_owner held[RECORDS];
	struct fp_owner next;

	(void)state;
	for (uint32_t i = 0; i < RECORDS; i++)
		held[i] = rent(1);
	for (uint32_t i = RECORDS; i > 0; i--) {
		struct fp_owner_record *record = held[i - 1].record;

		dispose(&held[i - 1]);
		next = rent(1);
		assert_ptr_equal(next.record, record);
		held[i - 1] = next;
	}
	dispose(&held[2]);
	dispose(&held[0]);
	next = rent(1);
	assert_int_equal(next.record - owners->records, 2);
	dispose(&next);
	dispose(&held[1]);
	dispose(&held[3]);
}

static void
a_second_dispose_through_the_same_handle_is_nothing(void **state)
{
	struct fp_owners_counters total;
	struct fp_owner owner = rent(BLOCK);
	struct fp_owner none = fp_owner_none();

	(void)state;
	dispose(&owner);
	dispose(&owner);
	dispose(&none);
	fp_owners_count(owners, &total);
	assert_int_equal(total.disposed, 1);
	assert_int_equal(rte_ring_count(owners->free), RECORDS);
}

static void
transfer_empties_the_handle_and_keeps_memories_and_pins(void **state)
{
	struct fp_owner first = rent(BLOCK);
	struct fp_memory memory = fp_owner_memory(&first);
	struct fp_memory later;
	struct fp_owner second;
	struct fp_span span;
	struct fp_pin pin;

	(void)state;
	assert_int_equal(fp_memory_pin(&memory, &pin), 0);
	second = fp_owner_transfer(&first);
	assert_true(fp_owner_is_empty(&first));
	dispose(&first);
	later = fp_owner_memory(&second);
	assert_true(fp_memory_equal(&memory, &later));
	assert_int_equal(fp_memory_span(&memory, &span), 0);
	assert_ptr_equal(span.data, pin.address);
	assert_int_equal(fp_owner_dispose(&second), -EBUSY);
	assert_false(fp_owner_is_empty(&second));
	first = fp_owner_transfer(&second);
	fp_pin_release(&pin);
	dispose(&first);
	assert_int_equal(fp_memory_span(&memory, &span), -ESTALE);
}

static void
dispose_it(void *arg)
{
	assert_int_equal(fp_owner_dispose(arg), 0);
}

static void
transfer_it(void *arg)
{
	struct fp_owner to = fp_owner_transfer(arg);

	(void)to;
}

static void
ask_for_its_memory(void *arg)
{
	(void)fp_owner_memory(arg);
}

/* Each use of a handle that is over, with a part of the message. */
static void
assert_is_over(struct fp_owner *handle, const char *text)
{
	char message[128];

	(void)snprintf(message, sizeof(message), "dispose: %s", text);
	ASSERT_PANICS(dispose_it, handle, message);
	(void)snprintf(message, sizeof(message), "transfer: %s", text);
	ASSERT_PANICS(transfer_it, handle, message);
	(void)snprintf(message, sizeof(message), "memory: %s", text);
	ASSERT_PANICS(ask_for_its_memory, handle, message);
}

static void
a_copy_kept_beyond_a_transfer_panics(void **state)
{
	struct fp_owner first = rent(BLOCK);
	struct fp_owner copy = first;
	struct fp_owner second = fp_owner_transfer(&first);
	char text[128];

	(void)state;
	(void)snprintf(text, sizeof(text),
		"the handle of record 0 of owners \"tested\" "
		"(generation %u, ticket %u) is over",
		copy.generation, copy.ticket);
	assert_is_over(&copy, text);
	ASSERT_PANICS(dispose_it, &copy, "its owner was transferred before (now");
	ASSERT_PANICS(dispose_it, &copy, "transferred by lcore 0, ");
	ASSERT_PANICS(transfer_it, &first, "transfer: the handle is empty");
	ASSERT_PANICS(ask_for_its_memory, &first, "memory: the handle is empty");
	dispose(&second);
}

static void
a_copy_kept_beyond_a_dispose_panics(void **state)
{
	struct fp_owner owner = rent(BLOCK);
	struct fp_owner copy = owner;
	struct fp_owner held[RECORDS];

	(void)state;
	dispose(&owner);
	assert_is_over(&copy, "the handle of record 0 of owners \"tested\"");
	ASSERT_PANICS(dispose_it, &copy, "its owner was disposed before (now");
	ASSERT_PANICS(transfer_it, &copy, "disposed by lcore 0, ");
	for (uint32_t i = 0; i < RECORDS; i++)
		held[i] = rent(BLOCK);
	assert_ptr_equal(held[RECORDS - 1].record, copy.record);
	assert_is_over(&copy, "the handle of record 0 of owners \"tested\"");
	ASSERT_PANICS(dispose_it, &copy, "rented by lcore 0, ");
	for (uint32_t i = 0; i < RECORDS; i++)
		dispose(&held[i]);
}

static void
a_handle_of_no_table_panics(void **state)
{
	struct fp_owners *table = create("short", 1, 1);
	struct fp_owner owner;
	struct fp_owner copy;

	(void)state;
	assert_int_equal(fp_owner_rent(table, 1, &owner), 0);
	copy = owner;
	dispose(&owner);
	fp_owners_destroy(table);
	assert_is_over(&copy, "the handle's record");
	copy.record = (struct fp_owner_record *)((uint8_t *)owners->records + 8);
	assert_is_over(&copy, "the handle's record");
	copy.record = owners->records + RECORDS;
	assert_is_over(&copy, "the handle's record");
}

static void
tickets_are_told_apart_beyond_the_width_of_the_word(void **state)
{
	struct fp_owner owner = rent(BLOCK);
	struct fp_owner first = owner;

	(void)state;
	for (uint32_t i = 0; i < UINT16_MAX + 1U; i++) {
		struct fp_owner next = fp_owner_transfer(&owner);

		owner = next;
	}
	assert_int_equal(owner.record->word.ticket, first.ticket & UINT16_MAX);
	assert_int_equal(owner.ticket, first.ticket + UINT16_MAX + 1);
	ASSERT_PANICS(dispose_it, &first, "transferred before");
	owner.record->ticket_high = UINT16_MAX;
	owner.record->word.ticket = UINT16_MAX;
	owner.ticket = UINT32_MAX;
	first = owner;
	owner = fp_owner_transfer(&first);
	assert_int_equal(owner.ticket, 0);
	assert_int_equal(fp_owner_memory(&owner).len, BLOCK);
	first = owner;
	owner = fp_owner_transfer(&first);
	assert_int_equal(owner.ticket, 1);
	dispose(&owner);
}

static void
generations_go_on_when_they_wrap(void **state)
{
	struct fp_owners *table = create("wraps", 1, BLOCK);
	uint32_t before = table->records[0].word.generation;
	struct fp_memory memories[3];
	struct fp_owner owner;
	struct fp_span span;

	(void)state;
	table->records[0].word.generation = UINT32_MAX - 3;
	for (size_t i = 0; i < COUNT(memories); i++) {
		assert_int_equal(fp_owner_rent(table, BLOCK, &owner), 0);
		memories[i] = fp_owner_memory(&owner);
		for (size_t j = 0; j <= i; j++) {
			assert_int_equal(fp_memory_span(&memories[j], &span), j == i ? 0 : -ESTALE);
		}
		dispose(&owner);
		assert_int_equal(fp_memory_span(&memories[i], &span), -ESTALE);
	}
	assert_int_equal(memories[1].generation, UINT32_MAX);
	assert_int_equal(memories[2].generation, 1);
	/* The next table begins behind this one, as far as that goes. */
	table->records[0].word.generation = before;
	fp_owners_destroy(table);
}

static void
a_table_made_anew_does_not_know_the_memories_of_the_old_one(void **state)
{
	struct fp_memory old[CHURN];

	(void)state;
	for (uint32_t i = 0; i < CHURN; i++) {
		struct fp_owners *table = create("anew", 1, BLOCK);
		struct fp_owner owner;
		struct fp_span span;
		struct fp_pin pin;

		assert_int_equal(fp_owner_rent(table, BLOCK, &owner), 0);
		old[i] = fp_owner_memory(&owner);
		for (uint32_t j = 0; j < i; j++) {
			assert_ptr_equal(old[j].record, old[i].record);
			assert_int_equal(fp_memory_span(&old[j], &span), -ESTALE);
			assert_int_equal(fp_memory_pin(&old[j], &pin), -ESTALE);
		}
		dispose(&owner);
		fp_owners_destroy(table);
		assert_int_equal(fp_memory_span(&old[i], &span), -ESTALE);
		assert_int_equal(fp_memory_pin(&old[i], &pin), -ESTALE);
	}
}

static void
wrap_takes_the_window_of_a_lease(void **state)
{
	struct fp_lease lease = lease_of("0123456789");
	const uint8_t *data = fp_lease_span(&lease).data;
	rte_iova_t iova = rte_mbuf_data_iova(lease.mbuf);
	struct fp_owners_counters total;
	struct fp_memory memory;
	struct fp_owner owner;
	struct fp_pin pin;

	(void)state;
	assert_int_equal(fp_lease_slice(&lease, 3, 4), 0);
	assert_int_equal(fp_owner_wrap(owners, &lease, &owner), 0);
	assert_true(fp_lease_is_empty(&lease));
	assert_int_equal(fp_pool_held(pool), 1);
	memory = fp_owner_memory(&owner);
	assert_int_equal(memory.len, 4);
	assert_ptr_equal(span_of(&owner).data, data + 3);
	assert_memory_equal(span_of(&owner).data, "3456", 4);
	assert_int_equal(fp_memory_slice(&memory, 1, 2, &memory), 0);
	assert_int_equal(fp_memory_pin(&memory, &pin), 0);
	assert_ptr_equal(pin.address, data + 4);
	assert_true(pin.iova == iova + 4);
	assert_int_equal(fp_owner_dispose(&owner), -EBUSY);
	assert_int_equal(fp_pool_held(pool), 1);
	fp_pin_release(&pin);
	dispose(&owner);
	assert_int_equal(fp_pool_held(pool), 0);
	fp_owners_count(owners, &total);
	assert_int_equal(total.wrapped, 1);
	assert_int_equal(total.rented, 0);
	assert_int_equal(total.disposed, 1);
	assert_int_equal(total.busy, 1);
}

static void
a_record_rents_and_wraps_in_turn(void **state)
{
	struct fp_owners *table = create("turns", 1, BLOCK);
	const uint8_t *block = NULL;

	(void)state;
	for (uint32_t i = 0; i < CHURN; i++) {
		struct fp_lease lease = lease_of("wrapped");
		const uint8_t *window = fp_lease_span(&lease).data;
		struct fp_owner owner;

		assert_int_equal(fp_owner_wrap(table, &lease, &owner), 0);
		assert_ptr_equal(span_of(&owner).data, window);
		dispose(&owner);
		assert_int_equal(fp_pool_held(pool), 0);
		assert_int_equal(fp_owner_rent(table, BLOCK, &owner), 0);
		block = block == NULL ? span_of(&owner).data : block;
		assert_ptr_equal(span_of(&owner).data, block);
		dispose(&owner);
	}
	fp_owners_destroy(table);
}

static void
wrap_holds_a_shared_buffer_among_others(void **state)
{
	struct fp_lease lease = lease_of("shared");
	struct fp_cmemory memory;
	struct fp_memory whole;
	struct fp_lease other;
	struct fp_owner owner;
	struct fp_cspan span;

	(void)state;
	assert_int_equal(fp_lease_share(&lease, &other), 0);
	assert_int_equal(fp_owner_wrap(owners, &lease, &owner), 0);
	fp_lease_release(&other);
	assert_int_equal(fp_pool_held(pool), 1);
	whole = fp_owner_memory(&owner);
	memory = fp_memory_const(&whole);
	assert_int_equal(fp_cmemory_span(&memory, &span), 0);
	assert_memory_equal(span.data, "shared", 6);
	dispose(&owner);
	assert_int_equal(fp_pool_held(pool), 0);
}

static void
a_refused_wrap_releases_the_lease(void **state)
{
	struct fp_owner held[RECORDS];
	struct fp_owners_counters total;
	struct fp_owner owner;
	struct fp_lease lease;

	(void)state;
	lease = lease_of("too long");
	lease.len = WINDOW + 1; /* beyond the first segment */
	assert_int_equal(fp_owner_wrap(owners, &lease, &owner), -ERANGE);
	assert_true(fp_lease_is_empty(&lease));
	assert_true(fp_owner_is_empty(&owner));
	lease = lease_of("too long");
	lease.off = WINDOW;
	lease.len = 1;
	assert_int_equal(fp_owner_wrap(owners, &lease, &owner), -ERANGE);
	lease = lease_of("at the end");
	lease.off = WINDOW;
	lease.len = 0;
	assert_int_equal(fp_owner_wrap(owners, &lease, &held[0]), 0);
	assert_non_null(span_of(&held[0]).data);
	for (uint32_t i = 1; i < RECORDS; i++)
		held[i] = rent(1);
	lease = lease_of("refused");
	assert_int_equal(fp_owner_wrap(owners, &lease, &owner), -ENOBUFS);
	assert_true(fp_lease_is_empty(&lease));
	assert_true(fp_owner_is_empty(&owner));
	assert_int_equal(fp_pool_held(pool), 1);
	fp_owners_count(owners, &total);
	assert_int_equal(total.refused, 1);
	for (uint32_t i = 0; i < RECORDS; i++)
		dispose(&held[i]);
}

/* fpcheck: allow R-04-01 because this panics, and its caller wants it to */
static void
wrap_it(void *arg)
{
	struct fp_owner owner;

	assert_int_equal(fp_owner_wrap(owners, arg, &owner), 0);
}

static void
a_lease_that_is_over_cannot_be_wrapped(void **state)
{
	struct fp_lease lease = fp_lease_none();

	(void)state;
	ASSERT_PANICS(wrap_it, &lease, "wrap: the lease is empty");
#if FP_LIFETIME >= FP_LIFETIME_REF
	struct fp_lease copy;

	lease = lease_of("over");
	copy = lease;
	fp_lease_release(&lease);
	ASSERT_PANICS(wrap_it, &copy, "wrap: the lease of buffer ");
#endif
}

static void
live_owners_are_listed_with_what_they_hold(void **state)
{
	struct fp_owner_holder holders[RECORDS];
	struct fp_lease lease = lease_of("listed");
	struct fp_owner held[RECORDS];
	struct fp_memory memory;
	struct fp_pin pins[2];

	(void)state;
	held[0] = rent(5);
	held[1] = rent(0);
	assert_int_equal(fp_owner_wrap(owners, &lease, &held[2]), 0);
	held[3] = rent(BLOCK);
	dispose(&held[1]);
	memory = fp_owner_memory(&held[2]);
	assert_int_equal(fp_memory_pin(&memory, &pins[0]), 0);
	assert_int_equal(fp_memory_pin(&memory, &pins[1]), 0);
	assert_int_equal(fp_owners_holders(owners, 0, holders, RECORDS), 3);
	assert_int_equal(holders[0].record_idx, 0);
	assert_int_equal(holders[0].len, 5);
	assert_int_equal(holders[0].generation, held[0].generation);
	assert_int_equal(holders[0].origin, FP_OWNER_RENTED);
	assert_int_equal(holders[0].op, FP_OWNER_RENTED);
	assert_int_equal(holders[0].lcore, 0);
	assert_int_equal(holders[1].record_idx, 2);
	assert_int_equal(holders[1].len, WINDOW);
	assert_int_equal(holders[1].pins, 2);
	assert_int_equal(holders[1].origin, FP_OWNER_WRAPPED);
	assert_int_equal(holders[1].op, FP_OWNER_PINNED);
	assert_int_equal(holders[2].record_idx, 3);
	assert_true(holders[2].tsc > holders[0].tsc);
	assert_int_equal(fp_owners_holders(owners, 1, holders, 1), 1);
	assert_int_equal(holders[0].record_idx, 2);
	assert_int_equal(fp_owners_holders(owners, 4, holders, 1), 0);
	fp_pin_release(&pins[0]);
	fp_pin_release(&pins[1]);
	for (uint32_t i = 0; i < RECORDS; i++)
		dispose(&held[i]);
	assert_int_equal(fp_owners_holders(owners, 0, holders, RECORDS), 0);
}

static void
operations_have_names_of_their_own(void **state)
{
	(void)state;
	for (unsigned int op = 0; op <= FP_OWNER_DISPOSED; op++) {
		for (unsigned int other = 0; other < op; other++) {
			assert_string_not_equal(
				fp_owner_op_name((uint8_t)op), fp_owner_op_name((uint8_t)other));
		}
		assert_string_not_equal(fp_owner_op_name((uint8_t)op), "unknown");
	}
	assert_string_equal(fp_owner_op_name(FP_OWNER_DISPOSED + 1), "unknown");
	assert_string_equal(fp_owner_op_name(UINT8_MAX), "unknown");
}

static void
destroy_it(void *arg)
{
	fp_owners_destroy(arg);
}

static void
a_table_with_live_owners_is_not_destroyed(void **state)
{
	struct fp_owners *table = create("leaky", 40, BLOCK);
	struct fp_owner held[20];
	struct fp_memory memory;
	struct fp_pin pin;

	(void)state;
	for (uint32_t i = 0; i < COUNT(held); i++)
		assert_int_equal(fp_owner_rent(table, i, &held[i]), 0);
	memory = fp_owner_memory(&held[7]);
	assert_int_equal(fp_memory_pin(&memory, &pin), 0);
	ASSERT_PANICS(destroy_it, table, "owners \"leaky\" are destroyed while 20 of them live");
	ASSERT_PANICS(destroy_it, table, "record 7 of owners \"leaky\"");
	ASSERT_PANICS(destroy_it, table, "live, 7 bytes, 1 pins");
	ASSERT_PANICS(destroy_it, table, "record 15 of owners \"leaky\"");
	ASSERT_PANICS(destroy_it, table, "and 4 more");
	fp_pin_release(&pin);
	for (uint32_t i = 0; i < COUNT(held); i++)
		dispose(&held[i]);
	fp_owners_destroy(table);
	ASSERT_PANICS(destroy_it, table, "destroyed twice, or were never created");
}

#if FP_HAS_ASAN

static void
read_it(void *arg)
{
	const uint8_t *data = arg;
	uint8_t value = fp_load_relaxed_bool((const bool *)data);

	(void)value;
}

static void
a_pointer_beyond_a_rental_is_found(void **state)
{
	struct fp_owner owner = rent(13);
	uint8_t *data = span_of(&owner).data;

	(void)state;
	memset(data, 0, 13);
	ASSERT_ASAN_STOPS(read_it, data + 13);
	ASSERT_ASAN_STOPS(read_it, data + BLOCK);
	dispose(&owner);
	ASSERT_ASAN_STOPS(read_it, data);
	owner = rent(14);
	ASSERT_ASAN_STOPS(read_it, data);
	dispose(&owner);
}

#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_table, destroy_table)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(create_refuses_parameters_out_of_range),
		TEST(a_name_is_taken_once_and_memory_may_be_missing),
		TEST(destroy_gives_all_memory_back),
		TEST(tables_are_listed_until_the_places_are_used_up),
		TEST(blocks_are_apart_and_aligned),
		TEST(a_full_table_refuses_and_counts),
		TEST(the_record_that_was_free_for_the_longest_is_next),
		TEST(a_second_dispose_through_the_same_handle_is_nothing),
		TEST(transfer_empties_the_handle_and_keeps_memories_and_pins),
		TEST(a_copy_kept_beyond_a_transfer_panics),
		TEST(a_copy_kept_beyond_a_dispose_panics),
		TEST(a_handle_of_no_table_panics),
		TEST(tickets_are_told_apart_beyond_the_width_of_the_word),
		TEST(generations_go_on_when_they_wrap),
		TEST(a_table_made_anew_does_not_know_the_memories_of_the_old_one),
		TEST(wrap_takes_the_window_of_a_lease),
		TEST(a_record_rents_and_wraps_in_turn),
		TEST(wrap_holds_a_shared_buffer_among_others),
		TEST(a_refused_wrap_releases_the_lease),
		TEST(a_lease_that_is_over_cannot_be_wrapped),
		TEST(live_owners_are_listed_with_what_they_hold),
		TEST(operations_have_names_of_their_own),
		TEST(a_table_with_live_owners_is_not_destroyed),
#if FP_HAS_ASAN
		TEST(a_pointer_beyond_a_rental_is_found),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_owner", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
