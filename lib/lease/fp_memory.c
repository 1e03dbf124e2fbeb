/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Memories and pins. Why a pin and a dispose cannot both go through is said in fp_owner.c.
 */

#include "fp_panic.h"
#include "fpi_owner.h"

/*
 * Find the first byte of a tenant, or -ESTALE. R1: the generation is read before data and again
 * after it; data is the next tenant's only if the second look shows another generation.
 */
static int
locate(const struct fp_cmemory *memory, uint8_t **data)
{
	const struct fp_owner_record *record = memory->record;
	uint8_t *first;

	if (fpi_owners_of(record) == NULL)
		return -ESTALE;
	if (fp_load_acquire_u32(&record->word.generation) != memory->generation)
		return -ESTALE;
	first = fp_load_acquire_ptr(&record->data);
	if (fp_load_relaxed_u32(&record->word.generation) != memory->generation)
		return -ESTALE;
	*data = first + memory->off;
	return 0;
}

/* View the bytes of a memory; who asked for reading only gets no more than that. */
static int
view(const struct fp_cmemory *memory, struct fp_span *out)
{
	struct fp_watch watch = fp_watch_none();
	uint8_t *data;

	*out = fp_span_over(NULL, 0);
	if (memory->record == NULL)
		return 0;
	if (locate(memory, &data) != 0)
		return -ESTALE;
	watch.word = &memory->record->word.generation;
	watch.stamp = memory->generation;
	*out = fp_span_watched(data, memory->len, watch);
	return 0;
}

int
fp_memory_span(const struct fp_memory *memory, struct fp_span *out)
{
	struct fp_cmemory of = fp_memory_const(memory);

	return view(&of, out);
}

int
fp_cmemory_span(const struct fp_cmemory *memory, struct fp_cspan *out)
{
	struct fp_span span;
	int error = view(memory, &span);

	*out = fp_span_const(span);
	return error;
}

int
fp_cmemory_pin(const struct fp_cmemory *memory, struct fp_pin *pin)
{
	struct fp_owner_record *record = memory->record;
	struct fp_owners *owners;
	union fpi_owner_word seen;
	union fpi_owner_word next;

	*pin = fp_pin_none();
	if (record == NULL)
		return 0;
	owners = fpi_owners_of(record);
	if (owners == NULL)
		return -ESTALE;
	seen = fpi_owner_load(record);
	do {
		if (seen.generation != memory->generation)
			return -ESTALE;
		if (seen.pins == FP_MEMORY_PINS_MAX)
			return -EOVERFLOW;
		next = seen;
		next.pins++;
	} while (!fpi_owner_change(record, &seen, next));
	fpi_owner_note(record, FP_OWNER_PINNED, next);
	fp_add_shared_u64(&owners->counters.pinned, 1);
	/* Held: the rest of the record cannot change. */
	pin->address = (uint8_t *)record->data + memory->off;
	pin->iova = record->iova == RTE_BAD_IOVA ? RTE_BAD_IOVA : record->iova + memory->off;
	pin->record = record;
	pin->generation = memory->generation;
	pin->len = memory->len;
	pin->state = FP_PIN_HELD;
	return 0;
}

int
fp_memory_pin(const struct fp_memory *memory, struct fp_pin *pin)
{
	struct fp_cmemory of = fp_memory_const(memory);

	return fp_cmemory_pin(&of, pin);
}

struct fp_span
fp_pin_span(const struct fp_pin *pin)
{
	struct fp_watch watch = fp_watch_none();

	if (pin->state != FP_PIN_HELD)
		return fp_span_over(NULL, 0);
	watch.word = &pin->record->word.generation;
	watch.stamp = pin->generation;
	return fp_span_watched(pin->address, pin->len, watch);
}

/* Stop the program: the pin was released before. */
static FP_COLD FP_NORETURN void
released_before(const struct fp_pin *pin, const char *how)
{
	const struct fp_owners *owners = fpi_owners_of(pin->record);

	if (owners == NULL) {
		fp_panic("unpin: a pin of generation %u was released before (%s), and the table of "
			 "its owner was destroyed since: release a pin once, where its use ends",
			pin->generation, how);
	}
	fp_panic_open("unpin: a pin of record %u of owners \"%s\" (generation %u) was released "
		      "before (%s): release a pin once, where its use ends",
		fpi_owner_idx(owners, pin->record), owners->name, pin->generation, how);
	fpi_owner_explain(owners, pin->record);
	fp_panic_close();
}

/* True when the record cannot be held by this pin any more. */
static bool
is_released(const struct fp_pin *pin, union fpi_owner_word word)
{
	return word.generation != pin->generation || word.pins == 0;
}

/* Drop the reference of a pin. */
static void
unpin(const struct fp_pin *pin)
{
	struct fp_owner_record *record = pin->record;
	struct fp_owners *owners = fpi_owners_of(record);
	union fpi_owner_word seen;
	union fpi_owner_word next;

	if (owners == NULL)
		released_before(pin, "through a copy");
	seen = fpi_owner_load(record);
	if (is_released(pin, seen))
		released_before(pin, "through a copy");
	/* Before the last pin is gone: the owner may then be disposed and its table destroyed. */
	next = seen;
	next.pins--;
	fpi_owner_note(record, FP_OWNER_UNPINNED, next);
	fp_add_shared_u64(&owners->counters.unpinned, 1);
	while (!fpi_owner_change(record, &seen, next)) {
		if (is_released(pin, seen))
			released_before(pin, "through a copy");
		next = seen;
		next.pins--;
	}
}

void
fp_pin_release(struct fp_pin *pin)
{
	switch (pin->state) {
	case FP_PIN_NONE:
		return;
	case FP_PIN_HELD:
		unpin(pin);
		pin->address = NULL;
		pin->iova = RTE_BAD_IOVA;
		pin->len = 0;
		pin->state = FP_PIN_RELEASED;
		return;
	case FP_PIN_RELEASED:
		pin->state = FP_PIN_RELEASED_TWICE;
		return;
	case FP_PIN_RELEASED_TWICE:
		break;
	}
	released_before(pin, "twice through this variable");
}

int
fp_cmemory_copy(const struct fp_cmemory *from, const struct fp_memory *to)
{
	struct fp_pin source;
	struct fp_pin target;
	int error;

	error = fp_cmemory_pin(from, &source);
	if (error != 0)
		return error;
	error = fp_memory_pin(to, &target);
	if (error == 0) {
		error = fp_cspan_try_copy(
			fp_span_const(fp_pin_span(&source)), fp_pin_span(&target));
	}
	fp_pin_release(&target);
	fp_pin_release(&source);
	return error;
}
