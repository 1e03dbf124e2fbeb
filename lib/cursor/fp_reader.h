/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * BufferReader: a cursor that reads integers and views from a span, forward only.
 *
 *   data            pos              len
 *    |===============|----------------|
 *      already read      remaining
 *
 * What is borrowed: the span it was opened on; views it returns live as long as that span.
 * What consumes: every read and skip; a peek and a failed try do not.
 * What a short read does: it latches a fault, returns zero, and no later read succeeds. A decoder
 * therefore reads all fields of a message and asks fp_reader_ok() once.
 *
 * fp_reader_require() checks a whole message at once; the compiler then proves the reads that
 * follow in range and drops their checks. A reader is a value for the stack, used by one thread.
 */

#ifndef FP_READER_H
#define FP_READER_H

#include "fp_endian.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Cursor over bytes that are read. 16 bytes; lives in registers. */
struct fp_reader {
	const uint8_t *data; /**< Start of the span; NULL once a fault is latched. */
	uint32_t len;        /**< Length of the span [bytes]; 0 once a fault is latched. */
	uint32_t pos;        /**< Bytes consumed [0..len]. */
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_watch watch; /**< Of the span it was opened on. */
#endif
};

/** A cursor with the fault latched. By value, so that no cursor leaves its registers for it. */
FP_COLD struct fp_reader fpi_reader_faulted(void);

/** An address for readers of empty spans without one, so that NULL can mean "fault latched". */
extern const uint8_t fpi_reader_empty[1];

/**
 * Open a cursor at the start of @p span.
 *
 * @param[in] span  Bytes to read; may be empty.
 * @return Cursor that borrows @p span.
 */
FP_RETURNS(span)
FP_HOT_PATH static inline struct fp_reader
fp_reader_open(struct fp_cspan span)
{
	struct fp_reader reader;

	reader.data = FP_LIKELY(span.data != NULL) ? span.data : fpi_reader_empty;
	reader.len = span.len;
	reader.pos = 0;
#if FP_LIFETIME == FP_LIFETIME_FULL
	reader.watch = span.watch;
#endif
	return reader;
}

/** Latch the fault: from here on nothing remains and fp_reader_ok() is false. */
static inline void
fpi_reader_fail(struct fp_reader *reader)
{
	*reader = fpi_reader_faulted();
}

/** Bytes not yet read. */
FP_HOT_PATH static inline uint32_t
fp_reader_remaining(FP_SCOPED const struct fp_reader *reader)
{
	return reader->len - reader->pos;
}

/** True while no read has gone past the end. */
FP_HOT_PATH static inline bool
fp_reader_ok(FP_SCOPED const struct fp_reader *reader)
{
	return reader->data != NULL;
}

/** Panic at level `full` if the span below the cursor has gone. */
static inline void
fpi_reader_check(const struct fp_reader *reader)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	fp_watch_check(reader->watch);
#else
	(void)reader;
#endif
}

/**
 * Make sure that @p count bytes remain, before reading them field by field.
 *
 * @param[in,out] reader  Cursor; the fault is latched when fewer remain.
 * @param[in]     count   Bytes that the following reads take [bytes].
 * @return True when they are there.
 */
FP_HOT_PATH static inline bool
fp_reader_require(struct fp_reader *reader, uint32_t count)
{
	if (FP_UNLIKELY(reader->len - reader->pos < count)) {
		fpi_reader_fail(reader);
		return false;
	}
	return true;
}

/** Address of the next @p count bytes, which are consumed; NULL (and the fault) when too few. */
static inline const uint8_t *
fpi_reader_take(struct fp_reader *reader, uint32_t count)
{
	const uint8_t *from;

	fpi_reader_check(reader);
	/* After a fault there is no address to which even 0 may be added. */
	if (FP_UNLIKELY(
		    reader->len - reader->pos < count || (count == 0 && reader->data == NULL))) {
		fpi_reader_fail(reader);
		return NULL;
	}
	from = reader->data + reader->pos;
	reader->pos += count;
	return from;
}

/** Move past @p count bytes. */
FP_HOT_PATH static inline void
fp_reader_skip(struct fp_reader *reader, uint32_t count)
{
	(void)fpi_reader_take(reader, count);
}

/** Read one byte. */
FP_HOT_PATH static inline uint8_t
fp_reader_read_u8(struct fp_reader *reader)
{
	const uint8_t *from = fpi_reader_take(reader, 1);

	return FP_LIKELY(from != NULL) ? *from : 0;
}

