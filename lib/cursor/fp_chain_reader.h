/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Chain reader: a cursor that reads integers and views from a chain of segments, both ways.
 *
 *    piece (passed)   current piece     rest
 *    |=============|  |=====|-------|   |------| || |----|
 *                          pos      len
 *
 * What is borrowed: the chain it was opened on; views and chains it returns live as long as that.
 * What consumes: every read, skip and advance; a peek, a copy and a failed try do not.
 * What a short read does: as with fp_reader, read_ and skip latch a fault, return zero, and no
 * later read succeeds. fp_chain_reader_ok() is asked once per message.
 *
 * The current piece has a byte that is not yet read, except at the end, where it is empty. A value
 * inside it is loaded in place; one that lies in two segments or more takes the cold path through a
 * register. Longer fields are lent in place, lent as a chain, or copied to scratch of the caller's;
 * never to the heap. Searches are in fp_chain_search.h. A reader is a value for the stack, used by
 * one thread. Level full: each access checks the watch of the chain.
 */

#ifndef FP_CHAIN_READER_H
#define FP_CHAIN_READER_H

#include "fp_chain.h"
#include "fp_endian.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Cursor over a chain. 48 bytes below level full. */
struct fp_chain_reader {
	const uint8_t *data;   /**< Current piece; NULL once a fault is latched. */
	uint32_t len;          /**< Length of the current piece [bytes]; 0 = at the end. */
	uint32_t pos;          /**< Bytes consumed of the current piece; 0 at the end. */
	struct fp_chain rest;  /**< Behind the current piece. */
	struct fp_chain chain; /**< That it was opened on; without bytes once a fault is latched. */
};

/** An integer that lay in several segments. */
struct fpi_chain_value {
	uint64_t le;   /**< Its bytes, the first one lowest. */
	bool is_there; /**< False when fewer remained. */
};

/** A cursor with the fault latched. */
FP_COLD struct fp_chain_reader fpi_chain_reader_faulted(void);

/** Make that piece of the rest current in which the byte lies that @p count bytes are before. */
FP_COLD void fpi_chain_reader_enter(struct fp_chain_reader *reader, uint32_t count);

/** Read @p count bytes [1..8], wherever they lie. */
FP_COLD struct fpi_chain_value
fpi_chain_reader_cross(struct fp_chain_reader *reader, uint32_t count);

/**
 * Open a cursor at the start of a chain; empty segments there are passed over.
 *
 * @param[in] chain  To read; may be empty.
 * @return Cursor that borrows @p chain.
 */
FP_RETURNS(chain)
FP_HOT_PATH struct fp_chain_reader fp_chain_reader_open(struct fp_chain chain);

/** Panic at level `full` if the buffer below the cursor has gone. */
static inline void
fpi_chain_reader_check(const struct fp_chain_reader *reader)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	fp_watch_check(reader->chain.watch);
#else
	(void)reader;
#endif
}

/** Latch the fault: from here on nothing remains and fp_chain_reader_ok() is false. */
static inline void
fpi_chain_reader_fail(struct fp_chain_reader *reader)
{
	*reader = fpi_chain_reader_faulted();
}

/** True while no read_ or skip has gone past the end. */
FP_HOT_PATH static inline bool
fp_chain_reader_ok(FP_SCOPED const struct fp_chain_reader *reader)
{
	return reader->data != NULL;
}

/** Length of the chain [bytes]; 0 once a fault is latched. */
FP_HOT_PATH static inline uint32_t
fp_chain_reader_len(FP_SCOPED const struct fp_chain_reader *reader)
{
	return reader->chain.len;
}

/** Bytes not yet read. */
FP_HOT_PATH static inline uint32_t
fp_chain_reader_remaining(FP_SCOPED const struct fp_chain_reader *reader)
{
	return reader->rest.len + (reader->len - reader->pos);
}

/** Bytes read. */
FP_HOT_PATH static inline uint32_t
fp_chain_reader_consumed(FP_SCOPED const struct fp_chain_reader *reader)
{
	return reader->chain.len - fp_chain_reader_remaining(reader);
}

/** True when no byte remains. */
FP_HOT_PATH static inline bool
fp_chain_reader_is_end(FP_SCOPED const struct fp_chain_reader *reader)
{
	return reader->len == 0;
}

/** View the whole current piece, what is read of it too; no bytes at the end. */
FP_RETURNS(reader)
FP_HOT_PATH static inline struct fp_cspan
fp_chain_reader_current(const struct fp_chain_reader *reader)
{
	struct fp_cspan view = fp_cspan_over(reader->data, reader->len);

#if FP_LIFETIME == FP_LIFETIME_FULL
	view.watch = reader->chain.watch;
#endif
	return view;
}

