/* SPDX-License-Identifier: BSD-3-Clause */

#include "fix_faults.h"

#include <string.h>

#define CUT_MIN      8  /* the trailer, and a byte of the body */
#define CUT_MAX      40 /* the header of any message is longer: the end is looked for in it */
#define LENGTH_SHIFT 9

void
fix_faults_init(struct fix_faults *faults, const struct fpgen_options *options)
{
	uint64_t seed = options->damage_seed ^ UINT64_C(0xf1f1f1f1);

	memset(faults, 0, sizeof(*faults));
	faults->options = options;
	random_seed(&faults->strikes, random_mix(&seed));
	random_seed(&faults->details, random_mix(&seed));
}

void
fix_faults_draw(struct fix_faults *faults)
{
	for (int kind = 0; kind < FPGEN_FIX_FAULTS; kind++) {
		faults->strikes_now[kind] = random_below(&faults->strikes, 1000000) <
			faults->options->fix_faults_ppm[kind];
	}
}

unsigned int
fix_faults_gap(struct fix_faults *faults)
{
	return faults->strikes_now[FPGEN_FIX_GAP] ? 1 + random_below(&faults->details, FIX_GAP_MAX)
						  : 0;
}

/* Lose the end; where nothing else marks the next message, it is behind a whole field. */
static void
cut(struct fix_faults *faults, struct fix_message *message)
{
	const size_t most = message->body_len - 10 < CUT_MAX ? message->body_len - 10 : CUT_MAX;

	message->len -= CUT_MIN + random_below(&faults->details, (uint32_t)(most - CUT_MIN + 1));
	if (faults->options->separator == FPGEN_SEPARATOR_NONE) {
		while (message->bytes[message->len - 1] != FIX_SOH)
			message->len--;
	}
}

/* Another length of as many digits. */
static void
change_length(struct fix_faults *faults, struct fix_message *message)
{
	char *digits = message->bytes + message->body_at - 1;
	size_t shift = 1 + random_below(&faults->details, LENGTH_SHIFT);
	size_t length = message->body_len + shift;

	if (length > 999 || (length > 99 && message->body_len <= 99))
		length = message->body_len - shift;
	for (; digits[-1] != '='; length /= 10)
		*--digits = (char)('0' + length % 10);
}

/* Another sum. */
static void
change_checksum(struct fix_faults *faults, struct fix_message *message)
{
	char *digits = message->bytes + message->trailer_at + 3;
	unsigned int sum = (unsigned int)((digits[0] - '0') * 100 + (digits[1] - '0') * 10 +
		(digits[2] - '0'));

	sum = (sum + 1 + random_below(&faults->details, 255)) % 256;
	digits[0] = (char)('0' + sum / 100);
	digits[1] = (char)('0' + sum / 10 % 10);
	digits[2] = (char)('0' + sum % 10);
}

enum fpgen_fix_fault
fix_faults_damage(struct fix_faults *faults, struct fix_message *message)
{
	if (faults->strikes_now[FPGEN_FIX_CUT]) {
		cut(faults, message);
		return FPGEN_FIX_CUT;
	}
	if (faults->strikes_now[FPGEN_FIX_LENGTH]) {
		change_length(faults, message);
		return FPGEN_FIX_LENGTH;
	}
	if (faults->strikes_now[FPGEN_FIX_CHECKSUM]) {
		change_checksum(faults, message);
		return FPGEN_FIX_CHECKSUM;
	}
	return FPGEN_FIX_FAULTS;
}

size_t
fix_faults_garbage(struct fix_faults *faults, char garbage[FIX_GARBAGE_MAX])
{
	size_t len;

	if (!faults->strikes_now[FPGEN_FIX_GARBAGE])
		return 0;
	len = 1 + random_below(&faults->details, FIX_GARBAGE_MAX);
	for (size_t i = 0; i < len; i++) {
		/* From 14 on: no SOH, no line end; and no 8, which would begin a message. */
		garbage[i] = (char)(14 + random_below(&faults->details, 242));
		if (garbage[i] == '8')
			garbage[i] = 'x';
	}
	return len;
}
