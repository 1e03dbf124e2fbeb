/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Owners against a naive model: every sequence of up to DEPTH operations on a table of two records.
 *
 * The model knows tenants by number and keeps for each whether it lives, who of its handles is the
 * present one, and how many pins are out. After each operation everything that was ever given out
 * is asked again: every memory, and every pin through its address. Old handles must panic; the
 * model predicts which do, and a sample of them is tried in children.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include <cmocka.h>

#include "fp_owner.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define RECORDS   2
#define DEPTH_MAX 8
#define BYTES     64
#define BUFFERS   7
#define SAMPLES   90 /* children that misuse a handle */
#define EXIT_SKIP 77

/* What is done, in pairs: a rent and a wrap, then each to the one and the other record. */
enum step {
	STEP_RENT,
	STEP_WRAP,
	STEP_TRANSFER,
	STEP_DISPOSE = STEP_TRANSFER + RECORDS,
	STEP_PIN = STEP_DISPOSE + RECORDS,
	STEP_UNPIN = STEP_PIN + RECORDS,
	STEP_UNPIN_AGAIN = STEP_UNPIN + RECORDS,
	STEPS = STEP_UNPIN_AGAIN + RECORDS,
};

/* A tenant of a record, as the model sees it. */
struct tenant {
	uint32_t record_idx;
	uint32_t pins;
	bool is_live;
	bool is_wrapping;
	struct fp_memory memory;
	const uint8_t *data;
};

/* A pin that was given out. */
struct held {
	struct fp_pin pin;
	uint32_t tenant;
	uint32_t releases;
};

/* Everything since the beginning of a sequence. */
struct world {
	struct tenant tenants[DEPTH_MAX];
	struct fp_owner handles[RECORDS]; /* of each record, the present one */
	struct fp_owner old[DEPTH_MAX];   /* handles that are over */
	struct held pins[DEPTH_MAX];
	int last[RECORDS]; /* newest tenant of each record, -1 = none */
	uint32_t tenants_count;
	uint32_t old_count;
	uint32_t pins_count;
	uint32_t first; /* the record that the table gave first; the model calls it 0 */
};

static uint32_t depth = 7;
static struct fp_owners *owners;
static struct fp_pool *pool;
static struct world world;
static struct fp_owners_counters expected;
static uint64_t states;
static uint64_t sequences;
static uint64_t sampled;

/* What a tenant's memory is filled with, and how long it is: the same for no two in a sequence. */
static uint8_t
stamp_of(uint32_t tenant)
{
	return (uint8_t)(tenant * 29 + 1);
}

static uint32_t
len_of(uint32_t tenant)
{
	return BYTES - tenant;
}

static uint32_t
live_count(void)
{
	uint32_t live = 0;

	for (uint32_t i = 0; i < world.tenants_count; i++)
		live += world.tenants[i].is_live;
	return live;
}

static uint32_t
wrapping_count(void)
{
	uint32_t wrapping = 0;

	for (uint32_t i = 0; i < world.tenants_count; i++)
		wrapping += world.tenants[i].is_live && world.tenants[i].is_wrapping;
	return wrapping;
}

static struct tenant *
newest(uint32_t idx)
{
	return world.last[idx] < 0 ? NULL : &world.tenants[world.last[idx]];
}

/* The newest pin of a record that was released so many times, of any tenant. */
static struct held *
find_pin(uint32_t idx, uint32_t releases)
{
	for (uint32_t i = world.pins_count; i > 0; i--) {
		struct held *held = &world.pins[i - 1];

		if (world.tenants[held->tenant].record_idx == idx && held->releases == releases)
			return held;
	}
	return NULL;
}

/* A record as the model counts them: sequences are the same wherever the table begins. */
static uint32_t
counted(uint32_t record_idx)
{
	return (record_idx + RECORDS - world.first) % RECORDS;
}

