/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_price_text.h"
#include "fp_text_format.h"
#include "fp_text_parse.h"
#include "fpi_text_decimal.h"

/* Text may be made before it is set, in C. */
static bool is_masked;

int
fpi_text_set_masked(bool is_wanted)
{
	if (is_wanted && !fpi_text_has_masked())
		return -ENOTSUP;
	fp_store_relaxed_bool(&is_masked, is_wanted);
	return 0;
}

FP_CONSTRUCTOR static void
choose(void)
{
	fp_store_relaxed_bool(&is_masked, fpi_text_has_masked());
}

int
fp_text_write_u64(uint64_t value, struct fp_span to, uint32_t *written)
{
	return fp_load_relaxed_bool(&is_masked) ? fpi_text_write_u64_masked(value, to, written)
						: fpi_text_write_u64_plain(value, to, written);
}

int
fp_text_write_i64(int64_t value, struct fp_span to, uint32_t *written)
{
	return fp_load_relaxed_bool(&is_masked) ? fpi_text_write_i64_masked(value, to, written)
						: fpi_text_write_i64_plain(value, to, written);
}

int
fp_text_read_u64(struct fp_cspan text, uint64_t *value, uint32_t *consumed)
{
	return fp_load_relaxed_bool(&is_masked) ? fpi_text_read_u64_masked(text, value, consumed)
						: fpi_text_read_u64_plain(text, value, consumed);
}

int
fp_text_read_i64(struct fp_cspan text, int64_t *value, uint32_t *consumed)
{
	return fp_load_relaxed_bool(&is_masked) ? fpi_text_read_i64_masked(text, value, consumed)
						: fpi_text_read_i64_plain(text, value, consumed);
}

int
fp_price_parse(
	struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess, struct fp_price *price)
{
	return fp_load_relaxed_bool(&is_masked)
		? fpi_price_parse_masked(text, decimals, excess, price)
		: fpi_price_parse_plain(text, decimals, excess, price);
}

int
fp_price_parse_prefix(struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess,
	struct fp_price *price, uint32_t *consumed)
{
	return fp_load_relaxed_bool(&is_masked)
		? fpi_price_parse_prefix_masked(text, decimals, excess, price, consumed)
		: fpi_price_parse_prefix_plain(text, decimals, excess, price, consumed);
}
