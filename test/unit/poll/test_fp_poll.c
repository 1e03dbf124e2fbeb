/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Frames over a port whose packets the test puts in by hand.
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

#include "fp_poll.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"
#include "test_port.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define BUFFERS   700
#define DATA_ROOM (RTE_PKTMBUF_HEADROOM + 128)
#define BURST     32
#define EXIT_SKIP 77

static struct fp_pool *pool;
static struct fp_arena *arena;
static struct fp_arena *scratch;
static struct test_port port;
static struct test_port null_port;
static struct fp_poll poll;

/* Packets that the port receives next; each begins with its number. */
static void
arrive(uint16_t count)
{
	for (uint16_t i = 0; i < count; i++) {
		struct rte_mbuf *mbuf = rte_pktmbuf_alloc(pool->mempool);
		uint8_t *data;

		assert_non_null(mbuf);
		data = (uint8_t *)rte_pktmbuf_append(mbuf, 60);
		assert_non_null(data);
		/* Not leased yet: nobody but the driver may write to it. */
		fp_unpoison(data, 60);
		data[0] = (uint8_t)i;
		assert_int_equal(rte_ring_enqueue(port.rx, mbuf), 0);
	}
}

/* A whole frame; what it received. */
static uint16_t
run_frame(void)
{
	uint16_t count;

	fp_frame_open(&poll);
	count = fp_frame_receive(&poll, port.id, 0, pool);
	assert_int_equal(fp_frame_close(&poll), count != 0);
	return count;
}

static int
open_poll(void **state)
{
	struct fp_pool_params pool_params = { "tested", BUFFERS, DATA_ROOM, 0, SOCKET_ID_ANY };
	struct fp_arena_params arena_params = { "tested", 1 << 16, SOCKET_ID_ANY, 0 };
	struct fp_arena_params scratch_params = { "scratch", 4096, SOCKET_ID_ANY, 0 };
	int error = fp_pool_create(&pool_params, &pool);

	(void)state;
	if (error == 0)
		error = fp_arena_create(&arena_params, &arena);
	if (error == 0)
		error = fp_arena_create(&scratch_params, &scratch);
	if (error == 0)
		error = test_port_open_ring(&port, "tested", pool->mempool, 1);
	if (error == 0)
		error = test_port_open_null(&null_port, "tested", pool->mempool);
	if (error == 0)
		error = fp_poll_init(&poll, BURST, arena, scratch);
	fp_poll_start(&poll);
	return error;
}

/* No test may leave a buffer behind. */
static int
close_poll(void **state)
{
	bool is_clean =
		fp_pool_held(pool) == 0 && rte_mempool_avail_count(pool->mempool) == BUFFERS;

	(void)state;
	test_port_close(&port);
	test_port_close(&null_port);
	fp_arena_destroy(scratch);
	fp_arena_destroy(arena);
	fp_pool_destroy(pool);
	return is_clean ? 0 : -1;
}

static void
a_burst_is_1_to_512_packets(void **state)
{
	struct fp_poll other;

	(void)state;
	assert_int_equal(fp_poll_init(&other, 0, arena, NULL), -EINVAL);
	assert_int_equal(fp_poll_init(&other, FP_FRAME_BURST_MAX + 1, arena, NULL), -EINVAL);
	assert_int_equal(fp_poll_init(&other, UINT16_MAX, arena, NULL), -EINVAL);
	assert_int_equal(fp_poll_init(&other, 1, arena, NULL), 0);
	assert_int_equal(fp_poll_init(&other, FP_FRAME_BURST_MAX, arena, NULL), 0);
	assert_int_equal((uintptr_t)other.leases % FP_CACHE_LINE_BYTES, 0);
	assert_int_equal(fp_poll_init(&other, FP_FRAME_BURST_MAX, scratch, NULL), -ENOMEM);
}

static void
the_largest_burst_is_received_in_one_frame(void **state)
{
	(void)state;
	assert_int_equal(fp_poll_init(&poll, FP_FRAME_BURST_MAX, arena, NULL), 0);
	fp_poll_start(&poll);
	arrive(FP_FRAME_BURST_MAX + 1);
	assert_int_equal(run_frame(), FP_FRAME_BURST_MAX);
	assert_int_equal(run_frame(), 1);
	assert_int_equal(poll.counters.packets, FP_FRAME_BURST_MAX + 1);
}