/* A tenant came: find its record, check that it was free, and fill it. */
static void
settle(const struct fp_owner *owner, bool is_wrapping)
{
	uint32_t number = world.tenants_count++;
	struct tenant *tenant = &world.tenants[number];
	struct fp_owner_holder holders[RECORDS];
	uint32_t listed = fp_owners_holders(owners, 0, holders, RECORDS);
	struct fp_span span;

	memset(tenant, 0, sizeof(*tenant));
	tenant->record_idx = RECORDS;
	if (number == 0)
		world.first = holders[0].record_idx;
	for (uint32_t i = 0; i < listed; i++) {
		const struct tenant *before = newest(counted(holders[i].record_idx));

		if (before == NULL || !before->is_live)
			tenant->record_idx = counted(holders[i].record_idx);
	}
	assert_true(tenant->record_idx < RECORDS);
	tenant->is_live = true;
	tenant->is_wrapping = is_wrapping;
	tenant->memory = fp_owner_memory(owner);
	assert_int_equal(tenant->memory.len, len_of(number));
	assert_int_equal(fp_memory_span(&tenant->memory, &span), 0);
	tenant->data = span.data;
	memset(span.data, stamp_of(number), span.len);
	world.last[tenant->record_idx] = (int)number;
	world.handles[tenant->record_idx] = *owner;
}

static void
rent(void)
{
	uint32_t len = len_of(world.tenants_count);
	bool is_full = live_count() == RECORDS;
	struct fp_owner owner;

	assert_int_equal(fp_owner_rent(owners, len, &owner), is_full ? -ENOBUFS : 0);
	expected.refused += is_full;
	expected.rented += !is_full;
	assert_true(fp_owner_is_empty(&owner) == is_full);
	if (!is_full)
		settle(&owner, false);
}

static void
wrap(void)
{
	uint16_t len = (uint16_t)len_of(world.tenants_count);
	bool is_full = live_count() == RECORDS;
	struct fp_owner owner;
	struct fp_lease lease;

	assert_int_equal(fp_lease_rent(pool, len, 0, &lease), 0);
	assert_int_equal(fp_owner_wrap(owners, &lease, &owner), is_full ? -ENOBUFS : 0);
	assert_true(fp_lease_is_empty(&lease));
	expected.refused += is_full;
	expected.wrapped += !is_full;
	assert_true(fp_owner_is_empty(&owner) == is_full);
	if (!is_full)
		settle(&owner, true);
}

static void
transfer(uint32_t idx)
{
	world.old[world.old_count++] = world.handles[idx];
	world.handles[idx] = fp_owner_transfer(&world.handles[idx]);
	expected.transferred++;
}

/* The handle of a record whose tenant is gone is empty, and disposing that is nothing. */
static void
dispose(uint32_t idx)
{
	struct tenant *tenant = newest(idx);
	struct fp_owner before = world.handles[idx];
	bool is_busy = tenant->pins != 0;

	if (!tenant->is_live) {
		assert_int_equal(fp_owner_dispose(&world.handles[idx]), 0);
		return;
	}
	assert_int_equal(fp_owner_dispose(&world.handles[idx]), is_busy ? -EBUSY : 0);
	expected.busy += is_busy;
	expected.disposed += !is_busy;
	if (is_busy) {
		assert_memory_equal(&before, &world.handles[idx], sizeof(before));
		return;
	}
	assert_true(fp_owner_is_empty(&world.handles[idx]));
	world.old[world.old_count++] = before;
	tenant->is_live = false;
}

static void
pin(uint32_t idx)
{
	struct tenant *tenant = newest(idx);
	struct held *held = &world.pins[world.pins_count];

	assert_int_equal(fp_memory_pin(&tenant->memory, &held->pin), tenant->is_live ? 0 : -ESTALE);
	if (!tenant->is_live)
		return;
	held->tenant = (uint32_t)world.last[idx];
	held->releases = 0;
	world.pins_count++;
	tenant->pins++;
	expected.pinned++;
}

static void
unpin(uint32_t idx, uint32_t releases)
{
	struct held *held = find_pin(idx, releases);

	fp_pin_release(&held->pin);
	held->releases++;
	if (releases != 0)
		return;
	world.tenants[held->tenant].pins--;
	expected.unpinned++;
}

