/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What a person sees of a panic.
 */

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "fp_lifetime.h"
#include "fp_panic.h"
#include "fp_test_panic.h"

#define THREADS 4

static void
panic(void *number)
{
	fp_panic("buffer %d of pool \"%s\" is gone", *(int *)number, "md0");
}

static void
return_at_once(void *arg)
{
	(void)arg;
}

static void
a_panic_says_who_what_and_where_and_aborts(void **state)
{
	static const char first_line[] =
		"fablepool: panic: buffer 17 of pool \"md0\" is gone\nbacktrace:\n";
	static struct fp_test_end end;
	int number = 17;
	const char *frames;

	(void)state;
	fp_test_run_child(panic, &number, &end);
	assert_true(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGABRT);
	/* The sanitizers have a word to say of their own behind it. */
	assert_memory_equal(end.text, first_line, strlen(first_line));
	frames = end.text + strlen(first_line);
	assert_non_null(strchr(frames, '\n'));
	assert_non_null(strstr(frames, "[0x"));
}

static void
a_call_that_returns_is_no_panic(void **state)
{
	static struct fp_test_end end;

	(void)state;
	fp_test_run_child(return_at_once, NULL, &end);
	assert_int_equal(end.status, 0);
	assert_string_equal(end.text, "");
}

static void
assert_positive(void *number)
{
	FP_ASSERT(*(int *)number > 0);
}

static void
a_condition_that_does_not_hold_is_quoted_with_its_place(void **state)
{
	int number = 1;

	(void)state;
	assert_positive(&number);
	number = 0;
	ASSERT_PANICS(assert_positive, &number, "test_fp_panic.c:");
	ASSERT_PANICS(assert_positive, &number, "*(int *)number > 0 does not hold");
}

static pthread_barrier_t barrier;

static void *
panic_together(void *number)
{
	(void)pthread_barrier_wait(&barrier);
	panic(number);
	return NULL;
}

static void
panic_in_threads(void *arg)
{
	int numbers[THREADS] = { 0, 1, 2, 3 };
	pthread_t threads[THREADS];

	(void)arg;
	(void)pthread_barrier_init(&barrier, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		(void)pthread_create(&threads[i], NULL, panic_together, &numbers[i]);
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
}

/* Of several threads the first has its say, whole; the others do not cut in. */
static void
the_first_panic_of_several_threads_is_printed_alone(void **state)
{
	static struct fp_test_end end;

	(void)state;
	for (int i = 0; i < 20; i++) {
		const char *at = end.text;
		int messages = 0;

		fp_test_run_child(panic_in_threads, NULL, &end);
		assert_true(WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGABRT);
		while ((at = strstr(at, "fablepool: panic: ")) != NULL) {
			at += strlen("fablepool: panic: ");
			assert_int_equal(strncmp(at, "buffer ", 7), 0);
			assert_int_equal(strncmp(at + 8, " of pool \"md0\" is gone\nback", 27), 0);
			messages++;
		}
		assert_int_equal(messages, 1);
		assert_non_null(strstr(end.text, "[0x"));
	}
}

static void
check_watch(void *watch)
{
	fp_watch_check(*(struct fp_watch *)watch);
}

static void
a_watch_panics_when_its_word_moved_on(void **state)
{
	uint32_t word = UINT32_MAX;
	struct fp_watch watch = { &word, UINT32_MAX };
	struct fp_watch none = fp_watch_none();

	(void)state;
	check_watch(&watch);
	check_watch(&none);
	word = 0;
	ASSERT_PANICS(check_watch, &watch,
		"made under generation 4294967295, the memory is now at generation 0");
	watch.stamp = 0;
	check_watch(&watch);
	word = 1;
	ASSERT_PANICS(
		check_watch, &watch, "made under generation 0, the memory is now at generation 1");
}

static void
the_level_of_the_library_is_that_of_its_users(void **state)
{
	static const char *const names[] = { "trust", "ref", "full" };

	(void)state;
	assert_string_equal(fpi_lifetime_level, names[FP_LIFETIME]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_panic_says_who_what_and_where_and_aborts),
		cmocka_unit_test(a_call_that_returns_is_no_panic),
		cmocka_unit_test(a_condition_that_does_not_hold_is_quoted_with_its_place),
		cmocka_unit_test(the_first_panic_of_several_threads_is_printed_alone),
		cmocka_unit_test(a_watch_panics_when_its_word_moved_on),
		cmocka_unit_test(the_level_of_the_library_is_that_of_its_users),
	};

	return cmocka_run_group_tests_name("fp_panic", tests, NULL, NULL);
}
