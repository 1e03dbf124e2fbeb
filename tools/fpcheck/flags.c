/* SPDX-License-Identifier: BSD-3-Clause */

#include "flags.h"

#include <stdlib.h>
#include <string.h>

#include "text_file.h"

#define RESPONSE_DEPTH_MAX 8

/* With a word behind them, or joined to them. */
static const char *const with_word[] = { "-D", "-I", "-U", "-idirafter", "-imacros", "-include",
	"-iquote", "-isysroot", "-isystem", "--sysroot", "-target", "-x" };

/* As they are. */
static const char *const alone[] = { "-ansi", "-ffreestanding", "-fgnu89-inline", "-fms-extensions",
	"-fno-builtin", "-fno-short-enums", "-fno-signed-char", "-fno-unsigned-char",
	"-fshort-enums", "-fshort-wchar", "-fsigned-char", "-funsigned-char", "-nostdinc",
	"-pthread", "-undef" };

/* With any end. */
static const char *const prefixes[] = { "--sysroot=", "--target=", "-O", "-std=" };

/* Machine flags, with any end: other flags of -m change no macro, or are gcc's alone. */
static const char *const machine[] = { "-m16", "-m32", "-m64", "-mx32", "-mabi=", "-madx", "-maes",
	"-march=", "-mavx", "-mbmi", "-mcldemote", "-mclflushopt", "-mclwb",
	"-mcmodel=", "-mcpu=", "-mcrc32", "-mcx16", "-mf16c", "-mfloat-abi=", "-mfma",
	"-mfpu=", "-mfsgsbase", "-mgfni", "-mlzcnt", "-mmovbe", "-mmovdir", "-mno-avx", "-mno-sse",
	"-mpclmul", "-mpku", "-mpopcnt", "-mprfchw", "-mrdpid", "-mrdrnd", "-mrdseed", "-mrtm",
	"-mserialize", "-msha", "-msse", "-mssse3", "-mtune=", "-mvaes", "-mvpclmulqdq",
	"-mwaitpkg", "-mxsave" };

/* Not for us, but with a word behind them that is then not for us either. */
static const char *const skipped_with_word[] = { "--param", "-A", "-L", "-MF", "-MQ", "-MT", "-T",
	"-Xassembler", "-Xclang", "-Xlinker", "-Xpreprocessor", "-arch", "-aux-info", "-dumpbase",
	"-dumpdir", "-l", "-o", "-u", "-z" };

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

static bool
is_one_of(const char *word, const char *const *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, table[i]) == 0)
			return true;
	}
	return false;
}

static bool
begins_with_one_of(const char *word, const char *const *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strncmp(word, table[i], strlen(table[i])) == 0)
			return true;
	}
	return false;
}

bool
flags_is_machine(const char *flag)
{
	return begins_with_one_of(flag, machine, COUNT_OF(machine));
}

static bool
is_kept_alone(const char *word)
{
	return is_one_of(word, alone, COUNT_OF(alone)) ||
		begins_with_one_of(word, prefixes, COUNT_OF(prefixes)) || flags_is_machine(word) ||
		begins_with_one_of(word, with_word, COUNT_OF(with_word));
}

/* The words of a response file, or the word itself when there is none to read. */
static void
add_expanded(struct words *out, const char *word, const char *directory)
{
	char *path;
	char *text;

	if (word[0] != '@') {
		words_add_text(out, word);
		return;
	}
	path = text_file_canonical(directory, word + 1);
	text = text_file_read(path, NULL);
	if (text != NULL) {
		words_add_command(out, text);
	} else {
		words_add_text(out, word);
	}
	free(text);
	free(path);
}

/* Response files may name response files, but not for ever. */
static void
expand(struct words *words, const char *directory)
{
	for (unsigned int depth = 0; depth < RESPONSE_DEPTH_MAX; depth++) {
		struct words more = { 0 };

		for (size_t i = 0; i < words->count; i++)
			add_expanded(&more, words->words[i], directory);
		words_fini(words);
		*words = more;
	}
}

void
flags_add(struct words *flags, const struct words *command, const char *directory,
	struct words *unread)
{
	struct words all = { 0 };

	for (size_t i = 0; i < command->count; i++)
		words_add_text(&all, command->words[i]);
	expand(&all, directory);
	for (size_t i = 0; i < all.count; i++) {
		const char *word = all.words[i];

		if (is_one_of(word, with_word, COUNT_OF(with_word))) {
			if (i + 1 < all.count) {
				words_add_text(flags, word);
				words_add_text(flags, all.words[++i]);
			}
		} else if (is_one_of(word, skipped_with_word, COUNT_OF(skipped_with_word))) {
			i++;
		} else if (word[0] == '@') {
			words_add_text(unread, word);
		} else if (is_kept_alone(word)) {
			words_add_text(flags, word);
		}
	}
	words_fini(&all);
}
