/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Hand-off: leases that go from one lcore to another, through a ring.
 *
 *   lcore A  -- send -->  | lease | lease | ... |  -- receive -->  lcore B
 *
 * A lease that was sent is the ring's, then the receiver's; views of it that the sender still has
 * are dead by rule. When the ring is full the policy decides: the rest stays with the sender, who
 * tries again in a later frame, or it is released and counted. Nothing is lost either way:
 * sent = received + in the ring, and what was offered = sent + refused + dropped.
 *
 * One lcore sends and one receives. Neither waits for the other.
 */

#ifndef FP_HANDOFF_H
#define FP_HANDOFF_H

#include <rte_ring.h>

#include "fp_lease.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Longest name of a hand-off [characters]. */
#define FP_HANDOFF_NAME_MAX 24

/** Most leases that one may hold. */
#define FP_HANDOFF_CAP_MAX (1U << 20)

/** What becomes of leases that do not fit. */
enum fp_handoff_policy {
	FP_HANDOFF_KEEP = 0, /**< They stay the sender's, who sends them again later. */
	FP_HANDOFF_DROP,     /**< They are released. */
};

/** What a hand-off is made with. */
struct fp_handoff_params {
	const char *name;              /**< Unique [1..FP_HANDOFF_NAME_MAX characters]. */
	uint32_t cap;                  /**< Leases that it holds [1..FP_HANDOFF_CAP_MAX]. */
	enum fp_handoff_policy policy; /**< For the leases that do not fit. */
	int socket_id;                 /**< NUMA node of the receiver, or SOCKET_ID_ANY. */
};

/** What a hand-off counts, in leases. */
struct fp_handoff_counters {
	uint64_t sent;     /**< Put into the ring. Writer: the sender. */
	uint64_t refused;  /**< Found it full and stayed the sender's. Writer: the sender. */
	uint64_t dropped;  /**< Found it full and were released. Writer: the sender. */
	uint64_t received; /**< Taken out. Writer: the receiver. */
};

/** A hand-off. Lives in a memzone. */
struct fp_handoff;

/**
 * Make a hand-off.
 *
 * @param[in]  params  What is wanted.
 * @param[out] out     The hand-off; NULL on failure.
 * @return 0; -EINVAL a parameter is out of range; -EEXIST the name is taken; -ENOMEM.
 * @owns    The caller destroys it.
 * @threads Start-up only, EAL initialised.
 */
FP_MUST_CHECK int
fp_handoff_create(const struct fp_handoff_params *params, struct fp_handoff **out);

/**
 * Release what is under way and free the hand-off; NULL is nothing.
 *
 * @return Leases that were still under way.
 * @threads Neither side uses it any more.
 */
uint32_t fp_handoff_destroy(struct fp_handoff *handoff);

/**
 * Send leases to the other lcore.
 *
 * @param[in,out] handoff  This lcore is the only one that sends.
 * @param[in,out] leases   Shape [count], none empty. The first return-value of them are empty
 *                         afterwards; the rest are the caller's as before, or, by the policy to
 *                         drop, empty as well.
 * @param[in]     count    [0..]
 * @param[in]     tsc      The frame's time, for the slots [cycles].
 * @return Leases that were sent.
 * @cost   No lock, no atomic read-modify-write.
 */
FP_HOT_PATH uint16_t fp_handoff_send(struct fp_handoff *handoff,
	FP_CONSUMES_PREFIX struct fp_lease *leases, uint16_t count, uint64_t tsc);

/**
 * Receive leases from the other lcore.
 *
 * @param[in,out] handoff  This lcore is the only one that receives.
 * @param[out]    leases   Shape [cap]; the first return-value of them are the caller's.
 * @param[in]     cap      Most to receive.
 * @param[in]     tsc      The frame's time, for the slots [cycles].
 * @return Leases that were received.
 */
FP_HOT_PATH uint16_t fp_handoff_receive(
	struct fp_handoff *handoff, struct fp_lease *leases, uint16_t cap, uint64_t tsc);

/** Leases under way. @threads Any; exact only while both sides rest. */
uint32_t fp_handoff_count(const struct fp_handoff *handoff);

/** What was counted so far. @threads Any. */
void
fp_handoff_get_counters(const struct fp_handoff *handoff, struct fp_handoff_counters *counters);

#ifdef __cplusplus
}
#endif

#endif /* FP_HANDOFF_H */