static void
frames_take_bursts_in_order_and_count_packets(void **state)
{
	static const uint16_t arrivals[] = { 0, 1, 31, 32, 33, 0, 100 };
	uint64_t packets = 0;
	uint64_t frames = 0;
	uint64_t busy = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(arrivals); i++) {
		uint16_t seen = 0;
		uint16_t count;

		arrive(arrivals[i]);
		do {
			fp_frame_open(&poll);
			count = fp_frame_receive(&poll, port.id, 0, pool);
			assert_int_equal(count, poll.count);
			assert_true(count <= BURST);
			for (uint16_t j = 0; j < count; j++) {
				assert_int_equal(
					fp_cspan_at(fp_lease_span(&poll.leases[j]), 0), seen++);
			}
			assert_int_equal(fp_pool_held(pool), count);
			assert_int_equal(fp_frame_close(&poll), count != 0);
			assert_int_equal(fp_pool_held(pool), 0);
			packets += count;
			frames++;
			busy += count != 0;
			assert_int_equal(poll.counters.packets, packets);
			assert_int_equal(poll.counters.frames, frames);
			assert_int_equal(poll.counters.busy_frames, busy);
			assert_int_equal(poll.epoch, frames);
		} while (count != 0);
		assert_int_equal(seen, arrivals[i]);
	}
}

/* The end of one frame is the start of the next: no cycle is lost or counted twice. */
static void
cycles_of_frames_add_up_and_are_busy_or_idle(void **state)
{
	const struct fp_poll_counters *counters = &poll.counters;
	uint64_t start = poll.tsc;
	uint64_t busy = 0;
	uint64_t longest = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		uint64_t before = poll.tsc;
		bool is_busy = i % 3 == 0;

		arrive(is_busy ? 5 : 0);
		if (i == 30)
			rte_delay_us_block(100);
		assert_int_equal(run_frame(), is_busy ? 5 : 0);
		assert_true(poll.tsc > before);
		busy += is_busy ? poll.tsc - before : 0;
		if (is_busy && poll.tsc - before > longest)
			longest = poll.tsc - before;
		assert_true(counters->total_cycles == poll.tsc - start);
		assert_true(counters->busy_cycles == busy);
		assert_true(counters->longest_cycles == longest);
	}
	assert_true(longest >= rte_get_tsc_hz() / 1000000 * 100);
	assert_int_equal(counters->frames, 100);
	assert_int_equal(counters->busy_frames, 34);
}

static void
an_idle_frame_is_never_the_longest(void **state)
{
	(void)state;
	arrive(1);
	(void)run_frame();
	poll.counters.longest_cycles = 0;
	rte_delay_us_block(200);
	(void)run_frame();
	assert_int_equal(poll.counters.longest_cycles, 0);
}

static void
the_slots_say_the_time_of_the_frame(void **state)
{
	(void)state;
	arrive(1);
	fp_frame_open(&poll);
	assert_int_equal(fp_frame_receive(&poll, port.id, 0, pool), 1);
#if FP_LIFETIME
	assert_true(fpi_lease_slot(&poll.leases[0])->tsc == poll.tsc);
#endif
	(void)fp_frame_close(&poll);
}

static void
a_kept_lease_survives_the_close_of_its_frame(void **state)
{
	struct fp_lease kept[3];

	(void)state;
	arrive(10);
	fp_frame_open(&poll);
	assert_int_equal(fp_frame_receive(&poll, port.id, 0, pool), 10);
	kept[0] = fp_frame_keep(&poll, 0);
	kept[1] = fp_frame_keep(&poll, 5);
	kept[2] = fp_frame_keep(&poll, 9);
	assert_true(fp_lease_is_empty(&poll.leases[5]));
	assert_true(fp_frame_close(&poll));
	/* Kept packets were received all the same. */
	assert_int_equal(poll.counters.packets, 10);
	assert_int_equal(fp_pool_held(pool), 3);
	arrive(10);
	(void)run_frame();
	assert_int_equal(fp_cspan_at(fp_lease_span(&kept[0]), 0), 0);
	assert_int_equal(fp_cspan_at(fp_lease_span(&kept[1]), 0), 5);
	assert_int_equal(fp_cspan_at(fp_lease_span(&kept[2]), 0), 9);
	fp_lease_release_burst(kept, 3, poll.tsc);
	assert_int_equal(fp_pool_held(pool), 0);
}

