/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Types are told apart by clang's canonical ones, of which there is one object each. A record's
 * members are not part of its type, so that types that hold pointers to themselves come to an end.
 */

#include "lower.h"

/* Types that are needed where no cursor has them. */
static const struct ir_type plain_int = {
	.kind = IR_TYPE_INT, .count = -1, .bytes = sizeof(int), .is_signed = true
};

static const struct ir_type plain_void = { .kind = IR_TYPE_VOID, .count = -1 };

const struct ir_type *
ir_type_void(void)
{
	return &plain_void;
}

const struct ir_type *
ir_type_int(void)
{
	return &plain_int;
}

static enum ir_type_kind
kind_of(enum CXTypeKind kind)
{
	if (kind == CXType_Void)
		return IR_TYPE_VOID;
	if ((kind >= CXType_Bool && kind <= CXType_Int128) || kind == CXType_Enum)
		return IR_TYPE_INT;
	if ((kind >= CXType_Float && kind <= CXType_LongDouble) || kind == CXType_Float128 ||
		kind == CXType_Half || kind == CXType_Float16)
		return IR_TYPE_FLOAT;
	if (kind == CXType_Pointer)
		return IR_TYPE_POINTER;
	if (kind == CXType_Record)
		return IR_TYPE_RECORD;
	if (kind == CXType_ConstantArray || kind == CXType_IncompleteArray ||
		kind == CXType_VariableArray)
		return IR_TYPE_ARRAY;
	if (kind == CXType_FunctionProto || kind == CXType_FunctionNoProto)
		return IR_TYPE_FUNCTION;
	return IR_TYPE_OTHER;
}

static bool
is_signed_kind(enum CXTypeKind kind)
{
	return kind == CXType_Char_S || kind == CXType_SChar || kind == CXType_WChar ||
		(kind >= CXType_Short && kind <= CXType_Int128);
}

static void
describe(struct ir_cache *cache, struct ir_type *made, CXType type)
{
	long long bytes;

	made->kind = kind_of(type.kind);
	made->is_const = clang_isConstQualifiedType(type) != 0;
	made->count = -1;
	if (made->kind == IR_TYPE_POINTER) {
		made->to = ir_type_of(cache, clang_getPointeeType(type));
	} else if (made->kind == IR_TYPE_ARRAY) {
		made->to = ir_type_of(cache, clang_getArrayElementType(type));
		if (type.kind == CXType_ConstantArray)
			made->count = clang_getArraySize(type);
	} else if (made->kind == IR_TYPE_RECORD) {
		made->tag = unit_tag(cache->unit, type);
		made->meaning = unit_type_of(cache->unit, type);
		made->is_union =
			clang_getCursorKind(clang_getTypeDeclaration(type)) == CXCursor_UnionDecl;
	} else if (type.kind == CXType_Enum) {
		made->is_signed = is_signed_kind(clang_getCanonicalType(
			clang_getEnumDeclIntegerType(clang_getTypeDeclaration(type)))
							 .kind);
	} else {
		made->is_signed = is_signed_kind(type.kind);
	}
	bytes = made->kind == IR_TYPE_VOID || made->kind == IR_TYPE_FUNCTION
		? 0
		: clang_Type_getSizeOf(type);
	made->bytes = bytes > 0 ? (uint64_t)bytes : 0;
}

const struct ir_type *
ir_type_of(struct ir_cache *cache, CXType type)
{
	CXType canonical = clang_getCanonicalType(type);
	struct ir_type *made;

	if (canonical.kind == CXType_Atomic)
		return ir_type_of(cache, clang_Type_getValueType(canonical));
	if (canonical.kind == CXType_Int && clang_isConstQualifiedType(canonical) == 0)
		return &plain_int;
	if (canonical.kind == CXType_Void && clang_isConstQualifiedType(canonical) == 0)
		return &plain_void;
	made = pointer_map_find(&cache->types, type_key(canonical));
	if (made != NULL)
		return made;
	made = region_alloc(cache->region, sizeof(*made));
	pointer_map_set(&cache->types, cache->region, type_key(canonical), made);
	describe(cache, made, canonical);
	return made;
}

struct field_walk {
	struct ir_cache *cache;
	struct record_shape *shape;
	uint32_t cap;
};

static enum CXVisitorResult
add_field(CXCursor field, CXClientData data)
{
	struct field_walk *walk = data;
	struct record_shape *shape = walk->shape;
	const char *name = unit_spelling(walk->cache->unit, field);
	struct record_field *grown;

	if (name[0] == '\0' && clang_Cursor_isBitField(field) != 0)
		return CXVisit_Continue;
	/* Newer clangs spell a field without a name as the struct that it is. */
	if (clang_Cursor_isAnonymousRecordDecl(clang_getTypeDeclaration(
		    clang_getCanonicalType(clang_getCursorType(field)))) != 0)
		name = "";
	if (shape->count == walk->cap) {
		walk->cap = walk->cap == 0 ? 8 : 2 * walk->cap;
		grown = region_alloc(walk->cache->region, walk->cap * sizeof(*grown));
		for (uint32_t i = 0; i < shape->count; i++)
			grown[i] = shape->fields[i];
		shape->fields = grown;
	}
	shape->fields[shape->count].name = name;
	shape->fields[shape->count].type = clang_getCursorType(field);
	shape->count++;
	return CXVisit_Continue;
}

const struct record_shape *
ir_shape_of(struct ir_cache *cache, CXType type)
{
	CXType canonical = clang_getCanonicalType(type);
	CXCursor declaration = clang_getTypeDeclaration(canonical);
	struct record_shape *shape = pointer_map_find(&cache->shapes, cursor_key(declaration));
	struct field_walk walk = { .cache = cache };

	if (shape != NULL)
		return shape;
	shape = region_alloc(cache->region, sizeof(*shape));
	shape->is_union = clang_getCursorKind(declaration) == CXCursor_UnionDecl;
	walk.shape = shape;
	clang_Type_visitFields(canonical, add_field, &walk);
	pointer_map_set(&cache->shapes, cache->region, cursor_key(declaration), shape);
	return shape;
}

const struct ir_type *
ir_type_pointer_to(struct ir_cache *cache, const struct ir_type *to)
{
	struct ir_type *made = pointer_map_find(&cache->pointers, to);

	if (made != NULL)
		return made;
	made = region_alloc(cache->region, sizeof(*made));
	made->kind = IR_TYPE_POINTER;
	made->to = to;
	made->count = -1;
	made->bytes = sizeof(void *);
	pointer_map_set(&cache->pointers, cache->region, to, made);
	return made;
}
