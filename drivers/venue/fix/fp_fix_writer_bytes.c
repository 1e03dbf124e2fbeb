/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Values that are bytes already: characters, texts, symbols, data. They are summed and searched for
 * SOH where they come from, before anything is written.
 */

#include "fp_fix_writer_field.h"

/* Longer values are copied by memcpy(). */
#define COPY_BYTES_MAX 64U

void
fp_fix_put_char(struct fp_fix_writer *message, struct fp_fix_key key, char value)
{
	uint8_t *to;

	if (FP_UNLIKELY(value == FP_FIX_SOH)) {
		fp_panic("FIX message: SOH as a character; write one from elsewhere with "
			 "fp_fix_write_bytes(), which refuses it");
	}
	to = fp_fix_claim_field(message, key, 1);
	fp_store_le16(to, (uint16_t)((uint8_t)value | FP_FIX_SOH << 8));
	message->sum += key.sum + (uint8_t)value;
}

/* One to seven bytes as one register, 0 behind them. */
static inline uint64_t
load_short(const uint8_t *from, uint32_t len)
{
	if (len >= 4)
		return fp_load_le32(from) | (uint64_t)fp_load_le32(from + len - 4) << 8 * (len - 4);
	if (len >= 2)
		return fp_load_le16(from) | (uint64_t)fp_load_le16(from + len - 2) << 8 * (len - 2);
	return *from;
}

/* Sum of the bytes of a value, and whether it holds SOH. */
static inline uint32_t
judge(struct fp_cspan value, bool *is_cut)
{
	const uint8_t *from = value.data;
	uint32_t len = value.len, rest = len % 8, sum = 0;
	uint64_t word;

	*is_cut = false;
	for (uint32_t i = 0; i + 8 <= len; i += 8) {
		word = fp_load_le64(from + i);
		*is_cut |= fp_fix_has_soh(word);
		sum += fp_fix_sum(word);
	}
	if (rest == 0)
		return sum;
	word = len < 8 ? load_short(from, len) : fp_load_le64(from + len - 8) >> 8 * (8 - rest);
	*is_cut |= fp_fix_has_soh(word);
	return sum + fp_fix_sum(word);
}

/* Copy a value; up to seven bytes behind it are written, too. */
static inline void
put_value(uint8_t *to, struct fp_cspan value)
{
	if (value.len > COPY_BYTES_MAX) {
		memcpy(to, value.data, value.len);
		return;
	}
	if (value.len < 8) {
		fp_store_le64(to, load_short(value.data, value.len));
		return;
	}
	for (uint32_t i = 0; i + 8 <= value.len; i += 8)
		fp_store_le64(to + i, fp_load_le64(value.data + i));
	fp_store_le64(to + value.len - 8, fp_load_le64(value.data + value.len - 8));
}

/* What every value of bytes passes: it lives, and it is no longer than a message. */
static inline void
check_value(const struct fp_fix_writer *message, struct fp_cspan value)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	fp_watch_check(value.watch);
#endif
	if (FP_UNLIKELY(value.len > FP_FIX_MESSAGE_MAX))
		fp_fix_panic_room(message, value.len);
}

/* Write a value that was judged; the place of the field is taken as a whole. */
static inline void
put_judged(
	struct fp_fix_writer *message, struct fp_fix_key key, struct fp_cspan value, uint32_t sum)
{
	uint8_t *to = fp_fix_claim_field(message, key, value.len);

	put_value(to, value);
	to[value.len] = FP_FIX_SOH;
	message->sum += key.sum + sum;
}

int
fp_fix_put_bytes(struct fp_fix_writer *message, struct fp_fix_key key, struct fp_cspan value)
{
	bool is_cut;
	uint32_t sum;

	if (FP_UNLIKELY(value.len == 0))
		return -EBADMSG;
	check_value(message, value);
	sum = judge(value, &is_cut);
	if (FP_UNLIKELY(is_cut))
		return -EBADMSG;
	put_judged(message, key, value, sum);
	return 0;
}

/* Characters before the first NUL [0..8]. */
static inline uint32_t
count_characters(uint64_t word)
{
	uint64_t ends = (word - FP_FIX_EACH_BYTE) & ~word & FP_FIX_EACH_BYTE * 0x80;

	return ends == 0 ? 8 : (uint32_t)__builtin_ctzll(ends) / 8;
}

int
fp_fix_put_symbol16(struct fp_fix_writer *message, struct fp_fix_key key, struct fp_symbol16 symbol)
{
	uint64_t low = fp_load_le64(symbol.text), high = fp_load_le64(symbol.text + 8);
	uint32_t len = count_characters(low), more = 0;
	uint8_t *to;

	if (len == 8) {
		more = count_characters(high);
		high &= more == 8 ? UINT64_MAX : (UINT64_C(1) << 8 * more) - 1;
	} else {
		low &= (UINT64_C(1) << 8 * len) - 1;
		high = 0;
	}
	if (FP_UNLIKELY(len == 0 || fp_fix_has_soh(low) || fp_fix_has_soh(high)))
		return -EBADMSG;
	to = fp_fix_claim_field(message, key, len + more);
	fp_store_le64(to, low);
	if (more != 0)
		fp_store_le64(to + 8, high);
	to[len + more] = FP_FIX_SOH;
	message->sum += key.sum + fp_fix_sum(low) + fp_fix_sum(high);
	return 0;
}

int
fp_fix_write_data(struct fp_fix_writer *message, uint32_t data_tag, struct fp_cspan value)
{
	uint32_t length_tag = fp_fix_length_tag(data_tag);
	bool is_cut;

	if (FP_UNLIKELY(length_tag == 0))
		fp_panic("FIX tag %u is no data field of fp_fix_tags.h", data_tag);
	if (FP_UNLIKELY(value.len == 0))
		return -EBADMSG;
	check_value(message, value);
	fp_fix_put_u64(message, fp_fix_key_text(length_tag), value.len);
	put_judged(message, fp_fix_key_text(data_tag), value, judge(value, &is_cut));
	return 0;
}
