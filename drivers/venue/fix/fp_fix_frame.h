/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Frames of FIX: where one message begins and ends.
 *
 *    8=FIX.4.4|9=LEN|35=...|...|10=ccc|
 *                    ^ body    ^ trailer      LEN = trailer - body, ccc = sum of all before trailer
 *
 * The end is found by the announced length only, since data fields hold any byte, and verified
 * literally: delimiter, "10=", three digits, delimiter, and the sum of the bytes modulo 256.
 */

#ifndef FP_FIX_FRAME_H
#define FP_FIX_FRAME_H

#include "fp_error.h"
#include "fp_fault.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Longest message that is taken, all of it from "8=" to the last delimiter [bytes]. */
#define FP_FIX_MESSAGE_MAX 65000U

/** Fewest bytes of a message: "8=FIX.4.4|9=5|35=0|10=163|" [bytes]. */
#define FP_FIX_MESSAGE_MIN 26U

/** Length of the trailer "10=ccc|" [bytes]. */
#define FP_FIX_TRAILER_BYTES 7U

/** Versions of the begin string. */
enum fp_fix_version {
	FP_FIX_4_0,   /**< "FIX.4.0" */
	FP_FIX_4_1,   /**< "FIX.4.1" */
	FP_FIX_4_2,   /**< "FIX.4.2" */
	FP_FIX_4_3,   /**< "FIX.4.3" */
	FP_FIX_4_4,   /**< "FIX.4.4" */
	FP_FIX_5_0,   /**< "FIX.5.0" */
	FP_FIX_T_1_1, /**< "FIXT.1.1" */
};

/** What is wrong with a message, and where. */
struct fp_fix_fault {
	enum fp_malformed reason; /**< FP_MALFORMED_COUNT: nothing. */
	uint32_t offset;          /**< Bytes before the place where it was seen [bytes]. */
};

/** A whole message. */
struct fp_fix_frame {
	struct fp_cspan message;     /**< From "8=" to the last delimiter; borrowed. */
	uint32_t body;               /**< Offset of tag 35 [bytes]. */
	uint32_t trailer;            /**< Offset of "10=" [bytes]. */
	enum fp_fix_version version; /**< What the begin string says. */
};

/**
 * Frame the message at the start of @p bytes.
 *
 * What cannot become a message any more is refused at once, however little of it is there; the
 * reason and offset are the same whatever else follows.
 *
 * @param[in]  bytes  Begin with a message, perhaps a part of it; more may follow.
 * @param[out] frame  Filled on success; its view lives as long as @p bytes. Otherwise trailer is
 *                    where the trailer is to be as soon as the length is known, and 0 before.
 * @param[out] fault  Filled with -EBADMSG.
 * @return 0; -ENODATA what is there is the beginning of a message so far, and more bytes are
 *         needed; -EBADMSG it is none: see @p fault.
 * @threads Any. No allocation.
 * @cost    One pass over the message for its sum.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_fix_frame(
	FP_RETAINS struct fp_cspan bytes, struct fp_fix_frame *frame, struct fp_fix_fault *fault);

/**
 * Frame the message at the start of @p bytes, but leave its sum to the caller.
 *
 * @param[in]  bytes  As for fp_fix_frame().
 * @param[out] frame  As of fp_fix_frame().
 * @param[out] sum    What the trailer announces as the sum of frame->trailer bytes modulo 256.
 * @param[out] fault  As of fp_fix_frame().
 * @return As fp_fix_frame(), before the sum is looked at.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_fix_frame_announced(FP_RETAINS struct fp_cspan bytes,
	struct fp_fix_frame *frame, uint8_t *sum, struct fp_fix_fault *fault);

#ifdef __cplusplus
}
#endif

#endif /* FP_FIX_FRAME_H */
