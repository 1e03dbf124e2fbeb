/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What a function's declarations say about calls of it.
 *
 * The exception path of hot code is made of these: a call of a function that does not return, or
 * that is marked cold, is what the program does when it is no longer in a hurry.
 */

#ifndef FPCHECK_CALLEE_H
#define FPCHECK_CALLEE_H

#include <clang-c/Index.h>
#include <stdbool.h>

#include "unit.h"

struct callee {
	const char *name; /**< Of a builtin, the library's: "malloc" of __builtin_malloc. */
	CXCursor declaration;
	const char *returns; /**< The parameter that the result is a view of; NULL. */
	bool is_noreturn;
	bool is_cold;       /**< Attribute cold, on any declaration. */
	bool is_variadic;   /**< False for declarations without a prototype. */
	bool is_formatting; /**< Attribute format(printf) or format(scanf). */
	bool is_builtin;    /**< The compiler knows it: __builtin_..., __sync_... */
};

struct callees;

/** What was learnt about callees so far; lives and dies with the unit. */
struct callees *callees_create(struct unit *unit);

/** What is known of a function, asked for by any of its declarations. */
const struct callee *callee_of(struct callees *callees, CXCursor function);

#endif /* FPCHECK_CALLEE_H */
