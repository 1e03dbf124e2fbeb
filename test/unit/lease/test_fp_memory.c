/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Memories and pins: bounds, staleness, and that what is pinned stays.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_memory.h>

#include <cmocka.h>

#include "fp_memory.h"
#include "fp_owner.h"
#include "fp_poison.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"
#include "fpi_owner.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define RECORDS   2
#define BLOCK     8192
#define SMALL     12
#define EXIT_SKIP 77

static struct fp_owners *owners;
static struct fp_owner owner;
static struct fp_memory memory; /* of owner, all of it */

static int
rent_all(void **state)
{
	struct fp_owners_params params = { "tested", RECORDS, BLOCK, SOCKET_ID_ANY };

	(void)state;
	if (fp_owners_create(&params, &owners) != 0 || fp_owner_rent(owners, BLOCK, &owner) != 0)
		return -1;
	memory = fp_owner_memory(&owner);
	for (uint32_t i = 0; i < BLOCK; i++)
		((uint8_t *)owner.record->data)[i] = (uint8_t)(i * 7 + (i >> 8));
	return 0;
}

static int
dispose_all(void **state)
{
	int error = fp_owner_dispose(&owner);

	(void)state;
	if (error == 0)
		fp_owners_destroy(owners);
	return error;
}

/* A part that lies in the memory. */
static struct fp_memory
part_of(const struct fp_memory *whole, uint32_t off, uint32_t len)
{
	struct fp_memory part = fp_memory_none();

	assert_int_equal(fp_memory_slice(whole, off, len, &part), 0);
	return part;
}

/* End the owner and fill its record with another tenant. */
static void
replace_tenant(void)
{
	struct fp_owner_record *record = owner.record;
	struct fp_owner other;

	assert_int_equal(fp_owner_dispose(&owner), 0);
	assert_int_equal(fp_owner_rent(owners, BLOCK, &other), 0);
	assert_int_equal(fp_owner_rent(owners, BLOCK, &owner), 0);
	assert_ptr_equal(owner.record, record);
	assert_int_equal(fp_owner_dispose(&other), 0);
}

static void
the_empty_memory_is_of_nobody(void **state)
{
	struct fp_memory none = fp_memory_none();
	struct fp_cmemory cnone = fp_cmemory_none();
	struct fp_cmemory view = fp_memory_const(&none);
	struct fp_cspan cspan = fp_cspan_over("x", 1);
	struct fp_memory zero;
	struct fp_span span;
	struct fp_pin pin;

	(void)state;
	memset(&zero, 0, sizeof(zero));
	assert_true(fp_memory_equal(&none, &zero));
	assert_true(fp_cmemory_equal(&cnone, &view));
	assert_true(fp_memory_is_empty(&none));
	assert_true(fp_cmemory_is_empty(&cnone));
	assert_int_equal(fp_memory_span(&zero, &span), 0);
	assert_null(span.data);
	assert_int_equal(span.len, 0);
	assert_int_equal(fp_cmemory_span(&cnone, &cspan), 0);
	assert_null(cspan.data);
	assert_int_equal(cspan.len, 0);
	zero = part_of(&none, 0, 0);
	assert_int_equal(fp_memory_slice(&none, 0, 1, &zero), -ERANGE);
	assert_int_equal(fp_memory_slice(&none, 1, 0, &zero), -ERANGE);
	assert_int_equal(fp_memory_pin(&none, &pin), 0);
	assert_null(pin.address);
	for (int i = 0; i < 5; i++)
		fp_pin_release(&pin);
	assert_int_equal(fp_cmemory_copy(&cnone, &none), 0);
	assert_int_equal(fp_cmemory_copy(&cnone, &memory), 0);
}

static void
every_slice_of_a_small_memory_is_in_bounds_or_refused(void **state)
{
	struct fp_memory small;
	uint32_t count = 0;

	(void)state;
	small = part_of(&memory, 5, SMALL);
	for (uint32_t off = 0; off <= SMALL + 1; off++) {
		for (uint32_t len = 0; len <= SMALL + 1; len++) {
			struct fp_cmemory csmall = fp_memory_const(&small);
			struct fp_memory out = fp_memory_none();
			struct fp_cmemory cout = fp_cmemory_none();
			int expected = off + len <= SMALL ? 0 : -ERANGE;
			struct fp_span span;

			assert_int_equal(fp_memory_slice(&small, off, len, &out), expected);
			assert_int_equal(fp_cmemory_slice(&csmall, off, len, &cout), expected);
			if (expected != 0) {
				assert_null(out.record);
				assert_null(cout.record);
				continue;
			}
			assert_int_equal(fp_memory_span(&out, &span), 0);
			assert_ptr_equal(span.data, (uint8_t *)owner.record->data + 5 + off);
			assert_int_equal(span.len, len);
			assert_int_equal(fp_memory_is_empty(&out), len == 0);
			csmall = fp_memory_const(&out);
			assert_true(fp_cmemory_equal(&csmall, &cout));
			count++;
		}
	}
	assert_int_equal(count, (SMALL + 1) * (SMALL + 2) / 2);
}

