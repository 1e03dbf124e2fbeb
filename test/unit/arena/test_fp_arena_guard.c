/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Guard pages of 4 KiB: what ends a program that leaves its arena, and that they are taken away
 * again. mprotect() is this program's own, so that it can refuse.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_malloc.h>
#include <rte_memory.h>

#include <cmocka.h>

#include "fp_arena.h"
#include "fp_poison.h"
#include "fp_test_eal.h"
#include "fp_test_panic.h"

#define PAGE      4096UL
#define CHURN     50
#define EXIT_SKIP 77

/* Calls of mprotect() that succeed before one does not; negative = all do. */
static int refuse_after = -1;

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): libc reserves its names */
int
mprotect(void *address, size_t len, int access)
{
	if (refuse_after >= 0 && refuse_after-- == 0) {
		errno = ENOMEM;
		return -1;
	}
	return (int)syscall(SYS_mprotect, address, len, access);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

static size_t
heap_used(void)
{
	struct rte_malloc_socket_stats stats;

	assert_int_equal(rte_malloc_get_socket_stats(0, &stats), 0);
	return stats.heap_allocsz_bytes;
}

static struct fp_arena *
create(uint64_t cap)
{
	struct fp_arena_params params = { "guarded", cap, SOCKET_ID_ANY, FP_ARENA_F_GUARD };
	struct fp_arena *arena;

	assert_int_equal(fp_arena_create(&params, &arena), 0);
	return arena;
}

static void
write_byte(void *at)
{
	*(volatile uint8_t *)at = 1;
}

static void
read_byte(void *at)
{
	(void)*(volatile uint8_t *)at;
}

/* By the page, whoever looks: also with code that AddressSanitizer does not see into. */
static void
assert_segfaults(fp_test_call_fn call, void *at)
{
	static struct fp_test_end end;

	fp_test_run_child(call, at, &end);
	assert_true(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGSEGV);
}

static void
a_byte_outside_a_guarded_arena_ends_the_program(void **state)
{
	static const uint64_t caps[] = { 1, PAGE, PAGE + 1, 16 * PAGE };

	(void)state;
	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		struct fp_arena *arena = create(caps[i]);
		uint8_t *all = fp_arena_array(arena, arena->cap, 1, 1);

		assert_non_null(all);
		assert_int_equal(arena->cap, (caps[i] + PAGE - 1) / PAGE * PAGE);
		memset(all, 0x77, arena->cap);
		assert_segfaults(write_byte, all + arena->cap);
		assert_segfaults(read_byte, all + arena->cap);
		assert_segfaults(write_byte, all + arena->cap + PAGE - 1);
		assert_segfaults(write_byte, all - 1);
		assert_segfaults(read_byte, all - PAGE);
		fp_arena_destroy(arena);
	}
}

static void
overrun_array(void *array)
{
	const struct fp_array *bytes = array;

	memset(bytes->data, 0, bytes->count + 1U);
}

static void
an_overrun_from_inside_a_guarded_arena_ends_the_program(void **state)
{
	struct fp_arena *arena = create(PAGE);
	struct fp_array array;

	(void)state;
	assert_int_equal(fp_arena_take(arena, PAGE, 1, 1, &array), 0);
	memset(arena->base, 0, array.count);
#if !FP_HAS_ASAN
	assert_segfaults(overrun_array, &array);
#else
	{
		static struct fp_test_end end;

		fp_test_run_child(overrun_array, &array, &end);
		assert_true(end.status != 0);
	}
#endif
	fp_arena_destroy(arena);
}

/* EAL clears what it takes back: a page left protected would end this program here. */
static void
the_guards_are_gone_when_the_memory_is(void **state)
{
	size_t before = heap_used();

	(void)state;
	for (uint64_t i = 0; i < CHURN; i++) {
		struct fp_arena *arena = create(PAGE * (i % 5 + 1));
		uint8_t *memory;

		fp_arena_destroy(arena);
		assert_true(heap_used() == before);
		memory = rte_malloc(NULL, 16 * PAGE, PAGE);
		assert_non_null(memory);
		memset(memory, 0x55, 16 * PAGE);
		rte_free(memory);
	}
}

static void
what_the_system_refuses_to_protect_is_not_supported(void **state)
{
	struct fp_arena_params params = { "refused", PAGE, SOCKET_ID_ANY, FP_ARENA_F_GUARD };
	size_t before = heap_used();

	(void)state;
	for (int nth = 0; nth < 2; nth++) {
		struct fp_arena *arena = (struct fp_arena *)&params;
		uint8_t *memory;

		refuse_after = nth;
		assert_int_equal(fp_arena_create(&params, &arena), -ENOTSUP);
		assert_int_equal(refuse_after, -1);
		assert_null(arena);
		assert_null(fp_arena_at(0));
		assert_true(heap_used() == before);
		/* The page that was protected already is given back as it was. */
		memory = rte_malloc(NULL, 16 * PAGE, PAGE);
		assert_non_null(memory);
		memset(memory, 0x55, 16 * PAGE);
		rte_free(memory);
	}
	/* Without guards nobody asks. */
	params.flags = 0;
	refuse_after = 0;
	{
		struct fp_arena *arena;

		assert_int_equal(fp_arena_create(&params, &arena), 0);
		assert_int_equal(arena->guard_bytes, 0);
		fp_arena_destroy(arena);
	}
	assert_int_equal(refuse_after, 0);
	refuse_after = -1;
}

static void
destroy_it(void *arena)
{
	refuse_after = 0;
	fp_arena_destroy(arena);
}

static void
a_guard_that_cannot_be_taken_away_panics(void **state)
{
	struct fp_arena *arena = create(PAGE);

	(void)state;
	ASSERT_PANICS(destroy_it, arena, "arena guarded: the system does not give its guard pages");
	fp_arena_destroy(arena);
}

static void
an_arena_without_the_flag_has_no_guard(void **state)
{
	struct fp_arena_params params = { "plain", PAGE, SOCKET_ID_ANY, 0 };
	struct fp_arena *arena;

	(void)state;
	assert_int_equal(fp_arena_create(&params, &arena), 0);
	assert_int_equal(arena->guard_bytes, 0);
	assert_ptr_equal(arena->base, (uint8_t *)arena + PAGE);
	fp_arena_destroy(arena);
	params.flags = FP_ARENA_F_GUARD << 1;
	assert_int_equal(fp_arena_create(&params, &arena), -EINVAL);
	params.flags = UINT32_MAX;
	assert_int_equal(fp_arena_create(&params, &arena), -EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_byte_outside_a_guarded_arena_ends_the_program),
		cmocka_unit_test(an_overrun_from_inside_a_guarded_arena_ends_the_program),
		cmocka_unit_test(the_guards_are_gone_when_the_memory_is),
		cmocka_unit_test(what_the_system_refuses_to_protect_is_not_supported),
		cmocka_unit_test(a_guard_that_cannot_be_taken_away_panics),
		cmocka_unit_test(an_arena_without_the_flag_has_no_guard),
	};
	int failed;

	if (fp_test_eal_init() != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	failed = cmocka_run_group_tests_name("fp_arena_guard", tests, NULL, NULL);
	fp_test_eal_fini();
	return failed;
}
