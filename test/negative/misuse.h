/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Misuses of the library: what each looks like, and what each lifetime level makes of it.
 *
 * A misuse is a function of a few lines, MISUSE(name), and a ROW(name, ...) in the table at the end
 * of its file. The program misuse runs one of them; test_misuse.py runs each in a process of its
 * own and holds its end against the row.
 */

#ifndef MISUSE_H
#define MISUSE_H

#include <rte_cycles.h>

#include "fp_arena.h"
#include "fp_lease.h"
#include "fp_owner.h"
#include "fp_pool.h"

/** Define a misuse. Global, so that its name is in the backtrace. */
#define MISUSE(name)              \
	void misuse_##name(void); \
	void misuse_##name(void)

/** How a misuse ends. */
enum misuse_how {
	MISUSE_SILENT = 0, /**< As if it were none: exit status 0, and nothing is said. */
	MISUSE_ANSWERS,    /**< A call answers with an error; exit status 0. */
	MISUSE_PANICS,     /**< fp_panic(). */
	MISUSE_FAULTS,     /**< SIGSEGV. */
};

/** An end, and what is said at it. */
struct misuse_end {
	enum misuse_how how;
	const char *words; /**< Each is said; '|' between two, '#' is a number. */
};

/** A row of the table. */
struct misuse {
	const char *name;
	void (*run)(void);
	struct misuse_end trust; /**< At level trust. */
	struct misuse_end ref;   /**< At level ref. */
	struct misuse_end full;  /**< At level full. */
	bool is_poisoned;        /**< AddressSanitizer stops it where the level is silent. */
};

#define ROW(name, ...)                             \
	{                                          \
#name, misuse_##name, __VA_ARGS__, \
	}

#define SILENT                    \
	{                         \
		MISUSE_SILENT, "" \
	}
#define ANSWERS(words)                \
	{                             \
		MISUSE_ANSWERS, words \
	}
#define PANICS(words)                \
	{                            \
		MISUSE_PANICS, words \
	}
#define FAULTS                    \
	{                         \
		MISUSE_FAULTS, "" \
	}
#define ALL(end) end, end, end

/** For is_poisoned. */
#define POISONED     true
#define NOT_POISONED false

/* What a panic says of a view, after which come words about its memory. */
#define LATE                                                                            \
	"a view is used too late: it was made under generation #, the memory is now at" \
	" generation #|used at: "

/* Of a buffer: its pool, what was last done to it and before, by whom, when. */
#define OF_BUFFER(op)                                  \
	"|buffer # of pool \"misuse\": generation # (" \
	"|last: " op " by lcore #, #.# us ago, generation #"

#define LATE_OF_BUFFER(op, before) \
	LATE OF_BUFFER(op) "|before: " before " by lcore #, #.# us ago, generation #"

/** A view after its buffer's lease: found by level full alone. */
#define LATE_VIEW(op, before) SILENT, SILENT, PANICS(LATE_OF_BUFFER(op, before))

#define OVER(operation, op)                                                                \
	operation ": the lease of buffer # of pool \"misuse\" is over: it was granted as " \
		  "generation #, the buffer is at # (last operation: " op                  \
		  ", by lcore #)" OF_BUFFER(op)

/** A lease after its end: found from level ref on; full tells what was done before. */
#define LATE_LEASE(operation, op) \
	SILENT, PANICS(OVER(operation, op)), PANICS(OVER(operation, op) "|before: ")

/** Bytes of a rented buffer. */
#define MISUSE_BYTES 60

/** The pool "misuse". Its buffers have room for 128 bytes. */
struct fp_pool *misuse_pool(uint32_t buffers);

/** A pool of that name. */
struct fp_pool *misuse_pool_named(const char *name, uint32_t buffers);

/** A lease of MISUSE_BYTES bytes. */
struct fp_lease misuse_rent(struct fp_pool *pool);

/** The arena "misuse", of a page. */
struct fp_arena *misuse_arena(void);

/** An arena of that name, of a page. */
struct fp_arena *misuse_arena_named(const char *name, uint32_t flags);

/** 64 bytes of an arena. */
struct fp_span misuse_take(struct fp_arena *arena);

/** The table of owners "misuse", of blocks of 64 bytes. */
struct fp_owners *misuse_owners(uint32_t count);

/** An owner of 60 bytes. */
struct fp_owner misuse_owner(struct fp_owners *owners);

/** End the program as no misuse does. */
FP_NORETURN void misuse_unprepared(int error);

/** End the program as no misuse does, unless @p error is 0. */
static inline void
misuse_must(int error)
{
	if (error != 0)
		misuse_unprepared(error);
}

/** Report what a call answered: what a program does that looks at it. 0 says nothing. */
void misuse_answers(int error);

/** Report something else that a program sees. */
FP_PRINTF(1, 2) void misuse_says(const char *fmt, ...);

/** Need a value, so that what it was read from is read. */
void misuse_use(uint64_t value);

extern const struct misuse misuse_arena_rows[];
extern const size_t misuse_arena_count;
extern const struct misuse misuse_chain_rows[];
extern const size_t misuse_chain_count;
extern const struct misuse misuse_frame_rows[];
extern const size_t misuse_frame_count;
extern const struct misuse misuse_lease_rows[];
extern const size_t misuse_lease_count;
extern const struct misuse misuse_owner_rows[];
extern const size_t misuse_owner_count;
extern const struct misuse misuse_pool_rows[];
extern const size_t misuse_pool_count;
extern const struct misuse misuse_raw_rows[];
extern const size_t misuse_raw_count;
extern const struct misuse misuse_ref_rows[];
extern const size_t misuse_ref_count;
extern const struct misuse misuse_span_rows[];
extern const size_t misuse_span_count;
extern const struct misuse misuse_view_rows[];
extern const size_t misuse_view_count;

#endif /* MISUSE_H */
