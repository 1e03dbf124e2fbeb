/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Without masked loads (fp_price_masked.c) a text of up to 16 bytes takes the short way, which
 * refuses what it is not sure of. Everything else goes the long way, errors included: there is one
 * judge of what is wrong with a text.
 */

#include "fp_price_text.h"
#include "fp_panic.h"
#include "fpi_price_long.h"
#include "fpi_price_short.h"
#include "fpi_text_decimal.h"

static FP_COLD FP_NORETURN void
refuse_decimals(uint8_t decimals)
{
	fp_panic("price text: %u decimals; a price has at most %u, ask the instrument for its own",
		decimals, FP_PRICE_DECIMALS_MAX);
}

int
fpi_price_parse_prefix_plain(FP_SCOPED struct fp_cspan text, uint8_t decimals,
	enum fp_price_excess excess, struct fp_price *price, uint32_t *consumed)
{
	uint32_t end;
	int error;

	if (FP_UNLIKELY(decimals > FP_PRICE_DECIMALS_MAX))
		refuse_decimals(decimals);
	fpi_cspan_check(text);
	error = fpi_price_parse_long(text, decimals, excess, &price->ticks, &end);
	*consumed = error == 0 ? end : 0;
	return error;
}

/* The whole text by the long way; apart, so that the short one needs no stack. */
static FP_COLD int
parse_any(
	struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess, struct fp_price *price)
{
	uint32_t end;
	int error;

	if (FP_UNLIKELY(decimals > FP_PRICE_DECIMALS_MAX))
		refuse_decimals(decimals);
	error = fpi_price_parse_long(text, decimals, excess, &price->ticks, &end);
	if (FP_LIKELY(end == text.len))
		return error;
	price->ticks = 0;
	return -EBADMSG;
}

int
fpi_price_parse_plain(FP_SCOPED struct fp_cspan text, uint8_t decimals, enum fp_price_excess excess,
	struct fp_price *price)
{
	fpi_cspan_check(text);
	if (FP_LIKELY(text.len - 1 < FPI_PRICE_SHORT_MAX && decimals <= FP_PRICE_DECIMALS_MAX) &&
		FP_LIKELY(fpi_price_parse_short(text.data, text.len, decimals, &price->ticks)))
		return 0;
	return parse_any(text, decimals, excess, price);
}

int
fp_qty_parse(FP_SCOPED struct fp_cspan text, struct fp_qty *qty)
{
	struct fp_price whole;
	int error = fp_price_parse(text, 0, FP_PRICE_EXCESS_REFUSE, &whole);

	if (error == 0 && whole.ticks < 0)
		error = -ERANGE;
	qty->units = error == 0 ? whole.ticks : 0;
	return error;
}

int
fp_price_format(
	struct fp_price price, uint8_t decimals, FP_SCOPED struct fp_span to, uint32_t *written)
{
	uint64_t sign = (uint64_t)(price.ticks >> 63);
	uint64_t magnitude = ((uint64_t)price.ticks ^ sign) - sign;
	uint32_t digits = fp_digits_count(magnitude);
	uint32_t len;

	*written = 0;
	if (FP_UNLIKELY(decimals > FP_PRICE_DECIMALS_MAX))
		refuse_decimals(decimals);
	digits = FP_UNPREDICTABLE(digits > decimals) ? digits : decimals + 1U;
	len = (uint32_t)(sign & 1) + digits + (decimals != 0);
	if (FP_UNLIKELY(len > to.len))
		return -ERANGE;
	fpi_cspan_check(fp_span_const(to));
	if (FP_LIKELY(len <= FPI_PRICE_SHORT_MAX)) {
		fpi_price_format_short(to.data, sign != 0, magnitude, decimals, len);
	} else {
		fpi_price_format_long(to.data, sign != 0, magnitude, decimals, len);
	}
	*written = len;
	return 0;
}
