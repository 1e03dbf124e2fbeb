/* SPDX-License-Identifier: BSD-3-Clause */

#include "words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void
words_add(struct words *words, const char *text, size_t len)
{
	char **more = realloc(words->words, (words->count + 2) * sizeof(*more));
	char *copy = strndup(text, len);

	if (more == NULL || copy == NULL)
		abort();
	words->words = more;
	words->words[words->count++] = copy;
	words->words[words->count] = NULL;
}

void
words_add_text(struct words *words, const char *text)
{
	words_add(words, text, strlen(text));
}

/* The next word of a command, without its quotes, into @out; returns what is behind it. */
static const char *
read_word(const char *text, char *out)
{
	char quote = '\0';

	for (; *text != '\0' && (quote != '\0' || !isspace((unsigned char)*text)); text++) {
		if (quote == '\0' && (*text == '\'' || *text == '"')) {
			quote = *text;
		} else if (quote != '\0' && *text == quote) {
			quote = '\0';
		} else if (*text == '\\' && quote != '\'' && text[1] != '\0' &&
			(quote == '\0' || strchr("\"\\$`\n", text[1]) != NULL)) {
			*out++ = *++text;
		} else {
			*out++ = *text;
		}
	}
	*out = '\0';
	return text;
}

void
words_add_command(struct words *words, const char *command)
{
	char *word = malloc(strlen(command) + 1);

	if (word == NULL)
		abort();
	while (*(command += strspn(command, " \t\r\n\f\v")) != '\0') {
		command = read_word(command, word);
		words_add_text(words, word);
	}
	free(word);
}

void
words_fini(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->words[i]);
	free(words->words);
	*words = (struct words){ 0 };
}