/** View what is not yet read of the current piece; no bytes only at the end. */
FP_RETURNS(reader)
FP_HOT_PATH static inline struct fp_cspan
fp_chain_reader_unread_span(const struct fp_chain_reader *reader)
{
	return fp_cspan_slice(
		fp_chain_reader_current(reader), reader->pos, reader->len - reader->pos);
}

/** View all that is not yet read, over all segments. */
FP_RETURNS(reader)
FP_HOT_PATH struct fp_chain fp_chain_reader_unread(const struct fp_chain_reader *reader);

/** The position of the cursor, for fp_chain_slice_between(). */
FP_RETURNS(reader)
FP_HOT_PATH struct fp_chain_position fp_chain_reader_position(const struct fp_chain_reader *reader);

/** Move past @p count bytes, which remain. */
static inline void
fpi_chain_reader_pass(struct fp_chain_reader *reader, uint32_t count)
{
	uint32_t unread = reader->len - reader->pos;

	if (FP_LIKELY(count < unread)) {
		reader->pos += count;
	} else if (count != 0) {
		fpi_chain_reader_enter(reader, count - unread);
	}
}

/** Move to the end, whether or not a byte remains. */
FP_HOT_PATH void fp_chain_reader_advance_to_end(struct fp_chain_reader *reader);

/**
 * Move past @p count bytes.
 *
 * @param[in,out] reader  Cursor; at the end when fewer remain.
 * @param[in]     count   [bytes]
 * @return 0, or -ERANGE when fewer than @p count bytes remained. No fault is latched.
 */
FP_MUST_CHECK FP_HOT_PATH static inline int
fp_chain_reader_advance(struct fp_chain_reader *reader, uint32_t count)
{
	fpi_chain_reader_check(reader);
	if (FP_UNLIKELY(count > fp_chain_reader_remaining(reader))) {
		fp_chain_reader_advance_to_end(reader);
		return -ERANGE;
	}
	fpi_chain_reader_pass(reader, count);
	return 0;
}

/**
 * Move back over @p count bytes, into earlier segments if need be.
 *
 * @param[in,out] reader  Cursor; does not move on error.
 * @param[in]     count   [bytes]
 * @return 0, or -ERANGE when fewer than @p count bytes were read.
 * @cost   Reads the mbufs from the first one on when it leaves the current piece.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_chain_reader_rewind(struct fp_chain_reader *reader, uint32_t count);

/**
 * Make sure that @p count bytes remain, in however many segments.
 *
 * @param[in,out] reader  Cursor; the fault is latched when fewer remain.
 * @param[in]     count   Bytes that the following reads take [bytes].
 * @return True when they are there.
 */
FP_HOT_PATH static inline bool
fp_chain_reader_require(struct fp_chain_reader *reader, uint32_t count)
{
	if (FP_UNLIKELY(fp_chain_reader_remaining(reader) < count)) {
		fpi_chain_reader_fail(reader);
		return false;
	}
	return true;
}

/** Move past @p count bytes; the fault is latched when fewer remain. */
FP_HOT_PATH static inline void
fp_chain_reader_skip(struct fp_chain_reader *reader, uint32_t count)
{
	fpi_chain_reader_check(reader);
	if (fp_chain_reader_require(reader, count))
		fpi_chain_reader_pass(reader, count);
}

/** Read the next byte without moving past it; false at the end. */
FP_MUST_CHECK FP_HOT_PATH static inline bool
fp_chain_reader_try_peek(FP_SCOPED const struct fp_chain_reader *reader, uint8_t *value)
{
	fpi_chain_reader_check(reader);
	if (fp_chain_reader_is_end(reader))
		return false;
	*value = reader->data[reader->pos];
	return true;
}

/** Read the byte @p off bytes ahead [0 = the next one] without moving; false when there is none. */
FP_MUST_CHECK FP_HOT_PATH bool fp_chain_reader_try_peek_at(
	FP_SCOPED const struct fp_chain_reader *reader, uint32_t off, uint8_t *value);

/*
 * fp_chain_reader_try_<order><bits>(): read one integer; false and no move when too few bytes
 * remain. fp_chain_reader_read_<order><bits>(): 0 and the latched fault then.
 * A type takes no parentheses: NOLINTBEGIN(bugprone-macro-parentheses)
 */
#define FPI_CHAIN_LE(value, bytes) (value)
#define FPI_CHAIN_BE(value, bytes) (__builtin_bswap64(value) >> (64 - 8 * (bytes)))
#define FPI_CHAIN_BYTE(from)       (*(from))