static void
bounds_do_not_overflow(void **state)
{
	static const uint32_t bad[][2] = { { UINT32_MAX, 1 }, { 1, UINT32_MAX },
		{ UINT32_MAX, UINT32_MAX }, { BLOCK, 1 }, { BLOCK + 1, 0 },
		{ INT32_MAX, INT32_MAX }, { 0, UINT32_MAX }, { (uint32_t)-1, 2 },
		{ BLOCK, UINT32_MAX - BLOCK + 1 } };
	struct fp_memory out = memory;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(fp_memory_slice(&memory, bad[i][0], bad[i][1], &out), -ERANGE);
	assert_true(fp_memory_equal(&memory, &out));
	out = part_of(&memory, BLOCK, 0);
}

static void
equality_is_of_place_not_content(void **state)
{
	struct fp_owner second;
	struct fp_memory other;
	struct fp_memory a;
	struct fp_memory b;

	(void)state;
	assert_int_equal(fp_owner_rent(owners, BLOCK, &second), 0);
	other = fp_owner_memory(&second);
	assert_false(fp_memory_equal(&memory, &other));
	a = part_of(&memory, 1, 0);
	b = part_of(&memory, 2, 0);
	assert_false(fp_memory_equal(&a, &b));
	b = part_of(&memory, 1, 1);
	assert_false(fp_memory_equal(&a, &b));
	b = part_of(&b, 0, 0);
	assert_true(fp_memory_equal(&a, &b));
	b.generation += 2;
	assert_false(fp_memory_equal(&a, &b));
	assert_int_equal(fp_owner_dispose(&second), 0);
}

static void
a_memory_shows_what_was_written_through_another(void **state)
{
	struct fp_cmemory view = fp_memory_const(&memory);
	struct fp_cspan cspan;
	struct fp_span span;

	(void)state;
	assert_int_equal(fp_memory_span(&memory, &span), 0);
	memset(span.data, 0x5a, span.len);
	assert_int_equal(fp_cmemory_slice(&view, BLOCK - 3, 3, &view), 0);
	assert_int_equal(fp_cmemory_span(&view, &cspan), 0);
	assert_memory_equal(cspan.data, "ZZZ", 3);
}

static void
a_memory_is_stale_once_its_owner_is_disposed(void **state)
{
	struct fp_memory empty_part;
	struct fp_cmemory view = fp_memory_const(&memory);
	struct fp_owner other = fp_owner_none();
	struct fp_cspan cspan;
	struct fp_span span;
	struct fp_pin pin;

	(void)state;
	empty_part = part_of(&memory, BLOCK, 0);
	assert_int_equal(fp_memory_span(&empty_part, &span), 0);
	assert_non_null(span.data);
	assert_int_equal(fp_owner_dispose(&owner), 0);
	for (int round = 0; round < 2; round++) {
		span = fp_span_over(&view, 1);
		assert_int_equal(fp_memory_span(&memory, &span), -ESTALE);
		assert_null(span.data);
		assert_int_equal(span.len, 0);
		assert_int_equal(fp_memory_span(&empty_part, &span), -ESTALE);
		assert_int_equal(fp_cmemory_span(&view, &cspan), -ESTALE);
		assert_int_equal(fp_memory_pin(&memory, &pin), -ESTALE);
		assert_null(pin.address);
		fp_pin_release(&pin);
		assert_int_equal(fp_cmemory_pin(&view, &pin), -ESTALE);
		assert_int_equal(fp_memory_pin(&empty_part, &pin), -ESTALE);
		/* Taking a part does not ask the owner. */
		empty_part = part_of(&memory, 1, 1);
		/* And now with another tenant in the same record. */
		if (round == 0) {
			assert_int_equal(fp_owner_rent(owners, BLOCK, &other), 0);
			assert_int_equal(fp_owner_rent(owners, BLOCK, &owner), 0);
			assert_ptr_equal(owner.record, memory.record);
		}
	}
	assert_int_equal(fp_owner_dispose(&other), 0);
}

