/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Rows of test_no_alloc_calls.c: what lends memory. Leases, pools, references and hand-offs, arenas
 * and their scopes, owners, memories and pins.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <rte_common.h>
#include <rte_mbuf.h>

#include "call_rows.h"
#include "fp_arena.h"
#include "fp_handoff.h"
#include "fp_memory.h"
#include "fp_owner.h"
#include "fp_ref.h"

#define BURST        4
#define SMALL_COUNT  8 /* buffers of the small pool */
#define HANDOFF_CAP  2
#define OWNER_COUNT  2
#define OWNER_BYTES  256
#define ARENA_BYTES  4096
#define HOLDERS_MOST 4

struct fp_pool *call_pool;

static struct fp_pool *small; /* of clones, and of what looks at all slots or needs it empty */
static struct fp_arena *arena;
static struct fp_handoff *keeping;
static struct fp_handoff *dropping;
static struct fp_owners *owners;

struct fp_lease
call_rent(void)
{
	struct fp_lease lease;

	if (fp_lease_rent(call_pool, 64, call_turn, &lease) != 0)
		fail_msg("the pool is empty");
	return lease;
}

static struct fp_lease
share(const struct fp_lease *lease)
{
	struct fp_lease other;

	if (fp_lease_share(lease, &other) != 0)
		fail_msg("it cannot be shared");
	return other;
}

/* What is to be refused took nothing: there is nothing to be given back. */
static void
must_refuse(int error, int expected)
{
	if (error != expected)
		fail_msg("%d instead of %d", error, expected);
	call_result++;
}

static void
call_rent_release(void)
{
	struct fp_lease lease = call_rent();

	fp_lease_release(&lease);
	fp_lease_release(&lease); /* an empty one is nothing */
}

/* The pool has no more, or no buffer is so large. */
static void
call_refused_rent(void)
{
	struct fp_lease leases[SMALL_COUNT];
	struct fp_lease lease;

	for (uint32_t i = 0; i < SMALL_COUNT; i++) {
		if (fp_lease_rent(small, 8, call_turn, &leases[i]) != 0)
			fail_msg("the small pool is empty");
	}
	must_refuse(fp_lease_rent(small, 8, call_turn, &lease), -ENOBUFS);
	must_refuse(fp_lease_clone(&leases[0], small, call_turn, &lease), -ENOBUFS);
	fp_lease_release_burst(leases, SMALL_COUNT, call_turn);
	must_refuse(fp_lease_rent(small, UINT16_MAX, call_turn, &lease), -ERANGE);
}

/* The second lease is counted in another way than the third. */
static void
call_share(void)
{
	struct fp_lease leases[4];

	leases[0] = call_rent();
	leases[1] = share(&leases[0]);
	leases[2] = share(&leases[1]);
	fp_lease_release(&leases[2]);
	leases[2] = share(&leases[0]);
	leases[3] = fp_lease_none();
	fp_lease_release_burst(leases, RTE_DIM(leases), call_turn);
}

static void
call_views(void)
{
	struct fp_lease lease = call_rent();
	struct fp_span span = fp_lease_writable(&lease);

	span.data[0] = (uint8_t)call_turn;
	call_result += fp_lease_slice(&lease, 0, 32) == 0;
	call_result += fp_lease_slice(&lease, 1, 32) == -ERANGE;
	call_result += fp_cspan_at(fp_lease_span(&lease), 0);
	call_result += fp_lease_is_contiguous(&lease) + fp_lease_has_bad_checksum(&lease) +
		fp_lease_total_len(&lease) + fp_lease_is_empty(&lease);
	fp_lease_release(&lease);
}

static void
call_split(void)
{
	struct fp_lease lease = call_rent();
	struct fp_lease rest;
	struct fp_lease moved;

	must_refuse(fp_lease_split(&lease, 65, &rest), -ERANGE);
	if (fp_lease_split(&lease, 32, &rest) != 0)
		fail_msg("it cannot be divided");
	moved = fp_lease_transfer(&lease);
	call_result += fp_lease_is_empty(&lease);
	fp_lease_release(&moved);
	fp_lease_release(&rest);
}

static void
make_clone(const struct fp_lease *lease, struct fp_lease *clone)
{
	if (fp_lease_clone(lease, small, call_turn, clone) != 0)
		fail_msg("it cannot be cloned");
}

/* A clone may end before its buffer, or after it. */
static void
call_clone(void)
{
	struct fp_lease lease = call_rent();
	struct fp_lease clone;

	make_clone(&lease, &clone);
	call_result += fp_cspan_at(fp_lease_span(&clone), 0);
	fp_lease_release(&clone);
	make_clone(&lease, &clone);
	fp_lease_release(&lease);
	fp_lease_release(&clone);
}

