/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The control thread: watches signals, the clock and the end of a replay, prints the live line, and
 * asks the workers to stop. It runs beside the lcores and touches nothing of theirs but counters.
 */

#ifndef CONTROL_H
#define CONTROL_H

#include <pthread.h>

#include "engine.h"

/** What ends the run and what is printed meanwhile. */
struct control {
	struct engine *engine;
	uint64_t duration_s;     /**< 0 = no limit. */
	uint64_t period_s;       /**< Of the live line; 0 = none. */
	uint64_t replay_packets; /**< The run ends when so many were received. */
	bool is_replay;          /**< replay_packets counts. */
	bool is_done;            /**< Set when the workers have ended. */
	pthread_t thread;
};

/** Let SIGINT and SIGTERM end the run in order; before EAL starts. */
void control_install_signals(void);

/** Start the thread; false when the reason was printed. */
bool control_start(struct control *control);

/** Tell the thread that the workers have ended and wait for it. */
void control_join(struct control *control);

#endif /* CONTROL_H */
