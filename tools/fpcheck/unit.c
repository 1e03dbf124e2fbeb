/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What libclang answers is turned into texts and places of the unit here, once per file, struct and
 * function: its own answers are allocated at each question.
 *
 * Annotations are looked for at every declaration of a function. Clang hands them down from an
 * earlier declaration to a later one, but not back: a definition in a header that is annotated by
 * a prototype behind it would else be missed.
 */

#include <stdlib.h>
#include <string.h>

#include "cursor_map.h"
#include "unit.h"

bool run_claim_file(const char *file);

/** A file that the unit was made of. */
struct unit_file {
	CXFile file;
	const char *name; /**< Absolute, canonical. */
	bool is_main;
	bool is_below_root;
	bool is_claim_known;
	bool is_claimed; /**< By this unit: its functions are this unit's to check. */
	struct unit_file *next;
};

/** Of a struct. */
struct tag {
	const char *text;
};

/** One of several declarations of a function. */
struct redeclaration {
	CXCursor cursor;
	struct redeclaration *next;
};

struct unit_files {
	struct unit_file *first;          /**< The file last asked for stands at the front. */
	struct cursor_map tags;           /**< Declaration of a struct to a struct tag. */
	struct cursor_map redeclarations; /**< Canonical function to a struct redeclaration. */
	bool is_redeclared_known;
};

static struct unit_files *
files_of(struct unit *unit)
{
	if (unit->files == NULL)
		unit->files = region_alloc(&unit->region, sizeof(*unit->files));
	return unit->files;
}

/** Copy of clang's text, which is disposed of. */
static const char *
take_text(struct unit *unit, CXString string)
{
	const char *text = clang_getCString(string);
	const char *copy = text == NULL ? "" : region_text(&unit->region, text, strlen(text));

	clang_disposeString(string);
	return copy;
}

static const char *
canonical_name(struct unit *unit, CXFile file)
{
	const char *name = take_text(unit, clang_File_tryGetRealPathName(file));
	char *path;

	if (name[0] == '/')
		return name;
	name = take_text(unit, clang_getFileName(file));
	path = realpath(name, NULL);
	if (path == NULL)
		return name;
	name = region_text(&unit->region, path, strlen(path));
	free(path);
	return name;
}

static bool
is_below(const char *name, const char *root)
{
	size_t len = root == NULL ? 0 : strlen(root);

	while (len > 0 && root[len - 1] == '/')
		len--;
	return len > 0 && strncmp(name, root, len) == 0 && name[len] == '/';
}

/** What is known about a file; NULL for "no file". */
static struct unit_file *
find_file(struct unit *unit, CXFile wanted)
{
	struct unit_files *files = files_of(unit);
	struct unit_file *file;

	if (wanted == NULL)
		return NULL;
	for (struct unit_file **link = &files->first; *link != NULL; link = &(*link)->next) {
		file = *link;
		if (file->file == wanted) {
			*link = file->next;
			file->next = files->first;
			files->first = file;
			return file;
		}
	}
	file = region_alloc(&unit->region, sizeof(*file));
	file->file = wanted;
	file->name = canonical_name(unit, wanted);
	file->is_main = strcmp(file->name, unit->main_file) == 0;
	file->is_below_root = is_below(file->name, unit->settings->root);
	file->next = files->first;
	files->first = file;
	return file;
}

struct place
unit_place_of(struct unit *unit, CXSourceLocation location)
{
	struct place place = { .file = "", .line = 0, .column = 0 };
	struct unit_file *file;
	CXFile handle;

	clang_getExpansionLocation(location, &handle, &place.line, &place.column, NULL);
	file = find_file(unit, handle);
	if (file != NULL)
		place.file = file->name;
	return place;
}

struct place
unit_place(struct unit *unit, CXCursor cursor)
{
	return unit_place_of(unit, clang_getCursorLocation(cursor));
}

const char *
unit_spelling(struct unit *unit, CXCursor cursor)
{
	return take_text(unit, clang_getCursorSpelling(cursor));
}

static struct unit_file *
file_of_cursor(struct unit *unit, CXCursor cursor)
{
	CXFile handle;

	clang_getExpansionLocation(clang_getCursorLocation(cursor), &handle, NULL, NULL, NULL);
	return find_file(unit, handle);
}

bool
unit_is_ours(struct unit *unit, CXCursor cursor)
{
	const struct unit_file *file = file_of_cursor(unit, cursor);

	return file != NULL && (file->is_main || file->is_below_root);
}

/** True when this unit is the one that checks the file's functions. */
static bool
is_checked_here(const struct unit *unit, struct unit_file *file)
{
	if (file->is_main)
		return true;
	if (!file->is_below_root)
		return false;
	if (!file->is_claim_known) {
		file->is_claim_known = true;
		file->is_claimed = !settings_match(&unit->settings->exclude, file->name) &&
			run_claim_file(file->name);
	}
	return file->is_claimed;
}

struct function_visit {
	struct unit *unit;
	unit_function_fn visit;
	void *context;
};

static enum CXChildVisitResult
visit_top_level(CXCursor cursor, CXCursor parent, CXClientData data)
{
	const struct function_visit *visit = data;
	struct unit_file *file;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl ||
		clang_isCursorDefinition(cursor) == 0)
		return CXChildVisit_Continue;
	file = file_of_cursor(visit->unit, cursor);
	if (file != NULL && is_checked_here(visit->unit, file))
		visit->visit(visit->unit, cursor, visit->context);
	return CXChildVisit_Continue;
}

void
unit_each_function(struct unit *unit, unit_function_fn visit, void *context)
{
	struct function_visit all = { .unit = unit, .visit = visit, .context = context };

	clang_visitChildren(clang_getTranslationUnitCursor(unit->tu), visit_top_level, &all);
}

