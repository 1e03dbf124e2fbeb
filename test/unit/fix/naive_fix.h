/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * FIX as a person would read it, byte by byte: the model of framing and of the walk of fields, and
 * messages to try them on.
 */

#ifndef NAIVE_FIX_H
#define NAIVE_FIX_H

#include <stdbool.h>
#include <stdint.h>

#include "fp_fix_fields.h"

/** Most fields that a walk remembers. */
#define NAIVE_FIELDS_MAX 4096

/** What framing has to answer. */
struct naive_frame {
	int error;                /**< 0, -ENODATA or -EBADMSG. */
	uint32_t body;            /**< With 0: offset of tag 35. */
	uint32_t trailer;         /**< With 0: offset of tag 10. */
	uint32_t len;             /**< With 0: of the message. */
	enum fp_malformed reason; /**< With -EBADMSG. */
	uint32_t offset;          /**< With -EBADMSG. */
};

/** A field that a walk has to give. */
struct naive_field {
	uint32_t tag;
	uint32_t offset;
	uint32_t value;
	uint32_t len;
};

/** What a walk has to give. */
struct naive_walk {
	uint32_t count;
	enum fp_malformed reason; /**< FP_MALFORMED_COUNT: none. */
	uint32_t offset;
	struct naive_field fields[NAIVE_FIELDS_MAX];
};

/** A message that is put together. */
struct fix_text {
	uint8_t bytes[FP_FIX_MESSAGE_MAX + 64];
	uint32_t len;
};

/** Frame what begins with @p bytes. */
struct naive_frame naive_frame(const uint8_t *bytes, uint32_t len);

/** Walk over the fields from body to trailer. */
void naive_walk(const uint8_t *bytes, uint32_t body, uint32_t trailer, struct naive_walk *walk);

/** Put head and trailer around a body, in which '|' stands for the delimiter if @p has_bars. */
void
fix_make(struct fix_text *text, const char *begin, const void *body, uint32_t len, bool has_bars);

/** A message of FIX 4.4 with this body, '|' for the delimiter. */
void fix_make_44(struct fix_text *text, const char *body);

/** Make the sum right again, wherever the length says that it is. */
void fix_mend_sum(uint8_t *bytes, uint32_t len);

/** A random message: fields of any length, data, blocks crossed. */
void fix_make_random(struct fix_text *text, uint64_t *random);

/** splitmix64 */
uint64_t fix_random(uint64_t *random);

/** Frame and walk with the library and as a person would, and compare: false and a line if not. */
bool fix_agrees(const uint8_t *bytes, uint32_t len);

#endif /* NAIVE_FIX_H */