/* Whether a step makes sense: of a tenant, that there was one; of an old pin, that there is one. */
static bool
is_possible(uint32_t step)
{
	const struct tenant *tenant;

	if (step < STEP_TRANSFER)
		return true;
	tenant = newest((step - STEP_TRANSFER) % RECORDS);
	if (tenant == NULL)
		return false;
	if (step < STEP_DISPOSE)
		return tenant->is_live;
	if (step < STEP_UNPIN)
		return true;
	if (step < STEP_UNPIN_AGAIN)
		return find_pin(step - STEP_UNPIN, 0) != NULL;
	return find_pin(step - STEP_UNPIN_AGAIN, 1) != NULL;
}

static void
take_step(uint32_t step)
{
	uint32_t idx = step % RECORDS;

	switch (step - idx) {
	case STEP_RENT:
		if (idx == 0) {
			rent();
		} else {
			wrap();
		}
		break;
	case STEP_TRANSFER:
		transfer(idx);
		break;
	case STEP_DISPOSE:
		dispose(idx);
		break;
	case STEP_PIN:
		pin(idx);
		break;
	case STEP_UNPIN:
		unpin(idx, 0);
		break;
	default:
		unpin(idx, 1);
		break;
	}
}

static bool
is_stamped(const uint8_t *data, uint32_t tenant)
{
	for (uint32_t i = 0; i < len_of(tenant); i++) {
		if (data[i] != stamp_of(tenant))
			return false;
	}
	return true;
}

/* Ask every memory. */
static void
check_memories(void)
{
	for (uint32_t i = 0; i < world.tenants_count; i++) {
		const struct tenant *tenant = &world.tenants[i];
		int answer = tenant->is_live ? 0 : -ESTALE;
		struct fp_span span;
		struct fp_pin brief;

		assert_int_equal(fp_memory_span(&tenant->memory, &span), answer);
		assert_ptr_equal(span.data, tenant->is_live ? tenant->data : NULL);
		assert_int_equal(span.len, tenant->is_live ? len_of(i) : 0);
		assert_int_equal(fp_memory_pin(&tenant->memory, &brief), answer);
		fp_pin_release(&brief);
		expected.pinned += tenant->is_live;
		expected.unpinned += tenant->is_live;
		if (tenant->is_live)
			assert_true(is_stamped(span.data, i));
	}
}

static void
check_pins(void)
{
	for (uint32_t i = 0; i < world.pins_count; i++) {
		const struct held *held = &world.pins[i];
		const struct tenant *tenant = &world.tenants[held->tenant];

		if (held->releases != 0) {
			assert_null(held->pin.address);
			continue;
		}
		assert_ptr_equal(held->pin.address, tenant->data);
		assert_true(is_stamped(held->pin.address, held->tenant));
	}
}

