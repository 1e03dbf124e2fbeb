/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What test_alloc_failure.c lets fail: a scenario is one row of a table.
 *
 * To add one: write create and destroy, and prepare if it stands on something, and add a row to the
 * table at the end of alloc_failure_lib.c or alloc_failure_engine.c:
 *
 *     { "fp_thing_create", NULL, create_thing, destroy_thing, { -ENOMEM }, false },
 *
 * The loop, for n = 1, 2, 3 ...: prepare; create, in which the n-th allocation fails; destroy;
 * nothing may be left that was not there before. It ends when create makes fewer than n
 * allocations.
 */

#ifndef ALLOC_FAILURE_H
#define ALLOC_FAILURE_H

#include <stdbool.h>
#include <stdint.h>

/** Errors that one scenario may answer with. */
#define SCENARIO_ERRORS_MAX 3

/** What create returns when an out-parameter was not NULL after an error: always a failure. */
#define SCENARIO_BAD_OUT 1

/** Something that is made of memory. */
struct scenario {
	const char *name;      /**< Of the function, or of what is started. */
	void (*prepare)(void); /**< What must be there before; never fails. NULL = nothing. */
	int (*create)(void);   /**< 0 or a negative errno. */
	void (*destroy)(void); /**< Undo create, also one that failed, and prepare. */
	int errors[SCENARIO_ERRORS_MAX]; /**< That are documented for no memory; 0 = unused. */
	bool prints; /**< An error comes with a line "fablepool: ..." on standard error. */
};

/** Result of a creator for the loop: an object beside an error is SCENARIO_BAD_OUT. */
static inline int
scenario_result(int error, const void *out)
{
	return (error == 0) == (out != NULL) ? error : SCENARIO_BAD_OUT;
}

/** Creators of lib and drivers. */
extern const struct scenario lib_scenarios[];
extern const uint32_t lib_scenario_count;

/** The engine's start, whole and in parts. */
extern const struct scenario engine_scenarios[];
extern const uint32_t engine_scenario_count;

#endif /* ALLOC_FAILURE_H */
