/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * BufferWriter: a cursor that writes integers and bytes into a span, forward only.
 *
 *   data            pos              cap
 *    |===============|----------------|
 *        written          room left
 *
 * Buffers are sized at design time for the largest message, so an overrun is a programming error
 * and panics; who does not know asks fp_writer_room() first. A length that is known only later is
 * reserved with a slot and patched in place. A writer is a value for the stack, used by one thread.
 */

#ifndef FP_WRITER_H
#define FP_WRITER_H

#include "fp_endian.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Cursor over bytes that are written. 16 bytes; lives in registers. */
struct fp_writer {
	uint8_t *data; /**< Start of the span. */
	uint32_t cap;  /**< Length of the span [bytes]. */
	uint32_t pos;  /**< Bytes written [0..cap]. */
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_watch watch; /**< Of the span it was opened on. */
#endif
};

/** Where a length of two bytes was left open. */
struct fp_length_slot {
	uint32_t pos; /**< Offset of the two bytes from the writer's start [bytes]. */
};

/** Stop the program: the writer has less room than is written. */
FP_COLD FP_NORETURN void fpi_writer_overrun(const struct fp_writer *writer, uint32_t count);

/** Stop the program: the slot is not one of the writer, or @p count is no length of 16 bits. */
FP_COLD FP_NORETURN void
fpi_writer_length(const struct fp_writer *writer, struct fp_length_slot slot, uint32_t count);

/** Open a cursor at the start of @p span, which it borrows. */
FP_RETURNS(span)
FP_HOT_PATH static inline struct fp_writer
fp_writer_open(struct fp_span span)
{
	struct fp_writer writer;

	writer.data = span.data;
	writer.cap = span.len;
	writer.pos = 0;
#if FP_LIFETIME == FP_LIFETIME_FULL
	writer.watch = span.watch;
#endif
	return writer;
}

/** Bytes written so far. */
FP_HOT_PATH static inline uint32_t
fp_writer_written(FP_SCOPED const struct fp_writer *writer)
{
	return writer->pos;
}

/** Bytes that can still be written. */
FP_HOT_PATH static inline uint32_t
fp_writer_room(FP_SCOPED const struct fp_writer *writer)
{
	return writer->cap - writer->pos;
}

/** Panic at level `full` if the span below the cursor has gone. */
static inline void
fpi_writer_check(const struct fp_writer *writer)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	fp_watch_check(writer->watch);
#else
	(void)writer;
#endif
}

/** Address for the next @p count bytes, which are claimed; panics when there is no room. */
static inline uint8_t *
fpi_writer_claim(struct fp_writer *writer, uint32_t count)
{
	uint8_t *to;

	fpi_writer_check(writer);
	if (FP_UNLIKELY(writer->cap - writer->pos < count))
		fpi_writer_overrun(writer, count);
	if (count == 0)
		return writer->data;
	to = writer->data + writer->pos;
	writer->pos += count;
	return to;
}

/** Write one byte. */
FP_HOT_PATH static inline void
fp_writer_write_u8(struct fp_writer *writer, uint8_t value)
{
	*fpi_writer_claim(writer, 1) = value;
}

/* fp_writer_write_<order><bits>(): write one integer. */
#define FPI_WRITER_WRITE(name, type, bytes, store)             \
	FP_HOT_PATH static inline void fp_writer_write_##name( \
		struct fp_writer *writer, type value)          \
	{                                                      \
		store(fpi_writer_claim(writer, bytes), value); \
	}

FPI_WRITER_WRITE(le16, uint16_t, 2, fp_store_le16)
FPI_WRITER_WRITE(le32, uint32_t, 4, fp_store_le32)
FPI_WRITER_WRITE(le64, uint64_t, 8, fp_store_le64)
FPI_WRITER_WRITE(be16, uint16_t, 2, fp_store_be16)
FPI_WRITER_WRITE(be32, uint32_t, 4, fp_store_be32)
FPI_WRITER_WRITE(be48, uint64_t, 6, fp_store_be48)
FPI_WRITER_WRITE(be64, uint64_t, 8, fp_store_be64)