static void
an_old_memory_does_not_see_the_new_tenant(void **state)
{
	struct fp_memory old[64];
	struct fp_span span;
	struct fp_pin pin;

	(void)state;
	for (size_t i = 0; i < COUNT(old); i++) {
		old[i] = fp_owner_memory(&owner);
		assert_ptr_equal(old[i].record, old[0].record);
		for (size_t j = 0; j <= i; j++) {
			int expected = i == j ? 0 : -ESTALE;

			assert_int_equal(fp_memory_span(&old[j], &span), expected);
			assert_int_equal(fp_memory_pin(&old[j], &pin), expected);
			fp_pin_release(&pin);
		}
		replace_tenant();
	}
}

static void
a_pin_gives_the_addresses_of_its_part(void **state)
{
	struct fp_memory part;
	struct fp_pin whole;
	struct fp_pin pin;

	(void)state;
	part = part_of(&memory, 100, 50);
	assert_int_equal(fp_memory_pin(&memory, &whole), 0);
	assert_int_equal(fp_memory_pin(&part, &pin), 0);
	assert_ptr_equal(whole.address, owner.record->data);
	assert_true(whole.iova == rte_mem_virt2iova(whole.address));
	assert_ptr_equal(pin.address, (uint8_t *)whole.address + 100);
	assert_true(pin.iova == whole.iova + 100);
	assert_int_equal(pin.len, 50);
	assert_ptr_equal(fp_pin_span(&pin).data, pin.address);
	assert_int_equal(fp_pin_span(&pin).len, 50);
	assert_int_equal(fp_cspan_at(fp_span_const(fp_pin_span(&pin)), 1), (uint8_t)(101 * 7));
	fp_pin_release(&pin);
	assert_null(pin.address);
	assert_true(pin.iova == RTE_BAD_IOVA);
	assert_null(fp_pin_span(&pin).data);
	assert_int_equal(fp_pin_span(&pin).len, 0);
	fp_pin_release(&whole);
}

static void
a_pin_without_bytes_has_an_address(void **state)
{
	struct fp_memory part;
	struct fp_pin pin;

	(void)state;
	part = part_of(&memory, BLOCK, 0);
	assert_int_equal(fp_memory_pin(&part, &pin), 0);
	assert_ptr_equal(pin.address, (uint8_t *)owner.record->data + BLOCK);
	assert_int_equal(pin.len, 0);
	assert_int_equal(fp_owner_dispose(&owner), -EBUSY);
	fp_pin_release(&pin);
}

static void
memory_that_no_device_can_reach_is_said_to_be(void **state)
{
	rte_iova_t iova = owners->iova;
	struct fp_owner second;
	struct fp_memory part;
	struct fp_pin pin;

	(void)state;
	owners->iova = RTE_BAD_IOVA;
	assert_int_equal(fp_owner_rent(owners, BLOCK, &second), 0);
	part = fp_owner_memory(&second);
	part = part_of(&part, 9, 9);
	assert_int_equal(fp_memory_pin(&part, &pin), 0);
	assert_true(pin.iova == RTE_BAD_IOVA);
	assert_non_null(pin.address);
	fp_pin_release(&pin);
	assert_int_equal(fp_owner_dispose(&second), 0);
	owners->iova = iova;
}

static void
dispose_is_refused_while_pins_are_out(void **state)
{
	struct fp_owners_counters total;
	struct fp_span span;
	struct fp_pin pins[3];

	(void)state;
	for (size_t i = 0; i < COUNT(pins); i++)
		assert_int_equal(fp_memory_pin(&memory, &pins[i]), 0);
	for (size_t i = 0; i < COUNT(pins); i++) {
		struct fp_owner same = owner;

		assert_int_equal(fp_owner_dispose(&owner), -EBUSY);
		assert_memory_equal(&owner, &same, sizeof(owner));
		assert_int_equal(fp_memory_span(&memory, &span), 0);
		assert_int_equal(span.data[1], 7);
		fp_pin_release(&pins[i]);
	}
	fp_owners_count(owners, &total);
	assert_int_equal(total.busy, COUNT(pins));
	assert_int_equal(total.pinned, COUNT(pins));
	assert_int_equal(total.unpinned, COUNT(pins));
	assert_int_equal(fp_owner_dispose(&owner), 0);
}

static void
unpin(void *arg)
{
	fp_pin_release(arg);
}