/* fp_reader_read_<order><bits>(): read one integer; 0 and the latched fault when too few remain. */
#define FPI_READER_READ(name, type, bytes, load)                                       \
	FP_HOT_PATH static inline type fp_reader_read_##name(struct fp_reader *reader) \
	{                                                                              \
		const uint8_t *from = fpi_reader_take(reader, bytes);                  \
                                                                                       \
		return FP_LIKELY(from != NULL) ? (type)load(from) : 0;                 \
	}

FPI_READER_READ(le16, uint16_t, 2, fp_load_le16)
FPI_READER_READ(le32, uint32_t, 4, fp_load_le32)
FPI_READER_READ(le64, uint64_t, 8, fp_load_le64)
FPI_READER_READ(be16, uint16_t, 2, fp_load_be16)
FPI_READER_READ(be32, uint32_t, 4, fp_load_be32)
FPI_READER_READ(be48, uint64_t, 6, fp_load_be48)
FPI_READER_READ(be64, uint64_t, 8, fp_load_be64)

#undef FPI_READER_READ

/**
 * Borrow the next @p count bytes and move past them.
 *
 * @param[in,out] reader  Cursor.
 * @param[in]     count   Length wanted [bytes]; 0 gives an empty view.
 * @return View of @p count bytes with the lifetime of the span; an empty view, and the latched
 *         fault, when fewer remain.
 */
FP_RETURNS(reader)
FP_HOT_PATH static inline struct fp_cspan
fp_reader_read_bytes(struct fp_reader *reader, uint32_t count)
{
	const uint8_t *from = fpi_reader_take(reader, count);
	struct fp_cspan view = fp_cspan_over(from, FP_LIKELY(from != NULL) ? count : 0);

#if FP_LIFETIME == FP_LIFETIME_FULL
	view.watch = reader->watch;
#endif
	return view;
}

/** Borrow all that remains and move to the end. */
FP_RETURNS(reader)
FP_HOT_PATH static inline struct fp_cspan
fp_reader_read_rest(struct fp_reader *reader)
{
	return fp_reader_read_bytes(reader, fp_reader_remaining(reader));
}

/**
 * Copy the next @p count bytes to @p to and move past them.
 *
 * @param[in,out] reader  Cursor.
 * @param[out]    to      Room for @p count bytes; zeroed when fewer remain.
 * @param[in]     count   Length wanted [bytes]; a constant makes it one or two moves.
 */
FP_HOT_PATH static inline void
fp_reader_read_into(struct fp_reader *reader, void *to, uint32_t count)
{
	const uint8_t *from = fpi_reader_take(reader, count);

	if (FP_LIKELY(from != NULL)) {
		memcpy(to, from, count);
	} else {
		memset(to, 0, count);
	}
}

/** Read one byte if there is one; false and no move otherwise. */
FP_MUST_CHECK FP_HOT_PATH static inline bool
fp_reader_try_u8(struct fp_reader *reader, uint8_t *value)
{
	if (fp_reader_remaining(reader) < 1)
		return false;
	*value = fp_reader_read_u8(reader);
	return true;
}

/*
 * fp_reader_try_<order><bits>(): read one integer; false and no move when too few bytes remain.
 * A type takes no parentheses: NOLINTBEGIN(bugprone-macro-parentheses)
 */
#define FPI_READER_TRY(name, type, bytes)                                  \
	FP_MUST_CHECK FP_HOT_PATH static inline bool fp_reader_try_##name( \
		struct fp_reader *reader, type *value)                     \
	{                                                                  \
		if (fp_reader_remaining(reader) < (bytes))                 \
			return false;                                      \
		*value = fp_reader_read_##name(reader);                    \
		return true;                                               \
	}

FPI_READER_TRY(le16, uint16_t, 2)
FPI_READER_TRY(le32, uint32_t, 4)
FPI_READER_TRY(le64, uint64_t, 8)
FPI_READER_TRY(be16, uint16_t, 2)
FPI_READER_TRY(be32, uint32_t, 4)
FPI_READER_TRY(be64, uint64_t, 8)

#undef FPI_READER_TRY
/* NOLINTEND(bugprone-macro-parentheses) */

/** Borrow the next @p count bytes if they are there; false and no move otherwise. */
FP_MUST_CHECK FP_HOT_PATH static inline bool
fp_reader_try_bytes(struct fp_reader *reader, uint32_t count, struct fp_cspan *view)
{
	if (fp_reader_remaining(reader) < count)
		return false;
	*view = fp_reader_read_bytes(reader, count);
	return true;
}

#ifdef __cplusplus
}
#endif

#endif /* FP_READER_H */