static void
call_take(void)
{
	struct rte_mbuf *mbufs[BURST];
	struct fp_lease leases[BURST];

	if (rte_pktmbuf_alloc_bulk(call_pool->mempool, mbufs, BURST) != 0)
		fail_msg("the pool is empty");
	fp_lease_take_burst(call_pool, mbufs, BURST, call_turn, leases);
	fp_lease_release_burst(leases, BURST, call_turn);
}

static void
call_hand_over(void)
{
	struct fp_lease leases[2] = { call_rent(), call_rent() };

	fp_lease_hand_over(leases, 2, call_turn);
	fp_lease_take_over(leases, 2, call_turn);
	fp_lease_release_burst(leases, 2, call_turn);
}

static void
rent_burst(struct fp_lease leases[BURST])
{
	for (uint32_t i = 0; i < BURST; i++)
		leases[i] = call_rent();
}

/* More than it holds is sent, more than it has is received; then it is empty. */
static void
pass_through(struct fp_handoff *handoff)
{
	struct fp_handoff_counters counters;
	struct fp_lease leases[BURST];
	struct fp_lease received[BURST];
	uint16_t got;

	rent_burst(leases);
	call_result += fp_handoff_send(handoff, leases, BURST, call_turn);
	call_result += fp_handoff_count(handoff);
	for (int round = 0; round < 2; round++) {
		got = fp_handoff_receive(handoff, received, BURST, call_turn);
		fp_lease_release_burst(received, got, call_turn);
		call_result += got;
	}
	fp_lease_release_burst(leases, BURST, call_turn);
	fp_handoff_get_counters(handoff, &counters);
	call_result += counters.sent;
}

static void
call_keeping(void)
{
	pass_through(keeping);
}

static void
call_dropping(void)
{
	pass_through(dropping);
}

static void
call_ref(void)
{
	struct fp_lease lease = call_rent();
	struct fp_ref ref = fp_ref_of(&lease);
	struct fp_cspan span = fp_lease_span(&lease);
	struct fp_ref part = ref;

	call_result += fp_ref_slice(&ref, 0, 65, &part) == -ERANGE;
	if (fp_ref_slice(&ref, 8, 16, &part) != 0 || fp_ref_resolve(&part, &span) != 0)
		fail_msg("it does not refer to the lease");
	call_result += fp_cspan_at(span, 0);
	call_result += fp_ref_confirm(&part) == 0;
	fp_lease_release(&lease);
	call_result += fp_ref_resolve(&part, &span) == -ESTALE;
	call_result += fp_ref_confirm(&part) == -ESTALE;
}

static void
call_pool_counts(void)
{
	struct fp_pool_counters counters;

	fp_pool_count(call_pool, &counters);
	call_result += fp_pool_held(call_pool) + counters.rented;
	call_result += fp_pool_at(0) != NULL;
	call_result += fp_pool_find(call_pool->mempool) == call_pool;
}

static void
call_pool_report(void)
{
	struct fp_pool_holder holders[HOLDERS_MOST];
	struct fp_pool_report report;
	struct fp_lease lease;

	if (fp_lease_rent(small, 8, call_turn, &lease) != 0)
		fail_msg("the small pool is empty");
	fp_pool_report(small, &report);
	call_result += report.all.buffers + fp_pool_holders(small, 0, holders, HOLDERS_MOST);
	fp_lease_release(&lease);
}

/* What a thread without lcore gives back is put into the mempool. */
static void
call_collect(void)
{
	const unsigned int lcore_id = rte_lcore_id();
	struct fp_lease leases[BURST];

	rent_burst(leases);
	RTE_PER_LCORE(_lcore_id) = LCORE_ID_ANY;
	fp_lease_release(&leases[0]);
	fp_lease_release_burst(leases, BURST, call_turn);
	RTE_PER_LCORE(_lcore_id) = lcore_id;
	if (fp_pool_collect(call_pool) != BURST)
		fail_msg("not all buffers are collected");
	call_result += fp_pool_collect(call_pool);
}

static void
call_arena(void)
{
	struct fp_span span;

	call_result += fp_arena_span(arena, 100, 64, &span) == 0;
	call_result += fp_arena_array(arena, 10, sizeof(uint64_t), 8) != NULL;
	fp_arena_reset(arena);
}