static void
unpin_twice_is_harmless_and_more_often_panics(void **state)
{
	struct fp_pin pin;
	struct fp_pin other;

	(void)state;
	assert_int_equal(fp_memory_pin(&memory, &pin), 0);
	assert_int_equal(fp_memory_pin(&memory, &other), 0);
	fp_pin_release(&pin);
	assert_int_equal(owner.record->word.pins, 1);
	fp_pin_release(&pin);
	assert_int_equal(owner.record->word.pins, 1);
	assert_int_equal(fp_owner_dispose(&owner), -EBUSY);
	for (int i = 0; i < 2; i++) {
		ASSERT_PANICS(unpin, &pin, "unpin: a pin of record 0 of owners \"tested\"");
		ASSERT_PANICS(unpin, &pin, "released before (twice through this variable)");
		ASSERT_PANICS(unpin, &pin, "unpinned by lcore 0, ");
	}
	assert_int_equal(owner.record->word.pins, 1);
	fp_pin_release(&other);
}

static void
a_copy_of_a_released_pin_panics(void **state)
{
	struct fp_pin none = fp_pin_none();
	struct fp_pin pin;
	struct fp_pin copy;

	(void)state;
	for (int i = 0; i < 5; i++)
		fp_pin_release(&none);
	assert_int_equal(fp_memory_pin(&memory, &pin), 0);
	copy = pin;
	fp_pin_release(&pin);
	ASSERT_PANICS(unpin, &copy, "released before (through a copy)");
	replace_tenant();
	ASSERT_PANICS(unpin, &copy, "released before (through a copy)");
	assert_int_equal(fp_owner_dispose(&owner), 0);
	fp_owners_destroy(owners);
	ASSERT_PANICS(unpin, &copy, "and the table of its owner was destroyed since");
	assert_int_equal(rent_all(NULL), 0);
}

static void
an_owner_has_65535_pins_at_most(void **state)
{
	static struct fp_pin pins[FP_MEMORY_PINS_MAX];
	struct fp_cmemory view = fp_memory_const(&memory);
	struct fp_pin more;

	(void)state;
	for (size_t i = 0; i < COUNT(pins); i++)
		assert_int_equal(fp_memory_pin(&memory, &pins[i]), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(fp_memory_pin(&memory, &more), -EOVERFLOW);
		assert_null(more.address);
		fp_pin_release(&more);
		assert_int_equal(fp_cmemory_copy(&view, &memory), -EOVERFLOW);
	}
	fp_pin_release(&pins[0]);
	/* One of the two is held, the other refused; neither stays. */
	assert_int_equal(fp_cmemory_copy(&view, &memory), -EOVERFLOW);
	assert_int_equal(fp_memory_pin(&memory, &pins[0]), 0);
	assert_int_equal(fp_owner_dispose(&owner), -EBUSY);
	assert_int_equal(owner.record->word.ticket, owner.ticket & UINT16_MAX);
	assert_int_equal(owner.record->word.generation, owner.generation);
	for (size_t i = 0; i < COUNT(pins); i++)
		fp_pin_release(&pins[i]);
}

static void
copy_is_all_or_nothing_and_may_overlap(void **state)
{
	static const uint32_t shifts[][2] = { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 0, 90 }, { 97, 0 } };
	static uint8_t expected[BLOCK];
	struct fp_owner second;
	struct fp_memory target;
	struct fp_memory part;
	struct fp_cmemory from;
	uint8_t *data = owner.record->data;

	(void)state;
	for (size_t i = 0; i < COUNT(shifts); i++) {
		memcpy(expected, data, BLOCK);
		memmove(expected + shifts[i][1], expected + shifts[i][0], 100);
		part = part_of(&memory, shifts[i][0], 100);
		from = fp_memory_const(&part);
		target = part_of(&memory, shifts[i][1], 100);
		assert_int_equal(fp_cmemory_copy(&from, &target), 0);
		assert_memory_equal(data, expected, BLOCK);
	}
	target = part_of(&memory, 0, 99);
	assert_int_equal(fp_cmemory_copy(&from, &target), -ERANGE);
	assert_memory_equal(data, expected, BLOCK);

	assert_int_equal(fp_owner_rent(owners, BLOCK, &second), 0);
	target = fp_owner_memory(&second);
	memset(second.record->data, 0xee, BLOCK);
	from = fp_memory_const(&memory);
	assert_int_equal(fp_cmemory_copy(&from, &target), 0);
	assert_memory_equal(second.record->data, data, BLOCK);
	assert_int_equal(fp_owner_dispose(&second), 0);
	assert_int_equal(fp_cmemory_copy(&from, &target), -ESTALE);
	from = fp_memory_const(&target);
	assert_int_equal(fp_cmemory_copy(&from, &memory), -ESTALE);
	assert_memory_equal(data, expected, BLOCK);
	assert_int_equal(owner.record->word.pins, 0);
}

