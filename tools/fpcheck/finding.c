/* SPDX-License-Identifier: BSD-3-Clause */

#include "finding.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "region.h"

#define FIRST_SLOTS 256U /* a power of two, as every later count is */

static const struct {
	const char *id;
	const char *word;
	const char *text;
} rules[RULE_COUNT] = {
#define FINDING_RULE(name, id, word, text) [RULE_##name] = { id, word, text },
	FINDING_RULES(FINDING_RULE)
#undef FINDING_RULE
};

struct finding_set {
	pthread_mutex_t lock;
	struct region texts;
	struct finding *findings;
	size_t count;
	size_t cap;
	uint32_t *slots; /* Open addressing: index + 1 of a finding, 0 for a free slot. */
	size_t slot_count;
};

struct finding_set *
finding_set_create(void)
{
	struct finding_set *set = calloc(1, sizeof(*set));

	if (set == NULL)
		abort();
	pthread_mutex_init(&set->lock, NULL);
	region_init(&set->texts, NULL);
	return set;
}

void
finding_set_destroy(struct finding_set *set)
{
	if (set == NULL)
		return;
	region_fini(&set->texts);
	free(set->findings);
	free(set->slots);
	pthread_mutex_destroy(&set->lock);
	free(set);
}

/* NULL and "" are the same here: nothing. */
static int
compare_texts(const char *one, const char *other)
{
	return strcmp(one == NULL ? "" : one, other == NULL ? "" : other);
}

static uint64_t
hash_text(uint64_t hash, const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
	return hash;
}

/* FNV-1a over what makes two findings the same. */
static uint64_t
hash_finding(const struct finding *finding)
{
	uint64_t hash = hash_text(0xcbf29ce484222325U, finding->at.file);

	hash = hash_text(hash, finding->kind);
	hash = (hash ^ finding->at.line) * 0x100000001b3U;
	hash = (hash ^ finding->at.column) * 0x100000001b3U;
	hash = (hash ^ (uint64_t)finding->rule) * 0x100000001b3U;
	return hash ^ hash >> 32;
}

static bool
is_same(const struct finding *one, const struct finding *other)
{
	return one->rule == other->rule && one->at.line == other->at.line &&
		one->at.column == other->at.column &&
		compare_texts(one->at.file, other->at.file) == 0 &&
		compare_texts(one->kind, other->kind) == 0;
}

/* The slot that holds the finding, or the free one where it belongs. */
static uint32_t *
find_slot(const struct finding_set *set, const struct finding *finding)
{
	size_t idx = hash_finding(finding) & (set->slot_count - 1);

	while (set->slots[idx] != 0 && !is_same(&set->findings[set->slots[idx] - 1], finding))
		idx = (idx + 1) & (set->slot_count - 1);
	return &set->slots[idx];
}

static void
grow(struct finding_set *set)
{
	set->cap = set->cap == 0 ? FIRST_SLOTS / 2 : set->cap * 2;
	set->slot_count = set->cap * 2;
	set->findings = realloc(set->findings, set->cap * sizeof(*set->findings));
	free(set->slots);
	set->slots = calloc(set->slot_count, sizeof(*set->slots));
	if (set->findings == NULL || set->slots == NULL)
		abort();
	for (size_t i = 0; i < set->count; i++)
		*find_slot(set, &set->findings[i]) = (uint32_t)i + 1;
}

static const char *
copy_text(struct finding_set *set, const char *text)
{
	return text == NULL ? NULL : region_text(&set->texts, text, strlen(text));
}

static void
add_copy(struct finding_set *set, const struct finding *finding)
{
	struct finding *copy = &set->findings[set->count++];

	*copy = *finding;
	copy->kind = copy_text(set, finding->kind);
	copy->at.file = copy_text(set, finding->at.file);
	copy->text = copy_text(set, finding->text);
	copy->function = copy_text(set, finding->function);
	if (copy->note_count > FINDING_MAX_NOTES)
		copy->note_count = FINDING_MAX_NOTES;
	for (uint32_t i = 0; i < copy->note_count; i++) {
		copy->notes[i].at.file = copy_text(set, finding->notes[i].at.file);
		copy->notes[i].text = copy_text(set, finding->notes[i].text);
	}
}

void
finding_add(struct finding_set *set, const struct finding *finding)
{
	uint32_t *slot;

	pthread_mutex_lock(&set->lock);
	if (set->count == set->cap)
		grow(set);
	slot = find_slot(set, finding);
	if (*slot == 0) {
		add_copy(set, finding);
		*slot = (uint32_t)set->count;
	}
	pthread_mutex_unlock(&set->lock);
}

static int
compare_findings(const void *left, const void *right)
{
	const struct finding *one = left;
	const struct finding *other = right;
	const int by_file = compare_texts(one->at.file, other->at.file);

	if (by_file != 0)
		return by_file;
	if (one->at.line != other->at.line)
		return one->at.line < other->at.line ? -1 : 1;
	if (one->at.column != other->at.column)
		return one->at.column < other->at.column ? -1 : 1;
	if (one->rule != other->rule)
		return one->rule < other->rule ? -1 : 1;
	return compare_texts(one->kind, other->kind);
}

const struct finding *
finding_set_sorted(struct finding_set *set, size_t *count)
{
	if (set->count > 1) {
		qsort(set->findings, set->count, sizeof(*set->findings), compare_findings);
		/* The slots name indexes: they are made again. */
		memset(set->slots, 0, set->slot_count * sizeof(*set->slots));
		for (size_t i = 0; i < set->count; i++)
			*find_slot(set, &set->findings[i]) = (uint32_t)i + 1;
	}
	*count = set->count;
	return set->findings;
}

const char *
finding_rule_id(enum finding_rule rule)
{
	return rules[rule].id;
}

const char *
finding_rule_word(enum finding_rule rule)
{
	return rules[rule].word;
}

const char *
finding_rule_text(enum finding_rule rule)
{
	return rules[rule].text;
}

bool
finding_rule_of(const char *id, size_t len, enum finding_rule *rule)
{
	for (unsigned int i = 0; i < RULE_COUNT; i++) {
		if (strlen(rules[i].id) == len && strncasecmp(rules[i].id, id, len) == 0) {
			*rule = (enum finding_rule)i;
			return true;
		}
	}
	return false;
}