/* A full arena refuses, and does not go to the heap. */
static void
call_full_arena(void)
{
	struct fp_array array;
	struct fp_span span;

	call_result += fp_arena_span(arena, UINT32_MAX, 64, &span) == -ENOMEM;
	call_result += fp_arena_array(arena, UINT32_MAX, UINT32_MAX, 8) == NULL;
	call_result += FP_ARENA_TAKE(arena, uint64_t, UINT32_MAX, &array) == -ENOMEM;
	call_result += fp_arena_take(arena, 1, 0, 1, &array) == -EINVAL;
}

static void
call_scopes(void)
{
	struct fp_mark outer = fp_arena_mark(arena);
	struct fp_mark inner = fp_arena_mark(arena);
	struct fp_array array;

	if (FP_ARENA_TAKE(arena, uint64_t, 16, &array) != 0)
		fail_msg("the arena is full");
	*FP_ARRAY_AT(array, uint64_t, call_turn % 16) = call_turn;
	call_result += *FP_ARRAY_AT(array, uint64_t, call_turn % 16);
	call_result += fp_arena_mark_is_open(arena, inner);
	fp_arena_release(arena, inner);
	inner = fp_arena_mark(arena);
	fp_arena_release(arena, outer); /* and the inner one with it */
	call_result += fp_arena_mark_is_open(arena, inner) + fp_arena_is_untouched(arena);
	call_result += fp_arena_at(0) != NULL;
}

static void
dispose(struct fp_owner *owner)
{
	if (fp_owner_dispose(owner) != 0)
		fail_msg("it is pinned");
}

static void
call_owner(void)
{
	struct fp_owner taken[OWNER_COUNT];
	struct fp_owner owner = fp_owner_none();
	struct fp_lease lease = call_rent();

	call_result += fp_owner_is_empty(&owner) && fp_owner_dispose(&owner) == 0;
	if (fp_owner_rent(owners, 100, &taken[0]) != 0 ||
		fp_owner_wrap(owners, &lease, &taken[1]) != 0)
		fail_msg("there is no free record");
	must_refuse(fp_owner_rent(owners, 100, &owner), -ENOBUFS);
	must_refuse(fp_owner_rent(owners, OWNER_BYTES + 1, &owner), -ERANGE);
	owner = fp_owner_transfer(&taken[0]);
	dispose(&owner);
	dispose(&taken[1]);
}

static void
call_owner_counts(void)
{
	struct fp_owner_holder holders[OWNER_COUNT];
	struct fp_owners_counters counters;
	struct fp_owner owner;

	if (fp_owner_rent(owners, 1, &owner) != 0)
		fail_msg("there is no free record");
	fp_owners_count(owners, &counters);
	call_result += counters.rented + fp_owners_live(owners) +
		fp_owners_holders(owners, 0, holders, OWNER_COUNT);
	call_result += (uint64_t)fp_owners_name(owners)[0] + (fp_owners_at(0) != NULL);
	call_result += (uint64_t)fp_owner_op_name(holders[0].op)[0];
	dispose(&owner);
}

static struct fp_memory
rent_memory(struct fp_owner *owner)
{
	if (fp_owner_rent(owners, 100, owner) != 0)
		fail_msg("there is no free record");
	return fp_owner_memory(owner);
}

static void
call_memory(void)
{
	struct fp_owner owner;
	struct fp_memory memory = rent_memory(&owner);
	struct fp_memory part = fp_memory_none();
	struct fp_cmemory cpart = fp_cmemory_none();
	struct fp_cmemory view = fp_memory_const(&memory);
	struct fp_cspan cspan = fp_cspan_over(NULL, 0);
	struct fp_span span = fp_span_over(NULL, 0);

	call_result += fp_memory_is_empty(&part) + fp_cmemory_is_empty(&cpart);
	call_result += fp_memory_slice(&memory, 50, 51, &part) == -ERANGE;
	if (fp_memory_slice(&memory, 50, 50, &part) != 0 ||
		fp_cmemory_slice(&view, 0, 50, &cpart) != 0)
		fail_msg("it has no such part");
	if (fp_memory_span(&part, &span) != 0 || fp_cmemory_span(&cpart, &cspan) != 0)
		fail_msg("it is stale");
	fp_span_set(span, 0, (uint8_t)call_turn);
	call_result += fp_cspan_at(cspan, 0);
	call_result += fp_memory_equal(&memory, &part) + fp_cmemory_equal(&view, &cpart);
	call_result += fp_cmemory_copy(&cpart, &part) == 0;
	call_result += fp_cmemory_copy(&view, &part) == -ERANGE;
	dispose(&owner);
	call_result += fp_memory_span(&part, &span) == -ESTALE;
	call_result += fp_cmemory_copy(&cpart, &part) == -ESTALE;
}