#if FP_LIFETIME == FP_LIFETIME_FULL

static void
use_span(void *arg)
{
	const struct fp_span *span = arg;

	(void)fp_cspan_at(fp_span_const(*span), 0);
}

static void
a_span_used_after_dispose_is_explained(void **state)
{
	struct fp_owner next = fp_owner_transfer(&owner);
	struct fp_span pinned;
	struct fp_span span;
	struct fp_pin pin;
	char text[64];

	(void)state;
	assert_int_equal(fp_memory_span(&memory, &span), 0);
	assert_int_equal(fp_memory_pin(&memory, &pin), 0);
	pinned = fp_pin_span(&pin);
	use_span(&span);
	use_span(&pinned);
	fp_pin_release(&pin);
	assert_int_equal(fp_owner_dispose(&next), 0);
	(void)snprintf(text, sizeof(text),
		"made under generation %u, the memory is now at "
		"generation %u",
		memory.generation, memory.generation + 1);
	ASSERT_PANICS(use_span, &span, text);
	ASSERT_PANICS(use_span, &pinned, text);
	(void)snprintf(text, sizeof(text), "record 0 of owners \"tested\": generation %u, free",
		memory.generation + 1);
	ASSERT_PANICS(use_span, &span, text);
	ASSERT_PANICS(use_span, &span, "rented by lcore 0, ");
	ASSERT_PANICS(use_span, &span, "transferred by lcore 0, ");
	ASSERT_PANICS(use_span, &span, "pinned by lcore 0, ");
	ASSERT_PANICS(use_span, &span, "unpinned by lcore 0, ");
	ASSERT_PANICS(use_span, &span, "disposed by lcore 0, ");
}

static void
the_last_eight_operations_are_kept(void **state)
{
	struct fp_span span;
	struct fp_pin pin;

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(fp_memory_pin(&memory, &pin), 0);
		fp_pin_release(&pin);
	}
	assert_int_equal(fp_memory_span(&memory, &span), 0);
	assert_int_equal(fp_owner_dispose(&owner), 0);
	assert_int_equal(owners->records[0].events_seen, 202);
	for (uint32_t i = 0; i < FPI_OWNER_EVENTS; i++) {
		uint8_t expected = i == 201 % FPI_OWNER_EVENTS ? FP_OWNER_DISPOSED
			: i % 2 == 1                           ? FP_OWNER_PINNED
							       : FP_OWNER_UNPINNED;

		assert_int_equal(owners->records[0].events[i].op, expected);
	}
	/* How the tenant came is kept besides. */
	ASSERT_PANICS(use_span, &span, "rented by lcore 0, ");
}

#endif

#if FP_HAS_ASAN

static void
read_it(void *arg)
{
	(void)fp_load_relaxed_bool(arg);
}

static void
a_raw_address_used_after_dispose_is_found(void **state)
{
	struct fp_pin pin;
	void *address;

	(void)state;
	assert_int_equal(fp_memory_pin(&memory, &pin), 0);
	address = pin.address;
	read_it(address);
	fp_pin_release(&pin);
	assert_int_equal(fp_owner_dispose(&owner), 0);
	ASSERT_ASAN_STOPS(read_it, address);
}

#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, rent_all, dispose_all)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_empty_memory_is_of_nobody),
		TEST(every_slice_of_a_small_memory_is_in_bounds_or_refused),
		TEST(bounds_do_not_overflow),
		TEST(equality_is_of_place_not_content),
		TEST(a_memory_shows_what_was_written_through_another),
		TEST(a_memory_is_stale_once_its_owner_is_disposed),
		TEST(an_old_memory_does_not_see_the_new_tenant),
		TEST(a_pin_gives_the_addresses_of_its_part),
		TEST(a_pin_without_bytes_has_an_address),
		TEST(memory_that_no_device_can_reach_is_said_to_be),
		TEST(dispose_is_refused_while_pins_are_out),
		TEST(unpin_twice_is_harmless_and_more_often_panics),
		TEST(a_copy_of_a_released_pin_panics),
		TEST(an_owner_has_65535_pins_at_most),
		TEST(copy_is_all_or_nothing_and_may_overlap),
#if FP_LIFETIME == FP_LIFETIME_FULL
		TEST(a_span_used_after_dispose_is_explained),
		TEST(the_last_eight_operations_are_kept),
#endif
#if FP_HAS_ASAN
		TEST(a_raw_address_used_after_dispose_is_found),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_memory", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
