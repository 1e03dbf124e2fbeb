/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Who ends a shared buffer: lcores that share, release and transmit leases of one buffer in any
 * order. All leases hold one mbuf reference together (references), slot.shares counts the leases
 * beyond the first. A share reads shares and then writes 1 when it was 0; a release reads it and
 * then ends the buffer when it was 0. Between the read and the write anything may happen.
 *
 * Shown: the generation never moves on while a lease is out, exactly one lease of a tenancy ends
 * the buffer, the mempool gets it when nobody has it any more, and all is accounted for.
 *
 * Variants that must fail:
 *
 *   -DPLAIN_LEAVE   a releaser subtracts in two steps instead of atomically
 *   -DPLAIN_SHARE   a share of a shared buffer adds in two steps
 *   -DPLAIN_HOLD    the driver's reference is added in two steps, as DPDK does with a count of 1
 *   -DFREE_FIRST    the last one frees before it moves the generation on
 *   -DNO_REFERENCE  the driver gets no reference of its own
 */

#define LCORES 3
#ifndef STEPS
#define STEPS 2 /* shares, transmissions, passings and rents of each; releases are free */
#endif

short shares = 0;
byte references = 1;
byte generation = 1;
byte leases = 1;   /* that exist, as nobody but this model knows */
byte ended = 0;    /* times that a last lease ended */
byte granted = 1;  /* times that it was granted */
byte drivers = 0;  /* references that drivers have */
bool is_free = false;
chan passed = [LCORES] of { byte }; /* leases on their way to another lcore */

/* One reference less; the last one brings the buffer to the mempool. */
inline give_back()
{
	atomic {
		assert(references > 0);
		references--;
		if
		:: references == 0 ->
			assert(leases == 0 && drivers == 0);
			assert(generation % 2 == 0);
			assert(!is_free);
			is_free = true
		:: else
		fi
	}
}

/* The last lease ends: close, then free the common reference. */
inline end_buffer()
{
#ifdef FREE_FIRST
	ended++;
	give_back();
	generation = generation + 1;
#else
	atomic {
		assert(leases == 0);
		ended++;
		generation = generation + 1
	}
	give_back();
#endif
}

/* One lease less of this lcore. */
inline release()
{
	assert(generation % 2 == 1);
	seen = shares;
	if
	:: seen == 0 ->
		leases--;
		mine--;
		end_buffer()
	:: else ->
#ifdef PLAIN_LEAVE
		leases--;
		mine--;
		seen = shares;
		seen = seen - 1;
		shares = seen;
#else
		atomic {
			leases--;
			mine--;
			shares = shares - 1;
			seen = shares
		}
#endif
		if
		:: seen < 0 ->
			shares = 0;
			end_buffer()
		:: else
		fi
	fi
}

/* One lease more. */
inline share()
{
	assert(generation % 2 == 1);
	seen = shares;
	if
	:: seen == 0 ->
		shares = 1
	:: else ->
#ifdef PLAIN_SHARE
		seen = shares;
		shares = seen + 1
#else
		shares = shares + 1
#endif
	fi;
	atomic {
		leases++;
		mine++
	}
}

/* A lease is offered to a driver, which takes or refuses it. */
inline transmit()
{
	assert(generation % 2 == 1);
	seen = shares;
	if
	:: seen == 0 ->
		/* alone: closed before the driver has the common reference */
		if
		:: /* taken */
			atomic {
				leases--;
				mine--;
				assert(leases == 0);
				ended++;
				generation = generation + 1
			};
			give_back()
		:: /* refused */
			generation = generation + 1;
			generation = generation - 1
		fi
	:: else ->
#ifdef NO_REFERENCE
		skip;
#else
#ifdef PLAIN_HOLD
		held = references;
		references = held + 1;
#else
		references++;
#endif
#endif
		if
		:: /* taken: the driver is done with it whenever it likes */
			atomic {
				drivers++
			};
			atomic {
				drivers--
			};
			give_back();
			atomic {
				leases--;
				mine--;
				shares = shares - 1;
				seen = shares
			};
			if
			:: seen < 0 ->
				shares = 0;
				end_buffer()
			:: else
			fi
		:: /* refused */
			give_back()
		fi
	fi
}

proctype lcore(byte mine)
{
	short seen;
	byte held;
	byte steps = 0;

	do
	:: steps < STEPS && mine > 0 && leases < 4 -> steps++; share()
	:: mine > 0 -> release()
	:: steps < STEPS && mine > 0 -> steps++; transmit()
	:: steps < STEPS && mine > 0 && nfull(passed) -> steps++; mine--; passed!1
	:: nempty(passed) -> passed?1; mine++
	:: atomic {
			/* The mempool grants it anew. */
			steps < STEPS && is_free && granted < 2 ->
			assert(references == 0 && shares == 0 && generation % 2 == 0);
			is_free = false;
			references = 1;
			steps++
		};
		atomic {
			generation = generation + 1;
			granted++;
			leases++;
			mine++
		}
	:: mine == 0 && empty(passed) && (steps == STEPS || leases == 0) -> break
	od
}

init
{
	byte i = 0;

	atomic {
		run lcore(1);
		do
		:: i < LCORES - 1 -> run lcore(0); i++
		:: else -> break
		od
	};
	_nr_pr == 1;
	/* Whoever was still under way came to nobody: not lost, but not ours to end here. */
	if
	:: leases == 0 && empty(passed) ->
		assert(ended == granted && is_free && references == 0 && shares == 0);
		assert(generation % 2 == 0)
	:: else
	fi
}