static void
call_pin(void)
{
	struct fp_owner owner;
	struct fp_memory memory = rent_memory(&owner);
	struct fp_cmemory view = fp_memory_const(&memory);
	struct fp_pin pins[2] = { fp_pin_none(), fp_pin_none() };

	if (fp_memory_pin(&memory, &pins[0]) != 0 || fp_cmemory_pin(&view, &pins[1]) != 0)
		fail_msg("it is stale");
	call_result += fp_pin_span(&pins[0]).len;
	fp_pin_release(&pins[0]);
	must_refuse(fp_owner_dispose(&owner), -EBUSY);
	fp_pin_release(&pins[1]);
	dispose(&owner);
	must_refuse(fp_memory_pin(&memory, &pins[0]), -ESTALE);
}

const struct call_row memory_rows[] = {
	{ "fp_lease_rent, release", call_rent_release },
	{ "fp_lease_rent, clone of an empty pool", call_refused_rent },
	{ "fp_lease_share, also of a shared one", call_share },
	{ "fp_lease_slice, writable, span ...", call_views },
	{ "fp_lease_split, transfer", call_split },
	{ "fp_lease_clone, release of a clone", call_clone },
	{ "fp_lease_take_burst, release_burst", call_take },
	{ "fp_lease_hand_over, take_over", call_hand_over },
	{ "fp_handoff_send, receive: keep what does not fit", call_keeping },
	{ "fp_handoff_send, receive: drop what does not fit", call_dropping },
	{ "fp_ref_of, slice, resolve, confirm", call_ref },
	{ "fp_pool_count, held, at, find", call_pool_counts },
	{ "fp_pool_report, holders", call_pool_report },
	{ "fp_lease_release without lcore, fp_pool_collect", call_collect },
	{ "fp_arena_span, array, reset", call_arena },
	{ "fp_arena_span, array, take of a full arena", call_full_arena },
	{ "fp_arena_mark, release, take, FP_ARRAY_AT", call_scopes },
	{ "fp_owner_rent, wrap, transfer, dispose", call_owner },
	{ "fp_owners_count, live, holders ...", call_owner_counts },
	{ "fp_memory_span, slice, fp_cmemory_copy ...", call_memory },
	{ "fp_memory_pin, fp_pin_span, release", call_pin },
};
const uint32_t memory_row_count = RTE_DIM(memory_rows);

static int
create_handoff(const char *name, enum fp_handoff_policy policy, struct fp_handoff **out)
{
	const struct fp_handoff_params params = { name, HANDOFF_CAP, policy, SOCKET_ID_ANY };

	return fp_handoff_create(&params, out);
}

int
call_memory_set_up(void)
{
	const struct fp_pool_params pool_params = { "calls", 1024, 2176, 64, SOCKET_ID_ANY };
	const struct fp_pool_params small_params = { "calls_small", SMALL_COUNT, 2176, 0,
		SOCKET_ID_ANY };
	const struct fp_arena_params arena_params = { "calls_arena", ARENA_BYTES, SOCKET_ID_ANY,
		0 };
	const struct fp_owners_params owners_params = { "calls", OWNER_COUNT, OWNER_BYTES,
		SOCKET_ID_ANY };
	int error = fp_pool_create(&pool_params, &call_pool);

	if (error == 0)
		error = fp_pool_create(&small_params, &small);
	if (error == 0)
		error = fp_arena_create(&arena_params, &arena);
	if (error == 0)
		error = create_handoff("calls_keeping", FP_HANDOFF_KEEP, &keeping);
	if (error == 0)
		error = create_handoff("calls_dropping", FP_HANDOFF_DROP, &dropping);
	return error == 0 ? fp_owners_create(&owners_params, &owners) : error;
}

void
call_memory_check(void)
{
	assert_int_equal(fp_pool_held(call_pool), 0);
	assert_int_equal(fp_pool_held(small), 0);
	assert_int_equal(fp_handoff_count(keeping), 0);
	assert_int_equal(fp_handoff_count(dropping), 0);
	assert_int_equal(fp_owners_live(owners), 0);
	assert_true(fp_arena_is_untouched(arena));
}

void
call_memory_tear_down(void)
{
	fp_owners_destroy(owners);
	(void)fp_handoff_destroy(keeping);
	(void)fp_handoff_destroy(dropping);
	fp_arena_destroy(arena);
	fp_pool_destroy(small);
	fp_pool_destroy(call_pool);
}