/* Present handles answer, and the listing and the counters say what is there. */
static void
check_table(void)
{
	struct fp_owner_holder holders[RECORDS];
	struct fp_owners_counters total;
	uint32_t listed = fp_owners_holders(owners, 0, holders, RECORDS);

	assert_int_equal(listed, live_count());
	for (uint32_t i = 0; i < listed; i++) {
		uint32_t idx = counted(holders[i].record_idx);
		const struct tenant *tenant = newest(idx);
		struct fp_memory memory = fp_owner_memory(&world.handles[idx]);

		assert_true(tenant->is_live);
		assert_true(fp_memory_equal(&memory, &tenant->memory));
		assert_int_equal(holders[i].pins, tenant->pins);
		assert_int_equal(holders[i].generation, memory.generation);
		assert_int_equal(holders[i].len, memory.len);
		assert_int_equal(holders[i].origin,
			tenant->is_wrapping ? FP_OWNER_WRAPPED : FP_OWNER_RENTED);
	}
	fp_owners_count(owners, &total);
	assert_memory_equal(&total, &expected, sizeof(total));
	assert_int_equal(fp_pool_held(pool), wrapping_count());
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
ask_it(void *arg)
{
	(void)fp_owner_memory(arg);
}

static void
release_it(void *arg)
{
	fp_pin_release(arg);
}

/* Misuse one of the old handles, or a pin that was released twice, in a child. */
static void
misuse_one(uint64_t number)
{
	static const struct {
		fp_test_call_fn call;
		const char *text;
	} uses[] = { { dispose_it, "dispose: the handle of record " },
		{ transfer_it, "transfer: the handle of record " },
		{ ask_it, "memory: the handle of record " } };
	size_t use = number % COUNT(uses);

	if (world.old_count != 0) {
		ASSERT_PANICS(uses[use].call, &world.old[number % world.old_count], uses[use].text);
		sampled++;
	}
	for (uint32_t i = 0; i < world.pins_count; i++) {
		if (world.pins[i].releases != 2)
			continue;
		ASSERT_PANICS(release_it, &world.pins[i].pin, "unpin: a pin of record ");
		sampled++;
		break;
	}
}

/* Leave an idle table to the next sequence. */
static void
clean_up(void)
{
	for (uint32_t i = 0; i < world.pins_count; i++) {
		if (world.pins[i].releases == 0) {
			fp_pin_release(&world.pins[i].pin);
			expected.unpinned++;
		}
	}
	for (uint32_t idx = 0; idx < RECORDS; idx++) {
		const struct tenant *tenant = newest(idx);

		if (tenant != NULL && tenant->is_live) {
			assert_int_equal(fp_owner_dispose(&world.handles[idx]), 0);
			expected.disposed++;
		}
	}
}

/* Run one sequence, new from @p from on; the first step that cannot be, or depth. */
static uint32_t
run(const uint32_t *steps, uint32_t from)
{
	uint32_t at;

	memset(&world, 0, sizeof(world));
	for (uint32_t idx = 0; idx < RECORDS; idx++)
		world.last[idx] = -1;
	for (at = 0; at < depth; at++) {
		if (!is_possible(steps[at]))
			break;
		take_step(steps[at]);
		if (at < from)
			continue;
		check_memories();
		check_pins();
		check_table();
		states++;
	}
	return at;
}

static void
every_sequence_agrees_with_the_model(void **state)
{
	uint32_t steps[DEPTH_MAX] = { 0 };
	uint64_t began = rte_rdtsc();
	uint64_t next_sample = 1000;
	uint32_t from = 0;
	bool is_done = false;

	(void)state;
	while (!is_done) {
		uint32_t at = run(steps, from);

		assert_true(at >= from);
		sequences += at == depth;
		if (at == depth && sequences >= next_sample && sampled < SAMPLES) {
			misuse_one(sequences);
			next_sample = sequences + sequences / 20;
		}
		clean_up();
		/* The next one: what follows a step that cannot be is passed over. */
		from = at < depth ? at : depth - 1;
		while (++steps[from] == STEPS) {
			if (from == 0) {
				is_done = true;
				break;
			}
			from--;
		}
		for (uint32_t i = from + 1; i < depth; i++)
			steps[i] = 0;
	}
	print_message("# %lu sequences of %u operations, %lu states compared, %lu misuses in "
		      "children, %.1f s\n",
		sequences, depth, states, sampled,
		(double)(rte_rdtsc() - began) / (double)rte_get_tsc_hz());
	assert_true(sequences > 0 && (depth < 6 || sampled > 0));
}

static int
create_all(void **state)
{
	struct fp_owners_params params = { "model", RECORDS, BYTES, SOCKET_ID_ANY };
	struct fp_pool_params pool_params = { "pool", BUFFERS, RTE_PKTMBUF_HEADROOM + BYTES, 0,
		SOCKET_ID_ANY };

	(void)state;
	return fp_owners_create(&params, &owners) == 0 ? fp_pool_create(&pool_params, &pool) : -1;
}

static int
destroy_all(void **state)
{
	(void)state;
	fp_owners_destroy(owners);
	fp_pool_destroy(pool);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_sequence_agrees_with_the_model, create_all, destroy_all),
	};
	int failed;

	if (argc > 1)
		depth = RTE_MIN((uint32_t)strtoul(argv[1], NULL, 10), (uint32_t)DEPTH_MAX);
	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("owner_model", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
