/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Names of code addresses: functions of this program, static ones too, and of libraries.
 */

#ifndef CALL_SITE_H
#define CALL_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "alloc_hook.h"

/** Room for a name, its terminator included [bytes]. */
#define CALL_SITE_BYTES 160

/** Read the program's own symbols; before the first name, may allocate. */
void call_site_init(void);

/**
 * Name an address.
 *
 * @param[in]  address  Of code.
 * @param[out] name     Function, or "library+0x1234" where it has no name.
 * @return Whether it is a function's name.
 */
bool call_site_name(const void *address, char name[CALL_SITE_BYTES]);

/**
 * Name who made a call, as outwards as it takes to come to a function with a name.
 *
 * @param[in]  trace     Of the call.
 * @param[out] function  The innermost function that has a name; "?" = none.
 * @param[out] text      The same, for people: "library+0x1234 < function" where they differ.
 */
void call_site_of(const struct alloc_trace *trace, char function[CALL_SITE_BYTES],
	char text[CALL_SITE_BYTES]);

#endif /* CALL_SITE_H */
