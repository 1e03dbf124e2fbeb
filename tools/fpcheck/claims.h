/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Which unit analyses a header: the first, in the order of the work, that includes it.
 *
 * Any thread. The answer does not depend on which thread is quicker: who asks waits until every
 * unit in front has said what it includes. Units are begun in order and say it as soon as they are
 * parsed, whatever came of it, so the one in front never waits.
 */

#ifndef FPCHECK_CLAIMS_H
#define FPCHECK_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>

struct claims;

/** Of @p unit_count units. */
struct claims *claims_create(size_t unit_count);

/** NULL is fine. */
void claims_destroy(struct claims *claims);

/** Unit @p unit_idx includes the file. Called before its claims_close(). */
void claims_add(struct claims *claims, size_t unit_idx, const char *file);

/** Unit @p unit_idx has said all; each unit that is begun does it, once. */
void claims_close(struct claims *claims, size_t unit_idx);

/** True when no unit in front of this one includes the file. May wait. */
bool claims_is_first(struct claims *claims, size_t unit_idx, const char *file);

#endif /* FPCHECK_CLAIMS_H */
