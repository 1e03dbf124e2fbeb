/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The error channel: functions return 0 or one negative errno of this closed set.
 *
 *   -EINVAL     an argument is outside its documented range
 *   -ENOMEM     the arena, the memzone space or the heap (at start-up) has no room
 *   -ENOENT     there is nothing of that name
 *   -EEXIST     the name is taken
 *   -ENOBUFS    the pool has no free buffer
 *   -ENODATA    fewer bytes remain than were asked for
 *   -ERANGE     an index or length is out of bounds
 *   -EBADMSG    the bytes do not form what they claim to be
 *   -ESTALE     the generation has moved on: what is referred to is gone
 *   -EOVERFLOW  a counter would pass its ceiling
 *   -EBUSY      the object is still in use
 *   -ENOTSUP    this build, driver or device cannot do it
 *   -EIO        the operating system refused; a message with the reason was given
 *
 * Errors of the caller (double release, writer overrun) are no errnos: they end in fp_panic().
 * Errors of the wire are counted by reason: see fp_fault.h.
 */

#ifndef FP_ERROR_H
#define FP_ERROR_H

#include <errno.h>

#include "fp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Give an error of the set in words.
 *
 * @param[in] error  0 or a negative errno.
 * @return Constant text, never NULL; "unknown error" for a value outside the set.
 * @threads Any.
 */
const char *fp_error_text(int error);

#ifdef __cplusplus
}
#endif

#endif /* FP_ERROR_H */
