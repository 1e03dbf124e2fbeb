/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What can be asked of a running engine on DPDK's telemetry socket, below /fablepool/.
 *
 * Commands only read. Their callbacks run on DPDK's own threads, several at a time; a book is asked
 * of the worker that owns it, which copies it out between two frames.
 */

#ifndef TELEMETRY_H
#define TELEMETRY_H

#include "engine.h"

/**
 * Answer for this engine from here on.
 *
 * @param[in] engine  Lives until telemetry_stop() returns.
 * @return 0, or a negative errno when DPDK refused a command; the reason was printed.
 */
FP_MUST_CHECK int telemetry_start(const struct engine *engine);

/** Answer with errors from here on; requests under way have ended when it returns. */
void telemetry_stop(void);

#endif /* TELEMETRY_H */
