/* SPDX-License-Identifier: BSD-3-Clause */

#include "mold.h"

#include <string.h>

#include "fp_itch_day_wire.h"

#define COUNT_MAX 65534 /* 65535 says end of session */
#define COUNT_END 65535

void
mold_init(struct mold *mold, const struct fpgen_options *options)
{
	memset(mold, 0, sizeof(*mold));
	mold->first_sequence = 1;
	mold->len = MOLD_HEADER_LEN;
	mold->cap = options->max_payload;
	mold->count_cap = options->messages_per_packet == 0
		? COUNT_MAX
		: (uint32_t)options->messages_per_packet;
	memcpy(mold->session, options->session, sizeof(mold->session));
}

bool
mold_fits(const struct mold *mold, uint16_t len)
{
	return mold->count < mold->count_cap && mold->len + 2 + len <= mold->cap;
}

void
mold_add(struct mold *mold, const uint8_t *message, uint16_t len)
{
	uint8_t *at = put_be16(mold->payload + mold->len, len);

	memcpy(at, message, len);
	mold->len += 2 + (size_t)len;
	mold->count++;
}

static struct mold_datagram
close_with_count(struct mold *mold, uint32_t count)
{
	const struct mold_datagram datagram = {
		.idx = mold->next_idx++,
		.first_sequence = mold->first_sequence,
		.messages = (uint16_t)mold->count,
		.payload = mold->payload,
		.len = mold->len,
	};
	uint8_t *at = put_text(mold->payload, mold->session, sizeof(mold->session));

	at = put_be64(at, mold->first_sequence);
	put_be16(at, count);
	mold->first_sequence += mold->count;
	mold->count = 0;
	mold->len = MOLD_HEADER_LEN;
	return datagram;
}

struct mold_datagram
mold_close(struct mold *mold)
{
	return close_with_count(mold, mold->count);
}

struct mold_datagram
mold_end(struct mold *mold)
{
	return close_with_count(mold, COUNT_END);
}
