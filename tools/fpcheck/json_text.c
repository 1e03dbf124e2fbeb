/* SPDX-License-Identifier: BSD-3-Clause */

#include "json_text.h"

#include <stdlib.h>
#include <string.h>

#define REPLACEMENT     "\xEF\xBF\xBD" /* U+FFFD */
#define REPLACEMENT_LEN 3U

/* Length of the character at @text in bytes; 0 for what is none. jansson knows which are. */
static size_t
character_len(const char *text)
{
	for (size_t len = 1; len <= 4 && text[len - 1] != '\0'; len++) {
		json_t *character = json_stringn(text, len);

		if (character != NULL) {
			json_decref(character);
			return len;
		}
	}
	return 0;
}

static json_t *
repair(const char *text)
{
	char *repaired = malloc(strlen(text) * REPLACEMENT_LEN + 1);
	size_t used = 0;
	json_t *value;

	if (repaired == NULL)
		abort();
	while (*text != '\0') {
		const size_t len = character_len(text);

		memcpy(repaired + used, len == 0 ? REPLACEMENT : text,
			len == 0 ? REPLACEMENT_LEN : len);
		used += len == 0 ? REPLACEMENT_LEN : len;
		text += len == 0 ? 1 : len;
	}
	value = json_stringn(repaired, used);
	free(repaired);
	return value;
}

json_t *
json_text(const char *text)
{
	json_t *value;

	if (text == NULL)
		return json_null();
	value = json_string(text);
	return value == NULL ? repair(text) : value;
}
