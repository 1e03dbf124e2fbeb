/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The batch: native messages between the venue that decodes and the book that applies.
 *
 * A venue appends the messages of whole datagrams; the engine applies, publishes and empties the
 * batch. When a datagram turns out to be malformed half-way, what it appended is taken back, so
 * that a dropped datagram has no effect. A batch belongs to one lcore and lives as long as its
 * arena.
 */

#ifndef FP_BATCH_H
#define FP_BATCH_H

#include "fp_arena.h"
#include "fp_message.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Messages that any one datagram can decode to, at most: 65,507 bytes of the shortest messages. */
#define FP_BATCH_MESSAGES 8448

/** Messages in order of arrival. */
struct fp_batch {
	struct fp_message *messages; /**< Shape [FP_BATCH_MESSAGES]. */
	uint32_t count;              /**< Messages filled in. */
};

/** Make an empty batch in @p arena; 0, or -ENOMEM. */
FP_MUST_CHECK int fp_batch_init(struct fp_batch *batch, struct fp_arena *arena);

/**
 * Messages that a datagram of @p len bytes can decode to, at most.
 *
 * No venue has a message of fewer than 12 bytes with its length, or of fewer than 20 that decodes
 * to two; the last terms are for what continuity itself adds (a gap, a clear, the end of a
 * session).
 */
FP_HOT_PATH static inline uint32_t
fp_batch_bound(uint32_t len)
{
	return len / 8 + 8;
}

/** True when a datagram of @p len bytes fits whatever it decodes to. */
FP_HOT_PATH static inline bool
fp_batch_has_room(const struct fp_batch *batch, uint32_t len)
{
	return FP_BATCH_MESSAGES - batch->count >= fp_batch_bound(len);
}

/** The place for the next message, which the caller fills whole. */
FP_HOT_PATH static inline struct fp_message *
fp_batch_next(struct fp_batch *batch)
{
	return &batch->messages[batch->count++];
}

#ifdef __cplusplus
}
#endif

#endif /* FP_BATCH_H */
