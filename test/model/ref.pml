/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What fp_ref.h promises to who holds no lease: one lcore resolves a stored reference, reads, and
 * confirms, while another one ends the tenancy, and the next tenant comes and writes.
 *
 * One slot, two bytes of data. The owner holds the buffer as generation 1, its bytes are 1. It ends
 * it in one of three ways: release, transmission, or transmission that the driver refuses, which
 * puts the generation back. After an end the next tenant comes: rented (generation first, bytes
 * after) or received (the device writes first), by the same lcore or by a third one.
 *
 * Spin interleaves whole statements, as a machine does that keeps stores in order; what a machine
 * or a compiler may reorder without the fences is added as a variant that must fail:
 *
 *   -DNO_CONFIRM    the reader believes what it read without asking again
 *   -DLATE_CLOSE    the next tenant's bytes may be seen before the end of the generation (no A3)
 *   -DEARLY_PUT     the buffer goes to the pool before its generation moves on
 *   -DEARLY_CONFIRM the reader's bytes may be read after the question (no R3)
 *   -DSAME_GENERATION  a grant does not move the generation on
 */

#define LIVE(generation) ((generation) % 2 == 1)

byte generation = 1; /* of the slot */
byte first = 1;      /* the tenant's two bytes */
byte second = 1;
bool is_free = false;       /* in the mempool */
bool is_confirmed = false;  /* the reader ended with a confirmed read */
bool is_thrown_away = false;

/* The buffer's next tenant, on whatever lcore. */
proctype tenant()
{
	is_free == true;
	is_free = false;
	if
	:: /* rented: the slot is stamped, then the tenant writes */
#ifndef SAME_GENERATION
		generation = generation + 1;
#else
		generation = 1;
#endif
		first = 3;
		second = 3
	:: /* received: the device wrote before the slot is stamped */
		first = 3;
		second = 3;
#ifndef SAME_GENERATION
		generation = generation + 1
#else
		generation = 1
#endif
	fi
}

/* Who holds the only lease. */
proctype owner()
{
	byte before = generation;

	assert(LIVE(before));
	if
	:: /* released, or transmitted and taken: closed, then the mempool's */
#ifdef EARLY_PUT
		is_free = true;
		generation = before + 1
#else
#ifdef LATE_CLOSE
		is_free = true;
		first == 3;
		generation = before + 1
#else
		generation = before + 1;
		is_free = true
#endif
#endif
	:: /* transmitted and refused: closed, and opened again as it was */
		generation = before + 1;
		generation = before;
		/* and released later */
		generation = before + 1;
		is_free = true
	:: /* kept */
		skip
	fi
}

/* Who has a reference of generation 1 and no lease. */
proctype reader()
{
	byte got_first;
	byte got_second;

	if
	:: generation != 1 -> goto gone
	:: else
	fi;
#ifdef EARLY_CONFIRM
	if
	:: generation != 1 -> goto gone
	:: else
	fi;
#endif
	got_first = first;
	got_second = second;
#if !defined(NO_CONFIRM) && !defined(EARLY_CONFIRM)
	if
	:: generation != 1 -> goto gone
	:: else
	fi;
#endif
	assert(got_first == 1 && got_second == 1);
	is_confirmed = true;
	goto end;
gone:
	is_thrown_away = true;
end:
	skip
}

init
{
	atomic {
		run owner();
		run tenant();
		run reader()
	}
}

/* Neither outcome is left out: shown by these two never holding. */
ltl never_confirmed { [] !is_confirmed }
ltl never_thrown_away { [] !is_thrown_away }
