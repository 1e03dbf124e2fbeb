/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * One hash table by name holds what the lines say of functions and of structs: an entry has room
 * for each kind of line, so that a later line overwrites just what it speaks of. Entries never
 * move, because contracts_find() hands out pointers into them.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "contract.h"
#include "contract_line.h"

#define FIRST_BUCKET_COUNT 1024
#define UTF8_MARK          "\xef\xbb\xbf"

struct entry {
	struct entry *next; /* In the bucket. */
	uint64_t hash;
	struct contract fn;
	enum contract_type type;
	enum finding_rule rule;
	bool has_fn;
	bool is_banned;
	char name[];
};

struct contracts {
	struct entry **buckets; /* [bucket_count], a power of two. */
	size_t bucket_count;
	size_t entry_count;
};

static void *
allocate(size_t count, size_t bytes)
{
	void *memory = calloc(count, bytes);

	if (memory == NULL) {
		(void)fputs("fpcheck: out of memory\n", stderr);
		_exit(2);
	}
	return memory;
}

/* FNV-1a, 64 bits. */
static uint64_t
hash_of(struct contract_text name)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.text[i]) * 0x100000001b3U;
	return hash;
}

static struct entry *
find_entry(const struct contracts *contracts, struct contract_text name)
{
	uint64_t hash = hash_of(name);
	struct entry *entry = contracts->buckets[hash & (contracts->bucket_count - 1)];

	while (entry != NULL &&
		(entry->hash != hash || strlen(entry->name) != name.len ||
			memcmp(entry->name, name.text, name.len) != 0))
		entry = entry->next;
	return entry;
}

static void
put_into_bucket(struct contracts *contracts, struct entry *entry)
{
	struct entry **bucket = &contracts->buckets[entry->hash & (contracts->bucket_count - 1)];

	entry->next = *bucket;
	*bucket = entry;
}

static void
grow(struct contracts *contracts)
{
	struct entry **old = contracts->buckets;
	size_t old_count = contracts->bucket_count;

	contracts->bucket_count = old_count * 2;
	contracts->buckets =
		(struct entry **)allocate(contracts->bucket_count, sizeof(struct entry *));
	for (size_t i = 0; i < old_count; i++) {
		struct entry *entry = old[i];

		while (entry != NULL) {
			struct entry *next = entry->next;

			put_into_bucket(contracts, entry);
			entry = next;
		}
	}
	free((void *)old);
}

/* The name's entry, made when there is none. */
static struct entry *
entry_of(struct contracts *contracts, struct contract_text name)
{
	struct entry *entry = find_entry(contracts, name);

	if (entry != NULL)
		return entry;
	if (contracts->entry_count == contracts->bucket_count)
		grow(contracts);
	entry = (struct entry *)allocate(1, sizeof(*entry) + name.len + 1);
	entry->hash = hash_of(name);
	memcpy(entry->name, name.text, name.len);
	put_into_bucket(contracts, entry);
	contracts->entry_count++;
	return entry;
}

static void
add_ban(struct contracts *contracts, const struct contract_line *line)
{
	struct contract_text names = line->names;
	struct contract_text name;

	while (contract_line_take_name(&names, &name)) {
		struct entry *entry = entry_of(contracts, name);

		entry->is_banned = !line->is_ban_lifted;
		entry->rule = line->rule;
	}
}

static void
add_line(struct contracts *contracts, const struct contract_line *line)
{
	struct entry *entry;

	switch (line->kind) {
	case CONTRACT_LINE_EMPTY:
		break;
	case CONTRACT_LINE_TYPE:
		entry_of(contracts, line->name)->type = line->type;
		break;
	case CONTRACT_LINE_BAN:
		add_ban(contracts, line);
		break;
	case CONTRACT_LINE_FN:
		entry = entry_of(contracts, line->name);
		entry->fn = line->fn;
		entry->fn.name = entry->name;
		entry->has_fn = true;
		break;
	}
}

int
contracts_parse(struct contracts *contracts, const char *text, const char *file, char *error,
	size_t error_cap)
{
	char problem[256];
	unsigned int line_number = 0;

	if (strncmp(text, UTF8_MARK, strlen(UTF8_MARK)) == 0)
		text += strlen(UTF8_MARK);
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		struct contract_line line;

		line_number++;
		if (contract_line_read(&line, (struct contract_text){ text, len }, problem,
			    sizeof(problem)) != 0) {
			(void)snprintf(error, error_cap, "%s:%u: %s", file, line_number, problem);
			return -EINVAL;
		}
		add_line(contracts, &line);
		text += len;
		if (*text == '\n')
			text++;
	}
	return 0;
}

struct contracts *
contracts_create(void)
{
	struct contracts *contracts = (struct contracts *)allocate(1, sizeof(*contracts));
	char error[512];

	contracts->bucket_count = FIRST_BUCKET_COUNT;
	contracts->buckets =
		(struct entry **)allocate(contracts->bucket_count, sizeof(struct entry *));
	for (size_t i = 0; i < contract_table_count; i++) {
		const struct contract_table *table = &contract_tables[i];

		if (contracts_parse(contracts, table->text, table->name, error, sizeof(error)) !=
			0) {
			(void)fprintf(stderr, "fpcheck: built-in table %s\n", error);
			abort();
		}
	}
	return contracts;
}

void
contracts_destroy(struct contracts *contracts)
{
	if (contracts == NULL)
		return;
	for (size_t i = 0; i < contracts->bucket_count; i++) {
		struct entry *entry = contracts->buckets[i];

		while (entry != NULL) {
			struct entry *next = entry->next;

			free(entry);
			entry = next;
		}
	}
	free((void *)contracts->buckets);
	free(contracts);
}

const struct contract *
contracts_find(const struct contracts *contracts, const char *function)
{
	struct contract_text name = { function, strlen(function) };
	const struct entry *entry = find_entry(contracts, name);

	return entry != NULL && entry->has_fn ? &entry->fn : NULL;
}

enum contract_type
contracts_type(const struct contracts *contracts, const char *tag)
{
	struct contract_text name = { tag, strlen(tag) };
	const struct entry *entry = find_entry(contracts, name);

	return entry != NULL ? entry->type : CONTRACT_TYPE_PLAIN;
}

bool
contracts_ban(const struct contracts *contracts, const char *function, enum finding_rule *rule)
{
	struct contract_text name = { function, strlen(function) };
	const struct entry *entry = find_entry(contracts, name);

	if (entry == NULL || !entry->is_banned)
		return false;
	*rule = entry->rule;
	return true;
}
