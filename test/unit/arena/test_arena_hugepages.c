/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Arenas on hugepages of 2 MiB: guards of a whole page, and the node of each page.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_memory.h>

#include <cmocka.h>

#include "fp_arena.h"
#include "fp_numa.h"
#include "fp_test_hugepages.h"
#include "fp_test_panic.h"
#include "fp_test_skip.h"

#define HUGE_PAGE (2UL << 20)
#define PAGES     16
#define CHURN     10

static struct fp_arena_params params = { "huge", 1, SOCKET_ID_ANY, FP_ARENA_F_GUARD };

static struct fp_arena *
create(uint64_t cap, uint32_t flags)
{
	struct fp_arena *arena;

	params.cap = cap;
	params.flags = flags;
	assert_int_equal(fp_arena_create(&params, &arena), 0);
	return arena;
}

static size_t
heap_used(void)
{
	struct rte_malloc_socket_stats stats;

	assert_int_equal(rte_malloc_get_socket_stats(params.socket_id, &stats), 0);
	return stats.heap_allocsz_bytes;
}

static void
write_byte(void *at)
{
	*(volatile uint8_t *)at = 1;
}

static void
assert_segfaults(void *at)
{
	static struct fp_test_end end;

	fp_test_run_child(write_byte, at, &end);
	assert_true(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGSEGV);
}

static void
a_byte_behind_a_guarded_arena_ends_the_program(void **state)
{
	/* Some fill a hugepage together with the structure before them, some are a byte larger. */
	static const uint64_t caps[] = { 1, HUGE_PAGE - 8192, HUGE_PAGE - 4096, HUGE_PAGE - 4095,
		HUGE_PAGE, HUGE_PAGE + 1 };

	(void)state;
	for (size_t i = 0; i < RTE_DIM(caps); i++) {
		struct fp_arena *arena = create(caps[i], FP_ARENA_F_GUARD);
		uint8_t *all = fp_arena_array(arena, arena->cap, 1, 1);

		assert_non_null(all);
		assert_int_equal(arena->cap, RTE_ALIGN_CEIL(caps[i], 4096UL));
		assert_int_equal((uintptr_t)(all + arena->cap) % HUGE_PAGE, 0);
		memset(all, 0x77, arena->cap);
		assert_segfaults(all + arena->cap);
		assert_segfaults(all + arena->cap + HUGE_PAGE - 1);
		fp_arena_destroy(arena);
	}
}

/* EAL clears what it takes back: a page left protected would end this program here. */
static void
the_guards_are_gone_when_the_memory_is(void **state)
{
	size_t before = heap_used();

	(void)state;
	for (uint64_t i = 0; i < CHURN; i++) {
		struct fp_arena *arena = create(HUGE_PAGE * (i % 2 + 1), FP_ARENA_F_GUARD);
		uint8_t *all;

		fp_arena_destroy(arena);
		assert_true(heap_used() == before);
		/* Over what was the guard. */
		arena = create(4 * HUGE_PAGE, 0);
		all = fp_arena_array(arena, arena->cap, 1, 1);
		assert_non_null(all);
		memset(all, 0x55, arena->cap);
		fp_arena_destroy(arena);
	}
}

static void
every_page_is_on_the_node_asked_for(void **state)
{
	(void)state;
	for (uint32_t flags = 0; flags <= FP_ARENA_F_GUARD; flags++) {
		struct fp_arena *arena = create(2 * HUGE_PAGE, flags);

		assert_int_equal(arena->socket_id, params.socket_id);
		assert_int_equal(fp_numa_node(arena), params.socket_id);
		/* EAL touches hugepages when it maps them. */
		for (uint64_t at = 0; at < arena->cap; at += 4096)
			assert_int_equal(fp_numa_node(arena->base + at), params.socket_id);
		fp_arena_destroy(arena);
	}
}

static void
an_arena_larger_than_all_hugepages_leaves_nothing_behind(void **state)
{
	size_t before = heap_used();
	struct fp_arena *arena;

	(void)state;
	for (uint32_t flags = 0; flags <= FP_ARENA_F_GUARD; flags++) {
		params.flags = flags;
		params.cap = UINT64_C(1) << 40;
		assert_int_equal(fp_arena_create(&params, &arena), -ENOMEM);
		assert_null(arena);
		assert_true(heap_used() == before);
	}
	fp_arena_destroy(create(1, FP_ARENA_F_GUARD));
}

static bool
start_eal(void)
{
	char prefix[48];
	char *argv[] = { (char[]){ "test" }, (char[]){ "--in-memory" }, (char[]){ "--no-pci" },
		(char[]){ "--no-telemetry" }, (char[]){ "--iova-mode=va" },
		(char[]){ "--log-level=error" }, prefix, NULL };

	snprintf(prefix, sizeof(prefix), "--file-prefix=fphuge%d", (int)getpid());
	return rte_eal_init((int)RTE_DIM(argv) - 1, argv) >= 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_byte_behind_a_guarded_arena_ends_the_program),
		cmocka_unit_test(the_guards_are_gone_when_the_memory_is),
		cmocka_unit_test(every_page_is_on_the_node_asked_for),
		cmocka_unit_test(an_arena_larger_than_all_hugepages_leaves_nothing_behind),
	};
	int failed;

	if (!fp_test_hugepages_reserve(PAGES)) {
		fp_test_skip_all("no hugepages of 2 MiB are free, and none can be reserved");
		return 0;
	}
	if (!start_eal()) {
		fp_test_hugepages_restore();
		fp_test_skip_all("EAL did not start with hugepages");
		return 0;
	}
	params.socket_id = (int)rte_lcore_to_socket_id(rte_lcore_id());
	failed = cmocka_run_group_tests_name("arena_hugepages", tests, NULL, NULL);
	(void)rte_eal_cleanup();
	fp_test_hugepages_restore();
	return failed;
}