static void
a_frame_may_release_before_it_is_closed(void **state)
{
	(void)state;
	arrive(4);
	fp_frame_open(&poll);
	(void)fp_frame_receive(&poll, port.id, 0, pool);
	fp_frame_release(&poll);
	assert_int_equal(poll.stage, FP_STAGE_RELEASE);
	assert_int_equal(fp_pool_held(pool), 0);
	assert_int_equal(poll.counters.packets, 4);
	fp_frame_release(&poll);
	assert_true(fp_frame_close(&poll));
	assert_int_equal(poll.counters.packets, 4);
	assert_int_equal(poll.counters.busy_frames, 1);
}

static void
scratch_is_reset_by_frames_that_used_it(void **state)
{
	struct fp_span span;

	(void)state;
	assert_ptr_equal(fp_frame_scratch(&poll), scratch);
	(void)run_frame();
	arrive(1);
	(void)run_frame();
	assert_int_equal(scratch->epochs[0], 0);
	for (uint32_t i = 1; i < 5; i++) {
		fp_frame_open(&poll);
		assert_int_equal(fp_arena_span(fp_frame_scratch(&poll), 4000 / i, 1, &span), 0);
		assert_false(fp_frame_close(&poll));
		assert_int_equal(scratch->used, 0);
		assert_int_equal(scratch->epochs[0], i);
		(void)run_frame();
		assert_int_equal(scratch->epochs[0], i);
		/* Of all frames. */
		assert_int_equal(scratch->high_water, 4000);
	}
}

static void
scopes_left_open_in_scratch_end_with_the_frame(void **state)
{
	struct fp_mark marks[FP_ARENA_DEPTH_MAX];

	(void)state;
	for (int i = 0; i < 3; i++) {
		fp_frame_open(&poll);
		for (uint32_t depth = 0; depth < FP_ARENA_DEPTH_MAX; depth++)
			marks[depth] = fp_arena_mark(fp_frame_scratch(&poll));
		assert_true(fp_arena_mark_is_open(scratch, marks[0]));
		(void)fp_frame_close(&poll);
		assert_int_equal(scratch->depth, 0);
		assert_false(fp_arena_mark_is_open(scratch, marks[0]));
	}
}

static void
ask_for_scratch(void *asked)
{
	(void)fp_frame_scratch(asked);
}

static void
a_loop_without_scratch_has_none_to_give(void **state)
{
	(void)state;
	assert_int_equal(fp_poll_init(&poll, BURST, arena, NULL), 0);
	fp_poll_start(&poll);
	assert_int_equal(run_frame(), 0);
	ASSERT_PANICS(ask_for_scratch, &poll, "the scratch of a loop that has none");
}

static void
a_watcher_sees_a_frame_that_stays_open_and_its_stage(void **state)
{
	(void)state;
	/* Between frames there is nothing to see, however often one looks. */
	assert_false(fp_poll_watch(&poll));
	assert_false(fp_poll_watch(&poll));
	arrive(1);
	fp_frame_open(&poll);
	(void)fp_frame_receive(&poll, port.id, 0, pool);
	fp_frame_stage(&poll, FP_STAGE_BOOK);
	assert_false(fp_poll_watch(&poll));
	assert_true(fp_poll_watch(&poll));
	fp_frame_stage(&poll, FP_STAGE_TRANSMIT);
	assert_true(fp_poll_watch(&poll));
	assert_int_equal(poll.stalls, 2);
	assert_int_equal(poll.stalled_stage, FP_STAGE_TRANSMIT);
	(void)fp_frame_close(&poll);
	assert_false(fp_poll_watch(&poll));
	/* Busy, but another frame at each look. */
	for (int i = 0; i < 5; i++) {
		fp_frame_open(&poll);
		fp_frame_stage(&poll, FP_STAGE_DECODE);
		assert_false(fp_poll_watch(&poll));
		(void)fp_frame_close(&poll);
	}
	assert_int_equal(poll.stalls, 2);
}

static void
a_frame_that_asks_a_dead_port_forever_is_a_stall(void **state)
{
	(void)state;
	fp_frame_open(&poll);
	fp_frame_stage(&poll, FP_STAGE_RECEIVE);
	(void)fp_poll_watch(&poll);
	assert_true(fp_poll_watch(&poll));
	assert_int_equal(poll.stalled_stage, FP_STAGE_RECEIVE);
	(void)fp_frame_close(&poll);
}

