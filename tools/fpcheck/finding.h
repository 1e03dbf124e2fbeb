/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the rules found, and where it is kept until it is printed.
 *
 * A finding has a place, a rule, a sentence, and notes: the events on the path that leads there.
 * Rules add findings; the set drops those that are there already (a header's function is met once
 * per file that includes it) and gives them out sorted by file, line, column and rule, so that two
 * runs print the same whatever the order of the work was.
 *
 * finding_add() may be called by any thread; the rest by one, after the work.
 */

#ifndef FPCHECK_FINDING_H
#define FPCHECK_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Every rule: id, name in one word or two, and what it says, for --help, SARIF and the docs. */
#define FINDING_RULES(RULE)                                                                        \
	RULE(FP0401, "FP0401", "heap", "heap allocation, or a copy of a view to the heap")         \
	RULE(FP0402, "FP0402", "c-string", "a C string made of a view")                            \
	RULE(FP0403, "FP0403", "stored-view", "a view stored in a struct that is no stack cursor") \
	RULE(FP0404, "FP0404", "formatting", "text formatting")                                    \
	RULE(FP0405, "FP0405", "laundering", "a view laundered of its owner or its const")         \
	RULE(FP0406, "FP0406", "callback", "iteration by callback")                                \
	RULE(FP0407, "FP0407", "stack", "stack memory of run-time or large size")                  \
	RULE(FP0408, "FP0408", "variadic", "a variadic call")                                      \
	RULE(FP0409, "FP0409", "indirect", "a call by function pointer, or a nested function")     \
	RULE(R_04_01, "R-04-01", "lifetime", "a view or a buffer used outside its life, or lost")  \
	RULE(R_04_02, "R-04-02", "scoped",                                                         \
		"a view parameter not annotated, or kept although it is")                          \
	RULE(R_04_06, "R-04-06", "raw-view", "a view made of a raw pointer outside the library")   \
	RULE(R_04_07, "R-04-07", "stack-array", "a stack array in a loop or of run-time size")     \
	RULE(SUPPRESSION, "FPCHECK", "suppression", "a suppression without rule, reason or use")

enum finding_rule {
#define FINDING_RULE(name, id, word, text) RULE_##name,
	FINDING_RULES(FINDING_RULE)
#undef FINDING_RULE
	RULE_COUNT
};

/** A position in a source file. Line and column count from 1; 0 is "nowhere". */
struct place {
	const char *file; /**< Absolute path, owned by whoever made the place. */
	uint32_t line;
	uint32_t column;
};

/** An event on the path to a finding, or what else helps to understand it. */
struct finding_note {
	struct place at;
	const char
		*text; /**< "granted here", "freed here" ...: small letter first, no full stop. */
};

#define FINDING_MAX_NOTES 8

struct finding {
	enum finding_rule rule;
	const char
		*kind; /**< What within the rule: "use-after-free", "leak", ...; NULL for none. */
	struct place at;
	const char *text;     /**< One sentence, small letter first, no full stop. */
	const char *function; /**< Name of the function it is in; NULL outside of one. */
	struct finding_note notes[FINDING_MAX_NOTES];
	uint32_t note_count;
};

struct finding_set;

/** An empty set. */
struct finding_set *finding_set_create(void);

/** Free the set and its copies; NULL is fine. */
void finding_set_destroy(struct finding_set *set);

/**
 * Add a copy of a finding; all texts are copied. One with the rule, place and kind of an earlier
 * one is dropped: the first stays.
 */
void finding_add(struct finding_set *set, const struct finding *finding);

/** Sort, and give the findings out: shape [*count], valid until the next finding_add(). */
const struct finding *finding_set_sorted(struct finding_set *set, size_t *count);

/** "FP0401", "R-04-01" ... */
const char *finding_rule_id(enum finding_rule rule);

/** One word: "heap", "lifetime" ... */
const char *finding_rule_word(enum finding_rule rule);

/** What the rule says, in one line. */
const char *finding_rule_text(enum finding_rule rule);

/** Rule of an id, in any case of letters; false when there is none. */
bool finding_rule_of(const char *id, size_t len, enum finding_rule *rule);

#endif /* FPCHECK_FINDING_H */
