/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The venues of the library, for programs that link it statically.
 *
 * A venue registers itself before main(), if the linker takes it out of the archive at all:
 * pkg-config's line asks for each of these by name.
 */

#ifndef FP_VENUES_H
#define FP_VENUES_H

#include "fp_channel.h"

#ifdef __cplusplus
extern "C" {
#endif

/** FIX 4.0 to 5.0: market data and orders as tag=value messages. */
extern struct fp_venue fp_venue_fix;

/** IEX: DEEP 1.0 and TOPS 1.6 over IEX-TP. */
extern struct fp_venue fp_venue_iex;

/** Nasdaq TotalView-ITCH 5.0 over MoldUDP64. */
extern struct fp_venue fp_venue_itch50;

/** The engine's own wire, so that engines can be chained. */
extern struct fp_venue fp_venue_native;

#ifdef __cplusplus
}
#endif

#endif /* FP_VENUES_H */
