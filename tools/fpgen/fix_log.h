/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_FIX_LOG_H
#define FPGEN_FIX_LOG_H

/**
 * @file
 * A FIX log of one session: logon, market data and orders, heartbeats, logout.
 *
 *   market, orders -> message -> faults -> log, or a capture of one message per datagram
 *                                     \-> truth
 */

#include "options.h"

/** Write log and truth. @return 0, or a negative errno; then a line was printed. */
int fix_log_run(const struct fpgen_options *options);

#endif /* FPGEN_FIX_LOG_H */
