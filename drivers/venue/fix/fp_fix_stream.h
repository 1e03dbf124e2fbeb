/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Messages of FIX out of a stream of bytes that arrives in any cut.
 *
 *    chunk fed          |..8=FIX...10=123|8=FIX...10=045|8=FI|
 *                          view of chunk    view of chunk  `--- carried over: the only copy
 *    chunk fed next     |X...10=200|8=FIX...
 *                        `-- view of what was carried and this
 *
 * Feed a chunk, then take messages until there are no more. What a stream gives does not depend on
 * where it is cut.
 *
 * Line feeds and carriage returns between messages are passed over. What is no message is garbled:
 * it is told once, with its reason and place, and skipped up to the next "8=FIX" behind a
 * delimiter, line feed or carriage return. What is skipped is read as fields meanwhile, so that
 * data fields are passed over by their length as long as they lie inside of what the skipped
 * message announced: messages inside of data are not taken for messages of the stream, and a length
 * that is wrong does not swallow those that follow. A message that announces more than
 * FP_FIX_MESSAGE_MAX is refused at once, and nothing of it is kept.
 *
 * fp_fix_stream_pass_text() is for streams out of a log that has text of its own in them:
 *
 *    20130724-03:42:30.876 : 8=FIX...10=123|           passed over are the time in front of a
 *    <14:02:01, A->B> (8=FIX...10=045|)                message, what is behind it, and whole lines
 *    connected to 192.0.2.1
 *
 * One thread uses a stream; any thread may read its counters.
 */

#ifndef FP_FIX_STREAM_H
#define FP_FIX_STREAM_H

#include "fp_arena.h"
#include "fp_fix_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is wrong with a stream, and where. */
struct fp_fix_stream_fault {
	enum fp_malformed reason; /**< MESSAGE_SHORT: the stream ended inside of a message. */
	uint64_t start;           /**< Stream's bytes before the garbled message [bytes]. */
	uint64_t offset;          /**< Stream's bytes before where it was seen [bytes]. */
};

/** What a stream has seen since it was created; read with fp_counter_get(). */
struct fp_fix_stream_counters {
	uint64_t bytes;    /**< Fed [bytes]. */
	uint64_t messages; /**< Given. */
	uint64_t garbled;  /**< Faults given; the sum of malformed[]. */
	uint64_t skipped;  /**< Skipped, being garbled; separators and text are not [bytes]. */
	uint64_t carried;  /**< Copied, since messages lay across chunks [bytes]. */
	uint64_t malformed[FP_MALFORMED_COUNT]; /**< Faults given, by reason. */
};

/** A stream. */
struct fp_fix_stream;

/** Memory of an arena that a stream takes at most [bytes]. */
uint64_t fp_fix_stream_bytes(void);

/**
 * Make a stream.
 *
 * @param[in,out] arena  To take fp_fix_stream_bytes() from.
 * @param[out]    out    The stream, at its start; NULL on failure. Lives as long as its scope of
 *                       the arena.
 * @return 0, or -ENOMEM it does not fit into the arena.
 */
FP_MUST_CHECK int fp_fix_stream_create(struct fp_arena *arena, struct fp_fix_stream **out);

/**
 * Begin anew, as for a new connection: what is left of the old bytes is forgotten, and offsets
 * count from 0. The counters go on.
 */
void fp_fix_stream_reset(struct fp_fix_stream *stream);

/**
 * Pass over the text of a log between messages, from now on; fp_fix_stream_reset() does not end it.
 *
 * Text is what begins behind a message or with a line, does not begin with "8=FIX", and has no
 * delimiter (SOH) before its line ends or "8=FIX" stands in it behind anything but a letter or
 * digit. It is no fault and is not counted. Other bytes are garbled as in any stream, told at their
 * first delimiter; a message may begin behind text also where the line before it is garbled.
 *
 * @param[in,out] stream  Stream to which nothing was fed yet.
 */
void fp_fix_stream_pass_text(struct fp_fix_stream *stream);

/**
 * Give the next bytes.
 *
 * Before that, fp_fix_stream_next() must have answered -ENODATA to the bytes before, otherwise it
 * panics; also behind fp_fix_stream_finish().
 *
 * @param[in,out] stream  Stream.
 * @param[in]     chunk   Borrowed until fp_fix_stream_next() answers -ENODATA; may be empty.
 */
FP_HOT_PATH void fp_fix_stream_feed(struct fp_fix_stream *stream, FP_RETAINS struct fp_cspan chunk);

/**
 * Say that no more bytes come: fp_fix_stream_next() then tells what is left over.
 *
 * A message that is not there as a whole is garbled (MESSAGE_SHORT), and what it held back is
 * looked through for messages.
 */
void fp_fix_stream_finish(struct fp_fix_stream *stream);

/**
 * Take the next message, or learn of the next garbled one.
 *
 * @param[in,out] stream  Stream.
 * @param[out]    frame   Filled on success. Its view lives until the next call with the stream, or
 *                        as long as the chunk if the message lies in it as a whole.
 * @param[out]    fault   Filled with -EBADMSG.
 * @return 0; -EBADMSG something was garbled, once for each; -ENODATA all that was fed is used up,
 *         or kept: feed more.
 * @cost   No allocation. The work is linear in the bytes fed, whatever they are.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_fix_stream_next(struct fp_fix_stream *stream,
	struct fp_fix_frame *frame, struct fp_fix_stream_fault *fault);

/** Stream's bytes before the next one that was not given or skipped yet [bytes]. */
uint64_t fp_fix_stream_offset(const struct fp_fix_stream *stream);

/** What it has seen. @threads Any. */
const struct fp_fix_stream_counters *fp_fix_stream_counters(const struct fp_fix_stream *stream);

#ifdef __cplusplus
}
#endif

#endif /* FP_FIX_STREAM_H */
