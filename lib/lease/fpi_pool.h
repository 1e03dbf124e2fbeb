/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The tables of pools, for those who make and destroy pools. Start-up and exit only.
 */

#ifndef FPI_POOL_H
#define FPI_POOL_H

#include "fp_pool.h"

/** Find an id that no pool has; FP_POOLS_MAX when all are taken. */
uint32_t fpi_pool_find_id(void);

/** Enter a pool into the tables, and let its generations begin where those of its id ended. */
void fpi_pool_enter(struct fp_pool *pool, uint32_t id);

/** Take a pool out of the tables. */
void fpi_pool_leave(const struct fp_pool *pool);

/** True for a pool that exists; nothing of what may be gone is read. */
bool fpi_pool_is_entered(const struct fp_pool *pool);

#endif /* FPI_POOL_H */