static void
a_frame_receives_from_a_port_that_is_never_empty(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		fp_frame_open(&poll);
		assert_int_equal(fp_frame_receive(&poll, null_port.id, 0, pool), BURST);
		assert_int_equal(poll.stage, FP_STAGE_RECEIVE);
		assert_int_equal(
			fp_lease_transmit(null_port.id, 0, poll.leases, BURST, poll.tsc), BURST);
		assert_true(fp_frame_close(&poll));
		assert_int_equal(poll.stage, FP_STAGE_IDLE);
	}
	assert_int_equal(poll.counters.packets, 100 * BURST);
	assert_int_equal(poll.counters.busy_frames, 100);
	assert_int_equal(fp_pool_held(pool), 0);
}

static void
a_loop_goes_on_until_it_is_stopped(void **state)
{
	(void)state;
	assert_true(fp_poll_goes_on(&poll));
	(void)run_frame();
	assert_true(fp_poll_goes_on(&poll));
	fp_poll_stop(&poll);
	assert_false(fp_poll_goes_on(&poll));
	fp_poll_stop(&poll);
	assert_false(fp_poll_goes_on(&poll));
}

static void
stages_have_names_of_their_own(void **state)
{
	(void)state;
	for (uint32_t stage = 0; stage < FP_STAGE_COUNT; stage++) {
		assert_string_not_equal(fp_stage_name(stage), "unknown");
		for (uint32_t other = 0; other < stage; other++)
			assert_string_not_equal(fp_stage_name(stage), fp_stage_name(other));
	}
	assert_string_equal(fp_stage_name(FP_STAGE_IDLE), "idle");
	assert_string_equal(fp_stage_name(FP_STAGE_RELEASE), "release");
	assert_string_equal(fp_stage_name(FP_STAGE_COUNT), "unknown");
	assert_string_equal(fp_stage_name(UINT32_MAX), "unknown");
}

#if FP_LIFETIME == FP_LIFETIME_FULL
static void
read_view(void *view)
{
	(void)fp_cspan_at(*(struct fp_cspan *)view, 0);
}

static void
a_view_used_after_its_frame_panics_at_level_full(void **state)
{
	struct fp_cspan view;
	struct fp_span note;

	(void)state;
	arrive(1);
	fp_frame_open(&poll);
	(void)fp_frame_receive(&poll, port.id, 0, pool);
	view = fp_lease_span(&poll.leases[0]);
	assert_int_equal(fp_arena_span(fp_frame_scratch(&poll), 8, 8, &note), 0);
	memset(note.data, 0, 8);
	read_view(&view);
	(void)fp_frame_close(&poll);
	ASSERT_PANICS(read_view, &view, "a view is used too late");
	view = fp_span_const(note);
	ASSERT_PANICS(read_view, &view, "it was of arena scratch");
	/* In the next frame, also where that has taken the same bytes. */
	fp_frame_open(&poll);
	assert_int_equal(fp_arena_span(fp_frame_scratch(&poll), 8, 8, &note), 0);
	ASSERT_PANICS(read_view, &view, "it was of arena scratch");
	(void)fp_frame_close(&poll);
}
#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_poll, close_poll)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_burst_is_1_to_512_packets),
		TEST(the_largest_burst_is_received_in_one_frame),
		TEST(frames_take_bursts_in_order_and_count_packets),
		TEST(cycles_of_frames_add_up_and_are_busy_or_idle),
		TEST(an_idle_frame_is_never_the_longest),
		TEST(the_slots_say_the_time_of_the_frame),
		TEST(a_kept_lease_survives_the_close_of_its_frame),
		TEST(a_frame_may_release_before_it_is_closed),
		TEST(scratch_is_reset_by_frames_that_used_it),
		TEST(scopes_left_open_in_scratch_end_with_the_frame),
		TEST(a_loop_without_scratch_has_none_to_give),
		TEST(a_watcher_sees_a_frame_that_stays_open_and_its_stage),
		TEST(a_frame_that_asks_a_dead_port_forever_is_a_stall),
		TEST(a_frame_receives_from_a_port_that_is_never_empty),
		TEST(a_loop_goes_on_until_it_is_stopped),
		TEST(stages_have_names_of_their_own),
#if FP_LIFETIME == FP_LIFETIME_FULL
		TEST(a_view_used_after_its_frame_panics_at_level_full),
#endif
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_poll", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