#define FPI_CHAIN_READER_READ(name, type, bytes, load, order)                                      \
	FP_MUST_CHECK FP_HOT_PATH static inline bool fp_chain_reader_try_##name(                   \
		struct fp_chain_reader *reader, type *value)                                       \
	{                                                                                          \
		struct fpi_chain_value crossed;                                                    \
                                                                                                   \
		fpi_chain_reader_check(reader);                                                    \
		if (FP_LIKELY(reader->len - reader->pos > (bytes))) {                              \
			*value = load(reader->data + reader->pos);                                 \
			reader->pos += (bytes);                                                    \
			return true;                                                               \
		}                                                                                  \
		crossed = fpi_chain_reader_cross(reader, bytes);                                   \
		if (crossed.is_there)                                                              \
			*value = (type)order(crossed.le, bytes);                                   \
		return crossed.is_there;                                                           \
	}                                                                                          \
                                                                                                   \
	FP_HOT_PATH static inline type fp_chain_reader_read_##name(struct fp_chain_reader *reader) \
	{                                                                                          \
		type value = 0;                                                                    \
                                                                                                   \
		if (FP_UNLIKELY(!fp_chain_reader_try_##name(reader, &value)))                      \
			fpi_chain_reader_fail(reader);                                             \
		return value;                                                                      \
	}

FPI_CHAIN_READER_READ(u8, uint8_t, 1, FPI_CHAIN_BYTE, FPI_CHAIN_LE)
FPI_CHAIN_READER_READ(le16, uint16_t, 2, fp_load_le16, FPI_CHAIN_LE)
FPI_CHAIN_READER_READ(le32, uint32_t, 4, fp_load_le32, FPI_CHAIN_LE)
FPI_CHAIN_READER_READ(le64, uint64_t, 8, fp_load_le64, FPI_CHAIN_LE)
FPI_CHAIN_READER_READ(be16, uint16_t, 2, fp_load_be16, FPI_CHAIN_BE)
FPI_CHAIN_READER_READ(be32, uint32_t, 4, fp_load_be32, FPI_CHAIN_BE)
FPI_CHAIN_READER_READ(be48, uint64_t, 6, fp_load_be48, FPI_CHAIN_BE)
FPI_CHAIN_READER_READ(be64, uint64_t, 8, fp_load_be64, FPI_CHAIN_BE)

#undef FPI_CHAIN_READER_READ
#undef FPI_CHAIN_BYTE
#undef FPI_CHAIN_BE
#undef FPI_CHAIN_LE
/* NOLINTEND(bugprone-macro-parentheses) */

/**
 * Copy the next @p count bytes to @p to and move past them.
 *
 * @param[in,out] reader  Cursor; the fault is latched when fewer remain.
 * @param[out]    to      Room for @p count bytes; zeroed when fewer remain.
 * @param[in]     count   Length wanted [bytes].
 */
FP_HOT_PATH void
fp_chain_reader_read_into(struct fp_chain_reader *reader, void *to, uint32_t count);

/**
 * Copy as many of the next bytes as @p to is long, without moving.
 *
 * @param[in]  reader  Cursor.
 * @param[out] to      Filled, or untouched when fewer bytes remain.
 * @return False when fewer bytes remain than @p to is long.
 */
FP_MUST_CHECK FP_HOT_PATH bool fp_chain_reader_try_copy(
	FP_SCOPED const struct fp_chain_reader *reader, FP_SCOPED struct fp_span to);

/**
 * View the next @p count bytes as a chain and move past them; false and no move when fewer remain.
 *
 * @param[in,out] reader  Cursor.
 * @param[in]     count   Length wanted [bytes].
 * @param[out]    out     With the lifetime of the reader's chain; untouched when fewer remain.
 */
FP_MUST_CHECK FP_HOT_PATH bool
fp_chain_reader_try_slice(struct fp_chain_reader *reader, uint32_t count, struct fp_chain *out);

/**
 * View the next @p count bytes in one piece and move past them: in place where they lie in one
 * segment, else copied to scratch.
 *
 * An fp_reader opened on the view then decodes a message that may lie in several segments.
 *
 * @param[in,out] reader   Cursor; does not move on error.
 * @param[in]     count    Length wanted [bytes].
 * @param[out]    scratch  Room of the caller's, written to only if the bytes lie in several
 *                         segments.
 * @param[out]    out      @p count bytes, with the lifetime of the reader's chain or, where copied,
 *                         of @p scratch; untouched on error.
 * @return 0; -ENODATA fewer than @p count bytes remain; -ERANGE they lie in several segments and
 *         @p scratch is shorter than @p count.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_chain_reader_view(struct fp_chain_reader *reader, uint32_t count,
	FP_RETAINS struct fp_span scratch, struct fp_cspan *out);

#ifdef __cplusplus
}
#endif

#endif /* FP_CHAIN_READER_H */