static enum CXChildVisitResult
note_redeclaration(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct unit *unit = data;
	struct cursor_map *map = &unit->files->redeclarations;
	struct redeclaration *declaration;
	CXCursor first;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl)
		return CXChildVisit_Continue;
	first = clang_getCanonicalCursor(cursor);
	if (clang_equalCursors(first, cursor) != 0)
		return CXChildVisit_Continue;
	declaration = region_alloc(&unit->region, sizeof(*declaration));
	declaration->cursor = cursor;
	declaration->next = cursor_map_find(map, first);
	cursor_map_set(map, &unit->region, first, declaration);
	return CXChildVisit_Continue;
}

/** Declarations of a function after its first one, latest first. */
static const struct redeclaration *
redeclarations_of(struct unit *unit, CXCursor first)
{
	struct unit_files *files = files_of(unit);

	if (!files->is_redeclared_known) {
		files->is_redeclared_known = true;
		clang_visitChildren(
			clang_getTranslationUnitCursor(unit->tu), note_redeclaration, unit);
	}
	return cursor_map_find(&files->redeclarations, first);
}

struct annotation_search {
	struct unit *unit;
	const char *prefix;
	size_t len;
	bool is_whole; /**< The annotation is the prefix and nothing behind it. */
	const char *found;
};

static enum CXChildVisitResult
match_annotation(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct annotation_search *search = data;
	CXString string;
	const char *text;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_AnnotateAttr)
		return CXChildVisit_Continue;
	string = clang_getCursorSpelling(cursor);
	text = clang_getCString(string);
	if (text != NULL && strncmp(text, search->prefix, search->len) == 0 &&
		(!search->is_whole || text[search->len] == '\0')) {
		search->found = region_text(
			&search->unit->region, text + search->len, strlen(text + search->len));
	}
	clang_disposeString(string);
	return search->found == NULL ? CXChildVisit_Continue : CXChildVisit_Break;
}

/** Number of a parameter within its function, or -1. */
static int
parameter_number(CXCursor function, CXCursor parameter)
{
	int count = clang_Cursor_getNumArguments(function);

	for (int i = 0; i < count; i++) {
		if (clang_equalCursors(
			    clang_Cursor_getArgument(function, (unsigned)i), parameter) != 0)
			return i;
	}
	return -1;
}

static void
search_at(struct annotation_search *search, CXCursor function, int parameter)
{
	CXCursor at =
		parameter < 0 ? function : clang_Cursor_getArgument(function, (unsigned)parameter);

	if (search->found == NULL && clang_Cursor_isNull(at) == 0)
		clang_visitChildren(at, match_annotation, search);
}

/** Look at the declaration, and at the others of the same function. */
static const char *
search_annotation(struct annotation_search *search, CXCursor declaration)
{
	CXCursor function = declaration;
	int parameter = -1;
	CXCursor first;

	clang_visitChildren(declaration, match_annotation, search);
	if (search->found != NULL)
		return search->found;
	if (clang_getCursorKind(declaration) == CXCursor_ParmDecl) {
		function = clang_getCursorSemanticParent(declaration);
		parameter = parameter_number(function, declaration);
		if (parameter < 0)
			return NULL;
	}
	if (clang_getCursorKind(function) != CXCursor_FunctionDecl)
		return NULL;
	first = clang_getCanonicalCursor(function);
	search_at(search, first, parameter);
	for (const struct redeclaration *other = redeclarations_of(search->unit, first);
		other != NULL && search->found == NULL; other = other->next)
		search_at(search, other->cursor, parameter);
	return search->found;
}

bool
unit_is_annotated(struct unit *unit, CXCursor declaration, const char *text)
{
	struct annotation_search search = {
		.unit = unit, .prefix = text, .len = strlen(text), .is_whole = true
	};

	return search_annotation(&search, declaration) != NULL;
}

const char *
unit_annotation_behind(struct unit *unit, CXCursor declaration, const char *prefix)
{
	struct annotation_search search = {
		.unit = unit, .prefix = prefix, .len = strlen(prefix), .is_whole = false
	};

	return search_annotation(&search, declaration);
}

const char *
unit_tag(struct unit *unit, CXType type)
{
	CXType canonical = clang_getCanonicalType(type);
	struct unit_files *files = files_of(unit);
	CXCursor declaration;
	struct tag *tag;

	if (canonical.kind != CXType_Record)
		return NULL;
	declaration = clang_getTypeDeclaration(canonical);
	tag = cursor_map_find(&files->tags, declaration);
	if (tag == NULL) {
		tag = region_alloc(&unit->region, sizeof(*tag));
		tag->text = clang_Cursor_isAnonymous(declaration) != 0
			? ""
			: unit_spelling(unit, declaration);
		cursor_map_set(&files->tags, &unit->region, declaration, tag);
	}
	return tag->text;
}

enum contract_type
unit_type_of(struct unit *unit, CXType type)
{
	const char *tag = unit_tag(unit, type);

	return tag == NULL || tag[0] == '\0' ? CONTRACT_TYPE_PLAIN
					     : contracts_type(unit->contracts, tag);
}

void
unit_skip(struct unit *unit, CXCursor function, enum unit_skip why, const char *detail)
{
	struct unit_skipped *skipped = region_alloc(&unit->region, sizeof(*skipped));

	skipped->function = unit_spelling(unit, function);
	skipped->at = unit_place(unit, function);
	skipped->why = why;
	skipped->detail =
		detail == NULL ? NULL : region_text(&unit->region, detail, strlen(detail));
	skipped->next = unit->skipped;
	unit->skipped = skipped;
}