#undef FPI_WRITER_WRITE

/** Copy @p bytes in; they must not overlap the writer's own span. */
FP_HOT_PATH static inline void
fp_writer_write_bytes(struct fp_writer *writer, FP_SCOPED struct fp_cspan bytes)
{
	uint8_t *to = fpi_writer_claim(writer, bytes.len);

	fpi_cspan_check(bytes);
	if (bytes.len != 0)
		memcpy(to, bytes.data, bytes.len);
}

/** Write @p count zero bytes. */
FP_HOT_PATH static inline void
fp_writer_write_zeros(struct fp_writer *writer, uint32_t count)
{
	uint8_t *to = fpi_writer_claim(writer, count);

	if (count != 0)
		memset(to, 0, count);
}

/**
 * View the room that is left, to be filled from its start on.
 *
 * The writer does not move: fp_writer_commit() says how much was filled. Until then all of the room
 * may be written, by who asked for it alone: what is written through the writer, or a second view
 * of the room, is at the same address. After the commit the view is over; ask for the next one.
 *
 * @return Shape [fp_writer_room()] bytes, with the watch of the writer's span: at level `full` each
 *         access through the view checks it, this call does not.
 */
FP_RETURNS(writer)
FP_HOT_PATH static inline struct fp_span
fp_writer_rest(const struct fp_writer *writer)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	struct fp_span rest = { writer->data, fp_writer_room(writer), writer->watch };
#else
	struct fp_span rest = { writer->data, fp_writer_room(writer) };
#endif
	if (writer->pos != 0)
		rest.data += writer->pos; /* 0 is the only position of a writer without address */
	return rest;
}

/**
 * Move past bytes that were filled through fp_writer_rest().
 *
 * @param[in,out] writer  Where it was when the view was made.
 * @param[in]     count   Bytes from the start of the view, each of them filled
 *                        [0..fp_writer_room()]; more panics. So does a span that has gone, at level
 *                        `full` and whatever the count.
 */
FP_HOT_PATH static inline void
fp_writer_commit(struct fp_writer *writer, uint32_t count)
{
	(void)fpi_writer_claim(writer, count);
}

/** Leave two bytes open for a length that is known later. */
FP_HOT_PATH static inline struct fp_length_slot
fp_writer_reserve_u16(struct fp_writer *writer)
{
	struct fp_length_slot slot = { writer->pos };

	fp_writer_write_zeros(writer, 2);
	return slot;
}

/** Write the count of bytes written since @p slot, little-endian, into it [0..65535]. */
FP_HOT_PATH static inline void
fp_writer_patch_le16(struct fp_writer *writer, struct fp_length_slot slot)
{
	uint32_t count = writer->pos - slot.pos - 2;

	if (FP_UNLIKELY(writer->pos < (uint64_t)slot.pos + 2 || count > UINT16_MAX))
		fpi_writer_length(writer, slot, count);
	fpi_writer_check(writer);
	fp_store_le16(writer->data + slot.pos, (uint16_t)count);
}

/** Write the count of bytes written since @p slot, big-endian, into it [0..65535]. */
FP_HOT_PATH static inline void
fp_writer_patch_be16(struct fp_writer *writer, struct fp_length_slot slot)
{
	uint32_t count = writer->pos - slot.pos - 2;

	if (FP_UNLIKELY(writer->pos < (uint64_t)slot.pos + 2 || count > UINT16_MAX))
		fpi_writer_length(writer, slot, count);
	fpi_writer_check(writer);
	fp_store_be16(writer->data + slot.pos, (uint16_t)count);
}

#ifdef __cplusplus
}
#endif

#endif /* FP_WRITER_H */
