/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Template of element_types.c: the functions for one type, TYPE, called NAME, whose unsigned type
 * UTYPE is called UNAME; IS_SIGNED says whether they
 * differ. Signed types have functions of their own where order matters.
 */

#define PASTE(a, b)  a##_##b
#define EXPAND(a, b) PASTE(a, b)
#define TEXT(name)   QUOTE(name)
#define QUOTE(name)  #name
#define OWN(name)    EXPAND(name, NAME)
#define BITS(name)   EXPAND(name, UNAME)

/* Call one of four functions, as first or last and the kind or its opposite is wanted. */
#define CALL(which, kind, except, ...)                                                             \
	(search->is_last ? (search->is_except ? which(fp_cspan_last_index_of##except)(__VA_ARGS__) \
					      : which(fp_cspan_last_index_of##kind)(__VA_ARGS__))  \
			 : (search->is_except ? which(fp_cspan_index_of##except)(__VA_ARGS__)      \
					      : which(fp_cspan_index_of##kind)(__VA_ARGS__)))

static int64_t
OWN(find)(struct fp_cspan span, const struct search *search)
{
	UTYPE a = (UTYPE)search->values[0];
	UTYPE b = (UTYPE)search->values[1];
	UTYPE c = (UTYPE)search->values[2];

	switch (search->kind) {
	case SEARCH_ONE:
		return CALL(BITS, , _except, span, a);
	case SEARCH_TWO:
		return CALL(BITS, _any2, _except2, span, a, b);
	case SEARCH_THREE:
		return CALL(BITS, _any3, _except3, span, a, b, c);
	case SEARCH_SET:
		return CALL(BITS, _any, _except_any, span, search->set);
	case SEARCH_RANGE:
		return CALL(OWN, _in_range, _except_in_range, span, (TYPE)a, (TYPE)b);
	case SEARCH_SEQUENCE:
		return search->is_last ? BITS(fp_cspan_last_index_of_seq)(span, search->set)
				       : BITS(fp_cspan_index_of_seq)(span, search->set);
	case SEARCH_KINDS:
		break;
	}
	return INT64_MIN;
}

static bool
OWN(contains)(struct fp_cspan span, int64_t value)
{
	return BITS(fp_cspan_contains)(span, (UTYPE)value);
}

static uint32_t
OWN(count)(struct fp_cspan span, int64_t value)
{
	return BITS(fp_cspan_count)(span, (UTYPE)value);
}

static struct fp_cspan
OWN(trim)(struct fp_cspan span, enum trim_side side, int64_t value)
{
	if (side == TRIM_BOTH)
		return BITS(fp_cspan_trim)(span, (UTYPE)value);
	return side == TRIM_START ? BITS(fp_cspan_trim_start)(span, (UTYPE)value)
				  : BITS(fp_cspan_trim_end)(span, (UTYPE)value);
}

static struct fp_cspan
OWN(trim_set)(struct fp_cspan span, enum trim_side side, struct fp_cspan set)
{
	if (side == TRIM_BOTH)
		return BITS(fp_cspan_trim_any)(span, set);
	return side == TRIM_START ? BITS(fp_cspan_trim_start_any)(span, set)
				  : BITS(fp_cspan_trim_end_any)(span, set);
}

static int64_t
OWN(binary_search)(struct fp_cspan span, int64_t value)
{
	return OWN(fp_cspan_binary_search)(span, (TYPE)value);
}

static void
OWN(fill)(struct fp_span span, int64_t value)
{
	BITS(fp_span_fill)(span, (UTYPE)value);
}

static void
OWN(replace)(struct fp_span span, int64_t old, int64_t value)
{
	BITS(fp_span_replace)(span, (UTYPE)old, (UTYPE)value);
}

static int64_t
OWN(get)(struct fp_cspan span, uint32_t index)
{
	return (int64_t)(TYPE)BITS(fp_cspan_get)(span, index);
}

static void
OWN(set)(struct fp_span span, uint32_t index, int64_t value)
{
	BITS(fp_span_set)(span, index, (UTYPE)value);
}

static const struct element_type OWN(type) = {
	.name = TEXT(NAME),
	.bytes = sizeof(TYPE),
	.is_signed = IS_SIGNED,
	.find = OWN(find),
	.contains = OWN(contains),
	.count = OWN(count),
	.count_sequence = BITS(fp_cspan_count_seq),
	.trim = OWN(trim),
	.trim_set = OWN(trim_set),
	.compare = OWN(fp_cspan_compare),
	.common_prefix = BITS(fp_cspan_common_prefix),
	.binary_search = OWN(binary_search),
	.fill = OWN(fill),
	.reverse = BITS(fp_span_reverse),
	.replace = OWN(replace),
	.get = OWN(get),
	.set = OWN(set),
};

#undef PASTE
#undef EXPAND
#undef TEXT
#undef QUOTE
#undef OWN
#undef BITS
#undef CALL
