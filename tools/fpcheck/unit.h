/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * One translation unit: what libclang parsed, and the questions that every rule asks of it.
 *
 * A unit belongs to one thread. Texts and places that it gives out live as long as the unit.
 */

#ifndef FPCHECK_UNIT_H
#define FPCHECK_UNIT_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stdint.h>

#include "contract.h"
#include "finding.h"
#include "region.h"
#include "settings.h"

/** Why a function was not analysed, or not to its end. */
enum unit_skip {
	UNIT_SKIP_PARSE,  /**< Its body has errors: part of the tree is missing. */
	UNIT_SKIP_STEPS,  /**< The lifetime engine's budget of steps was used up. */
	UNIT_SKIP_MEMORY, /**< Its memory was. */
	UNIT_SKIP_STATES, /**< States were joined so often that only certain findings were kept. */
	UNIT_SKIP_CONSTRUCT, /**< It uses what the engine does not know: computed goto, asm goto. */
};

struct unit_skipped {
	const char *function;
	struct place at;
	enum unit_skip why;
	const char *detail; /**< "computed goto" ...; NULL for none. */
	struct unit_skipped *next;
};

struct unit {
	CXTranslationUnit tu;
	const char *main_file; /**< Absolute, canonical. */
	const struct settings *settings;
	const struct contracts *contracts;
	struct finding_set *findings;
	struct region region;     /**< Texts, places, trees: what dies with the unit. */
	struct unit_files *files; /**< Canonical names of the files met. */
	struct unit_hot *hot;     /**< Which functions are hot; made at first use. */
	uint32_t analysed; /**< Functions that the lifetime engine went through to the end. */
	struct unit_skipped *skipped;
	uint32_t parse_errors;
};

/** Where a cursor, or a location, is, macros resolved to where they are used. */
struct place unit_place(struct unit *unit, CXCursor cursor);
struct place unit_place_of(struct unit *unit, CXSourceLocation location);

/** A cursor's spelling as a text of the unit. */
const char *unit_spelling(struct unit *unit, CXCursor cursor);

/** True for what is in the main file or in a header below the root. */
bool unit_is_ours(struct unit *unit, CXCursor cursor);

/**
 * Call @p visit for each function defined in the main file and in our headers, in order. Of a
 * header that another unit has already claimed (see run.h), nothing.
 */
typedef void (*unit_function_fn)(struct unit *unit, CXCursor function, void *context);
void unit_each_function(struct unit *unit, unit_function_fn visit, void *context);

/**
 * True when the function is hot: annotated "fp_hot_path" at its definition or a declaration, in a
 * file that the settings call hot, or a static function that a hot one of the same file calls.
 */
bool unit_is_hot(struct unit *unit, CXCursor function);

/** True when the declaration (or another of the same entity) has annotate(@p text). */
bool unit_is_annotated(struct unit *unit, CXCursor declaration, const char *text);

/**
 * The text behind @p prefix of an annotation, as "param" of annotate("fp_returns:param"); NULL when
 * there is none.
 */
const char *unit_annotation_behind(struct unit *unit, CXCursor declaration, const char *prefix);

/**
 * Tag of the struct that a type is, behind typedefs and qualifiers: "fp_span" of struct fp_span and
 * of a typedef of it; NULL for other types.
 */
const char *unit_tag(struct unit *unit, CXType type);

/** What a type is to fpcheck; of a pointer, what it points to is the caller's question. */
enum contract_type unit_type_of(struct unit *unit, CXType type);

/** Say that a function was not analysed, or not to the end; counted and printed in the summary. */
void unit_skip(struct unit *unit, CXCursor function, enum unit_skip why, const char *detail);

/** The AST rules: FP0401 to FP0409, R-04-02 at the declaration, R-04-06, R-04-07. */
void rules_check(struct unit *unit);

/** The lifetime engine: R-04-01, and R-04-02 in the body. */
void lifetime_check(struct unit *unit);

#endif /* FPCHECK_UNIT_H */
