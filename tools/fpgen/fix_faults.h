/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_FIX_FAULTS_H
#define FPGEN_FIX_FAULTS_H

/**
 * @file
 * What goes wrong in a FIX log, planted so that a reader's answer to each is known.
 *
 *   cut       a message without its last bytes       its length leads into what follows it
 *   length    BodyLength is another number           there is no trailer where it leads
 *   checksum  CheckSum is another number             the message is whole but not believed
 *   gap       MsgSeqNum goes further than by one     messages are missing
 *   garbage   bytes between two messages             nothing that begins a message
 *
 * Whether a kind strikes is drawn for every message, wanted or not, and how from other numbers; so
 * one kind does not change where another one would strike. A message has at most one of the first
 * three, the first of them that strikes.
 */

#include <stdbool.h>

#include "fix_message.h"
#include "fp_itch_day_random.h"
#include "options.h"

#define FIX_GARBAGE_MAX 64 /* [bytes] */
#define FIX_GAP_MAX     5  /* messages missing at once */

/** Where faults come from. */
struct fix_faults {
	const struct fpgen_options *options;
	struct random_source strikes;
	struct random_source details;
	bool strikes_now[FPGEN_FIX_FAULTS];
};

/** Begin. */
void fix_faults_init(struct fix_faults *faults, const struct fpgen_options *options);

/** Draw what strikes the next message. */
void fix_faults_draw(struct fix_faults *faults);

/** Messages that are missing before the next one. */
unsigned int fix_faults_gap(struct fix_faults *faults);

/** Damage a finished message. @return The fault, or FPGEN_FIX_FAULTS when it stays as it is. */
enum fpgen_fix_fault fix_faults_damage(struct fix_faults *faults, struct fix_message *message);

/** Bytes that begin no message, without line ends and SOH. @return How many. */
size_t fix_faults_garbage(struct fix_faults *faults, char garbage[FIX_GARBAGE_MAX]);

#endif /* FPGEN_FIX_FAULTS_H */
