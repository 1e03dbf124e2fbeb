/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdlib.h>
#include <string.h>

#include "fix_input.h"
#include "fix_run.h"
#include "naive_fix.h"

uint8_t *input;
uint32_t input_len;

int
fix_input_set_up(void **state)
{
	input = calloc(1, INPUT_MAX);
	return input == NULL ? -1 : fix_run_set_up(state);
}

int
fix_input_tear_down(void **state)
{
	free(input);
	return fix_run_tear_down(state);
}

void
input_clear(void)
{
	input_len = 0;
}

void
input_put(const char *text)
{
	for (; *text != '\0'; text++)
		input[input_len++] = *text == '|' ? FP_FIX_SOH : (uint8_t)*text;
}

void
input_put_bytes(const void *bytes, uint32_t len)
{
	memcpy(input + input_len, bytes, len);
	input_len += len;
}

void
input_put_message(const char *body)
{
	static struct fix_text text;

	fix_make_44(&text, body);
	input_put_bytes(text.bytes, text.len);
}
