/* SPDX-License-Identifier: BSD-3-Clause */

/* Template of fp_span_sequence.c: the functions for elements of WIDTH bits. */

static inline ELEMENT
NAME(at)(const struct row *row, int64_t index)
{
	uint32_t place = (uint32_t)index;

	return NAME(load)(row->data, row->is_backward ? row->count - 1 - place : place);
}

/* The greatest suffix by the order of elements or the opposite one: where it begins, its period. */
static struct cut
NAME(greatest_suffix)(const struct row *sequence, bool is_opposite)
{
	struct cut best = { -1, 1 };
	int64_t start = 0; /* the suffix that is tried begins behind it */
	int64_t k = 1;     /* elements from both beginnings on that are compared next */

	while (start + k < sequence->count) {
		ELEMENT tried = NAME(at)(sequence, start + k);
		ELEMENT held = NAME(at)(sequence, best.left + k);

		if (tried == held && k != best.period) {
			k++;
		} else if (tried == held) {
			start += best.period;
			k = 1;
		} else if ((tried < held) != is_opposite) {
			start += k;
			k = 1;
			best.period = start - best.left;
		} else {
			best.left = start;
			start++;
			k = 1;
			best.period = 1;
		}
	}
	return best;
}

static struct cut
NAME(critical_cut)(const struct row *sequence)
{
	struct cut cut = NAME(greatest_suffix)(sequence, false);
	struct cut other = NAME(greatest_suffix)(sequence, true);

	return other.left > cut.left ? other : cut;
}

/* True when the left part occurs one period on, too: then it is the period of the whole. */
static bool
NAME(is_periodic)(const struct row *sequence, struct cut cut)
{
	for (int64_t i = 0; i <= cut.left; i++) {
		if (NAME(at)(sequence, i) != NAME(at)(sequence, i + cut.period))
			return false;
	}
	return true;
}

static int64_t
NAME(find_two_way)(const struct row *view, const struct row *sequence)
{
	struct cut cut = NAME(critical_cut)(sequence);
	bool is_periodic = NAME(is_periodic)(sequence, cut);
	int64_t count = sequence->count;
	int64_t known = -1; /* up to here the sequence is known to fit */
	int64_t start = 0;

	if (!is_periodic) {
		int64_t right = count - cut.left - 1;

		cut.period = (cut.left + 1 > right ? cut.left + 1 : right) + 1;
	}
	while (start <= (int64_t)view->count - count) {
		int64_t i = (cut.left > known ? cut.left : known) + 1;

		while (i < count && NAME(at)(sequence, i) == NAME(at)(view, start + i))
			i++;
		if (i < count) {
			start += i - cut.left;
			known = -1;
			continue;
		}
		i = cut.left;
		while (i > known && NAME(at)(sequence, i) == NAME(at)(view, start + i))
			i--;
		if (i <= known)
			return start;
		start += cut.period;
		known = is_periodic ? count - cut.period - 1 : -1;
	}
	return -1;
}

int64_t
NAME(fp_cspan_index_of_seq)(struct fp_cspan span, struct fp_cspan sequence)
{
	struct row wanted = { sequence.data, sequence.len / ELEMENT_BYTES, false };
	struct row view = { span.data, span.len / ELEMENT_BYTES, false };
	uint32_t wanted_bytes = wanted.count * ELEMENT_BYTES;
	int64_t start = 0;
	int64_t found;

	fpi_cspan_check(span);
	fpi_cspan_check(sequence);
	if (wanted.count == 0)
		return 0;
	for (int i = 0; i < TRIES_BY_FIRST; i++) {
		if (wanted.count > view.count)
			return -1;
		/* Only where the whole sequence has room. */
		found = NAME(fp_cspan_index_of)(
			fp_cspan_over(view.data, (view.count - wanted.count + 1) * ELEMENT_BYTES),
			NAME(at)(&wanted, 0));
		if (found < 0)
			return -1;
		if (memcmp(view.data + found * ELEMENT_BYTES, wanted.data, wanted_bytes) == 0)
			return start + found;
		view.data += (found + 1) * ELEMENT_BYTES;
		view.count -= (uint32_t)found + 1;
		start += found + 1;
	}
	found = NAME(find_two_way)(&view, &wanted);
	return found < 0 ? -1 : start + found;
}

int64_t
NAME(fp_cspan_last_index_of_seq)(struct fp_cspan span, struct fp_cspan sequence)
{
	struct row wanted = { sequence.data, sequence.len / ELEMENT_BYTES, true };
	struct row view = { span.data, span.len / ELEMENT_BYTES, true };
	uint32_t wanted_bytes = wanted.count * ELEMENT_BYTES;
	int64_t found;

	fpi_cspan_check(span);
	fpi_cspan_check(sequence);
	if (wanted.count == 0)
		return view.count;
	for (int i = 0; i < TRIES_BY_FIRST; i++) {
		if (wanted.count > view.count)
			return -1;
		found = NAME(fp_cspan_last_index_of)(
			fp_cspan_over(view.data, (view.count - wanted.count + 1) * ELEMENT_BYTES),
			NAME(load)(wanted.data, 0));
		if (found < 0 ||
			memcmp(view.data + found * ELEMENT_BYTES, wanted.data, wanted_bytes) == 0)
			return found;
		/* The next candidate begins, and so ends, at least one element before this one. */
		view.count = (uint32_t)found + wanted.count - 1;
	}
	found = NAME(find_two_way)(&view, &wanted);
	return found < 0 ? -1 : (int64_t)view.count - wanted.count - found;
}

uint32_t
NAME(fp_cspan_count_seq)(struct fp_cspan span, struct fp_cspan sequence)
{
	uint32_t count = sequence.len / ELEMENT_BYTES;
	uint32_t found = 0;

	if (count == 0)
		return 0;
	for (;;) {
		int64_t start = NAME(fp_cspan_index_of_seq)(span, sequence);

		if (start < 0)
			return found;
		found++;
		span = fp_cspan_slice_from(span, ((uint32_t)start + count) * ELEMENT_BYTES);
	}
}
