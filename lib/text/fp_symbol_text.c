/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_symbol_text.h"

/* Both kinds of symbols are handled as a row of characters with room for cap of them. */

static bool
is_printable(uint8_t byte)
{
	return byte >= ' ' && byte <= '~';
}

static int
parse(struct fp_cspan text, char *to, uint32_t cap)
{
	memset(to, 0, cap);
	if (text.len == 0)
		return -EBADMSG;
	fpi_cspan_check(text);
	if (text.data[0] == ' ' || text.data[text.len - 1] == ' ')
		return -EBADMSG;
	for (uint32_t i = 0; i < text.len; i++) {
		if (!is_printable(text.data[i]))
			return -EBADMSG;
	}
	if (text.len > cap)
		return -ERANGE;
	memcpy(to, text.data, text.len);
	return 0;
}

static int
from_field(struct fp_cspan field, char *to, uint32_t cap)
{
	uint8_t padding;

	if (field.len != 0) {
		fpi_cspan_check(field);
		padding = field.data[field.len - 1];
		while ((padding == ' ' || padding == '\0') && field.len != 0 &&
			field.data[field.len - 1] == padding)
			field.len--;
	}
	return parse(field, to, cap);
}

static uint32_t
count(const char *text, uint32_t cap)
{
	uint32_t len = 0;

	while (len < cap && text[len] != '\0')
		len++;
	return len;
}

static int
format(const char *text, uint32_t len, struct fp_span to, uint32_t *written)
{
	*written = 0;
	if (to.len < len)
		return -ERANGE;
	fpi_cspan_check(fp_span_const(to));
	if (len != 0)
		memcpy(to.data, text, len);
	*written = len;
	return 0;
}

static int
to_field(const char *text, uint32_t len, enum fp_symbol_padding padding, struct fp_span field)
{
	if (field.len < len)
		return -ERANGE;
	if (field.len == 0)
		return 0;
	fpi_cspan_check(fp_span_const(field));
	memcpy(field.data, text, len);
	memset(field.data + len, (int)padding, field.len - len);
	return 0;
}

int
fp_symbol8_parse(FP_SCOPED struct fp_cspan text, struct fp_symbol8 *symbol)
{
	return parse(text, symbol->text, sizeof(symbol->text));
}

int
fp_symbol16_parse(FP_SCOPED struct fp_cspan text, struct fp_symbol16 *symbol)
{
	return parse(text, symbol->text, sizeof(symbol->text));
}

int
fp_symbol8_from_field(FP_SCOPED struct fp_cspan field, struct fp_symbol8 *symbol)
{
	return from_field(field, symbol->text, sizeof(symbol->text));
}

int
fp_symbol16_from_field(FP_SCOPED struct fp_cspan field, struct fp_symbol16 *symbol)
{
	return from_field(field, symbol->text, sizeof(symbol->text));
}

uint32_t
fp_symbol8_len(struct fp_symbol8 symbol)
{
	return count(symbol.text, sizeof(symbol.text));
}

uint32_t
fp_symbol16_len(struct fp_symbol16 symbol)
{
	return count(symbol.text, sizeof(symbol.text));
}

int
fp_symbol8_format(struct fp_symbol8 symbol, FP_SCOPED struct fp_span to, uint32_t *written)
{
	return format(symbol.text, fp_symbol8_len(symbol), to, written);
}

int
fp_symbol16_format(struct fp_symbol16 symbol, FP_SCOPED struct fp_span to, uint32_t *written)
{
	return format(symbol.text, fp_symbol16_len(symbol), to, written);
}

int
fp_symbol8_to_field(
	struct fp_symbol8 symbol, enum fp_symbol_padding padding, FP_SCOPED struct fp_span field)
{
	return to_field(symbol.text, fp_symbol8_len(symbol), padding, field);
}

int
fp_symbol16_to_field(
	struct fp_symbol16 symbol, enum fp_symbol_padding padding, FP_SCOPED struct fp_span field)
{
	return to_field(symbol.text, fp_symbol16_len(symbol), padding, field);
}
