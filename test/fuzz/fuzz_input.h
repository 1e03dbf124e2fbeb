/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the libFuzzer targets share: the input as a source of numbers, and exact copies of bytes.
 *
 * A target checks with FUZZ_CHECK(): a panic aborts, which libFuzzer records as a finding. Numbers
 * are read here without a cursor of the library, since that is among what is tested.
 */

#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fp_panic.h"

/* The names are libFuzzer's. NOLINTBEGIN(readability-identifier-naming) */

/** Run the target on one input; libFuzzer calls it. @return 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/** Prepare the target once, before the first input; libFuzzer calls it. @return 0. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* NOLINTEND(readability-identifier-naming) */

/** Use FUZZ_CHECK(). */
static inline void
fuzz_check(bool holds, const char *what, const char *file, int line)
{
	if (!holds)
		fp_panic("%s:%d: %s does not hold", file, line, what);
}

/** End in a finding unless the condition holds; a call, and so no branch of the caller. */
#define FUZZ_CHECK(condition) fuzz_check((condition), #condition, __FILE__, __LINE__)

/** An input that is used up from the front; behind its end there are zeros. */
struct fuzz_input {
	const uint8_t *data; /**< Not yet used. */
	size_t len;          /**< Of what is not yet used [bytes]. */
};

/** Bytes in memory of their own, so that one byte too far is seen by AddressSanitizer. */
struct fuzz_copy {
	uint8_t *base; /**< To be freed. */
	uint8_t *data; /**< First byte; one that may not be read when len is 0. */
	uint32_t len;  /**< Length [bytes]. */
};

/** Use up to @p count bytes; *len of them are there. */
static inline const uint8_t *
fuzz_take(struct fuzz_input *input, size_t count, size_t *len)
{
	const uint8_t *from = input->data;

	*len = count < input->len ? count : input->len;
	if (*len != 0)
		input->data += *len;
	input->len -= *len;
	return from;
}

/** Use a little-endian number of up to 8 bytes. */
static inline uint64_t
fuzz_take_number(struct fuzz_input *input, size_t bytes)
{
	uint64_t number = 0;
	size_t len;
	const uint8_t *from = fuzz_take(input, bytes, &len);

	for (size_t i = 0; i < len; i++)
		number |= (uint64_t)from[i] << (8 * i);
	return number;
}

/** Use one byte. */
static inline uint8_t
fuzz_take_u8(struct fuzz_input *input)
{
	return (uint8_t)fuzz_take_number(input, 1);
}

/** Use two bytes. */
static inline uint16_t
fuzz_take_u16(struct fuzz_input *input)
{
	return (uint16_t)fuzz_take_number(input, 2);
}

/** Copy up to @p count bytes of the input to memory of exactly their length. */
static inline struct fuzz_copy
fuzz_take_copy(struct fuzz_input *input, size_t count)
{
	struct fuzz_copy copy;
	size_t len;
	const uint8_t *from = fuzz_take(input, count, &len);

	copy.base = malloc(len != 0 ? len : 1);
	FUZZ_CHECK(copy.base != NULL);
	copy.data = len != 0 ? copy.base : copy.base + 1;
	copy.len = (uint32_t)len;
	if (len != 0)
		memcpy(copy.data, from, len);
	return copy;
}

#endif /* FUZZ_INPUT_H */
